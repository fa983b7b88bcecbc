using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

public sealed class AreaAndDepotTests
{
    private static OsmText Street() => new OsmText()
        .Node(1, 0, 0).Node(2, 200, 0).Node(3, 300, 0)
        .Way(10, "1 2", "highway=residential; name=Weg").Way(11, "2 3", "highway=service");

    [Theory]
    [InlineData("building=house", AreaKind.Building)]
    [InlineData("natural=water; name=See", AreaKind.Water)]
    [InlineData("waterway=riverbank", AreaKind.Water)]
    [InlineData("leisure=park", AreaKind.Green)]
    [InlineData("landuse=cemetery", AreaKind.Green)]
    [InlineData("natural=wood", AreaKind.Green)]
    [InlineData("landuse=industrial", AreaKind.Industry)]
    [InlineData("highway=pedestrian; area=yes", AreaKind.Plaza)]
    [InlineData("place=square", AreaKind.Plaza)]
    public void Areas_are_read_by_kind(string tags, AreaKind kind)
    {
        var area = Assert.Single(Street().Square(50, 500, 50, 50, 20, tags).Import().Map.Areas);
        Assert.Equal(kind, area.Kind);
        var ring = Assert.Single(area.Rings);
        Assert.Equal(5, ring.Length);
        Assert.Equal(ring[0], ring[^1]);
    }

    [Theory]
    [InlineData("landuse=residential")]
    [InlineData("building=no")]
    public void Other_areas_are_not_drawn(string tags) => Assert.Empty(Street().Square(50, 500, 50, 50, 20, tags).Import().Map.Areas);

    //   500 ------- 501        outer ring of ways 50 (500 501 502) and 51 (500 503 502, drawn the other way),
    //    |  600-601  |         inner ring way 60, a second outer ring way 70 far away
    //    |  603-602  |
    //   503 ------- 502
    [Fact]
    public void A_multipolygon_is_put_together_from_its_ways()
    {
        var city = Street()
            .Node(500, 0, 100).Node(501, 100, 100).Node(502, 100, 0).Node(503, 0, 0)
            .Way(50, "500 501 502", "").Way(51, "500 503 502", "")
            .Square(60, 600, 50, 50, 10, "").Square(70, 700, 300, 50, 10, "")
            .Relation(1, "type=multipolygon; natural=water; name=Hafen", "way 50 outer", "way 60 inner", "way 51 outer", "way 70 outer")
            .Import();
        Assert.Equal(2, city.Map.Areas.Length);
        var harbour = Assert.Single(city.Map.Areas, a => a.Rings.Length == 2);
        Assert.Equal(("Hafen", AreaKind.Water), (harbour.Name, harbour.Kind));
        Assert.All(city.Map.Areas, a => Assert.All(a.Rings, r => Assert.Equal((5, r[0]), (r.Length, r[^1]))));
    }

    [Theory]
    [InlineData("way 50 outer")]
    [InlineData("way 50 outer", "way 999 outer")]
    public void A_broken_multipolygon_is_counted(params string[] members)
    {
        var city = Street()
            .Node(500, 0, 100).Node(501, 100, 100).Node(502, 100, 0)
            .Way(50, "500 501 502", "")
            .Relation(1, "type=multipolygon; natural=water", members)
            .Import();
        Assert.Empty(city.Map.Areas);
        Assert.Equal(1, city.LeftOut("area that is not closed"));
    }

    [Fact]
    public void Places_are_read_from_nodes_and_areas()
    {
        var city = Street()
            .Node(90, 10, 10, "place=suburb; name=Hafenviertel").Node(91, 20, 10, "railway=station; name=Musterstadt Hbf").Node(92, 20, 10, "place=suburb")
            .Square(50, 500, 50, 50, 20, "place=square; name=Markt")
            .Import();
        Assert.Equal(["suburb Hafenviertel", "station Musterstadt Hbf", "square Markt"], city.Map.Places.Select(p => $"{p.Kind} {p.Name}"));
    }

    //   1 ------- 2 ------- 3
    //                      /      depot 40 × 40 m around (300, -50): node 3 is outside, the yard ends at 5
    //                    [5]
    [Fact]
    public void The_depot_is_reached_over_its_private_yard()
    {
        var city = Street()
            .Node(5, 300, -50)
            .Way(12, "3 5", "highway=service; access=private; service=driveway")
            .Square(50, 500, 300, -50, 20, "landuse=depot; name=Betriebshof Nord")
            .Node(80, 295, -45, "amenity=charging_station; capacity=3").Node(81, 295, -50, "amenity=charging_station")
            .Node(82, 295, -55, "amenity=waste_transfer_station").Node(83, 305, -45, "amenity=vehicle_wash").Node(84, 305, -55, "amenity=vehicle_wash")
            .Node(85, 305, -50, "man_made=water_tap")
            .Node(86, 100, 50, "amenity=charging_station; capacity=50")
            .Import();
        Assert.Equal("12.0f", city.Streets.ArcKey(city.Depot.Arc));
        Assert.Equal(new Depot("Betriebshof Nord", city.Depot.Arc, 4, 1, 2, 1, 88), city.Depot);
        Assert.DoesNotContain(city.Report.Warnings, w => w.Contains("depot", StringComparison.Ordinal));
        Assert.Contains(city.Map.Areas, a => a.Kind == AreaKind.Depot);
    }

    [Fact]
    public void A_private_yard_elsewhere_stays_left_out()
    {
        var city = Street().Node(5, 300, -50).Way(12, "3 5", "highway=service; access=private").Import();
        Assert.Equal(4, city.Streets.ArcCount);
    }

    [Fact]
    public void A_city_without_a_depot_gets_one_in_its_middle_and_a_warning()
    {
        var city = Street().Import();
        Assert.Equal(200, MetresEast(city, city.Depot.Arc), 1.0);
        Assert.Equal((4, 1, 1, 1, 88.0), (city.Depot.Chargers, city.Depot.Tips, city.Depot.Washes, city.Depot.WaterPoints, city.Depot.GridLimitKw));
        Assert.Contains(city.Report.Warnings, w => w.Contains("landuse=depot", StringComparison.Ordinal));
    }

    [Fact]
    public void The_depot_is_put_where_a_person_says()
    {
        var city = Street().Import(new() { DepotPosition = OsmText.At(290, 20) });
        Assert.Equal(300, MetresEast(city, city.Depot.Arc), 1.0);
        Assert.Empty(city.Report.Warnings);
    }

    [Theory]
    [InlineData(52.5, 13.4, "from the nearest street")]
    [InlineData(512, 6, "no place on earth")]
    [InlineData(double.NaN, 6, "no place on earth")]
    public void A_depot_outside_the_city_is_refused(double lat, double lon, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Street().Import(new() { DepotPosition = new(lat, lon) })).Message, StringComparison.Ordinal);

    private static double MetresEast(City city, int arc) =>
        city.Streets.NodePoint[city.Streets.ArcHead[arc]].X - city.Streets.Frame.ToMap(OsmText.At(0, 0)).X;
}
