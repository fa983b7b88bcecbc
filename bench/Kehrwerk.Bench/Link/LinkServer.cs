using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Bench.Planning;
using Kehrwerk.Centre;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Bench.Link;

/// <summary>What a server measured between its two signals.</summary>
/// <param name="CpuS">Processor time of the server's process.</param>
/// <param name="HeapMb">Live memory after a full collection at the beginning and at the end, MB.</param>
internal sealed record ServerFigures(Percentiles Reports, double CpuS, double WallS, double[] HeapMb, double PeakMb);

/// <summary>
/// <c>link-server bare|centre VEHICLES TABLE</c>: a process with the embedded broker and behind it either an idle subscriber or the
/// whole Centre. It says its port, measures from the line <c>begin</c> to the line <c>end</c>, and sends commands meanwhile.
/// </summary>
internal static class LinkServer
{
    public const double CommandsPerS = 5;

    public static City LoadCity()
    {
        var osm = new MemoryStream();
        DemoCity.Write(osm, new(KerbKm: 300), OsmFileFormat.Pbf);
        osm.Position = 0;
        return CityImporter.Import(osm, "Musterstadt", new());
    }

    public static async Task<int> RunAsync(string kind, int vehicles, string table)
    {
        using var times = new SentTimes(table, vehicles);
        var options = new EmbeddedBrokerOptions { Port = 0, MaxConnections = vehicles + 16, MaxPendingMessages = 100_000 };
        await using var broker = await EmbeddedBroker.StartAsync(options, NullLogger<EmbeddedBroker>.Instance);
        await using var transport = MqttTransport.Start(new("127.0.0.1", broker.Port, LinkIdentity.Centre.Name) { Pace = null }, NullLogger<MqttTransport>.Instance);
        await transport.WaitUntilConnectedAsync();
        var reports = new Latencies();
        await using IServed served = kind == "bare"
            ? await Bare.StartAsync(transport, vehicles, times, reports)
            : await WholeCentre.StartAsync(transport, vehicles, times, reports);
        Console.WriteLine(broker.Port.ToString(CultureInfo.InvariantCulture));
        await Heard("begin");
        var beganMb = Heap();
        using var process = Process.GetCurrentProcess();
        var (cpu, wall) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        using var ending = new CancellationTokenSource();
        var commanding = CommandAsync(served, vehicles, times, ending.Token);
        served.IsMeasured = true;
        await Heard("end");
        served.IsMeasured = false;
        await ending.CancelAsync();
        await commanding;
        process.Refresh();
        var cpuS = (process.TotalProcessorTime - cpu).TotalSeconds;
        var figures = new ServerFigures(reports.Read(), cpuS, Stopwatch.GetElapsedTime(wall).TotalSeconds, [beganMb, Heap()], process.PeakWorkingSet64 / 1e6);
        Console.WriteLine(JsonSerializer.Serialize(figures));
        await Heard("leave");
        return 0;
    }

    private static double Heap() => GC.GetTotalMemory(forceFullCollection: true) / 1e6;

    private static async Task Heard(string signal)
    {
        while (await Console.In.ReadLineAsync() is { } line && line != signal)
        {
        }
    }

