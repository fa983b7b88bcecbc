using System.Net;
using System.Xml.Linq;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Portal.Tests.Addresses;
using Microsoft.Extensions.Time.Testing;

namespace Kehrwerk.Portal.Tests.Pages;

public sealed class PortalPagesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new(2027, 3, 1, 4, 30, 0, TimeSpan.Zero));
    private PortalServer server = null!;

    public async ValueTask InitializeAsync() => server = await PortalServer.StartAsync(Books.Town, time);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("Königstraße 12", "/adresse/47051/koenigstrasse/12")]
    [InlineData("koenigstr 12a", "/adresse/47051/koenigstrasse/12a")]
    [InlineData("12 Königstr. Duisburg", "/adresse/47051/koenigstrasse/12")]
    public async Task Who_writes_an_address_is_led_to_its_page(string text, string path)
    {
        using var answer = await server.Get($"/suche?q={Uri.EscapeDataString(text)}");

        Assert.Equal((HttpStatusCode.Redirect, path), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("Königstraße 13", "the nearest known house number")]
    [InlineData("Königstraße 12c", "without the suffix that you entered")]
    [InlineData("Königstrase 12", "spelling corrected")]
    [InlineData("Hauptstraße 5", "Several addresses fit equally well")]
    [InlineData("Ludgeriplatz", "House numbers: Ludgeriplatz")]
    [InlineData("Königstraße 12 Xanten", "not considered: xanten")]
    [InlineData("qqqqqq", "No address was found")]
    [InlineData("", "No address was found")]
    public async Task What_is_not_quite_what_was_typed_says_so(string text, string said) =>
        Assert.Contains(said, await server.Page($"/suche?q={Uri.EscapeDataString(text)}"), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("'; DROP TABLE statement; --")]
    [InlineData("\0\r\n\u202e")]
    public async Task What_is_typed_is_shown_as_text(string text)
    {
        using var answer = await server.Get($"/suche?q={Uri.EscapeDataString(text)}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("<script>alert", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_characters_are_answered() =>
        Assert.Contains("No address was found", await server.Page($"/suche?q={new string('z', 10_000)}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/adresse/47051/koenigstrasse/99")]
    [InlineData("/adresse/47051/nirgends/1")]
    [InlineData("/nirgends")]
    public async Task A_page_that_is_not_there_is_not_found_and_helps_on(string path)
    {
        using var answer = await server.Get(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("role=\"search\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_which_nobody_says_anything_says_so_and_whom_to_ask()
    {
        var page = await server.Page("/adresse/47051/koenigstrasse/12");

        Assert.Contains("<h1 class=\"kern-heading-large\">Königstraße 12, 47051 Duisburg</h1>", page, StringComparison.Ordinal);
        Assert.Contains("No source says anything", page, StringComparison.Ordinal);
        Assert.Contains("Gigabit coordinator", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_says_who_says_what_since_when_and_what_it_costs()
    {
        Publish("city", "DuNetz", FibreStage.UnderConstruction, new(2026, Quarter: 4), 0);
        time.Advance(TimeSpan.FromDays(1));
        Publish("city", "DuNetz", FibreStage.UnderConstruction, new(2027, Quarter: 1), 0, "frost in the ground");
        Publish("other", "DuNetz", FibreStage.Passed, null, 799);

        var page = await server.Page("/adresse/47051/koenigstrasse/12");

        Assert.Contains("Fibre passes the house. The house can be connected.", page, StringComparison.Ordinal);
        Assert.Contains("The sources contradict each other", page, StringComparison.Ordinal);
        Assert.Contains("Publisher of city says", page, StringComparison.Ordinal);
        Assert.Contains("799.00 €", page, StringComparison.Ordinal);
        Assert.Contains("2027, quarter 1", page, StringComparison.Ordinal);
        Assert.Contains("Date: 2026, quarter 4 → 2027, quarter 1", page, StringComparison.Ordinal);
        Assert.Contains("because: frost in the ground", page, StringComparison.Ordinal);
        Assert.DoesNotContain("The announced date has passed", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 1_000, 100_000);

        time.Advance(TimeSpan.FromDays(60));
        Assert.Contains("The announced date has passed", await server.Page("/adresse/47051/koenigstrasse/12"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_is_a_page_and_a_feed()
    {
        Publish("city", "DuNetz", FibreStage.UnderConstruction, null, 0);
        Publish("city", "DuNetz", FibreStage.Passed, null, 0, "done");

        Assert.Contains("State: Under construction → Passes the house", await server.Page("/aenderungen"), StringComparison.Ordinal);
        using var answer = await server.Get("/aenderungen.atom");
        Assert.Equal("application/atom+xml", answer.Content.Headers.ContentType?.MediaType);
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var entry = Assert.Single(XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Root!.Elements(atom + "entry"));
        Assert.EndsWith("/adresse/47051/koenigstrasse/12", entry.Element(atom + "link")!.Attribute("href")!.Value, StringComparison.Ordinal);
        Assert.StartsWith("Königstraße 12", entry.Element(atom + "title")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_of_the_data_names_sources_coverage_and_what_is_wrong()
    {
        Publish("city", "DuNetz", FibreStage.UnderConstruction, new(2026, Quarter: 4), 0);
        Publish("other", "DuNetz", FibreStage.Passed, null, 0);

        var page = await server.Page("/datenstand");

        Assert.Contains("Publisher of city", page, StringComparison.Ordinal);
        Assert.Contains("DuNetz, Project P: 2026, quarter 4", page, StringComparison.Ordinal);
        Assert.Contains("Name of city says “Under construction”; Name of other says “Passes the house”", page, StringComparison.Ordinal);
        Assert.Matches($@"mentioned by no source</th><td class=""number"">{Books.Town.Count - 1}<", page);
    }

    private void Publish(string source, string provider, FibreStage stage, RoughDate? expected, decimal cost, string reason = "")
    {
        var of = new FibreSource { Id = source, Name = $"Name of {source}", Publisher = $"Publisher of {source}", Path = "-", Mapping = new() };
        var statement = new FibreStatement(
            "47051/koenigstrasse/12", "P", provider, stage, AccessTechnology.Ftth, FibreServices.Gigabit, Funding.Public, cost, expected, reason, server.Data.Today);
        Assert.Equal("published", new AtlasPublication(server.Data.Atlas, of, time.GetLocalNow()).Publish([statement], 0).Outcome);
    }
}
