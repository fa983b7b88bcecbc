using CsCheck;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Roads;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Roads;

/// <summary>The line along which a vehicle drives its way.</summary>
public sealed class RoadPathTests
{
    private const double RadiusM = 3.5;

    // A crossing of two streets of 6 m, arms of 60 m: east, north, west, south.
    private static readonly StreetNetwork Crossing = Cross();

    [Theory]
    [InlineData("w", "e", 0)]
    [InlineData("w", "s", -90)]
    [InlineData("w", "n", 90)]
    [InlineData("s", "e", -90)]
    public void Every_way_over_a_crossing_ends_in_its_lane_and_turns_as_a_vehicle_can(string from, string to, double turnDeg)
    {
        var (into, outOf) = (Arc(from, "x"), Arc("x", to));
        var path = RoadPath.Of(Crossing, [new(into, -1.5), new(outOf, -1.5)], RadiusM);

        var end = path.Points[^1];
        Assert.Equal(turnDeg, (end.HeadingRad - path.Points[0].HeadingRad) * 180 / Math.PI, 1.0);
        var network = Crossing;
        var tip = network.NodePoint[network.ArcHead[outOf]];
        Assert.Equal(1.5, end.At.DistanceTo(tip), 0.01);
        Assert.Equal(1.5, end.RightM, 0.01);
        Assert.Equal(1.5, end.OwnLeftM, 0.01);
        Holds(path);
        Assert.All(path.Points.ToArray(), point => Assert.True(Math.Abs(point.Curvature) <= 1 / RadiusM, $"1/{1 / point.Curvature:F1} m at {point.AlongM:F1}"));
    }

    [Theory]
    [InlineData(-1.5)]
    [InlineData(0)]
    [InlineData(-4)]
    public void Turning_round_comes_out_on_the_other_half_of_the_street(double asideM)
    {
        var path = RoadPath.Of(Crossing, [new(Arc("w", "x"), asideM), new(Arc("x", "w"), asideM)], RadiusM);

        Holds(path);
        var (start, end) = (path.Points[0], path.Points[^1]);
        Assert.Equal(Math.PI, Math.Abs(Math.IEEERemainder(end.HeadingRad - start.HeadingRad, 2 * Math.PI)), 0.01);
        Assert.Equal(2 * Math.Abs(asideM), end.At.DistanceTo(start.At), 0.05);
        Assert.Equal(asideM > -3.85, path.Points.ToArray().Any(point => point.IsReverse));
        Assert.All(path.Points.ToArray(), point => Assert.True(Math.Abs(point.Curvature) <= 1 / RadiusM, $"1/{1 / point.Curvature:F1} m at {point.AlongM:F1}"));
    }

    [Fact]
    public void A_point_beside_the_path_is_found_again() =>
        Gen.Select(Gen.Double[1, 115], Gen.Double[-2, 2]).Sample(
            (alongM, asideM) =>
            {
                var path = RoadPath.Of(Crossing, [new(Arc("w", "x"), -1.5), new(Arc("x", "s"), -1.5)], RadiusM);
                alongM = Math.Min(alongM, path.LengthM - 1);
                var on = path.At(alongM);
                var beside = new MapPoint(on.At.X - (asideM * Math.Sin(on.HeadingRad)), on.At.Y + (asideM * Math.Cos(on.HeadingRad)));

                var (along, aside) = path.Project(beside, alongM);

                Assert.Equal(alongM, along, 0.4);
                Assert.Equal(asideM, aside, 0.1);
            },
            iter: 300);

    [Fact]
    public void On_random_ways_through_Musterstadt_the_path_never_breaks()
    {
        var city = Town.Musterstadt;
        var steer = new List<double>();
        Gen.Int[0, int.MaxValue].Array[12].Sample(
            dice =>
            {
                var network = city.Streets;
                var arc = dice[0] % network.ArcCount;
                var legs = new List<PathLeg>();
                foreach (var number in dice)
                {
                    legs.Add(new(arc, Carriageway.Of(network, arc).LaneCentreM(0)));
                    var node = network.ArcHead[arc];
                    var count = network.FirstOut[node + 1] - network.FirstOut[node];
                    if (count == 0)
                    {
                        break;
                    }

                    arc = network.FirstOut[node] + (number % count);
                }

                var path = RoadPath.Of(network, legs, RadiusM);
                Holds(path);
                lock (steer)
                {
                    foreach (var point in path.Points)
                    {
                        steer.Add(Math.Abs(point.Curvature));
                    }
                }
            },
            iter: 300);

        // Corners of the map nearer to each other than a vehicle turns are left to the planner, which leaves the line there.
        Assert.InRange(steer.Count(c => c > 1 / RadiusM) / (double)steer.Count, 0, 0.01);
    }

    private static void Holds(RoadPath path)
    {
        var points = path.Points;
        for (var i = 1; i < points.Length; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            Assert.InRange(a.At.DistanceTo(b.At), 0, 0.9);
            Assert.True(b.Leg > a.Leg || (b.Leg == a.Leg && b.LegM >= a.LegM - 1e-9), $"progress goes back at {b.AlongM:F1} m");
            Assert.True(b.AlongM >= a.AlongM);
            Assert.True(double.IsFinite(b.HeadingRad) && double.IsFinite(b.Curvature));
        }

        Assert.Equal(path.Legs.Count - 1, points[^1].Leg);
    }

    private static int Arc(string from, string to)
    {
        var network = Crossing;
        return Enumerable.Range(0, network.ArcCount).Single(arc => Name(network.ArcTail[arc]) == from && Name(network.ArcHead[arc]) == to);
    }

    private static string Name(int node) => "xenws"[node].ToString();

    private static StreetNetwork Cross()
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] places = [new(0, 0), new(60, 0), new(0, 60), new(-60, 0), new(0, -60)];
        foreach (var (i, place) in places.Index())
        {
            builder.AddNode(i + 1, place);
        }

        for (var i = 1; i <= 4; i++)
        {
            builder.AddSegment(new(0, i, [places[0], places[i]], 100 + i, 0, Directions.Both, WidthM: 6));
        }

        return builder.Build();
    }
}
