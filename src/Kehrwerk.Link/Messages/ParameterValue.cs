using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Messages;

/// <summary>
/// The value of an action parameter: text, number, truth value, or any other JSON (VDA 5050 3.0.0, 7.3.1). Compares by value;
/// arrays and objects by their text. The default value is the empty text.
/// </summary>
[JsonConverter(typeof(ParameterValueConverter))]
public readonly record struct ParameterValue
{
    private readonly string? text;
    private readonly double number;

    private ParameterValue(JsonValueKind kind, string? text, double number) => (Kind, this.text, this.number) = (kind, text, number);

    private JsonValueKind Kind { get; }

    public string? AsText => Kind is JsonValueKind.String or JsonValueKind.Undefined ? text ?? "" : null;

    public double? AsNumber => Kind == JsonValueKind.Number ? number : null;

    public bool? AsBool => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The JSON text of an array or object.</summary>
    public string? AsJson => Kind is JsonValueKind.Array or JsonValueKind.Object ? text : null;

    public static implicit operator ParameterValue(string text) => FromText(text);

    public static implicit operator ParameterValue(double number) => FromNumber(number);

    public static implicit operator ParameterValue(bool truth) => FromBool(truth);

    public static ParameterValue FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(JsonValueKind.String, text, 0);
    }

    /// <exception cref="ArgumentOutOfRangeException">NaN and infinity cannot be sent.</exception>
    public static ParameterValue FromNumber(double number) => double.IsFinite(number)
        ? new(JsonValueKind.Number, null, number)
        : throw new ArgumentOutOfRangeException(nameof(number), number, "A parameter must be a finite number.");

    public static ParameterValue FromBool(bool truth) => new(truth ? JsonValueKind.True : JsonValueKind.False, null, 0);

    internal static ParameterValue FromJson(JsonElement element) => new(element.ValueKind, element.GetRawText(), 0);

    public override string ToString() => Kind switch
    {
        JsonValueKind.Number => number.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => text ?? "",
    };
}

internal sealed class ParameterValueConverter : JsonConverter<ParameterValue>
{
    public override bool HandleNull => true;

    public override ParameterValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString()!;
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number):
                return number;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                using (var document = JsonDocument.ParseValue(ref reader))
                {
                    return ParameterValue.FromJson(document.RootElement);
                }

            default:
                throw new JsonException("expected text, a finite number, true, false, an array or an object");
        }
    }

    public override void Write(Utf8JsonWriter writer, ParameterValue value, JsonSerializerOptions options)
    {
        if (value.AsJson is { } json)
        {
            writer.WriteRawValue(json);
        }
        else if (value.AsNumber is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else if (value.AsBool is { } truth)
        {
            writer.WriteBooleanValue(truth);
        }
        else
        {
            writer.WriteStringValue(value.AsText);
        }
    }
}
