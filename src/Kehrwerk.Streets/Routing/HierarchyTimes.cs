namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The part of a customisable contraction hierarchy that depends on times: for every edge of the <see cref="StreetHierarchy"/>
/// the milliseconds upwards and downwards along it, each the shortest over all ways through lower states. A closure changes
/// only these. Closing or lifting an arc gives a new object and touches only the edges above it. Immutable and thread-safe.
/// </summary>
public sealed class HierarchyTimes
{
    /// <summary>No way. Half of the greatest int, so that the sum of two is still an int and not less than it.</summary>
    internal const int Infinity = int.MaxValue / 2;

    private readonly StreetHierarchy hierarchy;
    private readonly bool[] isClosed;

    // By turns alone, and shortest.
    private readonly int[] ownUpMs;
    private readonly int[] ownDownMs;
    private readonly int[] upMs;
    private readonly int[] downMs;

    public HierarchyTimes(StreetHierarchy hierarchy, Closures closures)
    {
        this.hierarchy = hierarchy;
        Closures = closures;
        isClosed = ClosedArcs(hierarchy.Graph, closures);
        ownUpMs = new int[hierarchy.EdgeCount];
        ownDownMs = new int[hierarchy.EdgeCount];
        Array.Fill(ownUpMs, Infinity);
        Array.Fill(ownDownMs, Infinity);
        var graph = hierarchy.Graph;
        for (var state = 0; state < graph.StateCount; state++)
        {
            for (var turn = graph.FirstTurn[state]; turn < graph.FirstTurn[state + 1]; turn++)
            {
                var edge = hierarchy.TurnEdge[turn];
                if (edge >= 0)
                {
                    ref var ms = ref (hierarchy.RankOf[state] == hierarchy.UpTail[edge] ? ownUpMs : ownDownMs)[edge];
                    ms = Math.Min(ms, TurnMs(turn));
                }
            }
        }

        upMs = [.. ownUpMs];
        downMs = [.. ownDownMs];
        RelaxLowerTriangles();
    }

    private HierarchyTimes(HierarchyTimes before, Closures closures)
    {
        hierarchy = before.hierarchy;
        Closures = closures;
        isClosed = ClosedArcs(hierarchy.Graph, closures);
        ownUpMs = [.. before.ownUpMs];
        ownDownMs = [.. before.ownDownMs];
        upMs = [.. before.upMs];
        downMs = [.. before.downMs];
    }

    public StreetHierarchy Hierarchy => hierarchy;
    public Closures Closures { get; }

    /// <summary>Milliseconds from the lower to the higher end of each edge.</summary>
    internal ReadOnlySpan<int> UpMs => upMs;
    /// <summary>Milliseconds from the higher to the lower end of each edge.</summary>
    internal ReadOnlySpan<int> DownMs => downMs;

    /// <summary>The times with other closures.</summary>
    public HierarchyTimes With(Closures closures)
    {
        var changed = Closures.Arcs.SymmetricExcept(closures.Arcs);
        if (changed.IsEmpty)
        {
            return this;
        }

        var times = new HierarchyTimes(this, closures);
        times.Update(changed);
        return times;
    }

    /// <summary>Milliseconds of a turn and of the arc that it leads into; <see cref="Infinity"/> where that arc is closed.</summary>
    internal int TurnMs(int turn)
    {
        var graph = hierarchy.Graph;
        var arc = graph.StateArc[graph.TurnTo[turn]];
        return isClosed[arc] ? Infinity : (int)Math.Min(Infinity, (long)graph.TurnMs[turn] + graph.ArcMs[arc]);
    }

    internal bool IsClosed(int arc) => isClosed[arc];

    /// <summary>
    /// The lower state over which the way along an edge is shortest, or -1 where the edge is a turn itself.
    /// </summary>
    internal int Via(int edge, bool upwards)
    {
        var ms = upwards ? upMs[edge] : downMs[edge];
        if (ms == (upwards ? ownUpMs : ownDownMs)[edge])
        {
            return -1;
        }

        var (x, y) = (hierarchy.UpTail[edge], hierarchy.UpHead[edge]);
        foreach (var toX in hierarchy.DownEdge[hierarchy.FirstDown[x]..hierarchy.FirstDown[x + 1]])
        {
            var lower = hierarchy.UpTail[toX];
            var toY = hierarchy.EdgeBetween(lower, y);
            if (toY >= 0 && (upwards ? downMs[toX] + upMs[toY] : downMs[toY] + upMs[toX]) == ms)
            {
                return lower;
            }
        }

        throw new InvalidOperationException($"No way of {ms} ms lies behind edge {edge} of the hierarchy.");
    }

