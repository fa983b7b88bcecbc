using System.Numerics;

namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Times from many arcs to a fixed set of arcs, a batch of starts at once: each start climbs the hierarchy, then one sweep
/// from the highest rank downwards brings the labels to all targets, every edge serving the whole batch with vector
/// instructions (after Delling, Goldberg, Nowatzyk and Werneck 2011, restricted to what lies above the targets).
/// The selection is immutable and thread-safe; each thread has its own <see cref="Labels"/>.
/// </summary>
internal sealed class TableSweep
{
    /// <summary>How many starts share a sweep: two vectors' worth.</summary>
    public static readonly int BatchSize = 2 * Vector<int>.Count;

    private readonly HierarchyTimes times;
    private readonly StreetHierarchy hierarchy;
    private readonly IReadOnlyList<int> toArcs;

    // The ranks above the targets, highest first, with the edges that lead down to each.
    private readonly int[] ranks;
    private readonly int[] firstEdge;
    private readonly int[] edgeFrom;
    private readonly int[] edgeMs;

    public TableSweep(HierarchyTimes times, IReadOnlyList<int> toArcs)
    {
        this.times = times;
        this.toArcs = toArcs;
        hierarchy = times.Hierarchy;
        var isAbove = new bool[hierarchy.StateCount];
        foreach (var arc in toArcs)
        {
            foreach (var state in hierarchy.Graph.StatesOf(arc))
            {
                for (var rank = hierarchy.RankOf[state]; rank >= 0 && !isAbove[rank]; rank = hierarchy.Parent[rank])
                {
                    isAbove[rank] = true;
                }
            }
        }

        var down = hierarchy.Down;
        var above = new List<int>();
        var first = new List<int> { 0 };
        var from = new List<int>();
        var ms = new List<int>();
        for (var rank = hierarchy.StateCount - 1; rank >= 0; rank--)
        {
            if (!isAbove[rank])
            {
                continue;
            }

            above.Add(rank);
            for (var edge = down.First[rank]; edge < down.First[rank + 1]; edge++)
            {
                if (times.Down.Ms[edge] < HierarchyTimes.Infinity)
                {
                    from.Add(down.Upper[edge]);
                    ms.Add(times.Down.Ms[edge]);
                }
            }

            first.Add(from.Count);
        }

        ranks = [.. above];
        firstEdge = [.. first];
        edgeFrom = [.. from];
        edgeMs = [.. ms];
    }

    /// <summary>Sets the label of every target for each of at most <see cref="BatchSize"/> arcs.</summary>
    public void Run(ReadOnlySpan<int> fromArcs, Labels labels)
    {
        labels.Clear();
        for (var lane = 0; lane < fromArcs.Length; lane++)
        {
            var graph = hierarchy.Graph;
            for (var turn = graph.FirstTurn[fromArcs[lane]]; turn < graph.FirstTurn[fromArcs[lane] + 1]; turn++)
            {
                labels.Start(hierarchy.RankOf[graph.TurnTo[turn]], lane, times.TurnMs(turn));
            }
        }

        Climb(labels);
        Sweep(labels);
    }

    /// <summary>Milliseconds from the arc in one lane of the batch to the start of a target.</summary>
    public int TimeMs(Labels labels, int lane, int toIndex)
    {
        var ms = HierarchyTimes.Infinity;
        foreach (var state in hierarchy.Graph.StatesOf(toArcs[toIndex]))
        {
            ms = Math.Min(ms, labels.Ms[(hierarchy.RankOf[state] * BatchSize) + lane]);
        }

        return ms == HierarchyTimes.Infinity ? TravelTable.Unreachable : ms - times.ArcMs(toArcs[toIndex]);
    }

    private void Climb(Labels labels)
    {
        var ms = labels.Ms.AsSpan();
        var width = Vector<int>.Count;
        var up = hierarchy.Up;
        foreach (var rank in labels.Reached())
        {
            var low = new Vector<int>(ms.Slice(rank * BatchSize, width));
            var high = new Vector<int>(ms.Slice((rank * BatchSize) + width, width));
            for (var edge = up.First[rank]; edge < up.First[rank + 1]; edge++)
            {
                var time = new Vector<int>(times.Up.Ms[edge]);
                var head = ms.Slice(up.Upper[edge] * BatchSize, BatchSize);
                Vector.Min(new(head), low + time).CopyTo(head);
                Vector.Min(new(head[width..]), high + time).CopyTo(head[width..]);
            }
        }
    }

    private void Sweep(Labels labels)
    {
        var ms = labels.Ms.AsSpan();
        var width = Vector<int>.Count;
        var infinite = new Vector<int>(HierarchyTimes.Infinity);
        for (var i = 0; i < ranks.Length; i++)
        {
            var own = ms.Slice(ranks[i] * BatchSize, BatchSize);
            var (low, high) = labels.IsReached(ranks[i]) ? (new Vector<int>(own), new Vector<int>(own[width..])) : (infinite, infinite);
            var end = firstEdge[i + 1];
            for (var edge = firstEdge[i]; edge < end; edge++)
            {
                var time = new Vector<int>(edgeMs[edge]);
                var above = ms.Slice(edgeFrom[edge] * BatchSize, BatchSize);
                low = Vector.Min(low, new Vector<int>(above) + time);
                high = Vector.Min(high, new Vector<int>(above[width..]) + time);
            }

            low.CopyTo(own);
            high.CopyTo(own[width..]);
        }
    }

    /// <summary>The labels of one batch: for every rank a lane per start. One object per thread.</summary>
    public sealed class Labels(StreetHierarchy hierarchy)
    {
        private readonly int[] stamp = new int[hierarchy.StateCount];
        private readonly List<int> reached = [];
        private int now;

        public int[] Ms { get; } = new int[hierarchy.StateCount * BatchSize];

        public void Clear()
        {
            now++;
            reached.Clear();
        }

        public bool IsReached(int rank) => stamp[rank] == now;

        /// <summary>Labels a rank in one lane, and reaches all ranks above it.</summary>
        public void Start(int rank, int lane, int ms)
        {
            for (var above = rank; above >= 0 && stamp[above] != now; above = hierarchy.Parent[above])
            {
                stamp[above] = now;
                reached.Add(above);
                Ms.AsSpan(above * BatchSize, BatchSize).Fill(HierarchyTimes.Infinity);
            }

            ref var label = ref Ms[(rank * BatchSize) + lane];
            label = Math.Min(label, ms);
        }

        /// <summary>All ranks that have been reached, lowest first.</summary>
        public List<int> Reached()
        {
            reached.Sort();
            return reached;
        }
    }
}
