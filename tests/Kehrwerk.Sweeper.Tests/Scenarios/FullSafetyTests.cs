using System.Globalization;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Scenarios;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Scenarios;

/// <summary>Minimal risk manoeuvre and condition of the vehicle that drives itself, from the profile's mode down to the hardware.</summary>
public sealed class FullSafetyTests
{
    [Fact]
    public void A_deactivation_is_ended_by_endMrc_and_the_vehicle_drives_on()
    {
        var drive = new FullDrive();
        drive.Until(() => drive.TrueMps > 3, 40, "drives");
        drive.Command(SweeperActions.Deactivate, "stop");
        drive.Until(() => drive.Standing.Mode == SafetyMode.Mrc, 10, "stands at minimal risk");

        var answer = drive.EndMrc();

        Assert.Equal((ActionStatus.Finished, null), (answer.ActionStatus, answer.ActionResult));
        Assert.Equal(SafetyMode.Supervised, drive.Standing.Mode);
        drive.Until(() => drive.TrueMps > 3, 30, "drives on");
        Assert.Equal(SafetyMode.Supervised, drive.Standing.Mode);
    }

    [Fact]
    public void A_lease_right_after_endMrc_does_not_begin_another()
    {
        var drive = new FullDrive("""
            "faults": [{ "device": "lidar", "kind": "dead", "atS": 12, "forS": 6 }],
            """);
        drive.Until(() => drive.Standing is { Mode: SafetyMode.Mrc, Cause: MrcCause.Fault }, 30, "at minimal risk by a fault");
        drive.Until(() => drive.Self.Impairment == MotionCause.None, 20, "the fault is over");

        var answer = drive.EndMrc();
        drive.Program.Vehicle.Guard!.Take(drive.Lease(), drive.Program.Vehicle);

        Assert.Equal((ActionStatus.Finished, null), (answer.ActionStatus, answer.ActionResult));
        Assert.Equal(SafetyMode.Supervised, drive.Standing.Mode);
        drive.Until(() => drive.TrueMps > 2, 30, "drives on");
        Assert.Equal(1u, drive.Standing.MrcCount);
    }

    /// <summary>The motion guard never lets it pass a person that near: the pilot says so, instead of standing without a word.</summary>
    [Fact]
    public void Held_by_the_guard_because_somebody_stands_too_near_it_asks_and_goes_on_when_he_has_gone()
    {
        var drive = new FullDrive("""
            "agents": [{ "id": "near", "kind": "pedestrian", "way": [{ "atM": 20, "asideM": 6 }] }],
            """);
        Put(1.15);
        drive.Until(() => drive.Self.Pilot.State.Blocked == BlockReason.TooNear, 60, "says that it is held");
        drive.Until(() => drive.Centre.State!.Errors.Any(error => error.ErrorType == Sweeper.Corridors.CorridorPass.WayBlocked), 5, "reports it");
        drive.For(90);
        Assert.Equal(0, drive.TrueMps);

        Put(6);
        drive.Until(() => drive.TrueMps > 2, 20, "goes on");
        Assert.Equal(BlockReason.None, drive.Self.Pilot.State.Blocked);

        // Beside its rear axle, so far to the left.
        void Put(double leftM)
        {
            var body = drive.World.Vehicle.Body;
            var (sin, cos) = Math.SinCos(body.HeadingRad);
            ref var near = ref drive.World.World.At(drive.World.IndexOf("near"));
            (near.X, near.Y) = (body.X - (0.5 * cos) - (leftM * sin), body.Y - (0.5 * sin) + (leftM * cos));
        }
    }

    [Fact]
    public void Without_a_lease_it_pulls_over_to_the_kerb_before_it_is_at_minimal_risk()
    {
        var drive = new FullDrive("""
            "link": { "cutAtS": 20, "cutForS": 60 },
            """);
        drive.Until(() => drive.Standing.Mode == SafetyMode.Mrm, 40, "minimal risk manoeuvre");
        var (beganAsideM, beganS) = (drive.Self.Pilot.State.AsideM, drive.NowS);
        drive.Step();
        Assert.Equal(MrmStrategy.PullOver, drive.Self.Verdict.Strategy);
        drive.Until(() => drive.Standing.Mode == SafetyMode.Mrc, 20, "at minimal risk");

        Assert.True(drive.Self.Pilot.State.AsideM < beganAsideM - 0.5, $"from {beganAsideM:0.00} m to {drive.Self.Pilot.State.AsideM:0.00} m after {drive.NowS - beganS:0.0} s");
        Assert.Equal((MrcCause.LeaseLost, 1u), (drive.Standing.Cause, drive.Standing.MrcCount));
        Assert.Equal(0, drive.TrueMps, 2);
    }

