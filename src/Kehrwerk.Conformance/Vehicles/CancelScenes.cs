using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Cancelling and pausing (VDA 5050 3.0.0, 6.1.3, 6.2.3).</summary>
internal static class CancelScenes
{
    // Beyond the place of the vehicle, so that it counts as within, metres.
    private const double DeviationSlackM = 10;

    public static Scene Nothing { get; } = new("Nothing to cancel", [CancelNothing], async session =>
    {
        var cancel = await session.Done(SweeperActions.CancelOrder);
        var said = await session.Until(() => session.HasError(ErrorTypes.NoOrderToCancel), VehicleSession.AnswerS);
        session.Book.Check(CancelNothing, said && cancel is { ActionStatus: ActionStatus.Failed }, $"cancelOrder is {GreetingScenes.Of(cancel)}, errors are {GreetingScenes.Errors(session)}");
    });

    public static Scene UnderWay { get; } = new("Cancelling under way", [CancelOther, CancelStops, CancelLast, CancelClears, CancelKeeps, CancelUpdate, CancelTemporary], async session =>
    {
        var order = await DriveOff(session);
        var other = await session.Done(SweeperActions.CancelOrder, parameters: new ActionParameter(SweeperActions.OrderIdParameter, "conform-no-such-order"));
        session.Book.Check(CancelOther, other is { ActionStatus: ActionStatus.Failed } && session.Has(order) && !session.IsIdle, $"cancelOrder of another order is {GreetingScenes.Of(other)}; idle {session.IsIdle}");
        VehicleSession.Need(!session.IsIdle, "The order ended before it could be cancelled");

        await CancelIt(session, order);
        var update = session.Update(order, 1);
        await RejectScenes.Refused(session, CancelUpdate, ErrorTypes.OrderUpdateFollowingCancel, update);
        await GoOn(session, order, temporaryFirst: true);
    });

    public static Scene Again { get; } = new("Cancelling once more", [CancelStops, CancelLast, CancelClears, CancelKeeps, CancelDeviation], async session =>
    {
        var order = await DriveOff(session);
        await CancelIt(session, order);
        await GoOn(session, order, temporaryFirst: false);
    });

    public static Scene Pause { get; } = new("Pause", [PauseStops, PauseLast, PauseKeeps, PauseEnds], async session =>
    {
        var book = session.Book;
        var order = await DriveOff(session);
        var id = session.Do(SweeperActions.StartPause);
        var first = session.States.Count;
        var stopped = await session.Until(() => session.State is { Paused: true, Driving: false } && session.Instant(id) is { IsEnded: true }, 60);
        book.Check(PauseStops, stopped && session.Instant(id) is { ActionStatus: ActionStatus.Finished }, $"startPause is {GreetingScenes.Of(session.Instant(id))}; paused {session.State.Paused}, driving {session.State.Driving}");
        book.Check(PauseLast, session.States.Skip(first).All(state => !state.Driving || state.InstantActionStates.All(action => action.ActionId != id || action.ActionStatus != ActionStatus.Finished)), $"startPause was FINISHED while the vehicle drove");
        await session.Pass(3);
        book.Check(PauseKeeps, session.Has(order) && !session.State.NodeStates.IsEmpty, $"in the pause the state shows order {session.State.OrderId} with {session.State.NodeStates.Length} nodes ahead");
        var end = await session.Done(SweeperActions.StopPause);
        var goesOn = await session.Until(() => session.State.Paused != true && (session.State.Driving || session.IsIdle), session.DriveLimitS);
        book.Check(PauseEnds, goesOn && end is { ActionStatus: ActionStatus.Finished }, $"stopPause is {GreetingScenes.Of(end)}; paused {session.State.Paused}, driving {session.State.Driving}");
        await session.Finish(order);
    });

    /// <summary>An order of three edges, and the vehicle well under way on the first.</summary>
    public static async Task<Order> DriveOff(VehicleSession session, Func<Order, Order>? change = null)
    {
        var order = session.NewOrder(3);
        order = change?.Invoke(order) ?? order;
        await session.Start(order);
        VehicleSession.Need(await session.Until(() => session.State.Driving, session.DriveLimitS), "The vehicle did not drive off");
        await session.Pass(2);
        return order;
    }

