using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// Takes instant actions and keeps what they ask for: pause, deactivation, cancelling. An action whose id is known is not done again.
/// Those that have to stop the vehicle end once it stands. Not thread-safe.
/// </summary>
internal sealed class InstantDesk(DepotWork depot, ErrorLog errors, News news, bool isDeactivated)
{
    /// <summary>The most instant actions that are remembered; then the oldest ended ones go.</summary>
    public const int Capacity = 100;

    public const string NothingToCancel = "noOrder";

    private readonly List<ActionEntry> entries = [];
    private readonly List<ActionEntry> endAtStandstill = [];

    public IEnumerable<ActionState> States => entries.Select(entry => entry.ToState());

    public bool IsPaused { get; private set; }

    /// <summary>Deactivated by the Technische Aufsicht; only <c>activate</c> ends it.</summary>
    public bool IsDeactivated { get; private set; } = isDeactivated;

    public bool IsCancelling { get; private set; }

    /// <summary>A factsheet was asked for since this was last set to false.</summary>
    public bool WantsFactsheet { get; set; }

    /// <param name="action">As it came in.</param>
    /// <param name="activeOrderId">The order that could be cancelled; null if there is none.</param>
    /// <param name="mayCharge">The vehicle stands at the depot.</param>
    public void Take(RobotAction action, string? activeOrderId, bool mayCharge)
    {
        if (entries.Exists(entry => entry.Action.ActionId == action.ActionId))
        {
            return;
        }

        var entry = new ActionEntry(action, 0, released: true);
        if (!Remember(entry))
        {
            // A stop is obeyed also where it cannot be kept in mind to be reported.
            IsDeactivated |= action.ActionType == SweeperActions.Deactivate;
            errors.Add(Error(ErrorTypes.InsufficientMemory, ErrorLevel.Warning, $"More than {Capacity} instant actions are running", action));
            return;
        }

        switch (action.ActionType)
        {
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
                entries.RemoveAll(old => old.IsEnded);
                entry.End(ActionStatus.Finished);
                break;
            default:
                entry.End(ActionStatus.Failed, "unknownAction");
                errors.Add(Error(ErrorTypes.InvalidInstantAction, ErrorLevel.Warning, $"'{action.ActionType}' is not an instant action of this vehicle", action));
                break;
        }
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

    private void Cancel(ActionEntry entry, string? activeOrderId)
    {
        var named = entry.Action[SweeperActions.OrderIdParameter]?.AsText;
        if (activeOrderId is null || (named is not null && named != activeOrderId))
        {
            entry.End(ActionStatus.Failed, NothingToCancel);
            errors.Add(Error(ErrorTypes.NoOrderToCancel, ErrorLevel.Warning, "There is no such order to cancel", entry.Action));
            return;
        }

        IsCancelling = true;
        AtStandstill(entry);
    }

    private void Charge(ActionEntry entry, bool mayCharge)
    {
        if (SweeperActions.TryReadUntilPercent(entry.Action, out _, out var fault))
        {
            depot.ChargeNow(entry, mayCharge);
            return;
        }

        entry.End(ActionStatus.Failed, "wrongParameter");
        errors.Add(Error(ErrorTypes.UnsupportedParameter, ErrorLevel.Warning, fault!, entry.Action));
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
        ErrorReferences = [new("actionId", action.ActionId), new("actionType", action.ActionType)],
    };
}
