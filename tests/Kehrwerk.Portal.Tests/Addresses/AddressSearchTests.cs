using Kehrwerk.Portal.Addresses;

namespace Kehrwerk.Portal.Tests.Addresses;

public sealed class AddressSearchTests
{
    // What is typed, the answer, how the number relates to what was asked.
    public static TheoryData<string, string, AddressMatch> AsPeopleType => new()
    {
        { "Königstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "koenigstrasse 12", "Königstraße 12", AddressMatch.Exact },
        { "KÖNIGSTRASSE 12", "Königstraße 12", AddressMatch.Exact },
        { "Koenigstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "Königstr. 12", "Königstraße 12", AddressMatch.Exact },
        { "Königstr.12", "Königstraße 12", AddressMatch.Exact },
        { "Königstr 12", "Königstraße 12", AddressMatch.Exact },
        { "König Str. 12", "Königstraße 12", AddressMatch.Exact },
        { "König-Straße 12", "Königstraße 12", AddressMatch.Exact },
        { "ko\u0308nigstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße 12a", "Königstraße 12a", AddressMatch.Exact },
        { "Königstraße 12 a", "Königstraße 12a", AddressMatch.Exact },
        { "Königstraße 12 A", "Königstraße 12a", AddressMatch.Exact },
        { "Königstraße Nr. 12", "Königstraße 12", AddressMatch.Exact },
        { "12 Königstraße", "Königstraße 12", AddressMatch.Exact },
        { "12a, Königstraße", "Königstraße 12a", AddressMatch.Exact },
        { "12 a Königstr. Duisburg", "Königstraße 12a", AddressMatch.Exact },
        { "Mülheimer Straße 100", "Mülheimer Straße 100", AddressMatch.Exact },
        { "Mülheimerstraße 100", "Mülheimer Straße 100", AddressMatch.Exact },
        { "Mülheimer-Str. 100b", "Mülheimer Straße 100b", AddressMatch.Exact },
        { "Muelheimer Strasse 100 B", "Mülheimer Straße 100b", AddressMatch.Exact },
        { "Mulheimer Str 42", "Mülheimer Straße 42", AddressMatch.Exact },
        { "Friedrich Ebert Str. 152", "Friedrich-Ebert-Straße 152", AddressMatch.Exact },
        { "Friedrichebertstraße 152", "Friedrich-Ebert-Straße 152", AddressMatch.Exact },
        { "Friedrich-Ebert 152", "Friedrich-Ebert-Straße 152", AddressMatch.Exact },
        { "Ebert-Friedrich-Straße 152", "Friedrich-Ebert-Straße 152", AddressMatch.Exact },
        { "Ebertstr 152", "Friedrich-Ebert-Straße 152", AddressMatch.Exact },
        { "Straße Mülheimer 44", "Mülheimer Straße 44", AddressMatch.Exact },
        { "Bahnhof str 21", "Bahnhofstraße 21", AddressMatch.Exact },
        { "Weissdornweg 2", "Weißdornweg 2", AddressMatch.Exact },
        { "Weisdornweg 2", "Weißdornweg 2", AddressMatch.Exact },
        { "Weiß Dorn Weg 2", "Weißdornweg 2", AddressMatch.Exact },
        { "St. Johann Straße 4", "Sankt-Johann-Str. 4", AddressMatch.Exact },
        { "Sankt Johannstr. 4", "Sankt-Johann-Str. 4", AddressMatch.Exact },
        { "Doktor Kolb Str. 2", "Dr.-Kolb-Straße 2", AddressMatch.Exact },
        { "Aufm Berg 8", "Auf'm Berg 8", AddressMatch.Exact },
        { "Auf’m Berg 8", "Auf'm Berg 8", AddressMatch.Exact },
        { "Haus-Knipp-Str. 1a", "Haus-Knipp-Straße 1 a", AddressMatch.Exact },

        // Numbers that belong to the name.
        { "Straße des 17. Juni 135", "Straße des 17. Juni 135", AddressMatch.Exact },
        { "Str. des 17 Juni 17", "Straße des 17. Juni 17", AddressMatch.Exact },
        { "Platz des 17. Juni", "Platz des 17. Juni", AddressMatch.Street },
        { "Platz des 17. Juni 2", "Platz des 17. Juni 2", AddressMatch.Exact },
        { "Karl-Friedrich-Str. II 4", "Karl-Friedrich-Str. II 4", AddressMatch.Exact },
        { "Karl-Friedrich-Straße 2 Nr. 6", "Karl-Friedrich-Str. II 6", AddressMatch.Exact },
        { "1. Querstraße 5", "1. Querstraße 5", AddressMatch.Exact },
        { "Erste Querstr. 5", "1. Querstraße 5", AddressMatch.Exact },
        { "I. Querstr. 5", "1. Querstraße 5", AddressMatch.Exact },
        { "2. Schnieringstraße 9", "II. Schnieringstr. 9", AddressMatch.Exact },

        // Numbers that stand for several houses, or are asked for as such.
        { "Ludgeriplatz 12-16", "Ludgeriplatz 12-16", AddressMatch.Exact },
        { "Ludgeriplatz 12–16", "Ludgeriplatz 12-16", AddressMatch.Exact },
        { "Ludgeriplatz 12 - 16", "Ludgeriplatz 12-16", AddressMatch.Exact },
        { "Ludgeriplatz 12 bis 16", "Ludgeriplatz 12-16", AddressMatch.Exact },
        { "Ludgeriplatz 12/16", "Ludgeriplatz 12-16", AddressMatch.Exact },
        { "Ludgeriplatz 14", "Ludgeriplatz 12-16", AddressMatch.Within },
        { "Ludgeriplatz 19+21", "Ludgeriplatz 19+21", AddressMatch.Exact },
        { "Ludgeriplatz 19 + 21", "Ludgeriplatz 19+21", AddressMatch.Exact },
        { "Ludgeriplatz 21", "Ludgeriplatz 19+21", AddressMatch.Within },
        { "Königstraße 14-16", "Königstraße 14", AddressMatch.Within },

        // What is not there is labelled.
        { "Königstraße 14c", "Königstraße 14", AddressMatch.WithoutSuffix },
        { "Ludgeriplatz 34", "Ludgeriplatz 34a", AddressMatch.OtherSuffix },
        { "Ludgeriplatz 34c", "Ludgeriplatz 34a", AddressMatch.OtherSuffix },
        { "Königstraße 18", "Königstraße 16", AddressMatch.NearestNumber },
        { "Königstraße 23", "Königstraße 22", AddressMatch.NearestNumber },
        { "Königstraße 7777", "Königstraße", AddressMatch.Street },
        { "Königstraße", "Königstraße", AddressMatch.Street },

        // Postcode, town and district: missing, superfluous, misspelt, in any place.
        { "Königstraße 12, 47051 Duisburg", "Königstraße 12", AddressMatch.Exact },
        { "47051 Duisburg, Königstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "D-47051 Duisburg Königstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "Duisburg Königstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße Duisburg 12", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße 12 Altstadt", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße 12, Duisburg-Altstadt, Deutschland", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße 12 Duisbrug", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße 12 | 47051 Duisburg", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße 12 • 47051 Duisburg (DE)", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße 12 Hinterhaus", "Königstraße 12", AddressMatch.Exact },
        { "Gasthaus Anker, Königstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "gasthaus zum anker königstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "Königstraße Duisburg", "Königstraße", AddressMatch.Street },
        { "Königstraße Köln", "Königstraße", AddressMatch.Street },
        { "Hauptstraße 9 Moers", "Hauptstraße 9", AddressMatch.Exact },

        // Typing errors.
        { "Könnigstraße 12", "Königstraße 12", AddressMatch.Exact },
        { "Königstrasee 12", "Königstraße 12", AddressMatch.Exact },
        { "Könisgtr. 12", "Königstraße 12", AddressMatch.Exact },
        { "Freidrich-Ebert-Straße 152", "Friedrich-Ebert-Straße 152", AddressMatch.Exact },
        { "Fridrich-Eber-Straße 152", "Friedrich-Ebert-Straße 152", AddressMatch.Exact },
        { "Mühlheimer Str. 100a", "Mülheimer Straße 100a", AddressMatch.Exact },
        { "Grosenbaumer Alee 250", "Großenbaumer Allee 250", AddressMatch.Exact },
        { "Duisburg Grosenbaumer Alee 250", "Großenbaumer Allee 250", AddressMatch.Exact },
        { "Ludgerieplatz 30", "Ludgeriplatz 30", AddressMatch.Exact },

        // Begun.
        { "Großenb", "Großenbaumer Allee", AddressMatch.Street },
        { "Grosenb", "Großenbaumer Allee", AddressMatch.Street },
        { "Ros Lux Str 22", "Rosa-Luxemburg-Straße 22", AddressMatch.Exact },
        { "Rosa-Lux 22", "Rosa-Luxemburg-Straße 22", AddressMatch.Exact },
        { "Weißdor Duisb", "Weißdornweg", AddressMatch.Street },
    };

    [Theory]
    [MemberData(nameof(AsPeopleType))]
    public void The_right_answer_comes_first_and_says_how_it_fits(string typed, string expected, AddressMatch match)
    {
        var answer = Books.Town.Search.Find(typed);

        Assert.NotEmpty(answer.Hits);
        Assert.Equal((expected, match), (Text(Books.Town, answer.Hits[0]), answer.Hits[0].Match));
    }

    [Theory]
    [InlineData("Königstraße 12", Spelling.AsTyped)]
    [InlineData("koenigstr 12", Spelling.AsTyped)]
    [InlineData("Könnigstraße 12", Spelling.Corrected)]
    [InlineData("Großenb", Spelling.Completed)]
    [InlineData("Friedrich-Ebert 152", Spelling.Completed)]
    public void An_answer_says_what_was_done_to_the_street(string typed, Spelling spelling) =>
        Assert.Equal(spelling, Books.Town.Search.Find(typed).Hits[0].Spelling);

    [Theory]
    [InlineData("Königstraße 12, Köln", "köln")]
    [InlineData("Königstraße 12, 99999 Duisburg", "99999")]
    [InlineData("Königstraße 12 Hinterhaus", "hinterhaus")]
    [InlineData("Königstraße 12, 47051 Duisburg Altstadt", "")]
    public void What_has_no_part_in_the_answer_is_named(string typed, string ignored) =>
        Assert.Equal(ignored, string.Join(' ', Books.Town.Search.Find(typed).Hits[0].Ignored));

    [Fact]
    public void Two_streets_of_one_name_are_both_answers_and_a_person_is_asked()
    {
        var answer = Books.Town.Search.Find("Hauptstraße 5");

        Assert.True(answer.IsAmbiguous);
        Assert.Equal(["Duisburg", "Moers"], answer.Hits.Take(2).Select(h => Books.Town.Place(h.Street)).Order());
        Assert.All(answer.Hits.Take(2), h => Assert.Equal(AddressMatch.Exact, h.Match));
    }

    [Theory]
    [InlineData("Hauptstraße 5, Moers", "Moers")]
    [InlineData("Hauptstraße 5 Rheinhausen", "Duisburg")]
    [InlineData("Hauptstraße 5, 47198", "Moers")]
    [InlineData("47229 Hauptstr. 5", "Duisburg")]
    public void Town_district_and_postcode_tell_two_streets_apart(string typed, string place)
    {
        var answer = Books.Town.Search.Find(typed);

        Assert.Equal(place, Books.Town.Place(answer.Hits[0].Street));
        Assert.False(answer.IsAmbiguous);
    }

    [Fact]
    public void The_same_number_twice_in_one_street_gives_both()
    {
        var book = Books.Of("Kirchweg|5|47051|Duisburg|Nord", "Kirchweg|5|47259|Duisburg|Süd");

        var answer = book.Search.Find("Kirchweg 5");

        Assert.True(answer.IsAmbiguous);
        Assert.Equal(["47051", "47259"], answer.Hits.Select(h => book.Postcode(h.Address)).Order());
        Assert.Equal("47259", book.Postcode(Assert.Single(book.Search.Find("Kirchweg 5, 47259").Hits).Address));
    }

    [Fact]
    public void Of_names_that_fit_alike_the_nearer_comes_first()
    {
        var south = Books.Town.Search.Find("Hauptstraße 5", new() { Near = new(51.412, 6.7) }).Hits[0];
        var north = Books.Town.Search.Find("Hauptstraße 5", new() { Near = new(51.413, 6.7) }).Hits[0];

        Assert.Equal("Duisburg", Books.Town.Place(south.Street));
        Assert.Equal("Moers", Books.Town.Place(north.Street));
    }

    [Fact]
    public void Who_types_a_number_sees_those_that_begin_so()
    {
        Assert.Equal(["Mülheimer Straße Street", "Mülheimer Straße 42 Begun", "Mülheimer Straße 44 Begun", "Mülheimer Straße 46 Begun"], Answers("Mülheimer Str. 4"));
        Assert.Equal(["Mülheimer Straße 100 Exact", "Mülheimer Straße 100a Begun", "Mülheimer Straße 100b Begun"], Answers("Mülheimer Str. 100"));
        Assert.Equal(["Mülheimer Straße 100 Exact"], Answers("Mülheimer Str. 100, Duisburg"));

        static IEnumerable<string> Answers(string typed) => Books.Town.Search.Find(typed).Hits.Select(h => $"{Text(Books.Town, h)} {h.Match}");
    }

    [Fact]
    public void A_guess_between_two_names_asks_which()
    {
        var book = Books.Of("Kellerstraße|7", "Keplerstraße|7");

        Assert.True(book.Search.Find("Kedlerstraße 7").IsAmbiguous);
        Assert.False(book.Search.Find("Kellerstraße 7").IsAmbiguous);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("12")]
    [InlineData("47051")]
    [InlineData(",;-–.")]
    [InlineData("qqqqqqqqqqqq")]
    public void What_names_no_street_has_no_answer(string typed) => Assert.Empty(Books.Town.Search.Find(typed).Hits);

    [Fact]
    public void An_empty_book_has_no_answer() => Assert.Empty(Books.Of().Search.Find("Königstraße 12").Hits);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void No_more_answers_come_than_were_asked_for(int limit)
    {
        var hits = Books.Musterstadt.Search.Find("a", new() { Limit = limit }).Hits;

        Assert.InRange(hits.Length, 1, limit);
        Assert.Equal(hits.Length, hits.Distinct().Count());
    }

    internal static string Text(AddressBook book, SearchHit hit) => hit.Address < 0 ? book.StreetName(hit.Street) : $"{book.StreetName(hit.Street)} {book.Label(hit.Address)}";
}