    // Every edge is final before it serves as a side of a triangle below a higher edge: by the rank of the lower end.
    private void RelaxLowerTriangles()
    {
        var edgeTo = new int[hierarchy.StateCount];
        var firstUp = hierarchy.FirstUp;
        var upHead = hierarchy.UpHead;
        for (var x = 0; x < hierarchy.StateCount; x++)
        {
            for (var edge = firstUp[x]; edge < firstUp[x + 1]; edge++)
            {
                edgeTo[upHead[edge]] = edge;
            }

            foreach (var toX in hierarchy.DownEdge[hierarchy.FirstDown[x]..hierarchy.FirstDown[x + 1]])
            {
                var (lowerToX, xToLower) = (upMs[toX], downMs[toX]);
                var end = firstUp[hierarchy.UpTail[toX] + 1];
                for (var toY = toX + 1; toY < end; toY++)
                {
                    var edge = edgeTo[upHead[toY]];
                    upMs[edge] = Math.Min(upMs[edge], xToLower + upMs[toY]);
                    downMs[edge] = Math.Min(downMs[edge], downMs[toY] + lowerToX);
                }
            }
        }
    }

    // Edges are numbered by their lower end, so working off the lowest number first sees every edge after all below it.
    private void Update(IEnumerable<int> changedArcs)
    {
        var open = new PriorityQueue<int, int>();
        var graph = hierarchy.Graph;
        var firstUp = hierarchy.FirstUp;
        foreach (var arc in changedArcs)
        {
            foreach (var state in graph.StatesOf(arc))
            {
                var rank = hierarchy.RankOf[state];
                for (var edge = firstUp[rank]; edge < firstUp[rank + 1]; edge++)
                {
                    open.Enqueue(edge, edge);
                }

                foreach (var edge in hierarchy.DownEdge[hierarchy.FirstDown[rank]..hierarchy.FirstDown[rank + 1]])
                {
                    open.Enqueue(edge, edge);
                }
            }
        }

        var direct = open.UnorderedItems.Select(item => item.Element).ToHashSet();
        var last = -1;
        while (open.TryDequeue(out var edge, out _))
        {
            if (edge == last)
            {
                continue;
            }

            last = edge;
            if (direct.Contains(edge))
            {
                (ownUpMs[edge], ownDownMs[edge]) = Own(edge);
            }

            var (up, down) = Shortest(edge);
            if (up == upMs[edge] && down == downMs[edge])
            {
                continue;
            }

            (upMs[edge], downMs[edge]) = (up, down);
            var (x, y) = (hierarchy.UpTail[edge], hierarchy.UpHead[edge]);
            for (var other = firstUp[x]; other < firstUp[x + 1]; other++)
            {
                if (other != edge)
                {
                    var above = hierarchy.EdgeBetween(y, hierarchy.UpHead[other]);
                    open.Enqueue(above, above);
                }
            }
        }
    }

    private (int Up, int Down) Own(int edge)
    {
        var (x, y) = (hierarchy.StateAt[hierarchy.UpTail[edge]], hierarchy.StateAt[hierarchy.UpHead[edge]]);
        return (OwnMs(x, y), OwnMs(y, x));
    }

    private int OwnMs(int from, int to)
    {
        var ms = Infinity;
        for (var turn = hierarchy.Graph.FirstTurn[from]; turn < hierarchy.Graph.FirstTurn[from + 1]; turn++)
        {
            if (hierarchy.Graph.TurnTo[turn] == to)
            {
                ms = Math.Min(ms, TurnMs(turn));
            }
        }

        return ms;
    }

    private (int Up, int Down) Shortest(int edge)
    {
        var (up, down) = (ownUpMs[edge], ownDownMs[edge]);
        var (x, y) = (hierarchy.UpTail[edge], hierarchy.UpHead[edge]);
        foreach (var toX in hierarchy.DownEdge[hierarchy.FirstDown[x]..hierarchy.FirstDown[x + 1]])
        {
            var toY = hierarchy.EdgeBetween(hierarchy.UpTail[toX], y);
            if (toY >= 0)
            {
                up = Math.Min(up, downMs[toX] + upMs[toY]);
                down = Math.Min(down, downMs[toY] + upMs[toX]);
            }
        }

        return (up, down);
    }

    private static bool[] ClosedArcs(TurnGraph graph, Closures closures)
    {
        var isClosed = new bool[graph.Network.ArcCount];
        foreach (var arc in closures.Arcs)
        {
            isClosed[arc] = true;
        }

        return isClosed;
    }
}
