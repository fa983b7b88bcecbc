namespace Kehrwerk.Portal.Addresses;

/// <summary>Things by their key: for each key of a <see cref="KeyTable"/> the ids that have it, in one flat array.</summary>
internal sealed class Postings
{
    private readonly int[] first;
    private readonly int[] ids;

    /// <param name="pairs">Key and id.</param>
    public Postings(int keys, IReadOnlyCollection<(int Key, int Id)> pairs)
    {
        first = new int[keys + 1];
        ids = new int[pairs.Count];
        foreach (var (key, _) in pairs)
        {
            first[key + 1]++;
        }

        for (var k = 1; k < first.Length; k++)
        {
            first[k] += first[k - 1];
        }

        var next = first[..^1];
        foreach (var (key, id) in pairs)
        {
            ids[next[key]++] = id;
        }
    }

    public ReadOnlySpan<int> this[int key] => ids.AsSpan(first[key], first[key + 1] - first[key]);

    public long Bytes => 4L * (first.Length + ids.Length);
}

/// <summary>Streets by their whole name, with every way in which <c>Straße</c> is written. Immutable.</summary>
internal sealed class NameIndex
{
    public NameIndex(AddressBook book)
    {
        var keys = new List<byte[]>();
        var streets = new List<int>();
        for (var s = 0; s < book.StreetCount; s++)
        {
            // With Straße also as it is abbreviated, so that an error in "Str." is one error and not four; numerals also as the list writes them.
            var words = GermanText.Words(book.StreetName(s));
            var written = GermanText.WordsAsWritten(book.StreetName(s));
            foreach (var key in new[] { words, written, Brief(words), Brief(written) }.SelectMany(Symbols.Spellings).DistinctBy(Convert.ToHexString))
            {
                keys.Add(key);
                streets.Add(s);
            }
        }

        (Keys, var numbers) = KeyTable.Of(keys);
        Streets = new(Keys.Count, [.. numbers.Zip(streets)]);

        static List<string> Brief(List<string> words) => words.ConvertAll(w => w.EndsWith("straße", StringComparison.Ordinal) ? w[..^3] : w);
    }

    public KeyTable Keys { get; }

    /// <summary>Streets of each key.</summary>
    public Postings Streets { get; }

    public long Bytes => Keys.Bytes + Streets.Bytes;

    private static readonly byte[][] KindEndings =
        [.. new[] { "straße", "str", "weg", "platz", "allee", "ring", "gasse", "ufer", "pfad", "damm", "hof" }.SelectMany(ending => Symbols.Spellings([ending]))];

    /// <summary>Whether what is still missing of a name is no more than the kind of street.</summary>
    public static bool IsKindEnding(ReadOnlySpan<byte> missing)
    {
        foreach (var ending in KindEndings)
        {
            if (missing.SequenceEqual(ending))
            {
                return true;
            }
        }

        return false;
    }
}
