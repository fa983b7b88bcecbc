using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Streets;
using Microsoft.Extensions.Time.Testing;

namespace Kehrwerk.Portal.Tests.Atlas;

public sealed class AtlasUpdateTests : IDisposable
{
    private static readonly GeoBounds Town = new(51.3, 6.6, 51.6, 6.9);

    private readonly string folder = Directory.CreateTempSubdirectory("atlas").FullName;
    private readonly FakeTimeProvider time = new(new(2027, 3, 1, 4, 30, 0, TimeSpan.Zero));
    private readonly AddressBook book = AddressBook.Of(
        [
            .. Enumerable.Range(1, 30).Select(n => new AddressEntry("Königstraße", "1", $"{n}", "47051", "Duisburg", "Mitte", new(51.43, 6.76 + (n * 1e-4)), n)),
            new AddressEntry("Ackerstraße", "2", "5", "47051", "Duisburg", "Mitte", new(51.44, 6.76), 41),
            new AddressEntry("Ackerstraße", "3", "5", "47249", "Duisburg", "Süd", new(51.36, 6.75), 42),
        ],
        "Duisburg");

    private readonly AtlasStore store;
    private readonly AtlasUpdate update;

    public AtlasUpdateTests()
    {
        store = AtlasStore.Open(Path.Combine(folder, "atlas.db"));
        update = new(store, book, new(book), Town, time);
    }

    private static FibreSource Source { get; } = FibreSources.Parse("atlas.json", """
        { "sources": [ {
          "id": "city", "name": "Ausbauliste der Stadt", "publisher": "Stadt Duisburg", "licence": "dl-de/by-2-0", "path": "list.csv",
          "mapping": {
            "fields": { "street": "Strasse", "houseNumber": "Nr", "postcode": "PLZ", "project": "Projekt", "stage": "Stand", "cost": "Kosten", "expected": "Termin", "reason": "Grund", "asOf": "Datum" },
            "fixed": { "provider": "DuNetz", "technology": "ftth", "services": "gigabit,iptv", "funding": "public" },
            "values": { "stage": { "in Bau": "underConstruction", "geplant": "inPlanning", "fertig": "passed" } }
          } } ] }
        """u8).Sources[0];

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_list_is_published_and_says_at_each_address_what_it_said()
    {
        var result = Publish(
            "Königstr.;12;47051;DU-1;in Bau;0,00;2027-Q3;;01.03.2027",
            "koenigstrasse;13;;DU-1;geplant;;31.12.2027;;2027-03-01",
            "Ackerstr.;5;47249;DU-2;fertig;250;;;");

        Assert.Equal(("published", 3, 3, 0, 0, 0), Told(result.Run));
        var (source, said) = Assert.Single(store.StatementsOf("47051/koenigstrasse/12"));
        Assert.Equal("city", source);
        Assert.Equal(
            new FibreStatement(
                "47051/koenigstrasse/12", "DU-1", "DuNetz", FibreStage.UnderConstruction, AccessTechnology.Ftth, FibreServices.Gigabit | FibreServices.Iptv, Funding.Public, 0m,
                new RoughDate(2027, Quarter: 3), "", new(2027, 3, 1)),
            said);
        Assert.Equal(new RoughDate(2027, 0, 12, 31), store.StatementsOf("47051/koenigstrasse/13")[0].Statement.Expected);
        Assert.Equal(250m, store.StatementsOf("47249/ackerstrasse/5")[0].Statement.CostEur);
        Assert.Empty(store.StatementsOf("47051/ackerstrasse/5"));
        Assert.Empty(store.Changes(0, 10));
        Assert.Equal(new DateOnly(2027, 3, 1), store.Sources()[0].AsOf);
    }

    [Fact]
    public void What_is_said_otherwise_the_next_day_is_a_change_with_its_reason()
    {
        Publish("Königstr.;12;47051;DU-1;in Bau;;2027-Q3;;", "Königstr.;13;47051;DU-1;geplant;;;;");
        time.Advance(TimeSpan.FromDays(1));

        var result = Publish("Königstr.;12;47051;DU-1;fertig;;2028-Q1;Frost im Boden;", "Königstr.;14;47051;DU-1;geplant;;;;");

        Assert.Equal(("published", 2, 1, 1, 1, 0), Told(result.Run));
        var changes = store.ChangesOf("47051/koenigstrasse/12", []);
        Assert.Equal(
            [("expected", "2027-Q3", "2028-Q1", "Frost im Boden"), ("stage", "UnderConstruction", "Passed", "Frost im Boden")],
            changes.Select(c => (c.Field, c.Before, c.After, c.Reason)).Order());
        Assert.All(changes, c => Assert.Equal(new DateOnly(2027, 3, 2), c.Day));
        Assert.Equal(["gone", "new"], store.Changes(0, 10).Where(c => c.Address != "47051/koenigstrasse/12").Select(c => c.Field).Order());
        Assert.Empty(store.StatementsOf("47051/koenigstrasse/13"));
    }

