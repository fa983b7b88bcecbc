using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Safety;

/// <summary>Which instant actions the vehicle carries out under supervision (safety profile, SP-CMD). Pure.</summary>
internal static class CommandGate
{
    /// <summary>
    /// What only holds the vehicle, ends its work, or asks: obeyed from whichever Centre, however late. Nobody is endangered by it, and a stop
    /// must work at any time (StVG § 1e (2) no. 8). A vehicle that hibernates has no lease of now; woken, it waits for one.
    /// </summary>
    public static bool IsAlwaysOpen(string actionType) => actionType is SweeperActions.Deactivate or SweeperActions.StartPause
        or SweeperActions.CancelOrder or SweeperActions.StateRequest or SweeperActions.FactsheetRequest or SweeperActions.ClearInstantActions
        or SweeperActions.StopHibernation;

    /// <summary>Why an action is refused, as <c>code: text</c>; null if it may be carried out.</summary>
    /// <param name="heldFromS">When the report was sent that a lease answers, by the lease's id; of a lease that got lost, that of the one before.</param>
    public static string? Refusal(RobotAction action, SafetyStanding at, double nowS, Func<uint, double?> heldFromS)
    {
        if (IsAlwaysOpen(action.ActionType))
        {
            return null;
        }

        if (action.ActionType == SweeperActions.Activate)
        {
            return $"unsupported: under supervision only {SweeperActions.EndMrc} ends a deactivation";
        }

        if (CommandStamp.Of(action, out var fault) is not { } stamp)
        {
            return "unstamped: " + fault;
        }

        if (stamp.Epoch != at.Epoch)
        {
            return string.Create(CultureInfo.InvariantCulture, $"epoch: {stamp.Epoch} is not {at.Epoch}, the epoch of the Centre that supervises the vehicle");
        }

        return heldFromS(stamp.LeaseId) is { } fromS && nowS - fromS <= stamp.ValidForS
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"expired: more than {stamp.ValidForS} s have passed since lease {stamp.LeaseId}, or the vehicle never had it");
    }
}
