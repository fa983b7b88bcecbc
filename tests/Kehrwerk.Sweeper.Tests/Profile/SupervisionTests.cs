using CsCheck;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper.Safety;

namespace Kehrwerk.Sweeper.Tests.Profile;

public sealed class SupervisionTests
{
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void A_vehicle_takes_no_order_before_its_first_lease_and_drives_after_it()
    {
        var world = new SupervisedWorld { GivesLeases = false };
        world.Run(1);
        world.Send(Town.Order("o1", 0, ["1.0f"]));
        world.Run(5);
        Assert.Equal(SafetyMode.Waiting, world.Report.Mode);
        Assert.Equal(ErrorTypes.MobileRobotNotAvailable, Assert.Single(world.State.Errors).ErrorType);

        world.GivesLeases = true;
        world.Run(2);
        Assert.Equal(SafetyMode.Supervised, world.Report.Mode);
        world.Send(Town.Order("o1", 0, ["1.0f"]));
        world.RunUntil(() => world.State is { LastNodeId: "n2", NodeStates.IsEmpty: true });
        Assert.False(world.IsAtRisk);
    }

    [Fact]
    public void A_vehicle_without_work_only_waits_when_the_lease_is_gone_and_goes_on_when_it_is_back()
    {
        var world = new SupervisedWorld();
        world.Run(2);
        world.GivesLeases = false;
        world.Run(5);
        Assert.Equal(SafetyMode.Waiting, world.Report.Mode);
        Assert.False(world.IsAtRisk);
        world.GivesLeases = true;
        world.Run(2);
        Assert.Equal(SafetyMode.Supervised, world.Report.Mode);
    }

