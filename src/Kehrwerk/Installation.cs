using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kehrwerk.Centre;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Pages;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Upkeep;
using Kehrwerk.Link;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Transport;
using Kehrwerk.Link.Vda21;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Kehrwerk.Streets.Tiles;
using Kehrwerk.Sweeper;
using Kehrwerk.Verbs;
using Kehrwerk.Web;
using Kehrwerk.Web.SignIn;

namespace Kehrwerk;

/// <summary>How <c>run</c> was asked to run.</summary>
internal sealed record RunSettings
{
    public required ShiftSettings Shift { get; init; }
    public required SweeperModel Model { get; init; }
    public required double Speed { get; init; }
    public required int Port { get; init; }
    public required BrokerChoice Broker { get; init; }
    public required bool VirtualSweepers { get; init; }
    /// <summary>Vehicles may speak VDA 5050 2.1 and 2.0 too.</summary>
    public required bool TakesVda21 { get; init; }
    /// <summary>Leases say that a supervisor is on duty whoever watches.</summary>
    public required bool IsSupervisorAlwaysOnDuty { get; init; }
    public required DutyRules Duty { get; init; }
    public required DepartureChecks DepartureChecks { get; init; }
    /// <summary>So long a vehicle drives without a valid lease, real seconds.</summary>
    public required int LeaseTimeoutS { get; init; }
    public required bool NewShift { get; init; }
    public required bool UntilDone { get; init; }
}

