using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Tests;

public sealed class InstantActionTests
{
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void A_pause_halts_comfortably_and_ends_where_it_began()
    {
        var rig = Driving();
        var speed = rig.State.Velocity!.Vx!.Value;
        var fromM = rig.Status.OdometerM;
        var pause = rig.Instant(SweeperActions.StartPause);
        Assert.True(rig.State.Paused);
        Assert.Equal(ActionStatus.Running, rig.Action(pause).ActionStatus);
        rig.RunUntil(state => !state.Driving);
        Assert.Equal(ActionStatus.Finished, rig.Action(pause).ActionStatus);
        Assert.Equal(speed * speed / 2 / rig.Model.BrakingMps2, rig.Status.OdometerM - fromM, 0.1);
        Assert.Equal(ActionStatus.Paused, rig.Action("o1.sweep.1").ActionStatus);

        var pausedAt = rig.Program.Condition;
        rig.Run(100);
        Assert.Equal(pausedAt.OffsetM, rig.Program.Condition.OffsetM);
        Assert.Equal(pausedAt.WaterL, rig.Program.Condition.WaterL);

        rig.Instant(SweeperActions.StopPause);
        rig.RunUntilDone();
        Assert.Equal("sweptM=300.00", rig.Action("o1.sweep.1").ActionResult);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void Depot_work_rests_during_a_pause()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, [], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [0] = [SweeperActions.TipHopper("tip"), SweeperActions.WashHopperOut("wash")] }));
        rig.Run(100);
        rig.Instant(SweeperActions.StartPause);
        rig.Run(1000);
        Assert.Equal(ActionStatus.Paused, rig.Action("tip").ActionStatus);
        rig.Instant(SweeperActions.StopPause);
        rig.Run(259);
        Assert.Equal(ActionStatus.Running, rig.Action("tip").ActionStatus);
        rig.Run(2);
        Assert.Equal(ActionStatus.Finished, rig.Action("tip").ActionStatus);
        rig.RunUntilDone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_charged_during_a_pause(bool hasGoal)
    {
        var rig = new Rig(start: fresh => fresh with { EnergyWh = 10_000 });
        var charge = hasGoal
            ? rig.Instant(SweeperActions.StartCharging, new ActionParameter(SweeperActions.UntilPercentParameter, 100))
            : rig.Instant(SweeperActions.StartCharging);
        rig.Run(10);
        Assert.True(rig.State.PowerSupply.Charging);
        rig.Instant(SweeperActions.StartPause);
        rig.Run(2);
        var pausedWh = rig.Status.EnergyWh;
        rig.Run(100);

        Assert.False(rig.State.PowerSupply.Charging);
        Assert.True(rig.Status.EnergyWh < pausedWh);
        Assert.Equal(hasGoal ? ActionStatus.Paused : ActionStatus.Finished, rig.Action(charge).ActionStatus);

        rig.Instant(SweeperActions.StopPause);
        rig.Run(100);
        Assert.True(rig.State.PowerSupply.Charging);
        Assert.True(rig.Status.EnergyWh > pausedWh);
    }

    [Theory]
    [InlineData(SweeperActions.StartPause, SweeperActions.Deactivate)]
    [InlineData(SweeperActions.CancelOrder, SweeperActions.StartPause)]
    [InlineData(SweeperActions.StartPause, SweeperActions.CancelOrder)]
    public void What_halts_the_vehicle_is_obeyed_however_many_actions_are_running(string running, string command)
    {
        var rig = Driving();
        rig.Receive(LinkTopic.InstantActions, LinkJson.Serialize(new InstantActions
        {
            HeaderId = 0,
            Timestamp = rig.Now,
            Vehicle = Rig.Id,
            Actions = [.. Enumerable.Range(0, 100).Select(i => SweeperActions.Instant(running, $"p{i}"))],
        }));
        rig.Instant(command);

        Assert.Contains(rig.State.Errors, error => error.ErrorType == ErrorTypes.InsufficientMemory);
        rig.Run(60);
        Assert.True(rig.State.Velocity?.Vx is null or 0);
        Assert.Equal(command == SweeperActions.Deactivate, rig.Status.Deactivated);
        Assert.Equal(running == SweeperActions.StartPause || command == SweeperActions.StartPause, rig.State.Paused);
        Assert.Equal(running == SweeperActions.CancelOrder || command == SweeperActions.CancelOrder, rig.State.NodeStates.IsEmpty);
    }

    [Fact]
    public void A_vehicle_that_cannot_keep_its_condition_stands_still_until_it_can()
    {
        var rig = Driving();
        rig.Program.KeepsCondition = false;
        rig.Run(10);
        Assert.False(rig.State.Driving);
        Assert.Equal(("conditionNotSaved", ErrorLevel.Fatal), Assert.Single(rig.State.Errors.Select(error => (error.ErrorType, error.ErrorLevel))));
        var standsAt = rig.Program.Condition.OffsetM;
        rig.Run(60);
        Assert.Equal(standsAt, rig.Program.Condition.OffsetM);
        rig.AllMessagesAreValid();

        rig.Program.KeepsCondition = true;
        rig.RunUntilDone();
        Assert.Empty(rig.State.Errors);
        Assert.Equal("sweptM=300.00", rig.Action("o1.sweep.1").ActionResult);
    }

    [Fact]
    public void Nothing_begins_during_a_pause()
    {
        var rig = new Rig();
        rig.Instant(SweeperActions.StartPause);
        rig.Run(5);
        rig.Send(Town.Order("o1", 0, ["1.0f"], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [0] = [SweeperActions.TipHopper("tip")] }));
        rig.Run(500);
        Assert.Equal(ActionStatus.Waiting, rig.Action("tip").ActionStatus);
        rig.Instant(SweeperActions.StopPause);
        rig.RunUntilDone();
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    [Fact]
    public void Cancelling_halts_fails_what_is_left_and_leaves_the_vehicle_idle()
    {
        var rig = Driving();
        rig.Instant(SweeperActions.Cancel("cancel", "o1"));
        Assert.Equal(ActionStatus.Running, rig.Action("cancel").ActionStatus);
        rig.RunUntilDone();
        Assert.Equal(ActionStatus.Finished, rig.Action("cancel").ActionStatus);
        Assert.Empty(rig.State.NodeStates);
        Assert.Empty(rig.State.EdgeStates);
        Assert.StartsWith("cancelled;sweptM=", rig.Action("o1.sweep.1").ActionResult, StringComparison.Ordinal);
        Assert.Equal((ActionStatus.Failed, "cancelled"), (rig.Action("o1.sweep.5").ActionStatus, rig.Action("o1.sweep.5").ActionResult));

        rig.Send(Town.Order("o1", 1, ["2.0f"], firstSequenceId: 6));
        Assert.Equal(ErrorTypes.OrderUpdateFollowingCancel, Assert.Single(rig.State.Errors).ErrorType);
        rig.AllMessagesAreValid();
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "another")]
    public void Cancelling_without_such_an_order_fails(bool hasOrder, string? orderId)
    {
        var rig = hasOrder ? Driving() : new Rig();
        rig.Instant(SweeperActions.Cancel("cancel", orderId));
        Assert.Equal(ActionStatus.Failed, rig.Action("cancel").ActionStatus);
        Assert.Equal(ErrorTypes.NoOrderToCancel, Assert.Single(rig.State.Errors).ErrorType);
        Assert.Equal(hasOrder, rig.State.NodeStates.Length > 0);
    }

    [Fact]
    public void Deactivation_brakes_at_its_rate_into_the_minimal_risk_condition()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        rig.Run(15);
        var speed = rig.State.Velocity!.Vx!.Value;
        Assert.True(speed > 6);
        var fromM = rig.Status.OdometerM;
        rig.Instant(SweeperActions.Deactivate);
        rig.RunUntil(state => !state.Driving);
        Assert.Equal(speed * speed / 2 / 3, rig.Status.OdometerM - fromM, 0.1);
        Assert.True(rig.Status.Deactivated);
        Assert.Equal(EmergencyStop.Remote, rig.State.SafetyState.ActiveEmergencyStop);
        Assert.Contains(rig.State.Errors, error => error.ErrorType == "deactivated");
        Assert.Contains(rig.State.Information, info => info.InfoType == "mrc");

        // A pause that ends does not release it, and a new order does not get in.
        rig.Instant(SweeperActions.StartPause);
        rig.Instant(SweeperActions.StopPause);
        rig.Run(60);
        Assert.False(rig.State.Driving);
        rig.AllMessagesAreValid();

        rig.Instant(SweeperActions.Activate);
        rig.RunUntilDone();
        Assert.Equal("n3", rig.State.LastNodeId);
        Assert.DoesNotContain(rig.State.Information, info => info.InfoType == "mrc");
        Assert.Equal(EmergencyStop.None, rig.State.SafetyState.ActiveEmergencyStop);
    }

    [Fact]
    public void A_deactivated_vehicle_takes_no_new_order()
    {
        var rig = new Rig(start: fresh => fresh with { Deactivated = true });
        rig.Send(Town.Order("o1", 0, ["1.0f"]));
        Assert.Contains(rig.State.Errors, error => error.ErrorType == ErrorTypes.MobileRobotNotAvailable);
        rig.Instant(SweeperActions.Activate);
        rig.Send(Town.Order("o1", 0, ["1.0f"]));
        rig.RunUntilDone();
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    [Fact]
    public void An_instant_action_is_done_once_however_often_it_comes()
    {
        var rig = Driving();
        var pause = SweeperActions.Instant(SweeperActions.StartPause, "p1");
        rig.Instant(pause);
        rig.Run(10);
        rig.Instant(SweeperActions.StopPause);
        rig.Run(10);
        rig.Instant(pause);
        rig.Run(10);
        Assert.False(rig.State.Paused);
        Assert.True(rig.State.Driving);
    }

    [Fact]
    public void An_unknown_instant_action_fails_with_an_error()
    {
        var rig = new Rig();
        var id = rig.Instant("jump");
        Assert.Equal(ActionStatus.Failed, rig.Action(id).ActionStatus);
        Assert.Equal(ErrorTypes.InvalidInstantAction, Assert.Single(rig.State.Errors).ErrorType);
    }

    [Fact]
    public void Requests_are_answered_and_the_list_of_instant_actions_stays_bounded()
    {
        var rig = new Rig();
        var factsheets = rig.Sent.Count(message => message.Topic.EndsWith("/factsheet", StringComparison.Ordinal));
        rig.Instant(SweeperActions.FactsheetRequest);
        Assert.Equal(factsheets + 1, rig.Sent.Count(message => message.Topic.EndsWith("/factsheet", StringComparison.Ordinal)));
        for (var i = 0; i < 150; i++)
        {
            var states = rig.States.Count;
            rig.Instant(SweeperActions.StateRequest);
            Assert.Equal(states + 1, rig.States.Count);
        }

        Assert.Equal(100, rig.State.InstantActionStates.Length);
        rig.Instant(SweeperActions.ClearInstantActions);
        Assert.Single(rig.State.InstantActionStates);
        rig.AllMessagesAreValid();
    }

    /// <summary>Sweeps in the middle of the first street.</summary>
    private static Rig Driving()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f", "3.0f"], sweep: i => i != 1));
        rig.Run(60);
        Assert.True(rig.State.Driving);
        return rig;
    }
}
