using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>How orders begin and go on (VDA 5050 3.0.0, 6.1.2, 6.1.3.1, 6.2.2, 6.6.9).</summary>
public sealed class UpdateTests
{
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void A_horizon_can_be_changed_and_deleted_and_the_base_stays()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f", "3.0f"], released: 1));
        rig.Send(Town.Order("o1", 1, ["2.0f"], released: 0, firstSequenceId: 2));
        Assert.Equal(["n2", "n3"], rig.State.NodeStates.Select(node => node.NodeId));
        rig.Send(Town.Order("o1", 2, [], released: 0, firstSequenceId: 2, start: ("n2", Town.PlaceOf("n2"))));
        Assert.Equal(("n2", true), (Assert.Single(rig.State.NodeStates).NodeId, rig.State.NodeStates[0].Released));
        rig.RunUntilDone();
        Assert.Equal(("n2", 2u), (rig.State.LastNodeId, rig.State.OrderUpdateId));
    }

    [Fact]
    public void A_finished_order_is_continued_by_an_update_from_its_last_node()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f"]));
        rig.RunUntilDone();
        rig.Send(Town.Order("o1", 1, ["2.0f"], firstSequenceId: 2));
        rig.RunUntilDone();
        Assert.Equal(("n3", 4u), (rig.State.LastNodeId, rig.State.LastNodeSequenceId));
        Assert.Empty(rig.State.Errors);
    }

    [Fact]
    public void Updates_without_end_are_refused_once_the_order_has_more_than_the_vehicle_can_keep()
    {
        var rig = new Rig();
        rig.Send(Lap(0, 0));
        for (uint lap = 1; lap < 250; lap++)
        {
            rig.Send(Lap(lap, lap * 8));
            Assert.Empty(rig.State.Errors);
        }

        rig.Send(Lap(250, 250 * 8));
        Assert.Equal(ErrorTypes.InsufficientMemory, Assert.Single(rig.State.Errors).ErrorType);
        Assert.Equal(249u, rig.State.OrderUpdateId);

        static Order Lap(uint updateId, uint firstSequenceId) =>
            Town.Order("o1", updateId, ["1.0f", "2.0f", "3.0f", "4.0f"], firstSequenceId: firstSequenceId);
    }

    [Fact]
    public void New_actions_come_to_a_vehicle_that_stands_by_a_further_node_at_the_same_place()
    {
        var rig = new Rig(start: fresh => fresh with { HopperM3 = 1 });
        ImmutableArray<RobotAction> tip = [SweeperActions.TipHopper("tip")];
        rig.Send(Town.Order("o1", 0, [], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [0] = tip }));
        rig.RunUntilDone();

        var first = Town.Order("o1", 1, ["1.0f"], firstSequenceId: 2, atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [0] = [SweeperActions.FillWaterTank("fill")] });
        var decision = first.Nodes[0] with { SequenceId = 0, Actions = tip };
        rig.Send(first with { Nodes = [decision, .. first.Nodes], Edges = [new("stay", 1, true, []), .. first.Edges] });
        Assert.Empty(rig.State.Errors);
        Assert.Equal(["n1", "n2"], rig.State.NodeStates.Select(node => node.NodeId));
        rig.RunUntilDone();

        Assert.Equal(["tip", "fill"], rig.State.ActionStates.Select(action => action.ActionId));
        Assert.All(rig.State.ActionStates, action => Assert.Equal(ActionStatus.Finished, action.ActionStatus));
        Assert.Equal(("n2", 4u), (rig.State.LastNodeId, rig.State.LastNodeSequenceId));
        Assert.Equal(1, rig.States.Select(state => state.ActionStates.FirstOrDefault(action => action.ActionId == "tip")?.ActionStatus).Where(status => status is not null).Chunk2().Count(pair => pair == (ActionStatus.Running, ActionStatus.Finished)));
    }

    [Theory]
    [InlineData("temporary")]
    [InlineData("deviation")]
    public void After_a_cancellation_between_nodes_both_ways_to_begin_are_accepted(string how)
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        rig.Run(20);
        rig.Instant(SweeperActions.Cancel("c"));
        rig.RunUntilDone();
        var here = new MapPoint(rig.State.MobileRobotPosition!.X, rig.State.MobileRobotPosition.Y);
        Assert.InRange(here.X, 20, 280);

        var order = how == "temporary" ? Town.Order("o2", 0, ["1.0f", "2.0f"], start: ("tmp-17", here)) : Town.Order("o2", 0, ["1.0f", "2.0f"]);
        if (how == "deviation")
        {
            rig.Send(order);
            Assert.Equal(ErrorTypes.StartNodeOutOfRange, Assert.Single(rig.State.Errors).ErrorType);
            order = order with { Nodes = [order.Nodes[0] with { NodePosition = order.Nodes[0].NodePosition! with { AllowedDeviationXY = new(here.X + 1, 2, 0) } }, .. order.Nodes[1..]] };
        }

        rig.Send(order);
        Assert.Empty(rig.State.Errors);
        rig.RunUntilDone();
        Assert.Equal("n3", rig.State.LastNodeId);
        Assert.Equal(Town.LengthM("1.0f") + Town.LengthM("2.0f"), rig.Status.OdometerM, 6);
    }

    [Fact]
    public void A_cancellation_fails_what_waits_at_once_and_what_runs_when_the_vehicle_stands()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], sweep: _ => true));
        rig.Run(60);
        rig.Instant(SweeperActions.Cancel("c"));
        Assert.Equal((ActionStatus.Running, ActionStatus.Running, ActionStatus.Failed), (rig.Action("c").ActionStatus, rig.Action("o1.sweep.1").ActionStatus, rig.Action("o1.sweep.3").ActionStatus));
        Assert.NotEmpty(rig.State.NodeStates);
        rig.RunUntilDone();
        Assert.Equal((ActionStatus.Finished, ActionStatus.Failed), (rig.Action("c").ActionStatus, rig.Action("o1.sweep.1").ActionStatus));
        Assert.Equal(("o1", 0u, "n1"), (rig.State.OrderId, rig.State.OrderUpdateId, rig.State.LastNodeId));

        rig.Instant(SweeperActions.Cancel("again"));
        Assert.Equal(ActionStatus.Failed, rig.Action("again").ActionStatus);
        Assert.Equal(ErrorTypes.NoOrderToCancel, Assert.Single(rig.State.Errors).ErrorType);
    }

    [Fact]
    public void Soft_actions_run_side_by_side_and_a_hard_one_alone_in_the_order_of_the_list()
    {
        var rig = new Rig(start: fresh => fresh with { HopperM3 = 1, WaterL = 10 });
        ImmutableArray<RobotAction> actions =
        [
            new(SweeperActions.Tip, "tip", BlockingType.Soft), new(SweeperActions.FillWater, "fill", BlockingType.Soft),
            new(SweeperActions.WashHopper, "wash", BlockingType.Hard), new(SweeperActions.StopCharging, "stop", BlockingType.None),
        ];
        rig.Send(Town.Order("o1", 0, ["1.0f"], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [0] = actions }));
        rig.Run(2);
        Assert.Equal(
            [ActionStatus.Running, ActionStatus.Running, ActionStatus.Waiting, ActionStatus.Waiting],
            rig.State.ActionStates.Select(action => action.ActionStatus));
        rig.Run(Math.Max(rig.Model.TipS, rig.Model.FillWaterS) + 2);
        Assert.Equal(
            [ActionStatus.Finished, ActionStatus.Finished, ActionStatus.Running, ActionStatus.Waiting],
            rig.State.ActionStates.Select(action => action.ActionStatus));
        Assert.False(rig.State.Driving);
        rig.RunUntilDone();
        Assert.All(rig.State.ActionStates, action => Assert.Equal(ActionStatus.Finished, action.ActionStatus));
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    [Fact]
    public void Actions_that_allow_driving_do_not_stop_the_vehicle()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [1] = [new(SweeperActions.StopCharging, "s", BlockingType.Single)] }));
        rig.RunUntil(state => state.LastNodeId == "n2");
        rig.Run(1);
        Assert.True(rig.State.Driving);
        Assert.Equal(ActionStatus.Finished, rig.Action("s").ActionStatus);
        Assert.All(rig.States.SkipWhile(state => !state.Driving).TakeWhile(state => state.LastNodeId != "n3"), state => Assert.True(state.Driving));
        rig.RunUntilDone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_retriable_action_that_fails_waits_until_it_is_retried_or_skipped(bool withPauseBetween)
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [1] = [SweeperActions.TipHopper("tip") with { Retriable = true }] }));
        rig.RunUntil(state => state.ActionStates[0].ActionStatus == ActionStatus.Retriable);
        rig.Run(60);
        Assert.Equal(("n2", false), (rig.State.LastNodeId, rig.State.Driving));
        if (withPauseBetween)
        {
            rig.Instant(SweeperActions.StartPause);
            rig.Run(5);
            rig.Instant(SweeperActions.StopPause);
        }

        var retry = rig.Instant(SweeperActions.Retry, new ActionParameter("actionId", "tip"));
        Assert.Equal(ActionStatus.Finished, rig.Action(retry).ActionStatus);
        rig.Run(5);
        Assert.Equal(ActionStatus.Retriable, rig.Action("tip").ActionStatus);
        Assert.Equal(ActionStatus.Failed, rig.Action(rig.Instant(SweeperActions.Retry, new ActionParameter("actionId", "other"))).ActionStatus);

        rig.Instant(SweeperActions.SkipRetry, new ActionParameter("actionId", "tip"));
        Assert.Equal(ActionStatus.Failed, rig.Action("tip").ActionStatus);
        rig.RunUntilDone();
        Assert.Equal("n3", rig.State.LastNodeId);
        rig.AllMessagesAreValid();
    }
}

internal static class Pairs
{
    /// <summary>Each item with the one after it.</summary>
    public static IEnumerable<(T? Before, T? After)> Chunk2<T>(this IEnumerable<T?> items)
    {
        var list = items.ToList();
        return list.Zip(list.Skip(1));
    }
}
