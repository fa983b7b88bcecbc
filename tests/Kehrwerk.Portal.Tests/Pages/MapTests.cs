using System.Net;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Portal.Tests.Addresses;
using Microsoft.Extensions.Time.Testing;
using NetTopologySuite.Features;
using NetTopologySuite.IO.VectorTiles.Mapbox;
using Tile = NetTopologySuite.IO.VectorTiles.Tiles.Tile;

namespace Kehrwerk.Portal.Tests.Pages;

public sealed class MapTests : IAsyncLifetime
{
    // Around Königstraße 12, and far to the east of it.
    private const string Area = """{"type":"Polygon","coordinates":[[[6.69,51.39],[6.71,51.39],[6.71,51.41],[6.69,51.41],[6.69,51.39]]]}""";
    private static readonly Tile AtHouse = Tile.CreateAroundLocation(51.4, 6.7003, 15)!;
    private static readonly Tile Elsewhere = Tile.CreateAroundLocation(51.4, 6.9, 15)!;

    private readonly FakeTimeProvider time = new(new(2027, 3, 1, 4, 30, 0, TimeSpan.Zero));
    private PortalServer server = null!;

    public async ValueTask InitializeAsync() => server = await PortalServer.StartAsync(Books.Town, time);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_tile_shows_projects_and_addresses_as_they_were_published()
    {
        Publish(FibreStage.InPlanning, FibreStage.UnderConstruction);

        var tile = await Read(AtHouse);

        var project = Assert.Single(tile["projects"]);
        Assert.Equal("P Projekt DuNetz 2 1", $"{project["project"]} {project["name"]} {project["provider"]} {project["stage"]} {project["funding"]}");
        var house = Assert.Single(tile["fibre"]);
        Assert.Equal("47051/koenigstrasse/12 DuNetz 3", $"{house["path"]} {house["provider"]} {house["stage"]}");
        Assert.Equal(["fibre", "project-names", "projects"], tile.Keys.Order());
    }

    [Fact]
    public async Task Addresses_come_when_near_and_empty_places_have_no_tile()
    {
        Publish(FibreStage.InPlanning, FibreStage.UnderConstruction);

        Assert.DoesNotContain("fibre", (await Read(Tile.CreateAroundLocation(51.4, 6.7003, 13)!)).Keys);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Get(Path(Elsewhere))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Get("/karte/kacheln/15/999999/1")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Get("/karte/kacheln/22/1/1")).StatusCode);
    }

    [Fact]
    public async Task A_tile_holds_until_the_next_publication_and_not_for_a_refused_one()
    {
        Publish(FibreStage.InPlanning, FibreStage.UnderConstruction);
        using var first = await server.Get(Path(AtHouse));
        var tag = first.Headers.ETag!.Tag;
        Assert.Equal(HttpStatusCode.NotModified, await Ask(tag));

        new AtlasPublication(server.Data.Atlas, Source("city"), time.GetLocalNow()).Refuse(0, 0, 0, "broken");
        Assert.Equal(HttpStatusCode.NotModified, await Ask(tag));

        Publish(FibreStage.Passed, FibreStage.Passed);
        // The old tiles are served while the new ones are made.
        Dictionary<string, List<IAttributesTable>> tile;
        for (var i = 0; (tile = await Read(AtHouse))["fibre"].Single()["stage"] is not 5L && i < 1000; i++)
        {
            await Task.Yield();
        }

        Assert.Equal(5L, Assert.Single(tile["projects"])["stage"]);
        Assert.Equal(HttpStatusCode.OK, await Ask(tag));
    }

    [Fact]
    public async Task What_lies_beyond_a_tile_is_cut_away()
    {
        Publish(FibreStage.InPlanning, FibreStage.UnderConstruction);

        using var answer = await server.Get(Path(AtHouse));
        var shape = new MapboxTileReader().Read(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), AtHouse)
            .Layers.Single(l => l.Name == "projects").Features.Single().Geometry;

        Assert.InRange(shape.EnvelopeInternal.Width, AtHouse.Right - AtHouse.Left, (AtHouse.Right - AtHouse.Left) * 1.05);
    }

    [Fact]
    public async Task The_page_lists_what_the_map_shows_and_chooses_without_scripts()
    {
        Publish(FibreStage.InPlanning, FibreStage.UnderConstruction);

        var all = await server.Page("/karte");
        Assert.Matches("""<li data-stage="2" data-funding="1" data-provider="DuNetz">""", all);
        Assert.Contains("1 addresses", all, StringComparison.Ordinal);

        var none = await server.Page("/karte?stand=Active&stand=%3Cscript%3E&mittel=7");
        Assert.Matches("""<li data-stage="2" data-funding="1" data-provider="DuNetz" hidden>""", none);
        Assert.Contains("No project fits this choice", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_page_that_is_made_for_it_stands_in_a_frame()
    {
        using var framed = await server.Get("/karte?embed=1&stand=Active");
        using var plain = await server.Get("/karte");

        Assert.EndsWith("frame-ancestors *", framed.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'none'", plain.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<header", await framed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> Ask(string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(AtHouse));
        request.Headers.IfNoneMatch.ParseAdd(tag);
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<Dictionary<string, List<IAttributesTable>>> Read(Tile tile)
    {
        using var answer = await server.Get(Path(tile));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new MapboxTileReader().Read(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), tile)
            .Layers.ToDictionary(l => l.Name, l => l.Features.Select(f => f.Attributes).ToList());
    }

    private static string Path(Tile tile) => $"/karte/kacheln/{tile.Zoom}/{tile.X}/{tile.Y}";

    private static FibreSource Source(string id) => new() { Id = id, Name = id, Publisher = id, Path = "-", Mapping = new() };

    private void Publish(FibreStage project, FibreStage house)
    {
        var day = server.Data.Today;
        new AtlasPublication(server.Data.Atlas, Source("projects"), time.GetLocalNow()).Publish(
            [new FibreProject("P", "Projekt", "DuNetz", Funding.Public, project, "", "", null, "", Area, day)]);
        new AtlasPublication(server.Data.Atlas, Source("city"), time.GetLocalNow()).Publish(
            [new FibreStatement("47051/koenigstrasse/12", "P", "DuNetz", house, AccessTechnology.Ftth, FibreServices.None, Funding.Public, null, null, "", day)], 0);
    }
}
