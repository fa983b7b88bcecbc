using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Masters.MasterRules;

namespace Kehrwerk.Conformance.Masters;

/// <summary>Looks at every order of the master control (VDA 5050 3.0.0, 6.1, 6.6.6).</summary>
internal sealed class OrderWatch(MasterSession session)
{
    // Farther from the vehicle no node counts as where it stands, metres.
    private const double NearM = 5;

    // What was sent before the vehicle's state of now had come.
    private static readonly TimeSpan Crossing = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Order> newest = new(StringComparer.Ordinal);
    private readonly HashSet<string> cancelled = new(StringComparer.Ordinal);
    private DateTimeOffset? busySince;
    private DateTimeOffset? unavailableSince;
    private DateTimeOffset? goneSince;

    /// <summary>Notes what the vehicle shows now; called before each message.</summary>
    public void Look()
    {
        var played = session.Played;
        busySince = played.IsIdle ? null : busySince ?? session.Now;
        unavailableSince = played.Mode is OperatingMode.Automatic or OperatingMode.Semiautomatic or OperatingMode.Intervened ? null : unavailableSince ?? session.Now;
        goneSince = played.IsGone ? goneSince ?? session.Now : null;
    }

    public void See(Seen seen)
    {
        Look();
        switch (seen.Content)
        {
            case Order order:
                Take(order);
                break;
            case InstantActions message:
                foreach (var action in message.Actions.Where(action => action.ActionType == SweeperActions.CancelOrder))
                {
                    cancelled.Add(action[SweeperActions.OrderIdParameter]?.AsText ?? session.Played.OrderId);
                }

                break;
            default:
                break;
        }
    }

    private void Take(Order order)
    {
        var book = session.Book;
        Form(order);
        Fields(order);
        book.Check(OrderMode, unavailableSince is null || session.Now - unavailableSince < Crossing, $"order {order.OrderId}/{order.OrderUpdateId} in {session.Played.Mode}");
        book.Check(OrderOffline, goneSince is null || session.Now - goneSince < Crossing, $"order {order.OrderId}/{order.OrderUpdateId} to a vehicle whose connection is broken or OFFLINE");
        if (session.RefusedOrders.Count > 0)
        {
            var refused = session.RefusedOrders.Any(refused => session.Now - refused.At > Crossing && Body(refused.Order) == Body(order));
            book.Check(OrderRefused, !refused, $"order {order.OrderId}/{order.OrderUpdateId} was refused and came again as it was");
        }

        if (newest.TryGetValue(order.OrderId, out var last))
        {
            Update(order, last);
        }
        else if (!order.Nodes.IsEmpty)
        {
            Begin(order);
        }

        if (last is null || order.OrderUpdateId >= last.OrderUpdateId)
        {
            newest[order.OrderId] = order;
        }
    }

    private void Form(Order order)
    {
        var (book, nodes, edges) = (session.Book, order.Nodes, order.Edges);
        if (!book.Check(OrderEdges, nodes.Length > 0 && edges.Length == nodes.Length - 1, $"order {order.OrderId}/{order.OrderUpdateId} has {nodes.Length} nodes and {edges.Length} edges"))
        {
            return;
        }

        var first = nodes[0].SequenceId;
        book.Check(OrderSequence, nodes.Index().All(node => node.Item.SequenceId == first + (2 * node.Index)) && edges.Index().All(edge => edge.Item.SequenceId == first + (2 * edge.Index) + 1),
            $"order {order.OrderId}/{order.OrderUpdateId} has nodes {string.Join(' ', nodes.Select(node => node.SequenceId))}, edges {string.Join(' ', edges.Select(edge => edge.SequenceId))}");
        book.Check(OrderFirst, nodes[0].Released, $"order {order.OrderId}/{order.OrderUpdateId} begins with a node of the horizon");
        var inTurn = nodes.Skip(1).Zip(edges).SelectMany(pair => new[] { pair.Second.Released, pair.First.Released }).ToList();
        book.Check(OrderBase, !inTurn.SkipWhile(free => free).Any(free => free) && edges.Zip(nodes.Skip(1)).All(pair => !pair.First.Released || pair.Second.Released),
            $"order {order.OrderId}/{order.OrderUpdateId}: something released follows on the horizon");
    }

