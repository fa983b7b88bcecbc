using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Safety;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// Takes instant actions and keeps what they ask for: pause, deactivation, cancelling. An action whose id is known is not done again.
/// Those that have to stop the vehicle end once it stands. Not thread-safe.
/// </summary>
internal sealed class InstantDesk(DepotWork depot, ErrorLog errors, News news, bool isDeactivated, Guard? guard)
{
    /// <summary>The most instant actions that are remembered; then the oldest ended ones go.</summary>
    public const int Capacity = 100;

    // From so many on the Centre is told to clear them.
    private const int Many = 80;

    public const string NothingToCancel = "noOrder";
    public const string Overtaken = "overtaken";

    private readonly List<ActionEntry> entries = [];
    private readonly List<ActionEntry> endAtStandstill = [];

    public IEnumerable<ActionState> States => entries.Select(entry => entry.ToState());

    public bool IsPaused { get; private set; }

    /// <summary>Deactivated by the Technische Aufsicht; only <c>activate</c> ends it, or <c>endMrc</c> under supervision.</summary>
    public bool IsDeactivated { get; private set; } = isDeactivated;

    public bool IsCancelling { get; private set; }

    /// <summary>The list of instant actions is about to overflow (7.8).</summary>
    public bool IsFull => entries.Count >= Many;

    /// <summary>Does what is not done here, or returns false; set by whoever builds the vehicle.</summary>
    public Func<ActionEntry, bool> Further { get; set; } = _ => false;

    /// <summary>A factsheet was asked for since this was last set to false.</summary>
    public bool WantsFactsheet { get; set; }

    /// <param name="action">As it came in.</param>
    /// <param name="activeOrderId">The order that could be cancelled; null if there is none.</param>
    /// <param name="mayCharge">The vehicle stands at the depot.</param>
    /// <param name="mode">Who drives: not every mode lets the Centre act (6.6.6).</param>
    public void Take(RobotAction action, string? activeOrderId, bool mayCharge, OperatingMode mode)
    {
        if (Knows(action.ActionId))
        {
            return;
        }

        var entry = new ActionEntry(action, 0, released: true);
        if (!Remember(entry))
        {
            // A stop is obeyed also where it cannot be kept in mind to be reported.
            IsDeactivated |= action.ActionType == SweeperActions.Deactivate;
            IsPaused |= action.ActionType == SweeperActions.StartPause;
            IsCancelling |= action.ActionType == SweeperActions.CancelOrder && IsOf(action, activeOrderId);
            errors.Add(Error(ErrorTypes.InsufficientMemory, ErrorLevel.Urgent, $"More than {Capacity} instant actions are running", action));
            return;
        }

        if (Refusal(action, mode) is { } refusal)
        {
            Refuse(entry, "notAllowed", refusal);
            return;
        }

        if (guard?.Judge(action) is { } unsupervised)
        {
            RefuseByProfile(entry, unsupervised);
            return;
        }

        Do(entry, activeOrderId, mayCharge);
        if (entry.Status != ActionStatus.Failed)
        {
            errors.Clear(ErrorLife.NextInstantAction);
        }
    }

    /// <summary>Lets an action fail that cannot be done (6.2.1).</summary>
    public void Refuse(ActionEntry entry, string result, string text)
    {
        entry.End(ActionStatus.Failed, result);
        errors.Add(Error(ErrorTypes.InvalidInstantAction, ErrorLevel.Warning, text, entry.Action), ErrorLife.NextInstantAction);
    }

    public bool Knows(string actionId) => entries.Exists(entry => entry.Action.ActionId == actionId);

    /// <summary>Drops what has ended from the state.</summary>
    public void ForgetEnded() => entries.RemoveAll(old => old.IsEnded);

    /// <summary>What makes the vehicle stand is obeyed in whatever mode; of the rest the standard allows less (table 10).</summary>
    private static string? Refusal(RobotAction action, OperatingMode mode)
    {
        var type = action.ActionType;
        return type is SweeperActions.Deactivate or SweeperActions.StartPause or SweeperActions.CancelOrder ? null
            : mode is OperatingMode.Automatic or OperatingMode.Semiautomatic || type is SweeperActions.StateRequest or SweeperActions.FactsheetRequest ? null
            : $"A person at the vehicle has taken it over: {type} is not done";
    }

