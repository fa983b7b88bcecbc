using Kehrwerk.Streets.Tests.Routing;
using Kehrwerk.Streets.Tiles;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.VectorTiles.Mapbox;
using Xunit;
using VectorTile = NetTopologySuite.IO.VectorTiles.VectorTile;

namespace Kehrwerk.Streets.Tests.Tiles;

public sealed class CityTilesTests
{
    // The middle of a tile at the greatest zoom, so that a small town lies in one tile at every zoom.
    private static readonly GeoPoint Centre = MiddleOfTile(new(51.43, 6.76));

    [Fact]
    public void Every_layer_is_in_the_tile_with_its_attributes()
    {
        var tile = Read(new CityTiles(SmallTown()), 16, Centre);
        Assert.Equal(["areas", "area-names", "streets", "kerbs", "addresses", "places"], tile.Layers.Select(l => l.Name));
        Assert.Equal("water", Features(tile, "areas").Single(f => (ulong)f.Attributes["id"] == 1).Attributes["kind"]);
        var street = Features(tile, "streets").Single(f => (string)f.Attributes["class"] == "living_street");
        Assert.Equal(("Königstraße", true, false, 7.5), (street.Attributes["name"], street.Attributes["oneway"], street.Attributes["tunnel"], street.Attributes["width"]));
        var kerb = Features(tile, "kerbs").Single(f => (ulong)f.Attributes["id"] == 0);
        Assert.Equal(("right", "S2", "Deichstraße", "100.0f"), (kerb.Attributes["side"], kerb.Attributes["class"], kerb.Attributes["street"], kerb.Attributes["key"]));
        var address = Features(tile, "addresses").Single();
        Assert.Equal(("12a", "Deichstraße"), (address.Attributes["housenumber"], address.Attributes["street"]));
        Assert.Equal("square", Features(tile, "places").Single().Attributes["kind"]);
    }

    [Fact]
    public void Every_kerb_has_its_id_also_the_first()
    {
        var city = SmallTown();
        var ids = Features(Read(new CityTiles(city), 16, Centre), "kerbs").Select(f => (ulong)f.Attributes["id"]);
        Assert.Equal(city.Kerbs.Select(k => (ulong)k.Id), ids);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(16)]
    public void Each_kerb_lies_on_its_own_side_of_the_street_and_runs_as_it_is_swept(int zoom)
    {
        var city = SmallTown();
        var frame = city.Streets.Frame;
        // One grid step at zoom 13 is 0.75 m here, and lines may be off by half a pixel.
        var accuracyM = zoom == 16 ? 0.15 : 3.5;
        foreach (var feature in Features(Read(new CityTiles(city), zoom, Centre), "kerbs"))
        {
            var kerb = city.Kerbs[(int)(ulong)feature.Attributes["id"]];
            var arc = city.Streets.ArcLine(kerb.Arc);
            var halfWidthM = city.Streets.SegmentWidthM[city.Streets.ArcSegment[kerb.Arc]] > 0 ? 3.75 : 3;
            var line = feature.Geometry.Coordinates.Select(c => frame.ToMap(new(c.Y, c.X))).ToArray();
            Assert.True(line[0].DistanceTo(arc[0]) < line[0].DistanceTo(arc[^1]));
            foreach (var point in line)
            {
                var (dx, dy) = (arc[^1].X - arc[0].X, arc[^1].Y - arc[0].Y);
                var toTheRightM = (((point.X - arc[0].X) * dy) - ((point.Y - arc[0].Y) * dx)) / arc[0].DistanceTo(arc[^1]);
                Assert.InRange(kerb.Side == KerbSide.Right ? toTheRightM : -toTheRightM, halfWidthM - accuracyM, halfWidthM + accuracyM);
            }
        }
    }

