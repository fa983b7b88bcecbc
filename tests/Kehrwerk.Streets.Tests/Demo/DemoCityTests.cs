using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Index.Strtree;
using OsmSharp;
using OsmSharp.Tags;
using Xunit;
using static Kehrwerk.Streets.Tests.Demo.WrittenCity;

namespace Kehrwerk.Streets.Tests.Demo;

public sealed class DemoCityTests
{
    private static WrittenCity City => Of(new());

    [Theory]
    [InlineData(OsmFileFormat.Xml)]
    [InlineData(OsmFileFormat.XmlGzip)]
    [InlineData(OsmFileFormat.XmlBzip2)]
    [InlineData(OsmFileFormat.Pbf)]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others(OsmFileFormat format)
    {
        DemoCityOptions options = new(Seed: 7, KerbKm: 12, Addresses: 400);
        var first = Bytes(options, format);
        Assert.Equal(first, Bytes(options, format));
        Assert.NotEqual(first, Bytes(options with { Seed = 8 }, format));
    }

    [Fact]
    public void Pbf_and_xml_hold_the_same_city()
    {
        DemoCityOptions options = new(KerbKm: 12, Addresses: 400);
        var xml = Of(options);
        var pbf = Read(Bytes(options, OsmFileFormat.Pbf), OsmFileFormat.Pbf);
        Assert.Equal(xml.Nodes.Keys, pbf.Nodes.Keys);
        Assert.All(xml.Nodes.Values, node =>
        {
            // The writer of PBF cuts off where XML rounds: one unit of the seventh decimal is a centimetre.
            Assert.Equal(node.Latitude!.Value, pbf.Nodes[node.Id!.Value].Latitude!.Value, 1.5e-7);
            Assert.Equal(node.Longitude!.Value, pbf.Nodes[node.Id!.Value].Longitude!.Value, 1.5e-7);
        });
        Assert.Equal(xml.Ways.Values.Select(Described), pbf.Ways.Values.Select(Described));
        Assert.Equal(xml.Relations.Select(Described), pbf.Relations.Select(Described));
    }

    [Theory]
    [InlineData(OsmFileFormat.XmlGzip)]
    [InlineData(OsmFileFormat.Pbf)]
    public void The_import_knows_that_the_city_is_invented(OsmFileFormat format)
    {
        using MemoryStream file = new(Bytes(new(KerbKm: 6, Addresses: 100), format));
        Assert.Equal(MapSource.DemoCity, CityImporter.Import(file, "musterstadt", new()).Source);
    }

