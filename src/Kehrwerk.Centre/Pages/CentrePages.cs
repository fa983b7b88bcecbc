using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.History;
using Kehrwerk.Centre.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kehrwerk.Centre.Pages;

/// <summary>
/// The Centre's pages and what their scripts talk to. Needs from outside: <see cref="Fleet.LiveFleet"/>,
/// <see cref="Fleet.SendVehicleCommand"/>, <see cref="ClosureDesk"/>, <see cref="Streets.Tiles.CityTiles"/>, <see cref="Streets.City"/>,
/// sign-in, and <see cref="CentreClock"/> where the clock is not the system's.
/// </summary>
public static class CentrePages
{
    public static IServiceCollection AddCentrePages(this IServiceCollection services)
    {
        services.TryAddSingleton(new CentreClock(TimeProvider.System, 1));
        services.AddSingleton<StreetList>();
        services.Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, LiveJson.Default))
            .Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ReplayJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapCentrePages(this IEndpointRouteBuilder routes)
    {
        routes.MapRazorComponents<App>();
        return routes;
    }
}
