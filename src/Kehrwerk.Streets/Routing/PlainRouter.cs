using System.Collections.Immutable;

namespace Kehrwerk.Streets.Routing;

/// <summary>A way between two arcs.</summary>
/// <param name="Arcs">The arcs between, neither the first nor the last of the question included.</param>
/// <param name="TimeMs">From the end of the first arc to the start of the last: arcs between and all turns, milliseconds.</param>
public sealed record Route(ImmutableArray<int> Arcs, int TimeMs);

/// <summary>
/// Shortest ways by Dijkstra's algorithm on the turn-expanded graph: the plain reference that faster searches are held against,
/// and quick enough for single questions. A question runs from the end of one arc to the start of another, turns included;
/// from an arc to itself it asks for the way round. Where it matters how the first arc was reached, a state of it
/// (<see cref="TurnGraph.StatesOf"/>) may be given in its place. Reuses its buffers: one instance per thread.
/// </summary>
public sealed class PlainRouter(TurnGraph graph, Closures closures)
{
    private readonly int[] timeMs = NewTimes(graph.StateCount);
    private readonly int[] parent = new int[graph.StateCount];
    private readonly List<int> touched = [];
    private readonly PriorityQueue<int, (int TimeMs, int State)> queue = new();

    public PlainRouter(TurnGraph graph)
        : this(graph, Closures.None)
    {
    }

    /// <summary>The quickest way, or null where there is none.</summary>
    public Route? Find(int fromArc, int toArc)
    {
        var last = Search(fromArc, toArc, (_, _) => { });
        if (last < 0)
        {
            return null;
        }

        var arcs = ImmutableArray.CreateBuilder<int>();
        for (var state = parent[last]; state >= 0; state = parent[state])
        {
            arcs.Add(graph.StateArc[state]);
        }

        arcs.Reverse();
        return new(arcs.ToImmutable(), timeMs[last] - graph.ArcMs[toArc]);
    }

    /// <summary>Calls <paramref name="reached"/> with every arc that can be reached and the milliseconds to its start, nearest end first.</summary>
    public void FindAll(int fromArc, Action<int, int> reached)
    {
        var seen = new HashSet<int>();
        Search(fromArc, -1, (state, ms) =>
        {
            var arc = graph.StateArc[state];
            if (seen.Add(arc))
            {
                reached(arc, ms - graph.ArcMs[arc]);
            }
        });
    }

    // The label of a state is the time to the END of its arc. The start is not labelled, so that the way round to it can be found.
    private int Search(int fromArc, int toArc, Action<int, int> settled)
    {
        foreach (var state in touched)
        {
            timeMs[state] = int.MaxValue;
        }

        touched.Clear();
        queue.Clear();
        Relax(fromArc, 0, -1);
        while (queue.TryDequeue(out var state, out var key))
        {
            if (key.TimeMs > timeMs[state])
            {
                continue;
            }

            settled(state, key.TimeMs);
            if (graph.StateArc[state] == toArc)
            {
                return state;
            }

            Relax(state, key.TimeMs, state);
        }

        return -1;
    }

    private void Relax(int state, int startMs, int parentState)
    {
        for (var turn = graph.FirstTurn[state]; turn < graph.FirstTurn[state + 1]; turn++)
        {
            var next = graph.TurnTo[turn];
            var arc = graph.StateArc[next];
            var ms = startMs + graph.TurnMs[turn] + graph.ArcMs[arc];
            if (ms < timeMs[next] && !closures.Contains(arc))
            {
                if (timeMs[next] == int.MaxValue)
                {
                    touched.Add(next);
                }

                timeMs[next] = ms;
                parent[next] = parentState;
                queue.Enqueue(next, (ms, next));
            }
        }
    }

    private static int[] NewTimes(int count)
    {
        var times = new int[count];
        Array.Fill(times, int.MaxValue);
        return times;
    }
}