    [Fact]
    public void The_extension_of_a_path_chooses_the_format()
    {
        DemoCityOptions options = new(KerbKm: 6, Addresses: 100);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.osm.pbf");
        try
        {
            DemoCity.Write(path, options);
            Assert.Equal(Bytes(options, OsmFileFormat.Pbf), File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<InputException>(() => DemoCity.Write("city.shp", options));
    }

    [Theory]
    [InlineData(4.9, 100)]
    [InlineData(2001, 100)]
    [InlineData(double.NaN, 100)]
    [InlineData(10, -1)]
    [InlineData(10, 1201)]
    public void A_size_out_of_bounds_is_refused(double kerbKm, int addresses) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DemoCity.Write(Stream.Null, new(KerbKm: kerbKm, Addresses: addresses), OsmFileFormat.Xml));

    [Theory]
    [InlineData(3, 5, 250)]
    [InlineData(2, 12, 900)]
    [InlineData(1, 30, 1000)]
    [InlineData(1, 60, 3000)]
    [InlineData(1, 20, 200)]
    [InlineData(4, 110, 5500)]
    [InlineData(2, 60, 3000)]
    public void Kerb_and_addresses_are_as_many_as_asked_for(int seed, double kerbKm, int addresses)
    {
        var city = Of(new(seed, kerbKm, addresses));
        Assert.InRange(city.KerbM, 900 * kerbKm, 1100 * kerbKm);
        Assert.InRange(city.Addresses.Count(), 0.95 * addresses, 1.05 * addresses);
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 60)]
    [InlineData(3, 5)]
    [InlineData(4, 110)]
    public void Every_street_and_the_depot_can_be_reached_and_left(int seed, double kerbKm)
    {
        var city = Of(new(seed, kerbKm, (int)(kerbKm * 50)));
        Dictionary<long, List<long>> onward = [], back = [];
        foreach (var way in city.Streets)
            foreach (var (from, to) in Pieces(way))
            {
                Link(onward, from, to);
                Link(back, to, from);
                if (Tag(way, "oneway") == "yes" || Tag(way, "junction") == "roundabout")
                    continue;
                Link(onward, to, from);
                Link(back, from, to);
            }
        var all = city.Streets.SelectMany(way => way.Nodes).ToHashSet();
        var chargers = city.Nodes.Values.Where(node => Tag(node, "amenity") == "charging_station").ToList();
        Assert.NotEmpty(chargers);
        Assert.All(chargers, charger => Assert.Contains(charger.Id!.Value, all));
        Assert.Equal(all.Count, Reached(onward, all.Min()));
        Assert.Equal(all.Count, Reached(back, all.Min()));
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 60)]
    [InlineData(3, 5)]
    [InlineData(6, 25)]
    [InlineData(4, 110)]
    public void Streets_cross_at_shared_nodes_only(int seed, double kerbKm)
    {
        var city = Of(new(seed, kerbKm, (int)(kerbKm * 50)));
        STRtree<(long From, long To)> index = new();
        var pieces = city.Streets.SelectMany(Pieces).ToList();
        foreach (var piece in pieces)
            index.Insert(new Envelope(city.At(piece.From), city.At(piece.To)), piece);
        foreach (var (from, to) in pieces)
            foreach (var other in index.Query(new Envelope(city.At(from), city.At(to))))
                if (other.From != from && other.From != to && other.To != from && other.To != to)
                    Assert.False(new LineString([city.At(from), city.At(to)]).Intersects(new LineString([city.At(other.From), city.At(other.To)])),
                        $"{from}-{to} crosses {other.From}-{other.To} at {city.At(from)}");
    }

    [Fact]
    public void No_building_stands_in_water_or_on_a_street()
    {
        STRtree<Way> streets = new();
        foreach (var street in City.Streets)
            streets.Insert(City.Line(street).EnvelopeInternal, street);
        var waters = City.Ways.Values.Where(way => Tag(way, "natural") == "water").Select(City.Area).ToList();
        Assert.NotEmpty(waters);
        var prepared = waters.ConvertAll(PreparedGeometryFactory.Prepare);
        foreach (var building in City.Buildings.Select(City.Area))
        {
            Assert.DoesNotContain(prepared, water => water.Intersects(building));
            Assert.DoesNotContain(streets.Query(building.EnvelopeInternal), street => City.Line(street).Intersects(building));
        }
    }

    [Fact]
    public void Buildings_do_not_overlap()
    {
        STRtree<Polygon> index = new();
        var areas = City.Buildings.Select(City.Area).ToList();
        foreach (var area in areas)
            index.Insert(area.EnvelopeInternal, area);
        // Neighbours in a row share a wall, and a tower its church: less than a square metre is no overlap.
        foreach (var area in areas)
            Assert.DoesNotContain(index.Query(area.EnvelopeInternal), other => !ReferenceEquals(area, other) && area.Intersection(other).Area > 1);
    }

    [Fact]
    public void A_street_name_belongs_to_one_street()
    {
        foreach (var street in City.Streets.Where(way => Tag(way, "name") is not null).GroupBy(way => Tag(way, "name")))
        {
            Dictionary<long, List<long>> links = [];
            foreach (var (from, to) in street.SelectMany(Pieces))
            {
                Link(links, from, to);
                Link(links, to, from);
            }
            Assert.True(Reached(links, links.Keys.Min()) == links.Count, $"{street.Key} is in several pieces");
        }
    }

    [Fact]
    public void Every_address_is_on_a_street_of_its_name_and_unique()
    {
        var names = City.Streets.Select(way => Tag(way, "name")).ToHashSet();
        Assert.All(City.Addresses, address => Assert.Contains(Tag(address, "addr:street"), names));
        Assert.All(City.Addresses, address => Assert.Equal("Musterstadt", Tag(address, "addr:city")));
        var labels = City.Addresses.Select(address => $"{Tag(address, "addr:street")} {Tag(address, "addr:housenumber")}").ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
    }

    [Fact]
    public void Odd_numbers_are_on_one_side_of_a_street_and_even_ones_on_the_other()
    {
        foreach (var street in City.Addresses.GroupBy(address => Tag(address, "addr:street")))
        {
            var ways = City.Streets.Where(way => Tag(way, "name") == street.Key && Tag(way, "dual_carriageway") is null && Tag(way, "highway") is not "pedestrian").ToList();
            if (ways.Count != 1)
                continue;
            var sides = street.Select(address => (Odd: LeadingNumber(address) % 2 == 1, Left: IsLeft(City, ways[0], Place(address)))).Distinct().ToList();
            Assert.Equal(sides.Select(side => side.Left).Distinct().Count(), sides.Count);
        }
    }

    [Fact]
    public void Addresses_are_on_buildings_and_on_nodes_with_suffixes_and_ranges()
    {
        var numbers = City.Addresses.Select(address => Tag(address, "addr:housenumber")!).ToList();
        Assert.True(numbers.Count(number => char.IsAsciiLetterLower(number[^1])) > 30);
        Assert.True(numbers.Count(number => number.Contains('-', StringComparison.Ordinal)) > 30);
        Assert.True(City.Addresses.OfType<Way>().Count() > 500);
        Assert.True(City.Addresses.OfType<Node>().Count() > 500);
    }

    [Fact]
    public void Turn_restrictions_join_ways_that_meet()
    {
        Assert.All(City.Relations, relation =>
        {
            var from = City.Ways[relation.Members.Single(member => member.Role == "from").Id];
            var to = City.Ways[relation.Members.Single(member => member.Role == "to").Id];
            var via = relation.Members.Single(member => member.Role == "via");
            long[] joints = via.Type == OsmGeoType.Node ? [via.Id, via.Id] : [City.Ways[via.Id].Nodes[0], City.Ways[via.Id].Nodes[^1]];
            Assert.True(Ends(from).Contains(joints[0]) && Ends(to).Contains(joints[1]) || Ends(from).Contains(joints[1]) && Ends(to).Contains(joints[0]));
        });
        var kinds = City.Relations.Select(relation => Tag(relation, "restriction")).ToHashSet();
        Assert.Superset(new HashSet<string?> { "no_left_turn", "no_u_turn", "only_straight_on" }, kinds);
        Assert.Contains(City.Relations, relation => Tag(relation, "except") == "bus");
        Assert.Contains(City.Relations, relation => relation.Members.Any(member => member.Role == "via" && member.Type == OsmGeoType.Way));
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(3, 5)]
    [InlineData(6, 25)]
    public void Two_bridges_cross_the_river(int seed, double kerbKm)
    {
        var city = Of(new(seed, kerbKm, (int)(kerbKm * 50)));
        var river = city.Area(city.Ways.Values.Single(way => Tag(way, "water") == "river"));
        var bridges = city.Streets.Where(way => Tag(way, "bridge") == "yes").ToList();
        Assert.Equal(2, bridges.Select(way => Tag(way, "name")).Distinct().Count());
        var dry = city.Streets.Except(bridges);
        Assert.DoesNotContain(dry, way => city.Line(way).Intersection(river).Length > 1);
    }

    [Fact]
    public void The_town_has_what_the_import_must_cope_with()
    {
        Assert.Contains(City.Streets, way => Tag(way, "junction") == "roundabout");
        Assert.Contains(City.Streets, way => Tag(way, "dual_carriageway") == "yes");
        Assert.Contains(City.Streets, way => Tag(way, "highway") == "pedestrian");
        Assert.Contains(City.Streets, way => Tag(way, "highway") == "living_street");
        Assert.Contains(City.Streets, way => Tag(way, "surface") == "sett" && Tag(way, "oneway") == "yes");
        Assert.Contains(City.Nodes.Values, node => Tag(node, "barrier") == "gate");
        Assert.Contains(City.Nodes.Values, node => Tag(node, "highway") == "turning_circle");
        Assert.Single(City.Ways.Values, way => Tag(way, "landuse") == "depot" && Tag(way, "name") == "Betriebshof Musterstadt");
        foreach (var place in new[] { "charging_station", "water_point", "waste_transfer_station", "vehicle_wash" })
            Assert.Contains(City.Nodes.Values, node => Tag(node, "amenity") == place);
    }

    private static string Described(OsmGeo geo) => string.Join(';', (geo.Tags ?? new TagsCollection()).Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)
        .Append($"{geo.Type} {geo.Id}: ").Append(geo switch
        {
            Way way => string.Join(',', way.Nodes),
            Relation relation => string.Join(',', relation.Members.Select(member => $"{member.Type} {member.Id} {member.Role}")),
            _ => "",
        }));

    private static IEnumerable<long> Ends(Way way) => [way.Nodes[0], way.Nodes[^1]];

    private static Coordinate Place(OsmGeo address) =>
        address is Node node ? City.At(node.Id!.Value) : City.Area((Way)address).Centroid.Coordinate;

    private static bool IsLeft(WrittenCity city, Way way, Coordinate p)
    {
        var (from, to) = Pieces(way).MinBy(piece => new LineString([city.At(piece.From), city.At(piece.To)]).Distance(new Point(p)));
        var (a, b) = (city.At(from), city.At(to));
        return (b.X - a.X) * (p.Y - a.Y) - (b.Y - a.Y) * (p.X - a.X) > 0;
    }

    private static void Link(Dictionary<long, List<long>> links, long from, long to)
    {
        if (!links.TryGetValue(from, out var others))
            links[from] = others = [];
        others.Add(to);
    }

    private static int Reached(Dictionary<long, List<long>> links, long start)
    {
        HashSet<long> seen = [start];
        Stack<long> open = new([start]);
        while (open.TryPop(out var node))
            foreach (var next in links.GetValueOrDefault(node) ?? [])
                if (seen.Add(next))
                    open.Push(next);
        return seen.Count;
    }
}
