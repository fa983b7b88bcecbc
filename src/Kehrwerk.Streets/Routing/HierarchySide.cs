namespace Kehrwerk.Streets.Routing;

/// <summary>
/// One direction of a hierarchy's edges, all those that lead up or all those that lead down. Each joins a lower rank to an
/// upper one, whichever way it is driven. Sorted by the lower rank, then by the upper one. Immutable and thread-safe.
/// </summary>
internal sealed class HierarchySide
{
    private readonly int[] first;
    private readonly int[] upper;
    private readonly int[] lower;
    private readonly int[] firstBelow;
    private readonly int[] below;

    /// <param name="uppers">For each rank the upper ends of its edges, sorted, each once.</param>
    public HierarchySide(List<int>[] uppers)
    {
        first = new int[uppers.Length + 1];
        firstBelow = new int[uppers.Length + 1];
        for (var rank = 0; rank < uppers.Length; rank++)
        {
            first[rank + 1] = first[rank] + uppers[rank].Count;
        }

        upper = new int[first[^1]];
        lower = new int[upper.Length];
        for (var rank = 0; rank < uppers.Length; rank++)
        {
            uppers[rank].CopyTo(upper, first[rank]);
            lower.AsSpan(first[rank], uppers[rank].Count).Fill(rank);
        }

        foreach (var rank in upper)
        {
            firstBelow[rank + 1]++;
        }

        for (var rank = 0; rank < uppers.Length; rank++)
        {
            firstBelow[rank + 1] += firstBelow[rank];
        }

        below = new int[upper.Length];
        var next = firstBelow.ToArray();
        for (var edge = 0; edge < upper.Length; edge++)
        {
            below[next[upper[edge]]++] = edge;
        }
    }

    public int EdgeCount => upper.Length;

    /// <summary>Index of the first edge from each rank to an upper one; one entry more than there are ranks.</summary>
    public ReadOnlySpan<int> First => first;
    /// <summary>The upper end of each edge.</summary>
    public ReadOnlySpan<int> Upper => upper;
    /// <summary>The lower end of each edge.</summary>
    public ReadOnlySpan<int> Lower => lower;

    /// <summary>The edges between a rank and lower ones, lowest first.</summary>
    public ReadOnlySpan<int> Below(int rank) => below.AsSpan(firstBelow[rank], firstBelow[rank + 1] - firstBelow[rank]);

    /// <summary>The edge between two ranks, or -1.</summary>
    public int Between(int lowerRank, int upperRank)
    {
        var start = first[lowerRank];
        var index = upper.AsSpan(start, first[lowerRank + 1] - start).IndexOf(upperRank);
        return index < 0 ? -1 : start + index;
    }
}
