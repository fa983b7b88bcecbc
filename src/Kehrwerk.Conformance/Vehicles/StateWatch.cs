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
            BaseKept(last, state);
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
        if (Localizes && state.OperatingMode != OperatingMode.Startup)
        {
            book.Check(VehicleRules.Position, state.MobileRobotPosition is not null, $"no mobileRobotPosition in a state in {state.OperatingMode}");
        }

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

        Limits(state);
        foreach (var curve in state.ZoneRequests.Select(request => request.Trajectory).Concat(state.EdgeStates.Select(edge => edge.Trajectory)).Append(state.PlannedPath?.Trajectory).OfType<Trajectory>())
        {
            book.Check(VehicleRules.Curves, IsCurve(curve), $"a trajectory of degree {curve.Degree ?? 1} has {curve.ControlPoints.Length} control points and {curve.KnotVector.Length} knots");
        }

        if (state.OperatingMode is not (OperatingMode.Automatic or OperatingMode.Semiautomatic))
        {
            book.Check(VehicleRules.ModeRequests, state.ZoneRequests.IsEmpty && state.EdgeRequests.IsEmpty, $"{state.OperatingMode} with {state.ZoneRequests.Length + state.EdgeRequests.Length} requests");
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

    /// <summary>Clamped: the first and the last knot come once more than the degree, the others not more often than the degree (7.8). Missing knots are uniform.</summary>
    private static bool IsCurve(Trajectory curve)
    {
        var (degree, knots) = ((int)Math.Min(curve.Degree ?? 1, int.MaxValue - 1), curve.KnotVector);
        return curve.ControlPoints.Length > degree && (knots.IsEmpty || (knots.Length == curve.ControlPoints.Length + degree + 1
            && knots.SequenceEqual(knots.Order()) && knots.GroupBy(knot => knot).All(same => same.Key == knots[0] || same.Key == knots[^1] ? same.Count() == degree + 1 : same.Count() <= degree)));
    }

    /// <summary>A limit that is missing or 0 is none (7.10).</summary>
    private void Limits(State state)
    {
        if (session.Factsheet?.ProtocolLimits.MaximumArrayLengths is not { } most)
        {
            return;
        }

        (string Name, int Length, uint? Most)[] lists =
        [
            ("nodeStates", state.NodeStates.Length, most.StateNodeStates), ("edgeStates", state.EdgeStates.Length, most.StateEdgeStates),
            ("loads", state.Loads?.Length ?? 0, most.StateLoads), ("actionStates", state.ActionStates.Length, most.StateActionStates),
            ("instantActionStates", state.InstantActionStates.Length, most.StateInstantActionStates),
            ("zoneActionStates", state.ZoneActionStates.Length, most.StateZoneActionStates), ("errors", state.Errors.Length, most.StateErrors),
            ("information", state.Information.Length, most.StateInformation),
            ("errorReferences", state.Errors.Select(error => error.ErrorReferences.Length).DefaultIfEmpty().Max(), most.ErrorReferences),
            ("infoReferences", state.Information.Select(info => info.InfoReferences.Length).DefaultIfEmpty().Max(), most.InfoReferences),
        ];
        foreach (var (name, length, limit) in lists.Where(list => list.Most > 0))
        {
            session.Book.Check(VehicleRules.Limits, length <= limit, $"{name} has {length} entries, the factsheet allows {limit}");
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

    /// <summary>What was released and still lies ahead is as it was, and no update takes it away.</summary>
    private void BaseKept(State last, State state)
    {
        if (isGivenUp)
        {
            return;
        }

        var now = Entries(state).DistinctBy(entry => entry.SequenceId).ToDictionary(entry => entry.SequenceId);
        var isUpdated = last.OrderUpdateId != state.OrderUpdateId;
        var changed = Entries(last).Where(entry => entry.Released)
            .FirstOrDefault(old => now.TryGetValue(old.SequenceId, out var entry) ? entry != old : isUpdated && old.SequenceId > state.LastNodeSequenceId);
        session.Book.Check(VehicleRules.BaseKept, changed.Id is null, $"{changed.Id} ({changed.SequenceId}) of the base of order {state.OrderId} is not as it was in update {state.OrderUpdateId}");

        static IEnumerable<(uint SequenceId, string Id, bool Released)> Entries(State of) =>
            of.NodeStates.Select(node => (node.SequenceId, node.NodeId, node.Released)).Concat(of.EdgeStates.Select(edge => (edge.SequenceId, edge.EdgeId, edge.Released)));
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

    /// <summary>By its navigation: who follows nothing but physical lines need not know where it is.</summary>
    private bool Localizes => session.Factsheet?.TypeSpecification.NavigationTypes.Any(type => type is "VIRTUAL_LINE_GUIDED" or "FREELY_NAVIGATING") == true;

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
