namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The part of a customisable contraction hierarchy (Dibbelt, Strasser and Wagner 2016) that does not depend on times:
/// the states of a turn graph by rank, and the chordal supergraph that arises when they are contracted in that order.
/// States are named by their rank here. The edges from each state to higher ones are sorted, first by the lower state, then
/// by the higher one; the lowest higher neighbour is the state's parent in the elimination tree. Immutable and thread-safe.
/// </summary>
public sealed class StreetHierarchy
{
    private readonly int[] rankOf;
    private readonly int[] stateAt;
    private readonly int[] firstUp;
    private readonly int[] upHead;
    private readonly int[] upTail;
    private readonly int[] firstDown;
    private readonly int[] downEdge;
    private readonly int[] turnEdge;
    private readonly int[] firstInto;
    private readonly int[] turnInto;

    public StreetHierarchy(TurnGraph graph)
    {
        Graph = graph;
        stateAt = NestedDissection.Order(graph);
        rankOf = new int[stateAt.Length];
        for (var rank = 0; rank < stateAt.Length; rank++)
        {
            rankOf[stateAt[rank]] = rank;
        }

        (firstUp, upHead) = Contract(HigherNeighbours());
        upTail = new int[upHead.Length];
        firstDown = new int[stateAt.Length + 1];
        for (var rank = 0; rank < stateAt.Length; rank++)
        {
            for (var edge = firstUp[rank]; edge < firstUp[rank + 1]; edge++)
            {
                upTail[edge] = rank;
                firstDown[upHead[edge] + 1]++;
            }
        }

        for (var rank = 0; rank < stateAt.Length; rank++)
        {
            firstDown[rank + 1] += firstDown[rank];
        }

        downEdge = new int[upHead.Length];
        var next = firstDown.ToArray();
        for (var edge = 0; edge < upHead.Length; edge++)
        {
            downEdge[next[upHead[edge]]++] = edge;
        }

        turnEdge = new int[graph.TurnTo.Length];
        for (var state = 0; state < graph.StateCount; state++)
        {
            for (var turn = graph.FirstTurn[state]; turn < graph.FirstTurn[state + 1]; turn++)
            {
                turnEdge[turn] = EdgeBetween(rankOf[state], rankOf[graph.TurnTo[turn]]);
            }
        }

        firstInto = new int[graph.StateCount + 1];
        foreach (var to in graph.TurnTo)
        {
            firstInto[to + 1]++;
        }

        for (var state = 0; state < graph.StateCount; state++)
        {
            firstInto[state + 1] += firstInto[state];
        }

        turnInto = new int[turnEdge.Length];
        firstInto.CopyTo(next, 0);
        for (var turn = 0; turn < turnInto.Length; turn++)
        {
            turnInto[next[graph.TurnTo[turn]]++] = turn;
        }
    }

    public TurnGraph Graph { get; }
    public int StateCount => stateAt.Length;
    public int EdgeCount => upHead.Length;

    /// <summary>The rank of each state, 0 is contracted first.</summary>
    internal ReadOnlySpan<int> RankOf => rankOf;
    /// <summary>The state at each rank.</summary>
    internal ReadOnlySpan<int> StateAt => stateAt;
    /// <summary>Index of the first edge from each rank to a higher one; one entry more than there are ranks.</summary>
    internal ReadOnlySpan<int> FirstUp => firstUp;
    /// <summary>The higher end of each edge.</summary>
    internal ReadOnlySpan<int> UpHead => upHead;
    /// <summary>The lower end of each edge.</summary>
    internal ReadOnlySpan<int> UpTail => upTail;
    /// <summary>Index in <see cref="DownEdge"/> of the first edge from each rank to a lower one; one entry more than there are ranks.</summary>
    internal ReadOnlySpan<int> FirstDown => firstDown;
    /// <summary>The edges to lower ranks, by their higher end, then their lower one.</summary>
    internal ReadOnlySpan<int> DownEdge => downEdge;
    /// <summary>The edge that each turn of the graph lies on; -1 for a turn from a state into itself.</summary>
    internal ReadOnlySpan<int> TurnEdge => turnEdge;

    /// <summary>The turns that lead into a state.</summary>
    internal ReadOnlySpan<int> TurnsInto(int state) => turnInto.AsSpan(firstInto[state], firstInto[state + 1] - firstInto[state]);

    /// <summary>The parent of a rank in the elimination tree, or -1 for a root.</summary>
    internal int Parent(int rank) => firstUp[rank] < firstUp[rank + 1] ? upHead[firstUp[rank]] : -1;

    /// <summary>The edge between two ranks, or -1.</summary>
    internal int EdgeBetween(int a, int b)
    {
        var (lower, higher) = a < b ? (a, b) : (b, a);
        var edge = Array.BinarySearch(upHead, firstUp[lower], firstUp[lower + 1] - firstUp[lower], higher);
        return edge < 0 ? -1 : edge;
    }

    private List<int>[] HigherNeighbours()
    {
        var higher = new List<int>[stateAt.Length];
        for (var rank = 0; rank < higher.Length; rank++)
        {
            higher[rank] = [];
        }

        for (var state = 0; state < Graph.StateCount; state++)
        {
            for (var turn = Graph.FirstTurn[state]; turn < Graph.FirstTurn[state + 1]; turn++)
            {
                var (a, b) = (rankOf[state], rankOf[Graph.TurnTo[turn]]);
                if (a != b)
                {
                    higher[Math.Min(a, b)].Add(Math.Max(a, b));
                }
            }
        }

        return higher;
    }

    // Contracting a state joins all its higher neighbours; it is enough to hand them to the lowest of them.
    private static (int[] FirstUp, int[] UpHead) Contract(List<int>[] higher)
    {
        var firstUp = new int[higher.Length + 1];
        var seen = new int[higher.Length];
        Array.Fill(seen, -1);
        for (var rank = 0; rank < higher.Length; rank++)
        {
            var distinct = higher[rank].FindAll(h => Mark(h, rank));
            distinct.Sort();
            higher[rank] = distinct;
            firstUp[rank + 1] = firstUp[rank] + distinct.Count;
            if (distinct.Count > 1)
            {
                higher[distinct[0]].AddRange(distinct[1..]);
            }
        }

        var upHead = new int[firstUp[^1]];
        for (var rank = 0; rank < higher.Length; rank++)
        {
            higher[rank].CopyTo(upHead, firstUp[rank]);
        }

        return (firstUp, upHead);

        bool Mark(int neighbour, int rank)
        {
            var isNew = seen[neighbour] != rank;
            seen[neighbour] = rank;
            return isNew;
        }
    }
}
