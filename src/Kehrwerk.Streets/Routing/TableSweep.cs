using System.Numerics;
using System.Runtime.InteropServices;

namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Times from many arcs to a fixed list of arcs, a batch of starts at once: each start climbs the hierarchy, then one sweep
/// from the highest rank downwards brings the labels to all targets, every edge serving the whole batch with vector
/// instructions (after Delling, Goldberg, Nowatzyk and Werneck 2011, restricted to what lies above the targets as in Delling,
/// Goldberg and Werneck 2011). Holds for the times as they were when it was made. Immutable and thread-safe; each thread has
/// its own <see cref="Labels"/>.
/// </summary>
internal sealed class TableSweep
{
    /// <summary>How many starts share a sweep: two vectors' worth.</summary>
    public static readonly int BatchSize = 2 * Vector<int>.Count;

    private readonly HierarchyTimes times;
    private readonly StreetHierarchy hierarchy;

    // The ranks above the targets, highest first. Their index here is their place; edges lead down to each from earlier places.
    private readonly int[] ranks;
    private readonly int[] firstEdge;
    private readonly int[] edgeFrom;
    private readonly int[] edgeMs;

    // The places of the states of each target, and how long it takes to drive it.
    private readonly int[] firstPlace;
    private readonly int[] places;
    private readonly int[] targetMs;

    public TableSweep(HierarchyTimes times, IReadOnlyList<int> toArcs)
    {
        this.times = times;
        hierarchy = times.Hierarchy;
        var placeOf = new int[hierarchy.StateCount];
        ranks = Above(toArcs, placeOf);
        firstEdge = new int[ranks.Length + 1];
        var edges = times.Down.Side;
        var from = new List<int>();
        var ms = new List<int>();
        for (var place = 0; place < ranks.Length; place++)
        {
            var rank = ranks[place];
            for (var edge = edges.First[rank]; edge < edges.First[rank + 1]; edge++)
            {
                if (times.Down.Ms[edge] < HierarchyTimes.Infinity)
                {
                    from.Add(placeOf[edges.Upper[edge]]);
                    ms.Add(times.Down.Ms[edge]);
                }
            }

            firstEdge[place + 1] = from.Count;
        }

        edgeFrom = [.. from];
        edgeMs = [.. ms];

        firstPlace = new int[toArcs.Count + 1];
        targetMs = new int[toArcs.Count];
        var ofTargets = new List<int>(toArcs.Count);
        for (var to = 0; to < toArcs.Count; to++)
        {
            targetMs[to] = times.ArcMs(toArcs[to]);
            foreach (var state in hierarchy.Graph.StatesOf(toArcs[to]))
            {
                ofTargets.Add(placeOf[hierarchy.RankOf[state]]);
            }

            firstPlace[to + 1] = ofTargets.Count;
        }

        places = [.. ofTargets];
    }

    /// <summary>
    /// Writes the milliseconds from each of at most <see cref="BatchSize"/> arcs to the start of every target: into the row of
    /// <paramref name="table"/> that is given with it.
    /// </summary>
    public void Run(ReadOnlySpan<int> fromArcs, ReadOnlySpan<int> rows, Labels labels, int[] table)
    {
        labels.Clear();
        var graph = hierarchy.Graph;
        for (var lane = 0; lane < fromArcs.Length; lane++)
        {
            for (var turn = graph.FirstTurn[fromArcs[lane]]; turn < graph.FirstTurn[fromArcs[lane] + 1]; turn++)
            {
                labels.Start(hierarchy.RankOf[graph.TurnTo[turn]], lane, times.TurnMs(turn));
            }
        }

        Climb(labels);
        var below = labels.Below(ranks.Length);
        Sweep(labels, below);
        Write(below, rows, table);
    }

    // The ranks of the targets' states and of all above them, highest first, and the place of each.
    private int[] Above(IReadOnlyList<int> toArcs, int[] placeOf)
    {
        var isAbove = new bool[hierarchy.StateCount];
        var count = 0;
        foreach (var arc in toArcs)
        {
            foreach (var state in hierarchy.Graph.StatesOf(arc))
            {
                for (var rank = hierarchy.RankOf[state]; rank >= 0 && !isAbove[rank]; rank = hierarchy.Parent[rank])
                {
                    isAbove[rank] = true;
                    count++;
                }
            }
        }

        var above = new int[count];
        for (var (rank, place) = (hierarchy.StateCount - 1, 0); rank >= 0; rank--)
        {
            if (isAbove[rank])
            {
                placeOf[rank] = place;
                above[place++] = rank;
            }
        }

        return above;
    }