    [Fact]
    public void Shapes_are_cut_at_the_border_of_their_tile_and_nothing_of_them_is_lost()
    {
        var city = Town(RandomStreets.Create(3, 150));
        var tiles = new CityTiles(city);
        var frame = city.Streets.Frame;
        var lengthM = 0.0;
        foreach (var (x, y) in Grid(city, 16))
        {
            if (tiles.Tile(16, x, y) is not { Length: > 0 } bytes)
            {
                continue;
            }

            var definition = new NetTopologySuite.IO.VectorTiles.Tiles.Tile(x, y, 16);
            var envelope = new Envelope(definition.Left, definition.Right, definition.Bottom, definition.Top);
            var buffered = envelope.Copy();
            buffered.ExpandBy(envelope.Width * 65 / 4096, envelope.Height * 65 / 4096);
            var border = new GeometryFactory().ToGeometry(envelope);
            foreach (var feature in Features(Read(bytes, 16, x, y), "streets"))
            {
                Assert.True(buffered.Contains(feature.Geometry.EnvelopeInternal));
                lengthM += Pieces(feature.Geometry).Sum(piece => LengthM(frame, piece.Intersection(border)));
            }
        }

        var trueM = Enumerable.Range(0, city.Streets.SegmentCount).Sum(s => LengthM(city.Streets.SegmentLine(s)));
        Assert.InRange(lengthM / trueM, 0.999, 1.001);
    }

    [Fact]
    public void A_lake_larger_than_a_tile_fills_it_and_its_island_is_spared()
    {
        var city = SmallTown() with
        {
            Map = new([new(AreaKind.Water, "Rhein", [Box(0.2, 0.2), Box(0.001, 0.001)])], []),
        };
        var tile = Read(new CityTiles(city), 14, Centre);
        var lake = Features(tile, "areas").Single().Geometry;
        Assert.False(lake.Contains(new Point(Centre.Lon, Centre.Lat)));
        Assert.True(lake.Contains(new Point(Centre.Lon + 0.0012, Centre.Lat)));
        Assert.Equal(1, ((Polygon)lake).NumInteriorRings);
        Assert.Empty(Features(Read(new CityTiles(city), 14, new(Centre.Lat + 0.19, Centre.Lon)), "kerbs"));
    }

