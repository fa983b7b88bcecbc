using System.Globalization;
using System.Text;
using Kehrwerk.Streets.Import;

namespace Kehrwerk.Streets.Tests.Import;

/// <summary>
/// A small OSM file in memory. Nodes are placed in metres east and north of 51.4° N, 6.7° E.
/// Tags are written as <c>highway=residential; name=Am Markt</c>, members as <c>way 10 from</c>.
/// </summary>
internal sealed class OsmText
{
    public const double OriginLat = 51.4;
    public const double OriginLon = 6.7;
    private static readonly double MetresPerLon = 111_535 * Math.Cos(OriginLat * Math.PI / 180);

    private readonly StringBuilder nodes = new();
    private readonly StringBuilder ways = new();
    private readonly StringBuilder relations = new();

    public static GeoPoint At(double x, double y) => new(OriginLat + (y / 111_250), OriginLon + (x / MetresPerLon));

    public OsmText Node(long id, double x, double y, string tags = "")
    {
        var at = At(x, y);
        nodes.Append(CultureInfo.InvariantCulture, $"""<node id="{id}" lat="{at.Lat:F7}" lon="{at.Lon:F7}" version="1">{TagsOf(tags)}</node>""").Append('\n');
        return this;
    }

    /// <param name="nodeIds">Ids with blanks between.</param>
    public OsmText Way(long id, string nodeIds, string tags)
    {
        ways.Append(CultureInfo.InvariantCulture, $"""<way id="{id}" version="1">{string.Concat(Words(nodeIds).Select(n => $"""<nd ref="{n}"/>"""))}{TagsOf(tags)}</way>""").Append('\n');
        return this;
    }

    public OsmText Relation(long id, string tags, params string[] members)
    {
        var list = members.Select(Words).Select(m => $"""<member type="{m[0]}" ref="{m[1]}" role="{(m.Length > 2 ? m[2] : "")}"/>""");
        relations.Append(CultureInfo.InvariantCulture, $"""<relation id="{id}" version="1">{string.Concat(list)}{TagsOf(tags)}</relation>""").Append('\n');
        return this;
    }

    /// <summary>A closed square of nodes firstNode … firstNode + 3 around a place.</summary>
    public OsmText Square(long id, long firstNode, double x, double y, double halfM, string tags) =>
        Node(firstNode, x - halfM, y - halfM).Node(firstNode + 1, x + halfM, y - halfM).Node(firstNode + 2, x + halfM, y + halfM).Node(firstNode + 3, x - halfM, y + halfM)
            .Way(id, $"{firstNode} {firstNode + 1} {firstNode + 2} {firstNode + 3} {firstNode}", tags);

    public City Import(ImportOptions? options = null) => CityImporter.Import(new MemoryStream(ToBytes()), "test.osm", options ?? new());

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString() => $"<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n{nodes}{ways}{relations}</osm>\n";

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string TagsOf(string tags) =>
        string.Concat(tags.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(tag => tag.Split('=', 2))
            .Select(t => $"""<tag k="{System.Security.SecurityElement.Escape(t[0].Trim())}" v="{System.Security.SecurityElement.Escape(t[1])}"/>"""));
}

internal static class CityReading
{
    /// <summary>Keys of all arcs, sorted, with blanks between.</summary>
    public static string Arcs(this City city) => string.Join(' ', Enumerable.Range(0, city.Streets.ArcCount).Select(city.Streets.ArcKey).Order(StringComparer.Ordinal));

    /// <summary>Keys of all kerbs, sorted, with blanks between.</summary>
    public static string KerbKeys(this City city) => string.Join(' ', city.Kerbs.Select(k => k.Key).Order(StringComparer.Ordinal));

    public static int LeftOut(this City city, string beginning) => city.Report.LeftOut.Where(c => c.What.StartsWith(beginning, StringComparison.Ordinal)).Sum(c => c.Count);

    public static int Taken(this City city, string what) => city.Report.Taken.Where(c => c.What == what).Sum(c => c.Count);

    /// <summary>Banned chains of arcs as keys, sorted.</summary>
    public static string[] Bans(this City city) =>
        [.. city.Streets.BannedTurns.Select(b => string.Join(" > ", b.Arcs.Select(city.Streets.ArcKey))).Order(StringComparer.Ordinal)];
}
