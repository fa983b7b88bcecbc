using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Wire;

/// <summary>
/// ISO 8601 in UTC with milliseconds, <c>2026-03-01T04:05:06.789Z</c> (VDA 5050 3.0.0, 7.2). Further digits are cut off when writing.
/// Reading takes other precisions and offsets, but refuses a time without an offset, since it would mean local time of whoever reads.
/// </summary>
internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("expected a time such as \"2026-03-01T04:05:06.789Z\"");
        }

        if (!reader.TryGetDateTimeOffset(out var time) || !HasOffset(reader.ValueSpan))
        {
            throw new JsonException(
                $"'{Excerpt.Of(reader.GetString())}' is not a time in UTC such as \"2026-03-01T04:05:06.789Z\"");
        }

        return time.ToUniversalTime();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[24];
        value.UtcDateTime.TryFormat(text, out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }

    /// <summary>After the date (10 characters) and the T there is a Z, a plus or a minus only as part of the offset.</summary>
    private static bool HasOffset(ReadOnlySpan<byte> text) => text.Length > 11 && text[11..].IndexOfAny("Zz+-"u8) >= 0;
}
