namespace Kehrwerk.Portal.Addresses;

/// <summary>Words of the towns and districts of a book. Immutable.</summary>
internal sealed class PlaceWords
{
    private const int LeastBegun = 3;
    private const int LeastForErrors = 5;

    private readonly KeyTable keys;
    private readonly Postings ids;
    private readonly int districtsFrom;

    public PlaceWords(AddressBook book)
    {
        districtsFrom = book.Places.Count;
        var words = new List<byte[]>();
        var owners = new List<int>();
        foreach (var (id, name) in book.Places.Concat(book.Districts).Index())
        {
            foreach (var word in GermanText.Words(name))
            {
                foreach (var key in Symbols.Spellings([word]))
                {
                    words.Add(key);
                    owners.Add(id);
                }
            }
        }

        (keys, var numbers) = KeyTable.Of(words);
        ids = new(keys.Count, [.. numbers.Zip(owners)]);
    }

    /// <summary>For each word of a query the towns and districts that it names, begins, or names with one typing error.</summary>
    public Explanation Explained(AddressQuery query)
    {
        var places = new HashSet<(int Word, int Id)>();
        var distance = new EditDistance();
        var near = new List<KeyTable.Near>();
        Span<byte> buffer = stackalloc byte[EditDistance.MaxSymbols];
        for (var w = 0; w < query.Words.Length; w++)
        {
            var symbols = buffer[..Symbols.Encode(query.Words[w], Umlauts.SpelledOut, buffer)];
            if (symbols.Length >= LeastBegun)
            {
                foreach (var key in keys.BeginningWith(symbols))
                {
                    Add(w, key);
                }
            }
            else if (keys.Find(symbols) is >= 0 and var key)
            {
                Add(w, key);
            }

            if (symbols.Length >= LeastForErrors)
            {
                near.Clear();
                distance.Set(buffer[..Symbols.Encode(query.Words[w], Umlauts.AsWritten, buffer)]);
                keys.Scan(distance, 1, 0, near);
                foreach (var found in near)
                {
                    Add(w, found.Key);
                }
            }
        }

        return new(places, districtsFrom);

        void Add(int word, int key)
        {
            foreach (var id in ids[key])
            {
                places.Add((word, id));
            }
        }
    }

    /// <summary>Which word names which town or district.</summary>
    public sealed class Explanation(HashSet<(int Word, int Id)> places, int districtsFrom)
    {
        private readonly HashSet<int> words = [.. places.Select(p => p.Word)];

        public bool IsAnyPlace(int word) => words.Contains(word);

        public bool IsPlace(int word, int place) => places.Count > 0 && places.Contains((word, place));

        public bool IsDistrict(int word, int district) => places.Count > 0 && places.Contains((word, districtsFrom + district));
    }
}
