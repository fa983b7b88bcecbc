using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Tests.Profile;

/// <summary>Commands under supervision: who is obeyed, how long, and what ends the minimal risk condition.</summary>
public sealed class CommandTests
{
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void A_command_without_a_stamp_is_refused_but_a_stop_is_obeyed()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        var go = world.Command(SweeperActions.Instant(SweeperActions.StopPause, "x1"), null);
        world.Run(0.5);
        Assert.Equal(ActionStatus.Failed, world.Action(go).ActionStatus);
        Assert.StartsWith("refused: unstamped", world.Action(go).ActionResult, StringComparison.Ordinal);
        Assert.True(world.State.Driving);

        var stop = world.Command(SweeperActions.Instant(SweeperActions.Deactivate, "x2"), new CommandStamp(0, 999, 1, "an old Centre"));
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        Assert.Equal(MrcCause.Deactivated, world.Report.Cause);
        Assert.Equal(ActionStatus.Finished, world.Action(stop).ActionStatus);
    }

    [Fact]
    public void A_cancellation_is_obeyed_however_late_and_from_whichever_epoch()
    {
        var world = new SupervisedWorld { Epoch = 2 }.Drive();
        world.Run(8);
        var cancel = world.Command(SweeperActions.Instant(SweeperActions.CancelOrder, "x1"), new CommandStamp(1, 999, 1, "an old Centre"));
        world.Run(0.5);
        world.RunUntil(() => world.Action(cancel).ActionStatus == ActionStatus.Finished, 20);
        Assert.Equal((true, false), (world.State.NodeStates.IsEmpty, world.State.Driving));
        world.RunUntil(() => world.Events.Count > 0, 120);
        Assert.Contains("\"code\":\"cancelOrder\"", world.Events[0].Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_comes_too_late_is_refused_by_the_vehicles_own_clock()
    {
        var world = new SupervisedWorld(skew: TimeSpan.FromHours(5));
        world.Run(3);
        var stamp = new CommandStamp(world.Epoch, world.LeaseId, 5, "Ada");
        world.Run(4);
        var inTime = world.Command(SweeperActions.Instant(SweeperActions.StopPause, "x1"), stamp);
        world.Run(4);
        var tooLate = world.Command(SweeperActions.Instant(SweeperActions.StopPause, "x2"), stamp);
        world.Run(0.5);
        Assert.Equal(ActionStatus.Finished, world.Action(inTime).ActionStatus);
        Assert.StartsWith("refused: expired", world.Action(tooLate).ActionResult, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_of_the_time_before_a_restart_is_not_carried_out_after_it()
    {
        var world = new SupervisedWorld();
        world.Run(30);
        var old = new CommandStamp(world.Epoch, world.LeaseId, 60, "Ada");
        var again = new SupervisedWorld(start: _ => world.Program.Condition) { LeaseId = world.LeaseId };
        again.Run(3);
        var late = again.Command(SweeperActions.Instant(SweeperActions.StopPause, "x1"), old);
        again.Run(0.5);
        Assert.StartsWith("refused: expired", again.Action(late).ActionResult, StringComparison.Ordinal);
    }

    [Fact]
    public void An_investigation_ends_the_condition_and_the_order_goes_on()
    {
        var world = InMrc();
        var end = world.EndMrc();
        world.Run(0.5);
        Assert.Equal(ActionStatus.Finished, world.Action(end).ActionStatus);
        Assert.Equal(SafetyMode.Supervised, world.Report.Mode);
        world.RunUntil(() => world.State is { LastNodeId: "n1", NodeStates.IsEmpty: true });
        Assert.False(world.IsAtRisk);
    }

    [Fact]
    public void An_investigation_ends_the_condition_and_the_order_is_given_up()
    {
        var world = InMrc();
        var standsAt = world.Program.Condition.OdometerM;
        var end = world.EndMrc(cancels: true);
        world.Run(0.2);
        world.RunUntil(() => world.Action(end).ActionStatus == ActionStatus.Finished, 5);
        Assert.Empty(world.State.NodeStates);
        world.Run(20);
        Assert.Equal(standsAt, world.Program.Condition.OdometerM);
        Assert.Equal(SafetyMode.Supervised, world.Report.Mode);
    }

    [Fact]
    public void A_deactivation_too_ends_only_by_an_investigation()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        world.Command(SweeperActions.Deactivate);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        var activate = world.Command(SweeperActions.Activate);
        world.Run(0.5);
        Assert.StartsWith("refused: unsupported", world.Action(activate).ActionResult, StringComparison.Ordinal);
        world.EndMrc();
        world.Run(3);
        Assert.True(world.State.Driving);
        Assert.False(world.State.SweeperStatus!.Deactivated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_deactivation_at_minimal_risk_is_not_ended_by_an_investigation_of_what_was_before(bool atOnce)
    {
        var world = InMrc();
        world.Command(SweeperActions.Deactivate);
        world.Run(atOnce ? 0 : 1);
        var old = world.EndMrc("mrc-1");
        world.Run(2);
        Assert.StartsWith("refused: otherMrc", world.Action(old).ActionResult, StringComparison.Ordinal);
        Assert.Equal((SafetyMode.Mrc, "mrc-2", MrcCause.Deactivated), (world.Report.Mode, world.Report.MrcId, world.Report.Cause));
        Assert.True(world.Program.Condition.Deactivated);
        world.EndMrc("mrc-2");
        world.Run(3);
        Assert.Equal((SafetyMode.Supervised, true), (world.Report.Mode, world.State.Driving));
    }

    [Fact]
    public void What_ends_the_condition_in_the_message_of_a_stop_is_refused()
    {
        var world = InMrc();
        var stamp = new CommandStamp(world.Epoch, world.LeaseId, 10, "Ada");
        var end = new MrcInvestigation("mrc-1", "link lost", "looked").ToAction("end");
        world.Publish(LinkTopic.InstantActions, LinkJson.Serialize(new InstantActions
        {
            HeaderId = 1000,
            Timestamp = world.Loop.Now,
            Vehicle = Rig.Id,
            Actions = [SweeperActions.Instant(SweeperActions.Deactivate, "stop"), stamp.On(end)],
        }));
        world.Run(2);
        Assert.Equal(Work.InstantDesk.Overtaken, world.Action("end").ActionResult);
        Assert.Equal((SafetyMode.Mrc, "mrc-2"), (world.Report.Mode, world.Report.MrcId));
    }

    [Theory]
    [InlineData("other", "otherMrc")]
    [InlineData("no text", "incomplete")]
    [InlineData("no lease", "unsupervised")]
    [InlineData("not in MRC", "noMrc")]
    public void The_condition_does_not_end_by_what_is_not_a_whole_investigation_of_it(string what, string code)
    {
        var world = what == "not in MRC" ? new SupervisedWorld().Drive() : InMrc();
        world.Run(1);
        if (what == "no lease")
        {
            world.GivesLeases = false;
            world.Run(4);
        }

        var end = what == "no text"
            ? world.Command(SweeperActions.EndMrc, parameters: [new("mrcId", "mrc-1"), new("finding", "x"), new("then", "continue")])
            : world.EndMrc(what == "other" ? "mrc-7" : what == "not in MRC" ? "mrc-1" : null);
        world.Run(1.2);
        Assert.StartsWith("refused: " + code, world.Action(end).ActionResult, StringComparison.Ordinal);
        Assert.Equal(what != "not in MRC", world.IsAtRisk);
    }

    [Fact]
    public void A_vehicle_that_is_impaired_stays_in_the_condition()
    {
        var world = InMrc();
        world.Program.KeepsCondition = false;
        world.Run(0.5);
        var end = world.EndMrc();
        world.Run(0.5);
        Assert.StartsWith("refused: impaired", world.Action(end).ActionResult, StringComparison.Ordinal);
        Assert.Equal(SafetyMode.Mrc, world.Report.Mode);
    }

    [Fact]
    public void A_command_is_carried_out_once_however_often_it_comes()
    {
        var world = InMrc();
        var end = new MrcInvestigation("mrc-1", "link lost", "looked").ToAction("once");
        world.Command(end, new(world.Epoch, world.LeaseId, 10, "Ada"));
        world.Run(5);
        world.Command(SweeperActions.Deactivate);
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        world.Command(end, new(world.Epoch, world.LeaseId, 10, "Ada"));
        world.Run(2);
        Assert.Equal((SafetyMode.Mrc, "mrc-2"), (world.Report.Mode, world.Report.MrcId));
    }

    [Fact]
    public void An_order_of_another_epoch_or_of_none_is_refused()
    {
        var world = new SupervisedWorld { Epoch = 2 };
        world.Run(2);
        world.Send(Town.Order("o1", 0, ["1.0f"]) with { SupervisionEpoch = 1 });
        world.Run(0.5);
        Assert.Contains("epoch 1", Assert.Single(world.State.Errors).ErrorDescription, StringComparison.Ordinal);
        world.Send(Town.Order("o1", 0, ["1.0f"]));
        world.Run(5);
        Assert.True(world.State.Driving);
    }

    /// <summary>Lost its lease while it drove; leases come again.</summary>
    private static SupervisedWorld InMrc()
    {
        var world = new SupervisedWorld().Drive();
        world.Run(8);
        world.GivesLeases = false;
        world.RunUntil(() => world.Report.Mode == SafetyMode.Mrc, 10);
        world.GivesLeases = true;
        world.Run(2);
        return world;
    }
}
