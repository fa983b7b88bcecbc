using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>Deadhead times between depots and kerbs.</summary>
internal static class TravelTimes
{
    /// <summary>
    /// A square table, row by row: first come the depots, then the kerbs on <c>kerbArcs</c>, then, where there are several depots, the home of
    /// each, to which nobody comes but from that depot, then the start states. Milliseconds from the end of one arc to the start of the
    /// other; to a depot its own arc is included, since the depot lies at its end.
    /// </summary>
    /// <param name="startStates">States of the graph in which vehicles are out; nobody goes there.</param>
    /// <param name="neverMs">The time to write where there is no way.</param>
    public static int[] Between(SweepProblem problem, int[] kerbArcs, int[] startStates, int neverMs, int threads)
    {
        var graph = problem.Graph;
        var depots = problem.Depots.Length;
        var homes = HomesOf(problem);
        int[] arcOfPlace = [.. problem.Depots.Select(depot => depot.Arc), .. kerbArcs];
        int[] arcs = [.. arcOfPlace.Distinct()];
        var indexOfArc = new Dictionary<int, int>(arcs.Length);
        foreach (var arc in arcs)
        {
            indexOfArc.Add(arc, indexOfArc.Count);
        }

        var table = TravelTable.Build(graph, problem.Closures, arcs, threads);
        var rowOfMemoryArc = RowsOfMemoryArcs(problem, arcs, indexOfArc);
        var indexOfPlace = Array.ConvertAll(arcOfPlace, arc => indexOfArc[arc]);
        var width = arcOfPlace.Length + homes + startStates.Length;
        var times = new int[width * width];
        Array.Fill(times, neverMs);
        for (var from = 0; from < arcOfPlace.Length; from++)
        {
            var row = rowOfMemoryArc.TryGetValue(indexOfPlace[from], out var safe) && from >= depots ? safe : table.Row(indexOfPlace[from]);
            Write(from, row, arcOfPlace[from]);
        }

        for (var depot = 0; depot < homes; depot++)
        {
            times[(depot * width) + arcOfPlace.Length + depot] = 0;
        }

        var router = new PlainRouter(graph, problem.Closures);
        for (var i = 0; i < startStates.Length; i++)
        {
            Write(arcOfPlace.Length + homes + i, RowFrom(router, startStates[i], arcs.Length, indexOfArc), graph.StateArc[startStates[i]]);
        }

        return times;

        void Write(int from, ReadOnlySpan<int> row, int arc)
        {
            for (var to = 0; to < indexOfPlace.Length; to++)
            {
                times[(from * width) + to] = Math.Min(neverMs, row[indexOfPlace[to]]);
            }

            // Whoever has just swept the depot's arc is there; all others drive over it.
            for (var depot = 0; depot < depots; depot++)
            {
                var cell = (from * width) + depot;
                times[cell] = arc == arcOfPlace[depot] ? 0 : (int)Math.Min(neverMs, (long)times[cell] + graph.ArcMs[arcOfPlace[depot]]);
            }
        }
    }

    /// <summary>How many homes there are: with one depot it is its own.</summary>
    public static int HomesOf(SweepProblem problem) => problem.Depots.Length > 1 ? problem.Depots.Length : 0;

    // Where a turn restriction spans several arcs, the way on from an arc depends on the way to it. The table promises the
    // time that suffices however the arc was reached; the plan is written with the times that are really driven.
    private static Dictionary<int, int[]> RowsOfMemoryArcs(SweepProblem problem, int[] arcs, Dictionary<int, int> indexOfArc)
    {
        var rows = new Dictionary<int, int[]>();
        var router = new PlainRouter(problem.Graph, problem.Closures);
        foreach (var arc in arcs)
        {
            var states = problem.Graph.StatesOf(arc);
            if (states.Length == 1)
            {
                continue;
            }

            var slowest = new int[arcs.Length];
            foreach (var state in states)
            {
                var row = RowFrom(router, state, arcs.Length, indexOfArc);
                for (var i = 0; i < row.Length; i++)
                {
                    slowest[i] = Math.Max(slowest[i], row[i]);
                }
            }

            rows.Add(indexOfArc[arc], slowest);
        }

        return rows;
    }

    private static int[] RowFrom(PlainRouter router, int state, int arcs, Dictionary<int, int> indexOfArc)
    {
        var row = new int[arcs];
        Array.Fill(row, TravelTable.Unreachable);
        router.FindAll(state, (to, ms) =>
        {
            if (indexOfArc.TryGetValue(to, out var index))
            {
                row[index] = ms;
            }
        });
        return row;
    }
}
