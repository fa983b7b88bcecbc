using System.Text;
using Kehrwerk.Sweeper.Sensing;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>V15, AFGBV Anl. 1: a vehicle that cuts in, in view for 0.72 s, is not hit from a time to collision that is given by the closing speed.</summary>
public sealed class CutInTests
{
    private const double OtherMps = 20 / 3.6;

    // Lanes of 3.5 m; the other has come in where its side is 0.3 m across the line (UN R157 takes that moment).
    private const double LaneM = 3.5, AcrossM = 0.3, HalfWidthM = 0.9;
    private const double SeenS = 0.72;

    [Theory]
    [InlineData(10, 0.48)]
    [InlineData(20, 0.71)]
    [InlineData(30, 0.94)]
    [InlineData(40, 1.18)]
    [InlineData(50, 1.41)]
    public void A_vehicle_that_cuts_in_within_the_limits_of_the_law_is_not_hit(double closingKmh, double ttcS)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var scene = Scene(closingKmh, ttcS, seed);
            while (scene.NowS < 8)
            {
                scene.Step(new(scene.NowS < 2 ? 0 : 1, 0, false));
                Assert.True(scene.Touched() is null, $"Hit after {scene.NowS:F2} s with {scene.Ego.SpeedMps:F2} m/s, seed {seed}");
            }
        }
    }

    [Fact]
    public void Without_the_guard_the_same_scene_ends_in_a_collision()
    {
        var scene = Scene(30, 0.94, 1);
        scene.IsGuarded = false;
        while (scene.NowS < 8 && scene.Touched() is null)
        {
            scene.Step(new(0, 0, false));
        }

        Assert.NotNull(scene.Touched());
    }

    private static MotionScene Scene(double closingKmh, double ttcS, int seed)
    {
        const double cutS = 2;
        var closing = closingKmh / 3.6;
        var own = OtherMps + closing;
        var json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vehicles", "compact-v20e.json")).Replace("\"maxSpeedKmh\": 40", "\"maxSpeedKmh\": 100", StringComparison.Ordinal);
        var scene = new MotionScene(seed, own, SweeperModel.Parse(Encoding.UTF8.GetBytes(json), "fast"));
        scene.Context = scene.Context with { Street = scene.Context.Street with { LimitMps = 30 } };
        // It has so far to come to be across the line, and takes the time in which it is seen.
        var aside = LaneM - HalfWidthM - ((LaneM / 2) - AcrossM);
        scene.Agents.Add(new()
        {
            Class = ObjectClass.Car,
            X = 3.5 + (closing * (cutS + ttcS)) + 2.25,
            Y = LaneM,
            SpeedMps = OtherMps,
            DriftMps = -aside / SeenS,
            DriftM = LaneM,
            DriftsFromS = cutS - SeenS,
            SeenFromS = cutS - SeenS,
        });
        return scene;
    }
}
