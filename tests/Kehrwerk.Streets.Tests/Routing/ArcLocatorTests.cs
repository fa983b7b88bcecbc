using CsCheck;
using Xunit;

namespace Kehrwerk.Streets.Tests.Routing;

public sealed class ArcLocatorTests
{
    // Two carriageways 20 m apart, the southern one eastwards, the northern one westwards, and a two-way street to their east:
    //
    //   3 <------------ 2
    //                   |
    //   0 ------------> 1
    private static StreetNetwork DualCarriageway()
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] points = [new(0, 0), new(100, 0), new(100, 20), new(0, 20)];
        for (var n = 0; n < points.Length; n++)
        {
            builder.AddNode(n + 1, points[n]);
        }

        builder.AddSegment(new(0, 1, [points[0], new(50, 0), points[1]], 10, 0, Directions.Forward));
        builder.AddSegment(new(2, 3, [points[2], points[3]], 11, 0, Directions.Forward));
        builder.AddSegment(new(1, 2, [points[1], points[2]], 12, 0, Directions.Both));
        return builder.Build();
    }

    [Fact]
    public void The_nearest_place_has_its_arc_its_offset_and_its_distance()
    {
        var streets = DualCarriageway();
        var place = new ArcLocator(streets).Nearest(new(70, -3), 10)!.Value;
        Assert.Equal("10.0f", streets.ArcKey(place.Arc));
        Assert.Equal(70, place.OffsetM, 9);
        Assert.Equal(3, place.DistanceM, 9);
    }

    [Theory]
    [InlineData(0, "10.0f")]
    [InlineData(Math.PI, "11.0f")]
    [InlineData(-0.9 * Math.PI, "11.0f")]
    [InlineData(2.1 * Math.PI, "10.0f")]
    public void The_heading_decides_between_two_carriageways(double headingRad, string key)
    {
        var streets = DualCarriageway();
        Assert.Equal(key, streets.ArcKey(new ArcLocator(streets).Nearest(new(50, 10.5), 30, headingRad)!.Value.Arc));
    }

    [Theory]
    [InlineData(Math.PI / 2, "12.0f", 15)]
    [InlineData(-Math.PI / 2, "12.0b", 5)]
    public void The_heading_decides_between_the_directions_of_a_street(double headingRad, string key, double offsetM)
    {
        var streets = DualCarriageway();
        var place = new ArcLocator(streets).Nearest(new(99, 15), 30, headingRad)!.Value;
        Assert.Equal(key, streets.ArcKey(place.Arc));
        Assert.Equal(offsetM, place.OffsetM, 9);
    }

    [Fact]
    public void A_wrong_way_driver_is_still_found_on_the_street_he_is_in()
    {
        var streets = DualCarriageway();
        var place = new ArcLocator(streets).Nearest(new(20, 0), 5, Math.PI);
        Assert.Equal("10.0f", streets.ArcKey(place!.Value.Arc));
    }

    [Theory]
    [InlineData(103, "12.0f")]
    [InlineData(97, "12.0b")]
    public void Without_a_heading_the_point_lies_to_the_right_of_its_arc(double x, string key)
    {
        var streets = DualCarriageway();
        Assert.Equal(key, streets.ArcKey(new ArcLocator(streets).Nearest(new(x, 10), 30)!.Value.Arc));
    }

    [Fact]
    public void Nothing_is_near_a_point_too_far_away_or_off_the_earth()
    {
        var locator = new ArcLocator(DualCarriageway());
        Assert.Null(locator.Nearest(new(50, -31), 30));
        Assert.Null(locator.Nearest(new(double.NaN, 0), 30));
        Assert.Null(locator.Nearest(new(1e300, 0), double.PositiveInfinity));
        Assert.NotNull(locator.Nearest(new(9e7, -9e7), double.PositiveInfinity));
        var empty = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76))).Build();
        Assert.Null(new ArcLocator(empty).Nearest(new(0, 0), 30));
    }

    [Fact]
    public void No_place_on_any_arc_is_nearer_than_the_one_that_is_found() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[2, 60], Gen.Double[-0.5, 1.5], Gen.Double[-0.5, 1.5]).Sample(
            (seed, nodeCount, shareX, shareY) =>
            {
                var streets = RandomStreets.Create(seed, nodeCount);
                var sideM = 100 * Math.Sqrt(nodeCount);
                var point = new MapPoint(340_000 + (shareX * sideM), 5_700_000 + (shareY * sideM));
                var nearestM = Enumerable.Range(0, streets.ArcCount).Min(arc => DistanceM(point, streets.ArcLine(arc)));
                Assert.Equal(nearestM, new ArcLocator(streets).Nearest(point, 1e6)!.Value.DistanceM, 6);
            },
            iter: 120);

    private static double DistanceM(MapPoint point, MapPoint[] line) =>
        line.Zip(line.Skip(1)).Min(piece =>
        {
            var (dx, dy) = (piece.Second.X - piece.First.X, piece.Second.Y - piece.First.Y);
            var share = (((point.X - piece.First.X) * dx) + ((point.Y - piece.First.Y) * dy)) / Math.Max(1e-12, (dx * dx) + (dy * dy));
            return point.DistanceTo(piece.First.Towards(piece.Second, Math.Clamp(share, 0, 1)));
        });
}