    [Fact]
    public void Without_a_lease_in_a_junction_it_clears_that_first()
    {
        var probe = new FullDrive(kind: "crossing");
        probe.Until(() => FromJunctionM(probe) < 5, 120, "in the junction");
        var cutAtS = (probe.NowS - 3).ToString("0.0", CultureInfo.InvariantCulture);
        var drive = new FullDrive($$"""
            "link": { "cutAtS": {{cutAtS}}, "cutForS": 60 },
            """, "crossing");
        drive.Until(() => drive.Self.Verdict.Action == MotionAction.Mrm, 120, "minimal risk manoeuvre");
        Assert.Equal((MrmStrategy.ClearJunction, true), (drive.Self.Verdict.Strategy, FromJunctionM(drive) < 8));

        drive.Until(() => drive.Standing.Mode == SafetyMode.Mrc, 30, "at minimal risk");

        // The other street is 7 m wide: the tail is out of it.
        Assert.InRange(FromJunctionM(drive) - SweeperModel.Default.RearOverhangM, 3.5 + 1, 60);
    }

    private static double FromJunctionM(FullDrive drive)
    {
        var (map, body) = (drive.World.Map.Streets, drive.World.Vehicle.Body);
        return map.NodePoint.ToArray().Where((_, node) => map.FirstOut[node + 1] - map.FirstOut[node] > 2).Min(point => point.DistanceTo(new(body.X, body.Y)));
    }

    [Fact]
    public void A_touch_on_the_way_to_the_kerb_brakes_hard_and_needs_an_investigation_of_its_own()
    {
        var drive = new FullDrive("""
            "link": { "cutAtS": 20, "cutForS": 20 },
            """);
        drive.Until(() => drive.Self.Verdict.Strategy == MrmStrategy.PullOver, 40, "pulls over");
        var first = drive.Standing.MrcId;

        drive.Fault = frame => frame.IsTouched = true;
        drive.Step();
        drive.Fault = null;

        Assert.Equal((MotionCause.Contact, MrmStrategy.StopInLane), (drive.Self.Verdict.Cause, drive.Self.Verdict.Strategy));
        Assert.True(drive.Self.Verdict.AccelerationMps2 <= -SweeperModel.Default.EmergencyBrakingMps2);
        drive.Until(() => drive.Standing.Mode == SafetyMode.Mrc, 5, "at minimal risk");
        Assert.Equal(MrcCause.Contact, drive.Standing.Cause);
        Assert.NotEqual(first, drive.Standing.MrcId);
    }

    /// <summary>Hardware, the profile's <c>safety</c> and the recorder tell the same.</summary>
    [Fact]
    public void At_minimal_risk_from_standstill_the_hazard_lights_are_on_in_hardware_as_in_the_report()
    {
        var drive = new FullDrive();
        drive.For(3);
        Assert.Equal(0, drive.TrueMps, 2);
        drive.Command(SweeperActions.Deactivate, "stop");
        drive.For(0.3);

        Assert.Equal(SafetyMode.Mrc, drive.Standing.Mode);
        AssertSays(drive, Announcement.HazardLights, Announcement.MinimalRiskCondition);

        drive.EndMrc();
        drive.Until(() => drive.TrueMps > 0.5, 20, "drives on");
        AssertSays(drive, Announcement.WorkLights, Announcement.SettingOff);
        drive.For(2);
        AssertSays(drive, Announcement.WorkLights);
    }

    private static void AssertSays(FullDrive drive, params Announcement[] said)
    {
        Assert.Equal(said, Enum.GetValues<Announcement>().Where(one => (drive.Given.Announced & (1u << (int)one)) != 0));
        Assert.Equal(said, drive.Program.Vehicle.Guard!.DueReport(DateTimeOffset.MaxValue)!.Announcements);
    }

    [Fact]
    public void A_wheel_sensor_stuck_at_zero_from_the_start_is_seen_and_the_vehicle_stops()
    {
        var drive = new FullDrive { Fault = frame => frame.WheelMps = 0 };

        drive.Until(() => drive.Self.Verdict is { Action: MotionAction.Mrm, Cause: MotionCause.WheelDisagrees }, 20, "the fault is seen");

        Assert.True(drive.TrueMps < 1.5, $"{drive.TrueMps:0.00} m/s");
        drive.Until(() => drive.Standing.Mode == SafetyMode.Mrc, 20, "at minimal risk");
        Assert.Equal(0, drive.TrueMps, 2);
    }

    [Fact]
    public void Without_wheels_and_satellites_a_vehicle_that_rolls_on_does_not_count_as_standing()
    {
        var drive = new FullDrive();
        drive.Until(() => drive.TrueMps > 4, 40, "drives");
        var mps = drive.Self.Frame.WheelMps;
        drive.Fault = frame => (frame.WheelMps, frame.GnssX, frame.GnssY) = (mps, double.NaN, double.NaN);
        drive.Broken = told => told with { AccelerationMps2 = Math.Max(told.AccelerationMps2, -0.15) };

        drive.Until(() => drive.Self.Verdict.Action == MotionAction.Mrm, 5, "the fault is seen");
        for (var i = 0; i < 80; i++)
        {
            drive.Step();
            Assert.True(drive.TrueMps > 0.2 && drive.Standing.Mode != SafetyMode.Mrc, $"{drive.Standing.Mode} at {drive.TrueMps:0.00} m/s");
        }

        (drive.Broken, drive.Fault) = (null, frame => frame.WheelMps = mps);
        drive.Until(() => drive.Standing.Mode == SafetyMode.Mrc, 15, "at minimal risk");
        Assert.Equal(0, drive.TrueMps, 2);
    }

