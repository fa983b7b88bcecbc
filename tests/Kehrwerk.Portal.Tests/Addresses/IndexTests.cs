using CsCheck;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Tests.Addresses;

/// <summary>The fast parts against plain ones.</summary>
public sealed class IndexTests
{
    private static readonly Gen<byte[]> Key = Gen.Byte[1, 5].Array[1, 12];

    [Fact]
    public void The_bit_parallel_distance_is_that_of_the_plain_table() =>
        Gen.Select(Key, Key).Sample(
            (typed, name) =>
            {
                var distance = new EditDistance();
                distance.Set(typed);
                var (whole, beginning) = distance.To(name);
                var least = Enumerable.Range(0, name.Length + 1).Min(end => Plain(typed, name[..end]));
                return whole == Plain(typed, name) && beginning == least;
            },
            iter: 3_000);

    [Fact]
    public void The_weighed_distance_is_nothing_only_for_the_same_name_and_never_above_the_plain_one() =>
        Gen.Select(Key, Key).Sample(
            (typed, name) =>
            {
                var distance = new EditDistance();
                distance.Set(typed);
                var (whole, beginning) = distance.Weighed(name);
                return (whole == 0) == typed.SequenceEqual(name) && whole <= Plain(typed, name) && beginning <= whole;
            },
            iter: 3_000);

    [Fact]
    public void A_scan_finds_what_a_plain_pass_over_all_names_finds() =>
        Gen.Select(Key.Array[1, 60], Key, Gen.Int[0, 3], Gen.Int[0, 2]).Sample(
            (keys, typed, maxWhole, maxBeginning) =>
            {
                var (table, numbers) = KeyTable.Of(keys);
                var distance = new EditDistance();
                distance.Set(typed);
                var found = new List<KeyTable.Near>();
                table.Scan(distance, maxWhole, maxBeginning, found);
                var expected = Enumerable.Range(0, table.Count).Where(k =>
                {
                    var (whole, beginning) = distance.To(table[k]);
                    return whole <= maxWhole || (maxBeginning > 0 && beginning <= maxBeginning);
                });
                return found.Select(f => f.Key).Order().SequenceEqual(expected)
                    && keys.Index().All(k => table[numbers[k.Index]].SequenceEqual(k.Item) && table.Find(k.Item) == numbers[k.Index])
                    && table.BeginningWith(typed).ToArray().Order().SequenceEqual(Enumerable.Range(0, table.Count).Where(k => table[k].StartsWith(typed)));
            },
            iter: 1_000);

    [Fact]
    public void The_nearest_addresses_are_those_of_a_plain_pass() =>
        Gen.Select(Gen.Select(Gen.Double[51, 51.02], Gen.Double[6.9, 6.95]).Array[1, 80], Gen.Double[50.95, 51.07], Gen.Double[6.85, 7], Gen.Int[1, 5]).Sample(
            (places, lat, lon, count) =>
            {
                var book = AddressBook.Of(places.Index().Select(p => new AddressEntry("Weg", "", $"{p.Index + 1}", "", "", "", new(p.Item.Item1, p.Item.Item2), p.Index)), "");
                var nearest = book.Nearest(new(lat, lon), count, 3_000);
                var plain = Enumerable.Range(0, book.Count).Select(a => DistanceM(book.Position(a), new(lat, lon))).Where(m => m <= 3_000).Order().Take(count).ToArray();
                return nearest.Count == plain.Length && nearest.Zip(plain).All(p => Math.Abs(p.First.DistanceM - p.Second) < 0.01);
            },
            iter: 500);

    [Theory]
    [InlineData("12", "12")]
    [InlineData("12 A", "12a")]
    [InlineData("012b", "12b")]
    [InlineData("12 – 16", "12-16")]
    [InlineData("12a-c", "12a-c")]
    [InlineData("12a-12c", "12a-c")]
    [InlineData("19 + 21", "19+21")]
    [InlineData("12 1/2", "")]
    [InlineData("Haus 3", "")]
    [InlineData("12345", "")]
    [InlineData("0", "")]
    public void House_numbers_are_read_as_lists_write_them(string text, string number) => Assert.Equal(number, HouseNumber.Parse(text).ToString());

    [Fact]
    public void A_book_keeps_every_field_and_orders_a_street_by_its_numbers()
    {
        var book = Books.Of("Königstraße|100 9 12b 12 12a|47051|Duisburg|Altstadt");
        var (first, count) = book.AddressesOf(0);

        Assert.Equal(["9", "12", "12a", "12b", "100"], Enumerable.Range(first, count).Select(book.Label));
        Assert.Equal(("47051", "Altstadt", "Duisburg", 2), (book.Postcode(3), book.District(3), book.Place(0), book.Row(3)));
        Assert.Equal(6.7006, book.Position(3).Lon, 7);
    }

    [Fact]
    public void An_address_takes_less_than_300_bytes() =>
        Assert.InRange(Books.Musterstadt.Bytes / (double)Books.Musterstadt.Count, 24, 300);

    private static double DistanceM(GeoPoint a, GeoPoint b) =>
        111_195 * Math.Sqrt(Math.Pow(a.Lat - b.Lat, 2) + Math.Pow((a.Lon - b.Lon) * Math.Cos(b.Lat * Math.PI / 180), 2));

    private static int Plain(byte[] a, byte[] b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i
                    : Math.Min(table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
