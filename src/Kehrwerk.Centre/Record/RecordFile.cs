using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Streets;
using Kehrwerk.Web;

namespace Kehrwerk.Centre.Record;

/// <summary>The record as a file for others.</summary>
public enum RecordFormat
{
    /// <summary>For spreadsheets: with a first row of names, by RFC 4180, UTF-8. A text that a spreadsheet would take for a formula has an apostrophe in front.</summary>
    Csv,

    /// <summary>One JSON object a line, exactly as stored: hashes can be computed anew from it.</summary>
    Jsonl,
}

/// <summary>An entry as a line of JSON. <c>At</c> is UTC with 7 digits of the second.</summary>
public sealed record RecordLine(long Sequence, string At, string Kind, string Who, string Vehicle, string Text, string Hash);

/// <summary>Writes the record to files, and reads from them what is known of it.</summary>
public static class RecordFile
{
    private const int MaxLineLength = 100_000;

    public static async Task Write(TextWriter writer, RecordFormat format, IEnumerable<RecordEntry> entries)
    {
        if (format == RecordFormat.Csv)
        {
            await writer.WriteAsync("sequence,at,kind,who,vehicle,text,hash\r\n");
        }

        foreach (var entry in entries)
        {
            var at = Time(entry.At);
            var hash = Convert.ToHexStringLower(entry.Hash);
            await writer.WriteAsync(format == RecordFormat.Csv
                ? Csv.Row(entry.Sequence.ToString(CultureInfo.InvariantCulture), at, entry.Kind, entry.Who, entry.Vehicle, entry.Text, hash)
                : JsonSerializer.Serialize(new(entry.Sequence, at, entry.Kind, entry.Who, entry.Vehicle, entry.Text, hash), RecordJson.Readable.RecordLine) + "\n");
        }
    }

    /// <summary>UTC with 7 digits of the second, as much as is stored.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>A head as a line that <see cref="ReadKnown"/> reads.</summary>
    public static string LineOf(RecordHead head) => JsonSerializer.Serialize(head, RecordJson.Readable.RecordHead);

    /// <summary>What a file says of the record: heads, or an export as JSON lines. Only number and hash of each line are looked at.</summary>
    /// <exception cref="InputException">A line does not hold them.</exception>
    public static ImmutableArray<RecordHead> ReadKnown(string file)
    {
        var heads = ImmutableArray.CreateBuilder<RecordHead>();
        try
        {
            foreach (var (index, line) in File.ReadLines(file).Index().Where(line => line.Item.Length > 0))
            {
                var head = Read(line);
                heads.Add(head is { Sequence: > 0, Hash.Length: 64 } && head.Hash.All(char.IsAsciiHexDigitLower)
                    ? head
                    : throw new InputException($"{file}, line {index + 1}", "it holds no number and hash of an entry", "Give a file of heads, or an export of the record as JSON lines"));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, "it cannot be read: " + e.Message.TrimEnd('.'), "Name a file that exists and that this user may read", e);
        }

        return heads.Count > 0 ? heads.ToImmutable() : throw new InputException(file, "it is empty", "Give a file of heads, or an export of the record as JSON lines");
    }

    private static RecordHead? Read(string line)
    {
        try
        {
            return line.Length > MaxLineLength ? null : JsonSerializer.Deserialize(line, RecordJson.Readable.RecordHead) is { Hash: not null } head ? head : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecordLine))]
[JsonSerializable(typeof(RecordHead))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>Umlauts stay umlauts: the files are no part of a page.</summary>
    public static RecordJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
