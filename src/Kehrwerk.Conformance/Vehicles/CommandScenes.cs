using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.ProfileRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Which commands a supervised vehicle carries out, and what it records of them (safety profile, SP-CMD, SP-REC).</summary>
internal static class CommandScenes
{
    public static Scene Gate { get; } = new("Commands", [Once, StopAlways, Unstamped, OtherEpoch, Expired, RefusalSaid, EndNothing], async session =>
    {
        var book = session.Book;
        var pause = session.Do(SweeperActions.Instant(SweeperActions.StartPause, session.NewActionId()), isStamped: false);
        var paused = await session.Ended(pause);
        book.Check(StopAlways, paused is { ActionStatus: ActionStatus.Finished } && session.State.Paused == true, $"startPause without a stamp is {GreetingScenes.Of(paused)} {paused?.ActionResult}");
        VehicleSession.Need(await session.Done(SweeperActions.StopPause) is { ActionStatus: ActionStatus.Finished }, "The vehicle did not end its pause");
        session.Do(SweeperActions.Instant(SweeperActions.StartPause, pause), isStamped: false);
        await session.Pass(3);
        book.Check(Once, session.State.Paused != true, $"startPause {pause} came again, and the vehicle paused again");
        if (session.State.Paused == true)
        {
            await session.Done(SweeperActions.StopPause);
        }

        await Refused(session, Unstamped, "unstamped", action => session.Do(action, isStamped: false));
        await Refused(session, OtherEpoch, "epoch", action => session.Do(action, session.Leases.Stamp() with { Epoch = session.Leases.Epoch + 1 }));
        await session.Pass(6);
        await Refused(session, Expired, "expired", action => session.Do(action, session.Leases.Stamp() with { LeaseId = session.Leases.LeaseId - 5, ValidForS = 1 }));
        var end = await session.Ended(session.Do(new MrcInvestigation("conform-no-mrc", "conformance check", "There is none.").ToAction(session.NewActionId())));
        book.Check(EndNothing, end is { ActionStatus: ActionStatus.Failed } && Says(end, "noMrc"), $"endMrc without an MRC is {GreetingScenes.Of(end)} {end?.ActionResult}");
    }, LeaseScenes.Missing);

    public static Scene Recorder { get; } = new("The event recorder", [EventSent, EventRepeated, EventEnds], async session =>
    {
        var book = session.Book;
        // What was recorded before is acknowledged first.
        await session.Pass(45);
        session.GivesReceipts = false;
        var known = session.Events.Select(recorded => recorded.EventId).ToHashSet();
        var first = session.Events.Count;
        await session.Done(SweeperActions.StartPause);
        await session.Done(SweeperActions.StopPause);
        var came = await session.Until(() => session.Events.Skip(first).Any(recorded => !known.Contains(recorded.EventId) && Content(recorded) is { Complete: true }), 90);
        VehicleSession.Need(await session.Until(() => !session.State.Driving, VehicleSession.AnswerS), "The vehicle drives");
        var whole = came ? session.Events.Last(recorded => !known.Contains(recorded.EventId) && Content(recorded) is { Complete: true }) : null;
        var series = whole is null ? null : Content(whole)!.Series;
        var covers = series is not null && series.TimeS.Min() <= -9.5 && series.TimeS.Max() >= 9.5;
        var perS = series is null ? 0 : (series.TimeS.Length - 1) / (series.TimeS.Max() - series.TimeS.Min());
        book.Check(EventSent, covers && perS is > 9.5 and < 10.5, $"after startPause {(series is null ? "no complete event came" : FormattableString.Invariant($"an event came from {series.TimeS.Min():F1} s to {series.TimeS.Max():F1} s, {perS:F1} values a second"))}");
        VehicleSession.Need(whole is not null, "No event came");
        var at = new List<DateTimeOffset>();
        session.Watch(seen =>
        {
            if (seen.Content is EventMessage { } again && again.EventId == whole!.EventId)
            {
                at.Add(again.Timestamp);
            }
        });
        await session.Pass(35);
        var gaps = at.Zip(at.Skip(1)).Select(pair => (pair.Second - pair.First).TotalSeconds).ToList();
        book.Check(EventRepeated, at.Count >= 2 && gaps.All(gap => gap >= 9), $"without a receipt event {whole!.EventId} came {at.Count} times in 35 s, {(gaps.Count > 0 ? gaps.Min() : 0):F1} s apart at least");
        session.GivesReceipts = true;
        session.Receipt(whole!);
        await session.Pass(2);
        var count = at.Count;
        await session.Pass(25);
        book.Check(EventEnds, at.Count == count, $"event {whole!.EventId} came {at.Count - count} times after its receipt");
    }, LeaseScenes.Missing);

    /// <summary>Whether an action was refused with a code of the profile.</summary>
    public static bool Says(ActionState action, string code) => action.ActionResult?.StartsWith($"refused: {code}", StringComparison.Ordinal) == true;

    private static async Task Refused(VehicleSession session, Rule rule, string code, Func<RobotAction, string> send)
    {
        // Harmless where it is carried out after all: the vehicle is not paused.
        var id = send(SweeperActions.Instant(SweeperActions.StopPause, session.NewActionId()));
        var ended = await session.Ended(id);
        var isRefused = session.Book.Check(rule, ended is { ActionStatus: ActionStatus.Failed } && Says(ended, code), $"stopPause is {GreetingScenes.Of(ended)} with result '{ended?.ActionResult}', expected 'refused: {code}: …'");
        if (isRefused)
        {
            session.Book.Check(RefusalSaid, session.State.Errors.Any(error => error.ErrorType == ErrorTypes.InvalidInstantAction && error.ErrorReferences.Contains(new("actionId", id))), $"{id} was refused without an error INVALID_INSTANT_ACTION that names it");
        }
    }

    private static VehicleEvent? Content(EventMessage recorded) => LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(recorded.Content)).Message;
}
