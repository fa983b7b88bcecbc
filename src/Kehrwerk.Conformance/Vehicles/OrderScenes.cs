using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Orders that are to be driven: whole, with a horizon, and extended (VDA 5050 3.0.0, 6.1.1, 6.1.2).</summary>
internal static class OrderScenes
{
    private const double SlowMps = 1.5;
    private const double SpeedSlackMps = 0.2;

    public static Scene Plain { get; } = new("A plain order", [OrderTaken, StateAtOrder, FirstNode, OrderWhole, OrderDriven, OrderEnd, UpdateAfterEnd], async session =>
    {
        var book = session.Book;
        var order = session.NewOrder(2);
        session.Send(order);
        var sentAt = session.Now;
        var taken = await session.Taken(order);
        book.Check(OrderTaken, taken, $"order {order.OrderId} was not taken, errors are {GreetingScenes.Errors(session)}");
        VehicleSession.Need(taken, "The vehicle takes no order");
        book.Check(StateAtOrder, (session.Now - sentAt).TotalSeconds <= 5, $"{(session.Now - sentAt).TotalSeconds:F1} s until a state showed the order");
        LookAtStart(session, order);
        var passed = await session.Until(() => session.IsIdle && session.State.LastNodeSequenceId == 4, 2 * session.DriveLimitS);
        book.Check(OrderDriven, passed, $"the vehicle did not reach the last node of order {order.OrderId}, last node is {session.State.LastNodeId} ({session.State.LastNodeSequenceId})");
        VehicleSession.Need(passed, "The vehicle did not come to the end of a plain order");
        var ended = await session.Until(() => session.Stands && session.Has(order), VehicleSession.AnswerS);
        book.Check(OrderEnd, ended, $"after the last node: order {session.State.OrderId}/{session.State.OrderUpdateId}, driving {session.State.Driving}, {session.State.NodeStates.Length} nodes ahead");
        session.Place = order.Nodes[^1].NodeId;

        var update = session.Update(order, 1);
        session.Send(update);
        taken = await session.Taken(update);
        book.Check(UpdateAfterEnd, taken, $"an update to order {order.OrderId}, which was done, was not taken; errors are {GreetingScenes.Errors(session)}");
        if (taken)
        {
            await session.Finish(update);
        }
    });

    public static Scene Horizon { get; } = new(
        "An order with horizon", [DecisionPoint, UpdateTaken, UpdateHorizon, UpdateElsewhere, OtherOrder, Outdated, SameContent, SameUpdate, NotTakenOver, GoesOn], async session =>
        {
            var book = session.Book;
            var order = session.NewOrder(3, released: 1);
            await session.Start(order);
            VehicleSession.Need(await session.Until(() => session.State.LastNodeSequenceId == 2, session.DriveLimitS), "The vehicle did not drive the base");
            await session.Until(() => !session.State.Driving, VehicleSession.AnswerS);
            await session.Pass(5);
            book.Check(DecisionPoint, session.State is { Driving: false, LastNodeSequenceId: 2 } && session.State.NodeStates.Length == 2, $"the base ends at 2; last node {session.State.LastNodeSequenceId}, driving {session.State.Driving}, {session.State.NodeStates.Length} nodes ahead");

            await RejectScenes.Refused(session, OtherOrder, ErrorTypes.OtherOrderActive, session.OrderAlong(session.NewOrderId(), session.Route.Way(order.Nodes[1].NodeId, 1)));
            var wrong = session.OrderAlong(order.OrderId, session.Route.Way(order.Nodes[0].NodeId, 1), updateId: 1);
            session.SendWrong(wrong);
            await session.Pass(3);
            book.Check(UpdateElsewhere, session.State.OrderUpdateId == 0, $"an update that began at node {wrong.Nodes[0].NodeId} (0) was taken, the base ends at {order.Nodes[1].NodeId} (2)");

            var errors = session.State.Errors.Length;
            session.SendWrong(order);
            await session.Pass(3);
            book.Check(SameContent, session.State.Errors.Length == errors && session.Has(order), $"the order was sent again as it was; errors are {GreetingScenes.Errors(session)}");

            // Another way on, shorter than the horizon: what is left of the horizon goes.
            var update = session.Update(order, 2, released: 2);
            update = update with { Nodes = update.Nodes[..2], Edges = update.Edges[..1] };
            session.Send(update);
            var taken = await session.Taken(update);
            book.Check(UpdateTaken, taken, $"the update was not taken; errors are {GreetingScenes.Errors(session)}");
            VehicleSession.Need(taken, "The vehicle takes no update");
            book.Check(UpdateHorizon, session.State.NodeStates.All(node => node.Released && node.SequenceId <= 4), $"after an update without horizon the state holds nodes {string.Join(' ', session.State.NodeStates.Select(node => node.SequenceId))}");

            await RejectScenes.Refused(session, Outdated, ErrorTypes.OutdatedOrderUpdate, order with { Edges = order.Edges, OrderUpdateId = 0 });
            var other = session.Update(order, 1) with { OrderUpdateId = update.OrderUpdateId };
            other = other with { Edges = [other.Edges[0] with { EdgeId = "conform-other-edge" }] };
            await RejectScenes.Refused(session, SameUpdate, ErrorTypes.SameOrderUpdateId, other);
            var arrived = await session.Until(() => session.Stands && session.State.LastNodeSequenceId == 4, 2 * session.DriveLimitS);
            book.Check(GoesOn, arrived && session.Has(update), $"the order in hand was not driven to its end: last node {session.State.LastNodeSequenceId}");
            VehicleSession.Need(arrived, "The order in hand was not driven to its end");
            session.Place = update.Nodes[^1].NodeId;
        });

