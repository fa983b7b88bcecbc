using System.Collections.Concurrent;
using System.Globalization;
using Kehrwerk.Streets.Demo;
using NetTopologySuite.Geometries;
using OsmSharp;
using OsmSharp.Streams;
using OsmSharp.Tags;

namespace Kehrwerk.Streets.Tests.Demo;

/// <summary>A demo city as OsmSharp reads it back, on a metric plane of its own.</summary>
internal sealed class WrittenCity
{
    private static readonly ConcurrentDictionary<DemoCityOptions, Lazy<WrittenCity>> cities = new();

    private WrittenCity(IEnumerable<OsmGeo> geos)
    {
        foreach (var geo in geos)
            switch (geo)
            {
                case Node node: Nodes.Add(node.Id!.Value, node); break;
                case Way way: Ways.Add(way.Id!.Value, way); break;
                case Relation relation: Relations.Add(relation); break;
            }
    }

    public Dictionary<long, Node> Nodes { get; } = [];
    public Dictionary<long, Way> Ways { get; } = [];
    public List<Relation> Relations { get; } = [];

    public IEnumerable<Way> Streets => Ways.Values.Where(way => Tag(way, "highway") is not null);
    public IEnumerable<Way> Buildings => Ways.Values.Where(way => Tag(way, "building") is not null);
    public IEnumerable<OsmGeo> Addresses => Nodes.Values.Cast<OsmGeo>().Concat(Ways.Values).Where(geo => Tag(geo, "addr:housenumber") is not null);

    /// <summary>Both sides of a street, one side of a carriageway of a dual carriageway and of a roundabout, no service road.</summary>
    public double KerbM => Streets.Where(way => Tag(way, "highway") != "service").Sum(way =>
        LengthM(way) * (Tag(way, "junction") == "roundabout" || Tag(way, "dual_carriageway") == "yes" ? 1 : 2));

    public static WrittenCity Read(byte[] file, OsmFileFormat format)
    {
        using MemoryStream stream = new(file);
        return new(format == OsmFileFormat.Pbf ? new PBFOsmStreamSource(stream) : new XmlOsmStreamSource(stream));
    }

    /// <summary>The city as read back from XML; tests that ask for the same one share it.</summary>
    public static WrittenCity Of(DemoCityOptions options) =>
        cities.GetOrAdd(options, city => new(() => Read(Bytes(city, OsmFileFormat.Xml), OsmFileFormat.Xml))).Value;

    public static byte[] Bytes(DemoCityOptions options, OsmFileFormat format)
    {
        using MemoryStream stream = new();
        DemoCity.Write(stream, options, format);
        return stream.ToArray();
    }

    public static string? Tag(OsmGeo geo, string key) => geo.Tags is { } tags && tags.TryGetValue(key, out var value) ? value : null;

    public Coordinate At(long node) => new(
        (Nodes[node].Longitude!.Value - 6.7) * 111_412 * Math.Cos(51.4 * Math.PI / 180),
        (Nodes[node].Latitude!.Value - 51.4) * 111_260);

    public double LengthM(Way way) => Pieces(way).Sum(piece => At(piece.From).Distance(At(piece.To)));

    public LineString Line(Way way) => new([.. way.Nodes.Select(At)]);

    public Polygon Area(Way way) => new(new LinearRing([.. way.Nodes.Select(At)]));

    public static IEnumerable<(long From, long To)> Pieces(Way way) => way.Nodes.Zip(way.Nodes.Skip(1));

    public static int LeadingNumber(OsmGeo address) =>
        int.Parse(new string([.. Tag(address, "addr:housenumber")!.TakeWhile(char.IsAsciiDigit)]), CultureInfo.InvariantCulture);
}
