using System.Collections.Immutable;

namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Shortest ways by a customisable contraction hierarchy: the same questions and times as <see cref="PlainRouter"/>, in
/// microseconds. Where several ways are equally quick it may choose another one. Reuses its buffers: one instance per thread.
/// </summary>
public sealed class FastRouter
{
    private const int None = -1;

    private readonly HierarchyTimes times;
    private readonly StreetHierarchy hierarchy;
    private readonly Side forward;
    private readonly Side backward;

    public FastRouter(HierarchyTimes times)
    {
        this.times = times;
        hierarchy = times.Hierarchy;
        forward = new(hierarchy);
        backward = new(hierarchy);
    }

    public FastRouter(TurnGraph graph, Closures closures)
        : this(new HierarchyTimes(new StreetHierarchy(graph), closures))
    {
    }

    /// <summary>Milliseconds from the end of one arc to the start of another, or <see cref="TravelTable.Unreachable"/>.</summary>
    public int TimeMs(int fromArc, int toArc)
    {
        var (_, ms) = Search(fromArc, toArc);
        Forget();
        return ms == HierarchyTimes.Infinity ? TravelTable.Unreachable : ms - times.ArcMs(toArc);
    }

    /// <summary>The quickest way, or null where there is none.</summary>
    public Route? Find(int fromArc, int toArc)
    {
        var (meeting, ms) = Search(fromArc, toArc);
        if (meeting == None)
        {
            Forget();
            return null;
        }

        // The ranks from the start over the summit to the target, then what lies below each step.
        var summits = new List<int>();
        for (var rank = meeting; rank != None; rank = forward.Via[rank])
        {
            summits.Add(rank);
        }

        summits.Reverse();
        for (var rank = backward.Via[meeting]; rank != None; rank = backward.Via[rank])
        {
            summits.Add(rank);
        }

        Forget();
        var states = ImmutableArray.CreateBuilder<int>();
        states.Add(hierarchy.StateAt[summits[0]]);
        for (var i = 1; i < summits.Count; i++)
        {
            Unpack(summits[i - 1], summits[i], states);
        }

        // The last state drives the arc that was asked for.
        states.RemoveAt(states.Count - 1);
        for (var i = 0; i < states.Count; i++)
        {
            states[i] = hierarchy.Graph.StateArc[states[i]];
        }

        return new(states.ToImmutable(), ms - times.ArcMs(toArc));
    }

    // The search starts behind the turns out of the first arc, so that the way round to that arc itself is found as any other.
    private (int Meeting, int Ms) Search(int fromArc, int toArc)
    {
        var graph = hierarchy.Graph;
        for (var turn = graph.FirstTurn[fromArc]; turn < graph.FirstTurn[fromArc + 1]; turn++)
        {
            forward.Start(hierarchy.RankOf[graph.TurnTo[turn]], times.TurnMs(turn));
        }

        forward.Climb(times.UpMs);
        foreach (var state in graph.StatesOf(toArc))
        {
            backward.Start(hierarchy.RankOf[state], 0);
        }

        backward.Climb(times.DownMs);
        var (meeting, best) = (None, HierarchyTimes.Infinity);
        foreach (var rank in backward.Reached)
        {
            // Labels that were never set are infinite, and the sum of two is still an int.
            var ms = forward.Ms[rank] + backward.Ms[rank];
            if (ms < best)
            {
                (meeting, best) = (rank, ms);
            }
        }

        return (meeting, best);
    }

    private void Forget()
    {
        forward.Forget();
        backward.Forget();
    }

    // Adds the states of the way between two ranks that an edge joins, without the first.
    private void Unpack(int from, int to, ImmutableArray<int>.Builder states)
    {
        var via = times.Via(hierarchy.EdgeBetween(from, to), from < to);
        if (via == None)
        {
            states.Add(hierarchy.StateAt[to]);
            return;
        }

        Unpack(from, via, states);
        Unpack(via, to, states);
    }

    /// <summary>One half of a search: labels on the paths from some ranks up to the roots of the elimination tree.</summary>
    private sealed class Side
    {
        private readonly StreetHierarchy hierarchy;
        private readonly List<int> starts = [];

        public Side(StreetHierarchy hierarchy)
        {
            this.hierarchy = hierarchy;
            Ms = new int[hierarchy.StateCount];
            Array.Fill(Ms, HierarchyTimes.Infinity);
            Via = new int[hierarchy.StateCount];
        }

        public int[] Ms { get; }

        /// <summary>The rank before each that was reached; <see cref="None"/> at a start.</summary>
        public int[] Via { get; }

        /// <summary>Every rank that has been labelled, lowest first.</summary>
        public List<int> Reached { get; } = [];

        public void Start(int rank, int ms)
        {
            if (ms < Ms[rank])
            {
                Ms[rank] = ms;
                Via[rank] = None;
                starts.Add(rank);
            }
        }

        public void Climb(ReadOnlySpan<int> edgeMs)
        {
            while (starts.Count > 1)
            {
                // The paths of several starts run together sooner or later.
                var rank = starts[0];
                foreach (var start in starts)
                {
                    rank = Math.Min(rank, start);
                }

                for (var i = starts.Count - 1; i >= 0; i--)
                {
                    if (starts[i] == rank)
                    {
                        starts.RemoveAt(i);
                    }
                }

                Relax(rank, edgeMs);
                var parent = hierarchy.Parent(rank);
                if (parent >= 0 && !starts.Contains(parent))
                {
                    starts.Add(parent);
                }
            }

            for (var rank = starts.Count > 0 ? starts[0] : None; rank >= 0; rank = hierarchy.Parent(rank))
            {
                Relax(rank, edgeMs);
            }

            starts.Clear();
        }

        public void Forget()
        {
            foreach (var rank in Reached)
            {
                Ms[rank] = HierarchyTimes.Infinity;
            }

            Reached.Clear();
        }

        private void Relax(int rank, ReadOnlySpan<int> edgeMs)
        {
            Reached.Add(rank);
            var ms = Ms[rank];
            if (ms == HierarchyTimes.Infinity)
            {
                return;
            }

            var upHead = hierarchy.UpHead;
            var end = hierarchy.FirstUp[rank + 1];
            for (var edge = hierarchy.FirstUp[rank]; edge < end; edge++)
            {
                var head = upHead[edge];
                if (ms + edgeMs[edge] < Ms[head])
                {
                    Ms[head] = ms + edgeMs[edge];
                    Via[head] = rank;
                }
            }
        }
    }
}
