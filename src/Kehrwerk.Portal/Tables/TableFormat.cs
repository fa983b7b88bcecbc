using System.Text.Json.Serialization;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Tables;

/// <summary>In which reference system a table gives coordinates.</summary>
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

/// <summary>How a table is written that comes as CSV or GeoJSON; which column holds what, its kinds say.</summary>
public abstract record TableFormat
{
    // What is optional has a setter: the generated reader would put null over the default of an init property.

    /// <summary>What stands between the fields of a CSV.</summary>
    public string Delimiter { get; set; } = ";";

    /// <summary><c>utf-8</c>, <c>windows-1252</c> or <c>iso-8859-1</c>.</summary>
    public string Encoding { get; set; } = "utf-8";

    /// <summary>The names of the columns where the file has no header line; else none.</summary>
    public string[] Header { get; set; } = [];

    public CoordinateKind Coordinates { get; set; } = CoordinateKind.Degrees;

    /// <summary>Rows are read only where each of these columns holds this.</summary>
    public Dictionary<string, string> Only { get; set; } = [];

    /// <summary>Rows are left out where one of these columns holds this.</summary>
    public Dictionary<string, string> Except { get; set; } = [];

    /// <summary>The columns, or properties of a feature, that rows are read from.</summary>
    internal abstract IEnumerable<string> Columns { get; }

    /// <exception cref="InputException">Delimiter or encoding is none.</exception>
    internal void Check(string path)
    {
        if (Delimiter.Length != 1)
        {
            throw new InputException($"{path}, delimiter", $"'{Delimiter}' is not one character", "Give ; or , or a tab");
        }

        if (TextEncoding is null)
        {
            throw new InputException($"{path}, encoding", $"'{Encoding}' is not known", "Give utf-8, windows-1252 or iso-8859-1");
        }
    }

    internal System.Text.Encoding? TextEncoding => Encoding.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => new System.Text.UTF8Encoding(false),
        "windows-1252" or "cp1252" => System.Text.CodePagesEncodingProvider.Instance.GetEncoding(1252),
        "iso-8859-1" or "latin1" => System.Text.Encoding.Latin1,
        _ => null,
    };
}
