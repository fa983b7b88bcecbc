using Kehrwerk.Streets.Import;
using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

public sealed class StreetRulesTests
{
    //   5 --- 1 --- 2 --- 3 --- 6      way 10 (1 2 3), and a way round (way 20: 5 1 4 3 6) with dead ends to turn in,
    //          \         /             so that one-way streets stay connected
    //           --- 4 ---
    private static OsmText Round(string tags) => new OsmText()
        .Node(1, 0, 0).Node(2, 50, 0).Node(3, 100, 0).Node(4, 50, -50).Node(5, -20, 0).Node(6, 120, 0)
        .Way(10, "1 2 3", tags).Way(20, "5 1 4 3 6", "highway=residential; name=Rundweg");

    private static string ArcsOfWay10(City city) => string.Join(' ', city.Arcs().Split(' ').Where(a => a.StartsWith("10.", StringComparison.Ordinal)));

    [Theory]
    [InlineData("", "10.0b 10.0f")]
    [InlineData("; oneway=yes", "10.0f")]
    [InlineData("; oneway=true", "10.0f")]
    [InlineData("; oneway=1", "10.0f")]
    [InlineData("; oneway=-1", "10.0b")]
    [InlineData("; oneway=reverse", "10.0b")]
    [InlineData("; oneway=no", "10.0b 10.0f")]
    [InlineData("; oneway:conditional=yes @ (Mo-Fr)", "10.0b 10.0f")]
    [InlineData("; junction=roundabout", "10.0f")]
    [InlineData("; junction=circular", "10.0f")]
    [InlineData("; junction=roundabout; oneway=-1", "10.0b")]
    [InlineData("; oneway=alternating", "10.0b 10.0f")]
    public void A_one_way_street_is_driven_in_its_direction_only(string tags, string arcs) =>
        Assert.Equal(arcs, ArcsOfWay10(Round("highway=residential" + tags).Import()));

    [Fact]
    public void A_street_whose_direction_changes_by_the_hour_is_left_out()
    {
        var city = Round("highway=residential; oneway=reversible").Import();
        Assert.Equal("", ArcsOfWay10(city));
        Assert.Equal(1, city.LeftOut("direction changes"));
    }

    [Theory]
    [InlineData("highway=primary", true, false)]
    [InlineData("highway=secondary_link", true, false)]
    [InlineData("highway=living_street", true, false)]
    [InlineData("highway=pedestrian", true, false)]
    [InlineData("highway=pedestrian; motor_vehicle=no", true, true)]
    [InlineData("highway=pedestrian; access=no", true, true)]
    [InlineData("highway=residential; motor_vehicle=no", true, true)]
    [InlineData("highway=residential; vehicle=no; bicycle=yes", true, true)]
    [InlineData("highway=residential; motor_vehicle=agricultural;destination", true, false)]
    [InlineData("highway=residential; access=destination", true, false)]
    [InlineData("highway=residential; access=private", false, false)]
    [InlineData("highway=residential; access=private; motor_vehicle=delivery", true, false)]
    [InlineData("highway=residential; access=no", false, false)]
    [InlineData("highway=service", true, false)]
    [InlineData("highway=service; service=alley", true, false)]
    [InlineData("highway=service; service=bus; access=no; psv=yes", false, false)]
    [InlineData("highway=service; service=bus; motor_vehicle=psv", true, true)]
    [InlineData("highway=service; service=driveway", false, false)]
    [InlineData("highway=service; service=parking_aisle", false, false)]
    [InlineData("highway=service; access=customers", false, false)]
    [InlineData("highway=track", false, false)]
    [InlineData("highway=track; tracktype=grade1", true, false)]
    [InlineData("highway=track; tracktype=grade1; motor_vehicle=agricultural", false, false)]
    [InlineData("highway=footway", false, false)]
    [InlineData("highway=footway; motor_vehicle=yes", true, false)]
    [InlineData("highway=footway; access=yes", false, false)]
    [InlineData("highway=cycleway; vehicle=destination", true, false)]
    [InlineData("highway=steps", false, false)]
    [InlineData("highway=construction", false, false)]
    [InlineData("highway=proposed", false, false)]
    [InlineData("highway=motorway", false, false)]
    [InlineData("highway=trunk; motorroad=yes", false, false)]
    [InlineData("highway=trunk", true, false)]
    [InlineData("highway=pedestrian; area=yes", false, false)]
    [InlineData("highway=residential; maxheight=2", false, false)]
    [InlineData("highway=residential; maxheight=2.5 m", true, false)]
    [InlineData("highway=residential; maxwidth=1.5", false, false)]
    [InlineData("highway=residential; maxweight=2.8", false, false)]
    [InlineData("highway=residential; maxweight=3.5 t", true, false)]
    [InlineData("building=yes", false, false)]
    public void A_way_is_taken_as_the_table_says(string tags, bool taken, bool restricted)
    {
        var city = Round(tags).Import();
        Assert.Equal(taken ? "10.0b 10.0f" : "", ArcsOfWay10(city));
        if (taken)
        {
            var segment = city.Streets.ArcSegment[city.Streets.FindArc("10.0f")!.Value];
            Assert.Equal(restricted, city.Streets.SegmentTraits[segment].HasFlag(SegmentTraits.Restricted));
        }
        else if (tags.StartsWith("highway", StringComparison.Ordinal))
        {
            Assert.Equal(1, city.Report.LeftOut.Where(c => c.What is not "kerb shorter than 3 m").Sum(c => c.Count));
        }
    }

