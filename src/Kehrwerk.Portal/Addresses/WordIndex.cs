namespace Kehrwerk.Portal.Addresses;

/// <summary>Streets by the words of their names: for words that are swapped, left out or only begun. Immutable.</summary>
internal sealed class WordIndex
{
    private const double Begun = 0.15;
    private const double WordMissing = 0.55;
    private const double SmallWordMissing = 0.2;
    private const double ByWords = 0.2;
    private const int MaxWordsEach = 60;
    private const int MaxLooks = 30_000;

    private readonly KeyTable words;
    private readonly Postings streetsOf;
    private readonly byte[] bigWords;
    private readonly byte[] smallWords;
    private readonly bool[] isSmall;

    public WordIndex(AddressBook book)
    {
        var keys = new List<byte[]>();
        var owners = new List<int>();
        var small = new List<bool>();
        bigWords = new byte[book.StreetCount];
        smallWords = new byte[book.StreetCount];
        for (var s = 0; s < book.StreetCount; s++)
        {
            foreach (var word in Split(GermanText.Words(book.StreetName(s))).Select(w => w.Word).Distinct())
            {
                (GermanText.IsSmall(word) ? smallWords : bigWords)[s]++;
                foreach (var key in Symbols.Spellings([word]))
                {
                    keys.Add(key);
                    owners.Add(s);
                    small.Add(GermanText.IsSmall(word));
                }
            }
        }

        (words, var numbers) = KeyTable.Of(keys);
        streetsOf = new(words.Count, [.. numbers.Zip(owners)]);
        isSmall = new bool[words.Count];
        foreach (var (number, wordIsSmall) in numbers.Zip(small))
        {
            isSmall[number] |= wordIsSmall;
        }
    }

    public long Bytes => words.Bytes + streetsOf.Bytes + (2L * bigWords.Length) + isSmall.Length;

    /// <summary>Compounds are cut before the kind of street: <c>nordstraße</c> is <c>nord</c> and <c>straße</c>; the first of them is whole then, not begun.</summary>
    private static IEnumerable<(string Word, bool IsWhole)> Split(IEnumerable<string> canonical)
    {
        foreach (var word in canonical)
        {
            if (GermanText.StemOf(word) is { } stem)
            {
                yield return (stem, true);
                yield return ("straße", false);
            }
            else
            {
                yield return (word, false);
            }
        }
    }

    /// <summary>Adds streets whose names hold the typed words in any order, with what the differences cost.</summary>
    public void Match(IReadOnlyList<string> typed, int first, int count, EditDistance distance, List<(int Street, double Cost)> found)
    {
        var asked = Split(typed.Skip(first).Take(count)).Distinct().Take(16).ToArray();
        var big = asked.Count(w => !GermanText.IsSmall(w.Word));
        if (big == 0)
        {
            return;
        }

        var sums = new Dictionary<int, (int Mask, int Big, int Small, double Cost)>();
        var looks = 0;
        var near = new List<(int Word, double Cost)>();
        for (var w = 0; w < asked.Length; w++)
        {
            near.Clear();
            Near(asked[w].Word, asked[w].IsWhole, distance, near);
            foreach (var (word, cost) in near.OrderBy(n => n.Cost).Take(MaxWordsEach))
            {
                // Small words come with the streets that the others found: half a town has "Straße".
                var matchesSmall = isSmall[word];
                foreach (var street in streetsOf[word])
                {
                    if (++looks > MaxLooks)
                    {
                        break;
                    }

                    if (sums.TryGetValue(street, out var sum))
                    {
                        if ((sum.Mask & (1 << w)) == 0)
                        {
                            sums[street] = (sum.Mask | (1 << w), sum.Big + (matchesSmall ? 0 : 1), sum.Small + (matchesSmall ? 1 : 0), sum.Cost + cost);
                        }
                    }
                    else if (!matchesSmall && !GermanText.IsSmall(asked[w].Word))
                    {
                        sums.Add(street, (1 << w, 1, 0, cost));
                    }
                }
            }
        }

        foreach (var (street, sum) in sums)
        {
            var tooMuch = Enumerable.Range(0, asked.Length).Where(w => (sum.Mask & (1 << w)) == 0).ToArray();
            if (tooMuch.Length <= 1 && sum.Big * 2 >= big)
            {
                found.Add((street, ByWords + sum.Cost + tooMuch.Sum(w => AddressQuery.CostOfLost(asked[w].Word))
                    + (Math.Max(0, bigWords[street] - sum.Big) * WordMissing) + (Math.Max(0, smallWords[street] - sum.Small) * SmallWordMissing)));
            }
        }
    }

    private void Near(string word, bool isWhole, EditDistance distance, List<(int Word, double Cost)> near)
    {
        Span<byte> buffer = stackalloc byte[EditDistance.MaxSymbols];
        var length = Symbols.Encode(word, Umlauts.SpelledOut, buffer);
        if (length == 0)
        {
            return;
        }

        if (words.Find(buffer[..length]) is >= 0 and var exact)
        {
            near.Add((exact, 0));
        }

        if (length >= 2 && !isWhole)
        {
            foreach (var key in words.BeginningWith(buffer[..length]))
            {
                near.Add((key, Begun + Math.Min(0.2, 0.02 * (words[key].Length - length))));
            }
        }

        var edits = length < 4 ? 0 : length < 8 ? 1 : 2;
        if (edits > 0)
        {
            distance.Set(buffer[..Symbols.Encode(word, Umlauts.AsWritten, buffer)]);
            var scanned = new List<KeyTable.Near>();
            words.Scan(distance, edits, 0, scanned);
            near.AddRange(scanned.Where(s => s.Whole > 0).Select(s => (s.Key, distance.Weighed(words[s.Key]).Whole)));
        }
    }
}
