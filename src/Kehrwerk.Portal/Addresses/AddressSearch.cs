using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Kehrwerk.Portal.Addresses;

/// <summary>
/// Finds streets and addresses of a book by what people type. Three looks, each only where the one before found nothing good: names as they are
/// typed or begun; names with typing errors; names by their words in any order. Every reading of the text is judged by one sum of costs, whose
/// unit is a typing error (docs/reference/address-search.md). Thread-safe.
/// </summary>
public sealed class AddressSearch
{
    // Searching goes on with a wider look while the best answer costs more than this.
    private const double GoodEnough = 0.3;
    private const double GoodEnoughForWords = 1.05;
    private const int MaxScans = 5;
    private const int MaxCompletions = 400;
    private const int MaxSiblings = 5;
    private const double OfSibling = 0.3;
    private const int MaxBegun = 6;
    private const double OfBegun = 0.5;

    private const double Tie = 0.05;
    private const double TieOfGuesses = 0.25;

    private readonly AddressBook book;
    private readonly NameIndex names;
    private readonly WordIndex words;
    private readonly PlaceWords places;
    private readonly ConcurrentBag<SearchRun> runs = [];

    internal AddressSearch(AddressBook book)
    {
        this.book = book;
        names = new(book);
        words = new(book);
        places = new(book);
    }

    internal long Bytes => names.Bytes + words.Bytes;

    /// <summary>The best answers to any text. Ends in bounded time, whatever the text.</summary>
    public SearchAnswer Find(string text, SearchOptions? options = null)
    {
        options ??= SearchOptions.Default;
        var query = AddressQuery.Parse(text);
        if (query.Words.IsEmpty || book.StreetCount == 0)
        {
            return SearchAnswer.Nothing;
        }

        var run = runs.TryTake(out var free) ? free : new SearchRun(book);
        try
        {
            run.Begin(query, places.Explained(query), options);
            // A reading that has lost more words than the best answer costs can be left out: no name could make up for it.
            foreach (var reading in query.Readings)
            {
                if (run.LeastLost(reading) < run.Best)
                {
                    LookUp(run, reading);
                }
            }

            if (run.Best > GoodEnough)
            {
                run.LookAnew();
                // The likeliest readings, with words that name a place of the book taken out first.
                var scanned = query.Readings.OrderBy(run.LeastLost).ThenByDescending(r => r.Count).Take(MaxScans).ToArray();
                foreach (var reading in scanned)
                {
                    if (run.LeastLost(reading) < run.Best)
                    {
                        Scan(run, reading);
                    }
                }

                if (run.Best > GoodEnoughForWords)
                {
                    foreach (var reading in scanned)
                    {
                        if (run.LeastLost(reading) < run.Best)
                        {
                            MatchWords(run, reading);
                        }
                    }
                }
            }

            return Answer(run.Ranked(), query, options);
        }
        finally
        {
            runs.Add(run);
        }
    }

    private void LookUp(SearchRun run, AddressQuery.Reading reading)
    {
        Span<byte> symbols = stackalloc byte[EditDistance.MaxSymbols];
        symbols = symbols[..Symbols.Encode(run.Words, reading.First, reading.Count, Umlauts.SpelledOut, symbols)];
        if (symbols.IsEmpty)
        {
            return;
        }

        var key = names.Keys.Find(symbols);
        if (key >= 0)
        {
            run.Take(names.Streets[key], reading, 0, Spelling.AsTyped);
        }

        var begun = names.Keys.BeginningWith(symbols);
        if (begun.Length > MaxCompletions)
        {
            run.TakeLargest(begun, names, symbols.Length, reading);
            return;
        }

        foreach (var longer in begun)
        {
            if (longer != key)
            {
                run.Take(names.Streets[longer], reading, SearchRun.CompletionCost(names.Keys[longer][symbols.Length..]), Spelling.Completed);
            }
        }
    }

