using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Portal.Tests.Addresses;
using Kehrwerk.Portal.Tests.Pages;
using Kehrwerk.Streets;
using Microsoft.Extensions.Time.Testing;

namespace Kehrwerk.Portal.Tests.Sweeping;

public sealed class SweepingTests : IAsyncLifetime
{
    private const string AtHouse = "/adresse/47051/koenigstrasse/12";

    // A Wednesday.
    private readonly FakeTimeProvider time = new(new(2027, 3, 3, 10, 0, 0, TimeSpan.Zero));
    private static readonly City City = Books.DemoTown;
    private static readonly Kerb Own = City.Kerbs.First(k => k.Class.Id == "S2" && k.Street.Length > 0 && City.Kerbs.Count(o => Segment(o) == Segment(k)) == 2);
    private static readonly Kerb Other = City.Kerbs.First(k => Segment(k) == Segment(Own) && k.Id != Own.Id);

    private SweepFacts facts = SweepFacts.None;
    private PortalServer server = null!;

    public async ValueTask InitializeAsync() => server = await PortalServer.StartAsync(
        Books.Town,
        time,
        new(
            address => Books.Town.StreetName(Books.Town.StreetOf(address)) == "Königstraße" ? Own.Id : -1,
            // One's own side on Mondays and Wednesdays, the other every second Friday.
            monday => new(monday, [.. City.Kerbs.Select(k => k.Id == Own.Id ? Every(0, 2) : k.Id == Other.Id ? [.. Every(4).Where((_, i) => i % 2 == 0)] : ImmutableArray<int>.Empty)]),
            () => facts,
            new() { ParkingBans = [new("Königstr.", HouseSide.Even, new(7, 0), new(12, 30))] }));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static int Segment(Kerb kerb) => City.Streets.ArcSegment[kerb.Arc];

    private static ImmutableArray<int> Every(params int[] days) => [.. Enumerable.Range(0, SweepingDays.Weeks).SelectMany(week => days.Select(day => (7 * week) + day))];

