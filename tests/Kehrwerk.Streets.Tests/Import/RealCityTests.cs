using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

public sealed class RealCityTests
{
    // Drawing the town takes longer than reading it, so it is drawn once.
    private static readonly Lazy<byte[]> DemoFile = new(() =>
    {
        var file = new MemoryStream();
        DemoCity.Write(file, new(), OsmFileFormat.Xml);
        return file.ToArray();
    });

    [Theory]
    [InlineData("aplerbeck.osm.pbf", "EPSG:25832", 30, 15, 70)]
    [InlineData("heidelberg.osm.pbf", "EPSG:25832", 20000, 15000, 500)]
    [InlineData("miraustr.osm.pbf", "EPSG:25833", 1800, 1300, 2500)]
    [InlineData("neuss-s11.osm.pbf", "EPSG:25832", 550, 500, 1300)]
    public void A_real_extract_becomes_a_whole_city(string file, string frame, int leastArcs, int leastKerbs, int leastAddresses)
    {
        var city = CityImporter.Import(RealData.Osm(file), new());
        var streets = city.Streets;
        Assert.Equal(frame, streets.Frame.Name);
        Assert.InRange(streets.ArcCount, leastArcs, leastArcs * 2);
        Assert.InRange(city.Kerbs.Length, leastKerbs, leastKerbs * 2);
        Assert.InRange(city.Addresses.Length, leastAddresses, leastAddresses * 2);

        Assert.Equal(streets.ArcCount, Enumerable.Range(0, streets.ArcCount).Select(streets.ArcKey).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(city.Kerbs.Length, city.Kerbs.Select(k => k.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.All(city.Kerbs, (k, i) =>
        {
            Assert.Equal(i, k.Id);
            Assert.InRange(k.Arc, 0, streets.ArcCount - 1);
            Assert.InRange(k.LengthM, KerbRules.MinLengthM, 10_000);
            Assert.Equal(streets.ArcName(k.Arc), k.Street);
        });
        Assert.All(city.Addresses, a => Assert.InRange(a.Kerb, -1, city.Kerbs.Length - 1));
        Assert.InRange(city.Depot.Arc, 0, streets.ArcCount - 1);
        Assert.All(city.Map.Areas, a => Assert.All(a.Rings, r => Assert.True(r.Length >= 4 && r[0] == r[^1])));
        AssertConnected(streets);
        AssertAddressesLieOnTheirStreet(city);
    }

    [Fact]
    public void The_demo_city_goes_through_the_same_import()
    {
        var city = CityImporter.Import(new MemoryStream(DemoFile.Value), "musterstadt.osm", new());
        Assert.InRange(city.Kerbs.Sum(k => k.LengthM) / 1000, 50, 75);
        Assert.InRange(city.Addresses.Length, 2800, 3200);
        Assert.InRange(city.Addresses.Count(a => a.Kerb >= 0), city.Addresses.Length * 0.98, city.Addresses.Length);
        Assert.Empty(city.Report.Warnings);
        Assert.Equal(StreetClass.Service, city.Streets.SegmentClass[city.Streets.ArcSegment[city.Depot.Arc]]);
        Assert.NotEmpty(city.Streets.BannedTurns);
        AssertConnected(city.Streets);
    }

    [Fact]
    public void The_example_of_streets_and_classes_fits_the_demo_city()
    {
        var folder = Path.Combine(RealData.Root(), "examples", "cleaning-classes");
        var city = CityImporter.Import(new MemoryStream(DemoFile.Value), "musterstadt.osm", new() { ClassesCsv = Path.Combine(folder, "classes.csv"), StreetsCsv = Path.Combine(folder, "streets-musterstadt.csv") });
        Assert.Empty(city.Report.Warnings);
        Assert.All(city.Kerbs.Where(k => k.Street == "Marktplatz"), k => Assert.Equal("M1", k.Class.Id));
        Assert.Equal(["S4", "S7"], city.Kerbs.Where(k => k.Street == "Kochallee").Select(k => k.Class.Id).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["S5", "S7"], city.Kerbs.Where(k => k.Street == "Bochumer Straße").Select(k => k.Class.Id).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_file_gives_the_same_city()
    {
        var path = RealData.Osm("neuss-s11.osm.pbf");
        var (a, b) = (CityImporter.Import(path, new()), CityImporter.Import(path, new()));
        Assert.Equal(a.Fingerprint, b.Fingerprint);
        Assert.Equal(a.Kerbs, b.Kerbs);
        Assert.Equal(a.Addresses, b.Addresses);
        Assert.Equal(a.Report.LeftOut, b.Report.LeftOut);
        Assert.Equal(a.Streets.ArcLengthM.ToArray(), b.Streets.ArcLengthM.ToArray());
    }

    [Fact]
    public void Progress_runs_from_reading_to_done()
    {
        var steps = new Steps();
        CityImporter.Import(RealData.Osm("aplerbeck.osm.pbf"), new(), steps);
        Assert.Equal(steps.Shares.Order(), steps.Shares);
        Assert.Equal(1, steps.Shares[^1]);
    }

    // From the end of any arc every arc can be reached by allowed turns: all states are tried on small networks, a few on the large.
    private static void AssertConnected(StreetNetwork streets)
    {
        var graph = new TurnGraph(streets, new TravelCosts());
        var router = new PlainRouter(graph);
        var step = Math.Max(1, streets.ArcCount / 40);
        for (var from = 0; from < streets.ArcCount; from += step)
        {
            var reached = new HashSet<int>();
            router.FindAll(from, (arc, _) => reached.Add(arc));
            Assert.Equal(streets.ArcCount, reached.Count);
        }
    }

    private static void AssertAddressesLieOnTheirStreet(City city)
    {
        var swept = city.Kerbs.Select(k => StreetName.Key(k.Street)).ToHashSet(StringComparer.Ordinal);
        var known = city.Addresses.Where(a => a.Kerb >= 0 && swept.Contains(StreetName.Key(a.Street))).ToArray();
        var own = known.Count(a => StreetName.Key(city.Kerbs[a.Kerb].Street) == StreetName.Key(a.Street));
        // The rest lies more than 80 m from any swept kerb of its street.
        Assert.InRange((double)own / known.Length, 0.9, 1);
    }

    private sealed class Steps : IProgress<ImportProgress>
    {
        public List<double> Shares { get; } = [];

        public void Report(ImportProgress value) => Shares.Add(value.Share);
    }
}
