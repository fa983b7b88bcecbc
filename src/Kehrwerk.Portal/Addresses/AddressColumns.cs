using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses;

/// <summary>The columns of an <see cref="AddressBook"/> while it is built.</summary>
internal sealed class AddressColumns
{
    private const double PerDegree = 1e7;

    public required string[] StreetName { get; init; }
    public required string[] StreetKey { get; init; }
    public required int[] StreetPlace { get; init; }
    public required int[] FirstAddress { get; init; }
    public required int[] StreetLat { get; init; }
    public required int[] StreetLon { get; init; }
    public required int[] Street { get; init; }
    public required int[] Label { get; init; }
    public required int[] Lat { get; init; }
    public required int[] Lon { get; init; }
    public required ushort[] Postcode { get; init; }
    public required ushort[] District { get; init; }
    public required int[] Row { get; init; }
    public required string[] Labels { get; init; }
    public required string[] Places { get; init; }
    public required string[] Postcodes { get; init; }
    public required string[] Districts { get; init; }

    private readonly record struct Draft(int Label, int Lat, int Lon, ushort Postcode, ushort District, int Row);

    private sealed class DraftStreet(string name, string key, int place)
    {
        public string Name => name;
        public string Key => key;
        public int Place => place;
        public (int Lat, int Lon)? Point { get; set; }
        public List<Draft> Houses { get; } = [];
    }

    private sealed class Words
    {
        private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal) { [""] = 0 };

        public int Id(string word)
        {
            if (!ids.TryGetValue(word, out var id))
            {
                ids.Add(word, id = ids.Count);
            }

            return id;
        }

        // A list with more than 65,535 postcodes or districts is none of a city; the rest of them is not told.
        public ushort Small(string word) => Id(word) is <= ushort.MaxValue and var id ? (ushort)id : (ushort)0;

        public string[] All() => [.. ids.OrderBy(w => w.Value).Select(w => w.Key)];
    }

    public static AddressColumns Of(IEnumerable<AddressEntry> entries, string defaultPlace)
    {
        var (labels, places, postcodes, districts) = (new Words(), new Words(), new Words(), new Words());
        var streets = new Dictionary<(string Name, string Key, int Place), DraftStreet>();
        foreach (var entry in entries)
        {
            var place = places.Id(entry.Place.Length > 0 ? entry.Place : defaultPlace);
            if (!streets.TryGetValue((entry.Street, entry.StreetKey, place), out var street))
            {
                streets.Add((entry.Street, entry.StreetKey, place), street = new(entry.Street, entry.StreetKey, place));
            }

            var (lat, lon) = ((int)Math.Round(entry.Position.Lat * PerDegree), (int)Math.Round(entry.Position.Lon * PerDegree));
            if (entry.HouseNumber.Length == 0)
            {
                street.Point ??= (lat, lon);
            }
            else
            {
                street.Houses.Add(new(labels.Id(entry.HouseNumber), lat, lon, postcodes.Small(entry.Postcode), districts.Small(entry.District), entry.Row));
            }
        }

        var placeNames = places.All();
        var ordered = streets.Values
            .OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => placeNames[s.Place], StringComparer.Ordinal).ThenBy(s => s.Key, StringComparer.Ordinal).ToArray();
        return Filled(ordered, labels.All(), placeNames, postcodes.All(), districts.All());
    }

    private static AddressColumns Filled(DraftStreet[] streets, string[] labels, string[] places, string[] postcodes, string[] districts)
    {
        var count = streets.Sum(s => s.Houses.Count);
        var columns = new AddressColumns
        {
            StreetName = [.. streets.Select(s => s.Name)],
            StreetKey = [.. streets.Select(s => s.Key)],
            StreetPlace = [.. streets.Select(s => s.Place)],
            FirstAddress = new int[streets.Length + 1],
            StreetLat = new int[streets.Length],
            StreetLon = new int[streets.Length],
            Street = new int[count],
            Label = new int[count],
            Lat = new int[count],
            Lon = new int[count],
            Postcode = new ushort[count],
            District = new ushort[count],
            Row = new int[count],
            Labels = labels,
            Places = places,
            Postcodes = postcodes,
            Districts = districts,
        };
        var numbers = labels.Select(HouseNumber.Parse).ToArray();
        var a = 0;
        for (var s = 0; s < streets.Length; s++)
        {
            // By number, then suffix, then as written; a number that cannot be read stands first.
            streets[s].Houses.Sort((x, y) =>
                numbers[x.Label].From != numbers[y.Label].From ? numbers[x.Label].From.CompareTo(numbers[y.Label].From)
                : numbers[x.Label].Suffix != numbers[y.Label].Suffix ? numbers[x.Label].Suffix.CompareTo(numbers[y.Label].Suffix)
                : x.Label != y.Label ? string.CompareOrdinal(labels[x.Label], labels[y.Label])
                : x.Row.CompareTo(y.Row));
            foreach (var house in streets[s].Houses)
            {
                (columns.Street[a], columns.Label[a], columns.Lat[a], columns.Lon[a]) = (s, house.Label, house.Lat, house.Lon);
                (columns.Postcode[a], columns.District[a], columns.Row[a]) = (house.Postcode, house.District, house.Row);
                a++;
            }

            columns.FirstAddress[s + 1] = a;
            (columns.StreetLat[s], columns.StreetLon[s]) = streets[s].Point ?? Middle(streets[s].Houses);
        }

        return columns;
    }

    private static (int Lat, int Lon) Middle(List<Draft> houses)
    {
        var (lat, lon) = (houses.Average(h => (double)h.Lat), houses.Average(h => (double)h.Lon));
        var nearest = houses.MinBy(h => Math.Pow(h.Lat - lat, 2) + Math.Pow((h.Lon - lon) * 0.6, 2));
        return (nearest.Lat, nearest.Lon);
    }
}
