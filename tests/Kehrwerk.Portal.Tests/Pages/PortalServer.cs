using System.Collections.Immutable;
using System.Net;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Sweeping;
using Kehrwerk.Portal.Tests.Addresses;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Tiles;
using Kehrwerk.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Portal.Tests.Pages;

/// <summary>The Portal of a small town, as it is served.</summary>
internal sealed class PortalServer : IAsyncDisposable
{
    private static readonly Lazy<CityTiles> Tiles = new(() => new(Books.DemoTown));

    private readonly string folder = Directory.CreateTempSubdirectory("portal").FullName;
    private WebApplication app = null!;

    public HttpClient Client { get; private set; } = null!;
    public PortalData Data { get; private set; } = null!;

    /// <param name="sweeping">What is said of sweeping; null: nothing.</param>
    public static async Task<PortalServer> StartAsync(AddressBook book, TimeProvider time, SweepingSources? sweeping = null)
    {
        sweeping ??= new(_ => -1, monday => new(monday, [.. Books.DemoTown.Kerbs.Select(_ => ImmutableArray<int>.Empty)]), () => SweepFacts.None, SweepingRules.None);
        var server = new PortalServer();
        server.Data = PortalData.Of(
            Books.DemoTown with { Name = "Duisburg", Source = MapSource.OpenStreetMap }, Tiles.Value, book, AtlasStore.Open(Path.Combine(server.folder, "atlas.db")), new(Books.DemoTown, sweeping, time), time);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestLineSize = PhotonApi.MaxRequestLineBytes;
        });
        builder.AddKehrwerkWeb(Directory.CreateDirectory(Path.Combine(server.folder, "keys")));
        builder.Services.AddSingleton(server.Data);
        server.app = builder.Build();
        server.app.UseKehrwerkWeb();
        server.app.MapPortal(server.Data);
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        var address = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new(address) };
        server.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return server;
    }

    public Task<HttpResponseMessage> Get(string path) => Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public async Task<string> Page(string path)
    {
        using var answer = await Get(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
