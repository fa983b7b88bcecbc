using System.Net;
using System.Net.Sockets;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Kehrwerk.Centre;

/// <summary>Puts the running Centre together: twins as grains of one silo in this process, the store, the link.</summary>
public static class CentreServices
{
    /// <summary>
    /// Adds the Centre. Needs an <see cref="ITransport"/>, a <see cref="TimeProvider"/> and an <see cref="ILogger{T}"/> in the services.
    /// </summary>
    public static IHostApplicationBuilder AddCentre(this IHostApplicationBuilder builder, CityContext city, FleetRegister fleet, CentreStore store)
    {
        builder.Services
            .AddSingleton(city)
            .AddSingleton(city.City)
            .AddSingleton(fleet)
            .AddSingleton(store)
            .AddSingleton(Topics.Default)
            .AddSingleton(new LiveFleet(city.City.Kerbs.Length))
            .AddSingleton<FleetDesk>()
            .AddSingleton<SendVehicleCommand>(services => services.GetRequiredService<FleetDesk>().Send)
            .AddHostedService<LinkGateway>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0);
            // One silo, one process: nobody else is to reach it.
            silo.Configure<EndpointOptions>(o => o.AdvertisedIPAddress = IPAddress.Loopback);
        });
        return builder;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