    /// <summary>Pauses and resumes one vehicle after another.</summary>
    private static async Task CommandAsync(IServed served, int vehicles, SentTimes times, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / CommandsPerS));
        try
        {
            // A prime step, so that neighbours in the fleet are not commanded one after the other.
            for (long number = 0; await timer.WaitForNextTickAsync(ending); number++)
            {
                var (vehicle, round) = ((int)(number * 7_919 % vehicles), (int)(number / vehicles));
                times.Command(vehicle, round + 1);
                await served.CommandAsync(vehicle, isPause: round % 2 == 0);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private interface IServed : IAsyncDisposable
    {
        /// <summary>Latencies count.</summary>
        bool IsMeasured { get; set; }

        Task CommandAsync(int vehicle, bool isPause);
    }

    /// <summary>Hears all reports and does nothing with them.</summary>
    private sealed class Bare(MqttTransport transport) : IServed
    {
        private int sent;

        public bool IsMeasured { get; set; }

        public static async Task<IServed> StartAsync(MqttTransport transport, int vehicles, SentTimes times, Latencies reports)
        {
            var served = new Bare(transport);
            var heard = new int[vehicles];
            await transport.SubscribeAsync(Topics.Default.OfAll(LinkTopic.State), message =>
            {
                var topic = message.Topic;
                var index = int.Parse(topic.AsSpan(topic.LastIndexOf('/') - 4, 4), CultureInfo.InvariantCulture);
                var number = ++heard[index];
                if (served.IsMeasured)
                {
                    reports.Add(times.SinceReportMs(index, number));
                }

                return ValueTask.CompletedTask;
            });
            return served;
        }

        public async Task CommandAsync(int vehicle, bool isPause) => await transport.PublishAsync(new(
            Topics.Default.Of(LightVehicle.IdOf(vehicle), LinkTopic.InstantActions),
            LinkJson.Serialize(new InstantActions
            {
                HeaderId = 0,
                Timestamp = DateTimeOffset.UtcNow,
                Vehicle = LightVehicle.IdOf(vehicle),
                Actions = [SweeperActions.Instant(isPause ? SweeperActions.StartPause : SweeperActions.StopPause, $"c{++sent}")],
            })));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>The Centre with a mission for every vehicle; a report counts when its vehicle's picture shows it.</summary>
    private sealed class WholeCentre : IServed
    {
        private readonly IHost host;
        private readonly string folder;
        private readonly CancellationTokenSource ending = new();
        private Task watching = Task.CompletedTask;

        private WholeCentre(IHost host, string folder) => (this.host, this.folder) = (host, folder);

        public bool IsMeasured { get; set; }

        public static async Task<IServed> StartAsync(MqttTransport transport, int vehicles, SentTimes times, Latencies reports)
        {
            var city = LoadCity();
            var folder = Directory.CreateTempSubdirectory("kehrwerk-bench-").FullName;
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            builder.AddCentre(new CentreOptions
            {
                City = city,
                Vehicles = [.. Enumerable.Range(0, vehicles).Select(i => new FleetVehicle(LightVehicle.IdOf(i), BenchCity.Sweeper(i)))],
                DatabaseFile = Path.Combine(folder, "kehrwerk.db"),
                IsSupervisorAlwaysOnDuty = true,
            });
            builder.Services.AddSingleton<ITransport>(transport);
            var served = new WholeCentre(builder.Build(), folder);
            await served.host.StartAsync();
            await served.host.Services.GetRequiredService<FleetDesk>().StartShift(PlanOf(city, vehicles), 0, "bench");
            served.watching = served.WatchAsync(served.host.Services.GetRequiredService<LiveFleet>(), vehicles, times, reports);
            return served;
        }

        public Task CommandAsync(int vehicle, bool isPause) => host.Services.GetRequiredService<SendVehicleCommand>()(
            new(LightVehicle.IdOf(vehicle).ToString(), isPause ? VehicleCommandKind.Pause : VehicleCommandKind.Resume, "bench"), CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await watching;
            await host.StopAsync();
            host.Dispose();
            ending.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        /// <summary>A tour of twelve kerbs for every vehicle; whether two have the same does not matter here.</summary>
        private static Plan PlanOf(City city, int vehicles)
        {
            const int KerbsEach = 12;
            var full = new Levels(56_000, 425, 0, 0);
            return new([.. Enumerable.Range(0, vehicles).Select(i => new Tour(
                $"V{i}",
                0,
                [.. Enumerable.Range(0, KerbsEach).Select(k => new SweepStep(((i * KerbsEach) + k) % city.Kerbs.Length, 0, 0, full))]))], []);
        }

        private async Task WatchAsync(LiveFleet live, int vehicles, SentTimes times, Latencies reports)
        {
            var seen = new int[vehicles];
            while (!ending.IsCancellationRequested)
            {
                try
                {
                    await foreach (var change in live.Watch(ending.Token))
                    {
                        if (change is not VehicleChanged { Vehicle: { ReportedAt: not null } view })
                        {
                            continue;
                        }

                        var index = int.Parse(view.Id.AsSpan(view.Id.Length - 4), CultureInfo.InvariantCulture);
                        var number = (int)Math.Round((view.BatteryPercent - LightVehicle.FirstPercent) / LightVehicle.PercentPerReport);
                        if (number > seen[index])
                        {
                            seen[index] = number;
                            if (IsMeasured)
                            {
                                reports.Add(times.SinceReportMs(index, number));
                            }
                        }
                    }
                }
                catch (OperationCanceledException)
                {
                }
            }
        }
    }
}
