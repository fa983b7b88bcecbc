using System.Numerics;

namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Carries changes of times up a hierarchy (partial customisation, after Dibbelt, Strasser and Wagner 2016).
/// The time of an edge is the least of its candidates: its own turn, and one for each lower triangle. Where a candidate falls,
/// the edge falls with it; where the least one rises, the edge is computed anew when all below it is done. An edge that ends
/// where it began passes nothing on. Does not allocate.
/// </summary>
internal sealed class TimesUpdate(EdgeTimes up, EdgeTimes down, int rankCount)
{
    private readonly Side up = new(up);
    private readonly Side down = new(down);

    // The ranks with marked edges, as bits.
    private readonly ulong[] open = new ulong[(rankCount + 63) / 64];
    private int firstOpen = int.MaxValue;
    private int lastOpen = -1;

    private enum Mark : byte { None, Touched, Risen }

    /// <summary>The turn that an edge lies on now takes so many milliseconds.</summary>
    public void ReplaceOwn(EdgeTimes times, int edge, int newMs)
    {
        var oldMs = times.OwnMs[edge];
        times.OwnMs[edge] = newMs;
        var (side, other) = times == up.Times ? (up, down) : (down, up);
        Replace(side, other, edge, oldMs, newMs, (-1, -1));
    }

    /// <summary>Makes every edge right again.</summary>
    public void Finish()
    {
        for (var word = firstOpen; word <= lastOpen; word++)
        {
            while (open[word] != 0)
            {
                var rank = (word << 6) + BitOperations.TrailingZeroCount(open[word]);
                open[word] &= open[word] - 1;
                FinishRank(rank, up, down);
                FinishRank(rank, down, up);
            }
        }

        (firstOpen, lastOpen) = (int.MaxValue, -1);
    }

    // One candidate of an edge changes. None is ever below the edge's time, even while the one that it came from has risen.
    private void Replace(Side side, Side other, int edge, int oldMs, int newMs, (int ToLower, int ToUpper) parts)
    {
        ref var ms = ref side.Times.Ms[edge];
        if (newMs < ms)
        {
            Touch(side, edge);
            side.Marks[edge] = Mark.Touched;
            (ms, side.Times.Parts[edge]) = (newMs, parts);
        }
        else if (oldMs == ms && newMs > ms)
        {
            Touch(side, edge);
            side.Marks[edge] = Mark.Risen;
        }
        else if (newMs == ms && oldMs > ms && IsBefore(parts, side.Times.Parts[edge], other.Times.Side.Lower))
        {
            side.Times.Parts[edge] = parts;
        }
    }

    private static bool IsBefore((int ToLower, int) parts, (int ToLower, int) others, ReadOnlySpan<int> lower) =>
        others.ToLower >= 0 && (parts.ToLower < 0 || lower[parts.ToLower] > lower[others.ToLower]);

    private void Touch(Side side, int edge)
    {
        if (side.Marks[edge] != Mark.None)
        {
            return;
        }

        side.BeforeMs[edge] = side.Times.Ms[edge];
        var rank = side.Times.Side.Lower[edge];
        var word = rank >> 6;
        open[word] |= 1UL << rank;
        firstOpen = Math.Min(firstOpen, word);
        lastOpen = Math.Max(lastOpen, word);
    }

    private void FinishRank(int rank, Side side, Side other)
    {
        var first = side.Times.Side.First;
        for (var edge = first[rank]; edge < first[rank + 1]; edge++)
        {
            var mark = side.Marks[edge];
            if (mark == Mark.None)
            {
                continue;
            }

            if (mark == Mark.Risen)
            {
                side.Times.Recompute(edge, other.Times);
            }

            side.Marks[edge] = Mark.None;
            if (side.Times.Ms[edge] != side.BeforeMs[edge])
            {
                PassOn(rank, edge, side, other);
            }
        }
    }

    // The edge joins x and y, each edge of x on the other side joins x and z, and the two make a way between y and z over x:
    // a candidate of an edge, of this side where y is higher, of the other where z is.
    private void PassOn(int x, int edge, Side side, Side other)
    {
        var (oldMs, newMs) = (side.BeforeMs[edge], side.Times.Ms[edge]);
        var y = side.Times.Side.Upper[edge];
        var first = other.Times.Side.First;
        var upper = other.Times.Side.Upper;
        for (var on = first[x]; on < first[x + 1]; on++)
        {
            // A marked edge has not passed on its change, so its candidates are still those of before.
            var onMs = other.Marks[on] == Mark.None ? other.Times.Ms[on] : other.BeforeMs[on];
            var z = upper[on];
            if (onMs >= HierarchyTimes.Infinity || z == y)
            {
                continue;
            }

            if (z < y)
            {
                Replace(side, other, side.Times.Side.Between(z, y), Sum(oldMs, onMs), Sum(newMs, onMs), (on, edge));
            }
            else
            {
                Replace(other, side, other.Times.Side.Between(y, z), Sum(oldMs, onMs), Sum(newMs, onMs), (edge, on));
            }
        }
    }

    private static int Sum(int ms, int otherMs) => Math.Min(HierarchyTimes.Infinity, ms + otherMs);

    private sealed class Side(EdgeTimes times)
    {
        public EdgeTimes Times { get; } = times;

        // Of marked edges, the time before the update.
        public int[] BeforeMs { get; } = new int[times.Ms.Length];
        public Mark[] Marks { get; } = new Mark[times.Ms.Length];
    }
}
