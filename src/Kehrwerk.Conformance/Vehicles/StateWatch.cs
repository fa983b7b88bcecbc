using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Compares each state with the one before (VDA 5050 3.0.0, 6.6): what lies ahead, the last node, actions, modes.</summary>
internal sealed class StateWatch(VehicleSession session)
{
    // Before the first state of a run or after a silence that was meant there is nothing to compare with.
    private State? before;

    // The order in hand was given up, or is about to be: it is not driven to its end (6.6.7).
    private bool isGivenUp;

    public void See(Seen seen)
    {
        if (seen.Content is Connection { ConnectionState: not ConnectionState.Online })
        {
            before = null;
            return;
        }

        if (seen.Content is not State state)
        {
            return;
        }

        isGivenUp = (isGivenUp && before?.OrderId == state.OrderId && before.OrderUpdateId == state.OrderUpdateId) || GivesUp(state);
        Alone(state);
        if (before is { } last && last.OrderId == state.OrderId)
        {
            if (last.OrderUpdateId == state.OrderUpdateId)
            {
                Ahead(last, state);
            }

            LastNode(last, state);
            Kept(last, state);
        }

        if (before is { } earlier)
        {
            Statuses(earlier, state);
        }

        before = state;
    }

    private void Alone(State state)
    {
        var book = session.Book;
        var (nodes, edges) = (state.NodeStates, state.EdgeStates);
        book.Check(VehicleRules.NodesAndEdges, nodes.Length == edges.Length && nodes.Zip(edges).All(pair => pair.First.SequenceId == pair.Second.SequenceId + 1),
            $"nodes {Numbers(nodes.Select(node => node.SequenceId))}, edges {Numbers(edges.Select(edge => edge.SequenceId))}");
        book.Check(VehicleRules.BaseFirst, IsBaseFirst(nodes.Select(node => node.Released)) && IsBaseFirst(edges.Select(edge => edge.Released)), $"something released follows on the horizon in order {state.OrderId}");
        if (state.MobileRobotPosition is { } position)
        {
            book.Check(VehicleRules.Localized, position.Localized || state.Errors.Any(error => error is { ErrorType: ErrorTypes.LocalizationError, ErrorLevel: ErrorLevel.Fatal }), $"localized is false without LOCALIZATION_ERROR");
            if (!state.Maps.IsEmpty)
            {
                book.Check(VehicleRules.MapEnabled, state.Maps.Any(map => map.MapId == position.MapId && map.MapStatus == StoredStatus.Enabled), $"map {position.MapId} is not ENABLED in maps");
            }
        }

        if (!state.Maps.IsEmpty)
        {
            book.Check(VehicleRules.OneMap, state.Maps.Where(map => map.MapStatus == StoredStatus.Enabled).GroupBy(map => map.MapId).All(same => same.Count() == 1), $"two versions of a map are ENABLED");
        }

        if (!state.ZoneSets.IsEmpty)
        {
            book.Check(VehicleRules.OneZoneSet, state.ZoneSets.Where(set => set.ZoneSetStatus == StoredStatus.Enabled).GroupBy(set => set.MapId).All(same => same.Count() == 1), $"two zone sets of a map are ENABLED");
        }

        if (state.OperatingMode is OperatingMode.Manual or OperatingMode.Service or OperatingMode.TeachIn or OperatingMode.Startup)
        {
            book.Check(VehicleRules.ModeOrder, nodes.IsEmpty && edges.IsEmpty && state.ActionStates.All(action => action.IsEnded), $"{state.OperatingMode} with an order under way");
            if (state.OperatingMode != OperatingMode.Manual)
            {
                book.Check(VehicleRules.ModeLastNode, state.LastNodeId.Length == 0, $"{state.OperatingMode} with last node {state.LastNodeId}");
            }
        }
    }

