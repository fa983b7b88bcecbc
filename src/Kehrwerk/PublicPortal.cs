using Kehrwerk.Portal;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Portal.Atlas;
using Kehrwerk.Portal.Atlas.Demo;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Streets;
using Kehrwerk.Web;

namespace Kehrwerk;

/// <summary>The public pages on the data of a folder.</summary>
internal static class PublicPortal
{
    /// <summary>Builds the Portal. For the demo city an atlas is invented where there is none yet.</summary>
    public static WebApplication Of(DataFolder folder, City city, WebApplicationBuilder builder)
    {
        var book = AddressLists.OfCity(city);
        var data = PortalData.Of(city, book, Atlas(folder, city, book), TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = PhotonApi.MaxRequestLineBytes);
        builder.AddKehrwerkWeb(Directory.CreateDirectory(folder.KeysFolder));
        builder.Services.AddSingleton(data);
        builder.Services.AddHostedService(services => new AtlasSchedule(
            () => Update(data, city), folder.AtlasSources, data.Time, services.GetRequiredService<ILogger<AtlasSchedule>>()));
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
    public static AtlasUpdate Update(PortalData data, City city) => new(data.Atlas, data.Book, data.Paths, GeoBounds.Around(city), data.Time);
}
