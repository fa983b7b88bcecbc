using System.Collections.Immutable;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>Every case of VDA 5050 3.0.0, 6.1.4: the error's type, level, references and how long it is reported.</summary>
public sealed class RejectionTests
{
    private static readonly Town Town = Town.Instance;

    /// <summary>What is refused, with which error, level, and what is named beside orderId and orderUpdateId.</summary>
    public static TheoryData<string, string, ErrorLevel, string?> Cases => new()
    {
        { "no nodes", ErrorTypes.ValidationFailure, ErrorLevel.Warning, null },
        { "first update not 0", ErrorTypes.ValidationFailure, ErrorLevel.Warning, null },
        { "first sequence not 0", ErrorTypes.ValidationFailure, ErrorLevel.Warning, "nodeId=n1" },
        { "sequence with a gap", ErrorTypes.ValidationFailure, ErrorLevel.Warning, "edgeId=2.0f" },
        { "trajectory", ErrorTypes.UnsupportedParameter, ErrorLevel.Critical, "parameter=order.edges.trajectory" },
        { "node theta", ErrorTypes.UnsupportedParameter, ErrorLevel.Critical, "parameter=order.nodes.nodePosition.theta" },
        { "orientation", ErrorTypes.UnsupportedParameter, ErrorLevel.Critical, "parameter=order.edges.orientation" },
        { "rotation speed", ErrorTypes.UnsupportedParameter, ErrorLevel.Critical, "parameter=order.edges.maximumRotationSpeed" },
        { "corridor with return", ErrorTypes.UnsupportedParameter, ErrorLevel.Critical, "parameter=order.edges.corridor.releaseLossBehavior" },
        { "unknown action parameter", ErrorTypes.UnsupportedParameter, ErrorLevel.Critical, "parameter=force" },
        { "unknown action", ErrorTypes.InvalidOrderAction, ErrorLevel.Warning, "actionId=a" },
        { "wrong action parameter", ErrorTypes.InvalidOrderAction, ErrorLevel.Warning, "parameter=untilPercent" },
        { "wrong blocking type", ErrorTypes.InvalidOrderAction, ErrorLevel.Warning, "parameter=blockingType" },
        { "start elsewhere", ErrorTypes.StartNodeOutOfRange, ErrorLevel.Warning, "nodeId=n2" },
        { "no such edge", ErrorTypes.NoRouteToTarget, ErrorLevel.Warning, "edgeId=9.9f" },
        { "too low", ErrorTypes.NoRouteToTarget, ErrorLevel.Warning, "edgeId=1.0f" },
        { "other map", ErrorTypes.UnknownMapId, ErrorLevel.Warning, "mapId=other" },
        { "too long", ErrorTypes.InsufficientMemory, ErrorLevel.Urgent, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_refused_order_is_reported_as_the_standard_says_until_a_new_one_is_accepted(string what, string type, ErrorLevel level, string? about)
    {
        var rig = new Rig();
        rig.Send(Order(what));

        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((type, level), (error.ErrorType, error.ErrorLevel));
        var references = error.ErrorReferences.Select(reference => $"{reference.ReferenceKey}={reference.ReferenceValue}").ToList();
        Assert.Contains("orderId=o1", references);
        Assert.Contains(what == "first update not 0" ? "orderUpdateId=4" : "orderUpdateId=0", references);
        Assert.True(about is null || references.Contains(about), string.Join(", ", references));
        Assert.Equal("", rig.State.OrderId);

        rig.Run(120);
        Assert.Single(rig.State.Errors);
        rig.Send(Town.Order("o2", 0, ["1.0f"]));
        Assert.Empty(rig.State.Errors);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_malformed_order_is_refused_with_its_ids_where_they_can_be_read()
    {
        var rig = new Rig();
        rig.Receive(LinkTopic.Order, Encoding.UTF8.GetBytes("{\"orderId\":\"o9\",\"orderUpdateId\":2,\"nodes\":\"many\"}"));

        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((ErrorTypes.ValidationFailure, ErrorLevel.Warning), (error.ErrorType, error.ErrorLevel));
        Assert.Equal([new("orderId", "o9"), new("orderUpdateId", "2"), new("topic", "order")], error.ErrorReferences);
    }

    [Fact]
    public void Of_a_cancelled_order_every_further_update_is_refused_whatever_its_number()
    {
        var rig = new Rig();
        var order = Town.Order("o1", 0, ["1.0f"]);
        rig.Send(order);
        rig.Run(5);
        rig.Instant(SweeperActions.Cancel("c"));
        rig.RunUntilDone();
        rig.Send(order);
        Assert.Equal(ErrorTypes.OrderUpdateFollowingCancel, Assert.Single(rig.State.Errors).ErrorType);
        Assert.Equal(("o1", 0u), (rig.State.OrderId, rig.State.OrderUpdateId));
        rig.Run(20);
        Assert.False(rig.State.Driving);
    }

    [Fact]
    public void A_last_base_node_that_is_sent_again_otherwise_is_refused()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], released: 1));
        var update = Town.Order("o1", 1, ["2.0f"], firstSequenceId: 2);
        rig.Send(update with { Nodes = [update.Nodes[0] with { Actions = [SweeperActions.TipHopper("t")] }, update.Nodes[1]] });
        Assert.Equal(ErrorTypes.ValidationFailure, Assert.Single(rig.State.Errors).ErrorType);
        rig.Send(update);
        Assert.Empty(rig.State.Errors);
        Assert.Equal(1u, rig.State.OrderUpdateId);
    }

    [Fact]
    public void An_instant_action_that_cannot_be_done_is_reported_until_the_next_that_can()
    {
        var rig = new Rig();
        rig.Instant("jump");
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((ErrorTypes.InvalidInstantAction, ErrorLevel.Warning), (error.ErrorType, error.ErrorLevel));
        Assert.Equal([new Reference("actionId", "i0")], error.ErrorReferences);
        rig.Send(Town.Order("o1", 0, ["1.0f"]));
        Assert.Single(rig.State.Errors);
        rig.Instant(SweeperActions.StateRequest);
        Assert.Empty(rig.State.Errors);
    }

    [Fact]
    public void A_cancellation_without_an_order_names_the_action()
    {
        var rig = new Rig();
        rig.Instant(SweeperActions.Cancel("c1"));
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((ErrorTypes.NoOrderToCancel, ErrorLevel.Warning), (error.ErrorType, error.ErrorLevel));
        Assert.Equal([new Reference("actionId", "c1")], error.ErrorReferences);
        Assert.Equal(ActionStatus.Failed, rig.Action("c1").ActionStatus);
    }

    private static Order Order(string what)
    {
        var fit = Town.Order("o1", 0, ["1.0f", "2.0f"]);
        var (node, edge) = (fit.Nodes[0], fit.Edges[0]);
        return what switch
        {
            "no nodes" => fit with { Nodes = [], Edges = [] },
            "first update not 0" => fit with { OrderUpdateId = 4 },
            "first sequence not 0" => Town.Order("o1", 0, ["1.0f", "2.0f"], firstSequenceId: 2),
            "sequence with a gap" => fit with { Edges = [edge, fit.Edges[1] with { SequenceId = 5 }] },
            "trajectory" => Edge(edge with { Trajectory = new([new(0, 0), new(1, 1)]) }),
            "node theta" => Node(node with { NodePosition = node.NodePosition! with { Theta = 1 } }),
            "orientation" => Edge(edge with { Orientation = 1 }),
            "rotation speed" => Edge(edge with { MaxRotationSpeed = 1 }),
            "corridor with return" => Edge(edge with { Corridor = new(1, 1, ReleaseLossBehavior: ReleaseLossBehavior.Return) }),
            "unknown action parameter" => Act(SweeperActions.TipHopper("a") with { ActionParameters = [new("force", 3)] }),
            "unknown action" => Act(new("dance", "a", BlockingType.Hard)),
            "wrong action parameter" => Act(new(SweeperActions.StartCharging, "a", BlockingType.Hard) { ActionParameters = [new("untilPercent", 200)] }),
            "wrong blocking type" => Act(new(SweeperActions.Tip, "a", BlockingType.None)),
            "start elsewhere" => Town.Order("o1", 0, ["2.0f"]),
            "no such edge" => Edge(edge with { EdgeId = "9.9f" }),
            "too low" => Edge(edge with { MaximumMobileRobotHeight = 1.9 }),
            "other map" => Node(node with { NodePosition = node.NodePosition! with { MapId = "other" } }),
            _ => Town.Order("o1", 0, [.. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? "1.0f" : "1.0b")]),
        };

        Order Edge(OrderEdge other) => fit with { Edges = [other, fit.Edges[1]] };
        Order Node(OrderNode other) => fit with { Nodes = [other, .. fit.Nodes[1..]] };
        Order Act(RobotAction action) => Node(node with { Actions = [action] });
    }
}
