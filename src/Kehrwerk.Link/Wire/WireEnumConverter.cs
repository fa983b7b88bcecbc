using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Wire;

/// <summary>
/// Writes an enum as VDA 5050 does (7.1.3): upper case, words joined by an underscore; <c>TeachIn</c> is <c>TEACH_IN</c>.
/// Reads exactly that: keywords are case sensitive (7.1), numbers are refused.
/// </summary>
internal sealed class WireEnumConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly TEnum[] Values = Enum.GetValues<TEnum>();

    private static readonly JsonEncodedText[] Names =
        [.. Values.Select(value => JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString())))];

    private static string Feasible => string.Join(", ", Names.Select(name => name.Value));

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"expected one of {Feasible}");
        }

        for (var i = 0; i < Names.Length; i++)
        {
            if (reader.ValueTextEquals(Names[i].EncodedUtf8Bytes))
            {
                return Values[i];
            }
        }

        throw new JsonException($"'{Excerpt.Of(reader.GetString())}' is not one of {Feasible}");
    }

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options)
    {
        var index = Array.IndexOf(Values, value);
        if (index < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"Not a value of {typeof(TEnum).Name}.");
        }

        writer.WriteStringValue(Names[index]);
    }
}
