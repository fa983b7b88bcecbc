namespace Kehrwerk.Streets.Routing;

/// <summary>The milliseconds of the edges of one <see cref="HierarchySide"/>, shared by those that read and change them.</summary>
internal sealed class EdgeTimes(HierarchySide side)
{
    public HierarchySide Side => side;

    /// <summary>The shortest way along each edge, over the turn itself or through lower ranks; <see cref="HierarchyTimes.Infinity"/> for none.</summary>
    public int[] Ms { get; } = new int[side.EdgeCount];

    /// <summary>By the turn alone, <see cref="HierarchyTimes.Infinity"/> where the edge is none.</summary>
    public int[] OwnMs { get; } = new int[side.EdgeCount];

    /// <summary>
    /// The shortest way along an edge: over the turn itself (-1, -1), or over a lower rank, by the edges from that rank to the
    /// edge's lower end (of the other side) and to its upper end (of this side). Nothing shorter than <paramref name="floorMs"/>
    /// is looked for.
    /// </summary>
    public (int Ms, int ToLower, int ToUpper) Shortest(int edge, EdgeTimes other, int floorMs)
    {
        var best = (Ms: OwnMs[edge], ToLower: -1, ToUpper: -1);
        if (best.Ms <= floorMs)
        {
            return best;
        }

        var upper = side.Upper[edge];
        var lowerOfOther = other.Side.Lower;
        var below = other.Side.Below(side.Lower[edge]);

        // From the highest rank on, since the highest one on the shortest way is joined to both ends by edges of that length.
        for (var i = below.Length - 1; i >= 0; i--)
        {
            var legMs = other.Ms[below[i]];
            if (legMs >= best.Ms)
            {
                continue;
            }

            var toUpper = side.Between(lowerOfOther[below[i]], upper);
            if (toUpper >= 0 && legMs + Ms[toUpper] < best.Ms)
            {
                best = (legMs + Ms[toUpper], below[i], toUpper);
                if (best.Ms <= floorMs)
                {
                    break;
                }
            }
        }

        return best;
    }
}
