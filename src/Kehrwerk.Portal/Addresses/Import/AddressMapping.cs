using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses.Import;

/// <summary>In which reference system a list gives coordinates.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CoordinateKind>))]
public enum CoordinateKind
{
    /// <summary>Degrees; x is the longitude.</summary>
    Degrees,

    /// <summary>Metres in ETRS89 / UTM zone 32N (EPSG:25832), with the zone before the easting (EPSG:4647) or without.</summary>
    Utm32,

    /// <summary>The same in zone 33 (EPSG:25833, EPSG:5650).</summary>
    Utm33,
}

/// <summary>Which column, or property of a GeoJSON feature, holds what.</summary>
public sealed record AddressFields
{
    public required string Street { get; init; }

    /// <summary>The list's own key of the street, which tells two streets of one name apart.</summary>
    public string? StreetKey { get; init; }

    public required string HouseNumber { get; init; }

    /// <summary>Suffix of the house number, where it has a column of its own.</summary>
    public string? Suffix { get; init; }

    public string? Postcode { get; init; }
    public string? Place { get; init; }
    public string? District { get; init; }

    /// <summary>Easting or longitude; a GeoJSON has its geometry instead.</summary>
    public string? X { get; init; }

    /// <summary>Northing or latitude.</summary>
    public string? Y { get; init; }

    internal IEnumerable<string> All() => new[] { Street, StreetKey, HouseNumber, Suffix, Postcode, Place, District, X, Y }.OfType<string>();
}

/// <summary>How an official list of addresses is read; a small JSON file (docs/reference/address-search.md).</summary>
public sealed record AddressMapping
{
    // What is optional has a setter: the generated reader would put null over the default of an init property.
    private const int MaxBytes = 1 << 20;

    /// <summary>Whose list it is, to be named where it is used.</summary>
    public string Source { get; set; } = "";

    /// <summary>The town where a row says none.</summary>
    public string Place { get; set; } = "";

    /// <summary>What stands between the fields of a CSV.</summary>
    public string Delimiter { get; set; } = ";";

    /// <summary><c>utf-8</c>, <c>windows-1252</c> or <c>iso-8859-1</c>.</summary>
    public string Encoding { get; set; } = "utf-8";

    /// <summary>The names of the columns where the file has no header line; else none.</summary>
    public string[] Header { get; set; } = [];

    public CoordinateKind Coordinates { get; set; } = CoordinateKind.Degrees;

    public required AddressFields Fields { get; init; }

    /// <summary>Rows are read only where each of these columns holds this.</summary>
    public Dictionary<string, string> Only { get; set; } = [];

    /// <summary>Rows are left out where one of these columns holds this.</summary>
    public Dictionary<string, string> Except { get; set; } = [];

    /// <exception cref="InputException">There is no such file, or it is no such mapping; the message says where and what to do.</exception>
    public static AddressMapping Load(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? Parse(path, File.ReadAllBytes(path))
                : throw new InputException(path, "The file is larger than 1 MiB", "Give the JSON that says which column holds what");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }

    /// <inheritdoc cref="Load"/>
    public static AddressMapping Parse(string path, ReadOnlySpan<byte> json)
    {
        AddressMapping? mapping;
        try
        {
            mapping = JsonSerializer.Deserialize(json, MappingJson.Default.AddressMapping);
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}, line {e.LineNumber + 1}", $"This is no mapping of an address list: {e.Message.TrimEnd('.')}", "See docs/reference/address-search.md for its fields", e);
        }

        return mapping switch
        {
            null => throw new InputException(path, "The file holds null", "See docs/reference/address-search.md for its fields"),
            { Delimiter.Length: not 1 } => throw new InputException($"{path}, delimiter", $"'{mapping.Delimiter}' is not one character", "Give ; or , or a tab"),
            _ when TextEncoding(mapping.Encoding) is null => throw new InputException($"{path}, encoding", $"'{mapping.Encoding}' is not known", "Give utf-8, windows-1252 or iso-8859-1"),
            _ => mapping,
        };
    }

    internal static System.Text.Encoding? TextEncoding(string name) => name.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => new System.Text.UTF8Encoding(false),
        "windows-1252" or "cp1252" => System.Text.CodePagesEncodingProvider.Instance.GetEncoding(1252),
        "iso-8859-1" or "latin1" => System.Text.Encoding.Latin1,
        _ => null,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(AddressMapping))]
internal sealed partial class MappingJson : JsonSerializerContext;
