using System.Text;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Tests.Addresses;

public sealed class ImportTests : IDisposable
{
    private static readonly GeoBounds Duisburg = new(51.3, 6.6, 51.6, 6.9);

    // Columns that Duisburg's daily list has; those of the coordinates are a guess.
    private const string DuisburgMapping = """
        {
          "place": "Duisburg", "delimiter": ";", "encoding": "windows-1252", "coordinates": "Utm32",
          "fields": { "street": "STRAßENNAME", "streetKey": "STRSCHL", "houseNumber": "HAUSNUMMER", "suffix": "ZUSATZ", "district": "STADTBEZIRKTXT", "x": "OST", "y": "NORD" },
          "only": { "STATUSTXT": "aktuell" }
        }
        """;

    private const string DuisburgHeader = "STRSCHL;STRAßENNAME;HAUSNUMMER;ZUSATZ;STATUSTXT;STADTBEZIRKTXT;OST;NORD";

    private const string PlainMapping = """{ "place": "Duisburg", "fields": { "street": "strasse", "houseNumber": "nr", "postcode": "plz", "x": "lon", "y": "lat" } }""";

    private readonly string folder = Directory.CreateTempSubdirectory("addresses").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_list_with_mapped_columns_is_taken_in_its_own_encoding()
    {
        var import = Read(DuisburgMapping, Latin($"""
            {DuisburgHeader}
            "00012";"Königstr.";12;"A";"aktuell";"Mitte";344500,25;5700100,5
            "00012";"Königstr.";14;"";"aktuell";"Mitte";344520,25;5700100,5
            "00012";"Königstr.";16;"";"historisch";"Mitte";344530,25;5700100,5
            "00077";"Großenbaumer Allee";101;"";"aktuell";"Süd";32345000;5693000
            """));

        var book = Taken(import);
        Assert.Equal((3, 1), (import.Report.Addresses, import.Report.LeftOut));
        var hit = book.Search.Find("koenigstrasse 12a").Hits[0];
        Assert.Equal(("12a", "Mitte", "Duisburg", "00012"), (book.Label(hit.Address), book.District(hit.Address), book.Place(hit.Street), book.StreetKey(hit.Street)));
        Assert.Equal(2, book.Row(hit.Address));
        // Back in the plane it is where the list says; the plane itself has its own tests.
        var plane = CityFrame.Around(new(51, 9)).ToMap(book.Position(hit.Address));
        Assert.Equal(344500.25, plane.X, 0.02);
        Assert.Equal(5700100.5, plane.Y, 0.02);
    }

    [Fact]
    public void Two_streets_of_one_name_stay_two_where_the_list_has_keys()
    {
        var book = Taken(Read(DuisburgMapping, Latin($"""
            {DuisburgHeader}
            1;Ackerstr.;5;;aktuell;Süd;344500;5693000
            2;Ackerstr.;5;;aktuell;Nord;344500;5710000
            """)));

        var answer = book.Search.Find("Ackerstraße 5");

        Assert.True(answer.IsAmbiguous);
        Assert.Equal(2, book.StreetCount);
        Assert.Equal("Nord", book.District(book.Search.Find("Ackerstraße 5 Nord").Hits[0].Address));
    }

    public static TheoryData<string, string, string, string> BadRows => new()
    {
        // The second row of the list; the field, the value and a word of the message.
        { "Königstraße;x12;47051;6.76;51.43", "nr", "x12", "begins with a digit" },
        { "12;Königstraße;47051;6.76;51.43", "strasse", "12", "columns are shifted" },
        { "Königstraße;12;4705;6.76;51.43", "plz", "4705", "five digits" },
        { "Königstraße;12;47051;51.43;6.76", "lon, lat", "51.43, 6.76", "swapped" },
        { "Königstraße;12;47051;13.4;52.5", "lon, lat", "13.4, 52.5", "outside the city" },
        { "Königstraße;12;47051;344500;5700000", "lon, lat", "344500, 5700000", "no coordinates of the kind Degrees" },
        { "Königstraße;12;47051;;51.43", "lon", "", "coordinate is expected" },
        { "Königstraße;12;47051;NaN;51.43", "lon", "NaN", "coordinate is expected" },
        { "Hauptstraße;1;47051;6.76;51.43", "nr", "Hauptstraße 1", "Line 2 has the same address" },
        { "Königstraße;12;47051;6.76", "", "", "4 fields and the header 5" },
        { "Königstraße;12;47051;6.76;51.43;x", "", "", "6 fields and the header 5" },
        { ";12;47051;6.76;51.43", "strasse", "", "street's name is expected" },
        { "KÃ¶nigstraße;12;47051;6.76;51.43", "strasse", "KÃ¶nigstraße", "UTF-8" },
        { "K\uFFFDnigstraße;12;47051;6.76;51.43", "strasse", "K\uFFFDnigstraße", "windows-1252" },
        { "König\u0007straße;12;47051;6.76;51.43", "strasse", "König·straße", "Control characters" },
    };