    [Fact]
    public void Leases_that_say_that_nobody_is_on_duty_permit_nothing()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(10);
        world.IsOnDuty = false;
        world.Run(1.5);
        Assert.False(world.IsAtRisk);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        Assert.Equal(MrcCause.NobodyOnDuty, world.Report.Cause);
    }

    /// <summary>SP-MODE-5.</summary>
    [Fact]
    public void From_the_first_moment_of_the_minimal_risk_manoeuvre_nothing_is_swept()
    {
        var world = new SupervisedWorld().Drive(sweep: _ => true);
        world.RunUntil(() => world.Program.Condition.SweptM > 20);
        world.GivesLeases = false;
        world.RunUntil(() => world.IsAtRisk, 10);
        var began = world.Program.Condition;

        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 20);

        var stands = world.Program.Condition;
        Assert.InRange(stands.OdometerM - began.OdometerM, 0.2, 5);
        Assert.Equal((began.SweptM, began.HopperM3, began.WaterL), (stands.SweptM, stands.HopperM3, stands.WaterL));

        world.GivesLeases = true;
        world.Run(2);
        world.EndMrc();
        world.RunUntil(() => world.Program.Condition.SweptM > began.SweptM + 5, 30);
    }

    [Fact]
    public void A_lease_that_answers_an_old_report_is_as_old_as_that_report()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(5);
        // The Centre still sends, but hears nothing new: it answers one and the same report.
        var old = world.State;
        world.GivesLeases = false;
        var since = world.Loop.Now;
        while (!world.IsAtRisk)
        {
            Assert.True(world.Loop.Now - since < TimeSpan.FromSeconds(4));
            world.LeaseId++;
            world.Publish(LinkTopic.Supervision, LinkJson.Serialize(world.LeaseFor(old)));
            world.Run(0.5);
        }

        Assert.Equal("LeaseLost", world.Safety.Cause);
    }

    [Fact]
    public void Two_centres_do_not_lead_one_vehicle()
    {
        var world = new SupervisedWorld { Epoch = 4 }.Drive();
        world.Run(5);
        Assert.Equal(4u, world.Report.Epoch);
        // The old Centre is still there: its leases, orders and commands count for nothing.
        world.Epoch = 3;
        world.LeaseId = 1_000;
        world.Run(2);
        Assert.Contains("epoch 3 is older than 4", world.Report.LeaseRefusal, StringComparison.Ordinal);
        var late = world.Command(SweeperActions.StopPause, CommandStamp.Centre);
        world.Run(0.5);
        Assert.StartsWith("refused: epoch", world.Action(late).ActionResult, StringComparison.Ordinal);
        Assert.Equal("o1", world.State.OrderId);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);

        // Also after a restart of the vehicle.
        var again = new SupervisedWorld(start: _ => world.Program.Condition) { Epoch = 3 };
        again.Run(3);
        Assert.Contains("epoch 3 is older than 4", again.Report.LeaseRefusal, StringComparison.Ordinal);
        Assert.Equal(SafetyMode.Mrc, again.Report.Mode);
    }

    [Fact]
    public void A_centre_that_takes_over_with_a_higher_epoch_is_followed()
    {
        var world = new SupervisedWorld { Epoch = 1 }.Drive();
        world.Run(5);
        (world.Epoch, world.LeaseId) = (2, 0);
        world.Run(10);
        Assert.Equal(SafetyMode.Supervised, world.Report.Mode);
        Assert.Equal(2u, world.Report.Epoch);
        Assert.True(world.State.Driving);
    }

    [Theory]
    [InlineData("another-town", "EPSG:25832")]
    [InlineData(Town.MapId, "EPSG:25833")]
    public void A_lease_for_another_map_or_frame_is_refused_in_words(string mapId, string frame)
    {
        var world = new SupervisedWorld { Map = new(mapId, frame) };
        world.Run(3);
        Assert.Equal(SafetyMode.Waiting, world.Report.Mode);
        Assert.Equal($"it is for map {mapId} in {frame}, the vehicle drives by {Town.MapId} in EPSG:25832", world.Report.LeaseRefusal);
    }

    [Fact]
    public void A_lease_that_the_broker_kept_is_refused()
    {
        var world = new SupervisedWorld { GivesLeases = false };
        world.Run(2);
        world.LeaseId++;
        world.Program.Receive(
            new(Topics.Default.Of(SupervisedWorld.Id, LinkTopic.Supervision), LinkJson.Serialize(world.LeaseFor(world.State)), Retain: true), world.VehicleNow);
        world.Run(2);
        Assert.Equal(SafetyMode.Waiting, world.Report.Mode);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_clock_that_jumps_never_lengthens_a_lease(int seconds)
    {
        var world = new SupervisedWorld().Drive();
        world.Run(10);
        var odometerM = world.Program.Condition.OdometerM;
        world.GivesLeases = false;
        world.Skew = TimeSpan.FromSeconds(seconds);
        world.Run(4);
        Assert.True(world.IsAtRisk);
        world.Run(6);
        Assert.Equal(0, world.SpeedMps);
        // Whatever the clock says, it has not driven farther than a lease and its braking allow, and what a jump forward lets pass.
        Assert.InRange(world.Program.Condition.OdometerM - odometerM, 0, 60);
    }

    [Fact]
    public void An_order_that_is_read_first_after_the_program_stood_still_is_refused()
    {
        var world = new SupervisedWorld();
        world.Run(2);
        world.Skew = TimeSpan.FromMinutes(5);
        var order = Town.Order("o1", 0, ["1.0f"]) with { SupervisionEpoch = world.Epoch };
        world.Program.Receive(new(Topics.Default.Of(SupervisedWorld.Id, LinkTopic.Order), LinkJson.Serialize(order)), world.VehicleNow);
        world.GivesLeases = false;
        world.Run(5);
        Assert.Equal(("", SafetyMode.Waiting), (world.State.OrderId, world.Report.Mode));
        Assert.Equal(ErrorTypes.MobileRobotNotAvailable, Assert.Single(world.State.Errors).ErrorType);
    }

    [Fact]
    public void A_lease_that_answers_a_report_from_before_the_clock_was_set_back_is_not_taken()
    {
        var world = new SupervisedWorld();
        world.Run(1);
        var layer = new SafetyLayer(new(), world.Map, new());
        var lease = world.LeaseFor(world.State) with { LeaseId = 1, Heard = new(7, Rig.Begin) };
        layer.NoteSent(7, Rig.Begin);
        layer.ClockJumped(-1);
        layer.Take(lease);
        Assert.Contains("has not sent lately", layer.Standing.LeaseRefusal, StringComparison.Ordinal);
        layer.NoteSent(7, Rig.Begin);
        layer.Take(lease);
        Assert.Null(layer.Standing.LeaseRefusal);
    }

    [Fact]
    public void What_is_at_minimal_risk_stays_so_over_a_restart()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(10);
        world.GivesLeases = false;
        world.RunUntil(() => world.IsAtRisk);
        // The program dies while it still brakes.
        var again = new SupervisedWorld(start: _ => world.Program.Condition);
        again.Run(5);
        Assert.Equal((SafetyMode.Mrc, MrcCause.LeaseLost, "mrc-1"), (again.Report.Mode, again.Report.Cause, again.Report.MrcId));
        var place = again.State.MobileRobotPosition!;
        again.Send(Town.Order("o2", 0, ["1.0f"], start: (OrderNode.Here, new(place.X, place.Y))));
        again.Run(2);
        Assert.Contains(again.State.Errors, error => error.ErrorType == ErrorTypes.MobileRobotNotAvailable);
        Assert.Contains(again.State.Errors, error => error is { ErrorType: "minimalRisk", ErrorLevel: ErrorLevel.Fatal });
    }

    [Fact]
    public void What_is_said_outside_follows_what_the_vehicle_does()
    {
        var world = new SupervisedWorld();
        world.Run(2);
        Assert.Empty(world.Report.Announcements);
        world.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        world.Run(0.5);
        // It says so before it moves.
        Assert.Equal([Announcement.WorkLights, Announcement.SettingOff], world.Report.Announcements);
        Assert.Equal(0, world.SpeedMps);
        world.Run(5);
        Assert.Equal([Announcement.WorkLights], world.Report.Announcements);
        Assert.True(world.SpeedMps > 0);
        world.GivesLeases = false;
        world.RunUntil(() => world.IsAtRisk);
        world.Run(0.2);
        Assert.Equal([Announcement.WorkLights, Announcement.Stopping, Announcement.HazardLights, Announcement.MinimalRiskManoeuvre], world.Report.Announcements);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc);
        Assert.Equal([Announcement.WorkLights, Announcement.HazardLights, Announcement.MinimalRiskCondition], world.Report.Announcements);
        AllAreValid(world);
    }

    [Fact]
    public void The_rules_only_ever_hold_the_vehicle()
    {
        var rules = new SupervisionRules();
        var standing =
            from mode in Gen.Enum<SafetyMode>()
            from heldFrom in Gen.Double[0, 100]
            from hasHeld in Gen.Bool
            from validFor in Gen.Double[0, 10]
            from onDuty in Gen.Bool
            select new SafetyStanding
            {
                Mode = mode,
                HeldFromS = hasHeld ? heldFrom : null,
                ValidForS = validFor,
                IsOnDuty = onDuty,
                MrcId = mode is SafetyMode.Mrm or SafetyMode.Mrc ? "mrc-1" : null,
            };
        var moment =
            from now in Gen.Double[0, 200]
            from stands in Gen.Bool
            from idle in Gen.Bool
            from deactivated in Gen.Bool
            select new SafetyMoment(now, Rig.Begin, stands, idle, deactivated);
        Gen.Select(standing, moment).Sample(
            (at, when) =>
            {
                var next = SafetyRules.Look(at, when, rules);
                var mayDrive = next.Mode == SafetyMode.Supervised;
                // Driving needs a lease in this very moment, and time alone never ends minimal risk.
                return (!mayDrive || (at.HasLease(when.NowS, rules) && !when.IsDeactivated && !at.IsAtRisk))
                    && (!at.IsAtRisk || next.IsAtRisk)
                    && (next.IsAtRisk == next.MrcId is not null)
                    && (next.Mode != SafetyMode.Mrc || at.Mode == SafetyMode.Mrc || when.IsStanding);
            },
            iter: 20_000);
    }

    private static void AllAreValid(SupervisedWorld world)
    {
        foreach (var message in world.Sent.DistinctBy(message => (message.Topic, message.Payload.Length / 16)))
        {
            Assert.True(Topics.Default.TryParse(message.Topic, out _, out var topic));
            Assert.Empty(OfficialSchemasFaults(topic, message));
        }
    }

    private static IReadOnlyList<string> OfficialSchemasFaults(LinkTopic topic, LinkMessage message) =>
        Link.Tests.OfficialSchemas.Faults(topic, message.Payload.ToArray());
}
