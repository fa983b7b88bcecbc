using System.Collections.Immutable;
using System.Threading.Channels;
using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Store;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>Grains, gateway, store and desk in a real host, over a real broker.</summary>
public sealed class CentreHostTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder folder = new();
    private readonly FleetVehicle vehicle = GridTown.Vehicle(1);
    private readonly Channel<LinkMessage> toVehicle = Channel.CreateUnbounded<LinkMessage>();
    private EmbeddedBroker broker = null!;
    private MqttTransport wire = null!;
    private readonly CancellationTokenSource ends = new();
    private Task reporting = Task.CompletedTask;
    private uint header;
    private ImmutableArray<ZoneRequest> asks = [];
    private volatile ActionState? answer;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        broker = await EmbeddedBroker.StartAsync(new() { Port = 0 }, NullLogger<EmbeddedBroker>.Instance);
        wire = MqttTransport.Start(new("127.0.0.1", broker.Port, "vehicle"), NullLogger<MqttTransport>.Instance);
        await wire.SubscribeAsync(Topics.Default.AllOf(vehicle.Id), Hear, Cancelled);
        await wire.WaitUntilConnectedAsync(Cancelled);
        reporting = ReportTwiceASecond();
    }

    public async ValueTask DisposeAsync()
    {
        await ends.CancelAsync();
        await reporting;
        ends.Dispose();
        await wire.DisposeAsync();
        await broker.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_persons_answer_reaches_the_vehicle_on_record_and_one_that_is_not_asked_for_does_not()
    {
        asks = [new("r1", ZoneRequestType.Access, "yard", "zones-1", RequestStatus.Requested)];
        await using var centre = await Start();
        while (centre.Live.Snapshot().Vehicles[0] is not { Link: LinkState.Connected, Requests.Count: > 0 })
        {
            await Task.Delay(20, Cancelled);
        }

        Assert.Null(await centre.Desk.Answer(new(vehicle.Id.ToString(), "r1", GrantType.Granted, TimeSpan.FromSeconds(30), "Ada"), Cancelled));
        var response = Assert.Single((await Next<Responses>(LinkTopic.Responses)).Items);
        Assert.Equal(("r1", GrantType.Granted, true), (response.RequestId, response.GrantType, response.LeaseExpiry is not null));
        Assert.NotNull(await centre.Desk.Answer(new(vehicle.Id.ToString(), "r2", GrantType.Granted, TimeSpan.FromSeconds(30), "Ada"), Cancelled));
        foreach (var leaseS in new[] { 0, 601 })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => centre.Desk.Answer(new(vehicle.Id.ToString(), "r1", GrantType.Granted, TimeSpan.FromSeconds(leaseS), "Ada"), Cancelled));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => centre.Desk.Answer(new(vehicle.Id.ToString(), "r1", (GrantType)99, TimeSpan.FromSeconds(30), "Ada"), Cancelled));
        Assert.Equal("Ada", Assert.Single(centre.Store.Record(), entry => entry.Kind == "requestAnswered").Who);
        Assert.Equal("Ada", Assert.Single(centre.Store.Record(), entry => entry.Kind == "answerRefused").Who);
    }

    [Fact]
    public async Task A_street_that_a_person_closes_stays_closed_over_a_restart_until_it_is_opened_or_its_time_is_over()
    {
        var streets = GridTown.City.Streets;
        var arc = GridTown.KerbBetween(1, 2).Arc;
        var key = streets.ArcKey(arc)[..^1];
        await using (var centre = await Start())
        {
            Assert.Null(await centre.Closures.Close([key], "Markt", null, "Ada"));
            Assert.Null(await centre.Closures.Close([streets.ArcKey(GridTown.KerbBetween(6, 7).Arc)[..^1]], "Baustelle", DateTimeOffset.UtcNow.AddSeconds(3), "Ben"));
            foreach (var (stretches, reason, until) in ((ImmutableArray<string>, string, DateTimeOffset?)[])[([], "Markt", null), (["no.7"], "Markt", null), ([key], " ", null), ([key], "Markt", DateTimeOffset.UtcNow.AddHours(-1)), ([streets.ArcKey(GridTown.City.Depot.Arc)[..^1]], "Markt", null)])
            {
                Assert.NotNull(await centre.Closures.Close(stretches, reason, until, "Ada"));
            }

            Assert.Equal(2, centre.Closures.Open.Count);
        }

        await using var again = await Start();
        Assert.Contains(again.Closures.Open, closure => closure is { Reason: "Markt", By: "Ada" });
        Assert.True(again.City.Value.Closures.Contains(arc));
        Assert.True(again.City.Value.Closures.Contains(streets.ArcReverse[arc]));
        while (again.Closures.Open.Count > 1)
        {
            await Task.Delay(50, Cancelled);
        }

        Assert.True(await again.Closures.Lift(again.Closures.Open[0].Id, "Cem"));
        Assert.False(await again.Closures.Lift(1, "Cem"));
        Assert.Empty(again.City.Value.Closures.Arcs);
        Assert.Empty(again.Store.StreetClosures());
        Assert.Equal(
            [("streetClosed", "Ada"), ("streetClosed", "Ben"), ("streetOpened", "centre"), ("streetOpened", "Cem")],
            again.Store.Record().Where(entry => entry.Kind.StartsWith("street", StringComparison.Ordinal)).Select(entry => (entry.Kind, entry.Who)));
    }

    [Fact]
    public async Task A_mission_and_its_order_outlive_the_centre()
    {
        var kerbs = new[] { GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 6).Id };
        string orderId;
        await using (var centre = await Start())
        {
            await centre.Desk.StartShift(new([GridTown.Tour("T-1", kerbs)], []), 0, "Ada", Cancelled);
            orderId = (await Next<Order>(LinkTopic.Order)).OrderId;

            Assert.Equal(KerbState.Planned, centre.Live.Snapshot().Kerbs[kerbs[0]]);
            Assert.Equal(2, Assert.Single(centre.Live.Snapshot().Vehicles).KerbsPlanned);
            await Assert.ThrowsAsync<InvalidOperationException>(() => centre.Desk.StartShift(new([GridTown.Tour("T-1", kerbs)], []), 0, "Ada", Cancelled));
        }

        while (toVehicle.Reader.TryRead(out _))
        {
        }

        await using (var centre = await Start())
        {
            Assert.Equal(orderId, (await Next<Order>(LinkTopic.Order)).OrderId);
            Assert.Contains(centre.Store.Record(), e => e.Kind == "missionResumed");
            Assert.Null(centre.Store.VerifyRecord().Problem);
        }
    }

    [Fact]
    public async Task A_narrow_street_is_granted_before_it_is_released_and_still_held_after_a_restart()
    {
        var town = GridTown.Narrow((_, _) => true);
        var first = GridTown.KerbBetween(0, 4).Arc;
        var other = new VehicleId("test", "T-2");
        var way = new RoadClaim { City = town.City.Fingerprint, OrderId = "o", Way = [first, GridTown.KerbBetween(4, 0).Arc], LengthM = 5 };
        await using (var centre = await Start(town.City))
        {
            Assert.Equal(new(true, 2, null), await centre.Traffic.Ask(other, way, 2));
            await centre.Traffic.Tell(other, null);
            await centre.Desk.StartShift(new([GridTown.Tour("T-1", [GridTown.KerbBetween(1, 2).Id])], []), 0, "Ada", Cancelled);
            var order = await Next<Order>(LinkTopic.Order);

            // The vehicle of this test never shows the order, so that it is not extended either.
            Assert.Equal([true, false], order.Nodes.Take(2).Select(node => node.Released));
            while (centre.Store.LoadTwin(vehicle).Road is not { Granted: > 0 })
            {
                await Task.Delay(20, Cancelled);
            }

            Assert.Equal(new(true, 0, new(vehicle.Id, first)), await centre.Traffic.Ask(other, way, 2));
        }

        await using (var centre = await Start(town.City))
        {
            Assert.Equal(new(true, 0, new(vehicle.Id, first)), await centre.Traffic.Ask(other, way, 2));
        }
    }

    [Fact]
    public async Task What_the_traffic_book_missed_when_a_decision_broke_off_it_is_told_with_the_next()
    {
        var town = GridTown.Narrow((_, _) => true);
        var other = new VehicleId("test", "T-2");
        var way = new RoadClaim { City = town.City.Fingerprint, OrderId = "o", Way = [GridTown.KerbBetween(0, 4).Arc, GridTown.KerbBetween(4, 0).Arc], LengthM = 5 };
        await using var centre = await Start(town.City);
        await centre.Traffic.Tell(vehicle.Id, way with { Granted = 2 });
        Assert.Equal(0, (await centre.Traffic.Ask(other, way, 2)).Granted);

        await Assert.ThrowsAnyAsync<Exception>(() => centre.Send(new(vehicle.Id.ToString(), (VehicleCommandKind)99, "Ada"), Cancelled));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(Patience);
        while ((await centre.Traffic.Ask(other, way, 2)).Granted < 2)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [Fact]
    public async Task A_stop_is_on_record_and_on_its_way_when_the_command_completes()
    {
        await using var centre = await Start();
        await centre.Send(new(vehicle.Id.ToString(), VehicleCommandKind.Stop, "Ada"), Cancelled);

        Assert.Contains(centre.Store.Record(), e => e is { Kind: "command", Who: "Ada", Text: "Stop", Vehicle: "test/T-1" });
        var action = Assert.Single((await Next<InstantActions>(LinkTopic.InstantActions)).Actions);
        Assert.Equal(SweeperActions.Deactivate, action.ActionType);
        await Assert.ThrowsAsync<ArgumentException>(() => centre.Send(new("test/none", VehicleCommandKind.Stop, "Ada"), Cancelled));
    }

    [Fact]
    public async Task A_stop_goes_out_also_where_it_cannot_be_stored()
    {
        await using var centre = await Start();
        await centre.Store.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => centre.Send(new(vehicle.Id.ToString(), VehicleCommandKind.Stop, "Ada"), Cancelled));
        var first = Assert.Single((await Next<InstantActions>(LinkTopic.InstantActions)).Actions);
        var again = Assert.Single((await Next<InstantActions>(LinkTopic.InstantActions)).Actions);
        Assert.Equal(SweeperActions.Deactivate, first.ActionType);
        Assert.Equal(first.ActionId, again.ActionId);
    }

    [Fact]
    public async Task Every_vehicle_is_on_the_picture_before_it_was_heard_of()
    {
        await using var centre = await Start();

        Assert.Equal(vehicle.Id.ToString(), Assert.Single(centre.Live.Snapshot().Vehicles).Id);
    }

    [Fact]
    public async Task Broken_messages_and_unknown_vehicles_are_recorded_once_and_the_centre_goes_on()
    {
        await using var centre = await Start();
        for (var i = 0; i < 5; i++)
        {
            await wire.PublishAsync(new(Topics.Default.Of(vehicle.Id, LinkTopic.State), "{ \"headerId\": "u8.ToArray()), Cancelled);
            await wire.PublishAsync(new(Topics.Default.Of(new("other", "X-1"), LinkTopic.State), "{}"u8.ToArray()), Cancelled);
        }

        await foreach (var change in centre.Live.Watch(Cancelled))
        {
            // Reports come after the broken ones on the same way, so both are told of by then.
            if (change is VehicleChanged { Vehicle.Link: LinkState.Connected } && centre.Store.Record().Count(e => e.Kind == "badMessage") >= 2)
            {
                break;
            }
        }

        var told = centre.Store.Record().Where(e => e.Kind == "badMessage").ToList();
        Assert.Contains(told, e => e.Vehicle == "other/X-1");
        Assert.Contains(told, e => e.Vehicle == "test/T-1" && e.Text.Contains("broken JSON", StringComparison.Ordinal));
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public async Task A_vehicle_whose_messages_take_long_to_translate_holds_up_no_other()
    {
        var slow = GridTown.Vehicle(2);
        using var begun = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        await using var centre = await Start(fleet: [vehicle, slow], between: message => !message.Topic.EndsWith($"{slow.Id.Serial}/state", StringComparison.Ordinal) ? message : message with
        {
            Translate = () =>
            {
                begun.Set();
                goesOn.Wait(Cancelled);
                return [];
            },
        });
        try
        {
            await wire.PublishAsync(new(Topics.Default.Of(slow.Id, LinkTopic.State), "{}"u8.ToArray()), Cancelled);
            Assert.True(begun.Wait(Patience, Cancelled));
            var (since, asked) = (ReportedAt(), TimeProvider.System.GetTimestamp());
            while (ReportedAt() is not { } at || at <= (since ?? default))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(asked) < Patience, "The other vehicle is not heard");
                await Task.Delay(20, Cancelled);
            }
        }
        finally
        {
            goesOn.Set();
        }

        DateTimeOffset? ReportedAt() => centre.Live.Snapshot().Vehicles.Single(one => one.Id == vehicle.Id.ToString()).ReportedAt;
    }

    /// <param name="between">An adapter of what comes.</param>
    private async Task<RunningCentre> Start(City? city = null, ImmutableArray<FleetVehicle>? fleet = null, Func<LinkMessage, LinkMessage>? between = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var transport = MqttTransport.Start(new("127.0.0.1", broker.Port, "centre"), NullLogger<MqttTransport>.Instance);
        await transport.WaitUntilConnectedAsync(Cancelled);
        builder.Services.AddSingleton<ITransport>(between is null ? transport : new Adapted(transport, between));
        builder.AddCentre(new() { City = city ?? GridTown.City, Vehicles = fleet ?? [vehicle], DatabaseFile = folder.File("kehrwerk.db"), DepartureChecks = DepartureChecks.Off });
        var host = builder.Build();
        await host.StartAsync(Cancelled);
        return new(host);
    }

    private sealed class Adapted(ITransport inner, Func<LinkMessage, LinkMessage> between) : ITransport
    {
        public event Action<bool>? ConnectionChanged
        {
            add => inner.ConnectionChanged += value;
            remove => inner.ConnectionChanged -= value;
        }

        public bool IsConnected => inner.IsConnected;

        public ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default) => inner.PublishAsync(message, ct);

        public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default) =>
            inner.SubscribeAsync(topicFilter, message => handler(between(message)), ct);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Answers the question after a return; orders and all other commands are for the test.</summary>
    private ValueTask Hear(LinkMessage message)
    {
        var isCommand = message.Topic.EndsWith("/instantActions", StringComparison.Ordinal);
        if (isCommand && LinkJson.Read<InstantActions>(message.Payload.Span).Message!.Actions is [{ ActionType: SweeperActions.StateRequest } question])
        {
            answer = new(question.ActionId, ActionStatus.Finished, question.ActionType);
            return ValueTask.CompletedTask;
        }

        return isCommand || message.Topic.EndsWith("/order", StringComparison.Ordinal) || message.Topic.EndsWith("/responses", StringComparison.Ordinal) ? toVehicle.Writer.WriteAsync(message, Cancelled) : ValueTask.CompletedTask;
    }

    private async Task ReportTwiceASecond()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        try
        {
            do
            {
                await Report();
            }
            while (await timer.WaitForNextTickAsync(ends.Token));
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>The vehicle says that it stands idle at the depot.</summary>
    private async Task Report()
    {
        var at = GridTown.City.Streets.NodePoint[GridTown.Context.DepotNode];
        await wire.PublishAsync(new(Topics.Default.Of(vehicle.Id, LinkTopic.State), LinkJson.Serialize(new State
        {
            HeaderId = ++header,
            Timestamp = DateTimeOffset.UtcNow,
            Vehicle = vehicle.Id,
            OrderId = "",
            OrderUpdateId = 0,
            LastNodeId = GridTown.City.Streets.NodeKey(GridTown.Context.DepotNode),
            LastNodeSequenceId = 0,
            NodeStates = [],
            EdgeStates = [],
            MobileRobotPosition = new(at.X, at.Y, 0, GridTown.City.Fingerprint, true),
            Driving = false,
            ActionStates = [],
            InstantActionStates = answer is { } shown ? [shown] : [],
            ZoneRequests = asks,
            PowerSupply = new(90, false),
            OperatingMode = OperatingMode.Automatic,
            Errors = [],
            SweeperStatus = new(0, 0, 425, 0, 0, 50_000),
            SafetyState = new(EmergencyStop.None, false),
        })), ends.Token);
    }

    private async Task<T> Next<T>(LinkTopic topic)
        where T : VdaMessage
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(Patience);
        while (true)
        {
            var message = await toVehicle.Reader.ReadAsync(patience.Token);
            if (message.Topic == Topics.Default.Of(vehicle.Id, topic))
            {
                return LinkJson.Read<T>(message.Payload.Span).Message!;
            }

        }
    }

    private sealed class RunningCentre(IHost host) : IAsyncDisposable
    {
        public ClosureDesk Closures => host.Services.GetRequiredService<ClosureDesk>();
        public CurrentCity City => host.Services.GetRequiredService<CurrentCity>();
        public FleetDesk Desk => host.Services.GetRequiredService<FleetDesk>();
        public LiveFleet Live => host.Services.GetRequiredService<LiveFleet>();
        public CentreStore Store => host.Services.GetRequiredService<CentreStore>();
        public ITrafficGrain Traffic => host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrafficGrain>(0);
        public SendVehicleCommand Send => host.Services.GetRequiredService<SendVehicleCommand>();

        public async ValueTask DisposeAsync()
        {
            var transport = host.Services.GetRequiredService<ITransport>();
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
            await transport.DisposeAsync();
        }
    }
}
