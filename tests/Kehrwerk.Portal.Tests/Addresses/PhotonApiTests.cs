using System.Net;
using System.Text.Json;
using Kehrwerk.Portal.Addresses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Portal.Tests.Addresses;

/// <summary>A server with the address interface of one book.</summary>
internal sealed class AddressServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private AddressServer(WebApplication app, Uri address)
    {
        this.app = app;
        Client = new() { BaseAddress = address };
    }

    public HttpClient Client { get; }

    public static async Task<AddressServer> StartAsync(AddressBook book)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestLineSize = PhotonApi.MaxRequestLineBytes;
        });
        var app = builder.Build();
        app.MapAddressApi(() => book);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
    }

    public async Task<JsonElement> Ask(string path) =>
        JsonDocument.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}

public sealed class PhotonApiTests
{
    [Fact]
    public async Task An_address_is_answered_in_Photons_shape()
    {
        await using var server = await AddressServer.StartAsync(Books.Town);

        var answer = await server.Ask("/api?q=koenigstr%2012&limit=3&lang=en");

        Assert.Equal("FeatureCollection", answer.GetProperty("type").GetString());
        var first = answer.GetProperty("features")[0];
        Assert.Equal("Feature", first.GetProperty("type").GetString());
        Assert.Equal("Point", first.GetProperty("geometry").GetProperty("type").GetString());
        Assert.Equal([6.7003, 51.4], first.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()));
        Assert.Equal(
            [
                ("osm_key", "place"), ("osm_value", "house"), ("type", "house"), ("street", "Königstraße"), ("housenumber", "12"), ("postcode", "47051"), ("district", "Altstadt"),
                ("city", "Duisburg"), ("country", "Germany"), ("countrycode", "DE"), ("match", "exact"), ("spelling", "asTyped"),
            ],
            first.GetProperty("properties").EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).Select(p => (p.Name, p.Value.GetString()!)));
    }

    [Fact]
    public async Task A_street_has_a_name_and_no_number()
    {
        await using var server = await AddressServer.StartAsync(Books.Town);

        var properties = (await server.Ask("/api?q=Königstraße%207777,%20Köln")).GetProperty("features")[0].GetProperty("properties");

        Assert.Equal(("Königstraße", "street", "street", "Deutschland"), (Text("name"), Text("type"), Text("match"), Text("country")));
        Assert.Equal(["köln"], properties.GetProperty("ignored").EnumerateArray().Select(i => i.GetString()));
        Assert.False(properties.TryGetProperty("housenumber", out _));

        string? Text(string name) => properties.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Several_streets_that_fit_are_said_to_be_ambiguous_and_a_place_chooses()
    {
        await using var server = await AddressServer.StartAsync(Books.Town);

        var plain = await server.Ask("/api?q=Hauptstraße%205");
        var near = await server.Ask("/api?q=Hauptstraße%205&lat=51.413&lon=6.7");

        Assert.True(plain.GetProperty("ambiguous").GetBoolean());
        Assert.Equal("Moers", near.GetProperty("features")[0].GetProperty("properties").GetProperty("city").GetString());
    }

    [Fact]
    public async Task The_nearest_address_to_a_place_is_answered_with_its_distance()
    {
        await using var server = await AddressServer.StartAsync(Books.Town);

        var near = (await server.Ask("/reverse?lat=51.4001&lon=6.7003")).GetProperty("features");
        var two = (await server.Ask("/reverse?lat=51.4&lon=6.7003&limit=2&radius=0.05")).GetProperty("features");
        var none = (await server.Ask("/reverse?lat=50&lon=6.7")).GetProperty("features");

        var properties = Assert.Single(near.EnumerateArray()).GetProperty("properties");
        Assert.Equal(("Königstraße", "12"), (properties.GetProperty("street").GetString(), properties.GetProperty("housenumber").GetString()));
        Assert.Equal(11.1, properties.GetProperty("distanceM").GetDouble(), 1);
        Assert.Equal(2, two.GetArrayLength());
        Assert.Equal(0, none.GetArrayLength());
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api?q=")]
    [InlineData("/api?q=%20%20")]
    [InlineData("/api?q=Weg&limit=0")]
    [InlineData("/api?q=Weg&limit=-1")]
    [InlineData("/api?q=Weg&limit=x")]
    [InlineData("/api?q=Weg&lat=51")]
    [InlineData("/api?q=Weg&lat=NaN&lon=6")]
    [InlineData("/api?q=Weg&lat=91&lon=6")]
    [InlineData("/reverse")]
    [InlineData("/reverse?lat=51&lon=x")]
    [InlineData("/reverse?lat=51&lon=6&radius=1000000")]
    public async Task A_question_that_cannot_be_asked_is_refused_with_what_to_do(string path)
    {
        await using var server = await AddressServer.StartAsync(Books.Town);

        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var message = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("message").GetString();
        Assert.False(string.IsNullOrEmpty(message));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("'; DROP TABLE streets; --")]
    [InlineData("%00%01%1b")]
    [InlineData("\ud83d\ude00")]
    public async Task Hostile_text_gets_a_normal_answer(string text)
    {
        await using var server = await AddressServer.StartAsync(Books.Town);

        foreach (var q in new[] { text, text + " Königstraße 12", string.Concat(Enumerable.Repeat(text, 10_000))[..10_000] })
        {
            var answer = await server.Ask("/api?q=" + (text[0] == '%' ? q[..Math.Min(q.Length, 9_999)] : Uri.EscapeDataString(q)));

            Assert.InRange(answer.GetProperty("features").GetArrayLength(), 0, 15);
        }
    }

    [Fact]
    public async Task Other_sites_may_ask_and_at_most_fifty_answers_come()
    {
        await using var server = await AddressServer.StartAsync(Books.Musterstadt);

        using var answer = await server.Client.GetAsync(new Uri("/api?q=a&limit=1000000", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(["*"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var features = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("features");
        Assert.InRange(features.GetArrayLength(), 1, 50);
    }
}
