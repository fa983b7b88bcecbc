using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Tests.Profile;

/// <summary>Where supervision meets the rest of the standard: modes, sleep, zones that are asked for, and what came late.</summary>
public sealed class SupervisedModeTests
{
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void A_supervised_vehicle_sleeps_in_silence_is_woken_however_late_and_then_waits_for_a_lease()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        var sleep = world.Command(SweeperActions.StartHibernation);
        world.Run(0.5);
        world.RunUntil(() => world.Action(sleep).ActionStatus == ActionStatus.Finished, 20);
        world.Run(1);
        var sent = world.Sent.Count;
        world.Run(600);
        Assert.Equal(sent, world.Sent.Count);
        Assert.False(world.IsAtRisk);

        world.GivesLeases = false;
        var wake = world.Command(SweeperActions.Instant(SweeperActions.StopHibernation, "w"), null);
        world.Run(3);
        Assert.Equal((ActionStatus.Finished, SafetyMode.Waiting), (world.Action(wake).ActionStatus, world.Report.Mode));
        world.GivesLeases = true;
        world.Run(2);
        Assert.Equal((SafetyMode.Supervised, false), (world.Report.Mode, world.State.Driving));
    }

    [Fact]
    public void A_vehicle_that_is_stopped_in_its_sleep_wakes_stopped()
    {
        var world = new SupervisedWorld();
        world.Run(2);
        world.Command(SweeperActions.StartHibernation);
        world.Run(60);
        var sent = world.Sent.Count;
        var stop = world.Command(SweeperActions.Instant(SweeperActions.Deactivate, "stop"), null);
        world.Run(60);
        Assert.Equal(sent, world.Sent.Count);
        Assert.True(world.Program.Condition.Deactivated);

        world.Command(SweeperActions.StopHibernation);
        world.Run(3);
        Assert.Equal((SafetyMode.Mrc, MrcCause.Deactivated, ActionStatus.Finished), (world.Report.Mode, world.Report.Cause, world.Action(stop).ActionStatus));
        world.Send(Town.Order("o1", 0, ["1.0f"]));
        world.Run(1);
        Assert.Contains(world.State.Errors, error => error.ErrorType == ErrorTypes.MobileRobotNotAvailable);
    }

    [Fact]
    public void A_supervised_vehicle_declares_what_ends_its_minimal_risk_condition()
    {
        var message = new SupervisedWorld().Sent.Single(sent => sent.Topic.EndsWith("/factsheet", StringComparison.Ordinal));
        var actions = LinkJson.Read<Factsheet>(message.Payload.Span).Message!.ProtocolFeatures.MobileRobotActions.Select(action => action.ActionType).ToList();
        Assert.Contains(SweeperActions.EndMrc, actions);
        Assert.Contains(SweeperActions.StopHibernation, actions);
        Assert.DoesNotContain(SweeperActions.Activate, actions);
    }

    [Fact]
    public void A_vehicle_at_minimal_risk_neither_sleeps_nor_leaves()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        world.Command(SweeperActions.Deactivate);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        var sleep = world.Command(SweeperActions.StartHibernation);
        var leave = world.Command(SweeperActions.Shutdown);
        var sent = world.Sent.Count;
        world.Run(60);
        Assert.Equal(("atRisk", "atRisk"), (world.Action(sleep).ActionResult, world.Action(leave).ActionResult));
        Assert.True(world.Sent.Count > sent + 60);
        Assert.Equal((SafetyMode.Mrc, "mrc-1", true), (world.Report.Mode, world.Report.MrcId, world.State.SweeperStatus!.Deactivated));
    }

    [Fact]
    public void A_vehicle_falls_asleep_once_and_wakes_only_by_a_new_action()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        var first = world.Command(SweeperActions.StartHibernation);
        var second = world.Command(SweeperActions.StartHibernation);
        var awake = world.Command(SweeperActions.Instant(SweeperActions.StopHibernation, "w"), null);
        world.Run(0.3);
        Assert.Equal((ActionStatus.Running, "underWay"), (world.Action(first).ActionStatus, world.Action(second).ActionResult));
        Assert.Equal(ActionStatus.Finished, world.Action(awake).ActionStatus);
        world.Run(30);
        var sent = world.Sent.Count;
        world.Command(SweeperActions.Instant(SweeperActions.StopHibernation, "w"), null);
        world.Run(30);
        Assert.Equal(sent, world.Sent.Count);
        world.Command(SweeperActions.Instant(SweeperActions.StopHibernation, "w2"), null);
        world.Run(3);
        Assert.True(world.Sent.Count > sent);
    }

    [Theory]
    [InlineData(OperatingMode.Intervened)]
    [InlineData(OperatingMode.Manual)]
    [InlineData(OperatingMode.Service)]
    [InlineData(OperatingMode.TeachIn)]
    [InlineData(OperatingMode.Semiautomatic)]
    public void A_stop_is_obeyed_in_every_mode_and_ends_only_when_no_person_has_the_vehicle(OperatingMode mode)
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        world.Program.SwitchMode(mode, handSpeedMps: 2);
        world.Run(0.3);
        world.Command(SweeperActions.Instant(SweeperActions.Deactivate, "stop"), null);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc && world.State.OperatingMode == mode, 20);
        var early = world.EndMrc();
        world.Run(0.5);
        Assert.Equal(mode == OperatingMode.Semiautomatic, world.Action(early).ActionStatus == ActionStatus.Finished);

        if (mode != OperatingMode.Semiautomatic)
        {
            Assert.Equal(("notAllowed", SafetyMode.Mrc), (world.Action(early).ActionResult, world.Report.Mode));
            world.Program.SwitchMode(OperatingMode.Automatic);
            world.Run(1);
            Assert.False(world.State.Driving);
            world.EndMrc();
            world.Run(0.5);
        }

        Assert.Equal(SafetyMode.Supervised, world.Report.Mode);
    }

    [Fact]
    public void The_lease_is_needed_also_while_a_person_at_the_vehicle_sets_its_speed()
    {
        var world = new SupervisedWorld().Drive();
        world.Program.SwitchMode(OperatingMode.Semiautomatic, handSpeedMps: 2);
        world.Run(20);
        Assert.True(world.State.Driving);
        world.GivesLeases = false;
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        world.GivesLeases = true;
        world.Run(20);
        Assert.False(world.State.Driving);
    }

    [Fact]
    public void An_investigation_from_before_a_newer_stop_does_not_end_it()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        world.Command(SweeperActions.Deactivate);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        var late = new InstantActions
        {
            HeaderId = 0,
            Timestamp = world.Loop.Now,
            Vehicle = Rig.Id,
            Actions = [new CommandStamp(world.Epoch, world.LeaseId, 10, "Ada").On(new MrcInvestigation("mrc-1", "a child", "gone").ToAction("late"))],
        };
        world.Run(1);
        world.Command(SweeperActions.Deactivate);
        world.Run(1);
        world.Publish(LinkTopic.InstantActions, LinkJson.Serialize(late));
        world.Run(1);
        Assert.Equal((Work.InstantDesk.Overtaken, SafetyMode.Mrc), (world.Action("late").ActionResult, world.Report.Mode));
    }

    [Fact]
    public void An_order_that_an_investigation_gave_up_is_refused_also_after_a_restart()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        world.Command(SweeperActions.Deactivate);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        world.EndMrc(cancels: true);
        world.Run(2);
        Assert.Empty(world.State.NodeStates);

        var again = new SupervisedWorld(start: _ => world.Program.Condition);
        again.Run(2);
        again.Publish(LinkTopic.Order, LinkJson.Serialize(
            Town.Order("o1", 1, ["3.0f"]) with { HeaderId = 1000, Timestamp = again.Loop.Now.AddHours(1), SupervisionEpoch = again.Epoch }));
        again.Run(1);
        Assert.Equal(ErrorTypes.OrderUpdateFollowingCancel, Assert.Single(again.State.Errors).ErrorType);
    }

    [Fact]
    public void A_refusal_for_want_of_a_lease_is_over_when_the_lease_comes()
    {
        var world = new SupervisedWorld { GivesLeases = false };
        world.Run(1);
        world.Send(Town.Order("o1", 0, ["1.0f"]));
        world.Run(5);
        Assert.Equal(ErrorTypes.MobileRobotNotAvailable, Assert.Single(world.State.Errors).ErrorType);
        world.GivesLeases = true;
        world.Run(2);
        Assert.Empty(world.State.Errors);
    }

    [Fact]
    public void A_vehicle_that_waits_before_a_zone_announces_that_it_sets_off_only_once_it_may()
    {
        var world = new SupervisedWorld();
        world.Run(1);
        var zone = ZoneTests.Block("z", 100, 150) with { ZoneType = ZoneType.Release };
        world.Publish(LinkTopic.ZoneSet, LinkJson.Serialize(
            new ZoneSet { HeaderId = 0, Timestamp = world.Loop.Now, Vehicle = Rig.Id, Content = new(Town.MapId, "a", [zone]) }));
        world.Run(0.5);
        world.Command(SweeperActions.EnableZoneSet, parameters: new ActionParameter(SweeperActions.ZoneSetIdParameter, "a"));
        world.Drive();
        world.RunUntil(() => world.State is { Driving: false, ZoneRequests.IsEmpty: false }, 60);
        world.Run(10);
        Assert.DoesNotContain(Announcement.SettingOff, world.Report.Announcements);

        var (reports, standsAt) = (world.Reports.Count, world.Program.Condition.OdometerM);
        world.Publish(LinkTopic.Responses, LinkJson.Serialize(
            new Responses { HeaderId = 0, Timestamp = world.Loop.Now, Vehicle = Rig.Id, Items = [new(world.State.ZoneRequests[0].RequestId, GrantType.Granted)] }));
        world.Run(0.9);
        Assert.Equal(standsAt, world.Program.Condition.OdometerM);
        world.Run(3);
        Assert.Contains(world.Reports.Skip(reports), report => report.Announcements.Contains(Announcement.SettingOff));
        Assert.True(world.State.Driving);
        Assert.False(world.IsAtRisk);
    }

    [Theory]
    [InlineData(5.0, true)]
    [InlineData(25.0, false)]
    public void A_grant_that_was_held_up_on_its_way_is_as_old_as_it_is(double heldUpS, bool isGranted)
    {
        var world = new SupervisedWorld();
        world.Run(1);
        world.Publish(LinkTopic.ZoneSet, LinkJson.Serialize(
            new ZoneSet { HeaderId = 0, Timestamp = world.Loop.Now, Vehicle = Rig.Id, Content = new(Town.MapId, "a", [ZoneTests.Block("z", 100, 150) with { ZoneType = ZoneType.Release }]) }));
        world.Run(0.5);
        world.Command(SweeperActions.EnableZoneSet, parameters: new ActionParameter(SweeperActions.ZoneSetIdParameter, "a"));
        world.Drive();
        world.RunUntil(() => world.State is { Driving: false, ZoneRequests.IsEmpty: false }, 60);

        var sentAt = world.Loop.Now.AddSeconds(-heldUpS);
        world.Publish(LinkTopic.Responses, LinkJson.Serialize(
            new Responses { HeaderId = 0, Timestamp = sentAt, Vehicle = Rig.Id, Items = [new(world.State.ZoneRequests[0].RequestId, GrantType.Granted, sentAt.AddSeconds(20))] }));
        world.Run(3);
        Assert.Equal(isGranted, world.State.Driving);
        Assert.Equal(isGranted, world.State.ZoneRequests.Any(request => request.RequestStatus == RequestStatus.Granted));
    }

    [Fact]
    public void A_new_epoch_and_a_minimal_risk_condition_are_kept_at_once()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        var kept = world.Program.Condition;
        world.Run(0.5);
        Assert.False(world.Program.Condition.MustBeKeptNow(kept));
        world.Epoch = 2;
        world.Run(2);
        Assert.True(world.Program.Condition.MustBeKeptNow(kept));

        kept = world.Program.Condition;
        world.GivesLeases = false;
        world.RunUntil(() => world.IsAtRisk, 10);
        Assert.True(world.Program.Condition.MustBeKeptNow(kept));
    }
}