    private void Ahead(State last, State state)
    {
        var gone = last.NodeStates.Length - state.NodeStates.Length;
        var isSuffix = gone >= 0 && last.NodeStates[gone..].Select(node => node.SequenceId).SequenceEqual(state.NodeStates.Select(node => node.SequenceId));
        var edgesGone = last.EdgeStates.Length - state.EdgeStates.Length;
        var isEdgeSuffix = edgesGone >= 0 && last.EdgeStates[edgesGone..].Select(edge => edge.SequenceId).SequenceEqual(state.EdgeStates.Select(edge => edge.SequenceId));
        session.Book.Check(VehicleRules.NodesInOrder, isSuffix && isEdgeSuffix,
            $"nodes {Numbers(last.NodeStates.Select(node => node.SequenceId))} became {Numbers(state.NodeStates.Select(node => node.SequenceId))}");
        if (!isSuffix || (state.NodeStates.IsEmpty && isGivenUp))
        {
            return;
        }

        var reached = gone > 0 ? last.NodeStates[gone - 1].SequenceId : last.LastNodeSequenceId;
        session.Book.Check(VehicleRules.Traversal, state.LastNodeSequenceId == reached || state.LastNodeId.Length == 0,
            $"{gone} nodes left nodeStates, lastNodeSequenceId is {state.LastNodeSequenceId}, expected {reached}");
    }

    private void LastNode(State last, State state)
    {
        if ((last.LastNodeId, last.LastNodeSequenceId) == (state.LastNodeId, state.LastNodeSequenceId) || state.LastNodeId.Length == 0 || last.LastNodeId.Length == 0)
        {
            return;
        }

        var fits = last.NodeStates.Any(node => node.Released && node.NodeId == state.LastNodeId && node.SequenceId == state.LastNodeSequenceId)
            || (session.Orders.TryGetValue(state.OrderId, out var order) && order.Nodes.Any(node => node.Released && node.NodeId == state.LastNodeId && node.SequenceId == state.LastNodeSequenceId));
        session.Book.Check(VehicleRules.LastNode, fits, $"{last.LastNodeId} ({last.LastNodeSequenceId}) became {state.LastNodeId} ({state.LastNodeSequenceId}), which is no released node ahead");
    }

    private void Kept(State last, State state)
    {
        foreach (var action in last.ActionStates)
        {
            if (last.OrderUpdateId == state.OrderUpdateId || session.IsBaseAction(state.OrderId, action.ActionId))
            {
                session.Book.Check(VehicleRules.ActionsKept, state.ActionStates.Any(kept => kept.ActionId == action.ActionId), $"action {action.ActionId} of order {state.OrderId} has left actionStates");
            }
        }
    }

    private void Statuses(State last, State state)
    {
        var isCleared = state.InstantActionStates.Any(action => action is { ActionType: SweeperActions.ClearInstantActions, IsEnded: true }
            && last.InstantActionStates.All(old => old.ActionId != action.ActionId || !old.IsEnded));
        foreach (var action in last.InstantActionStates)
        {
            if (!isCleared)
            {
                session.Book.Check(VehicleRules.InstantKept, state.InstantActionStates.Any(kept => kept.ActionId == action.ActionId), $"instant action {action.ActionId} has left the state");
            }
        }

        foreach (var (old, now) in Pairs(last.ActionStates, state.ActionStates).Concat(Pairs(last.InstantActionStates, state.InstantActionStates)))
        {
            var isLegal = old.ActionStatus == now.ActionStatus || (!old.IsEnded && now.ActionStatus != ActionStatus.Waiting);
            session.Book.Check(VehicleRules.ActionsEnd, isLegal, $"action {old.ActionId} went from {old.ActionStatus} to {now.ActionStatus}");
        }
    }

    private bool GivesUp(State state) => state.OperatingMode is not (OperatingMode.Automatic or OperatingMode.Semiautomatic or OperatingMode.Intervened)
        || state.InstantActionStates.Any(action => action.ActionType is SweeperActions.CancelOrder or SweeperActions.StartHibernation or SweeperActions.EndMrc
            && before?.InstantActionStates.Any(known => known.ActionId == action.ActionId) != true);

    private static IEnumerable<(ActionState Old, ActionState Now)> Pairs(ImmutableArray<ActionState> last, ImmutableArray<ActionState> state) =>
        from old in last
        join now in state on old.ActionId equals now.ActionId
        select (old, now);

    private static bool IsBaseFirst(IEnumerable<bool> released) => !released.SkipWhile(free => free).Any(free => free);

    private static string Numbers(IEnumerable<uint> numbers) => $"[{string.Join(' ', numbers)}]";
}
