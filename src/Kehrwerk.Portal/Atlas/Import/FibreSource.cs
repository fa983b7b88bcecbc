using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Portal.Tables;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Atlas.Import;

/// <summary>What the rows of a source are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FibreSourceKind>))]
public enum FibreSourceKind
{
    /// <summary>Statements, one row for an address and project.</summary>
    Addresses,

    /// <summary>Projects, one row each, with their area where it is a GeoJSON.</summary>
    Projects,
}

/// <summary>How the rows of a source are read: which column holds which field, what is the same in every row, and what its words mean.</summary>
public sealed record FibreMapping : TableFormat
{
    internal static readonly string[] AddressFields =
        ["street", "houseNumber", "suffix", "postcode", "project", "provider", "stage", "technology", "services", "funding", "cost", "expected", "reason", "asOf"];

    internal static readonly string[] ProjectFields = ["id", "name", "provider", "funding", "stage", "programme", "contact", "expected", "reason", "asOf"];

    /// <summary>Our field → the source's column or property.</summary>
    public Dictionary<string, string> Fields { get; set; } = [];

    /// <summary>Our field → what holds for every row that says nothing itself.</summary>
    public Dictionary<string, string> Fixed { get; set; } = [];

    /// <summary>Our field → the source's word → ours. A word that stands nowhere is taken as it is.</summary>
    public Dictionary<string, Dictionary<string, string>> Values { get; set; } = [];

    internal override IEnumerable<string> Columns => Fields.Values;
}

/// <summary>Where statements come from: a file, or the newest file of a folder.</summary>
public sealed record FibreSource
{
    /// <summary>Short name in letters, digits and hyphens; stays the same from day to day.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Publisher { get; init; }

    /// <summary>Under which licence it may be used, such as <c>dl-de/by-2-0</c>.</summary>
    public string Licence { get; set; } = "";

    public FibreSourceKind Kind { get; set; } = FibreSourceKind.Addresses;

    /// <summary>File, or folder whose newest file is read; from the folder of the file that names it.</summary>
    public required string Path { get; init; }

    /// <summary>When it is read every day, Centre's local time, such as <c>04:30</c>.</summary>
    public TimeOnly At { get; set; } = new(4, 30);

    /// <summary>A source that loses more than this share of its rows in a day is refused, 0–1.</summary>
    public double MaxShrink { get; set; } = 0.2;

    /// <summary>A source more of whose rows than this share name no known address is refused, 0–1.</summary>
    public double MaxUnmatched { get; set; } = 0.2;

    public required FibreMapping Mapping { get; init; }
}

/// <summary>The sources of an atlas, a JSON file (docs/reference/fibre-atlas.md).</summary>
public sealed record FibreSources
{
    private const int MaxBytes = 1 << 20;

    public FibreSource[] Sources { get; set; } = [];

    /// <exception cref="InputException">The file is missing or is no such list; the message says where and what to do.</exception>
    public static FibreSources Load(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? Parse(path, File.ReadAllBytes(path))
                : throw new InputException(path, "The file is larger than 1 MiB", "Give the JSON that lists the sources");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }

    /// <inheritdoc cref="Load"/>
    public static FibreSources Parse(string path, ReadOnlySpan<byte> json)
    {
        FibreSources? sources;
        try
        {
            sources = JsonSerializer.Deserialize(json, FibreJson.Default.FibreSources);
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}, line {e.LineNumber + 1}", $"This is no list of sources: {e.Message.TrimEnd('.')}", "See docs/reference/fibre-atlas.md for its fields", e);
        }

        if (sources is null)
        {
            throw new InputException(path, "The file holds null", "See docs/reference/fibre-atlas.md for its fields");
        }

        foreach (var source in sources.Sources)
        {
            Check(path, source);
        }

        if (sources.Sources.GroupBy(s => s.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InputException($"{path}, {twice.Key}", "Two sources have this id", "Give each its own");
        }

        return sources;
    }

    private static void Check(string path, FibreSource source)
    {
        var where = $"{path}, source '{source.Id}'";
        if (source.Id.Length is 0 or > 40 || !source.Id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new InputException(where, "An id has 1–40 letters, digits and hyphens", "Give it a short one, which stays the same from day to day");
        }

        if (source.MaxShrink is not (>= 0 and <= 1) || source.MaxUnmatched is not (>= 0 and <= 1))
        {
            throw new InputException(where, "maxShrink and maxUnmatched are shares from 0 to 1", "Give 0.2 for a fifth");
        }

        source.Mapping.Check(where);
        var known = source.Kind == FibreSourceKind.Addresses ? FibreMapping.AddressFields : FibreMapping.ProjectFields;
        foreach (var field in source.Mapping.Fields.Keys.Concat(source.Mapping.Fixed.Keys).Concat(source.Mapping.Values.Keys))
        {
            if (!known.Contains(field))
            {
                throw new InputException($"{where}, mapping", $"'{field}' is no field of {source.Kind.ToString().ToLowerInvariant()}", $"Give one of {string.Join(", ", known)}");
            }
        }

        string[] needed = source.Kind == FibreSourceKind.Addresses ? ["street", "houseNumber", "stage"] : ["id", "name", "stage"];
        foreach (var field in needed)
        {
            if (!source.Mapping.Fields.ContainsKey(field) && !(field == "stage" && source.Mapping.Fixed.ContainsKey(field)))
            {
                throw new InputException($"{where}, mapping", $"No column is given for '{field}'", "Name it under 'fields'");
            }
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(FibreSources))]
internal sealed partial class FibreJson : JsonSerializerContext;