    /// <summary>Brings a vehicle that stopped within an edge to the edge's end, by one of the two ways of 6.1.3.1 and, where that fails, by the other.</summary>
    /// <param name="order">The order that was given up there.</param>
    public static async Task GoOn(VehicleSession session, Order order, bool temporaryFirst, bool isJudged = true)
    {
        var (rule, otherRule) = temporaryFirst ? (CancelTemporary, CancelDeviation) : (CancelDeviation, CancelTemporary);
        var at = (int)session.State.LastNodeSequenceId / 2;
        session.Place = null;
        if (at >= order.Edges.Length || !session.DeclaresField("order.nodes.nodePosition") || session.State.MobileRobotPosition is not { } position
            || (!temporaryFirst && !session.DeclaresField("order.nodes.nodePosition.allowedDeviationXY")))
        {
            session.Book.NotSupported(rule, "The vehicle declares no node positions or deviations, or stopped at the last node");
            VehicleSession.Need(session.Route.Nodes.Any(node => node.NodeId == session.State.LastNodeId), "The vehicle does not stand at a node of the route");
            session.Place = session.State.LastNodeId;
            return;
        }

        var edge = session.Route.Edges.First(edge => edge.EdgeId == order.Edges[at].EdgeId);
        var isTaken = await Try(temporaryFirst);
        if (isJudged)
        {
            session.Book.Check(rule, isTaken, $"the order from within edge {edge.EdgeId} was not taken, errors are {GreetingScenes.Errors(session)}");
        }

        VehicleSession.Need(isTaken || await Try(!temporaryFirst), $"The vehicle takes no order from where it stands ({otherRule.Id})");

        async Task<bool> Try(bool isTemporary)
        {
            var next = session.OrderAlong(session.NewOrderId(), [edge]);
            var first = next.Nodes[0];
            var here = session.State.MobileRobotPosition!;
            var place = first.NodePosition!;
            var awayM = Math.Sqrt(Math.Pow(place.X - here.X, 2) + Math.Pow(place.Y - here.Y, 2)) + DeviationSlackM;
            next = next with
            {
                Nodes = next.Nodes.SetItem(0, isTemporary
                    ? first with { NodeId = "conform-here", NodePosition = new(here.X, here.Y, place.MapId) }
                    : first with { NodePosition = place with { AllowedDeviationXY = new(awayM, awayM, 0) } }),
            };
            session.Send(next);
            if (!await session.Taken(next))
            {
                return false;
            }

            await session.Finish(next);
            return true;
        }
    }

    private static async Task CancelIt(VehicleSession session, Order order)
    {
        var book = session.Book;
        var first = session.States.Count;
        var id = session.Do(SweeperActions.CancelOrder);
        var ended = await session.Ended(id, 120);
        book.Check(CancelStops, ended is { ActionStatus: ActionStatus.Finished } && await session.Until(() => !session.State.Driving, VehicleSession.AnswerS), $"cancelOrder is {GreetingScenes.Of(ended)}, driving {session.State.Driving}");
        book.Check(
            CancelLast,
            session.States.Skip(first).All(state => (!state.Driving && state.ActionStates.All(action => action.IsEnded)) || state.InstantActionStates.All(action => action.ActionId != id || action.ActionStatus != ActionStatus.Finished)),
            $"cancelOrder was FINISHED before all had ended");
        var isIdle = await session.Until(() => session.IsIdle, VehicleSession.AnswerS);
        book.Check(CancelClears, isIdle, $"after the cancellation {session.State.NodeStates.Length} nodes and {session.State.EdgeStates.Length} edges lie ahead");
        var last = session.States[Math.Max(0, first - 1)];
        book.Check(CancelKeeps, session.Has(order) && session.State.LastNodeId.Length > 0 && session.State.LastNodeSequenceId >= last.LastNodeSequenceId, $"order {order.OrderId}/{order.OrderUpdateId}, last node {last.LastNodeId} became {session.State.OrderId}/{session.State.OrderUpdateId}, last node '{session.State.LastNodeId}'");
        VehicleSession.Need(await session.Until(() => session.Stands, VehicleSession.AnswerS), "The vehicle is not idle after a cancellation");
    }
}
