using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Sweeper.Work;

/// <summary>One action of the order or one instant action, and how far it has got. Not thread-safe.</summary>
internal sealed class ActionEntry(RobotAction action, uint sequenceId, bool released)
{
    public RobotAction Action { get; } = action;

    /// <summary>Number of its node or edge in the order; 0 for an instant action.</summary>
    public uint SequenceId { get; } = sequenceId;

    /// <summary>False: it belongs to the horizon and may still change.</summary>
    public bool Released { get; } = released;

    public ActionStatus Status { get; set; } = ActionStatus.Waiting;
    public string? Result { get; set; }

    /// <summary>Metres swept so far, if it is a sweep.</summary>
    public double SweptM { get; set; }

    /// <summary>What of it the broom did not reach, in the order of the way.</summary>
    public MissedStretches Missed { get; } = new();

    /// <summary>How dirty the kerb is, if it is a sweep.</summary>
    public double Dirt { get; set; }

    /// <summary>Steps of work done, if it takes a fixed time.</summary>
    public int StepsDone { get; set; }

    /// <summary>What a bay should have given since the level was looked at last, that level, and since when, s.</summary>
    public (double Given, double Level, double ForS) Flow { get; set; }

    /// <summary>It waits in RETRIABLE and is to be tried again.</summary>
    public bool IsTriedAgain { get; set; }

    public bool IsEnded => Status is ActionStatus.Finished or ActionStatus.Failed;

    public void End(ActionStatus status, string? result = null) => (Status, Result) = (status, result);

    /// <summary>Takes on a status if it has the one that is expected.</summary>
    public void Change(ActionStatus from, ActionStatus to) => Status = Status == from ? to : Status;

    public ActionState ToState() => new(Action.ActionId, Status, Action.ActionType, Result, Action.ActionDescriptor is { Length: > TextBound.MaxName } text ? text[..TextBound.MaxName] : Action.ActionDescriptor);
}