    private void Climb(Labels labels)
    {
        ref var ms = ref MemoryMarshal.GetArrayDataReference(labels.Ms);
        var first = times.Up.Side.First;
        var upper = times.Up.Side.Upper;
        var edgeUpMs = times.Up.Ms;
        var width = (nuint)Vector<int>.Count;
        foreach (var rank in labels.Reached())
        {
            var own = (nuint)(rank * BatchSize);
            var low = Vector.LoadUnsafe(ref ms, own);
            var high = Vector.LoadUnsafe(ref ms, own + width);
            for (var edge = first[rank]; edge < first[rank + 1]; edge++)
            {
                var time = new Vector<int>(edgeUpMs[edge]);
                var above = (nuint)(upper[edge] * BatchSize);
                Vector.Min(Vector.LoadUnsafe(ref ms, above), low + time).StoreUnsafe(ref ms, above);
                Vector.Min(Vector.LoadUnsafe(ref ms, above + width), high + time).StoreUnsafe(ref ms, above + width);
            }
        }
    }

    private void Sweep(Labels labels, int[] below)
    {
        ref var climbed = ref MemoryMarshal.GetArrayDataReference(labels.Ms);
        ref var ms = ref MemoryMarshal.GetArrayDataReference(below);
        var width = (nuint)Vector<int>.Count;
        var infinite = new Vector<int>(HierarchyTimes.Infinity);
        for (var place = 0; place < ranks.Length; place++)
        {
            var (low, high) = (infinite, infinite);
            if (labels.IsReached(ranks[place]))
            {
                var start = (nuint)(ranks[place] * BatchSize);
                (low, high) = (Vector.LoadUnsafe(ref climbed, start), Vector.LoadUnsafe(ref climbed, start + width));
            }

            var end = firstEdge[place + 1];
            for (var edge = firstEdge[place]; edge < end; edge++)
            {
                var time = new Vector<int>(edgeMs[edge]);
                var above = (nuint)(edgeFrom[edge] * BatchSize);
                low = Vector.Min(low, Vector.LoadUnsafe(ref ms, above) + time);
                high = Vector.Min(high, Vector.LoadUnsafe(ref ms, above + width) + time);
            }

            var own = (nuint)(place * BatchSize);
            low.StoreUnsafe(ref ms, own);
            high.StoreUnsafe(ref ms, own + width);
        }
    }

    private void Write(int[] below, ReadOnlySpan<int> rows, int[] table)
    {
        ref var ms = ref MemoryMarshal.GetArrayDataReference(below);
        var width = (nuint)Vector<int>.Count;
        var infinite = new Vector<int>(HierarchyTimes.Infinity);
        var unreachable = new Vector<int>(TravelTable.Unreachable);
        Span<int> lanes = stackalloc int[BatchSize];
        Span<int> starts = stackalloc int[BatchSize];
        for (var lane = 0; lane < rows.Length; lane++)
        {
            starts[lane] = rows[lane] * targetMs.Length;
        }

        for (var to = 0; to < targetMs.Length; to++)
        {
            var (low, high) = (infinite, infinite);
            for (var i = firstPlace[to]; i < firstPlace[to + 1]; i++)
            {
                var place = (nuint)(places[i] * BatchSize);
                low = Vector.Min(low, Vector.LoadUnsafe(ref ms, place));
                high = Vector.Min(high, Vector.LoadUnsafe(ref ms, place + width));
            }

            var drive = new Vector<int>(targetMs[to]);
            Vector.ConditionalSelect(Vector.Equals(low, infinite), unreachable, low - drive).CopyTo(lanes);
            Vector.ConditionalSelect(Vector.Equals(high, infinite), unreachable, high - drive).CopyTo(lanes[(int)width..]);
            for (var lane = 0; lane < rows.Length; lane++)
            {
                table[starts[lane] + to] = lanes[lane];
            }
        }
    }

    /// <summary>The labels of one batch: for every rank a lane per start. One object per thread.</summary>
    public sealed class Labels(StreetHierarchy hierarchy)
    {
        private readonly int[] stamp = new int[hierarchy.StateCount];
        private readonly List<int> reached = [];
        private int[] below = [];
        private int now;

        public int[] Ms { get; } = new int[hierarchy.StateCount * BatchSize];

        /// <summary>Room for the labels of so many places of a sweep.</summary>
        public int[] Below(int placeCount) =>
            below.Length >= placeCount * BatchSize ? below : below = new int[placeCount * BatchSize];

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