/// <summary>One whole Kehrwerk in this process: broker, Centre, Portal and virtual sweepers on one clock.</summary>
internal static class Installation
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static async Task Run(DataFolder folder, RunSettings settings, CancellationToken cancellation)
    {
        RequireFree(settings.Port);
        RequireFree(settings.Port, forPortal: true);
        var city = Terminal.WithProgress("Importing", report => folder.LoadCity(report.ForImport()));
        using var logs = LoggerFactory.Create(Log);
        var time = new AcceleratedTime(settings.Speed);
        var vehicles = settings.VirtualSweepers ? Enumerable.Range(1, settings.Shift.Vehicles).Select(Fleet.Id).ToList() : [];
        var refusals = new LinkRefusals();
        await using var broker = await RunningBroker.StartAsync(settings.Broker, vehicles, refusal => refusals.Tell(refusal, time.GetUtcNow()), settings.Speed, logs, settings.TakesVda21);
        // What lies outside of the operating conditions of vehicles that drive in full is closed to them.
        var world = settings.Shift.World is null ? null : new FleetWorld(city, settings.Model, settings.Shift.World);
        var closures = world is null ? Closures.None : Closures.None.Close(FleetWorld.ExcludedArcs(city.Streets));
        var problem = ShiftSimulation.Problem(city, settings.Model, settings.Shift.Vehicles, settings.Shift.Hours) with { Closures = closures };
        await using var transport = MqttTransport.Start(broker.Address.For(LinkIdentity.Centre), logs.CreateLogger<MqttTransport>());
        await transport.WaitUntilConnectedAsync(cancellation);
        ITransport link = settings.TakesVda21
            ? new Transport21(transport, Enumerable.Range(1, settings.Shift.Vehicles).Select(Fleet.Id), logs.CreateLogger<Transport21>())
            : transport;
        await using var centre = CentreOf(folder, settings, city, problem, link, refusals, time);
        await using var portal = PublicPortal.Of(folder, city, centre.Services.GetRequiredService<CityTiles>(), problem, time, Builder(settings.Port + 1));
        var store = centre.Services.GetRequiredService<CentreStore>();
        await Start(centre, settings.Port);
        await Start(portal, settings.Port, forPortal: true);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, centre.Lifetime.ApplicationStopping);
        var runner = new VehicleRunner(city, settings.Model, folder.VehiclesFolder, broker.Address, logs, time, VehicleRunner.Supervision(settings.LeaseTimeoutS, settings.Speed), world);
        var sweepers = vehicles.Select(id => runner.RunAsync(id, settings.Shift.Seed, end.Token)).ToList();
        SayWhere(city, settings, broker.Where, centre.Services.GetRequiredService<OneTimeLinks>());
        try
        {
            if (!closures.Arcs.IsEmpty)
            {
                await centre.Services.GetRequiredService<FleetDesk>().Close(closures, "operating conditions of the vehicles");
            }

            await StartShift(centre, store, problem, settings, end.Token);
            await End(settings, store, sweepers, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ctrl+C is the usual end of a server.
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(sweepers);
            await portal.StopAsync(CancellationToken.None);
            await centre.StopAsync(CancellationToken.None);
            if (settings.UntilDone)
            {
                Console.WriteLine(JsonSerializer.Serialize(RunResult.Of(city, store), VerbJson.Default.RunResult));
            }
        }
    }

    private static WebApplication CentreOf(
        DataFolder folder, RunSettings settings, City city, SweepProblem problem, ITransport transport, LinkRefusals refusals, AcceleratedTime time) => Centre(
            settings.Port,
            folder.KeysFolder,
            new CentreOptions
            {
                City = city,
                Vehicles = [.. problem.Vehicles.Select((spec, index) => new FleetVehicle(Fleet.Id(index + 1), spec))],
                DatabaseFile = folder.DatabaseFile,
                TravelCosts = problem.Graph.Costs,
                Refusals = refusals,
                Rules = Rules(settings.LeaseTimeoutS, settings.Speed) with { SweepsMissedAgain = settings.Shift.SweepsMissedAgain },
                IsSupervisorAlwaysOnDuty = settings.IsSupervisorAlwaysOnDuty,
                DepartureChecks = settings.DepartureChecks,
                Time = time,
            },
            new() { PeopleFile = folder.PeopleFile, IsDemonstration = settings.IsSupervisorAlwaysOnDuty, Duty = settings.Duty },
            new(time, settings.Speed),
            transport);

    /// <summary>The Centre with all its pages and endpoints; tests walk over what is mapped here.</summary>
    internal static WebApplication Centre(int port, string keysFolder, CentreOptions options, AccessOptions access, CentreClock clock, ITransport transport)
    {
        var builder = Builder(port);
        builder.AddKehrwerkWeb(Directory.CreateDirectory(keysFolder));
        builder.AddCentre(options);
        builder.Services
            .AddCentrePages()
            .AddAccess(access)
            .AddSingleton(options.City)
            .AddSingleton(new CityTiles(options.City))
            .AddSingleton(clock)
            .AddSingleton(transport);
        var app = builder.Build();
        app.UseKehrwerkWeb();
        app.MapKehrwerkWeb();
        app.MapAccess();
        app.MapCentrePages();
        app.MapLive();
        app.MapTiles();
        return app;
    }

    /// <summary>
    /// Leases, safety reports and commands count real seconds, as the vehicles do (<see cref="VehicleRunner.Supervision"/>). A vehicle takes no command that
    /// is to be valid for longer than the profile allows; so leases, from which a command's age counts, come more often than once a real
    /// second where the clock is very fast.
    /// </summary>
    internal static CentreRules Rules(int leaseTimeoutS, double speed)
    {
        var rules = new CentreRules();
        var factor = Math.Max(1, speed);
        var longest = TimeSpan.FromSeconds(CommandStamp.MaxValidForS);
        var validFor = rules.CommandValidFor * factor;
        var leaseEvery = rules.LeaseEvery * factor;
        return rules with
        {
            CommandValidFor = validFor < longest ? validFor : longest,
            LeaseEvery = leaseEvery < longest / 3 ? leaseEvery : longest / 3,
            LeaseValidFor = TimeSpan.FromSeconds(leaseTimeoutS) * factor,
            SafetySilentAfter = rules.SafetySilentAfter * factor,
        };
    }

    /// <summary>A web server on this port of loopback.</summary>
    internal static WebApplicationBuilder Builder(int port)
    {
        // The content lies beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(Installation).Assembly.GetName().Name });
        Log(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        return builder;
    }

    private static void Log(ILoggingBuilder logging) => logging
        .ClearProviders()
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Orleans", LogLevel.Error)
        // What keeps a host from starting is told by whoever started it.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
        // A browser that still has the cookies of another data folder gets new ones; nobody has to do anything.
        .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None)
        // Keys in the data folder are as safe as the database beside them.
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    /// <param name="port">As given: that of the Centre; the portal has the next one.</param>
    internal static async Task Start(WebApplication app, int port, bool forPortal = false)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException e)
        {
            throw InUse(port, forPortal, e);
        }
    }

    // Seen before anything is started: a Centre that is taken down in the middle of its start leaves errors of its parts.
    private static void RequireFree(int port, bool forPortal = false)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, forPortal ? port + 1 : port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw InUse(port, forPortal, e);
        }
    }

    private static InputException InUse(int port, bool forPortal, Exception cause) => new(
        $"--port {port}",
        forPortal ? $"the next port {port + 1} for the portal cannot be listened on, it may be in use" : "the pages cannot be served there, the port may be in use",
        "End the other program, or choose another port with --port",
        cause);

    // A first start sweeps at once, so that there is something to see; afterwards only what a person orders is started.
    private static async Task StartShift(WebApplication centre, CentreStore store, SweepProblem problem, RunSettings settings, CancellationToken cancellation)
    {
        var newest = store.NewestShift();
        if (newest.Any(m => m.IsRunning))
        {
            Terminal.Note("The shift that was under way goes on.");
        }
        else if (newest.IsEmpty || settings.NewShift)
        {
            var options = new PlannerOptions { Seed = (ulong)settings.Shift.Seed, MaxIterations = settings.Shift.Iterations };
            var plan = await Task.Run(() => Planner.Solve(problem, options, ct: cancellation), cancellation);
            cancellation.ThrowIfCancellationRequested();
            var missions = await centre.Services.GetRequiredService<FleetDesk>().StartShift(plan, 0, "kehrwerk run", cancellation);
            Terminal.Note(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"A shift has started: {plan.Tours.Sum(t => t.Steps.OfType<SweepStep>().Count()):N0} kerbs are planned."));
            var upkeep = centre.Services.GetRequiredService<UpkeepDesk>();
            if (missions.Select(mission => mission.Vehicle.ToString()).Where(vehicle => !upkeep.IsCleared(vehicle)).ToList() is { Count: > 0 } held)
            {
                Terminal.Note($"These wait for their departure check of today: {string.Join(", ", held)}.");
            }
        }
        else
        {
            Terminal.Note("The last shift is done; start another with --new-shift.");
        }
    }

    private static async Task End(RunSettings settings, CentreStore store, List<Task> sweepers, CancellationToken cancellation)
    {
        using var look = new PeriodicTimer(LookEvery);
        while (await look.WaitForNextTickAsync(cancellation))
        {
            // A vehicle program that ends by itself has failed: its exception ends the run with its message.
            if (sweepers.Find(s => s.IsFaulted) is { } failed)
            {
                await failed;
            }

            if (settings.UntilDone && store.NewestShift() is { IsEmpty: false } shift && shift.All(m => !m.IsRunning))
            {
                return;
            }
        }
    }

    private static void SayWhere(City city, RunSettings settings, string broker, OneTimeLinks links) => Terminal.Note($"""

        Kehrwerk runs {city.Name} with {settings.Shift.Vehicles} sweepers{(settings.VirtualSweepers ? "" : " from outside")}{(settings.Speed == 1 ? "" : FormattableString.Invariant($", {settings.Speed} times as fast as real time"))}.
          Centre   http://localhost:{settings.Port}/
          Portal   http://127.0.0.1:{settings.Port + 1}/
          MQTT     {broker}
          Sign in  http://localhost:{settings.Port}{links.IssuePath()}
                   (once, within {OneTimeLinks.Lifetime.TotalMinutes:0} minutes, as an administrator; a restart prints a new link)
        {(settings.IsSupervisorAlwaysOnDuty
            ? "DEMO: a supervisor counts as on duty whoever watches, and the first person is qualified without documents. Never with real vehicles: use --supervisor duty."
            : "Vehicles drive only while a supervisor on duty has them and the newest picture on a visible live page; without, they go into the minimal risk condition.")}{(settings.TakesVda21
            ? "\nVehicles of VDA 5050 2.1 and 2.0 know no lease: they drive whoever watches."
            : "")}{(settings.DepartureChecks switch
            {
                DepartureChecks.Required => $"\nNo mission begins before somebody has signed the vehicle's departure check of the day: http://localhost:{settings.Port}/upkeep",
                DepartureChecks.Simulated => "\nDEMO: the daily departure check of the virtual sweepers is simulated, and says so.",
                _ => "\nVehicles depart without the daily departure check: only for trials on a closed site.",
            })}
        Ctrl+C ends it.

        """);
}
