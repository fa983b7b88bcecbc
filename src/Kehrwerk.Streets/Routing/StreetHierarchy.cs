namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The part of a customisable contraction hierarchy (Dibbelt, Strasser and Wagner 2016) that does not depend on times:
/// the states of a turn graph by rank, and the edges that arise when they are contracted in that order. Few turns have one that
/// leads back, so the edges are kept for each direction by itself: less than half of them all. Immutable and thread-safe.
/// </summary>
public sealed class StreetHierarchy
{
    private readonly int[] rankOf;
    private readonly int[] stateAt;
    private readonly int[] arcAt;
    private readonly int[] parent;
    private readonly int[] turnEdge;
    private readonly bool[] turnLeadsUp;
    private readonly int[] firstInto;
    private readonly int[] turnInto;

    public StreetHierarchy(TurnGraph graph)
    {
        Graph = graph;
        stateAt = NestedDissection.Order(graph);
        arcAt = Array.ConvertAll(stateAt, state => graph.StateArc[state]);
        rankOf = new int[stateAt.Length];
        for (var rank = 0; rank < stateAt.Length; rank++)
        {
            rankOf[stateAt[rank]] = rank;
        }

        var (up, down) = Turns();
        parent = EliminationTree(up, down);
        Contract(up, down);
        Up = new(up);
        Down = new(down);

        turnEdge = new int[graph.TurnTo.Length];
        turnLeadsUp = new bool[turnEdge.Length];
        firstInto = new int[graph.StateCount + 1];
        for (var state = 0; state < graph.StateCount; state++)
        {
            for (var turn = graph.FirstTurn[state]; turn < graph.FirstTurn[state + 1]; turn++)
            {
                var to = graph.TurnTo[turn];
                firstInto[to + 1]++;
                var (a, b) = (rankOf[state], rankOf[to]);
                turnLeadsUp[turn] = a < b;
                turnEdge[turn] = a < b ? Up.Between(a, b) : Down.Between(b, a);
            }
        }

        for (var state = 0; state < graph.StateCount; state++)
        {
            firstInto[state + 1] += firstInto[state];
        }

        turnInto = new int[turnEdge.Length];
        var next = firstInto.ToArray();
        for (var turn = 0; turn < turnInto.Length; turn++)
        {
            turnInto[next[graph.TurnTo[turn]]++] = turn;
        }
    }

    public TurnGraph Graph { get; }
    public int StateCount => stateAt.Length;
    public int EdgeCount => Up.EdgeCount + Down.EdgeCount;

    /// <summary>The edges that are driven from their lower to their upper end.</summary>
    internal HierarchySide Up { get; }
    /// <summary>The edges that are driven from their upper to their lower end.</summary>
    internal HierarchySide Down { get; }

    /// <summary>The rank of each state, 0 is contracted first.</summary>
    internal ReadOnlySpan<int> RankOf => rankOf;
    /// <summary>The arc that is driven in the state at each rank.</summary>
    internal ReadOnlySpan<int> ArcAt => arcAt;
    /// <summary>
    /// The parent of each rank in the elimination tree, -1 for a root: the upper ends of all edges of a rank are among its
    /// parent, its parent's parent and so on.
    /// </summary>
    internal ReadOnlySpan<int> Parent => parent;
    /// <summary>
    /// The edge that each turn of the graph lies on, of <see cref="Up"/> or <see cref="Down"/> as <see cref="TurnLeadsUp"/> says;
    /// -1 for a turn from a state into itself.
    /// </summary>
    internal ReadOnlySpan<int> TurnEdge => turnEdge;
    internal ReadOnlySpan<bool> TurnLeadsUp => turnLeadsUp;

    /// <summary>The turns that lead into a state.</summary>
    internal ReadOnlySpan<int> TurnsInto(int state) => turnInto.AsSpan(firstInto[state], firstInto[state + 1] - firstInto[state]);

    // For each rank the higher ones that a turn leads to, and those that a turn comes from.
    private (List<int>[] Up, List<int>[] Down) Turns()
    {
        var up = new List<int>[stateAt.Length];
        var down = new List<int>[stateAt.Length];
        for (var rank = 0; rank < up.Length; rank++)
        {
            (up[rank], down[rank]) = ([], []);
        }

        for (var state = 0; state < Graph.StateCount; state++)
        {
            for (var turn = Graph.FirstTurn[state]; turn < Graph.FirstTurn[state + 1]; turn++)
            {
                Add(up, down, rankOf[state], rankOf[Graph.TurnTo[turn]]);
            }
        }

        return (up, down);
    }

    private static void Add(List<int>[] up, List<int>[] down, int from, int to)
    {
        if (from < to)
        {
            up[from].Add(to);
        }
        else if (to < from)
        {
            down[to].Add(from);
        }
    }

    // By the algorithm of Liu (1986): the parent of a root that a higher rank is joined to, directly or from below, is that rank.
    private static int[] EliminationTree(List<int>[] up, List<int>[] down)
    {
        var lower = new List<int>[up.Length];
        for (var rank = 0; rank < lower.Length; rank++)
        {
            lower[rank] = [];
        }

        for (var rank = 0; rank < lower.Length; rank++)
        {
            up[rank].ForEach(upper => lower[upper].Add(rank));
            down[rank].ForEach(upper => lower[upper].Add(rank));
        }

        var parent = new int[lower.Length];
        var shortcut = new int[lower.Length];
        Array.Fill(parent, -1);
        Array.Fill(shortcut, -1);
        for (var rank = 0; rank < lower.Length; rank++)
        {
            foreach (var start in lower[rank])
            {
                for (var at = start; at >= 0 && at != rank;)
                {
                    var above = shortcut[at];
                    shortcut[at] = rank;
                    if (above < 0)
                    {
                        parent[at] = rank;
                    }

                    at = above;
                }
            }
        }

        return parent;
    }

    // Contracting a state joins each higher state that leads to it with each that it leads to.
    private static void Contract(List<int>[] up, List<int>[] down)
    {
        for (var rank = 0; rank < up.Length; rank++)
        {
            up[rank] = Distinct(up[rank]);
            down[rank] = Distinct(down[rank]);
            foreach (var from in down[rank])
            {
                foreach (var to in up[rank])
                {
                    Add(up, down, from, to);
                }
            }
        }

        static List<int> Distinct(List<int> ranks)
        {
            ranks.Sort();
            var count = 0;
            for (var i = 0; i < ranks.Count; i++)
            {
                if (count == 0 || ranks[count - 1] != ranks[i])
                {
                    ranks[count++] = ranks[i];
                }
            }

            ranks.RemoveRange(count, ranks.Count - count);
            return ranks;
        }
    }
}
