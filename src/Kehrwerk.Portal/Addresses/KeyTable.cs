using System.Numerics;

namespace Kehrwerk.Portal.Addresses;

/// <summary>
/// Distinct names as symbols in flat arrays, found exactly, by their beginning, or with typing errors. The last is one pass over all names
/// that can have the right length; a signature of 64 bits turns nearly all away before any letter is compared. Immutable.
/// </summary>
internal sealed class KeyTable
{
    /// <summary>A name within reach of what was typed.</summary>
    /// <param name="Whole">Distance to the whole name.</param>
    /// <param name="Beginning">Least distance to a beginning of it.</param>
    public readonly record struct Near(int Key, int Whole, int Beginning);

    private readonly byte[] symbols;
    // Keys are numbered by length, then by symbols; key k is symbols[first[k]..first[k + 1]].
    private readonly int[] first;
    private readonly ulong[] signature;
    private readonly int[] firstOfLength;
    private readonly int[] byBeginning;

    private KeyTable(byte[][] keys)
    {
        first = new int[keys.Length + 1];
        signature = new ulong[keys.Length];
        for (var k = 0; k < keys.Length; k++)
        {
            first[k + 1] = first[k] + keys[k].Length;
            signature[k] = Symbols.Signature(keys[k]);
        }

        symbols = new byte[first[^1]];
        firstOfLength = new int[EditDistance.MaxSymbols + 2];
        for (var k = 0; k < keys.Length; k++)
        {
            keys[k].CopyTo(symbols, first[k]);
            firstOfLength[keys[k].Length + 1] = k + 1;
        }

        for (var length = 1; length < firstOfLength.Length; length++)
        {
            firstOfLength[length] = Math.Max(firstOfLength[length], firstOfLength[length - 1]);
        }

        byBeginning = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(byBeginning, (a, b) => this[a].SequenceCompareTo(this[b]));
    }

    public int Count => signature.Length;

    public ReadOnlySpan<byte> this[int key] => symbols.AsSpan(first[key], first[key + 1] - first[key]);

    /// <summary>Bytes that the table takes.</summary>
    public long Bytes => symbols.LongLength + (4L * (first.Length + byBeginning.Length + firstOfLength.Length)) + (8L * signature.Length);

    /// <param name="keys">Names of 1 to <see cref="EditDistance.MaxSymbols"/> symbols; the same one may come again.</param>
    /// <returns>The table, and the number in it of each key that was given.</returns>
    public static (KeyTable Table, int[] Numbers) Of(IReadOnlyList<byte[]> keys)
    {
        var order = Enumerable.Range(0, keys.Count).ToArray();
        Array.Sort(order, (a, b) => keys[a].Length != keys[b].Length ? keys[a].Length.CompareTo(keys[b].Length) : keys[a].AsSpan().SequenceCompareTo(keys[b]));
        var numbers = new int[keys.Count];
        var distinct = new List<byte[]>();
        foreach (var i in order)
        {
            if (distinct.Count == 0 || !keys[i].AsSpan().SequenceEqual(distinct[^1]))
            {
                distinct.Add(keys[i]);
            }

            numbers[i] = distinct.Count - 1;
        }

        return (new([.. distinct]), numbers);
    }

    /// <summary>The key that is exactly this, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        if (key.Length is 0 or > EditDistance.MaxSymbols)
        {
            return -1;
        }

        var (low, high) = (firstOfLength[key.Length], firstOfLength[key.Length + 1] - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = this[middle].SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The keys that begin with this.</summary>
    public ReadOnlySpan<int> BeginningWith(ReadOnlySpan<byte> start)
    {
        var from = Bound(start, after: false);
        return byBeginning.AsSpan(from, Bound(start, after: true) - from);
    }

    private int Bound(ReadOnlySpan<byte> start, bool after)
    {
        var (low, high) = (0, byBeginning.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var key = this[byBeginning[middle]];
            var order = key[..Math.Min(key.Length, start.Length)].SequenceCompareTo(start);
            (low, high) = order < 0 || (after && order == 0) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Adds every key whose whole or whose beginning is so near to what was typed.</summary>
    public void Scan(EditDistance typed, int maxWhole, int maxBeginning, List<Near> found)
    {
        var length = typed.Typed.Length;
        var asked = Symbols.Signature(typed.Typed);
        var most = Math.Max(maxWhole, maxBeginning);
        var from = firstOfLength[Math.Clamp(length - most, 0, EditDistance.MaxSymbols)];
        // Beyond this length only a beginning can be near.
        var longer = firstOfLength[Math.Min(length + maxWhole, EditDistance.MaxSymbols) + 1];
        for (var k = from; k < longer; k++)
        {
            if (BitOperations.PopCount(asked & ~signature[k]) <= most
                && (BitOperations.PopCount(signature[k] & ~asked) <= maxWhole || maxBeginning > 0))
            {
                Look(k);
            }
        }

        for (var k = longer; k < signature.Length && maxBeginning > 0; k++)
        {
            if (BitOperations.PopCount(asked & ~signature[k]) <= maxBeginning)
            {
                Look(k);
            }
        }

        void Look(int key)
        {
            var (whole, beginning) = typed.To(this[key]);
            if (whole <= maxWhole || (maxBeginning > 0 && beginning <= maxBeginning))
            {
                found.Add(new(key, whole, beginning));
            }
        }
    }
}
