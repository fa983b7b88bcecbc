using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Orders;

/// <summary>What becomes of an order that came in.</summary>
internal abstract record OrderVerdict
{
    /// <summary>It is what the vehicle already has.</summary>
    public sealed record Repeated : OrderVerdict;

    public sealed record Refused(RobotError Error) : OrderVerdict;

    /// <param name="FirstArcFrom">Where on the order's first arc the vehicle is, metres; null if it has not reached that arc yet.</param>
    public sealed record Started(OrderBook Book, double? FirstArcFrom) : OrderVerdict;

    public sealed record Extended(OrderBook Book) : OrderVerdict;
}

/// <summary>Where the vehicle stands, as far as a new order depends on it.</summary>
/// <param name="IsIdle">No order, or the last one is finished or cancelled.</param>
/// <param name="IsAvailable">Nothing forbids the vehicle to drive.</param>
internal readonly record struct Standing(int Arc, double OffsetM, double ArcLengthM, MapPoint Position, bool IsIdle, bool IsAvailable);

/// <summary>
/// Accepts or refuses orders by the rules of VDA 5050 3.0.0 (6.1): a new one where the vehicle is, an update where the base ends;
/// both only if every edge lies on the map and follows the one before. Pure.
/// </summary>
internal sealed class OrderRules(StreetNetwork map, string mapId)
{
    /// <summary>The most nodes and the most actions of one order; declared in the factsheet.</summary>
    public const int MaxNodes = 1000;
    public const int MaxActions = 1000;

    /// <summary>The farthest from the first node at which an order may begin, metres.</summary>
    public const double StartToleranceM = 5;

    private const double AtEndM = 0.01;

    public OrderVerdict Judge(OrderBook book, Order order, Standing at)
    {
        if (order.OrderId.Length > 0 && order.OrderId == book.OrderId)
        {
            return Update(book, order, at);
        }

        if (ShapeFault(order) is { } fault)
        {
            return Refuse(order, fault);
        }

        return !at.IsIdle ? Refuse(order, new(ErrorTypes.OtherOrderActive, $"Order {book.OrderId} is not finished"))
            : !at.IsAvailable ? Refuse(order, new(ErrorTypes.MobileRobotNotAvailable, "The vehicle is deactivated"))
            : Start(book, order, at);
    }

    private OrderVerdict Update(OrderBook book, Order order, Standing at)
    {
        if (order.OrderUpdateId == book.OrderUpdateId)
        {
            return book.Accepted is { } accepted && SameContent(accepted, order)
                ? new OrderVerdict.Repeated()
                : Refuse(order, new(ErrorTypes.SameOrderUpdateId, "This orderUpdateId was used for other content"));
        }

        if (order.OrderUpdateId < book.OrderUpdateId)
        {
            return Refuse(order, new(ErrorTypes.OutdatedOrderUpdate, $"The vehicle already has update {book.OrderUpdateId}"));
        }

        if (book.IsCancelled)
        {
            return Refuse(order, new(ErrorTypes.OrderUpdateFollowingCancel, "The order was cancelled"));
        }

        if (ShapeFault(order) is { } fault)
        {
            return Refuse(order, fault);
        }

        var stitch = book.Stitch;
        var first = order.Nodes[0];
        if (first.NodeId != stitch.NodeId || first.SequenceId != stitch.SequenceId)
        {
            return Refuse(order, new(
                ErrorTypes.ValidationFailure,
                $"The update begins at node {first.NodeId} ({first.SequenceId}), the base ends at {stitch.NodeId} ({stitch.SequenceId})",
                "nodeId",
                first.NodeId));
        }

        if (first.NodeId == OrderNode.Here && order.Edges is [var edge, ..] && edge.EdgeId != map.ArcKey(at.Arc))
        {
            return Refuse(order, new(ErrorTypes.ValidationFailure, "The first edge is not the one on which the vehicle stands", "edgeId", edge.EdgeId));
        }

        foreach (var action in NewActions(order))
        {
            if (book.BaseActionIds.Contains(action.ActionId))
            {
                return Refuse(order, new(ErrorTypes.ValidationFailure, "The actionId was already used in this order", "actionId", action.ActionId));
            }
        }

        return new OrderVerdict.Extended(book.Extend(order));
    }

