using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Scenarios;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>The streets of scenes lie where the scenario file says.</summary>
public sealed class SceneMapTests
{
    [Theory]
    [InlineData("Street", 0, 300, 0)]
    [InlineData("Crossing", 0, 300, 0)]
    [InlineData("Crossing", -1, 150, -150)]
    [InlineData("Crossing", 1, 150, 150)]
    [InlineData("Bend", 0, 150, 150)]
    [InlineData("Underpass", 0, 300, 0)]
    [InlineData("DeadEnd", 0, 0, 0)]
    public void The_way_leads_from_the_start_to_its_end(string kind, int turn, double endX, double endY)
    {
        var map = SceneMap.Of(Enum.Parse<SceneKind>(kind), 6, 30, isOneWay: false, isMainRoad: false, turn);

        var streets = map.Streets;
        Assert.Equal(new(0, 0), streets.NodePoint[streets.ArcHead[map.StartArc]]);
        Assert.Equal(streets.ArcHead[map.StartArc], streets.ArcTail[map.Way[0]]);
        Assert.All(map.Way.Zip(map.Way.Skip(1)), pair => Assert.Equal(streets.ArcHead[pair.First], streets.ArcTail[pair.Second]));
        Assert.Equal(new(endX, endY), streets.NodePoint[streets.ArcHead[map.Way[^1]]]);
        Assert.InRange(map.DepotArc, 0, streets.ArcCount - 1);
    }

    [Fact]
    public void Places_are_measured_along_and_to_the_left()
    {
        var bend = SceneMap.Of(SceneKind.Bend, 6, 30, false, false, 0);
        Assert.Equal(new(40, 2), bend.At("main", 40, 2));
        Assert.Equal(new(148, 20), bend.At("main", 170, 2));
        Assert.Equal(new(-5, -2), bend.At("main", -5, -2));
        Assert.Equal(new(148, -50), bend.At("side", 100, 2));
        Assert.Equal(Math.PI / 2, bend.HeadingRad("main", 200), 1e-9);
    }
}