    [Fact]
    public void A_program_that_begins_while_the_vehicle_rolls_brakes_and_says_that_it_has_no_position()
    {
        var drive = new FullDrive { Fault = frame => (frame.GnssX, frame.GnssY) = (double.NaN, double.NaN) };
        drive.World.Vehicle.Body.SpeedMps = 4;
        drive.For(2.5);
        Assert.DoesNotContain(drive.Centre.State!.Errors, error => error.ErrorType == SelfReports.NoPosition);

        drive.For(2.5);

        Assert.Equal(0, drive.TrueMps, 2);
        Assert.Contains(drive.Centre.State.Errors, error => error is { ErrorType: SelfReports.NoPosition, ErrorLevel: ErrorLevel.Fatal });
        Assert.False(drive.Centre.State.MobileRobotPosition!.Localized);

        // Not knowing where it is, it cannot judge whether an order begins there.
        Assert.Contains(drive.Centre.State.Errors, error => error.ErrorType == ErrorTypes.MobileRobotNotAvailable);
        Assert.Empty(drive.Centre.State.OrderId ?? "");

        drive.Fault = null;
        drive.For(1);
        drive.Order();
        drive.Until(() => drive.TrueMps > 1, 20, "drives");
        drive.For(1.5);
        Assert.DoesNotContain(drive.Centre.State.Errors, error => error.ErrorType == SelfReports.NoPosition);
        Assert.True(drive.Centre.State.MobileRobotPosition!.Localized);
    }

    /// <summary>D5, D6, D8, D9, D12 of a deactivation: what was measured, and nothing that was not.</summary>
    [Fact]
    public void An_event_holds_what_was_measured_and_the_true_occasion()
    {
        var drive = new FullDrive { Fault = frame => (frame.SupplyV, frame.LateralMps2) = (double.NaN, 0.123) };
        drive.Until(() => drive.TrueMps > 3, 40, "drives");
        drive.Command(SweeperActions.Deactivate, "stop");
        drive.Until(() => drive.Centre.Events > 0, 20, "an event");

        var read = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(Assert.Single(drive.Centre.EventTexts).Value));

        Assert.True(read.IsOk, read.Error);
        Assert.Equal([Occasion.Intervention], read.Message.Occasions.Select(one => one.Occasion));
        Assert.Empty(read.Message.Series.VoltageV);
        Assert.NotEmpty(read.Message.Series.TemperatureC);
        Assert.Contains("D12 supply voltage", read.Message.NotMeasured);
        Assert.All(read.Message.Series.LateralMps2.Skip(1), mps2 => Assert.Equal(0.123, mps2));
        Assert.Contains(read.Message.Changes, change => change is { Name: "motionGuard", State: "Mrm", Trigger: "deactivated" });
    }

    /// <summary>SP-MODE-5.</summary>
    [Fact]
    public void From_the_beginning_of_a_minimal_risk_manoeuvre_the_broom_is_up_and_nothing_is_sucked()
    {
        var drive = new FullDrive(Catalogue.BuiltIn().Single(scenario => scenario.Name == "clean-kerb"));
        drive.Until(() => drive.Given is { BroomRight: true, SuctionShare: > 0 }, 40, "sweeps");
        drive.Command(SweeperActions.Deactivate, "stop");
        drive.Until(() => drive.Standing.Mode is SafetyMode.Mrm or SafetyMode.Mrc, 5, "a minimal risk manoeuvre");
        drive.Step();
        while (drive.TrueMps > 0)
        {
            Assert.False(drive.Given.BroomRight || drive.Given.BroomLeft || drive.Given.Water || drive.Given.SuctionShare > 0);
            drive.Step();
        }

        drive.For(1);
        Assert.False(drive.Given.BroomRight || drive.Given.SuctionShare > 0);
    }

    /// <summary>D4.</summary>
    [Fact]
    public void A_released_manoeuvre_is_counted()
    {
        var drive = new FullDrive(Catalogue.BuiltIn().Single(scenario => scenario.Name == "double-parked-van"));
        drive.Until(() => drive.Program.Vehicle.Proposing.ReleasedCount == 1, 120, "a release");
        drive.Step();

        Assert.Equal(1u, drive.Program.Vehicle.Guard!.Memory.Releases.Number);
    }

    [Fact]
    public void Of_the_ticks_of_a_step_nothing_is_lost()
    {
        var first = new MotionVerdict(MotionAction.Stopping, MotionCause.PersonNear, 0, -4, MrmStrategy.None) { TtcS = 0.8, Causes = 4, IsNearMiss = true };
        var second = first with { Cause = MotionCause.ObjectAhead, TtcS = 2, Causes = 2, IsNearMiss = false };

        Assert.Equal(second with { TtcS = 0.8, Causes = 6, IsNearMiss = true }, second.With(first));
        Assert.Equal(Occasion.Conflict, second.With(first).Occasion);
    }
}