    private void Do(ActionEntry entry, string? activeOrderId, bool mayCharge)
    {
        var action = entry.Action;
        switch (action.ActionType)
        {
            case SweeperActions.EndMrc when guard is not null:
                EndMrc(entry, guard, activeOrderId);
                break;
            case SweeperActions.StartPause:
                IsPaused = true;
                AtStandstill(entry);
                break;
            case SweeperActions.StopPause:
                IsPaused = false;
                EndWaiting(SweeperActions.StartPause);
                entry.End(ActionStatus.Finished);
                break;
            case SweeperActions.Deactivate:
                IsDeactivated = true;
                AtStandstill(entry);
                break;
            case SweeperActions.Activate:
                IsDeactivated = false;
                EndWaiting(SweeperActions.Deactivate);
                entry.End(ActionStatus.Finished);
                break;
            case SweeperActions.CancelOrder:
                Cancel(entry, activeOrderId);
                break;
            case SweeperActions.StartCharging:
                Charge(entry, mayCharge);
                break;
            case SweeperActions.StopCharging:
                depot.StopCharging();
                entry.End(ActionStatus.Finished);
                break;
            case SweeperActions.StateRequest:
                entry.End(ActionStatus.Finished);
                break;
            case SweeperActions.FactsheetRequest:
                WantsFactsheet = true;
                entry.End(ActionStatus.Finished);
                break;
            case SweeperActions.ClearInstantActions:
                ForgetEnded();
                entry.End(ActionStatus.Finished);
                break;
            default:
                if (!Further(entry))
                {
                    Refuse(entry, "unknownAction", $"'{action.ActionType}' is not an instant action of this vehicle");
                }

                break;
        }
    }

    /// <summary>Does not do an action that came too late: the Centre has held the vehicle since it gave it.</summary>
    public void RefuseOvertaken(RobotAction action)
    {
        if (Knows(action.ActionId))
        {
            return;
        }

        var entry = new ActionEntry(action, 0, released: true);
        entry.End(ActionStatus.Failed, Overtaken);
        Remember(entry);
        errors.Add(Error(ErrorTypes.InvalidInstantAction, ErrorLevel.Warning, $"'{action.ActionType}' is older than the command that holds the vehicle", action));
    }

    /// <summary>The vehicle stands: what waited for that is done.</summary>
    public void Settle()
    {
        IsCancelling = false;
        foreach (var entry in endAtStandstill)
        {
            entry.End(ActionStatus.Finished);
            news.Note();
        }

        endAtStandstill.Clear();
    }

    private void EndMrc(ActionEntry entry, Guard guard, string? activeOrderId)
    {
        if (MrcInvestigation.Of(entry.Action, out var fault) is not { } investigation)
        {
            RefuseByProfile(entry, $"incomplete: {fault}");
            return;
        }

        if (guard.End(investigation, IsDeactivated) is { } refusal)
        {
            RefuseByProfile(entry, refusal);
            return;
        }

        IsDeactivated = false;
        EndWaiting(SweeperActions.Deactivate);
        if (investigation.CancelsOrder && activeOrderId is not null)
        {
            IsCancelling = true;
            AtStandstill(entry);
        }
        else
        {
            entry.End(ActionStatus.Finished);
        }
    }

    /// <summary>The vehicle does not carry it out (safety profile, SP-CMD).</summary>
    /// <param name="refusal">As <c>code: text</c>.</param>
    private void RefuseByProfile(ActionEntry entry, string refusal) =>
        Refuse(entry, "refused: " + refusal, $"'{entry.Action.ActionType}' was refused. {refusal}");

    private void Cancel(ActionEntry entry, string? activeOrderId)
    {
        if (!IsOf(entry.Action, activeOrderId))
        {
            entry.End(ActionStatus.Failed, NothingToCancel);
            errors.Add(Error(ErrorTypes.NoOrderToCancel, ErrorLevel.Warning, "There is no such order to cancel", entry.Action));
            return;
        }

        IsCancelling = true;
        AtStandstill(entry);
    }

    /// <summary>Whether there is an order, and the action names this one or none.</summary>
    private static bool IsOf(RobotAction action, string? activeOrderId) =>
        activeOrderId is not null && (action[SweeperActions.OrderIdParameter]?.AsText ?? activeOrderId) == activeOrderId;

    private void Charge(ActionEntry entry, bool mayCharge)
    {
        if (SweeperActions.TryReadUntilPercent(entry.Action, out _, out var fault))
        {
            depot.ChargeNow(entry, mayCharge);
            if (entry.Status == ActionStatus.Failed)
            {
                Refuse(entry, entry.Result!, "The vehicle cannot charge now: it works, charges already, or is not at its depot");
            }

            return;
        }

        Refuse(entry, "wrongParameter", fault!);
    }

    private bool Remember(ActionEntry entry)
    {
        if (entries.Count >= Capacity)
        {
            var oldest = entries.FindIndex(old => old.IsEnded);
            if (oldest < 0)
            {
                return false;
            }

            entries.RemoveAt(oldest);
        }

        entries.Add(entry);
        return true;
    }

    private void AtStandstill(ActionEntry entry)
    {
        entry.Status = ActionStatus.Running;
        endAtStandstill.Add(entry);
    }

    /// <summary>What is taken back before the vehicle stood needs no standstill any more.</summary>
    private void EndWaiting(string actionType)
    {
        foreach (var entry in endAtStandstill.FindAll(entry => entry.Action.ActionType == actionType))
        {
            entry.End(ActionStatus.Finished);
            endAtStandstill.Remove(entry);
        }
    }

    private static RobotError Error(string type, ErrorLevel level, string text, RobotAction action) => new(type, level, text)
    {
        ErrorReferences = [new("actionId", action.ActionId)],
    };
}
