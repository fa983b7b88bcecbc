using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kehrwerk.Centre;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Certificates;
using Kehrwerk.Link.Tests;
using Kehrwerk.Link.Transport;
using Kehrwerk.Link.Vda21;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Tests;

/// <summary>A vehicle that the project did not write drives for the Centre, over the embedded broker with certificates and the adapter for VDA 5050 2.1.</summary>
public sealed class ThirdPartyVehicleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder folder = new();
    private readonly FleetVehicle vehicle = GridTown.Vehicle(1);
    private readonly ConcurrentQueue<(string Topic, string Json)> wire = new();
    private readonly ConcurrentQueue<string> refusals = new();
    private EmbeddedBroker broker = null!;
    private CuttableLine line = null!;
    private IHost centre = null!;
    private ThirdPartyVehicle process = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Pki => Path.Combine(folder.Path, "pki");

    private string AuthorityFile => Path.Combine(Pki, Authority.CertificateFile);

    private VehicleView View => centre.Services.GetRequiredService<LiveFleet>().Snapshot().Vehicles[0];

    private CentreStore Store => centre.Services.GetRequiredService<CentreStore>();

    public async ValueTask InitializeAsync()
    {
        Authority.Create(Pki, new(), TimeProvider.System);
        broker = await EmbeddedBroker.StartAsync(
            new()
            {
                Port = 0,
                Security = new() { AuthorityFile = AuthorityFile, ListFile = Path.Combine(Pki, Authority.ListFile), CertificateFile = Issue(LinkIdentity.Broker) + ".crt", KeyFile = Issue(LinkIdentity.Broker) + ".key" },
                TakesVda21 = true,
            },
            NullLogger<EmbeddedBroker>.Instance);
        broker.Refused += refusal => refusals.Enqueue(refusal.Text);
        line = new(broker.Port);
        centre = await StartCentre();
        process = ThirdPartyVehicle.Start($"mqtts://127.0.0.1:{line.Port}", vehicle.Id, GridTown.City, 80, (Issue(LinkIdentity.Of(vehicle.Id)), AuthorityFile));
    }

    public async ValueTask DisposeAsync()
    {
        process.Dispose();
        await Stop(centre);
        await line.DisposeAsync();
        await broker.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task It_sweeps_a_mission_to_its_end_through_pause_stop_and_a_broken_connection()
    {
        (int From, int To)[] streets = [(1, 2), (2, 6), (10, 9), (9, 8)];
        int[] kerbs = [.. streets.Select(street => GridTown.KerbBetween(street.From, street.To).Id)];
        await Until(() => View.Link == LinkState.Connected, "it is connected");
        await centre.Services.GetRequiredService<FleetDesk>().StartShift(new([GridTown.Tour("T-1", kerbs)], []), 0, "Ada", Cancelled);

        await Until(() => View.Activity == VehicleActivity.Sweeping, "it sweeps");
        await Command(VehicleCommandKind.Pause);
        await StandsUntil(VehicleActivity.Paused, VehicleCommandKind.Resume);
        await Command(VehicleCommandKind.Stop);
        await StandsUntil(VehicleActivity.Deactivated, VehicleCommandKind.Release);

        line.Cut();
        await Until(() => View.Link == LinkState.Lost, "the broker's word that the connection broke is heard");
        await Until(() => View.Link == LinkState.Connected, "it is back");
        await Until(() => Store.NewestShift().All(mission => !mission.IsRunning), "the mission ends");

        Assert.Equal(kerbs.Select(kerb => GridTown.City.Kerbs[kerb].Key).Order(), Store.Coverage().Select(kerb => kerb.KerbKey).Order());
        await Until(() => Told("factsheet").Any(), "its factsheet is heard");
        Assert.Equal("series Third party", Assert.Single(Told("factsheet")));
        Assert.Contains("Tip", Told("served"));
        foreach (var kind in new[] { "badMessage", "orderRefused", "orderUnanswered", "orderLost", "commandFailed", "commandUnanswered", "kerbMissed", "heldAgain" })
        {
            Assert.Empty(Told(kind));
        }

        var orders = wire.Where(message => message.Topic.EndsWith("/order", StringComparison.Ordinal)).Select(message => JsonNode.Parse(message.Json)!).ToList();
        Assert.All(orders, order => Assert.Equal("2.0.0", (string)order["version"]!));
        Assert.Contains(orders, order => (int)order["orderUpdateId"]! > 0);
        Assert.Contains(orders, order => order["nodes"]!.AsArray().Any(node => !(bool)node!["released"]!));
        // What the safety profile says by its own topics is said to nobody here.
        Assert.Equal(["connection", "factsheet", "instantActions", "order", "state"], wire.Select(message => message.Topic.Split('/')[^1]).Distinct().Order());
        Assert.Empty(refusals);
    }

    /// <summary>It stands where it is over more than one of its reports, whatever else it hears, and goes on when a person says so.</summary>
    private async Task StandsUntil(VehicleActivity held, VehicleCommandKind release)
    {
        await Until(() => View.Activity == held && View.SpeedMps == 0, $"it is {held}");
        // On a busy machine reports of before it stood come late.
        var place = View.Position;
        for (var look = 0; look < 10; look++)
        {
            await Task.Delay(700, Cancelled);
            if (View.Position == place)
            {
                break;
            }

            place = View.Position;
        }

        await Task.Delay(700, Cancelled);
        Assert.Equal(place, View.Position);
        Assert.Equal(held, View.Activity);
        await Command(release);
        await Until(() => View.Position != place, $"it goes on after {release}");
    }

    private Task Command(VehicleCommandKind kind) =>
        centre.Services.GetRequiredService<SendVehicleCommand>()(new(vehicle.Id.ToString(), kind, "Ada"), Cancelled);

    private IEnumerable<string> Told(string kind) => Store.Record().Where(entry => entry.Kind == kind).Select(entry => entry.Text);

    private async Task Until(Func<bool> holds, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < Patience,
                $"Waited in vain until {what}. Vehicle: {View}. It said: {process.Said}. Record: {string.Join("; ", Store.Record().TakeLast(12).Select(entry => $"{entry.Kind} {entry.Text}"))}. On the wire: {string.Join('\n', wire.TakeLast(3))}");
            await Task.Delay(20, Cancelled);
        }
    }

    /// <summary>Path of certificate and key without ending.</summary>
    private string Issue(LinkIdentity identity)
    {
        using var authority = Authority.Open(Pki, TimeProvider.System);
        var path = Authority.PathOf(Path.Combine(Pki, Authority.IssuedFolder), identity);
        if (!File.Exists(path + ".crt"))
        {
            authority.Issue(identity, 10, identity == LinkIdentity.Broker ? ["127.0.0.1"] : [], false);
        }

        return path;
    }

    private async Task<IHost> StartCentre()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        var own = Issue(LinkIdentity.Centre);
        var tls = new LinkTls { AuthorityFile = AuthorityFile, CertificateFile = own + ".crt", KeyFile = own + ".key" };
        var transport = MqttTransport.Start(new("127.0.0.1", broker.Port, LinkIdentity.Centre.Name) { Tls = tls }, NullLogger<MqttTransport>.Instance);
        await transport.WaitUntilConnectedAsync(Cancelled);
        builder.Services.AddSingleton<ITransport>(new Transport21(new Overheard(transport, wire), [vehicle.Id], NullLogger<Transport21>.Instance));
        builder.AddCentre(new() { City = GridTown.City, Vehicles = [vehicle], DatabaseFile = Path.Combine(folder.Path, "kehrwerk.db"), DepartureChecks = DepartureChecks.Off });
        var host = builder.Build();
        await host.StartAsync(Cancelled);
        return host;
    }

    private static async Task Stop(IHost host)
    {
        var transport = host.Services.GetRequiredService<ITransport>();
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        await transport.DisposeAsync();
    }

    /// <summary>Keeps what goes over the wire in VDA 5050 2.</summary>
    private sealed class Overheard(ITransport inner, ConcurrentQueue<(string Topic, string Json)> wire) : ITransport
    {
        public event Action<bool>? ConnectionChanged
        {
            add => inner.ConnectionChanged += value;
            remove => inner.ConnectionChanged -= value;
        }

        public bool IsConnected => inner.IsConnected;

        public ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
        {
            Keep(message);
            return inner.PublishAsync(message, ct);
        }

        public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default) =>
            inner.SubscribeAsync(
                topicFilter, message =>
                {
                    Keep(message);
                    return handler(message);
                }, ct);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private void Keep(LinkMessage message)
        {
            if (message.Topic.StartsWith("uagv/v2/", StringComparison.Ordinal))
            {
                wire.Enqueue((message.Topic, System.Text.Encoding.UTF8.GetString(message.Payload.Span)));
            }
        }
    }
}
