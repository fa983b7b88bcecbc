using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Takes a vehicle's report and brings it together, by ids, with what was commanded and ordered (<see cref="OrderReports"/>).</summary>
internal static class Reconciliation
{
    /// <summary>Fault while reports under one name contradict each other; the word before the colon names its text on the pages.</summary>
    public const string TwoVehicles = "twoVehicles: two vehicles report under this serial number; both are told to stop";

    private static readonly TimeSpan CancelAgainAfter = TimeSpan.FromSeconds(10);

    public static void Absorb(Decision d, State state)
    {
        var (sender, order) = SenderTrack.Take(d.Twin.Sender, state, d.Now);
        d.Twin = d.Twin with { Sender = sender };
        HoldBoth(d);
        if (order == ReportOrder.Overtaken)
        {
            return;
        }

        if (order == ReportOrder.NewestBySetClock)
        {
            d.Twin = d.Twin with { SafetyHeard = null };
            d.Note("clockSetBack", "the vehicle goes on with an earlier time");
        }

        var late = sender.ClockOffset - (state.Timestamp - d.Now);
        var facts = OnThisMap(d, state, VehicleFacts.Of(state, d.Twin.Spec, d.Now, late > TimeSpan.Zero ? late : TimeSpan.Zero));
        d.Twin = d.Twin with { Facts = facts };
        WatchClock(d);
        LinkRules.Hear(d);
        Supervising.TakeRelease(d, state);
        TakeCommandResults(d, state);
        ClearInstantActions(d, state);
        RequestAnswers.Absorb(d);
        ZoneDuty.Keep(d);
        KeepHeld(d, state, facts);
        Roads.Leave(d);
        OrderReports.Take(d, state, facts);
        d.ShowChange();
    }

    /// <summary>Two vehicles of one name hear the same commands: both are told to stop, and nothing is ordered until a person decides.</summary>
    private static void HoldBoth(Decision d)
    {
        if (!d.Twin.Sender!.IsTwoVehicles)
        {
            return;
        }

        d.Twin = d.Twin with { Sender = d.Twin.Sender.Cleared() };
        if (!d.Twin.IsStopped || d.Twin.Fault != TwoVehicles)
        {
            // Whatever else was wrong is on record already, and matters less.
            d.Twin = d.Twin with { Fault = null };
            d.Fail(TwoVehicles);
            d.Twin = d.Twin with { IsStopped = true };
            d.Command(SweeperActions.Deactivate, TwinRules.Centre);
        }
    }

    private static void WatchClock(Decision d)
    {
        var offset = d.Twin.Sender!.ClockOffset;
        // Back only well within the bound, so that it does not flicker.
        var isOff = offset.Duration() > (d.Twin.IsClockOff ? d.Rules.ClockOffAfter / 2 : d.Rules.ClockOffAfter);
        if (isOff != d.Twin.IsClockOff)
        {
            d.Twin = d.Twin with { IsClockOff = isOff };
            d.Note("clock", FormattableString.Invariant($"the vehicle's clock is {Math.Abs(offset.TotalSeconds):0.0} s {(offset > TimeSpan.Zero ? "ahead" : "behind")}"));
        }
    }

    /// <summary>A place on another map says nothing here: two frames are never mixed.</summary>
    private static VehicleFacts OnThisMap(Decision d, State state, VehicleFacts facts)
    {
        var here = d.City.City.Fingerprint;
        if (state.MobileRobotPosition is not { } position || position.MapId == here)
        {
            return facts;
        }

        var fault = ForeignText.Of($"Its position is on map '{position.MapId}', the Centre's is '{here}': give both the same city and start the older one anew");
        if (d.Twin.Facts?.Errors.Contains(fault) != true)
        {
            d.Note("otherMap", fault);
        }

        return facts with { Position = null, Errors = facts.Errors.Add(fault) };
    }

    private static void TakeCommandResults(Decision d, State state)
    {
        if (d.Twin.Commands.IsEmpty)
        {
            return;
        }

        foreach (var shown in state.InstantActionStates)
        {
            var index = d.Twin.Commands.FindIndex(shown.ActionId);
            // A cancellation stays on the list until the vehicle has done it: no order goes out in the meantime.
            if (index < 0 || (d.Twin.Commands[index].ActionType == SweeperActions.CancelOrder && !shown.IsEnded))
            {
                continue;
            }

            var command = d.Twin.Commands[index];
            if (shown.ActionStatus == ActionStatus.Failed)
            {
                d.Note("commandFailed", $"{command.ActionType}: {SkipReasons.OrNone(shown.ActionResult)}", command.By);
                if (command.ActionType == SweeperActions.CancelOrder)
                {
                    // It may have ended by itself meanwhile; if not, the next try is not at once.
                    d.Twin = d.Twin with { NotBefore = d.Now + CancelAgainAfter };
                }
            }
            else if (command.ActionType != SweeperActions.StateRequest)
            {
                d.Note("commandTaken", command.ActionType, command.By);
            }

            d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAt(index) };
            if (command.ActionType == SweeperActions.CancelOrder && (shown.ActionStatus != ActionStatus.Failed || Roads.Remembers(d)))
            {
                Roads.Cancelled(d, command.OrderId);
            }

            LinkRules.Answered(d, command.ActionId);
        }

        d.SendDueCommands();
    }

    /// <summary>Ended instant actions stay in a vehicle's state until they are cleared (7.8).</summary>
    private static void ClearInstantActions(Decision d, State state)
    {
        if (d.Twin.Commands.IsEmpty && d.Now >= d.Twin.NotClearedBefore && d.Twin.Facts is { MayAct: true }
            && state.InstantActionStates.Count(action => action.IsEnded) >= Math.Max(1, Math.Min(d.Rules.MaxInstantActions, d.Twin.Limits.InstantActions / 2)))
        {
            d.Twin = d.Twin with { NotClearedBefore = d.Now + TimeSpan.FromMinutes(5) };
            d.Command(SweeperActions.ClearInstantActions, TwinRules.Centre);
        }
    }

    private static int FindIndex(this ImmutableArray<PendingCommand> commands, string actionId)
    {
        for (var i = 0; i < commands.Length; i++)
        {
            if (commands[i].ActionId == actionId)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// A vehicle whose program was restarted may have forgotten that it is held: it is told again. The other way round nothing is
    /// done: what a vehicle holds back for its own reasons only a person ends.
    /// </summary>
    private static void KeepHeld(Decision d, State state, VehicleFacts facts)
    {
        // With a release that gives the order up, the vehicle ends it first.
        var isBeingReleased = d.Twin.Release is { } release && state.InstantActionStates.Any(action => action.ActionId == release);
        // Only our sweepers say that they are deactivated. Of any other it must be enough that it stands.
        var isLoose = facts.Levels is null ? facts.Driving && !facts.Paused : !facts.Deactivated;
        if (d.Twin.IsStopped && isLoose && !isBeingReleased && !d.Twin.Awaits(SweeperActions.Deactivate))
        {
            d.Note("heldAgain", "stopped vehicle reports that it is not deactivated");
            d.Command(SweeperActions.Deactivate, TwinRules.Centre);
        }

        if (d.Twin.IsPaused && !facts.Paused && !d.Twin.Awaits(SweeperActions.StartPause))
        {
            d.Note("heldAgain", "paused vehicle reports that it is not paused");
            d.Command(SweeperActions.StartPause, TwinRules.Centre);
        }
    }
}
