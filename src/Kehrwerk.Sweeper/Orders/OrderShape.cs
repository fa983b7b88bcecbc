using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Orders;

/// <summary>What must hold of an order by itself, whatever the vehicle does now: its form, its fields, its actions, its way on the map. Pure.</summary>
internal sealed class OrderShape(StreetNetwork map, string mapId, double heightM)
{
    /// <summary>Whether an edge leads nowhere: it joins a node to itself, so that more actions can be sent to where the vehicle stands (6.1.2, figure 7).</summary>
    public static bool IsStay(StreetNetwork map, OrderNode from, OrderEdge edge, OrderNode to) =>
        from.NodeId == to.NodeId && map.FindArc(edge.EdgeId) is null;

    /// <summary>Fields, actions and way; the form was found good.</summary>
    public OrderFault? Fault(Order order) =>
        UnsupportedFields.In(order) ?? OrderActions.Fault(order) ?? MapFault(order) ?? WayFault(order);

    /// <summary>Numbers, ids and base before horizon (6.1.1).</summary>
    public static OrderFault? FormFault(Order order)
    {
        if (order.OrderId.Length == 0 || order.Nodes.IsEmpty || order.Edges.Length != order.Nodes.Length - 1)
        {
            return new(ErrorTypes.ValidationFailure, "An order needs an orderId, a node, and one edge between each two nodes");
        }

        if (order.Nodes.Length > OrderRules.MaxNodes || OrderActions.All(order).Take(OrderRules.MaxActions + 1).Count() > OrderRules.MaxActions)
        {
            return new(ErrorTypes.InsufficientMemory, $"The order has more than {OrderRules.MaxNodes} nodes or {OrderRules.MaxActions} actions");
        }

        var first = order.Nodes[0];
        if (!first.Released || first.SequenceId % 2 != 0)
        {
            return new(ErrorTypes.ValidationFailure, "The first node must be released and have an even sequenceId", new Reference("nodeId", first.NodeId));
        }

        for (var i = 0; i < order.Edges.Length; i++)
        {
            if (StepFault(order.Nodes[i], order.Edges[i], order.Nodes[i + 1], (long)first.SequenceId + (2 * i)) is var (text, about))
            {
                return new(ErrorTypes.ValidationFailure, text, about);
            }
        }

        return null;
    }

    /// <summary>Whether two messages say the same: all but their headers.</summary>
    public static bool SameContent(Order one, Order other) => Body(one).AsSpan().SequenceEqual(Body(other));

    /// <summary>Whether a node was sent again as it was.</summary>
    public static bool SameNode(OrderNode one, OrderNode other) => one.Released == other.Released
        && one.NodePosition == other.NodePosition
        && one.Actions.Select(action => (action.ActionId, action.ActionType, action.BlockingType))
            .SequenceEqual(other.Actions.Select(action => (action.ActionId, action.ActionType, action.BlockingType)));

    private static (string Text, Reference About)? StepFault(OrderNode from, OrderEdge edge, OrderNode to, long sequenceId) =>
        edge.SequenceId != sequenceId + 1 ? ("sequenceIds must rise by one from node to edge to node", new Reference("edgeId", edge.EdgeId))
        : to.SequenceId != sequenceId + 2 ? ("sequenceIds must rise by one from node to edge to node", new Reference("nodeId", to.NodeId))
        : to.Released && !from.Released ? ("A released node follows one of the horizon", new Reference("nodeId", to.NodeId))
        : edge.Released != to.Released ? ("An edge and its end node must be released together", new Reference("edgeId", edge.EdgeId))
        : edge.MaximumSpeed is <= 0 ? ("maximumSpeed must be above 0", new Reference("edgeId", edge.EdgeId))
        : null;

    private static byte[] Body(Order order) =>
        LinkJson.Serialize(order with { HeaderId = 0, Timestamp = default, OrderDescription = null });

    private OrderFault? MapFault(Order order)
    {
        var node = order.Nodes.FirstOrDefault(node => node.NodePosition is { } position && position.MapId != mapId);
        return node is null ? null : new(ErrorTypes.UnknownMapId, $"The vehicle has map {mapId}", new Reference("nodeId", node.NodeId), new Reference("mapId", node.NodePosition!.MapId));
    }

    private OrderFault? WayFault(Order order)
    {
        for (var i = 0; i < order.Edges.Length; i++)
        {
            var (from, edge, to) = (order.Nodes[i], order.Edges[i], order.Nodes[i + 1]);
            if (!IsStay(map, from, edge, to) && EdgeFault(from, edge, to, isFirst: i == 0) is { } text)
            {
                return new(ErrorTypes.NoRouteToTarget, text, new Reference("edgeId", edge.EdgeId), new Reference("nodeId", to.NodeId));
            }
        }

        return null;
    }

    private string? EdgeFault(OrderNode from, OrderEdge edge, OrderNode to, bool isFirst)
    {
        if (map.FindArc(edge.EdgeId) is not { } arc)
        {
            return "The map has no such edge";
        }

        // Only the first node may be a temporary one, where the vehicle stands within the edge.
        var startsRight = from.NodeId == map.NodeKey(map.ArcTail[arc]) || (isFirst && map.FindNode(from.NodeId) is null);
        return !startsRight || to.NodeId != map.NodeKey(map.ArcHead[arc]) ? "The edge does not lead from the node before it to the node after it"
            : edge.MaximumMobileRobotHeight < heightM ? FormattableString.Invariant($"The vehicle is {heightM} m high, the edge lets {edge.MaximumMobileRobotHeight} m pass")
            : null;
    }
}