    private void Begin(Order order)
    {
        var (book, played) = (session.Book, session.Played);
        book.Check(OrderBegin, order.OrderUpdateId == 0 && order.Nodes[0].SequenceId == 0, $"order {order.OrderId} begins with update {order.OrderUpdateId}, sequenceId {order.Nodes[0].SequenceId}");
        book.Check(OrderIdle, busySince is null || session.Now - busySince < Crossing, $"order {order.OrderId} came while {played.OrderId} was under way");
        var (node, at) = (order.Nodes[0], played.Place);
        var awayM = node.NodePosition is { } place ? Math.Sqrt(Math.Pow(place.X - at.X, 2) + Math.Pow(place.Y - at.Y, 2)) : 0;
        var allowedM = Math.Max(NearM, node.NodePosition?.AllowedDeviationXY is { } ellipse ? Math.Max(ellipse.A, ellipse.B) : 0);
        book.Check(OrderReachable, node.NodePosition is null ? node.NodeId == played.LastNodeId : awayM <= allowedM, $"order {order.OrderId} begins at node {node.NodeId}, {awayM:F1} m from the vehicle");
    }

    private void Update(Order order, Order last)
    {
        var book = session.Book;
        if (order.OrderUpdateId == last.OrderUpdateId)
        {
            book.Check(UpdateSame, Body(order) == Body(last), $"order {order.OrderId}/{order.OrderUpdateId} came with another content");
            return;
        }

        book.Check(UpdateCancelled, !cancelled.Contains(order.OrderId), $"update {order.OrderUpdateId} to order {order.OrderId}, which was cancelled");
        if (!book.Check(UpdateRises, order.OrderUpdateId > last.OrderUpdateId, $"order {order.OrderId}: update {order.OrderUpdateId} after {last.OrderUpdateId}")
            || order.Nodes.IsEmpty || last.Nodes.LastOrDefault(node => node.Released) is not { } stitch)
        {
            return;
        }

        var first = order.Nodes[0];
        if (book.Check(UpdateStitch, first.NodeId == stitch.NodeId && first.SequenceId == stitch.SequenceId, $"order {order.OrderId}/{order.OrderUpdateId} begins at {first.NodeId} ({first.SequenceId}), the base ends at {stitch.NodeId} ({stitch.SequenceId})"))
        {
            book.Check(UpdateKeeps, first.NodePosition == stitch.NodePosition && Ids(first).SequenceEqual(Ids(stitch)), $"order {order.OrderId}/{order.OrderUpdateId}: node {first.NodeId} ({first.SequenceId}) is not as it was sent before");
        }
    }

    private void Fields(Order order)
    {
        var declared = session.Played.Factsheet.ProtocolFeatures.OptionalParameters.Select(parameter => parameter.Parameter).ToHashSet(StringComparer.Ordinal);
        var undeclared = Optional(order).FirstOrDefault(field => !declared.Contains(field));
        session.Book.Check(OptionalFields, undeclared is null, $"order {order.OrderId}/{order.OrderUpdateId} has {undeclared}, which the factsheet does not declare");
        var map = order.Nodes.Select(node => node.NodePosition?.MapId).FirstOrDefault(id => id is not null && id != session.MapId);
        session.Book.Check(OrderMap, map is null, $"order {order.OrderId}/{order.OrderUpdateId} names map {map}, the vehicle has {session.MapId}");
    }

    /// <summary>Optional fields that an order has, but for texts for people.</summary>
    private static IEnumerable<string> Optional(Order order)
    {
        foreach (var node in order.Nodes.Where(node => node.NodePosition is not null))
        {
            yield return "order.nodes.nodePosition";
            if (node.NodePosition!.Theta is not null)
            {
                yield return "order.nodes.nodePosition.theta";
            }

            if (node.NodePosition.AllowedDeviationXY is not null)
            {
                yield return "order.nodes.nodePosition.allowedDeviationXY";
            }
        }

        foreach (var edge in order.Edges)
        {
            (string Name, bool IsThere)[] fields =
            [
                ("order.edges.maximumSpeed", edge.MaximumSpeed is not null), ("order.edges.length", edge.Length is not null), ("order.edges.trajectory", edge.Trajectory is not null),
                ("order.edges.corridor", edge.Corridor is not null), ("order.edges.orientation", edge.Orientation is not null), ("order.edges.direction", edge.Direction is not null),
                ("order.edges.maximumMobileRobotHeight", edge.MaximumMobileRobotHeight is not null),
            ];
            foreach (var (name, _) in fields.Where(field => field.IsThere))
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<(string, string, BlockingType)> Ids(OrderNode node) => node.Actions.Select(action => (action.ActionId, action.ActionType, action.BlockingType));

    private static string Body(Order order) => Encoding.UTF8.GetString(LinkJson.Serialize(order with { HeaderId = 0, Timestamp = default }));
}
