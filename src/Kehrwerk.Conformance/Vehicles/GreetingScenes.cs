using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>What a standing vehicle says of itself, and how it answers to instant actions that move nothing.</summary>
internal static class GreetingScenes
{
    public static Scene Greeting { get; } = new(
        "Greeting", [ConnectionRetained, ConnectionOnline, FactsheetRetained, FactsheetActions, FactsheetEnvelopes, FactsheetRequest], async session =>
        {
            var book = session.Book;
            book.Check(ConnectionRetained, await session.IsKept(LinkTopic.Connection), $"the broker keeps nothing on connection");
            if (session.Connection is { } connection)
            {
                book.Check(ConnectionOnline, connection.ConnectionState == ConnectionState.Online, $"states come, and connection says {connection.ConnectionState}");
            }

            book.Check(FactsheetRetained, await session.IsKept(LinkTopic.Factsheet), $"the broker keeps nothing on factsheet");
            var before = session.Factsheets;
            var asked = await session.Done(SweeperActions.FactsheetRequest);
            var came = await session.Until(() => session.Factsheets > before, VehicleSession.AnswerS);
            book.Check(FactsheetRequest, came && asked is { ActionStatus: ActionStatus.Finished }, $"factsheetRequest is {Of(asked)}, {session.Factsheets - before} factsheets came");
            VehicleSession.Need(session.Factsheet is not null, "There is no factsheet");
            foreach (var type in (string[])[SweeperActions.CancelOrder, SweeperActions.StartPause, SweeperActions.StopPause])
            {
                book.Check(FactsheetActions, session.Declares(type), $"{type} is not declared as an instant action");
            }

            foreach (var envelope in session.Factsheet!.MobileRobotGeometry.Envelopes2d)
            {
                book.Check(FactsheetEnvelopes, envelope.Vertices.Length >= 3 && Polygon.IsSimple(envelope.Vertices), $"envelope {envelope.Id} has {envelope.Vertices.Length} vertices, or crosses itself");
            }

            if (session.Factsheet.MobileRobotGeometry.Envelopes2d.IsEmpty)
            {
                book.NotSupported(FactsheetEnvelopes, "The factsheet has no envelopes2d");
            }
        });

    public static Scene Instant { get; } = new(
        "Instant actions", [InstantShown, InstantUnknown, InstantUntil, VehicleRules.StateRequest, ClearInstant, LogReport], async session =>
        {
            var book = session.Book;
            if (session.Declares(SweeperActions.StateRequest))
            {
                var id = session.Do(SweeperActions.StateRequest);
                var shown = await session.Until(() => session.Instant(id) is not null, VehicleSession.AnswerS);
                book.Check(InstantShown, shown, $"stateRequest {id} did not appear");
                book.Check(VehicleRules.StateRequest, (await session.Ended(id)) is { ActionStatus: ActionStatus.Finished } || !shown, $"stateRequest is {Of(session.Instant(id))}");
            }
            else
            {
                book.NotSupported(VehicleRules.StateRequest, "stateRequest is not declared");
            }

            await Unknown(session);
            if (session.Declares(SweeperActions.LogReport))
            {
                var log = await session.Done(SweeperActions.LogReport, parameters: new ActionParameter(SweeperActions.ReasonParameter, "conformance check"));
                book.Check(LogReport, log is { ActionStatus: ActionStatus.Finished, ActionResult.Length: > 0 }, $"logReport is {Of(log)} with result '{log?.ActionResult}'");
            }
            else
            {
                book.NotSupported(LogReport, "logReport is not declared");
            }

            if (session.Declares(SweeperActions.ClearInstantActions))
            {
                var ended = session.State.InstantActionStates.Where(action => action.IsEnded).Select(action => action.ActionId).ToHashSet();
                var clear = await session.Done(SweeperActions.ClearInstantActions);
                book.Check(
                    ClearInstant,
                    clear is not { ActionStatus: ActionStatus.Failed } && await session.Until(() => !session.State.InstantActionStates.Any(action => ended.Contains(action.ActionId)), VehicleSession.AnswerS),
                    $"clearInstantActions is {Of(clear)}, and ended actions are still in the state");
            }
            else
            {
                book.NotSupported(ClearInstant, "clearInstantActions is not declared");
            }
        });

    public static Scene Maps { get; } = new(
        "Maps",
        [VehicleRules.EnableMap, EnableNoMap, VehicleRules.DeleteMap],
        async session =>
        {
            var map = session.State.Maps.FirstOrDefault(map => map.MapStatus == StoredStatus.Enabled);
            VehicleSession.Need(map is not null, "The state names no map that is ENABLED");
            ActionParameter[] own = [new(SweeperActions.MapIdParameter, map!.MapId), new(SweeperActions.MapVersionParameter, map.MapVersion)];
            var enabled = await session.Done(SweeperActions.EnableMap, parameters: [.. own]);
            session.Book.Check(VehicleRules.EnableMap, enabled is { ActionStatus: ActionStatus.Finished } && IsThere(), $"enableMap of {map.MapId} {map.MapVersion} is {Of(enabled)}");
            var unknown = await session.Done(SweeperActions.EnableMap, parameters: [new(SweeperActions.MapIdParameter, "conform-no-map"), new(SweeperActions.MapVersionParameter, "1")]);
            session.Book.Check(EnableNoMap, unknown is { ActionStatus: ActionStatus.Failed }, $"enableMap of a map that does not exist is {Of(unknown)}");
            if (session.Declares(SweeperActions.DeleteMap))
            {
                var deleted = await session.Done(SweeperActions.DeleteMap, parameters: [.. own]);
                session.Book.Check(VehicleRules.DeleteMap, deleted is { ActionStatus: ActionStatus.Failed } && IsThere(), $"deleteMap of the map in use is {Of(deleted)}");
            }
            else
            {
                session.Book.NotSupported(VehicleRules.DeleteMap, "deleteMap is not declared");
            }

            bool IsThere() => session.State.Maps.Any(stored => stored.MapId == map.MapId && stored.MapVersion == map.MapVersion && stored.MapStatus == StoredStatus.Enabled);
        },
        session => session.Declares(SweeperActions.EnableMap) ? null : "enableMap is not declared");

    /// <summary>How an action ended, for findings.</summary>
    public static string Of(ActionState? action) => action?.ActionStatus.ToString() ?? "not ended in time";

    private static async Task Unknown(VehicleSession session)
    {
        var unknown = await session.Done("conformNoSuchAction");
        var said = unknown is not null && session.HasError(ErrorTypes.InvalidInstantAction);
        session.Book.Check(InstantUnknown, said && unknown is { ActionStatus: ActionStatus.Failed }, $"an unknown action is {Of(unknown)}, errors are {Errors(session)}");
        if (said)
        {
            await session.Pass(3);
            var stayed = session.HasError(ErrorTypes.InvalidInstantAction);
            await session.Done(SweeperActions.FactsheetRequest);
            var left = await session.Until(() => !session.HasError(ErrorTypes.InvalidInstantAction), VehicleSession.AnswerS);
            session.Book.Check(InstantUntil, stayed && left, $"INVALID_INSTANT_ACTION {(stayed ? "stayed after an action was accepted" : "left before an action was accepted")}");
        }
    }

    public static string Errors(VehicleSession session) => session.State.Errors is { IsEmpty: false } errors ? string.Join(", ", errors.Select(error => error.ErrorType)) : "none";
}
