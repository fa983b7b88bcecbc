using Kehrwerk.Streets.Import;
using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

public sealed class AddressAndClassTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kehrwerk-import-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    //      2 (10 m north)    4         12                          north side: even, south side: odd
    //   1 ----------------------- 2 ----------- 3   Lange Straße (10), cut at 2 by Quergasse (20)
    //      1                 3    |    11
    //                             4
    private static OsmText Street() => new OsmText()
        .Node(1, 0, 0).Node(2, 200, 0).Node(3, 300, 0).Node(4, 200, -100)
        .Way(10, "1 2 3", "highway=residential; name=Lange Straße").Way(20, "2 4", "highway=residential; name=Quergasse")
        .Node(101, 30, -10, "addr:street=Lange Straße; addr:housenumber=1")
        .Node(102, 30, 10, "addr:street=Lange Straße; addr:housenumber=2")
        .Node(103, 150, -10, "addr:street=Lange Straße; addr:housenumber=3")
        .Node(104, 150, 10, "addr:street=Lange Straße; addr:housenumber=4")
        .Node(111, 250, -10, "addr:street=Lange Straße; addr:housenumber=11a")
        .Node(112, 250, 10, "addr:street=Lange Straße; addr:housenumber=12");

    private City With(string streetsCsv, string? classesCsv = null)
    {
        var streets = Path.Combine(folder, "streets.csv");
        File.WriteAllText(streets, streetsCsv);
        var classes = classesCsv is null ? null : Path.Combine(folder, "classes.csv");
        if (classes is not null)
        {
            File.WriteAllText(classes, classesCsv);
        }

        return Street().Import(new() { StreetsCsv = streets, ClassesCsv = classes });
    }

    private static string KerbOf(City city, string houseNumber) =>
        city.Addresses.Single(a => a.HouseNumber == houseNumber).Kerb is >= 0 and var kerb ? city.Kerbs[kerb].Key : "none";

    private static string Classes(City city) => string.Join(' ', city.Kerbs.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key}={k.Class.Id}"));

    [Fact]
    public void A_house_is_tied_to_the_kerb_on_its_side()
    {
        var city = Street().Import();
        Assert.Equal("10.0f", KerbOf(city, "1"));
        Assert.Equal("10.0b", KerbOf(city, "2"));
        Assert.Equal("10.1f", KerbOf(city, "11a"));
        Assert.Equal("10.1b", KerbOf(city, "12"));
    }

    [Fact]
    public void A_corner_house_is_tied_to_its_own_street_although_another_is_nearer()
    {
        var city = Street().Node(120, 190, -40, "addr:street=Lange Str.; addr:housenumber=9").Import();
        Assert.Equal("10.0f", KerbOf(city, "9"));
    }

    [Fact]
    public void A_house_of_an_unknown_street_is_tied_to_the_nearest_kerb_and_a_far_one_to_none()
    {
        var city = Street()
            .Node(120, 190, -60, "addr:place=Hinterhof; addr:housenumber=7")
            .Node(121, 30, 500, "addr:street=Lange Straße; addr:housenumber=99")
            .Import();
        Assert.Equal("20.0f", KerbOf(city, "7"));
        Assert.Equal("none", KerbOf(city, "99"));
        Assert.Equal(1, city.LeftOut("address far from every kerb"));
    }

    [Fact]
    public void Addresses_come_from_buildings_and_relations_and_lists_of_numbers()
    {
        var city = Street()
            .Square(50, 500, 100, 20, 5, "building=yes; addr:street=Lange Straße; addr:housenumber=6; addr:postcode=47051; addr:city=Musterstadt")
            .Square(51, 510, 60, 20, 5, "")
            .Relation(60, "type=multipolygon; building=yes; addr:street=Lange Straße; addr:housenumber=8;8a", "way 51 outer")
            .Square(52, 520, 80, -20, 5, "building=yes; addr:housenumber=5")
            .Relation(61, "type=associatedStreet; name=Lange Straße", "way 52 house", "way 10 street")
            .Node(130, 0, 5, "addr:housenumber=77")
            .Import();
        var house = city.Addresses.Single(a => a.HouseNumber == "6");
        Assert.Equal(("Lange Straße", "47051", "Musterstadt", "10.0b"), (house.Street, house.Postcode, house.Place, KerbOf(city, "6")));
        Assert.Equal(OsmText.At(100, 20).Lat, house.Position.Lat, 1e-6);
        Assert.Equal(OsmText.At(100, 20).Lon, house.Position.Lon, 1e-6);
        Assert.Equal("10.0b", KerbOf(city, "8a"));
        Assert.Equal("10.0f", KerbOf(city, "5"));
        Assert.Equal(1, city.LeftOut("address without a street"));
    }

    [Fact]
    public void An_address_given_on_entrance_and_building_is_one()
    {
        var city = Street().Square(50, 500, 30, -12, 5, "building=yes; addr:street=Lange Straße; addr:housenumber=1").Import();
        Assert.Single(city.Addresses, a => a.HouseNumber == "1");
        Assert.Equal(1, city.LeftOut("address given twice"));
    }

    [Fact]
    public void A_row_without_numbers_gives_the_whole_street_its_class()
    {
        var city = With("street;from;to;side;class\nLANGE STRASSE;;;;S7\n");
        Assert.Equal("10.0b=S7 10.0f=S7 10.1b=S7 10.1f=S7 20.0b=S2 20.0f=S2", Classes(city));
    }

    [Fact]
    public void A_row_with_numbers_goes_before_one_without_and_a_side_takes_its_parity()
    {
        var city = With("street,from,to,side,class\nLange Straße,1,9,odd,S6\nLange Straße,,,,S7\nLange Straße,10,,,F2\n");
        Assert.Equal("10.0b=S7 10.0f=S6 10.1b=F2 10.1f=F2 20.0b=S2 20.0f=S2", Classes(city));
    }

    [Fact]
    public void A_kerb_without_houses_follows_the_nearest_house_of_its_street()
    {
        var path = Path.Combine(folder, "s.csv");
        File.WriteAllText(path, "street;from;to;class\nLange Straße;10;20;S7\n");
        //  3 --- 5: another piece of the street, no house on it; 12 is nearer than 4
        var city = Street().Node(5, 400, 0).Node(6, 300, 50).Way(11, "3 5", "highway=residential; name=Lange Straße").Way(21, "3 6", "highway=service")
            .Import(new() { StreetsCsv = path });
        Assert.Equal("S7", city.Kerbs.Single(k => k.Key == "11.0f").Class.Id);
        Assert.Equal("S2", city.Kerbs.Single(k => k.Key == "10.0f").Class.Id);
    }

    [Fact]
    public void A_service_road_is_swept_where_a_row_says_so()
    {
        var path = Path.Combine(folder, "s.csv");
        File.WriteAllText(path, "street;class\nMarkthof;M1\n");
        var city = Street().Node(5, 400, 0).Way(11, "3 5", "highway=service; name=Markthof").Import(new() { StreetsCsv = path });
        Assert.Equal(["11.0b", "11.0f"], city.Kerbs.Where(k => k.Class.Id == "M1").Select(k => k.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_of_unknown_streets_are_warned_of_with_their_line()
    {
        var city = With("street;from;to;side;class\n# comment\nMondgasse;;;;S7\n\nSterngasse;;;;S7\n");
        Assert.Contains(city.Report.Warnings, w => w.Contains("streets.csv, line 3", StringComparison.Ordinal) && w.Contains("Mondgasse", StringComparison.Ordinal));
        Assert.Contains(city.Report.Warnings, w => w.Contains("streets.csv, line 5", StringComparison.Ordinal) && w.Contains("Sterngasse", StringComparison.Ordinal));
        Assert.Equal(6, city.Kerbs.Length);
    }

    [Theory]
    [InlineData("street;class\nLange Straße;S2\nLange Straße;X9\n", "line 3: 'X9' is no cleaning class")]
    [InlineData("street;class\n;S2\n", "line 2: The street is missing")]
    [InlineData("street;from;to;class\nLange Straße;9;3;S2\n", "line 2: The house numbers run from 9 down to 3")]
    [InlineData("street;from;class\nLange Straße;abc;S2\n", "line 2: 'abc' is no house number")]
    [InlineData("street;side;class\nLange Straße;left;S2\n", "line 2: 'left' is no side")]
    [InlineData("strasse;class\nLange Straße;S2\n", "line 1: The column 'street' is missing")]
    [InlineData("street;class\n\"Lange", "not a CSV")]
    [InlineData("", "not a CSV")]
    public void A_wrong_row_of_streets_is_refused_with_its_line(string csv, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => With(csv)).Message, StringComparison.Ordinal);

    [Fact]
    public void Own_classes_replace_the_built_in_ones()
    {
        var city = With("street;class\nQuergasse;B\n", "id;name;timesPerWeek;priority;highways\nA;Alle;0,5;3;residential tertiary\nB;Besondere;5;1;\n");
        Assert.Equal("10.0b=A 10.0f=A 10.1b=A 10.1f=A 20.0b=B 20.0f=B", Classes(city));
        Assert.Equal(new CleaningClass("A", "Alle", 0.5, 3), city.Kerbs[0].Class);
    }

    [Theory]
    [InlineData("A;Alle;often;3;", "'often' is no number of sweeps")]
    [InlineData("A;Alle;-1;3;", "'-1' is no number of sweeps")]
    [InlineData("A;Alle;NaN;3;", "'NaN' is no number of sweeps")]
    [InlineData("A;Alle;1000;3;", "'1000' is no number of sweeps")]
    [InlineData("A;Alle;1;0;", "'0' is no priority")]
    [InlineData("A;Alle;1;1;canal", "'canal' is no highway type")]
    [InlineData("A;Alle;1;1;\nA;Noch;1;1;", "line 3: The class id 'A' is too long or given twice")]
    [InlineData("", "defines no cleaning class")]
    public void A_wrong_class_is_refused_with_its_line(string rows, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => With("street;class\n", "id;name;timesPerWeek;priority;highways\n" + rows)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_CSV_is_named() =>
        Assert.Contains("nowhere.csv", Assert.Throws<InputException>(() => Street().Import(new() { StreetsCsv = Path.Combine(folder, "nowhere.csv") })).Message, StringComparison.Ordinal);

    [Fact]
    public void The_example_of_classes_is_the_built_in_set()
    {
        var path = Path.Combine(RealData.Root(), "examples", "cleaning-classes", "classes.csv");
        var example = CleaningClasses.Read(path, File.ReadAllBytes(path));
        var builtIn = CleaningClasses.BuiltIn();
        Assert.Equal(builtIn.All, example.All);
        foreach (var streetClass in Enum.GetValues<StreetClass>())
        {
            var facts = new StreetFacts(streetClass, Directions.Both, 10, 0, Surface.Asphalt, SegmentTraits.None, "A", true);
            Assert.Equal(builtIn.DefaultFor(facts), example.DefaultFor(facts));
        }
    }

    [Fact]
    public void Another_CSV_or_option_gives_another_fingerprint()
    {
        var plain = Street().Import().Fingerprint;
        Assert.Equal(plain, Street().Import().Fingerprint);
        Assert.Equal(16, plain.Length);
        Assert.NotEqual(plain, With("street;class\nLange Straße;S2\n").Fingerprint);
        Assert.NotEqual(plain, Street().Import(new() { DepotPosition = OsmText.At(0, 0) }).Fingerprint);
    }
}