    [Fact]
    public void The_same_list_again_changes_nothing()
    {
        Publish("Königstr.;12;47051;DU-1;in Bau;;;;2027-03-01");
        time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(("unchanged", 1, 0, 0, 0, 0), Told(Publish("Königstr.;12;47051;DU-1;in Bau;;;;2027-03-02").Run));

        Assert.Empty(store.Changes(0, 10));
        Assert.Equal(new DateOnly(2027, 3, 2), store.StatementsOf("47051/koenigstrasse/12")[0].Statement.AsOf);
    }

    [Theory]
    [InlineData("Königstr.;12;47051;DU-1;am Bau;;;;", "Stand 'am Bau'")]
    [InlineData("Königstr.;12;47051;DU-1;in Bau;1.000,00;;;", "Kosten '1.000,00'")]
    [InlineData("Königstr.;12;47051;DU-1;in Bau;;bald;;", "Termin 'bald'")]
    [InlineData("Königstr.;12;47051;DU-1;in Bau;;;;gestern", "Datum 'gestern'")]
    [InlineData("12;Königstr.;47051;DU-1;in Bau;;;;", "Strasse '12'")]
    [InlineData("Königstr.;12;4705;DU-1;in Bau;;;;", "PLZ '4705'")]
    [InlineData("Königstr.;11;47051;DU-1;in Bau;;;;\nKönigstraße;11;;DU-1;in Bau;;;;", "Line 3 has the same address and project")]
    public void A_wrong_row_refuses_the_whole_list_and_yesterdays_data_stay(string row, string problem)
    {
        Publish("Königstr.;11;47051;DU-1;geplant;;;;", "Königstr.;12;47051;DU-1;geplant;;;;");

        var result = Publish("Königstr.;10;47051;DU-1;in Bau;;;;", row);

        Assert.Equal("refused", result.Run.Outcome);
        Assert.Contains(problem, result.Run.Report, StringComparison.Ordinal);
        Assert.Matches("list.csv, line [34]", result.Problems[0].ToString());
        Assert.Empty(store.StatementsOf("47051/koenigstrasse/10"));
        Assert.Equal(FibreStage.InPlanning, store.StatementsOf("47051/koenigstrasse/12")[0].Statement.Stage);
        Assert.Equal(["refused", "published"], store.UpdateRuns(5).Select(r => r.Outcome));
    }

    [Fact]
    public void A_list_that_has_shrunk_is_refused()
    {
        Publish([.. Enumerable.Range(1, 30).Select(n => $"Königstr.;{n};47051;DU-1;in Bau;;;;")]);

        var result = Publish([.. Enumerable.Range(1, 20).Select(n => $"Königstr.;{n};47051;DU-1;fertig;;;;")]);

        Assert.Equal("refused", result.Run.Outcome);
        Assert.Contains("10 of 30 rows are gone", result.Run.Report, StringComparison.Ordinal);
        Assert.Equal(FibreStage.UnderConstruction, store.StatementsOf("47051/koenigstrasse/1")[0].Statement.Stage);
    }

