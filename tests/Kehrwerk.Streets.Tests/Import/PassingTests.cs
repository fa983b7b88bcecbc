using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

/// <summary>Where two sweepers of up to 1.8 m fit beside each other: from 4.35 m of free carriageway on.</summary>
public sealed class PassingTests
{
    [Theory]
    [InlineData("highway=residential", true)]
    [InlineData("highway=living_street", true)]
    [InlineData("highway=pedestrian", true)]
    [InlineData("highway=service", true)]
    [InlineData("highway=unclassified", false)]
    [InlineData("highway=tertiary", false)]
    [InlineData("highway=tertiary; oneway=yes", true)]
    [InlineData("highway=residential; lanes=2", false)]
    [InlineData("highway=tertiary; lanes=1", true)]
    [InlineData("highway=residential; width=6.3", true)]
    [InlineData("highway=residential; width=6.5", false)]
    [InlineData("highway=residential; width=4.5; parking:both=no", false)]
    [InlineData("highway=residential; width=4.3; parking:both=no", true)]
    [InlineData("highway=residential; width=8; parking:both=lane", true)]
    [InlineData("highway=residential; width=8.5; parking:both=lane", false)]
    [InlineData("highway=residential; width=8; parking:left=lane; parking:right=half_on_kerb", false)]
    [InlineData("highway=residential; width=4.5; parking:both=street_side", false)]
    [InlineData("highway=residential; width=9; parking:left=lane; parking:left:orientation=perpendicular; parking:right=no", true)]
    [InlineData("highway=residential; width=9; parking:lane:left=perpendicular; parking:lane:right=no_parking", true)]
    [InlineData("highway=residential; width=7; parking:lane:both=parallel", true)]
    [InlineData("highway=residential; lanes=2; width=3", true)]
    [InlineData("highway=primary; width=4.5", false)]
    [InlineData("highway=service; est_width=4", true)]
    public void In_doubt_two_vehicles_do_not_pass(string tags, bool isNarrow)
    {
        var city = new OsmText()
            .Node(1, 0, 0).Node(2, 50, 0).Node(3, 100, 0).Node(4, 50, -50).Node(5, -20, 0).Node(6, 120, 0)
            .Way(10, "1 2 3", tags).Way(20, "5 1 4 3 6", "highway=residential; name=Rundweg").Import();

        var segment = Enumerable.Range(0, city.Streets.SegmentCount).First(s => city.Streets.SegmentWayId[s] == 10);
        Assert.Equal(isNarrow, city.Streets.SegmentTraits[segment].HasFlag(SegmentTraits.Narrow));
    }
}
