using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Actions of orders, as far as the route file names some that may be done (VDA 5050 3.0.0, 6.2, 6.6.9).</summary>
internal static class ActionScenes
{
    // Two actions of a node must end within this.
    private const double WorkLimitS = 900;

    public static Scene AtNode { get; } = new(
        "Actions at a node", [ActionShown, ActionDone, ActionStands, ActionSequence, ActionsKept], async session =>
        {
            var action = session.Route.NodeActions[0];
            var way = WayTo(session, action.At);
            var order = session.OrderAlong(session.NewOrderId(), way);
            ImmutableArray<RobotAction> twice = [action.ToAction(session.NewActionId()), action.ToAction(session.NewActionId())];
            order = order with { Nodes = order.Nodes.SetItem(way.Length, order.Nodes[^1] with { Actions = twice }) };
            await session.Start(order);
            Shown(session, order, twice);
            var first = session.States.Count - 1;
            VehicleSession.Need(await session.Until(() => session.State.LastNodeSequenceId == order.Nodes[^1].SequenceId, session.DriveLimitS * way.Length), "The vehicle did not reach the node of the action");
            var ended = await session.Until(() => twice.All(one => session.Action(one.ActionId) is { IsEnded: true }), WorkLimitS);
            session.Book.Check(ActionDone, ended, $"{action.ActionType} is {session.Action(twice[0].ActionId)?.ActionStatus} and {session.Action(twice[1].ActionId)?.ActionStatus}");
            // What has ended must stay so.
            await session.Pass(3);
            var seen = session.States.Skip(first).ToList();
            session.Book.Check(ActionStands, action.BlockingType is BlockingType.None or BlockingType.Single || seen.All(state => !state.Driving || twice.All(one => Status(state, one) != ActionStatus.Running)), $"the vehicle drove while {action.ActionType} ran");
            if (action.BlockingType is BlockingType.Hard)
            {
                session.Book.Check(ActionSequence, seen.All(state => Status(state, twice[1]) is not (ActionStatus.Initializing or ActionStatus.Running or ActionStatus.Paused) || Status(state, twice[0]) is ActionStatus.Finished or ActionStatus.Failed), $"the second {action.ActionType} began before the first had ended");
            }

            VehicleSession.Need(ended, "An action did not end");
            await session.Finish(order);
        },
        session => session.Route.NodeActions.IsEmpty ? "The route file names no nodeActions" : null);

    public static Scene AlongEdge { get; } = new(
        "Actions along an edge", [ActionShown, ActionOnEdge, CancelFails], async session =>
        {
            var action = session.Route.EdgeActions[0];
            var edge = session.Route.Edges.First(edge => edge.EdgeId == action.At);
            var way = (WayTo(session, edge.From)).Add(edge);
            var order = session.OrderAlong(session.NewOrderId(), way);
            var along = action.ToAction(session.NewActionId());
            order = order with { Edges = order.Edges.SetItem(way.Length - 1, order.Edges[^1] with { Actions = [along] }) };
            await session.Start(order);
            Shown(session, order, [along]);
            var first = session.States.Count - 1;
            await session.Finish(order);
            var sequence = order.Edges[^1].SequenceId;
            var wrong = session.States.Skip(first).FirstOrDefault(state => Status(state, along) == ActionStatus.Running && state.EdgeStates.FirstOrDefault()?.SequenceId != sequence);
            session.Book.Check(ActionOnEdge, wrong is null && session.Action(along.ActionId) is { IsEnded: true }, $"{action.ActionType} ran off its edge: last node {wrong?.LastNodeSequenceId}, status {session.Action(along.ActionId)?.ActionStatus}");

            // The same once more, given up before the edge is reached.
            order = session.OrderAlong(session.NewOrderId(), (WayTo(session, edge.From, 2)).Add(edge));
            var scheduled = action.ToAction(session.NewActionId());
            order = order with { Edges = order.Edges.SetItem(order.Edges.Length - 1, order.Edges[^1] with { Actions = [scheduled] }) };
            await session.Start(order);
            VehicleSession.Need(await session.Until(() => session.State.Driving, session.DriveLimitS), "The vehicle did not drive off");
            await session.Pass(2);
            await session.Done(SweeperActions.CancelOrder, 120);
            session.Book.Check(CancelFails, session.Action(scheduled.ActionId) is { ActionStatus: ActionStatus.Failed }, $"a scheduled action is {session.Action(scheduled.ActionId)?.ActionStatus.ToString() ?? "gone"} after a cancellation");
            VehicleSession.Need(await session.Until(() => session.Stands, VehicleSession.AnswerS), "The vehicle is not idle after a cancellation");
            await CancelScenes.GoOn(session, order, temporaryFirst: true);
        },
        session => session.Route.EdgeActions.IsEmpty ? "The route file names no edgeActions" : null);