    public static Scene SamePlace { get; } = new("A further node at the same place", [UpdateSamePlace], async session =>
    {
        var order = session.NewOrder(1);
        await session.Start(order);
        await session.Finish(order);
        var stitch = order.Nodes[^1];
        var update = order with
        {
            OrderUpdateId = 1,
            Nodes = [stitch, stitch with { SequenceId = stitch.SequenceId + 2 }],
            Edges = [new("conform-stay", stitch.SequenceId + 1, true, [])],
        };
        session.Send(update);
        var taken = await session.Taken(update);
        session.Book.Check(
            UpdateSamePlace,
            taken && await session.Until(() => session.Stands && session.State.LastNodeSequenceId == stitch.SequenceId + 2, session.DriveLimitS),
            $"node {stitch.NodeId} ({stitch.SequenceId + 2}) was {(taken ? "not reached" : "not taken, errors are " + GreetingScenes.Errors(session))}");
    });

    public static Scene Slow { get; } = new("A slow edge", [OrderSpeed], async session =>
    {
        var order = session.NewOrder(1);
        order = order with { Edges = [order.Edges[0] with { MaximumSpeed = SlowMps }] };
        var first = session.States.Count;
        await session.Start(order);
        await session.Finish(order);
        var speeds = session.States.Skip(first).Where(state => state.OrderId == order.OrderId && state.Velocity is not null)
            .Select(state => Math.Sqrt(Math.Pow(state.Velocity!.Vx ?? 0, 2) + Math.Pow(state.Velocity.Vy ?? 0, 2))).ToList();
        VehicleSession.Need(speeds.Count > 0, "The vehicle reports no velocity");
        session.Book.Check(OrderSpeed, speeds.Max() <= SlowMps + SpeedSlackMps, $"{speeds.Max():F1} m/s on an edge of {SlowMps:F1} m/s");
    }, session => session.DeclaresField("order.edges.maximumSpeed") ? null : "The vehicle does not declare order.edges.maximumSpeed");

    private static void LookAtStart(VehicleSession session, Order order)
    {
        var state = session.States.First(state => state.OrderId == order.OrderId);
        session.Book.Check(
            FirstNode,
            state.NodeStates.All(node => node.SequenceId != 0) && state.LastNodeId.Length > 0 && (state.LastNodeId == order.Nodes[0].NodeId || state.LastNodeSequenceId > 0),
            $"last node is '{state.LastNodeId}' ({state.LastNodeSequenceId}), nodes ahead are {string.Join(' ', state.NodeStates.Select(node => node.SequenceId))}");
        var nodes = order.Nodes.Where(node => node.SequenceId > state.LastNodeSequenceId).Select(node => (node.NodeId, node.SequenceId, node.Released));
        var edges = order.Edges.Where(edge => edge.SequenceId > state.LastNodeSequenceId).Select(edge => (edge.EdgeId, edge.SequenceId, edge.Released));
        session.Book.Check(
            OrderWhole,
            state.NodeStates.Where(node => node.SequenceId > state.LastNodeSequenceId).Select(node => (node.NodeId, node.SequenceId, node.Released)).SequenceEqual(nodes)
                && state.EdgeStates.Select(edge => (edge.EdgeId, edge.SequenceId, edge.Released)).SequenceEqual(edges),
            $"nodes are {string.Join(' ', state.NodeStates.Select(node => $"{node.NodeId}({node.SequenceId})"))}, edges {string.Join(' ', state.EdgeStates.Select(edge => $"{edge.EdgeId}({edge.SequenceId})"))}");
    }
}
