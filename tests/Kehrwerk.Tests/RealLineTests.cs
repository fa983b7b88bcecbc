using System.Diagnostics;
using Kehrwerk.Centre;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Store;
using Kehrwerk.Faults;
using Kehrwerk.Link;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>
/// The same small shift as in the deterministic world, with the real Centre, the real broker and vehicle programs of their own, each over
/// a faulty TCP line: late, cut, silent in one direction. Ten times as fast as life.
/// </summary>
public sealed class RealLineTests : IAsyncDisposable
{
    private const double Speed = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly FaultStage stage = FaultStage.Small(2);
    private readonly TemporaryFolder folder = new();
    private readonly AcceleratedTime time = new(Speed);
    private readonly List<Vehicle> vehicles = [];
    private readonly List<FaultyLine> lines = [];
    private FaultyLine centreLine = null!;
    private IHost? centre;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var vehicle in vehicles)
        {
            await vehicle.DisposeAsync();
        }

        await EndCentre();
        foreach (var line in lines)
        {
            await line.DisposeAsync();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task A_shift_comes_to_its_end_with_every_kerb_counted_once_whatever_happens_to_the_lines()
    {
        await using var broker = await StartBroker(0);
        await Begin(broker.Port);
        await MakeTrouble(seed: 1, forS: 8);
        await ShiftEnds();
    }

    [Fact]
    public async Task A_shift_comes_to_its_end_though_broker_centre_and_vehicle_restart_in_it()
    {
        var broker = await StartBroker(0);
        var port = broker.Port;
        await Begin(port);
        await Task.Delay(TimeSpan.FromSeconds(2), Ct);
        await broker.DisposeAsync();
        await using var second = await StartBroker(port);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Ct);
        await vehicles[0].DisposeAsync();
        vehicles[0].Start();
        await Task.Delay(TimeSpan.FromSeconds(1.5), Ct);
        await EndCentre();
        await StartCentre();
        await ShiftEnds();
        Assert.Contains(Store.Record(), e => e.Kind == "missionResumed");
    }

    [Fact]
    public async Task A_shift_comes_to_its_end_over_mosquitto_too()
    {
        using var mosquitto = Mosquitto.Start(folder.Path);
        await Begin(mosquitto.Port);
        await MakeTrouble(seed: 2, forS: 6);
        await ShiftEnds();
    }

    private CentreStore Store => centre!.Services.GetRequiredService<CentreStore>();

    private static Task<EmbeddedBroker> StartBroker(int port) =>
        EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Port = port }, NullLogger<EmbeddedBroker>.Instance);

    private async Task Begin(int port)
    {
        centreLine = Line(port);
        await StartCentre();
        foreach (var spec in stage.Fleet)
        {
            var vehicle = new Vehicle(spec.Id, stage, Line(port), Path.Combine(folder.Path, spec.Id.Serial + ".json"), time);
            vehicles.Add(vehicle);
            vehicle.Start();
        }

        var plan = stage.Plan(new Random(1));
        await centre!.Services.GetRequiredService<FleetDesk>().StartShift(plan, 0, "Ada", Ct);
    }

    private async Task MakeTrouble(int seed, double forS)
    {
        var chance = new Random(seed);
        var ends = Stopwatch.StartNew();
        while (ends.Elapsed.TotalSeconds < forS)
        {
            var line = lines[chance.Next(lines.Count)];
            lines.ForEach(l => l.Delay = TimeSpan.FromMilliseconds(chance.Next(80)));
            switch (chance.Next(3))
            {
                case 0:
                    line.Cut();
                    break;
                case var direction:
                    line.Silence(up: direction == 1);
                    break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300 + chance.Next(2000)), Ct);
            line.Heal();
        }

        lines.ForEach(l => l.Heal());
    }

    private async Task ShiftEnds()
    {
        var desk = centre!.Services.GetRequiredService<FleetDesk>();
        var waited = Stopwatch.StartNew();
        while (desk.IsShiftRunning())
        {
            Assert.True(waited.Elapsed < Patience, "the shift does not end; last on record: " + string.Join("; ", Store.Record().TakeLast(12).Select(e => $"{e.Vehicle} {e.Kind} {e.Text}")));
            await Task.Delay(200, Ct);
        }

        var planned = Store.NewestShift().SelectMany(m => m.Steps).Select(s => s.Work).OfType<Centre.Missions.StepWork.Sweep>().Select(s => s.Kerb).Order();
        Assert.Equal(planned, Store.Coverage().Select(c => c.Kerb).Order());
        Assert.Null(Store.VerifyRecord().Problem);
    }

    private FaultyLine Line(int port)
    {
        var line = new FaultyLine(port);
        lines.Add(line);
        return line;
    }

    private async Task StartCentre()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        var transport = MqttTransport.Start(Options(centreLine.Port, "centre"), NullLogger<MqttTransport>.Instance);
        builder.Services.AddSingleton<ITransport>(transport);
        builder.AddCentre(new()
        {
            City = stage.City,
            Vehicles = stage.Fleet,
            DatabaseFile = Path.Combine(folder.Path, "kehrwerk.db"),
            DepartureChecks = DepartureChecks.Off,
            Time = time,
            TravelCosts = new(MaxSpeedMps: stage.Model.TransitSpeedMps),
        });
        centre = builder.Build();
        await centre.StartAsync(Ct);
    }

    private async Task EndCentre()
    {
        if (centre is not null)
        {
            var transport = centre.Services.GetRequiredService<ITransport>();
            await centre.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)centre).DisposeAsync();
            await transport.DisposeAsync();
            centre = null;
        }
    }

    private static MqttTransportOptions Options(int port, string id) => new("127.0.0.1", port, id)
    {
        KeepAlive = TimeSpan.FromSeconds(1),
        Timeout = TimeSpan.FromSeconds(1),
        FirstPause = TimeSpan.FromMilliseconds(50),
        LongestPause = TimeSpan.FromMilliseconds(300),
    };

    private sealed class Vehicle(VehicleId id, FaultStage stage, FaultyLine line, string file, AcceleratedTime time) : IAsyncDisposable
    {
        private CancellationTokenSource ends = new();
        private Task running = Task.CompletedTask;

        public void Start()
        {
            ends = new();
            running = Task.Run(RunAsync, CancellationToken.None);
        }

        /// <summary>Ends the program; it may start again.</summary>
        public async ValueTask DisposeAsync()
        {
            await ends.CancelAsync();
            await running;
            ends.Dispose();
        }

        private async Task RunAsync()
        {
            var kept = new ConditionFile(file);
            var program = new SweeperProgram(
                id, stage.Model, stage.City.Streets, stage.City.Fingerprint, new SweeperSettings { DepotArc = stage.City.Depot.Arc, Supervision = null },
                kept.Load(stage.Model, stage.City.Streets) ?? SweeperCondition.Fresh(stage.Model, stage.City.Streets, stage.City.Depot.Arc));
            await using var transport = MqttTransport.Start(
                Options(line.Port, id.ToString()) with { Will = SweeperProgram.LastWillOf(id, Topics.Default, time.GetUtcNow()) }, NullLogger<MqttTransport>.Instance);
            var host = new SweeperHost(program, transport, Topics.Default, kept, time, TimeSpan.FromSeconds(0.5), NullLogger<SweeperHost>.Instance);
            await host.RunAsync(ends.Token);
        }
    }
}
