using Kehrwerk.Portal.Addresses;
using Sylvan.Data.Csv;

namespace Kehrwerk.Portal.Tests.Addresses;

/// <summary>
/// The German cases of geocoder-tester about streets and house numbers, over the Photon-shaped interface. The lists that are at hand hold none
/// of their towns; so the streets that the cases expect are set among Essen's 3,396, each in its town and with the numbers that the cases tell of.
/// Cases about towns, regions, points of interest and places of the world are not asked.
/// </summary>
public sealed class GeocoderTesterTests(ITestOutputHelper output)
{
    // Streets that the cases speak of, as OpenStreetMap has them by the cases' own comments and expectations.
    private static readonly string[] Streets =
    [
        "Lister Meile|29 29a 31|30161|Hannover", "Osterstraße|42 42A 44|30159|Hannover", "Bruchshöfenstraße|1_A 3|31171|Nordstemmen", "Anderter Straße|1 1-3 5|30629|Hannover",
        "Backhausstraße|1_-_3 5|31174|Schellerten", "Dircksenstraße|2 51|10179|Berlin", "Rosa-Luxemburg-Straße|22 24|10178|Berlin", "Hafengasse|1 3|89073|Ulm", "Georgenstraße|35|10117|Berlin",
        "Carl-von-Ossietzky-Straße|1|14471|Potsdam", "Mühlenstraße|4|87538|Fischen", "Dachauer Straße|20 110|80335|München", "Rubinger Straße|5|87561|Oberstdorf",
        "Fichtenstraße|5|77709|Oberwolfach", "Pappelallee|1|10437|Berlin", "Adolphsbrücke|7|20457|Hamburg", "Leipziger Straße|56|10117|Berlin", "Am Knie|9|81241|München",
        "Lembacher Straße|26|68229|Mannheim|Friedrichsfeld", "Fröbelstraße|17|30451|Hannover", "Lauchstädter Weg|8|12355|Berlin|Neukölln", "Melusinenstraße|2|81671|München",
        "Am Opferstrauch|32|34626|Neukirchen", "Oeder Weg|1|60318|Frankfurt am Main", "Kaiserslauterer Straße|100|66424|Homburg", "Traarer Straße|110|47239|Duisburg",
        "Obernburger Straße|45|63741|Aschaffenburg", "Dorstener Straße|415|44809|Bochum", "Günther-Wagner-Allee|33|30177|Hannover", "Zeppelinstraße|31|66740|Saarlouis",
        "Colditzer Weg|18|59439|Holzwickede", "Pforzheimer Straße|128|76275|Ettlingen", "Marie-Curie-Straße|3|40764|Langenfeld", "Im Wiesental|19b|64668|Rimbach",
        "Kirchheimer Straße|13|71229|Leonberg", "Darmstädter Straße|19|50678|Köln", "Museumstraße|17|22765|Hamburg", "Parchimer Allee|85b|12359|Berlin|Britz",
        "Christian-Pleß-Straße|13|63069|Offenbach am Main", "D3|4|68159|Mannheim", "C2|2|68159|Mannheim",
        "Bautzener Allee|1|02977|Hoyerswerda", "Bautzener Platz|1|10829|Berlin", "Erlanger Straße|1|12053|Berlin",
    ];

    // It asks for Bahnhofstraße at a place in Düsseldorf and expects Dircksenstraße: a slip of the file.
    private const string NotAsked = "Bahnhofstraße 7777 Düsseldorf";

    [Fact]
    public async Task The_cases_about_streets_and_house_numbers_pass()
    {
        var folder = Books.SharedData("geocoder-tester-germany/geocoder_tester/world/germany");
        Assert.SkipWhen(folder is null, "This test needs ../shared/data/geocoder-tester-germany, which is not here");
        var essen = Books.Essen().Book!;
        var book = AddressBook.Of(Books.Entries(Streets).Concat(Entries(essen)), "Essen");
        await using var server = await AddressServer.StartAsync(book);

        string[] files = ["hannover/test_housenumbers.csv", "test_from_user_input.csv", "test_missing_housenumber.csv", "test_streets.csv", "test_autocomplete.csv", "test_location_bias.csv"];
        var (asked, failed) = (0, new List<string>());
        foreach (var test in files.SelectMany(f => Cases(Path.Combine(folder, f))))
        {
            asked++;
            var position = test.Lat.Length > 0 ? $"&lat={test.Lat}&lon={test.Lon}" : "";
            var features = (await server.Ask($"/api?q={Uri.EscapeDataString(test.Query)}&limit={test.Limit}&lang={test.Lang}{position}")).GetProperty("features").EnumerateArray()
                .Select(f => f.GetProperty("properties")).ToList();
            if (!features.Exists(p => test.Fits(p)))
            {
                failed.Add($"{test.Query}: {string.Join(" | ", features.Take(3))}");
            }
        }

        output.WriteLine($"{asked} cases asked\n{string.Join('\n', failed)}");
        Assert.Empty(failed);
        Assert.Equal(58, asked);
    }

    private sealed record Case(string Query, string Lat, string Lon, string Limit, string Lang, string Street, string Number)
    {
        public bool Fits(System.Text.Json.JsonElement properties)
        {
            var street = Text("street") ?? Text("name");
            return Same(street, Street) && (Number.Length == 0 || Same(Text("housenumber"), Number));

            string? Text(string name) => properties.TryGetProperty(name, out var value) ? value.GetString() : null;
        }

        private static bool Same(string? a, string b) => string.Equals(a?.Replace(" ", "", StringComparison.Ordinal), b.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<Case> Cases(string file)
    {
        using var csv = CsvDataReader.Create(file, new CsvDataReaderOptions { Delimiter = File.ReadLines(file).First().Contains(';', StringComparison.Ordinal) ? ';' : ',' });
        var columns = Enumerable.Range(0, csv.FieldCount).ToDictionary(i => csv.GetName(i), i => i);
        while (csv.Read())
        {
            string Field(string name) => columns.TryGetValue(name, out var i) && i < csv.RowFieldCount ? csv.GetString(i).Trim() : "";
            var name = Field("expected_name");
            var street = Field("expected_street");
            var number = Field("expected_housenumber");
            if (street.Length == 0)
            {
                // "Dircksenstraße 51" is both in one.
                var at = name.LastIndexOf(' ');
                (street, number) = at > 0 && char.IsAsciiDigit(name[at + 1]) ? (name[..at], name[(at + 1)..]) : (name, "");
            }

            if (Streets.Any(s => s.StartsWith(street + "|", StringComparison.Ordinal)) && Field("query") != NotAsked)
            {
                yield return new(Field("query"), Field("lat"), Field("lon"), Field("limit") is { Length: > 0 } limit ? limit : "10", Field("lang"), street, number);
            }
        }
    }

    private static IEnumerable<AddressEntry> Entries(AddressBook book) =>
        Enumerable.Range(0, book.Count).Select(a =>
            new AddressEntry(book.StreetName(book.StreetOf(a)), book.StreetKey(book.StreetOf(a)), book.Label(a), "", "Essen", "", book.Position(a), 1_000_000 + a));
}