    private OrderVerdict Start(OrderBook book, Order order, Standing at)
    {
        var first = order.Nodes[0];
        int? firstArc = order.Edges.Length > 0 ? map.FindArc(order.Edges[0].EdgeId) : null;
        var place = first.NodePosition is { } position ? new MapPoint(position.X, position.Y)
            : firstArc is { } arc && first.NodeId != OrderNode.Here ? map.NodePoint[map.ArcTail[arc]]
            : at.Position;
        var isAtEnd = at.OffsetM >= at.ArcLengthM - AtEndM;
        var isWithin = firstArc == at.Arc && (first.NodeId == OrderNode.Here || (!isAtEnd && at.OffsetM <= StartToleranceM));
        var isBefore = firstArc is { } next && first.NodeId != OrderNode.Here && map.ArcHead[at.Arc] == map.ArcTail[next];
        if (!(place.DistanceTo(at.Position) <= StartToleranceM) || !(firstArc is null || isWithin || isBefore))
        {
            return Refuse(order, new(
                ErrorTypes.StartNodeOutOfRange, "The order does not begin where the vehicle is, or its first edge cannot be driven from there", "nodeId", first.NodeId));
        }

        return new OrderVerdict.Started(book.Begin(order), isWithin ? at.OffsetM : isAtEnd ? 0 : null);
    }

    private OrderFault? ShapeFault(Order order)
    {
        if (order.OrderId.Length == 0 || order.Nodes.IsEmpty || order.Edges.Length != order.Nodes.Length - 1)
        {
            return new(ErrorTypes.ValidationFailure, "An order needs an orderId, a node, and one edge between each two nodes");
        }

        if (order.Nodes.Length > MaxNodes || AllActions(order).Take(MaxActions + 1).Count() > MaxActions)
        {
            return new(ErrorTypes.InsufficientMemory, $"The order has more than {MaxNodes} nodes or {MaxActions} actions");
        }

        if (!order.Nodes[0].Released || order.Nodes[0].SequenceId % 2 != 0)
        {
            return new(ErrorTypes.ValidationFailure, "The first node must be released and have an even sequenceId", "nodeId", order.Nodes[0].NodeId);
        }

        for (var i = 0; i < order.Nodes.Length; i++)
        {
            if (NodeFault(order, i) is { } nodeFault)
            {
                return nodeFault;
            }

            if (i < order.Edges.Length && EdgeFault(order, i) is { } edgeFault)
            {
                return edgeFault;
            }
        }

        return ActionsFault(order);
    }

    private OrderFault? NodeFault(Order order, int i)
    {
        var node = order.Nodes[i];
        return node.NodePosition is { } position && position.MapId != mapId
            ? new(ErrorTypes.UnknownMapId, $"The vehicle has map {mapId}", "nodeId", node.NodeId)
            : i == 0 ? node.NodeId != OrderNode.Here && map.FindNode(node.NodeId) is null
                ? new(ErrorTypes.NodeUnreachable, "The map has no such node", "nodeId", node.NodeId)
                : null
            : node.SequenceId != (long)order.Nodes[0].SequenceId + (2 * i)
            ? new(ErrorTypes.ValidationFailure, "sequenceIds must rise by one from node to edge to node", "nodeId", node.NodeId)
            : node.Released && !order.Nodes[i - 1].Released
            ? new(ErrorTypes.ValidationFailure, "A released node follows one of the horizon", "nodeId", node.NodeId)
            : null;
    }

    private OrderFault? EdgeFault(Order order, int i)
    {
        var edge = order.Edges[i];
        if (map.FindArc(edge.EdgeId) is not { } arc)
        {
            return new(ErrorTypes.NoRouteToTarget, "The map has no such edge", "edgeId", edge.EdgeId);
        }

        // Only the first node may be free, where the vehicle stands within the edge.
        var tail = map.NodeKey(map.ArcTail[arc]);
        var startsRight = order.Nodes[i].NodeId == tail || (i == 0 && order.Nodes[0].NodeId == OrderNode.Here);
        return !startsRight || order.Nodes[i + 1].NodeId != map.NodeKey(map.ArcHead[arc])
            ? new(ErrorTypes.NoRouteToTarget, "The edge does not lead from the node before it to the node after it", "edgeId", edge.EdgeId)
            : edge.SequenceId != (long)order.Nodes[i].SequenceId + 1
            ? new(ErrorTypes.ValidationFailure, "sequenceIds must rise by one from node to edge to node", "edgeId", edge.EdgeId)
            : edge.Released != order.Nodes[i + 1].Released
            ? new(ErrorTypes.ValidationFailure, "An edge and its end node must be released together", "edgeId", edge.EdgeId)
            : edge.MaximumSpeed is <= 0
            ? new(ErrorTypes.ValidationFailure, "maximumSpeed must be above 0", "edgeId", edge.EdgeId)
            : null;
    }

