using Kehrwerk.Centre.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kehrwerk.Centre.Pages;

/// <summary>
/// The Centre's pages and what their scripts talk to. Needs from outside: <see cref="Fleet.LiveFleet"/>,
/// <see cref="Fleet.SendVehicleCommand"/>, <see cref="Streets.Tiles.CityTiles"/>, <see cref="Streets.City"/>,
/// <see cref="TimeProvider"/>, sign-in, and <see cref="ClockSpeed"/> where the clock does not run at 1.
/// </summary>
public static class CentrePages
{
    public static IServiceCollection AddCentrePages(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new ClockSpeed(1));
        services.Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, LiveJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapCentrePages(this IEndpointRouteBuilder routes)
    {
        routes.MapRazorComponents<App>();
        return routes;
    }
}
