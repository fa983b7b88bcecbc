using System.Security.Cryptography;
using System.Text;

namespace Kehrwerk.Streets.Import;

/// <summary>
/// Makes a <see cref="City"/> of an OpenStreetMap file. The rules are listed in <c>docs/reference/import-rules.md</c>.
/// The same input gives the same city, to the last index.
/// </summary>
public static class CityImporter
{
    /// <summary>Raised whenever a change of the import gives another city for the same file.</summary>
    private const int Version = 1;

    private const string ExtractRemedy = "Give an OpenStreetMap extract that holds the city's streets and their nodes";

    /// <summary>Imports <c>.osm.pbf</c>, <c>.osm</c>, <c>.osm.gz</c> or <c>.osm.bz2</c>; the content tells which.</summary>
    /// <exception cref="InputException">The file, a CSV or an option cannot be used; the message says what to do.</exception>
    public static City Import(string path, ImportOptions options, IProgress<ImportProgress>? progress = null)
    {
        FileStream file;
        try
        {
            file = File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (Directory.Exists(path))
            {
                throw new InputException(path, "This is a folder", "Give an OpenStreetMap file", e);
            }

            throw new InputException(path, $"The file cannot be opened: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }

        using (file)
        {
            return Import(file, path, options, progress);
        }
    }

    /// <param name="osm">The content of an OSM file, seekable; read from its start.</param>
    /// <param name="place">What messages call it, such as its path.</param>
    /// <inheritdoc cref="Import(string, ImportOptions, IProgress{ImportProgress}?)"/>
    public static City Import(Stream osm, string place, ImportOptions options, IProgress<ImportProgress>? progress = null)
    {
        var tally = new ImportTally();
        var classesCsv = options.ClassesCsv is { } classesPath ? CsvTable.Load(classesPath) : null;
        var streetsCsv = options.StreetsCsv is { } streetsPath ? CsvTable.Load(streetsPath) : null;
        var classes = classesCsv is null ? CleaningClasses.BuiltIn() : CleaningClasses.Read(options.ClassesCsv!, classesCsv);
        var rows = streetsCsv is null ? StreetClassRows.None : StreetClassRows.Read(options.StreetsCsv!, streetsCsv, classes);

        var fingerprint = Fingerprint(osm, classesCsv, streetsCsv, options);
        osm.Position = 0;
        var data = OsmReader.Read(osm, place, tally, share => progress?.Report(new("Reading the file", 0.5 * share)));

        progress?.Report(new("Reading areas", 0.5));
        var areaReader = new AreaReader(data, tally);
        var areas = areaReader.Areas();

        progress?.Report(new("Cutting streets", 0.6));
        var streets = new StreetPicker(data, options.Vehicle, areas, tally).Pick();
        if (streets.Count == 0)
        {
            throw new InputException(place, "The file holds no street that a vehicle may drive", ExtractRemedy);
        }

        var draft = StreetCutter.Cut(data, streets, StreetPicker.Centre(data, streets), tally);
        if (draft.Segments.Count == 0)
        {
            throw new InputException(place, "The file holds streets without the nodes that they run over", ExtractRemedy);
        }

        tally.Take("segments of dual carriageways", DualCarriageways.Mark(draft));
        var restrictions = TurnRestrictions.Read(data, draft, tally);

        progress?.Report(new("Checking what is connected", 0.7));
        var connected = ConnectedPart.Keep(draft, restrictions, tally);
        var network = connected.Network;
        if (network.ArcCount == 0)
        {
            throw new InputException(place, "No street of the file can be entered and left again", ExtractRemedy);
        }

        progress?.Report(new("Finding kerbs and addresses", 0.8));
        var (kerbs, addresses) = new KerbMaker(connected, classes, rows, tally).Make(new AddressReader(data, areaReader, tally).Read());

        progress?.Report(new("Finding the depot", 0.95));
        var depot = new DepotFinder(data, network, areas, tally).Find(options.DepotPosition);
        var places = areaReader.Places();
        TakeTotals(network, kerbs, addresses, tally);
        progress?.Report(new("Done", 1));
        return new()
        {
            Name = options.Name ?? NameOf(place),
            Fingerprint = fingerprint,
            Streets = network,
            Kerbs = kerbs,
            Addresses = addresses,
            Depot = depot,
            Map = new([.. areas], [.. places]),
            Source = SourceOf(data),
            Report = tally.ToReport(),
        };
    }

    // By a tag and not by the file's header: it lasts through every format and every editor.
    private static MapSource SourceOf(OsmData data) =>
        data.TaggedNodes.Any(n => n.Tags["generator"] == Demo.DemoCity.Generator) ? MapSource.DemoCity : MapSource.OpenStreetMap;

    private static void TakeTotals(StreetNetwork network, IReadOnlyCollection<Kerb> kerbs, IReadOnlyCollection<Address> addresses, ImportTally tally)
    {
        tally.Take("junctions and street ends", network.NodeCount);
        var segmentsM = 0.0;
        for (var s = 0; s < network.SegmentCount; s++)
        {
            segmentsM += MapPoint.LengthM(network.SegmentLine(s));
        }

        tally.Take("street segments", network.SegmentCount, segmentsM);
        tally.Take("arcs (directions that can be driven)", network.ArcCount, Sum(network.ArcLengthM));
        tally.Take("banned turns", network.BannedTurns.Count);
        foreach (var group in kerbs.GroupBy(k => k.Class.Id))
        {
            tally.Take($"kerbs of class {group.Key}", group.Count(), group.Sum(k => k.LengthM));
        }

        tally.Take("kerbs", kerbs.Count, kerbs.Sum(k => k.LengthM));
        tally.LeaveOut("address far from every kerb", addresses.Count(a => a.Kerb < 0));
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static string Fingerprint(Stream osm, byte[]? classesCsv, byte[]? streetsCsv, ImportOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        osm.Position = 0;
        hash.AppendData(SHA256.HashData(osm));
        hash.AppendData(SHA256.HashData(classesCsv ?? []));
        hash.AppendData(SHA256.HashData(streetsCsv ?? []));
        var settings = FormattableString.Invariant($"{Version}|{options.DepotPosition?.Lat:R}|{options.DepotPosition?.Lon:R}|{options.Vehicle.WidthM:R}|{options.Vehicle.HeightM:R}|{options.Vehicle.MassT:R}");
        hash.AppendData(Encoding.UTF8.GetBytes(settings));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? name[..dot] : name;
    }
}
