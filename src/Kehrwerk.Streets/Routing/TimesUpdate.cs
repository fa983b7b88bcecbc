using System.Numerics;

namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Carries changes of times up a hierarchy (partial customisation, after Dibbelt, Strasser and Wagner 2016, section 7.4).
/// The time of an edge is the least of its candidates: its own turn, and one for each lower triangle. Where a candidate falls,
/// the edge falls with it; where the least one rises, the edge is computed anew when all below it is done. An edge that ends
/// where it began passes nothing on. Does not allocate.
/// </summary>
internal sealed class TimesUpdate
{
    // What is known of an edge since the update began.
    private const byte Touched = 1;
    private const byte UpRose = 2;
    private const byte DownRose = 4;

    private readonly HierarchyTimes times;
    private readonly StreetHierarchy hierarchy;
    private readonly int[] upMs;
    private readonly int[] downMs;
    private readonly int[] beforeUpMs;
    private readonly int[] beforeDownMs;
    private readonly byte[] marks;

    // The ranks with touched edges as bits.
    private readonly ulong[] open;
    private int firstOpen = int.MaxValue;
    private int lastOpen = -1;

    public TimesUpdate(HierarchyTimes times, int[] upMs, int[] downMs)
    {
        this.times = times;
        hierarchy = times.Hierarchy;
        this.upMs = upMs;
        this.downMs = downMs;
        beforeUpMs = new int[upMs.Length];
        beforeDownMs = new int[upMs.Length];
        marks = new byte[upMs.Length];
        open = new ulong[(hierarchy.StateCount + 63) / 64];
    }

    /// <summary>One candidate of an edge now takes <paramref name="newMs"/> in place of <paramref name="oldMs"/>.</summary>
    public void Replace(int edge, bool upwards, int oldMs, int newMs)
    {
        ref var ms = ref (upwards ? upMs : downMs)[edge];
        var rose = upwards ? UpRose : DownRose;

        // No candidate is ever below ms, even where the one that ms came from has risen.
        if (newMs < ms || (newMs == ms && (marks[edge] & rose) != 0))
        {
            Touch(edge);
            ms = newMs;
            marks[edge] &= (byte)~rose;
        }
        else if (oldMs == ms && newMs > ms)
        {
            Touch(edge);
            marks[edge] |= rose;
        }
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
                FinishRank(rank);
            }
        }

        (firstOpen, lastOpen) = (int.MaxValue, -1);
    }

    private void Touch(int edge)
    {
        if (marks[edge] != 0)
        {
            return;
        }

        marks[edge] = Touched;
        beforeUpMs[edge] = upMs[edge];
        beforeDownMs[edge] = downMs[edge];
        var rank = hierarchy.UpTail[edge];
        var word = rank >> 6;
        open[word] |= 1UL << rank;
        firstOpen = Math.Min(firstOpen, word);
        lastOpen = Math.Max(lastOpen, word);
    }

    private void FinishRank(int rank)
    {
        var (start, end) = (hierarchy.FirstUp[rank], hierarchy.FirstUp[rank + 1]);
        for (var edge = start; edge < end; edge++)
        {
            var mark = marks[edge];
            if (mark == 0)
            {
                continue;
            }

            if ((mark & UpRose) != 0)
            {
                upMs[edge] = times.Shortest(edge, true, upMs[edge]).Ms;
            }

            if ((mark & DownRose) != 0)
            {
                downMs[edge] = times.Shortest(edge, false, downMs[edge]).Ms;
            }

            marks[edge] = 0;
            if (upMs[edge] != beforeUpMs[edge])
            {
                PassOn(edge, start, end, upMs, beforeUpMs, downMs, beforeDownMs, comesUp: true);
            }

            if (downMs[edge] != beforeDownMs[edge])
            {
                PassOn(edge, start, end, downMs, beforeDownMs, upMs, beforeUpMs, comesUp: false);
            }
        }
    }

    // The edge joins x and y, each other edge of x joins x and z: the candidate over x of the edge between y and z is replaced.
    // An edge still marked has not passed on its change, so its candidates are those of before.
    private void PassOn(int edge, int start, int end, int[] ms, int[] beforeMs, int[] otherMs, int[] otherBeforeMs, bool comesUp)
    {
        var (oldMs, newMs) = (beforeMs[edge], ms[edge]);
        var upHead = hierarchy.UpHead;
        var firstUp = hierarchy.FirstUp;
        var y = upHead[edge];
        var above = firstUp[y];
        for (var other = start; other < end; other++)
        {
            var onMs = (marks[other] == 0 ? otherMs : otherBeforeMs)[other];
            if (other == edge || onMs >= HierarchyTimes.Infinity)
            {
                continue;
            }

            var z = upHead[other];
            int between;
            if (z < y)
            {
                between = firstUp[z] + upHead[firstUp[z]..firstUp[z + 1]].IndexOf(y);
            }
            else
            {
                above += upHead[above..].IndexOf(z);
                between = above;
            }

            // x to y and z to x: from z to y. y to x and x to z: from y to z.
            Replace(between, comesUp == z < y, Sum(oldMs, onMs), Sum(newMs, onMs));
        }
    }

    private static int Sum(int ms, int otherMs) => Math.Min(HierarchyTimes.Infinity, ms + otherMs);
}
