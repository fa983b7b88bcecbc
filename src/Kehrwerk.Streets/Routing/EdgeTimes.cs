namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The milliseconds of the edges of one <see cref="HierarchySide"/> and the ways that take them, shared by those that read and
/// change them.
/// </summary>
internal sealed class EdgeTimes
{
    public EdgeTimes(HierarchySide side)
    {
        Side = side;
        Ms = new int[side.EdgeCount];
        Parts = new (int, int)[side.EdgeCount];
        OwnMs = new int[side.EdgeCount];
        Array.Fill(OwnMs, HierarchyTimes.Infinity);
    }

    public HierarchySide Side { get; }

    /// <summary>The shortest way along each edge, <see cref="HierarchyTimes.Infinity"/> for none.</summary>
    public int[] Ms { get; }

    /// <summary>
    /// What the shortest way along each edge is made of: the edges that join a rank below both ends to the lower one (of the other
    /// side) and to the upper one (of this side), or (-1, -1) for the turn itself. Of equally short ways the turn, else the one over
    /// the highest rank: so a way depends on the times alone, however they came about.
    /// </summary>
    public (int ToLower, int ToUpper)[] Parts { get; }

    /// <summary>By the turn alone, <see cref="HierarchyTimes.Infinity"/> where the edge is none.</summary>
    public int[] OwnMs { get; }

    /// <summary>Computes all edges of a rank by those below it, which must be final.</summary>
    /// <param name="rowMs">A buffer with an entry for every rank.</param>
    /// <param name="rowParts">A buffer with an entry for every rank.</param>
    public void Customise(int rank, EdgeTimes other, int[] rowMs, (int ToLower, int ToUpper)[] rowParts)
    {
        var first = Side.First;
        var (start, end) = (first[rank], first[rank + 1]);
        if (start == end)
        {
            return;
        }

        var upper = Side.Upper;
        var lowerOfOther = other.Side.Lower;
        for (var edge = start; edge < end; edge++)
        {
            rowMs[upper[edge]] = HierarchyTimes.Infinity;
        }

        foreach (var toLower in other.Side.Below(rank))
        {
            var legMs = other.Ms[toLower];
            var lower = lowerOfOther[toLower];
            for (var toUpper = first[lower + 1] - 1; toUpper >= first[lower] && upper[toUpper] > rank; toUpper--)
            {
                var ms = legMs + Ms[toUpper];
                if (ms <= rowMs[upper[toUpper]])
                {
                    rowMs[upper[toUpper]] = ms;
                    rowParts[upper[toUpper]] = (toLower, toUpper);
                }
            }
        }

        for (var edge = start; edge < end; edge++)
        {
            var isTurn = OwnMs[edge] <= rowMs[upper[edge]];
            Ms[edge] = isTurn ? OwnMs[edge] : rowMs[upper[edge]];
            Parts[edge] = isTurn ? (-1, -1) : rowParts[upper[edge]];
        }
    }

    /// <summary>Computes one edge anew by those below it, which must be final. It is known not to be shorter than it is written.</summary>
    public void Recompute(int edge, EdgeTimes other)
    {
        var (best, parts, floorMs) = (OwnMs[edge], (-1, -1), Ms[edge]);
        var upper = Side.Upper[edge];
        var lowerOfOther = other.Side.Lower;
        var below = other.Side.Below(Side.Lower[edge]);
        for (var i = below.Length - 1; i >= 0 && best > floorMs; i--)
        {
            var legMs = other.Ms[below[i]];
            if (legMs < best)
            {
                var toUpper = Side.Between(lowerOfOther[below[i]], upper);
                if (toUpper >= 0 && legMs + Ms[toUpper] < best)
                {
                    (best, parts) = (legMs + Ms[toUpper], (below[i], toUpper));
                }
            }
        }

        (Ms[edge], Parts[edge]) = (best, parts);
    }
}
