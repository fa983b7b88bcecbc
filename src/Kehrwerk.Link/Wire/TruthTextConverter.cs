using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Wire;

/// <summary>A truth value that the schema of the factsheet writes as text: "true" or "false".</summary>
internal sealed class TruthTextConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when reader.ValueTextEquals("true"u8) => true,
        JsonTokenType.String when reader.ValueTextEquals("false"u8) => false,
        _ => throw new JsonException("expected \"true\" or \"false\""),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value ? "true"u8 : "false"u8);
}