    [Fact]
    public async Task An_address_says_when_both_sides_are_swept_and_what_residents_do()
    {
        var page = await server.Page(AtHouse);

        Assert.Contains("Next sweeping day: today", page, StringComparison.Ordinal);
        Assert.Contains("every week: Monday, Wednesday", page, StringComparison.Ordinal);
        Assert.Contains("every second week: Friday", page, StringComparison.Ordinal);
        Assert.Contains("8 March 2027 · 10 March 2027 · 15 March 2027", page, StringComparison.Ordinal);
        Assert.Contains("no sweep on record", page, StringComparison.Ordinal);
        Assert.Contains("The city sweeps the carriageway", page, StringComparison.Ordinal);
        Assert.Contains("parking is banned here from 07:00 to 12:30", page, StringComparison.Ordinal);
        Assert.DoesNotContain("parking is banned", await server.Page("/adresse/47229/hauptstrasse/5"), StringComparison.Ordinal);
        Assert.Contains("The city sweeps no carriageway", await server.Page("/adresse/47229/hauptstrasse/5"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_swept_today_is_next_swept_another_day()
    {
        Tell(new() { Swept = new Dictionary<int, LastSweep> { [Own.Id] = new(time.GetUtcNow().AddHours(-2), "KW-02") }.ToFrozenDictionary() });

        var page = await server.Page(AtHouse);

        Assert.Contains("Next sweeping day: Monday, 8 March 2027", page, StringComparison.Ordinal);
        Assert.Contains("3 March 2027, 08:00, by vehicle KW-02", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_not_swept_reads_why_until_it_was()
    {
        var unswept = new Unswept(UnsweptReason.ParkedVehicles, time.GetUtcNow().AddHours(-3), 21.4);
        Tell(new() { Unswept = new Dictionary<int, Unswept> { [Own.Id] = unswept }.ToFrozenDictionary(), UnderWay = new Dictionary<int, string> { [Own.Id] = "KW-07" }.ToFrozenDictionary(), Closed = new[] { Own.Id }.ToFrozenSet() });

        var page = await server.Page(AtHouse);

        Assert.Contains("22 m on 3 March 2027: vehicles were parked at the kerb", page, StringComparison.Ordinal);
        Assert.Contains("vehicle KW-07 is on its way", page, StringComparison.Ordinal);
        Assert.Contains("The street is closed here", page, StringComparison.Ordinal);

        Tell(new() { Unswept = new Dictionary<int, Unswept> { [Own.Id] = unswept }.ToFrozenDictionary(), Swept = new Dictionary<int, LastSweep> { [Own.Id] = new(time.GetUtcNow(), "KW-07") }.ToFrozenDictionary() });
        Assert.DoesNotContain("vehicles were parked", await server.Page(AtHouse), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calendar_has_the_days_of_nine_weeks_and_stays_the_same_when_it_is_read_again()
    {
        var german = await Text(AtHouse + "/kehrtage.ics?sprache=de");
        var english = await Text(AtHouse + "/kehrtage.ics?sprache=en");

        var lines = Unfold(english);
        // From today on to this day in nine weeks.
        Assert.Equal(19, lines.Count(l => l.StartsWith("SUMMARY:Street sweeping: Königstraße 12\\, 47051", StringComparison.Ordinal)));
        Assert.Equal(5, lines.Count(l => l.StartsWith("SUMMARY:Street sweeping on the other side", StringComparison.Ordinal)));
        Assert.Contains("DTSTART;VALUE=DATE:20270303", lines);
        Assert.Contains("DTEND;VALUE=DATE:20270304", lines);
        Assert.Contains(lines, l => l.StartsWith("DESCRIPTION:On sweeping days parking is banned", StringComparison.Ordinal));
        Assert.Contains("SUMMARY:Straßenreinigung: ", german, StringComparison.Ordinal);
        Assert.All(english.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.Equal(Uids(lines).Distinct().Count(), Uids(lines).Count);

        time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(Uids(Unfold(await Text(AtHouse + "/kehrtage.ics?sprache=en"))).Except([.. Uids(lines), Uid("20270505"), Uid("20270507")]));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get("/adresse/47051/koenigstrasse/99/kehrtage.ics")).StatusCode);
    }

    [Fact]
    public async Task A_street_is_told_by_its_parts_and_found_by_its_name()
    {
        using var found = await server.Get($"/kehrtage/strasse?name={Uri.EscapeDataString(Own.Street)}");
        Assert.Equal(HttpStatusCode.Redirect, found.StatusCode);

        var page = await server.Page(found.Headers.Location!.OriginalString);

        Assert.Contains($"Sweeping days: {Own.Street}", page, StringComparison.Ordinal);
        Assert.Contains("every week: Monday, Wednesday", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get("/kehrtage/strasse/nirgends")).StatusCode);
    }

    [Fact]
    public async Task The_map_has_an_age_for_every_kerb()
    {
        Tell(new()
        {
            Swept = new Dictionary<int, LastSweep> { [Own.Id] = new(time.GetUtcNow().AddHours(-2), "KW-02"), [Other.Id] = new(time.GetUtcNow().AddDays(-20), "KW-02") }.ToFrozenDictionary(),
        });

        var ages = JsonDocument.Parse(await Text("/kehrtage/stand.json")).RootElement.GetProperty("ages").GetString()!;

        Assert.Equal(City.Kerbs.Length, ages.Length);
        Assert.Equal(('0', '4'), (ages[Own.Id], ages[Other.Id]));
        Assert.Equal(City.Kerbs.Count(k => k.Class.TimesPerWeek > 0) - 2, ages.Count(a => a == '5'));
        Assert.Contains("longer ago", await server.Page("/kehrtage"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "parkingBans": [{ "street": "A", "side": "Odd", "from": "12:00", "to": "07:00" }] }""", "ends at 07:00, before it begins")]
    [InlineData("""{ "parkingBan": [] }""", "parkingBan")]
    [InlineData("""{ "parkingBans": [{ "street": "A", "side": "left", "from": "07:00", "to": "12:00" }] }""", "line 1")]
    public void Rules_that_cannot_be_read_are_refused(string json, string said)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, json);

        Assert.Contains(said, Assert.Throws<InputException>(() => SweepingRules.Load(file)).Message, StringComparison.Ordinal);

        File.Delete(file);
    }

    // What is on record is read again after some seconds.
    private void Tell(SweepFacts now)
    {
        facts = now;
        time.Advance(TimeSpan.FromSeconds(16));
    }

    private async Task<string> Text(string path)
    {
        using var answer = await server.Get(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static List<string> Unfold(string file) => [.. file.Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n")];

    private static List<string> Uids(List<string> lines) => [.. lines.Where(l => l.StartsWith("UID:", StringComparison.Ordinal))];

    private string Uid(string day) => $"UID:{day}-47051-koenigstrasse-12@{server.Client.BaseAddress!.Host}";
}
