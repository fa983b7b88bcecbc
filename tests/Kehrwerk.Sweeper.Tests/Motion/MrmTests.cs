using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Safety.Odd;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>How the vehicle comes into the minimal risk condition.</summary>
public sealed class MrmTests
{
    [Theory]
    [InlineData(false, 0, true, true, 20, MrmStrategy.StopInLane)]
    [InlineData(false, 20, true, true, 20, MrmStrategy.PullOver)]
    [InlineData(false, 11, true, true, 20, MrmStrategy.StopInLane)]
    [InlineData(false, 20, true, true, 5, MrmStrategy.StopInLane)]
    [InlineData(false, 20, false, true, 20, MrmStrategy.StopInLane)]
    [InlineData(false, 20, true, false, 20, MrmStrategy.StopInLane)]
    [InlineData(true, 0, true, true, 20, MrmStrategy.ClearJunction)]
    [InlineData(true, 20, true, true, 20, MrmStrategy.ClearJunction)]
    [InlineData(true, 20, true, true, 12, MrmStrategy.ClearJunction)]
    [InlineData(true, 20, true, true, 5, MrmStrategy.StopInLane)]
    [InlineData(true, 20, false, true, 20, MrmStrategy.StopInLane)]
    [InlineData(true, 20, true, false, 20, MrmStrategy.StopInLane)]
    public void The_safest_place_that_can_still_be_reached_is_chosen(
        bool isInJunction, double kerbRoomM, bool isLocalised, bool sensesWell, double remainingS, object strategy) =>
        Assert.Equal((MrmStrategy)strategy, MrmChoice.Of(new(isInJunction, kerbRoomM, isLocalised, sensesWell, remainingS)));

    [Fact]
    public void A_driving_program_that_does_not_pull_over_in_time_is_stopped_in_its_lane()
    {
        var scene = Scene(kerbRoomM: 30);
        var (longestM, startedAt) = (0.0, double.NaN);
        while (scene.NowS < 40)
        {
            // It ignores what it is told and drives on.
            scene.Step(new(1, 0, false));
            if (scene.Guard.Verdict.Strategy == MrmStrategy.PullOver)
            {
                startedAt = double.IsNaN(startedAt) ? scene.Ego.X : startedAt;
                Assert.True(scene.Ego.SpeedMps < 6.05);
            }

            longestM = scene.Ego.X - startedAt;
        }

        Assert.Equal(0, scene.Ego.SpeedMps);
        Assert.Equal(MrmStrategy.StopInLane, scene.Guard.Verdict.Strategy);
        Assert.InRange(longestM, 20, MrmChoice.PullOverM + 5);
    }

    [Fact]
    public void A_junction_is_cleared_first_and_then_it_pulls_over()
    {
        var scene = Scene(kerbRoomM: 30);
        scene.Context = scene.Context with { IsInJunction = true };
        var seen = new List<MrmStrategy>();
        while (scene.NowS < 30)
        {
            scene.Context = scene.Context with { IsInJunction = scene.Ego.X < 15 };
            // It goes on, and at 35 m it stands at the kerb.
            scene.Step(new(scene.Ego.X < 33 ? 0.5 : -1.5, 0, false));
            if (seen.Count == 0 || seen[^1] != scene.Guard.Verdict.Strategy)
            {
                seen.Add(scene.Guard.Verdict.Strategy);
            }
        }

        Assert.Equal([MrmStrategy.ClearJunction, MrmStrategy.PullOver, MrmStrategy.StopInLane], seen);
        Assert.InRange(scene.Ego.X, 30, 40);
        Assert.NotEqual(0u, scene.Given.Announced & (1u << (int)Announcement.HazardLights));
        Assert.NotEqual(0u, scene.Given.Announced & (1u << (int)Announcement.MinimalRiskCondition));
    }

    [Fact]
    public void A_fault_on_the_way_to_the_kerb_stops_it_at_once()
    {
        var scene = Scene(kerbRoomM: 30);
        while (scene.NowS < 2)
        {
            scene.Step(new(0, 0, false));
        }

        Assert.Equal(MrmStrategy.PullOver, scene.Guard.Verdict.Strategy);
        scene.Fault = frame => frame.ObjectsAtS = double.NaN;
        while (scene.NowS < 6)
        {
            scene.Step(new(1, 0, false));
        }

        Assert.Equal(MrmStrategy.StopInLane, scene.Guard.Verdict.Strategy);
        Assert.Equal(0, scene.Ego.SpeedMps);
    }

    [Fact]
    public void A_deactivation_stops_where_it_is_though_there_is_room_at_the_kerb()
    {
        var scene = Scene(kerbRoomM: 30);
        scene.Context = scene.Context with { Odd = default, Mode = SafetyMode.Mrm, IsDeactivated = true };
        scene.Step(new(1, 0, false));
        Assert.Equal(MrmStrategy.StopInLane, scene.Guard.Verdict.Strategy);
        Assert.Equal(MotionCause.Deactivated, scene.Guard.Verdict.Cause);
        Assert.Equal(-SweeperModel.Default.DeactivationBrakingMps2, scene.Given.AccelerationMps2);
    }

    [Fact]
    public void A_worse_cause_takes_over_and_what_held_the_wheels_still_holds_them()
    {
        var scene = Scene(kerbRoomM: 30);
        scene.Step(new(1, 0, false));
        Assert.Equal((MrmStrategy.PullOver, MotionCause.OddOutside), (scene.Guard.Verdict.Strategy, scene.Guard.Verdict.Cause));

        scene.Fault = frame => frame.IsTouched = true;
        scene.Step(new(1, 0, false));
        scene.Step(new(1, 0, false));
        scene.Fault = null;
        var heldRad = scene.Given.SteeringRad;
        for (var i = 0; i < 10; i++)
        {
            scene.Step(new(1, 0.3, false));
            Assert.Equal((MotionCause.Contact, -SweeperModel.Default.EmergencyBrakingMps2, heldRad), (scene.Guard.Verdict.Cause, scene.Given.AccelerationMps2, scene.Given.SteeringRad));
        }

        Assert.Equal(Occasion.Conflict, scene.Guard.Verdict.Occasion);
    }

    [Fact]
    public void Every_cause_has_a_code_of_its_own_and_a_text()
    {
        var causes = Enum.GetValues<MotionCause>();
        Assert.True(causes.Length <= 64);
        Assert.Equal(causes.Length, causes.Select(cause => cause.Code()).Distinct().Count());
        Assert.All(causes.Where(cause => cause != MotionCause.None), cause => Assert.NotEmpty(MotionCauses.Of(cause).Text));
    }

    /// <summary>The operating conditions have ended, all else works.</summary>
    private static MotionScene Scene(double kerbRoomM)
    {
        var scene = new MotionScene(1, 6);
        scene.Context = scene.Context with { Odd = new(OddLevel.Outside, OddCondition.Rain, 1), KerbRoomM = kerbRoomM };
        return scene;
    }
}