    [Fact]
    public void Small_things_wait_for_the_zoom_at_which_they_can_be_seen()
    {
        var tiles = new CityTiles(SmallTown());
        string[] LayersAt(int zoom) => [.. Read(tiles, zoom, Centre).Layers.Select(l => l.Name)];
        Assert.Equal(["places"], LayersAt(9));
        Assert.Equal(["areas", "streets", "kerbs", "places"], LayersAt(12));
        Assert.Equal(["areas", "area-names", "streets", "kerbs", "places"], LayersAt(13));
        Assert.Equal(["areas", "area-names", "streets", "kerbs", "addresses", "places"], LayersAt(16));
        string[] KindsAt(int zoom) => [.. Features(Read(tiles, zoom, Centre), "areas").Select(f => (string)f.Attributes["kind"])];
        Assert.Equal(["water"], KindsAt(13));
        Assert.Equal(["building", "water"], KindsAt(14));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void Kerbs_are_known_from_far_away_and_named_from_near(int zoom)
    {
        var kerbs = Features(Read(new CityTiles(SmallTown()), zoom, Centre), "kerbs");
        Assert.NotEmpty(kerbs);
        Assert.All(kerbs, k => Assert.Equal(zoom >= 13, k.Attributes.Exists("key")));
    }

    [Fact]
    public void An_area_over_many_tiles_is_named_once_where_it_can_be_seen()
    {
        // A river 0.4° long of which the city sees a little, and two ponds of one name beside each other.
        var city = SmallTown() with
        {
            Map = new([new(AreaKind.Water, "Rhein", [Box(0.002, 0.2)]), new(AreaKind.Water, "Weiher", [Box(0.0002, 0.0002)]), new(AreaKind.Water, "Weiher", [Box(0.0003, 0.0001)])], []),
        };
        var tiles = new CityTiles(city);
        var (x, y) = TileAt(14, Centre);
        var names = Enumerable.Range(x - 20, 41).SelectMany(_ => Enumerable.Range(y - 20, 41), (column, row) => (column, row))
            .SelectMany(t => tiles.Tile(14, t.column, t.row) is { Length: > 0 } tile ? Features(Read(tile, 14, t.column, t.row), "area-names") : []).ToList();
        Assert.Equal(["Rhein", "Weiher"], names.Select(n => (string)n.Attributes["name"]).Order());
        Assert.All(names, n => Assert.True(new Point(Centre.Lon, Centre.Lat).Distance(n.Geometry) < 0.01));
    }

    [Fact]
    public void The_name_of_a_ring_stands_in_the_ring_and_not_in_its_hole()
    {
        var city = SmallTown() with { Map = new([new(AreaKind.Green, "Wallanlagen", [Box(0.002, 0.002), Box(0.0015, 0.0015)])], []) };
        var name = Features(Read(new CityTiles(city), 14, Centre), "area-names").Single().Geometry.Coordinate;
        var (dx, dy) = (Math.Abs(name.X - Centre.Lon), Math.Abs(name.Y - Centre.Lat));
        Assert.InRange(Math.Max(dx, dy), 0.0015, 0.002);
    }

    [Fact]
    public void A_street_of_many_segments_is_one_line_for_its_name()
    {
        var tile = Read(new CityTiles(SmallTown()), 16, Centre);
        Assert.Single(Features(tile, "streets"), f => (string)f.Attributes["name"] == "Deichstraße");
    }

    [Fact]
    public void The_map_opens_on_the_work_and_not_on_a_lone_road_far_away()
    {
        var town = SmallTown();
        var frame = town.Streets.Frame;
        var builder = new StreetNetworkBuilder(frame);
        var centre = frame.ToMap(Centre);
        for (var n = 0; n <= 200; n++)
        {
            // 200 m of town, then a road to a village 20 km away.
            builder.AddNode(n + 1, new(centre.X + (n < 200 ? n : 20_000), centre.Y));
        }

        for (var n = 0; n < 200; n++)
        {
            builder.AddSegment(new(n, n + 1, [new(centre.X + n, centre.Y), new(centre.X + (n < 199 ? n + 1 : 20_000), centre.Y)], 100, n, Directions.Both, "Landstraße"));
        }

        var info = new CityTiles(Town(builder.Build())).Info;
        Assert.InRange(frame.ToMap(info.NorthEast).X - centre.X, 190, 1000);
        Assert.InRange(centre.X - frame.ToMap(info.SouthWest).X, 0, 1000);
    }

    [Theory]
    [InlineData(8, 0, 0)]
    [InlineData(17, 0, 0)]
    [InlineData(40, 0, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(16, -1, 0)]
    [InlineData(16, 0, 1 << 16)]
    [InlineData(16, int.MaxValue, int.MinValue)]
    [InlineData(16, 5, 5)]
    public void A_tile_that_shows_nothing_is_empty(int z, int x, int y) => Assert.Empty(new CityTiles(SmallTown()).Tile(z, x, y));

    [Fact]
    public void Tiles_are_the_same_from_many_threads()
    {
        var city = Town(RandomStreets.Create(5, 100));
        var tiles = new CityTiles(city);
        var places = Grid(city, 15).ToArray();
        var alone = Array.ConvertAll(places, p => tiles.Tile(15, p.X, p.Y));
        var together = new byte[places.Length][];
        Parallel.For(0, places.Length, i => together[i] = tiles.Tile(15, places[i].X, places[i].Y));
        Assert.Equal(alone, together);
    }

    // Two streets that cross at the centre, the east-west one two-way in two segments, the north-south one one-way:
    //
    //            3
    //            |
    //     0 ---- 1 ---- 2
    //            |
    //            v
    //            4
    private static City SmallTown()
    {
        var frame = CityFrame.Around(Centre);
        var centre = frame.ToMap(Centre);
        var builder = new StreetNetworkBuilder(frame);
        MapPoint[] points = [new(-80, 0), new(0, 0), new(80, 0), new(0, 80), new(0, -80)];
        points = Array.ConvertAll(points, p => new MapPoint(centre.X + p.X, centre.Y + p.Y));
        for (var n = 0; n < points.Length; n++)
        {
            builder.AddNode(n + 1, points[n]);
        }

        builder.AddSegment(new(0, 1, [points[0], points[1]], 100, 0, Directions.Both, "Deichstraße"));
        builder.AddSegment(new(1, 2, [points[1], points[2]], 100, 1, Directions.Both, "Deichstraße"));
        builder.AddSegment(new(3, 1, [points[3], points[1]], 101, 0, Directions.Forward, "Königstraße", StreetClass.LivingStreet, WidthM: 7.5f));
        builder.AddSegment(new(1, 4, [points[1], points[4]], 101, 1, Directions.Forward, "Königstraße", StreetClass.LivingStreet, WidthM: 7.5f));
        return Town(builder.Build()) with
        {
            Addresses = [new("Deichstraße", "12a", "47051", "Duisburg", new(Centre.Lat + 0.0001, Centre.Lon + 0.0001), 0)],
            Map = new(
                [new(AreaKind.Building, "Rathaus", [Box(0.0001, 0.0001)]), new(AreaKind.Water, "Hafen", [Box(0.001, 0.0005)])],
                [new("Markt", "square", Centre)]),
        };
    }

    private static City Town(StreetNetwork streets)
    {
        var cleaning = new CleaningClass("S2", "zweimal", 2, 1);
        var kerbs = new List<Kerb>();
        for (var arc = 0; arc < streets.ArcCount; arc++)
        {
            kerbs.Add(new(kerbs.Count, "", arc, KerbSide.Right, streets.ArcLengthM[arc], streets.ArcName(arc), cleaning));
            if (streets.ArcReverse[arc] < 0)
            {
                kerbs.Add(new(kerbs.Count, "", arc, KerbSide.Left, streets.ArcLengthM[arc], streets.ArcName(arc), cleaning));
            }
        }

        return new()
        {
            Name = "Probe",
            Fingerprint = "",
            Streets = streets,
            Kerbs = [.. kerbs.Select(k => k with { Key = streets.ArcKey(k.Arc) + (k.Side == KerbSide.Left ? "l" : "") })],
            Addresses = [],
            Depot = new("Betriebshof", 0, 1, 1, 1, 1, 100),
            Map = new([], []),
            Report = new([], [], []),
        };
    }

    // A closed box around the centre, half as wide and as high as the numbers say, degrees.
    private static System.Collections.Immutable.ImmutableArray<GeoPoint> Box(double halfLon, double halfLat) =>
    [
        new(Centre.Lat - halfLat, Centre.Lon - halfLon),
        new(Centre.Lat - halfLat, Centre.Lon + halfLon),
        new(Centre.Lat + halfLat, Centre.Lon + halfLon),
        new(Centre.Lat + halfLat, Centre.Lon - halfLon),
        new(Centre.Lat - halfLat, Centre.Lon - halfLon),
    ];

    private static VectorTile Read(CityTiles tiles, int zoom, GeoPoint at)
    {
        var (x, y) = TileAt(zoom, at);
        return Read(tiles.Tile(zoom, x, y), zoom, x, y);
    }

    // The library's reader is the judge of what we write.
    private static VectorTile Read(byte[] bytes, int zoom, int x, int y) =>
        new MapboxTileReader().Read(new MemoryStream(bytes), new NetTopologySuite.IO.VectorTiles.Tiles.Tile(x, y, zoom), "id");

    private static IFeature[] Features(VectorTile tile, string layer) =>
        [.. tile.Layers.Where(l => l.Name == layer).SelectMany(l => l.Features)];

    private static GeoPoint MiddleOfTile(GeoPoint at)
    {
        var tile = NetTopologySuite.IO.VectorTiles.Tiles.Tile.CreateAroundLocation(at.Lat, at.Lon, 16)!;
        return new((tile.Top + tile.Bottom) / 2, (tile.Left + tile.Right) / 2);
    }

    private static (int X, int Y) TileAt(int zoom, GeoPoint at)
    {
        var tile = NetTopologySuite.IO.VectorTiles.Tiles.Tile.CreateAroundLocation(at.Lat, at.Lon, zoom)!;
        return (tile.X, tile.Y);
    }

    // Every tile that a street may lie in.
    private static IEnumerable<(int X, int Y)> Grid(City city, int zoom)
    {
        var points = Enumerable.Range(0, city.Streets.SegmentCount).SelectMany(s => city.Streets.SegmentLine(s).ToArray())
            .Select(p => TileAt(zoom, city.Streets.Frame.ToGeo(p))).ToList();
        var (west, east) = (points.Min(p => p.X), points.Max(p => p.X));
        var (north, south) = (points.Min(p => p.Y), points.Max(p => p.Y));
        return from y in Enumerable.Range(north, south - north + 1) from x in Enumerable.Range(west, east - west + 1) select (x, y);
    }

    // Straight pieces one by one: the intersection of a whole line would count a part that it runs over twice only once.
    private static IEnumerable<LineString> Pieces(Geometry geometry) =>
        Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN)
            .SelectMany(line => line.Coordinates.Zip(line.Coordinates.Skip(1), (from, to) => new LineString([from, to])));

    private static double LengthM(CityFrame frame, Geometry line) =>
        LengthM(Array.ConvertAll(line.Coordinates, c => frame.ToMap(new(c.Y, c.X))));

    private static double LengthM(ReadOnlySpan<MapPoint> line)
    {
        var lengthM = 0.0;
        for (var i = 1; i < line.Length; i++)
        {
            lengthM += line[i - 1].DistanceTo(line[i]);
        }

        return lengthM;
    }
}
