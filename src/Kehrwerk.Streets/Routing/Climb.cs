namespace Kehrwerk.Streets.Routing;

/// <summary>
/// One half of a search by <see cref="FastRouter"/>: labels on the ranks from some starts up to the roots of the elimination
/// tree. One per thread.
/// </summary>
internal sealed class Climb
{
    private const int None = -1;

    private readonly StreetHierarchy hierarchy;
    private readonly EdgeTimes edges;
    private readonly List<int> starts = [];

    public Climb(StreetHierarchy hierarchy, EdgeTimes edges)
    {
        this.hierarchy = hierarchy;
        this.edges = edges;
        Ms = new int[hierarchy.StateCount];
        Array.Fill(Ms, HierarchyTimes.Infinity);
        Via = new int[hierarchy.StateCount];
    }

    /// <summary>The label of each rank, <see cref="HierarchyTimes.Infinity"/> where it has none.</summary>
    public int[] Ms { get; }

    /// <summary>The edge over which each labelled rank was reached; -1 at a start.</summary>
    public int[] Via { get; }

    /// <summary>Every rank that may be labelled, lowest first.</summary>
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

    /// <summary>Labels all ranks above the starts.</summary>
    public void Run()
    {
        var parent = hierarchy.Parent;
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

            Relax(rank);
            if (parent[rank] >= 0 && !starts.Contains(parent[rank]))
            {
                starts.Add(parent[rank]);
            }
        }

        for (var rank = starts.Count > 0 ? starts[0] : None; rank >= 0; rank = parent[rank])
        {
            Relax(rank);
        }

        starts.Clear();
    }

    /// <summary>Takes all labels off.</summary>
    public void Forget()
    {
        foreach (var rank in Reached)
        {
            Ms[rank] = HierarchyTimes.Infinity;
        }

        Reached.Clear();
    }

    private void Relax(int rank)
    {
        Reached.Add(rank);
        var ms = Ms[rank];
        if (ms == HierarchyTimes.Infinity)
        {
            return;
        }

        var first = edges.Side.First;
        var upper = edges.Side.Upper;
        for (var edge = first[rank]; edge < first[rank + 1]; edge++)
        {
            var above = upper[edge];
            var aboveMs = ms + edges.Ms[edge];
            if (aboveMs < Ms[above])
            {
                Ms[above] = aboveMs;
                Via[above] = edge;
            }
        }
    }
}
