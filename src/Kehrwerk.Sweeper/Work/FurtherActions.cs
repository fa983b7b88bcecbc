using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Orders;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// The predefined actions beside driving, pausing and charging (VDA 5050 3.0.0, table 4): zone sets, maps, position, retries, logs, sleep.
/// Not thread-safe.
/// </summary>
internal sealed class FurtherActions(Vehicle vehicle)
{
    /// <summary>The vehicle has one map, the one that it was started with; its id names its content, so there is one version of it.</summary>
    public const string MapVersion = "1";

    // An own heading and one that is given may differ so much.
    private const double SameHeadingRad = 0.5;

    /// <summary>Does an instant action; false if it is none of these.</summary>
    public bool Take(ActionEntry entry)
    {
        var action = entry.Action;
        if (AtOnce(action) is var (isDone, result))
        {
            End(entry, isDone, result);
            return true;
        }

        switch (action.ActionType)
        {
            case SweeperActions.DeleteZoneSet:
                End(entry, Text(action, SweeperActions.ZoneSetIdParameter) is { } set && vehicle.ZoneSets.Delete(set), "inUseOrUnknown");
                return true;
            case SweeperActions.DeleteMap:
                End(entry, false, IsOwnMap(action) ? "inUse" : "unknownMap");
                return true;
            case SweeperActions.InitializePosition:
                End(entry, TryInitialize(action), "poseNotConfirmed");
                return true;
            case SweeperActions.Retry or SweeperActions.SkipRetry:
                End(entry, Text(action, SweeperActions.ActionIdParameter) is { } id && vehicle.Depot.Retry(id, action.ActionType == SweeperActions.SkipRetry), "notRetriable");
                return true;
            case SweeperActions.LogReport:
                entry.Status = ActionStatus.Running;
                vehicle.Journal.Want(entry);
                return true;
            case SweeperActions.StartHibernation or SweeperActions.Shutdown when vehicle.Guard is { } guard && (guard.MustRest || vehicle.Desk.IsDeactivated):
                vehicle.Desk.Refuse(entry, "atRisk", "The vehicle is at minimal risk and must stay heard until a supervisor ends that");
                return true;
            case SweeperActions.StartHibernation when vehicle.Control.IsFallingAsleep:
                vehicle.Desk.Refuse(entry, "underWay", "The vehicle is about to hibernate already");
                return true;
            case SweeperActions.StartHibernation:
                Hibernate(entry);
                return true;
            case SweeperActions.StopHibernation:
                entry.End(ActionStatus.Finished);
                return true;
            case SweeperActions.Shutdown:
                End(entry, vehicle.Control.ShutDown(), "notIdle");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Does an action of a node that takes no time.</summary>
    public void TakeAtNode(ActionEntry entry)
    {
        if (AtOnce(entry.Action) is var (isDone, result))
        {
            entry.End(isDone ? ActionStatus.Finished : ActionStatus.Failed, isDone ? null : result);
        }
        else
        {
            vehicle.Desk.ForgetEnded();
            entry.End(ActionStatus.Finished);
        }
    }

    private (bool IsDone, string Result)? AtOnce(RobotAction action) => action.ActionType switch
    {
        SweeperActions.EnableZoneSet => (Text(action, SweeperActions.ZoneSetIdParameter) is { } set && vehicle.ZoneSets.Enable(set), "unknownZoneSet"),
        SweeperActions.EnableMap => (IsOwnMap(action), "unknownMap"),
        _ => null,
    };

    private void End(ActionEntry entry, bool isDone, string result)
    {
        if (isDone)
        {
            entry.End(ActionStatus.Finished);
        }
        else
        {
            vehicle.Desk.Refuse(entry, result, $"{entry.Action.ActionType} cannot be done: {result}");
        }
    }

    private void Hibernate(ActionEntry entry)
    {
        var text = entry.Action[SweeperActions.WakeUpTimeParameter];
        if (text is null)
        {
            vehicle.Control.Hibernate(entry, null);
        }
        else if (DateTimeOffset.TryParse(text.Value.AsText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until))
        {
            vehicle.Control.Hibernate(entry, until);
        }
        else
        {
            vehicle.Desk.Refuse(entry, "wrongParameter", "wakeUpTime must be a time like 2026-05-04T04:00:00.000Z");
        }
    }

    /// <summary>
    /// The vehicle finds its place by itself. A pose that somebody gives is taken only where it is that one; then the last node is set.
    /// </summary>
    private bool TryInitialize(RobotAction action)
    {
        if (Number(action, "x") is not { } x || Number(action, "y") is not { } y || Number(action, "theta") is not { } theta
            || Text(action, SweeperActions.MapIdParameter) != vehicle.MapId || action["lastNodeId"]?.AsText is not { } lastNode
            || !vehicle.IsIdle || !vehicle.Drive.IsStanding)
        {
            return false;
        }

        var arc = vehicle.Drive.Arc;
        var map = vehicle.Map;
        var isNodeHere = map.FindNode(lastNode) is { } node
            && (node == map.ArcTail[arc] || map.NodePoint[node].DistanceTo(vehicle.Drive.Position) <= NodeReach.ToleranceM);
        if (!isNodeHere || new MapPoint(x, y).DistanceTo(vehicle.Drive.Position) > NodeReach.ToleranceM
            || Math.Abs(Math.IEEERemainder(theta - vehicle.Drive.HeadingRad, 2 * Math.PI)) > SameHeadingRad)
        {
            return false;
        }

        vehicle.SetLastNode(lastNode);
        return true;
    }

    private bool IsOwnMap(RobotAction action) =>
        Text(action, SweeperActions.MapIdParameter) == vehicle.MapId && Text(action, SweeperActions.MapVersionParameter) == MapVersion;

    private static string? Text(RobotAction action, string key) => action[key]?.AsText;

    private static double? Number(RobotAction action, string key) => action[key]?.AsNumber;
}