    private void Scan(SearchRun run, AddressQuery.Reading reading)
    {
        Span<byte> symbols = stackalloc byte[EditDistance.MaxSymbols];
        symbols = symbols[..Symbols.Encode(run.WordsAsTyped, reading.First, reading.Count, Umlauts.AsWritten, symbols)];
        var edits = MostEdits(run.WordsAsTyped[reading.First + reading.Count - 1], symbols.Length);
        if (edits == 0)
        {
            return;
        }

        run.Distance.Set(symbols);
        run.Scanned.Clear();
        var editsOfBeginning = symbols.Length < 4 ? 0 : symbols.Length < 7 ? 1 : 2;
        names.Keys.Scan(run.Distance, edits, editsOfBeginning, run.Scanned);
        foreach (var (key, whole, beginning) in run.Scanned)
        {
            // What begins so without an error has been looked up already.
            if (beginning == 0 && whole > edits)
            {
                continue;
            }

            var name = names.Keys[key];
            var (weighedWhole, weighedBeginning) = run.Distance.Weighed(name);
            var begunCost = beginning > editsOfBeginning ? double.MaxValue : weighedBeginning + SearchRun.BegunCost(name, symbols.Length);
            var cost = Math.Min(whole > edits ? double.MaxValue : weighedWhole, begunCost);
            run.Take(names.Streets[key], reading, cost, whole == 0 ? Spelling.AsTyped : Spelling.Corrected);
        }
    }

    // Two fifths of the name, three at most; of "Straße", which many names share, only three letters count, so that Haupt is not taken for Haydn.
    private static int MostEdits(string lastWord, int symbols) =>
        Math.Min(3, (symbols - (lastWord.EndsWith("straße", StringComparison.Ordinal) ? 3 : 0)) * 2 / 5);

    private void MatchWords(SearchRun run, AddressQuery.Reading reading)
    {
        run.ByWords.Clear();
        words.Match(run.Words, reading.First, reading.Count, run.Distance, run.ByWords);
        foreach (var (street, cost) in run.ByWords)
        {
            run.Take([street], reading, cost, cost < 1 ? Spelling.Completed : Spelling.Corrected);
        }
    }

    private SearchAnswer Answer(List<SearchHit> ranked, AddressQuery query, SearchOptions options)
    {
        var hits = new List<SearchHit>();
        foreach (var hit in ranked)
        {
            hits.Add(hit);
            if (hit.Address >= 0)
            {
                hits.AddRange(HouseFinder.Twins(book, hit.Address, query.Postcode).Take(options.Limit).Select(twin => hit with { Address = twin }));
            }

            if (hit == ranked[0] && query.LastNumber is { } typed)
            {
                hits.AddRange(HouseFinder.Begun(book, hit.Street, typed).Where(a => hit.Address < 0 || book.Label(a) != book.Label(hit.Address)).Take(MaxBegun)
                    .Select(other => hit with { Address = other, Match = AddressMatch.Begun, Cost = hit.Cost + OfBegun }));
            }
            else if (hit == ranked[0] && hit.Match is AddressMatch.WithoutSuffix or AddressMatch.OtherSuffix)
            {
                hits.AddRange(HouseFinder.Siblings(book, hit.Address).Take(MaxSiblings)
                    .Select(other => hit with { Address = other, Match = AddressMatch.OtherSuffix, Cost = hit.Cost + OfSibling }));
            }
        }

        var best = hits.OrderBy(h => h.Cost).Take(Math.Clamp(options.Limit, 1, SearchOptions.MaxLimit)).ToImmutableArray();
        return new(best, IsAmbiguous(best));
    }

    private static bool IsAmbiguous(ImmutableArray<SearchHit> hits) =>
        hits.Length > 1 && hits[1].Cost - hits[0].Cost < (hits[0].Spelling == Spelling.AsTyped ? Tie : TieOfGuesses);
}
