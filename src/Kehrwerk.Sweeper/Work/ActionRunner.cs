using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// Does the actions of the order: sweeping along edges, and the work at the depot, one after the other. Every change of an action's
/// state is noted in <see cref="HasNews"/>. Not thread-safe.
/// </summary>
internal sealed class ActionRunner(SweeperModel model, Levels levels, Dirt dirt)
{
    public const string HopperFull = "hopperFull";
    public const string WaterEmpty = "waterEmpty";
    public const string BatteryLow = "batteryLow";
    public const string Cancelled = "cancelled";
    public const string NotAtDepot = "notAtDepot";
    public const string DroveOff = "droveOff";
    public const string Busy = "busy";

    private readonly List<ActionEntry> entries = [];
    private readonly Queue<ActionEntry> atNode = new();
    private readonly List<ActionEntry> sweeping = [];

    // A charge that no action waits for: the standard's startCharging without a goal ends when charging begins.
    private bool chargesOn;
    private ActionEntry? work;
    private ActionEntry? instantCharge;

    /// <summary>The state of an action changed since this was last set to false.</summary>
    public bool HasNews { get; set; }

    public IReadOnlyList<ActionEntry> Entries => entries;

    public bool AllEnded => entries.TrueForAll(entry => entry.IsEnded);

    /// <summary>Work at a node runs or waits: the vehicle must not drive.</summary>
    public bool HoldsVehicle => work is not null || atNode.Count > 0;

    public bool IsSweeping => sweeping.Count > 0;

    public bool IsCharging => chargesOn || (IsCharge(work) && Runs(work)) || Runs(instantCharge);

    /// <summary>Takes the actions of a new order, or of an update, where those of the old horizon are dropped first.</summary>
    public void Load(Order order, bool isNew)
    {
        if (isNew)
        {
            entries.Clear();
        }
        else
        {
            entries.RemoveAll(entry => !entry.Released);
        }

        var known = entries.Select(entry => entry.Action.ActionId).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < order.Nodes.Length; i++)
        {
            Add(order.Nodes[i].Actions, order.Nodes[i].SequenceId, order.Nodes[i].Released);
            if (i < order.Edges.Length)
            {
                Add(order.Edges[i].Actions, order.Edges[i].SequenceId, order.Edges[i].Released);
            }
        }

        HasNews = true;

