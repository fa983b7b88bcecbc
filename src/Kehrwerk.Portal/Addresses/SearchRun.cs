using System.Collections.Immutable;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses;

/// <summary>The candidates of one search, and the memory that searches share one after another. Not thread-safe.</summary>
internal sealed class SearchRun(AddressBook book)
{
    private const double OnlyKindMissing = 0.2;
    private const double Begun = 0.4;
    private const double PerLetterMissing = 0.01;
    private const double MostLettersMissing = 0.2;
    private const double OtherPostcode = 0.5;
    private const double FarAway = 0.2;
    private const double FarKm = 5;
    private const int MaxCandidates = 4_000;

    private readonly record struct Candidate(AddressQuery.Reading Reading, int Address, AddressMatch Match, Spelling Spelling, double Cost);

    private readonly Dictionary<int, Candidate> best = [];
    private AddressQuery query = AddressQuery.Parse("");
    private PlaceWords.Explanation places = new([], 0);
    private SearchOptions options = SearchOptions.Default;
    private int looks;

    public EditDistance Distance { get; } = new();
    public List<KeyTable.Near> Scanned { get; } = [];
    public List<(int Street, double Cost)> ByWords { get; } = [];
    public ImmutableArray<string> Words => query.Words;
    public ImmutableArray<string> WordsAsTyped => query.WordsAsTyped;

    /// <summary>Cost of the best candidate so far.</summary>
    public double Best { get; private set; }

    public void Begin(AddressQuery asked, PlaceWords.Explanation explained, SearchOptions how)
    {
        (query, places, options) = (asked, explained, how);
        best.Clear();
        looks = 0;
        Best = double.MaxValue;
    }

    /// <summary>Gives the next way of looking as many candidates to judge as the first had.</summary>
    public void LookAnew() => looks = 0;

    /// <summary>What the words outside a reading's street cost where they name the right place.</summary>
    public double LeastLost(AddressQuery.Reading reading) => reading.Lost.Sum(l => places.IsAnyPlace(l.Word) ? 0 : l.Cost);

    /// <summary>What it costs that only the beginning of a name was typed.</summary>
    public static double CompletionCost(ReadOnlySpan<byte> missing) =>
        NameIndex.IsKindEnding(missing) ? OnlyKindMissing : Begun + Math.Min(MostLettersMissing, PerLetterMissing * missing.Length);

    /// <summary>The same where the beginning has typing errors, so that nobody knows where it ends.</summary>
    public static double BegunCost(ReadOnlySpan<byte> name, int typed)
    {
        for (var end = Math.Max(1, typed - 2); end <= Math.Min(name.Length - 1, typed + 2); end++)
        {
            if (NameIndex.IsKindEnding(name[end..]))
            {
                return OnlyKindMissing;
            }
        }

        return Begun + Math.Min(MostLettersMissing, PerLetterMissing * Math.Max(0, name.Length - typed));
    }

    public void Take(ReadOnlySpan<int> streets, AddressQuery.Reading reading, double nameCost, Spelling spelling)
    {
        foreach (var street in streets)
        {
            if (++looks > MaxCandidates)
            {
                return;
            }

            Take(street, reading, nameCost, spelling);
        }
    }

    /// <summary>Of the many names that begin so, the streets with the most addresses.</summary>
    public void TakeLargest(ReadOnlySpan<int> keys, NameIndex names, int typed, AddressQuery.Reading reading)
    {
        var largest = new PriorityQueue<int, int>();
        foreach (var key in keys)
        {
            foreach (var street in names.Streets[key])
            {
                largest.Enqueue(street, book.AddressesOf(street).Count);
                if (largest.Count > SearchOptions.MaxLimit)
                {
                    largest.Dequeue();
                }
            }
        }

        while (largest.TryDequeue(out var street, out _))
        {
            Take(street, reading, Begun + (PerLetterMissing * Math.Max(0, book.StreetName(street).Length - typed)), Spelling.Completed);
        }
    }

    private void Take(int street, AddressQuery.Reading reading, double nameCost, Spelling spelling)
    {
        if (best.TryGetValue(street, out var known) && nameCost >= known.Cost)
        {
            return;
        }

        var (address, match) = HouseFinder.Find(book, street, reading.Number, query.Postcode);
        // Rounded, so that sums of the same costs in another order are a tie.
        var cost = Math.Round(nameCost + HouseFinder.CostOf(match, !reading.Number.IsNone) + PlaceCost(street, address, reading) + BiasCost(street, address), 6);
        if (cost < (known.Reading is null ? double.MaxValue : known.Cost))
        {
            best[street] = new(reading, address, match, spelling, cost);
            Best = Math.Min(Best, cost);
        }
    }

    private double PlaceCost(int street, int address, AddressQuery.Reading reading)
    {
        var cost = 0.0;
        foreach (var (word, lost) in reading.Lost)
        {
            cost += Names(word, street, address) ? 0 : lost;
        }

        return cost + (query.Postcode is not null && book.HasPostcodes && !HasPostcode(street, address) ? OtherPostcode : 0);
    }

    private bool Names(int word, int street, int address)
    {
        if (places.IsPlace(word, book.PlaceId(street)))
        {
            return true;
        }

        var (first, count) = address >= 0 ? (address, 1) : book.AddressesOf(street);
        for (var a = first; a < first + count; a++)
        {
            if (places.IsDistrict(word, book.DistrictId(a)))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasPostcode(int street, int address)
    {
        var (first, count) = address >= 0 ? (address, 1) : book.AddressesOf(street);
        for (var a = first; a < first + count; a++)
        {
            if (book.Postcode(a) == query.Postcode)
            {
                return true;
            }
        }

        return false;
    }

    private double BiasCost(int street, int address)
    {
        if (options.Near is not { } near)
        {
            return 0;
        }

        var place = address >= 0 ? book.Position(address) : book.StreetPosition(street);
        var km = 111.2 * Math.Sqrt(Math.Pow(place.Lat - near.Lat, 2) + Math.Pow((place.Lon - near.Lon) * Math.Cos(near.Lat * Math.PI / 180), 2));
        return FarAway * km / (km + FarKm);
    }

    /// <summary>The candidates, best first; of equal ones the larger street, then the earlier name.</summary>
    public List<SearchHit> Ranked()
    {
        // Nothing that costs much more than the best is an answer to the same question.
        var limit = Best + 2.5;
        return [.. best
            .Where(c => c.Value.Cost <= limit)
            .OrderBy(c => c.Value.Cost).ThenByDescending(c => book.AddressesOf(c.Key).Count).ThenBy(c => c.Key)
            .Take(options.Limit)
            .Select(c => new SearchHit(c.Key, c.Value.Address, c.Value.Match, c.Value.Spelling, Ignored(c.Key, c.Value), c.Value.Cost))];
    }

    private ImmutableArray<string> Ignored(int street, Candidate candidate)
    {
        var ignored = ImmutableArray.CreateBuilder<string>();
        foreach (var (word, _) in candidate.Reading.Lost)
        {
            if (!Names(word, street, candidate.Address))
            {
                ignored.Add(query.Words[word]);
            }
        }

        if (query.Postcode is { } postcode && !HasPostcode(street, candidate.Address))
        {
            ignored.Add(postcode);
        }

        return ignored.ToImmutable();
    }
}
