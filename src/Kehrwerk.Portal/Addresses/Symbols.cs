namespace Kehrwerk.Portal.Addresses;

/// <summary>How umlauts and ß are put into symbols.</summary>
internal enum Umlauts : byte
{
    /// <summary>As they are written: <c>ü</c> is one symbol, <c>ue</c> are two.</summary>
    AsWritten,

    /// <summary>Two letters each, so that <c>Mühlen</c> and <c>Muehlen</c> are the same.</summary>
    SpelledOut,

    /// <summary>One symbol each, also where they are spelled out.</summary>
    Drawn,
}

/// <summary>
/// The alphabet in which names are compared, a byte a symbol: a–z, ä, ö, ü, ß, anything else, and the ten digits. Names are looked up with their
/// umlauts spelled out, and compared with all three ways of writing them, so that one typed letter is one symbol whichever way it was typed.
/// </summary>
internal static class Symbols
{
    public const int Count = 42;
    public const byte Ae = 27, Oe = 28, Ue = 29, Sz = 30, Other = 31;
    private const byte Digit0 = 32;

    /// <summary>Writes the symbols of words one after another, without what stands between them.</summary>
    /// <returns>Number of symbols written; at most the room that is there.</returns>
    public static int Encode(IReadOnlyList<string> words, int first, int count, Umlauts umlauts, Span<byte> target)
    {
        var length = 0;
        for (var w = first; w < first + count; w++)
        {
            length += Encode(words[w], umlauts, target[length..]);
        }

        return length;
    }

    /// <inheritdoc cref="Encode(IReadOnlyList{string}, int, int, Umlauts, Span{byte})"/>
    public static int Encode(ReadOnlySpan<char> word, Umlauts umlauts, Span<byte> target)
    {
        var length = 0;
        foreach (var c in word)
        {
            var (symbol, second) = Of(c, umlauts);
            if (umlauts == Umlauts.Drawn && length > 0 && Drawn(target[length - 1], symbol) is { } drawn)
            {
                target[length - 1] = drawn;
                continue;
            }

            if (length < target.Length)
            {
                target[length++] = symbol;
            }

            if (second != 0 && length < target.Length)
            {
                target[length++] = second;
            }
        }

        return length;
    }

    /// <summary>Every different way to write words, each way once.</summary>
    public static IEnumerable<byte[]> Spellings(IReadOnlyList<string> words)
    {
        var seen = new List<byte[]>(3);
        foreach (var umlauts in new[] { Umlauts.SpelledOut, Umlauts.AsWritten, Umlauts.Drawn })
        {
            var buffer = new byte[EditDistance.MaxSymbols];
            var key = buffer[..Encode(words, 0, words.Count, umlauts, buffer)];
            if (key.Length > 0 && !seen.Exists(s => s.AsSpan().SequenceEqual(key)))
            {
                seen.Add(key);
            }
        }

        return seen;
    }

    private static (byte First, byte Second) Of(char c, Umlauts umlauts) => (c, umlauts == Umlauts.SpelledOut) switch
    {
        ( >= 'a' and <= 'z', _) => ((byte)(c - 'a' + 1), 0),
        ( >= '0' and <= '9', _) => ((byte)(Digit0 + c - '0'), 0),
        ('ä', true) => (1, 5),
        ('ö', true) => (15, 5),
        ('ü', true) => (21, 5),
        ('ß', true) => (19, 19),
        ('ä', _) => (Ae, 0),
        ('ö', _) => (Oe, 0),
        ('ü', _) => (Ue, 0),
        ('ß', _) => (Sz, 0),
        _ => (Other, 0),
    };

    private static byte? Drawn(byte before, byte symbol) => (before, symbol) switch
    {
        (1, 5) => Ae,
        (15, 5) => Oe,
        (21, 5) => Ue,
        (19, 19) => Sz,
        _ => null,
    };

    /// <summary>Which symbols occur once and which more than once, a bit each; an edit changes at most one bit from 0 to 1 and one from 1 to 0.</summary>
    public static ulong Signature(ReadOnlySpan<byte> symbols)
    {
        ulong once = 0, twice = 0;
        foreach (var symbol in symbols)
        {
            var bit = 1UL << (symbol >= Digit0 ? 0 : symbol);
            twice |= once & bit;
            once |= bit;
        }

        return once | (twice << 32);
    }
}