    [Theory]
    [MemberData(nameof(BadRows))]
    public void One_bad_row_refuses_the_whole_list_and_is_told_with_line_field_and_value(string row, string field, string value, string message)
    {
        var import = Read(PlainMapping, Encoding.UTF8.GetBytes($"strasse;nr;plz;lon;lat\nHauptstraße;1;47051;6.76;51.43\n{row}\nHauptstraße;3;47051;6.76;51.43\n"));

        Assert.Null(import.Book);
        var problem = import.Report.Problems[0];
        Assert.All(import.Report.Problems, p => Assert.Equal(3, p.Line));
        Assert.Equal((field, value), (problem.Field, problem.Value));
        Assert.Contains(message, problem.Problem, StringComparison.Ordinal);
        Assert.Contains("line 3", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_1252_given_as_UTF_8_is_refused_with_the_line_and_the_way_out()
    {
        var import = Read(PlainMapping, Latin("strasse;nr;plz;lon;lat\nHauptweg;1;47051;6.76;51.43\nKönigsweg;1;47051;6.76;51.43\n"));

        Assert.Null(import.Book);
        var problem = Assert.Single(import.Report.Problems);
        Assert.Equal((3, "strasse"), (problem.Line, problem.Field));
        Assert.Contains("windows-1252", problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void UTF_8_given_as_Windows_1252_is_refused()
    {
        var import = Read(PlainMapping.Replace("\"place\"", "\"encoding\": \"windows-1252\", \"place\"", StringComparison.Ordinal), Encoding.UTF8.GetBytes("strasse;nr;plz;lon;lat\nKönigsweg;1;47051;6.76;51.43\n"));

        Assert.Null(import.Book);
        Assert.Contains("give utf-8", Assert.Single(import.Report.Problems).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column_is_named_with_those_that_are_there()
    {
        var import = Read(PlainMapping, Encoding.UTF8.GetBytes("Straße;nr;plz;lon;lat\nKönigsweg;1;47051;6.76;51.43\n"));

        Assert.Null(import.Book);
        var problem = Assert.Single(import.Report.Problems);
        Assert.Equal("strasse", problem.Field);
        Assert.Contains("Straße, nr, plz, lon, lat", problem.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("strasse;nr;plz;lon;lat\n")]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("strasse;nr;plz;lon;lat\n\"Königs;12;47051;6.7;51.4\n")]
    [InlineData("{")]
    [InlineData("{ \"type\": \"FeatureCollection\" }")]
    [InlineData("{ \"features\": [ { \"properties\": { \"strasse\": \"Weg\" }, \"geometry\": null } ] }")]
    [InlineData("{ \"features\": [ { \"properties\": { \"strasse\": \"Weg\" }, \"geometry\": { \"type\": \"Point\", \"coordinates\": [6.7] } } ] }")]
    [InlineData("{ \"features\": [ { \"properties\": [], \"geometry\": { \"type\": \"LineString\", \"coordinates\": [[6.7, 51.4], [6.7, 51.5]] } } ] }")]
    [InlineData("{ \"features\": [ 1, 2 ] }")]
    public void What_is_no_list_is_refused_with_a_reason(string content)
    {
        var import = Read(PlainMapping, Encoding.UTF8.GetBytes(content));

        Assert.Null(import.Book);
        Assert.NotEmpty(import.Report.Problems);
        Assert.All(import.Report.Problems, p => Assert.NotEmpty(p.Problem));
    }

    [Fact]
    public void A_hundred_problems_are_listed_and_all_are_counted()
    {
        var rows = string.Concat(Enumerable.Range(0, 500).Select(i => $"Königstraße;{i + 1};47051;13.4;52.5\n"));

        var report = Read(PlainMapping, Encoding.UTF8.GetBytes("strasse;nr;plz;lon;lat\n" + rows)).Report;

        Assert.Equal((500, 100), (report.ProblemCount, report.Problems.Length));
    }

    [Fact]
    public void GeoJson_is_read_with_its_own_lines()
    {
        const string good = """{ "type": "Feature", "properties": { "strasse": "Königsweg", "nr": 12, "plz": "47051" }, "geometry": { "type": "Point", "coordinates": [6.76, 51.43, 33.0] } }""";
        var bad = good.Replace("12", "\"o.Nr.\"", StringComparison.Ordinal);
        var mapping = PlainMapping.Replace(""", "x": "lon", "y": "lat" """.TrimEnd(), "", StringComparison.Ordinal);

        var book = Taken(Read(mapping, Encoding.UTF8.GetBytes($$"""{ "type": "FeatureCollection", "x": { "features": [1] }, "features": [{{good}}] }""")));
        var refused = Read(mapping, Encoding.UTF8.GetBytes($$"""
            { "type": "FeatureCollection", "features": [
            {{good}},
            {{bad}}
            ] }
            """));

        Assert.Equal(51.43, book.Position(0).Lat, 7);
        Assert.Null(refused.Book);
        Assert.Equal((3, "nr", "o.Nr."), Assert.Single(refused.Report.Problems) is var p ? (p.Line, p.Field, p.Value) : default);
    }

    [Fact]
    public void Gebref_is_read_in_both_of_its_layouts()
    {
        const string now = """
            N;DENW36AL10000aBc;A;05;Nordrhein-Westfalen;1;Düsseldorf;12;Duisburg;000;Duisburg;0000;;01234;Königstraße;12;a;32N;344500,250;5700100,500;2024-01-01
            N;DENW36AL10000aBd;A;05;Nordrhein-Westfalen;1;Düsseldorf;13;Essen;000;Essen;0000;;04321;Aachener Straße;1;;32N;359252,047;5701464,014;2024-01-01
            """;
        const string old = """
            N;DENW36AL10000aBc;A;05;1;12;000;;01234;12;a;32344500,250;5700100,500;Königstraße;2019-01-01
            N;DENW36AL10000aBd;A;05;1;13;000;;04321;1;;32359252,047;5701464,014;Aachener Straße;2019-01-01
            """;

        foreach (var (text, municipality) in new[] { (now, "Duisburg"), (now, "05112000"), (old, "05112000") })
        {
            var import = AddressLists.OfGebref(Write("gebref.txt", Encoding.UTF8.GetBytes("\uFEFF" + text.ReplaceLineEndings("\r\n"))), municipality, Duisburg);

            var book = Taken(import);
            Assert.Equal((1, 1), (import.Report.Addresses, import.Report.LeftOut));
            Assert.Equal(("Königstraße", "12a", "01234"), (book.StreetName(0), book.Label(0), book.StreetKey(0)));
            Assert.InRange(book.Position(0).Lat, 51.4, 51.45);
            Assert.InRange(book.Position(0).Lon, 6.74, 6.78);
        }

        Assert.Equal(2, Taken(AddressLists.OfGebref(Write("gebref.txt", Encoding.UTF8.GetBytes(now)), "", GeoBounds.Germany)).Count);
        Assert.Contains("outside the city", AddressLists.OfGebref(Write("gebref.txt", Encoding.UTF8.GetBytes(now)), "", new(52, 6, 53, 7)).Report.Problems[0].Problem, StringComparison.Ordinal);
        Assert.Contains("eight-digit key", AddressLists.OfGebref(Write("gebref.txt", Encoding.UTF8.GetBytes(old)), "Duisburg", Duisburg).Report.Problems[0].Problem, StringComparison.Ordinal);
        Assert.Contains("has 2 fields", AddressLists.OfGebref(Write("gebref.txt", "a;b\n"u8.ToArray()), "", Duisburg).Report.Problems[0].Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("null", "null")]
    [InlineData("{ \"fields\": { \"houseNumber\": \"nr\" } }", "street")]
    [InlineData("{ \"fields\": { \"street\": \"s\", \"houseNumber\": \"nr\" }, \"colour\": 1 }", "colour")]
    [InlineData("{ \"fields\": { \"street\": \"s\", \"houseNumber\": \"nr\" }, \"encoding\": \"ebcdic\" }", "ebcdic")]
    [InlineData("{ \"fields\": { \"street\": \"s\", \"houseNumber\": \"nr\" }, \"delimiter\": \";;\" }", "delimiter")]
    public void A_mapping_that_cannot_be_used_is_told(string json, string named)
    {
        var e = Assert.Throws<InputException>(() => AddressMapping.Parse("mapping.json", Encoding.UTF8.GetBytes(json)));

        Assert.Contains("mapping.json", e.Message, StringComparison.Ordinal);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        Assert.Contains("none.csv", Assert.Throws<InputException>(() => AddressLists.OfFile(Path.Combine(folder, "none.csv"), AddressMapping.Parse("m", Encoding.UTF8.GetBytes(PlainMapping)), Duisburg)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_addresses_of_a_map_are_a_book_with_their_place_in_the_city()
    {
        var (city, book) = (Books.DemoTown, Books.Musterstadt);

        Assert.Equal(city.Addresses.Length, book.Count);
        Assert.All(Enumerable.Range(0, book.Count), a => Assert.Equal((book.StreetName(book.StreetOf(a)), book.Label(a)), (city.Addresses[book.Row(a)].Street, city.Addresses[book.Row(a)].HouseNumber)));
        Assert.All(city.Addresses, a => Assert.True(GeoBounds.Around(city).Contains(a.Position)));
    }

    [Fact]
    public void Essens_official_list_is_read_whole()
    {
        var import = Books.Essen();

        var book = Taken(import);
        // 102,981 features: 3,397 stand for streets, four have no street.
        Assert.Equal((99_581, 4), (import.Report.Addresses, import.Report.LeftOut));
        Assert.Equal(3_396, book.StreetCount);
        Assert.InRange(book.Bytes / (double)book.Count, 24, 300);
    }

    private AddressImport Read(string mapping, byte[] content) => AddressLists.OfFile(Write("list", content), AddressMapping.Parse("mapping.json", Encoding.UTF8.GetBytes(mapping)), Duisburg);

    private static AddressBook Taken(AddressImport import)
    {
        Assert.Empty(import.Report.Problems);
        return import.Book!;
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
