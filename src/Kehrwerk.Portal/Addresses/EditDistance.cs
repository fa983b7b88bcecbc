namespace Kehrwerk.Portal.Addresses;

/// <summary>
/// How many insertions, deletions, substitutions and swaps of neighbours lie between what was typed and a name, 64 cells at a time
/// (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", Nordic Journal of Computing 10, 2003:
/// the restricted distance, no substring edited twice). One value serves one typed text; not thread-safe.
/// </summary>
internal sealed class EditDistance
{
    public const int MaxSymbols = 63;

    private readonly ulong[] positions = new ulong[Symbols.Count];
    private readonly byte[] typed = new byte[MaxSymbols];
    private int length;

    public ReadOnlySpan<byte> Typed => typed.AsSpan(0, length);

    /// <param name="symbols">1 to <see cref="MaxSymbols"/> symbols.</param>
    public void Set(ReadOnlySpan<byte> symbols)
    {
        Array.Clear(positions);
        symbols.CopyTo(typed);
        length = symbols.Length;
        for (var i = 0; i < length; i++)
        {
            positions[symbols[i]] |= 1UL << i;
        }
    }

    /// <summary>The distance to the whole of a name, and the least distance to any beginning of it.</summary>
    public (int Whole, int Beginning) To(ReadOnlySpan<byte> name)
    {
        var vp = ulong.MaxValue;
        ulong vn = 0, d0 = 0, before = 0;
        var last = 1UL << (length - 1);
        var (score, least) = (length, length);
        foreach (var symbol in name)
        {
            var match = positions[symbol];
            var swap = ((~d0 & match) << 1) & before;
            d0 = swap | (((match & vp) + vp) ^ vp) | match | vn;
            var hp = vn | ~(d0 | vp);
            var hn = d0 & vp;
            score += ((hp & last) != 0 ? 1 : 0) - ((hn & last) != 0 ? 1 : 0);
            least = Math.Min(least, score);
            hp = (hp << 1) | 1;
            hn <<= 1;
            vp = hn | ~(d0 | hp);
            vn = hp & d0;
            before = match;
        }

        return (score, least);
    }

    /// <summary>The same two distances with edits weighed by how easily they happen: a doubled or a swapped letter less than a foreign one.</summary>
    public (double Whole, double Beginning) Weighed(ReadOnlySpan<byte> name)
    {
        Span<double> older = stackalloc double[MaxSymbols + 1], old = stackalloc double[MaxSymbols + 1], row = stackalloc double[MaxSymbols + 1];
        for (var i = 1; i <= length; i++)
        {
            old[i] = old[i - 1] + Typos.Extra(Typed, i - 1);
        }

        var least = old[length];
        for (var j = 1; j <= name.Length; j++)
        {
            var symbol = name[j - 1];
            row[0] = old[0] + Typos.Missing(name, j - 1);
            for (var i = 1; i <= length; i++)
            {
                var cost = Math.Min(
                    old[i - 1] + Typos.Instead(typed[i - 1], symbol),
                    Math.Min(old[i] + Typos.Missing(name, j - 1), row[i - 1] + Typos.Extra(Typed, i - 1)));
                if (i > 1 && j > 1 && typed[i - 1] == name[j - 2] && typed[i - 2] == symbol)
                {
                    cost = Math.Min(cost, older[i - 2] + Typos.Swapped);
                }

                row[i] = cost;
            }

            least = Math.Min(least, row[length]);
            var free = older;
            older = old;
            old = row;
            row = free;
        }

        return (old[length], least);
    }
}
