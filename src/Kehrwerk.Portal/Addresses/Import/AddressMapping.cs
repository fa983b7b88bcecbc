using System.Text.Json;
using System.Text.Json.Serialization;
using Kehrwerk.Portal.Tables;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses.Import;

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
public sealed record AddressMapping : TableFormat
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Whose list it is, to be named where it is used.</summary>
    public string Source { get; set; } = "";

    /// <summary>The town where a row says none.</summary>
    public string Place { get; set; } = "";

    public required AddressFields Fields { get; init; }

    internal override IEnumerable<string> Columns => Fields.All();

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

        if (mapping is null)
        {
            throw new InputException(path, "The file holds null", "See docs/reference/address-search.md for its fields");
        }

        mapping.Check(path);
        return mapping;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(AddressMapping))]
internal sealed partial class MappingJson : JsonSerializerContext;
