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
    /// The shortest way along an edge over a lower rank: by the edges from that rank to the edge's lower end (of the other side)
    /// and to its upper end (of this side). (-1, -1) where the edge is a turn itself.
    /// </summary>
    public (int ToLower, int ToUpper) Parts(int edge, EdgeTimes other)
    {
        var ms = Ms[edge];
        if (OwnMs[edge] == ms)
        {
            return (-1, -1);
        }

        var upper = side.Upper[edge];
        var otherMs = other.Ms;
        var lowerOfOther = other.Side.Lower;
        var below = other.Side.Below(side.Lower[edge]);

        // From the highest rank on: the highest one on the shortest way is joined to both ends by edges of that length.
        for (var i = below.Length - 1; i >= 0; i--)
        {
            var legMs = otherMs[below[i]];
            if (legMs <= ms)
            {
                var toUpper = side.Between(lowerOfOther[below[i]], upper);
                if (toUpper >= 0 && legMs + Ms[toUpper] == ms)
                {
                    return (below[i], toUpper);
                }
            }
        }

        throw new InvalidOperationException($"No way of {ms} ms lies behind edge {edge} of the hierarchy.");
    }

    /// <summary>The time of an edge by its turn and what lies below it. Nothing shorter than <paramref name="floorMs"/> is looked for.</summary>
    public int Shortest(int edge, EdgeTimes other, int floorMs)
    {
        var best = OwnMs[edge];
        var upper = side.Upper[edge];
        var lowerOfOther = other.Side.Lower;
        var below = other.Side.Below(side.Lower[edge]);
        for (var i = below.Length - 1; i >= 0 && best > floorMs; i--)
        {
            var legMs = other.Ms[below[i]];
            if (legMs < best)
            {
                var toUpper = side.Between(lowerOfOther[below[i]], upper);
                best = toUpper < 0 ? best : Math.Min(best, legMs + Ms[toUpper]);
            }
        }

        return best;
    }
}