    [Theory]
    [InlineData("30", 30.0)]
    [InlineData("30 mph", 48.28)]
    [InlineData("DE:urban", 50.0)]
    [InlineData("DE:zone:20", 20.0)]
    [InlineData("DE:zone30", 30.0)]
    [InlineData("walk", 7.0)]
    [InlineData("none", 130.0)]
    [InlineData("signals", null)]
    [InlineData("fast", null)]
    [InlineData("-5", null)]
    [InlineData("99999999999999999999", null)]
    public void A_speed_limit_is_understood_or_unknown(string value, double? kmh)
    {
        Assert.Equal(kmh is null, WayMeasures.SpeedKmh(value) is null);
        Assert.Equal(kmh ?? 0, WayMeasures.SpeedKmh(value) ?? 0, 0.01);
    }

    [Theory]
    [InlineData("width=6.5", 6.5)]
    [InlineData("width=6,5 m", 6.5)]
    [InlineData("width=20'", 6.096)]
    [InlineData("est_width=5", 5)]
    [InlineData("lanes=3", 9)]
    [InlineData("width=1000000000", 0)]
    [InlineData("width=wide; lanes=2", 6)]
    [InlineData("lanes=-2", 0)]
    [InlineData("name=A", 0)]
    public void The_width_of_a_carriageway_is_read_or_estimated_or_unknown(string tags, double widthM) =>
        Assert.Equal(widthM, Round("highway=residential; " + tags).Import().Streets.SegmentWidthM[0], 1e-4);

    [Fact]
    public void Name_surface_bridge_and_default_speed_are_read()
    {
        var streets = Round("highway=living_street; name=Zum Hafen; surface=sett; bridge=yes").Import().Streets;
        var segment = streets.ArcSegment[streets.FindArc("10.0f")!.Value];
        Assert.Equal("Zum Hafen", streets.SegmentName(segment));
        Assert.Equal(Surface.Sett, streets.SegmentSurface[segment]);
        Assert.Equal(SegmentTraits.Bridge | SegmentTraits.Narrow, streets.SegmentTraits[segment]);
        Assert.Equal(7 / 3.6, streets.ArcSpeedMps[streets.FindArc("10.0f")!.Value], 1e-9);
        Assert.Equal(100, streets.ArcLengthM[streets.FindArc("10.0f")!.Value], 0.2);
    }

    [Fact]
    public void A_street_without_a_name_is_called_by_its_number() =>
        Assert.Equal("L 1 / L 2", Round("highway=secondary; ref=L 1;L 2").Import().Streets.SegmentName(0));

