using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Kehrwerk.Portal.Tables;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Routes;

/// <summary>A network of routes that is kept.</summary>
public sealed record KeptNetwork(string Id, string Name, int Nodes, int Spans);

/// <summary>What became of an import.</summary>
/// <param name="Problems">Why nothing was taken, each error with its place; empty where all was.</param>
public sealed record RouteImport(ImmutableArray<KeptNetwork> Networks, ImmutableArray<ImportProblem> Problems);

/// <summary>
/// Routes of ducts and fibre in the Open Fibre Data Standard 0.3: a file for each network in a folder that only its owner may read. They are critical infrastructure:
/// the Portal's pages and interfaces have no way to them.
/// </summary>
public sealed class RouteFolder(string path)
{
    private const int MaxBytes = 64 << 20;
    private const int MaxDepth = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>
    /// Takes a package over, or a pair of GeoJSON files of nodes and spans: all networks in it, each in the place of the one with its id, or none and the errors.
    /// </summary>
    /// <exception cref="InputException">A file cannot be read, or is no JSON.</exception>
    public RouteImport Import(IReadOnlyList<string> files)
    {
        var documents = files.Select(Read).ToList();
        var package = documents is [var one] && one["type"] is null ? one : OfdsGeoJson.Import(documents);
        var checks = new OfdsChecks(string.Join(", ", files));
        checks.Check(JsonSerializer.SerializeToElement(package));
        if (checks.Problems.Length > 0)
        {
            return new([], checks.Problems);
        }

        var networks = package["networks"]!.AsArray().Select(n => n!.AsObject()).ToList();
        if (networks.GroupBy(IdOf).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return new([], [new(files[0], 0, "/networks", twice.Key, "Two networks have this id; give each its own")]);
        }

        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.UserExecute);
        }

        // All are written before the first takes its place.
        foreach (var network in networks)
        {
            Write(FileOf(IdOf(network)) + ".incoming", network);
        }

        foreach (var network in networks)
        {
            File.Move(FileOf(IdOf(network)) + ".incoming", FileOf(IdOf(network)), overwrite: true);
        }

        return new([.. networks.Select(Kept)], []);
    }

    /// <summary>The networks that are kept, by name.</summary>
    public ImmutableArray<KeptNetwork> Networks() =>
        [.. (Directory.Exists(path) ? Directory.GetFiles(path, "*.json") : []).Select(file => Kept(Read(file))).OrderBy(n => n.Name, StringComparer.Ordinal).ThenBy(n => n.Id, StringComparer.Ordinal)];

    /// <summary>A network as a package in the standard's JSON; null where none has this id.</summary>
    public string? Package(Guid id) => Find(id) is { } network ? new JsonObject { ["networks"] = new JsonArray(network) }.ToJsonString(Written) : null;

    /// <summary>Its nodes or its spans as GeoJSON; null where none has this id.</summary>
    /// <param name="list"><c>nodes</c> or <c>spans</c>.</param>
    public string? GeoJson(Guid id, string list) => Find(id) is { } network ? OfdsGeoJson.Export(network, list).ToJsonString(Written) : null;

    private JsonObject? Find(Guid id) => File.Exists(FileOf($"{id:D}")) ? Read(FileOf($"{id:D}")) : null;

    // An id is a UUID, checked before, so it can be no path.
    private string FileOf(string id) => Path.Combine(path, $"{Guid.ParseExact(id, "D"):D}.json");

    private static string IdOf(JsonObject network) => $"{network["id"]}";

    private static KeptNetwork Kept(JsonObject network) =>
        new(IdOf(network), $"{network["name"]}", (network["nodes"] as JsonArray)?.Count ?? 0, (network["spans"] as JsonArray)?.Count ?? 0);

    private static void Write(string file, JsonObject network)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var stream = new FileStream(file, options);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(network, Written));
        stream.Flush(flushToDisk: true);
    }

    private static JsonObject Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
            {
                throw new InputException(file, "The file is larger than 64 MiB", "Give one network a file");
            }

            var options = new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
            return JsonNode.Parse(File.ReadAllBytes(file), documentOptions: options) as JsonObject
                ?? throw new InputException(file, "The file holds no JSON object", "Give a package of networks of the Open Fibre Data Standard, or its nodes and spans as GeoJSON");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}, line {e.LineNumber + 1}", $"This is no JSON: {e.Message.TrimEnd('.')}", "Check whether the file is whole", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"The file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }
}
