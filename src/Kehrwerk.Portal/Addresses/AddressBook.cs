using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses;

/// <summary>An address of a list.</summary>
/// <param name="StreetKey">The list's own key of the street, which tells two streets of one name apart; or empty.</param>
/// <param name="HouseNumber">As the list writes it; empty for a point that stands for the street.</param>
/// <param name="Place">Town, or empty.</param>
/// <param name="District">Part of the town, or empty.</param>
/// <param name="Row">Where it stands in its list: index in <see cref="City.Addresses"/>, or line of a file.</param>
public readonly record struct AddressEntry(string Street, string StreetKey, string HouseNumber, string Postcode, string Place, string District, GeoPoint Position, int Row);

/// <summary>
/// Every address of a city in flat arrays: streets in the order of their names, the addresses of a street one after another in the order of their
/// numbers. Built once, immutable, safe to read from many threads.
/// </summary>
public sealed class AddressBook
{
    private const double PerDegree = 1e7;

    private readonly string[] streetName;
    private readonly string[] streetKey;
    private readonly int[] streetPlace;
    // Addresses of street s: firstAddress[s]..firstAddress[s + 1].
    private readonly int[] firstAddress;
    private readonly int[] streetLat;
    private readonly int[] streetLon;

    private readonly int[] street;
    private readonly int[] label;
    private readonly int[] lat;
    private readonly int[] lon;
    private readonly ushort[] postcode;
    private readonly ushort[] district;
    private readonly int[] row;

    private readonly string[] labels;
    private readonly HouseNumber[] labelNumber;
    private readonly string[] places;
    private readonly string[] postcodes;
    private readonly string[] districts;
    private readonly AddressGrid grid;

    internal AddressBook(AddressColumns columns)
    {
        streetName = columns.StreetName;
        streetKey = columns.StreetKey;
        streetPlace = columns.StreetPlace;
        firstAddress = columns.FirstAddress;
        streetLat = columns.StreetLat;
        streetLon = columns.StreetLon;
        street = columns.Street;
        label = columns.Label;
        lat = columns.Lat;
        lon = columns.Lon;
        postcode = columns.Postcode;
        district = columns.District;
        row = columns.Row;
        labels = columns.Labels;
        labelNumber = [.. labels.Select(HouseNumber.Parse)];
        places = columns.Places;
        postcodes = columns.Postcodes;
        districts = columns.Districts;
        grid = new(lat, lon);
        Search = new(this);
    }

    /// <summary>Finds addresses by what people type.</summary>
    public AddressSearch Search { get; }

    public int StreetCount => streetName.Length;
    public int Count => street.Length;

    /// <summary>Whether the list says postcodes at all.</summary>
    public bool HasPostcodes => postcodes.Length > 1;

    /// <summary>Bytes of the columns and every index; strings counted at two bytes a character and 24 more each.</summary>
    public long Bytes =>
        (24L * Count) + (20L * StreetCount) + 4 + grid.Bytes + Search.Bytes
        + Text(streetName) + Text(streetKey) + Text(labels) + (24L * labels.Length) + Text(places) + Text(postcodes) + Text(districts);

    /// <summary>Builds a book; entries of one street may come in any order.</summary>
    /// <param name="defaultPlace">The town where an entry says none.</param>
    public static AddressBook Of(IEnumerable<AddressEntry> entries, string defaultPlace) => new(AddressColumns.Of(entries, defaultPlace));

    public string StreetName(int streetId) => streetName[streetId];

    /// <summary>The list's own key of the street, or empty.</summary>
    public string StreetKey(int streetId) => streetKey[streetId];

    /// <summary>Town of the street; empty where nothing is known.</summary>
    public string Place(int streetId) => places[streetPlace[streetId]];

    /// <summary>The street's addresses, in the order of their numbers.</summary>
    public (int First, int Count) AddressesOf(int streetId) => (firstAddress[streetId], firstAddress[streetId + 1] - firstAddress[streetId]);

    /// <summary>The list's own point for the street, else its address nearest to the middle of all.</summary>
    public GeoPoint StreetPosition(int streetId) => new(streetLat[streetId] / PerDegree, streetLon[streetId] / PerDegree);

    public int StreetOf(int address) => street[address];

    /// <summary>House number as the list writes it, such as <c>12a</c>.</summary>
    public string Label(int address) => labels[label[address]];

    /// <summary>House number for comparing; none where the list's cannot be read as one.</summary>
    public HouseNumber NumberOf(int address) => labelNumber[label[address]];

    /// <summary>To 1e-7 of a degree, about a centimetre.</summary>
    public GeoPoint Position(int address) => new(lat[address] / PerDegree, lon[address] / PerDegree);

    /// <summary>Postcode, or empty.</summary>
    public string Postcode(int address) => postcodes[postcode[address]];

    /// <summary>Part of the town, or empty.</summary>
    public string District(int address) => districts[district[address]];

    /// <summary>Where the address stands in its list.</summary>
    public int Row(int address) => row[address];

    /// <summary>The nearest addresses, nearest first.</summary>
    /// <param name="maxM">None farther away than this, metres.</param>
    public IReadOnlyList<(int Address, double DistanceM)> Nearest(GeoPoint point, int count, double maxM) => grid.Nearest(point, count, maxM);

    internal IReadOnlyList<string> Places => places;
    internal IReadOnlyList<string> Districts => districts;
    internal int PlaceId(int streetId) => streetPlace[streetId];
    internal int DistrictId(int address) => district[address];

    private static long Text(string[] texts) => texts.Sum(t => 32L + (2 * t.Length));
}