    //          4
    //          |            way 10 is cut at 2, where way 20 begins, and not at 3
    //   1 ---- 2 ---- 3 ---- 5
    [Fact]
    public void Ways_are_cut_where_they_meet()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0).Node(3, 100, 0).Node(5, 150, 0).Node(4, 50, 50)
            .Way(10, "1 2 3 5", "highway=residential").Way(20, "2 4", "highway=residential")
            .Way(30, "3 4", "highway=footway")
            .Import();
        Assert.Equal("10.0b 10.0f 10.1b 10.1f 20.0b 20.0f", city.Arcs());
        Assert.Equal(4, city.Streets.NodeCount);
        Assert.Equal(3, city.Streets.SegmentLine(city.Streets.ArcSegment[city.Streets.FindArc("10.1f")!.Value]).Length);
    }

    //   1 ---- 2 ---- 3 - - - (4 is not in the file) - - - 5 ---- 6
    [Fact]
    public void A_way_with_missing_nodes_ends_there_and_is_counted()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0).Node(3, 100, 0).Node(5, 200, 0).Node(6, 220, 0)
            .Way(10, "1 2 3 4 5 6", "highway=residential")
            .Import();
        Assert.Equal("10.0b 10.0f", city.Arcs());
        Assert.Equal(1, city.LeftOut("street cut at the edge"));
        Assert.Equal(1, city.LeftOut("street not connected"));
    }

    //   1 ---- 2 -(x)- 3 ---- 4        barrier at 5 between 2 and 3
    //          5 is on way 10: 1 2 5 3 4, longer part on the left
    [Theory]
    [InlineData("barrier=bollard", true)]
    [InlineData("barrier=block", true)]
    [InlineData("barrier=cycle_barrier", true)]
    [InlineData("barrier=bollard; motor_vehicle=yes", false)]
    [InlineData("barrier=gate", false)]
    [InlineData("barrier=gate; access=private", true)]
    [InlineData("barrier=gate; access=no; foot=yes", true)]
    [InlineData("barrier=gate; locked=yes", true)]
    [InlineData("barrier=lift_gate; access=delivery", false)]
    [InlineData("barrier=kerb", false)]
    [InlineData("barrier=entrance", false)]
    [InlineData("barrier=no", false)]
    [InlineData("highway=crossing", false)]
    public void A_closed_barrier_splits_the_street(string tags, bool splits)
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0).Node(5, 80, 0, tags).Node(3, 100, 0).Node(4, 120, 0)
            .Way(10, "1 2 5 3 4", "highway=residential")
            .Import();
        Assert.Equal("10.0b 10.0f", city.Arcs());
        Assert.Equal(splits ? 80 : 120, city.Streets.ArcLengthM[0], 0.2);
        Assert.Equal(splits ? 1 : 0, city.LeftOut("passage closed"));
        Assert.Equal(splits ? 1 : 0, city.LeftOut("street not connected"));
    }

    //   1 ---- 2 -(5)- 3 ---- 4        a bollard at 5; the way round by 6 keeps both ends
    //          +-- 6 --+
    [Fact]
    public void The_two_ends_at_a_closed_barrier_share_an_osm_id_but_no_key()
    {
        var streets = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0).Node(5, 80, 0, "barrier=bollard").Node(3, 100, 0).Node(4, 120, 0).Node(6, 80, 40)
            .Way(10, "1 2 5 3 4", "highway=residential").Way(20, "2 6 3", "highway=residential")
            .Import().Streets;

        var atBarrier = Enumerable.Range(0, streets.NodeCount).Where(node => streets.NodeOsmId[node] == 5).ToList();
        Assert.Equal(["n5", "n5.1"], atBarrier.Select(streets.NodeKey));
        Assert.All(Enumerable.Range(0, streets.NodeCount), node => Assert.Equal(node, streets.FindNode(streets.NodeKey(node))));
        Assert.Null(streets.FindNode("n4711"));
    }

    [Fact]
    public void A_barrier_drawn_on_a_junction_closes_nothing()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0, "barrier=bollard").Node(3, 100, 0).Node(4, 50, 50)
            .Way(10, "1 2 3", "highway=residential").Way(20, "2 4", "highway=residential")
            .Import();
        Assert.Equal("10.0b 10.0f 10.1b 10.1f 20.0b 20.0f", city.Arcs());
        Assert.Equal(1, city.LeftOut("barrier drawn on a junction"));
    }

    //   1 ---- 2 ----> 3      way 20 is one-way into nothing: whoever enters cannot come back
    [Fact]
    public void A_street_that_cannot_be_left_again_is_left_out()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0).Node(3, 100, 0)
            .Way(10, "1 2", "highway=residential").Way(20, "2 3", "highway=residential; oneway=yes")
            .Import();
        Assert.Equal("10.0b 10.0f", city.Arcs());
        var reason = Assert.Single(city.Report.LeftOut, c => c.What.StartsWith("street not connected", StringComparison.Ordinal));
        Assert.Equal((1, 50.0), (reason.Count, Math.Round(reason.LengthM)));
    }

    //   1 ---- 2 ---- 3      The only way out of 3 is a banned turn at 2:
    //          |             way 20 can be entered, and whoever comes back may not leave it.
    //          4
    [Fact]
    public void A_street_that_is_only_left_by_banned_turns_is_left_out()
    {
        var town = new OsmText()
            .Node(1, 0, 0).Node(2, 60, 0).Node(3, 90, 0).Node(4, 60, -60)
            .Way(10, "1 2", "highway=residential").Way(20, "2 3", "highway=residential").Way(30, "2 4", "highway=residential");
        Assert.Equal(6, town.Import().Streets.ArcCount);
        var city = town
            .Relation(1, "type=restriction; restriction=no_straight_on", "way 20 from", "node 2 via", "way 10 to")
            .Relation(2, "type=restriction; restriction=no_left_turn", "way 20 from", "node 2 via", "way 30 to")
            .Import();
        Assert.Equal("10.0b 10.0f 30.0b 30.0f", city.Arcs());
        Assert.Equal(1, city.LeftOut("street not connected"));
    }

    [Fact]
    public void The_larger_of_two_separate_parts_is_kept()
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0).Node(3, 0, 500).Node(4, 200, 500)
            .Way(10, "1 2", "highway=residential").Way(20, "3 4", "highway=residential")
            .Import();
        Assert.Equal("20.0b 20.0f", city.Arcs());
    }
}