        void Add(IEnumerable<RobotAction> actions, uint sequenceId, bool released)
        {
            foreach (var action in actions)
            {
                // The node where an update is stitched on repeats its actions.
                if (known.Add(action.ActionId))
                {
                    entries.Add(new(action, sequenceId, released));
                }
            }
        }
    }

    /// <summary>Whether an edge still has a kerb that will be swept, so that it is to be driven slowly.</summary>
    public bool WillSweep(uint sequenceId) => Exhausted() is null && entries.Exists(entry => entry.SequenceId == sequenceId && !entry.IsEnded && entry.Action.ActionType == SweeperActions.Sweep);

    public bool HasWorkAt(uint sequenceId) => entries.Exists(entry => entry.SequenceId == sequenceId && entry.Released && !entry.IsEnded);

    /// <summary>Begins to sweep the kerbs of an edge that the vehicle drives onto; they fail if hopper, water or battery do not allow it.</summary>
    public void EnterEdge(uint sequenceId)
    {
        StopFreeCharge();
        foreach (var entry in entries)
        {
            if (entry.SequenceId == sequenceId && entry.Status == ActionStatus.Waiting)
            {
                entry.Status = ActionStatus.Running;
                SweeperActions.TryReadSweep(entry.Action, out var kerb, out _, out _);
                entry.Dirt = dirt.FactorOf(kerb);
                sweeping.Add(entry);
                HasNews = true;
            }
        }

        FailSweepIfExhausted();
    }

    /// <summary>Books a piece of the way with brooms down.</summary>
    /// <returns>Metres swept; less than <paramref name="lengthM"/> if sweeping had to end.</returns>
    public double SweepAlong(double lengthM, double seconds)
    {
        var dirtSum = 0.0;
        foreach (var entry in sweeping)
        {
            dirtSum += entry.Dirt;
        }

        var sweptM = lengthM * levels.Sweep(lengthM, seconds, dirtSum);
        foreach (var entry in sweeping)
        {
            entry.SweptM += sweptM;
        }

        return sweptM;
    }

    /// <summary>Raises the brooms if hopper, water or battery no longer allow to sweep.</summary>
    public void FailSweepIfExhausted()
    {
        if (sweeping.Count > 0 && Exhausted() is { } reason)
        {
            EndSweep(ActionStatus.Failed, reason);
        }
    }

    public void LeaveEdge() => EndSweep(ActionStatus.Finished, null);

    /// <summary>Queues the actions of a node that the vehicle reached.</summary>
    public void ReachNode(uint sequenceId)
    {
        foreach (var entry in entries)
        {
            if (entry.SequenceId == sequenceId && entry.Released && entry.Status == ActionStatus.Waiting && !atNode.Contains(entry))
            {
                atNode.Enqueue(entry);
            }
        }
    }

    /// <summary>One step of the work at a node; the vehicle stands. Also charges where nothing else is to be done.</summary>
    public void Work(double stepS, bool atDepot)
    {
        while (work is null && atNode.TryDequeue(out var next))
        {
            Begin(next, atDepot);
        }

        if (work is not null)
        {
            Continue(work, stepS);
        }

        if (instantCharge is not null)
        {
            Continue(instantCharge, stepS);
        }

        if (chargesOn)
        {
            levels.ChargeFor(stepS, 1);
            chargesOn = levels.Charge < 1;
        }
    }

    /// <summary>Begins an instant <c>startCharging</c>.</summary>
    public void ChargeNow(ActionEntry entry, bool atDepot)
    {
        if (IsCharging || HoldsVehicle)
        {
            Finish(entry, ActionStatus.Failed, Busy);
            return;
        }

        Begin(entry, atDepot);
        if (work is not null)
        {
            (instantCharge, work) = (work, null);
        }
    }

    /// <summary>Ends charging, whoever began it; its action is finished with the charge that was reached.</summary>
    public void StopCharging()
    {
        chargesOn = false;
        foreach (var entry in new[] { work, instantCharge })
        {
            if (IsCharge(entry))
            {
                Finish(entry!, ActionStatus.Finished, Percent());
            }
        }
    }

    public void Pause()
    {
        foreach (var entry in entries)
        {
            Change(entry, ActionStatus.Running, ActionStatus.Paused);
        }
    }

    public void Resume()
    {
        foreach (var entry in entries)
        {
            Change(entry, ActionStatus.Paused, ActionStatus.Running);
        }
    }

    /// <summary>Fails all that is not done yet; the vehicle stands.</summary>
    public void CancelAll()
    {
        EndSweep(ActionStatus.Failed, Cancelled);
        atNode.Clear();
        work = null;
        foreach (var entry in entries.Where(entry => !entry.IsEnded))
        {
            entry.End(ActionStatus.Failed, Cancelled);
        }

        HasNews = true;
    }

    private static bool IsCharge(ActionEntry? entry) => entry?.Action.ActionType == SweeperActions.StartCharging;

    private static bool Runs(ActionEntry? entry) => entry?.Status == ActionStatus.Running;

    private void StopFreeCharge()
    {
        chargesOn = false;
        if (instantCharge is not null)
        {
            Finish(instantCharge, ActionStatus.Failed, DroveOff);
        }
    }

    private string? Exhausted() =>
        levels.IsHopperFull ? HopperFull : levels.IsWaterEmpty ? WaterEmpty : levels.IsBatteryLow ? BatteryLow : null;

    private void EndSweep(ActionStatus status, string? reason)
    {
        foreach (var entry in sweeping)
        {
            var swept = string.Create(CultureInfo.InvariantCulture, $"sweptM={entry.SweptM:F2}");
            entry.End(status, reason is null ? swept : $"{reason};{swept}");
            HasNews = true;
        }

        sweeping.Clear();
    }

    private void Begin(ActionEntry entry, bool atDepot)
    {
        HasNews = true;
        entry.Status = ActionStatus.Running;
        var type = entry.Action.ActionType;
        if (type == SweeperActions.StopCharging)
        {
            StopCharging();
            Finish(entry, ActionStatus.Finished, null);
        }
        else if (!atDepot)
        {
            Finish(entry, ActionStatus.Failed, NotAtDepot);
        }
        else if (type == SweeperActions.StartCharging && GoalShare(entry) is null)
        {
            chargesOn = true;
            Finish(entry, ActionStatus.Finished, null);
        }
        else
        {
            work = entry;
        }
    }

    private void Continue(ActionEntry entry, double stepS)
    {
        if (entry.Status != ActionStatus.Running)
        {
            return;
        }

        entry.StepsDone++;
        var workedS = entry.StepsDone * stepS;
        switch (entry.Action.ActionType)
        {
            case SweeperActions.StartCharging:
                var goal = GoalShare(entry) ?? 1;
                levels.ChargeFor(stepS, goal);
                if (levels.HasReached(goal))
                {
                    Finish(entry, ActionStatus.Finished, Percent());
                }

                break;
            case SweeperActions.Tip when workedS >= model.TipS:
                levels.Tip();
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.WashHopper when workedS >= model.WashS:
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.FillWater when workedS >= model.FillWaterS:
                levels.FillWaterUp();
                Finish(entry, ActionStatus.Finished, null);
                break;
            case SweeperActions.FillWater:
                levels.FillWaterFor(stepS);
                break;
        }
    }

    private void Finish(ActionEntry entry, ActionStatus status, string? result)
    {
        entry.End(status, result);
        work = ReferenceEquals(work, entry) ? null : work;
        instantCharge = ReferenceEquals(instantCharge, entry) ? null : instantCharge;
        HasNews = true;
    }

    private void Change(ActionEntry entry, ActionStatus from, ActionStatus to)
    {
        if (entry.Status == from)
        {
            entry.Status = to;
            HasNews = true;
        }
    }

    // An order with a wrong goal was refused before it came here.
    private static double? GoalShare(ActionEntry entry) =>
        SweeperActions.TryReadUntilPercent(entry.Action, out var percent, out _) ? percent / 100 : null;

    private string Percent() => string.Create(CultureInfo.InvariantCulture, $"percent={levels.Charge * 100:F1}");
}
