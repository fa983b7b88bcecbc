using Kehrwerk.Planning;
using Kehrwerk.Portal;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Atlas.Demo;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Tiles;
using Kehrwerk.Web;

namespace Kehrwerk;

/// <summary>The public pages on the data of a folder.</summary>
internal static class PublicPortal
{
    /// <summary>Builds the Portal. For the demo city an atlas is invented where there is none yet.</summary>
    /// <param name="tiles">The city's map, which the Centre may have made already.</param>
    /// <param name="problem">What is to be swept; its days do not matter.</param>
    /// <param name="time">The Centre's clock, by which sweeps are on record.</param>
    public static WebApplication Of(DataFolder folder, City city, CityTiles tiles, SweepProblem problem, TimeProvider time, WebApplicationBuilder builder)
    {
        var book = AddressLists.OfCity(city);
        var sweeping = PublishedSweeping.Of(folder, city, book, problem, time);
        var data = PortalData.Of(city, tiles, book, Atlas(folder, city, book), sweeping, TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = PhotonApi.MaxRequestLineBytes);
        builder.AddKehrwerkWeb(Directory.CreateDirectory(folder.KeysFolder));
        builder.Services.AddSingleton(data);
        builder.Services.AddHostedService(services => new AtlasSchedule(
            () => Update(data.Atlas, book, data.Paths, city), folder.AtlasSources, data.Time, services.GetRequiredService<ILogger<AtlasSchedule>>()));
        var app = builder.Build();
        app.UseKehrwerkWeb();
        app.MapKehrwerkWeb();
        app.MapPortal(data);
        return app;
    }

    /// <summary>The atlas of the folder.</summary>
    public static AtlasStore Atlas(DataFolder folder, City city, AddressBook book)
    {
        var atlas = AtlasStore.Open(folder.AtlasFile);
        if (city.Source == MapSource.DemoCity && atlas.Sources().Count == 0)
        {
            DemoAtlas.Fill(atlas, city, book, folder.AtlasFolder, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime));
        }

        return atlas;
    }

    /// <summary>What reads the sources of the folder's atlas.</summary>
    public static AtlasUpdate Update(AtlasStore atlas, AddressBook book, AddressPaths paths, City city) => new(atlas, book, paths, GeoBounds.Around(city), TimeProvider.System);
}
