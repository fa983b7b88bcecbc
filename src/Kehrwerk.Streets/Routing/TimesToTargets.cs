namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Times from one arc to a fixed list of arcs by Dijkstra's algorithm, which ends as soon as every target is settled.
/// Reuses its buffers: one instance per thread.
/// </summary>
internal sealed class TimesToTargets
{
    private readonly TurnGraph graph;
    private readonly IReadOnlyList<int> toArcs;
    private readonly bool[] isClosed;
    private readonly bool[] isTarget;
    private readonly int targetCount;
    private readonly int[] timeMs;
    private readonly int[] arcTimeMs;
    private readonly List<int> touched = [];
    private readonly PriorityQueue<int, int> queue = new();

    public TimesToTargets(TurnGraph graph, Closures closures, IReadOnlyList<int> toArcs)
    {
        this.graph = graph;
        this.toArcs = toArcs;
        var arcCount = graph.Network.ArcCount;
        isClosed = new bool[arcCount];
        foreach (var arc in closures.Arcs)
        {
            isClosed[arc] = true;
        }

        isTarget = new bool[arcCount];
        foreach (var arc in toArcs)
        {
            if (!isTarget[arc] && !isClosed[arc])
            {
                isTarget[arc] = true;
                targetCount++;
            }
        }

        timeMs = new int[graph.StateCount];
        Array.Fill(timeMs, TravelTable.Unreachable);
        arcTimeMs = new int[arcCount];
        Array.Fill(arcTimeMs, TravelTable.Unreachable);
    }

    /// <summary>Writes the milliseconds to the start of each target, in the order of the list.</summary>
    public void Find(int fromArc, Span<int> times)
    {
        var open = targetCount;
        Relax(fromArc, 0);
        while (open > 0 && queue.TryDequeue(out var state, out var ms))
        {
            if (ms > timeMs[state])
            {
                continue;
            }

            var arc = graph.StateArc[state];
            if (arcTimeMs[arc] == TravelTable.Unreachable)
            {
                arcTimeMs[arc] = ms - graph.ArcMs[arc];
                open -= isTarget[arc] ? 1 : 0;
            }

            Relax(state, ms);
        }

        for (var i = 0; i < times.Length; i++)
        {
            times[i] = arcTimeMs[toArcs[i]];
        }

        foreach (var state in touched)
        {
            timeMs[state] = TravelTable.Unreachable;
            arcTimeMs[graph.StateArc[state]] = TravelTable.Unreachable;
        }

        touched.Clear();
        queue.Clear();
    }

    // The label of a state is the time to the end of its arc, as in PlainRouter.
    private void Relax(int state, int startMs)
    {
        for (var turn = graph.FirstTurn[state]; turn < graph.FirstTurn[state + 1]; turn++)
        {
            var next = graph.TurnTo[turn];
            var arc = graph.StateArc[next];
            var ms = startMs + graph.TurnMs[turn] + graph.ArcMs[arc];
            if (ms < timeMs[next] && !isClosed[arc])
            {
                if (timeMs[next] == TravelTable.Unreachable)
                {
                    touched.Add(next);
                }

                timeMs[next] = ms;
                queue.Enqueue(next, ms);
            }
        }
    }
}
