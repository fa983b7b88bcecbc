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
/// <param name="Unavailable">Why it takes no order now; null if it does.</param>
internal readonly record struct Standing(int Arc, double OffsetM, double ArcLengthM, MapPoint Position, bool IsIdle, string? Unavailable);

/// <summary>
/// Accepts or refuses orders by the rules of VDA 5050 3.0.0 (6.1, figure 8): a new one where the vehicle is, an update where the base
/// ends; both only if every edge lies on the map and follows the one before. Pure.
/// </summary>
internal sealed class OrderRules(StreetNetwork map, string mapId, double heightM)
{
    /// <summary>The most nodes and the most actions of one order; declared in the factsheet.</summary>
    public const int MaxNodes = 1000;
    public const int MaxActions = 1000;

    /// <summary>The most actions of an order with all its updates: the state names each of them until the order's end (6.6.9.1).</summary>
    public const int MaxActionsWithUpdates = 4 * MaxActions;

    private const double AtEndM = 0.01;

    private readonly OrderShape shape = new(map, mapId, heightM);

    public OrderVerdict Judge(OrderBook book, Order order, Standing at)
    {
        var fault = OrderShape.FormFault(order);
        if (fault is null && order.OrderId == book.OrderId)
        {
            if (UpdateFault(book, order, at, out var isRepeated) is not { } wrong)
            {
                return isRepeated ? new OrderVerdict.Repeated() : new OrderVerdict.Extended(book.Extend(order));
            }

            fault = wrong;
        }

        fault ??= NewFault(book, order, at);
        return fault is null ? Start(book, order, at) : new OrderVerdict.Refused(fault.ToError(order));
    }

    /// <summary>An order that is right in itself and cannot be taken now.</summary>
    public static OrderVerdict NotNow(Order order, string reason) =>
        new OrderVerdict.Refused(new OrderFault(ErrorTypes.MobileRobotNotAvailable, reason).ToError(order));

    /// <summary>Steps 6 to 10 of figure 8.</summary>
    private OrderFault? UpdateFault(OrderBook book, Order order, Standing at, out bool isRepeated)
    {
        isRepeated = false;
        if (order.OrderUpdateId < book.OrderUpdateId)
        {
            return new(ErrorTypes.OutdatedOrderUpdate, $"The vehicle already has update {book.OrderUpdateId}");
        }

        if (book.IsCancelled)
        {
            return new(ErrorTypes.OrderUpdateFollowingCancel, "The order was cancelled");
        }

        if (order.OrderUpdateId == book.OrderUpdateId)
        {
            isRepeated = book.Accepted is { } accepted && OrderShape.SameContent(accepted, order);
            return isRepeated ? null : new(ErrorTypes.SameOrderUpdateId, "This orderUpdateId was used for other content");
        }

        return Unavailable(at) ?? shape.Fault(order) ?? StitchFault(book, order, at) ?? RoomFault(book, order);
    }

    private static OrderFault? RoomFault(OrderBook book, Order update) =>
        book.Nodes.Count(node => node.Released) + update.Nodes.Length - 1 > MaxNodes
            ? new(ErrorTypes.InsufficientMemory, $"With this update more than {MaxNodes} nodes lie ahead")
        : book.BaseActionIds.Count + OrderActions.All(update).Count() > MaxActionsWithUpdates
            ? new(ErrorTypes.InsufficientMemory, $"With this update the order has more than {MaxActionsWithUpdates} actions; let it end and send a new order")
        : null;

    private OrderFault? StitchFault(OrderBook book, Order order, Standing at)
    {
        var (stitch, first) = (book.Stitch, order.Nodes[0]);
        if (first.NodeId != stitch.NodeId || first.SequenceId != stitch.SequenceId)
        {
            return new(
                ErrorTypes.ValidationFailure,
                $"The update begins at node {first.NodeId} ({first.SequenceId}), the base ends at {stitch.NodeId} ({stitch.SequenceId})",
                new Reference("nodeId", first.NodeId));
        }

        if (book.Decision is { } decision && !OrderShape.SameNode(decision, first))
        {
            return new(ErrorTypes.ValidationFailure, "The last node of the base must be sent again as it was", new Reference("nodeId", first.NodeId));
        }

        if (map.FindNode(first.NodeId) is null && order.Edges is [var edge, ..] && map.FindArc(edge.EdgeId) is { } arc && arc != at.Arc)
        {
            return new(ErrorTypes.ValidationFailure, "The first edge is not the one on which the vehicle stands", new Reference("edgeId", edge.EdgeId));
        }

        var used = order.Nodes.Skip(1).SelectMany(node => node.Actions).Concat(order.Edges.SelectMany(next => next.Actions))
            .FirstOrDefault(action => book.BaseActionIds.Contains(action.ActionId));
        return used is null ? null : new(ErrorTypes.ValidationFailure, "The actionId was already used in this order", new Reference("actionId", used.ActionId));
    }

    /// <summary>Steps 3 to 5 of figure 8 but for the place, and all that the vehicle cannot do.</summary>
    private OrderFault? NewFault(OrderBook book, Order order, Standing at) =>
        !at.IsIdle ? new(ErrorTypes.OtherOrderActive, $"Order {book.OrderId} is not finished")
        : Unavailable(at)
        ?? (order.OrderUpdateId != 0 ? new(ErrorTypes.ValidationFailure, "The orderUpdateId of a new order must be 0")
            : order.Nodes[0].SequenceId != 0
            ? new(ErrorTypes.ValidationFailure, "The first sequenceId of a new order must be 0", new Reference("nodeId", order.Nodes[0].NodeId))
            : shape.Fault(order));

    private static OrderFault? Unavailable(Standing at) =>
        at.Unavailable is { } why ? new(ErrorTypes.MobileRobotNotAvailable, why) : null;

    private OrderVerdict Start(OrderBook book, Order order, Standing at)
    {
        // A node that the map does not know is a temporary one at the vehicle's place (6.1.3.1).
        var first = order.Nodes[0];
        var node = map.FindNode(first.NodeId);
        int? firstArc = order.Edges.Length > 0 ? map.FindArc(order.Edges[0].EdgeId) : null;
        var place = first.NodePosition is { } position ? new MapPoint(position.X, position.Y)
            : node is { } known ? map.NodePoint[known]
            : (MapPoint?)null;
        var isInEllipse = NodeReach.IsWithin(first.NodePosition, at.Position);
        var isNear = isInEllipse || (place is { } there && there.DistanceTo(at.Position) <= NodeReach.ToleranceM);
        var isAtEnd = at.OffsetM >= at.ArcLengthM - AtEndM;
        var isWithin = firstArc == at.Arc && (node is null || (!isAtEnd && (isInEllipse || at.OffsetM <= NodeReach.ToleranceM)));
        var isBefore = firstArc is { } next && node is not null && map.ArcHead[at.Arc] == map.ArcTail[next];
        if (!isNear || !(firstArc is null || isWithin || isBefore))
        {
            return new OrderVerdict.Refused(new OrderFault(
                ErrorTypes.StartNodeOutOfRange,
                "The order does not begin where the vehicle is, or its first edge cannot be driven from there",
                new Reference("nodeId", first.NodeId)).ToError(order));
        }

        return new OrderVerdict.Started(book.Begin(order), isWithin ? at.OffsetM : isAtEnd ? 0 : null);
    }
}
