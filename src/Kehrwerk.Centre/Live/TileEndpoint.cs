using Kehrwerk.Streets;
using Kehrwerk.Streets.Tiles;
using Kehrwerk.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kehrwerk.Centre.Live;

public static class TileEndpoint
{
    /// <summary><c>GET /tiles/{z}/{x}/{y}</c>: the city's own map, for people who have signed in.</summary>
    public static IEndpointRouteBuilder MapTiles(this IEndpointRouteBuilder routes)
    {
        var tiles = routes.ServiceProvider.GetRequiredService<CityTiles>();
        routes.MapVectorTiles(routes.ServiceProvider.GetRequiredService<City>().Fingerprint, tiles.Tile);
        return routes;
    }
}
