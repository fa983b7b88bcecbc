using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Takes a vehicle's report and brings it together, by ids, with what was commanded and ordered (<see cref="OrderReports"/>).</summary>
internal static class Reconciliation
{
    /// <summary>A report that is so much older than the last comes from a clock that was set back, not from a slow network.</summary>
    private static readonly TimeSpan ClockSetBack = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan CancelAgainAfter = TimeSpan.FromSeconds(10);

    public static void Absorb(Decision d, State state)
    {
        if (IsStale(state, d.Twin.Facts))
        {
            return;
        }

        var facts = VehicleFacts.Of(state, d.Twin.Spec, d.Now);
        var isBack = d.Twin.Connection is ConnectionState.Offline or ConnectionState.ConnectionBroken;
        d.Twin = d.Twin with { Facts = facts, Connection = isBack ? ConnectionState.Online : d.Twin.Connection };
        var link = TwinRules.LinkOf(d.Twin, d.Now, d.Rules);
        if (link != d.Twin.Link)
        {
            d.Note("link", $"{d.Twin.Link} -> {link}");
            d.Twin = d.Twin with { Link = link };
        }

        TakeCommandResults(d, state);
        ClearInstantActions(d, state);
        RequestAnswers.Absorb(d);
        ZoneDuty.Keep(d);
        KeepHeld(d, facts);
        OrderReports.Take(d, state, facts);
        d.ShowChange();
    }

    /// <summary>Late or twice: the same program has sent a newer one before.</summary>
    private static bool IsStale(State state, VehicleFacts? last) =>
        last is not null && state.HeaderId <= last.HeaderId && state.Timestamp <= last.SentAt && last.SentAt - state.Timestamp < ClockSetBack;

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
            else
            {
                d.Note("commandTaken", command.ActionType, command.By);
            }

            d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAt(index) };
        }

        d.SendDueCommands();
    }

    /// <summary>Ended instant actions stay in a vehicle's state until they are cleared (7.8).</summary>
    private static void ClearInstantActions(Decision d, State state)
    {
        if (d.Twin.Commands.IsEmpty && d.Now >= d.Twin.NotClearedBefore && d.Twin.Facts is { MayAct: true }
            && state.InstantActionStates.Count(action => action.IsEnded) >= d.Rules.MaxInstantActions)
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
    private static void KeepHeld(Decision d, VehicleFacts facts)
    {
        if (d.Twin.IsStopped && !facts.Deactivated && facts.Levels is not null && !d.Twin.Awaits(SweeperActions.Deactivate))
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