    private static OrderFault? ActionsFault(Order order)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var action in AllActions(order))
        {
            if (action.ActionId.Length == 0 || !ids.Add(action.ActionId))
            {
                return new(ErrorTypes.ValidationFailure, "An actionId is empty or occurs twice", "actionId", action.ActionId);
            }
        }

        return order.Edges.SelectMany(edge => edge.Actions).Select(EdgeActionFault)
            .Concat(order.Nodes.SelectMany(node => node.Actions).Select(NodeActionFault))
            .FirstOrDefault(fault => fault is not null);
    }

    private static OrderFault? EdgeActionFault(RobotAction action) =>
        action.ActionType != SweeperActions.Sweep
            ? new(ErrorTypes.InvalidOrderAction, $"'{action.ActionType}' cannot be done on an edge", "actionId", action.ActionId)
            : action.BlockingType != BlockingType.None
            ? new(ErrorTypes.InvalidOrderAction, "sweep is done while driving: its blockingType must be NONE", "actionId", action.ActionId)
            : !SweeperActions.TryReadSweep(action, out _, out _, out var fault)
            ? new(ErrorTypes.UnsupportedParameter, fault!, "actionId", action.ActionId)
            : null;

    private static OrderFault? NodeActionFault(RobotAction action) => action.ActionType switch
    {
        SweeperActions.StartCharging => SweeperActions.TryReadUntilPercent(action, out _, out var fault)
            ? null
            : new(ErrorTypes.UnsupportedParameter, fault!, "actionId", action.ActionId),
        SweeperActions.Tip or SweeperActions.WashHopper or SweeperActions.FillWater or SweeperActions.StopCharging => null,
        _ => new(ErrorTypes.InvalidOrderAction, $"'{action.ActionType}' cannot be done at a node", "actionId", action.ActionId),
    };

    private static IEnumerable<RobotAction> AllActions(Order order) =>
        order.Nodes.SelectMany(node => node.Actions).Concat(order.Edges.SelectMany(edge => edge.Actions));

    /// <summary>The actions of an update but those of its first node, which repeats the end of the base.</summary>
    private static IEnumerable<RobotAction> NewActions(Order update) =>
        update.Nodes.Skip(1).SelectMany(node => node.Actions).Concat(update.Edges.SelectMany(edge => edge.Actions));

    private static bool SameContent(Order one, Order other) =>
        one.Nodes.Select(node => (node.NodeId, node.SequenceId, node.Released)).SequenceEqual(other.Nodes.Select(node => (node.NodeId, node.SequenceId, node.Released)))
        && one.Edges.Select(edge => (edge.EdgeId, edge.SequenceId, edge.Released)).SequenceEqual(other.Edges.Select(edge => (edge.EdgeId, edge.SequenceId, edge.Released)))
        && AllActions(one).Select(action => (action.ActionId, action.ActionType)).SequenceEqual(AllActions(other).Select(action => (action.ActionId, action.ActionType)));

    private static OrderVerdict.Refused Refuse(Order order, OrderFault fault) => new(new RobotError(fault.Type, ErrorLevel.Warning, fault.Text)
    {
        ErrorReferences =
        [
            new("orderId", order.OrderId),
            new("orderUpdateId", order.OrderUpdateId.ToString(CultureInfo.InvariantCulture)),
            .. fault.Key is null ? [] : new[] { new Reference(fault.Key, fault.Value!) },
        ],
    });

    private sealed record OrderFault(string Type, string Text, string? Key = null, string? Value = null);
}
