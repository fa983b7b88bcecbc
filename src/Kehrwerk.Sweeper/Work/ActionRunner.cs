using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper.Work;

/// <summary>
/// Keeps the actions of the order: sweeps along edges, and hands what is to be done at nodes to the depot work. Not thread-safe.
/// </summary>
internal sealed class ActionRunner(Levels levels, Dirt dirt, DepotWork depot, News news)
{
    public const string Cancelled = "cancelled";

    private readonly List<ActionEntry> entries = [];
    private readonly List<ActionEntry> sweeping = [];

    public IReadOnlyList<ActionEntry> Entries => entries;

    public bool AllEnded => entries.TrueForAll(entry => entry.IsEnded);

    public bool IsSweeping => sweeping.Count > 0;

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

        news.Note();

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
    public bool WillSweep(uint sequenceId) =>
        Exhausted() is null && entries.Exists(entry => entry.SequenceId == sequenceId && !entry.IsEnded && entry.Action.ActionType == SweeperActions.Sweep);

    /// <summary>The kerb of an edge that will be swept; null if none. Of two the right one: the left is swept from the other direction.</summary>
    public SweepSide? SideOf(uint sequenceId)
    {
        if (!WillSweep(sequenceId))
        {
            return null;
        }

        SweepSide? found = null;
        foreach (var entry in entries)
        {
            if (entry.SequenceId == sequenceId && !entry.IsEnded && SweeperActions.TryReadSweep(entry.Action, out _, out var side, out _))
            {
                found = found is null or SweepSide.Left ? side : found;
            }
        }

        return found;
    }

    /// <summary>Whether the vehicle must stand at a node: something is to be done there beside which it may not drive.</summary>
    public bool HasWorkAt(uint sequenceId) => entries.Exists(entry => entry.SequenceId == sequenceId && entry.Released && !entry.IsEnded
        && entry.Action.BlockingType is (BlockingType.Soft or BlockingType.Hard));

    /// <summary>Begins to sweep the kerbs of an edge that the vehicle drives onto; they fail if hopper, water or battery do not allow it.</summary>
    public void EnterEdge(uint sequenceId)
    {
        depot.DriveOff();
        foreach (var entry in entries)
        {
            if (entry.SequenceId == sequenceId && entry.Status == ActionStatus.Waiting)
            {
                entry.Status = ActionStatus.Running;
                SweeperActions.TryReadSweep(entry.Action, out var kerb, out _, out _);
                entry.Dirt = dirt.FactorOf(kerb);
                sweeping.Add(entry);
                news.Note();
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

    /// <summary>Books a piece of the way that the brooms were on, by what the sensors say: levels are measured.</summary>
    public void BookSwept(double lengthM)
    {
        foreach (var entry in sweeping)
        {
            entry.SweptM += lengthM;
        }
    }

    /// <summary>Books a piece of the way on which the brooms could not reach the kerb.</summary>
    /// <param name="fromM">Metres from the start of the arc; so <paramref name="toM"/>.</param>
    public void BookMissed(double fromM, double toM, string reason)
    {
        foreach (var entry in sweeping)
        {
            entry.Missed.Add(fromM, toM, reason);
        }
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
            if (entry.SequenceId == sequenceId && entry.Released && entry.Status == ActionStatus.Waiting)
            {
                depot.Queue(entry);
            }
        }
    }

    public void Pause()
    {
        entries.ForEach(entry => entry.Change(ActionStatus.Running, ActionStatus.Paused));
        depot.Pause();
    }

    public void Resume()
    {
        entries.ForEach(entry => entry.Change(ActionStatus.Paused, ActionStatus.Running));
        depot.Resume();
    }

    /// <summary>Fails what has not begun (6.1.3); what runs goes on until the vehicle stands.</summary>
    public void CancelWaiting()
    {
        foreach (var entry in entries.Where(entry => entry.Status == ActionStatus.Waiting))
        {
            entry.End(ActionStatus.Failed, Cancelled);
        }

        depot.DropEnded();
        news.Note();
    }

    /// <summary>Fails all that is not done yet; the vehicle stands.</summary>
    public void CancelAll()
    {
        EndSweep(ActionStatus.Failed, Cancelled);
        foreach (var entry in entries.Where(entry => !entry.IsEnded))
        {
            entry.End(ActionStatus.Failed, Cancelled);
        }

        depot.DropEnded();
        news.Note();
    }

    private string? Exhausted() =>
        levels.IsHopperFull ? SweepResult.HopperFull : levels.IsWaterEmpty ? SweepResult.WaterEmpty : levels.IsBatteryLow ? SweepResult.BatteryLow : null;

    private void EndSweep(ActionStatus status, string? reason)
    {
        foreach (var entry in sweeping)
        {
            entry.End(status, new SweepResult(entry.SweptM, reason) { Missed = entry.Missed.Told }.ToString());
            news.Note();
        }

        sweeping.Clear();
    }
}
