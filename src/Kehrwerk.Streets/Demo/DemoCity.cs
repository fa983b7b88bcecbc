using System.IO.Compression;
using ICSharpCode.SharpZipLib.BZip2;
using OsmSharp.Streams;

namespace Kehrwerk.Streets.Demo;

/// <summary>How an OSM file is written.</summary>
public enum OsmFileFormat
{
    /// <summary><c>.osm</c>, XML.</summary>
    Xml,

    /// <summary><c>.osm.gz</c>, XML packed by gzip.</summary>
    XmlGzip,

    /// <summary><c>.osm.bz2</c>, XML packed by bzip2.</summary>
    XmlBzip2,

    /// <summary><c>.osm.pbf</c>.</summary>
    Pbf,
}

/// <summary>
/// Writes the demo city as an ordinary OSM file: a Rhine town with two bridges, an old town, a ring road, quarters,
/// a harbour, a depot, houses and addresses. It is drawn around 51.4° N, 6.7° E (WGS84), where there is real country
/// that has nothing to do with it: no street, house or name shows a real one.
/// The same options give the same file, to the byte.
/// </summary>
public static class DemoCity
{
    /// <summary>The <c>generator</c> tag of the town's node, by which the import knows an invented map.</summary>
    internal const string Generator = "kehrwerk demo-city";

    /// <summary>Writes the city to a file in the format of its extension; an existing file is replaced.</summary>
    /// <exception cref="InputException">The extension is none of .osm, .osm.gz, .osm.bz2, .osm.pbf, or the file cannot be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of bounds.</exception>
    public static void Write(string path, DemoCityOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        var format = FormatOf(path);
        var city = Plan(options);
        try
        {
            using var file = File.Create(path);
            Write(file, city, format);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The demo city cannot be written there: {e.Message.TrimEnd('.')}", "Name a file in a folder that this user may write", e);
        }
    }

    /// <summary>Writes the city to a stream, which stays open.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of bounds.</exception>
    public static void Write(Stream stream, DemoCityOptions options, OsmFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, Plan(options), format);
    }

    private static OsmFile Plan(DemoCityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Dice dice = new(options.Seed * 31L + 5);
        var town = TownPlan.WithKerb(options.KerbKm, options.Seed);
        var streets = TownStreets.Join(town.Streets);
        TownStreets.Name(streets, town.Shape, dice);
        Traffic traffic = new(town.Streets, town.Shape, dice);
        traffic.ChooseOneWays(streets);
        traffic.ChooseTurnRules(streets, options.KerbKm);
        Houses houses = new(town, dice, Math.Clamp(50 * options.KerbKm / Math.Max(1, options.Addresses), 0.75, 1.5));
        houses.Build(streets);
        return new TownMap(town, options.Name, dice).Draw(streets, traffic, houses, HouseNumbers.Assign(houses.Built, options.Addresses, dice));
    }

    private static OsmFileFormat FormatOf(string path)
    {
        foreach (var (extension, format) in new[] { (".osm", OsmFileFormat.Xml), (".osm.gz", OsmFileFormat.XmlGzip), (".osm.bz2", OsmFileFormat.XmlBzip2), (".osm.pbf", OsmFileFormat.Pbf) })
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                return format;
        throw new InputException(path, "The name does not say in which format to write the demo city", "Let it end in .osm, .osm.gz, .osm.bz2 or .osm.pbf");
    }

    private static void Write(Stream stream, OsmFile city, OsmFileFormat format)
    {
        switch (format)
        {
            case OsmFileFormat.XmlGzip:
                using (GZipStream gzip = new(stream, CompressionLevel.Optimal, leaveOpen: true))
                    Send(city, new XmlOsmStreamTarget(gzip));
                break;
            case OsmFileFormat.XmlBzip2:
                using (BZip2OutputStream bzip2 = new(stream) { IsStreamOwner = false })
                    Send(city, new XmlOsmStreamTarget(bzip2));
                break;
            case OsmFileFormat.Pbf:
                Send(city, new PBFOsmStreamTarget(stream));
                break;
            default:
                Send(city, new XmlOsmStreamTarget(stream));
                break;
        }
    }

    private static void Send(OsmFile city, OsmStreamTarget target)
    {
        target.RegisterSource(city.All);
        target.Pull();
        target.Flush();
        target.Close();
    }
}
