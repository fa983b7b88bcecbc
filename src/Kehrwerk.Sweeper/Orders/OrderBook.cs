using System.Collections.Immutable;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Orders;

/// <summary>
/// The order that the vehicle has, and how much of it lies ahead. Immutable; <see cref="OrderRules"/> decides what may enter.
/// </summary>
internal sealed record OrderBook(string LastNodeId)
{
    /// <summary>Empty: no order since the program started.</summary>
    public string OrderId { get; init; } = "";
    public uint OrderUpdateId { get; init; }
    public uint LastSequenceId { get; init; }

    /// <summary>Nodes still to be passed, base first, then horizon.</summary>
    public ImmutableArray<OrderNode> Nodes { get; init; } = [];

    /// <summary>Edges still to be passed; the one being driven is the first.</summary>
    public ImmutableArray<OrderEdge> Edges { get; init; } = [];

    /// <summary>Ids of all actions in the base so far; an id names one action once.</summary>
    public ImmutableHashSet<string> BaseActionIds { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    public bool IsCancelled { get; init; }

    /// <summary>The message that was accepted last; its repetition means nothing new.</summary>
    public Order? Accepted { get; init; }

    /// <summary>The last node of the base as it was sent; an update must send it again so.</summary>
    public OrderNode? Decision { get; init; }

    /// <summary>Id and number of the node to which an update must be stitched: the last of the base.</summary>
    public (string NodeId, uint SequenceId) Stitch
    {
        get
        {
            for (var i = Nodes.Length - 1; i >= 0; i--)
            {
                if (Nodes[i].Released)
                {
                    return (Nodes[i].NodeId, Nodes[i].SequenceId);
                }
            }

            return (LastNodeId, LastSequenceId);
        }
    }

    public OrderBook Begin(Order order) => new OrderBook(order.Nodes[0].NodeId)
    {
        OrderId = order.OrderId,
        LastSequenceId = order.Nodes[0].SequenceId,
        BaseActionIds = BaseActionIds.Clear(),
    }.Append(order, [], []);

    public OrderBook Extend(Order update) =>
        Append(update, Nodes.RemoveAll(node => !node.Released), Edges.RemoveAll(edge => !edge.Released));

    /// <summary>The first edge ahead is driven and its end node reached.</summary>
    public OrderBook Pass() => this with
    {
        LastNodeId = Nodes[0].NodeId,
        LastSequenceId = Nodes[0].SequenceId,
        Nodes = Nodes.RemoveAt(0),
        Edges = Edges.RemoveAt(0),
    };

    public OrderBook Cancel() => this with { Nodes = [], Edges = [], IsCancelled = true };

    private OrderBook Append(Order order, ImmutableArray<OrderNode> baseNodes, ImmutableArray<OrderEdge> baseEdges) => this with
    {
        OrderUpdateId = order.OrderUpdateId,
        Nodes = baseNodes.AddRange(order.Nodes.RemoveAt(0)),
        Edges = baseEdges.AddRange(order.Edges),
        BaseActionIds = BaseActionIds
            .Union(order.Nodes.Where(node => node.Released).SelectMany(node => node.Actions).Select(action => action.ActionId))
            .Union(order.Edges.Where(edge => edge.Released).SelectMany(edge => edge.Actions).Select(action => action.ActionId)),
        Accepted = order,
        Decision = order.Nodes.Last(node => node.Released),
    };
}