    public static Scene InHorizon { get; } = new(
        "Actions in the horizon", [ActionHorizon], async session =>
        {
            var action = session.Route.EdgeActions[0];
            var edge = session.Route.Edges.First(edge => edge.EdgeId == action.At);
            var way = (WayTo(session, edge.From, 1)).Add(edge);
            var order = session.OrderAlong(session.NewOrderId(), way, released: way.Length - 1);
            var ahead = action.ToAction(session.NewActionId());
            order = order with { Edges = order.Edges.SetItem(way.Length - 1, order.Edges[^1] with { Actions = [ahead] }) };
            await session.Start(order);
            var shown = session.Action(ahead.ActionId) is { ActionStatus: ActionStatus.Waiting };
            await session.Until(() => !session.State.Driving && session.State.LastNodeSequenceId == order.Nodes[^2].SequenceId, session.DriveLimitS * way.Length);
            var waits = session.Action(ahead.ActionId) is { ActionStatus: ActionStatus.Waiting };
            var stitch = order.Nodes[^2];
            var update = order with { OrderUpdateId = 1, Nodes = [stitch], Edges = [] };
            session.Send(update);
            VehicleSession.Need(await session.Taken(update), "The vehicle did not take an update without horizon");
            session.Book.Check(ActionHorizon, shown && waits && session.Action(ahead.ActionId) is null, $"the action of the horizon was {(shown && waits ? "WAITING" : "not WAITING")}, and {(session.Action(ahead.ActionId) is null ? "left" : "stayed")} with the horizon");
            await session.Finish(update);
        },
        session => session.Route.EdgeActions.IsEmpty ? "The route file names no edgeActions" : null);

    public static Scene InPause { get; } = new(
        "A pause while an action runs", [PauseActions], async session =>
        {
            var action = session.Route.EdgeActions[0];
            var edge = session.Route.Edges.First(edge => edge.EdgeId == action.At);
            var way = (WayTo(session, edge.From)).Add(edge);
            var along = action.ToAction(session.NewActionId());
            var order = session.OrderAlong(session.NewOrderId(), way);
            order = order with { Edges = order.Edges.SetItem(way.Length - 1, order.Edges[^1] with { Actions = [along] }) };
            await session.Start(order);
            var runs = await session.Until(() => Status(session.State, along) is ActionStatus.Running || session.IsIdle, session.DriveLimitS * way.Length);
            VehicleSession.Need(runs && !session.IsIdle, $"{action.ActionType} was never RUNNING");
            await session.Done(SweeperActions.StartPause, 60);
            await session.Pass(3);
            var inPause = Status(session.State, along);
            VehicleSession.Need(inPause is not (ActionStatus.Finished or ActionStatus.Failed), $"{action.ActionType} ended before the pause");
            await session.Done(SweeperActions.StopPause);
            var goesOn = await session.Until(() => Status(session.State, along) is ActionStatus.Running or ActionStatus.Finished, VehicleSession.AnswerS);
            session.Book.Check(PauseActions, inPause == ActionStatus.Paused && goesOn, $"{action.ActionType} was {inPause} in the pause and {Status(session.State, along)} after it");
            await session.Finish(order);
        },
        session => session.Route.EdgeActions.IsEmpty ? "The route file names no edgeActions"
            : session.Factsheet?.ProtocolFeatures.MobileRobotActions.Any(action => action.ActionType == session.Route.EdgeActions[0].ActionType && action.PauseAllowed) == true ? null
            : $"{session.Route.EdgeActions[0].ActionType} cannot be paused");

    private static void Shown(VehicleSession session, Order order, ImmutableArray<RobotAction> actions)
    {
        var state = session.States.First(state => state.OrderId == order.OrderId);
        session.Book.Check(ActionShown, actions.All(action => Status(state, action) == ActionStatus.Waiting), $"actions {string.Join(", ", actions.Select(action => action.ActionId))} are {string.Join(", ", actions.Select(action => Status(state, action)?.ToString() ?? "missing"))}");
    }

    private static ActionStatus? Status(State state, RobotAction action) => state.ActionStates.FirstOrDefault(shown => shown.ActionId == action.ActionId)?.ActionStatus;

    /// <summary>The way from where the vehicle stands to a node, of so many edges at least.</summary>
    private static ImmutableArray<RouteEdge> WayTo(VehicleSession session, string node, int least = 1)
    {
        var from = session.Place ?? throw new SceneEnd("The vehicle stands within an edge");
        for (var edges = least; edges <= session.Route.Edges.Length + least; edges++)
        {
            if (session.Route.Way(from, edges) is var way && way[^1].To == node)
            {
                return way;
            }
        }

        throw new SceneEnd($"The way round does not pass node {node}");
    }
}
