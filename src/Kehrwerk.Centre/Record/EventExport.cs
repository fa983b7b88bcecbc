using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Record;

/// <summary>What of a vehicle's event store is wanted (StVG § 1g).</summary>
/// <param name="Vehicle">As in its topics: manufacturer/serial.</param>
/// <param name="From">Events from then on; null: from the first.</param>
/// <param name="To">Events before then; null: to the last.</param>
/// <param name="Occasions">Events with one of these occasions.</param>
/// <param name="Reason">Who asked for it, and under which reference.</param>
/// <param name="By">Handle of the person who exports.</param>
public sealed record EventWish(string Vehicle, DateTimeOffset? From, DateTimeOffset? To, ImmutableArray<Occasion> Occasions, string Reason, string By);

/// <summary>
/// Writes what a vehicle's event recorder kept as one ZIP file for the authority: the data D1 to D13 as tables with the units of AFGBV Anlage 2, and each event byte for
/// byte as the vehicle stored it. Of an event that came incomplete and then whole the tables show the whole one.
/// </summary>
public static class EventExport
{
    /// <summary>Writes the file.</summary>
    /// <returns>How many events it holds.</returns>
    public static int Write(Stream zip, RecordReader reader, EventWish wish, DateTimeOffset now)
    {
        // What comes in meanwhile is not in this file: else its tables would not fit each other.
        var shown = Choose(reader, wish);
        using var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true);
        var files = ImmutableArray.CreateBuilder<ExportedFile>();
        foreach (var table in EventTable.All)
        {
            Add(table.File, writer =>
            {
                writer.Write(table.Header);
                foreach (var (stored, content) in Read(reader, wish, shown, onlyShown: true))
                {
                    table.Write(writer, stored, content);
                }
            });
        }

        Add("LIESMICH.txt", writer => writer.Write(EventTable.Explanation));
        foreach (var (stored, content) in Read(reader, wish, shown, onlyShown: false))
        {
            Add($"events/{stored.EventId}{(content.Complete ? "" : ".incomplete")}.json", writer => writer.Write(stored.Content));
        }

        var manifest = new ExportManifest(
            wish.Vehicle, wish.From, wish.To, [.. wish.Occasions.Select(occasion => occasion.ToString())], wish.Reason, wish.By, now, shown.Count, reader.Head(), files.ToImmutable());
        Add("manifest.json", writer => writer.Write(JsonSerializer.Serialize(manifest, ExportJson.Readable.ExportManifest)));
        return shown.Count;

        void Add(string name, Action<TextWriter> write)
        {
            var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = now;
            using var sha = SHA256.Create();
            using (var hashed = new CryptoStream(entry.Open(), sha, CryptoStreamMode.Write))
            using (var writer = new StreamWriter(hashed, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                write(writer);
            }

            files.Add(new(name, Convert.ToHexStringLower(sha.Hash!)));
        }
    }

    /// <summary>For each event that is wanted the hash of the one that the tables show.</summary>
    private static Dictionary<string, (string Shown, ImmutableHashSet<string> All)> Choose(RecordReader reader, EventWish wish)
    {
        var chosen = new Dictionary<string, (string Shown, ImmutableHashSet<string> All)>(StringComparer.Ordinal);
        foreach (var stored in reader.Events(wish.Vehicle, wish.From, wish.To))
        {
            // The shorter, incomplete one comes first.
            if (Content(stored).Occasions.Any(one => wish.Occasions.Contains(one.Occasion)))
            {
                var all = chosen.TryGetValue(stored.EventId, out var before) ? before.All : [];
                chosen[stored.EventId] = (before.Shown is not null && !Content(stored).Complete ? before.Shown : stored.Sha256, all.Add(stored.Sha256));
            }
        }

        return chosen;
    }

    private static IEnumerable<(StoredEvent Stored, VehicleEvent Content)> Read(
        RecordReader reader, EventWish wish, Dictionary<string, (string Shown, ImmutableHashSet<string> All)> chosen, bool onlyShown) =>
        reader.Events(wish.Vehicle, wish.From, wish.To)
            .Where(stored => chosen.TryGetValue(stored.EventId, out var one) && (onlyShown ? one.Shown == stored.Sha256 : one.All.Contains(stored.Sha256)))
            .Select(stored => (stored, Content(stored)));

    private static VehicleEvent Content(StoredEvent stored)
    {
        // It was read before it was stored, so it can be read again.
        var (content, fault) = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(stored.Content));
        return content ?? throw new InvalidDataException($"event {stored.EventId} of {stored.Vehicle} cannot be read any more: {fault}");
    }
}

/// <summary>What the file holds and how it came about.</summary>
/// <param name="RecordHead">How far the record went: names the state of the Centre that this is from.</param>
public sealed record ExportManifest(
    string Vehicle,
    DateTimeOffset? From,
    DateTimeOffset? To,
    ImmutableArray<string> Occasions,
    string Reason,
    string ExportedBy,
    DateTimeOffset ExportedAt,
    int Events,
    RecordHead? RecordHead,
    ImmutableArray<ExportedFile> Files);

/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record ExportedFile(string Name, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExportManifest))]
internal sealed partial class ExportJson : JsonSerializerContext
{
    public static ExportJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