    [Fact]
    public void Addresses_that_nobody_knows_are_named_and_too_many_of_them_refuse_the_list()
    {
        var some = Publish([.. Enumerable.Range(1, 30).Select(n => $"Königstr.;{n};47051;DU-1;in Bau;;;;"), "Nirgendweg;1;47051;DU-1;in Bau;;;;", "Ackerstr.;5;;DU-1;in Bau;;;;"]);
        Assert.Equal((30, 2), (some.Run.Rows, some.Run.Unmatched));
        // Two streets of one name without a postcode: not known which.
        Assert.Equal([new UnmatchedRow(32, "Nirgendweg 1, 47051"), new UnmatchedRow(33, "Ackerstr. 5")], some.Unmatched);

        var many = Publish("Königstr.;1;47051;DU-1;in Bau;;;;", "Nirgendweg;1;47051;DU-1;in Bau;;;;");
        Assert.Equal("refused", many.Run.Outcome);
        Assert.Contains("1 of 2 rows name no address", many.Run.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_that_contradict_each_other_and_dates_that_have_passed_are_found()
    {
        Publish("Königstr.;12;47051;DU-1;in Bau;;2026-Q4;;", "Königstr.;13;47051;DU-1;geplant;;2027-Q4;;");
        Publish(Source with { Id = "operator" }, "Königstr.;12;47051;DU-1;fertig;;;;");

        Assert.Equal(
            new Contradiction("47051/koenigstrasse/12", "DuNetz", "city", FibreStage.UnderConstruction, "operator", FibreStage.Passed), Assert.Single(store.Contradictions(10)));
        var (addresses, projects) = store.Overdue(new(2027, 3, 1));
        Assert.Equal((1, ("DU-1", "DuNetz", new RoughDate(2026, Quarter: 4), 1)), (addresses, Assert.Single(projects)));
        Assert.Equal(new Dictionary<FibreStage, int> { [FibreStage.Passed] = 1, [FibreStage.InPlanning] = 1 }, store.Coverage());
    }

    [Fact]
    public void Projects_come_with_their_areas_and_their_delays_are_changes()
    {
        var source = FibreSources.Parse("atlas.json", """
            { "sources": [ { "id": "projects", "name": "Projekte", "publisher": "Stadt", "kind": "projects", "path": "projects.geojson",
              "mapping": { "fields": { "id": "id", "name": "name", "stage": "stage", "expected": "expected", "reason": "reason" } } } ] }
            """u8).Sources[0];
        Assert.Equal("published", Projects(source, "2024-Q4", "", "6.7,51.4").Outcome);
        time.Advance(TimeSpan.FromDays(1));

        Assert.Equal("published", Projects(source, "2026-Q2", "Die erste Firma ist insolvent", "6.7,51.4").Outcome);

        var change = Assert.Single(store.ChangesOf("47051/koenigstrasse/12", ["DU-1"]));
        Assert.Equal(("expected", "2024-Q4", "2026-Q2", "Die erste Firma ist insolvent"), (change.Field, change.Before, change.After, change.Reason));
        Assert.Contains("6.71", Assert.Single(store.Projects()).Project.Area, StringComparison.Ordinal);

        var swapped = Projects(source, "2026-Q2", "", "51.4,6.7");
        Assert.Equal("refused", swapped.Outcome);
        Assert.Contains("swapped", swapped.Report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "sources": [ { "id": "a b", "name": "", "publisher": "", "path": "x", "mapping": {} } ] }""", "letters, digits and hyphens")]
    [InlineData("""{ "sources": [ { "id": "a", "name": "", "publisher": "", "path": "x", "mapping": { "fields": { "strasse": "x" } } } ] }""", "'strasse' is no field")]
    [InlineData("""{ "sources": [ { "id": "a", "name": "", "publisher": "", "path": "x", "mapping": { "fields": { "street": "x" } } } ] }""", "No column is given for 'houseNumber'")]
    [InlineData("""{ "sources": [ { "id": "a", "name": "", "publisher": "", "path": "x", "maxShrink": 20, "mapping": {} } ] }""", "shares from 0 to 1")]
    [InlineData("""{ "sources": [ { "id": "a" } ] }""", "line 1")]
    public void A_wrong_list_of_sources_is_told_where(string json, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => FibreSources.Parse("atlas.json", System.Text.Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    private UpdateResult Publish(params string[] rows) => Publish(Source, rows);

    private UpdateResult Publish(FibreSource source, params string[] rows)
    {
        File.WriteAllText(Path.Combine(folder, "list.csv"), $"Strasse;Nr;PLZ;Projekt;Stand;Kosten;Termin;Grund;Datum\n{string.Join('\n', rows)}\n");
        return update.Run(source, folder);
    }

    private UpdateRun Projects(FibreSource source, string expected, string reason, string corner)
    {
        var (x, y) = (decimal.Parse(corner.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture), decimal.Parse(corner.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture));
        var ring = string.Join(',', new[] { (0m, 0m), (0.01m, 0m), (0.01m, 0.01m), (0m, 0.01m), (0m, 0m) }.Select(c => FormattableString.Invariant($"[{x + c.Item1},{y + c.Item2}]")));
        File.WriteAllText(
            Path.Combine(folder, "projects.geojson"),
            $$$"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"DU-1","name":"Weiße Flecken Mitte","stage":"underConstruction","expected":"{{{expected}}}","reason":"{{{reason}}}"},"geometry":{"type":"Polygon","coordinates":[[{{{ring}}}]]}}]}""");
        return update.Run(source, folder).Run;
    }

    private static (string, int, int, int, int, int) Told(UpdateRun run) => (run.Outcome, run.Rows, run.Added, run.Changed, run.Gone, run.Unmatched);
}
