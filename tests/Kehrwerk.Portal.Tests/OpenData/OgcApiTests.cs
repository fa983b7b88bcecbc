using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CsCheck;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Portal.OpenData;
using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Portal.Tests.Addresses;
using Kehrwerk.Portal.Tests.Pages;
using Microsoft.Extensions.Time.Testing;

namespace Kehrwerk.Portal.Tests.OpenData;

public sealed class OgcApiTests : IAsyncLifetime
{
    private const string Area = """{"type":"Polygon","coordinates":[[[6.69,51.39],[6.71,51.39],[6.71,51.41],[6.69,51.41],[6.69,51.39]]]}""";

    private readonly FakeTimeProvider time = new(new(2027, 3, 1, 4, 30, 0, TimeSpan.Zero));
    private PortalServer server = null!;

    public async ValueTask InitializeAsync()
    {
        var swept = new Dictionary<int, LastSweep> { [0] = new(time.GetUtcNow().AddDays(-3), "KW-01"), [1] = new(time.GetUtcNow().AddHours(-1), "KW-02") }.ToFrozenDictionary();
        server = await PortalServer.StartAsync(
            Books.Town, time, new(_ => 0, monday => new(monday, [.. Books.DemoTown.Kerbs.Select(_ => ImmutableArray.Create(2))]), () => new() { Swept = swept }, SweepingRules.None));
        FibreSource Source(string id) => new() { Id = id, Name = id, Publisher = $"Publisher of {id}", Licence = "dl-de/by-2-0", Path = "-", Mapping = new() };
        new AtlasPublication(server.Data.Atlas, Source("projects"), time.GetLocalNow()).Publish(
        [
            new FibreProject("P/1", "Nord", "DuNetz", Funding.Public, FibreStage.InPlanning, "", "", new(2028), "", Area, new(2027, 2, 1)),
            new FibreProject("P2", "Süd", "DuNetz", Funding.OwnEconomy, FibreStage.Announced, "", "", null, "", null, new(2027, 1, 1)),
        ]);
        new AtlasPublication(server.Data.Atlas, Source("city"), time.GetLocalNow()).Publish(
            [new FibreStatement("47051/koenigstrasse/12", "P/1", "DuNetz", FibreStage.Passed, AccessTechnology.Ftth, FibreServices.None, Funding.Public, null, null, "", new(2027, 2, 1))], 0);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task From_the_landing_page_everything_is_reached_by_its_links()
    {
        var seen = new HashSet<string>();
        var open = new Queue<string>([new Uri(server.Client.BaseAddress!, "/ogc").ToString()]);
        while (open.TryDequeue(out var address))
        {
            if (!address.StartsWith(server.Client.BaseAddress!.ToString(), StringComparison.Ordinal) || !seen.Add(address))
            {
                continue;
            }

            using var answer = await server.Client.GetAsync(new Uri(address), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, address);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (answer.Content.Headers.ContentType!.MediaType!.Contains("json", StringComparison.Ordinal))
            {
                Links(JsonNode.Parse(text)!, open);
            }
        }

        Assert.Superset(
            new HashSet<string>(["/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/addresses", "/ogc/collections/projects/items", "/ogc/collections/sweeping/items?f=html", "/daten/addresses.csv"]),
            seen.Select(a => new Uri(a).PathAndQuery).ToHashSet());

        static void Links(JsonNode node, Queue<string> to)
        {
            if (node is JsonObject o && o["href"] is { } href)
            {
                to.Enqueue(href.GetValue<string>());
            }

            foreach (var child in node is JsonObject fields ? fields.Select(f => f.Value) : node is JsonArray items ? items : [])
            {
                if (child is not (null or JsonValue))
                {
                    Links(child, to);
                }
            }
        }
    }

    [Fact]
    public async Task An_address_says_its_stage_and_its_cleaning_class()
    {
        var item = await Json("/ogc/collections/addresses/items/47051:koenigstrasse:12");

        Assert.Equal("47051:koenigstrasse:12", item["id"]!.GetValue<string>());
        Assert.Equal("passed", item["properties"]!["fibreStage"]!.GetValue<string>());
        Assert.Equal(Books.DemoTown.Kerbs[0].Class.Id, item["properties"]!["cleaningClass"]!.GetValue<string>());
        Assert.Equal(6.7003, item["geometry"]!["coordinates"]![0]!.GetValue<double>(), 6);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get("/ogc/collections/addresses/items/47051:koenigstrasse:99")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Get("/ogc/collections/ducts/items")).StatusCode);
    }

    [Fact]
    public async Task Pages_follow_one_another_until_every_feature_was_seen_once()
    {
        var seen = new List<string>();
        var next = "/ogc/collections/addresses/items?limit=7";
        while (next is not null)
        {
            var page = await Json(next);
            Assert.Equal(Books.Town.Count, page["numberMatched"]!.GetValue<int>());
            seen.AddRange(page["features"]!.AsArray().Select(f => f!["id"]!.GetValue<string>()));
            next = page["links"]!.AsArray().FirstOrDefault(l => l!["rel"]!.GetValue<string>() == "next")?["href"]!.GetValue<string>() is { } href ? new Uri(href).PathAndQuery : null;
        }

        Assert.Equal(Books.Town.Count, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_box_and_a_time_take_what_lies_in_them()
    {
        Assert.Equal(1, await Count("projects", "bbox=6.7,51.4,6.70001,51.40001"));
        Assert.Equal(1, await Count("projects", "bbox=6.7,51.4,0,6.70001,51.40001,90"));
        Assert.Equal(0, await Count("projects", "bbox=7.7,51.4,7.8,51.5"));
        Assert.Equal(2, await Count("projects", "datetime=../2027-02-01"));
        Assert.Equal(1, await Count("projects", "datetime=2027-01-15T00:00:00Z/.."));
        Assert.Equal(1, await Count("projects", "datetime=2027-01-01"));
        // What was never swept has no time, and so is in every span.
        var never = Books.DemoTown.Kerbs.Length - 2;
        Assert.Equal(never + 1, await Count("sweeping", "datetime=2027-02-28/.."));
        Assert.Equal(never, await Count("sweeping", "datetime=2020-01-01/2020-12-31"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("bbox=1,2,3", "bbox")]
    [InlineData("bbox=7,51,6,52", "bbox")]
    [InlineData("bbox=a,b,c,d", "bbox")]
    [InlineData("bbox=1,2,NaN,4", "bbox")]
    [InlineData("datetime=yesterday", "datetime")]
    [InlineData("datetime=2027-02-01/2027-01-01", "datetime")]
    [InlineData("f=xml", "f is")]
    [InlineData("colour=red", "colour")]
    public async Task What_cannot_be_asked_is_refused_with_the_reason(string query, string said)
    {
        using var answer = await server.Get("/ogc/collections/addresses/items?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(said, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_span_holds_what_lies_between_its_ends() => Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample(
        (a, b, c) =>
        {
            var start = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
            string Written(int hours) => start.AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var (low, high) = (Math.Min(a, b), Math.Max(a, b));
            Assert.True(TimeSpanAsked.TryParse($"{Written(low)}/{Written(high)}", out var span));
            Assert.Equal(c >= low && c <= high, span.Holds(start.AddHours(c)));
            Assert.True(TimeSpanAsked.TryParse($"../{Written(high)}", out var open));
            Assert.Equal(c <= high, open.Holds(start.AddHours(c)));
        },
        iter: 200);

    [Fact]
    public async Task Everything_comes_as_a_table_with_its_licence_and_day()
    {
        using var answer = await server.Get("/daten/projects.csv");

        Assert.Contains("<https://www.govdata.de/dl-de/by-2-0>; rel=\"license\"", string.Join(',', answer.Headers.GetValues("Link")), StringComparison.Ordinal);
        Assert.Equal("projects-2027-02-01.csv", answer.Content.Headers.ContentDisposition!.FileName);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.StartsWith("id,project,name,provider,funding,stage,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("projects:P_1,P/1,Nord,DuNetz,public,inPlanning,,2028,,Publisher of projects,dl-de/by-2-0,2027-02-01,\"{\"\"type\"\"", lines[1], StringComparison.Ordinal);
        var addresses = await (await server.Get("/daten/addresses.csv")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Books.Town.Count + 1, addresses.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task The_catalogue_names_every_collection_with_licence_and_files()
    {
        using var answer = await server.Get("/daten/katalog.rdf");

        Assert.Equal("application/rdf+xml", answer.Content.Headers.ContentType!.MediaType);
        XNamespace dcat = "http://www.w3.org/ns/dcat#", dct = "http://purl.org/dc/terms/", rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
        var catalogue = XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Root!.Element(dcat + "Catalog")!;
        Assert.Equal(3, catalogue.Descendants(dcat + "Dataset").Count());
        Assert.All(catalogue.Descendants(dcat + "Distribution"), d => Assert.NotEmpty(d.Elements(dct + "license")));
        foreach (var file in catalogue.Descendants(dcat + "downloadURL").Select(d => d.Attribute(rdf + "resource")!.Value))
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Get(new Uri(file).PathAndQuery)).StatusCode);
        }
    }

    [Fact]
    public async Task Gdal_reads_every_collection()
    {
        Assert.SkipUnless(Ogr.IsThere, "ogrinfo is not installed (Debian: gdal-bin)");

        var root = new Uri(server.Client.BaseAddress!, "/ogc");
        var all = await Ogr.Info("-ro", "-al", "-so", $"OAPIF:{root}");

        Assert.Contains("Layer name: addresses", all, StringComparison.Ordinal);
        Assert.Contains("Layer name: projects", all, StringComparison.Ordinal);
        Assert.Contains("Layer name: sweeping", all, StringComparison.Ordinal);
        Assert.Contains($"Feature Count: {Books.Town.Count}", all, StringComparison.Ordinal);
        Assert.Contains($"Feature Count: {Books.DemoTown.Kerbs.Length}", all, StringComparison.Ordinal);
        Assert.Contains("houseNumber: String", all, StringComparison.Ordinal);
        Assert.Contains("timesPerWeek: Real", all, StringComparison.Ordinal);

        var one = await Ogr.Info("-ro", "-spat", "6.7002", "51.3999", "6.7004", "51.4001", $"OAPIF:{root}", "addresses");
        Assert.Contains("Feature Count: 1", one, StringComparison.Ordinal);
        Assert.Contains("street (String) = Königstraße", one, StringComparison.Ordinal);
    }

    private async Task<int> Count(string collection, string query) => (await Json($"/ogc/collections/{collection}/items?limit=1&{query}"))["numberMatched"]!.GetValue<int>();

    private async Task<JsonNode> Json(string path)
    {
        using var answer = await server.Get(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }
}
