using System.Net;
using System.Net.Sockets;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.History;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Monitor;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Kehrwerk.Centre;

/// <summary>Puts the Centre into a host.</summary>
public static class CentreHosting
{
    /// <summary>
    /// Adds twins, depot, store, gateway, <see cref="FleetDesk"/>, <see cref="ClosureDesk"/>, <see cref="LiveFleet"/>, <see cref="CaseDesk"/>, <see cref="UpkeepDesk"/>, <see cref="SendVehicleCommand"/> and <see cref="AnswerVehicleRequest"/>.
    /// Needs an <see cref="Link.Transport.ITransport"/> among the services. Nobody is on duty unless <see cref="Access.AccessHosting.AddAccess"/> is called too.
    /// </summary>
    /// <exception cref="Streets.InputException">The database cannot be used.</exception>
    public static IHostApplicationBuilder AddCentre(this IHostApplicationBuilder builder, CentreOptions options)
    {
        var store = CentreStore.Open(options.DatabaseFile);
        var history = HistoryStore.Open(options.HistoryFile);
        builder.Services
            .AddSingleton(options)
            .AddSingleton(_ => store)
            .AddSingleton(_ => history)
            .AddSingleton(s => new VehicleMonitor(s.GetService<CentreClock>()?.Speed ?? 1))
            .AddSingleton(Unseen(options))
            .AddSingleton(_ => new CurrentCity(
                new CityContext(options.City, options.TravelCosts, options.Rules).With(StreetClosure.Arcs(store.StreetClosures(), options.City.Streets))))
            .AddSingleton(s => new FleetDesk(
                s.GetRequiredService<IGrainFactory>(), s.GetRequiredService<CentreStore>(), s.GetRequiredService<CurrentCity>(), options))
            .AddSingleton(s => new ClosureDesk(s.GetRequiredService<FleetDesk>(), s.GetRequiredService<CentreStore>(), options.City, options.Time))
            .AddSingleton(s => new UpkeepDesk(s.GetRequiredService<CentreStore>(), options))
            .AddSingleton<IsCleared>(s => s.GetRequiredService<UpkeepDesk>().IsCleared)
            .AddSingleton<CaseDesk>()
            .AddSingleton<SendVehicleCommand>(s => s.GetRequiredService<FleetDesk>().Send)
            .AddSingleton<AnswerVehicleRequest>(s => s.GetRequiredService<FleetDesk>().Answer)
            .TryAddSingleton<HasSupervisor>(_ => _ => false);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()));

        // One silo in its own process: its advice on server settings and its watchdog's start are noise here.
        builder.Logging.AddFilter("Orleans", LogLevel.Error);

        // After the silo: hosted services start in the order in which they are added.
        builder.Services.AddHostedService<UpkeepKeeper>().AddHostedService(s => s.GetRequiredService<CaseDesk>()).AddHostedService<LinkGateway>().AddHostedService<HistoryRecorder>().AddHostedService<RefusalRecorder>().AddHostedService<ClosureWatch>();
        return builder;
    }

    /// <summary>
    /// The picture before the first report. Every vehicle is on it from the start: "stop all" goes to those on the picture, and one
    /// whose twin cannot be loaded must not be missing.
    /// </summary>
    private static LiveFleet Unseen(CentreOptions options)
    {
        var live = new LiveFleet(options.City.Kerbs.Length);
        foreach (var vehicle in options.Vehicles)
        {
            live.Publish(new VehicleView { Id = vehicle.Id.ToString(), Link = LinkState.NeverSeen, Activity = VehicleActivity.Idle });
        }

        return live;
    }

    /// <summary>A port on this machine that nobody uses, so that several Centres can run beside each other.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
