using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Link.Vda21;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Link.Tests.Vda21;

/// <summary>The adapter on the wire: what the Centre hears and what vehicles hear.</summary>
public sealed class Transport21Tests : IAsyncLifetime
{
    private static readonly VehicleId Other = new("Kehrwerk", "S-002");

    private readonly EventLoop loop = new(Examples.State.Timestamp, 1);
    private readonly List<Translated> toCentre = [];
    private readonly List<LinkMessage> toVehicles = [];
    private readonly InMemoryBroker broker;
    private readonly InMemoryClient vehicle;
    private readonly Transport21 centre;

    public Transport21Tests()
    {
        broker = new InMemoryBroker(loop, LinkConditions.Good);
        vehicle = broker.Connect(
            "vehicle", new LastWill(Topics.Vda21.Of(Examples.Vehicle, LinkTopic.Connection), LinkJson.Serialize(Says(ConnectionState21.Connectionbroken))));
        centre = new(broker.Connect("centre"), [Examples.Vehicle], NullLogger<Transport21>.Instance);
    }

    public async ValueTask InitializeAsync()
    {
        await Listen(centre, toCentre);
        await vehicle.SubscribeAsync("#", message => Keep(toVehicles, message));
        loop.RunFor(TimeSpan.FromSeconds(1));
    }

    public ValueTask DisposeAsync() => centre.DisposeAsync();

    [Fact]
    public async Task Reports_come_on_the_topics_of_3_0_and_the_last_will_too()
    {
        await Send(LinkTopic.Connection, LinkJson.Serialize(Says(ConnectionState21.Online)), retain: true);
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing));
        vehicle.Kill();
        loop.RunFor(TimeSpan.FromMinutes(1));

        Assert.Equal([LinkTopic.Connection, LinkTopic.State, LinkTopic.Connection], toCentre.Select(message => message.Topic));
        Assert.All(toCentre, message => Assert.Null(message.Fault));
        Assert.Equal("n1", LinkJson.Read<State>(toCentre[1].Payload).Message!.LastNodeId);
        Assert.Equal(ConnectionState.ConnectionBroken, LinkJson.Read<Connection>(toCentre[2].Payload).Message!.ConnectionState);
    }

    [Fact]
    public async Task Orders_go_to_both_topics_once_a_vehicle_has_spoken_2_1_and_leases_to_one_only()
    {
        var order = LinkJson.Serialize(Examples.Order with { Nodes = [new("n1", 0, true, [])], Edges = [] });
        await Tell(LinkTopic.Order, order);
        Assert.Equal(Topics.Default.Of(Examples.Vehicle, LinkTopic.Order), Assert.Single(Heard(toVehicles)).Topic);
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing));
        toVehicles.Clear();
        await Tell(LinkTopic.Order, order);
        await Tell(LinkTopic.Supervision, "{}"u8.ToArray());
        await Tell(LinkTopic.ZoneSet, "{}"u8.ToArray());

        Assert.Equal(
            [Topics.Default.Of(Examples.Vehicle, LinkTopic.Order), "uagv/v2/Kehrwerk/S-001/order", Topics.Default.Of(Examples.Vehicle, LinkTopic.Supervision), Topics.Default.Of(Examples.Vehicle, LinkTopic.ZoneSet)],
            Heard(toVehicles).Select(message => message.Topic));
    }

    [Fact]
    public async Task What_cannot_be_read_comes_with_its_fault_and_strangers_are_not_spoken_to()
    {
        await Send(LinkTopic.State, "{"u8.ToArray());
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing with { Vehicle = Other }));
        await Send(LinkTopic.Factsheet, LinkJson.Serialize(Says(ConnectionState21.Online)));
        await vehicle.PublishAsync(new(Topics.Vda21.Of(Other, LinkTopic.State), LinkJson.Serialize(TranslationTests.Standing with { Vehicle = Other })), TestContext.Current.CancellationToken);
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Collection(
            toCentre,
            message => Assert.StartsWith("VDA 5050 2.1: broken JSON", message.Fault, StringComparison.Ordinal),
            message => Assert.Equal("VDA 5050 2.1: the message names vehicle Kehrwerk/S-002", message.Fault),
            message => Assert.Equal("VDA 5050 2.1: typeSpecification: is missing", message.Fault),
            // What a stranger says is left as it is: by its topic it is none of the fleet.
            message => Assert.Equal((LinkTopic.State, null), (message.Topic, message.Fault)));
        toVehicles.Clear();
        await Tell(LinkTopic.Order, LinkJson.Serialize(Examples.Order));
        await centre.PublishAsync(new(Topics.Default.Of(Other, LinkTopic.Order), LinkJson.Serialize(Examples.Order with { Vehicle = Other })), TestContext.Current.CancellationToken);
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.All(Heard(toVehicles), message => Assert.StartsWith("vda5050/v3/", message.Topic, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_broker_kept_comes_only_with_a_state_of_now()
    {
        await Send(LinkTopic.Connection, LinkJson.Serialize(Says(ConnectionState21.Connectionbroken)), retain: true);
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing), retain: true);
        var heard = new List<Translated>();
        await using var later = new Transport21(broker.Connect("later"), [Examples.Vehicle], NullLogger<Transport21>.Instance);
        await Listen(later, heard);
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(heard);
        toVehicles.Clear();
        await later.PublishAsync(new(Topics.Default.Of(Examples.Vehicle, LinkTopic.InstantActions), Command(SweeperActions.StartPause, "c1")), TestContext.Current.CancellationToken);
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Single(Heard(toVehicles));

        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing with { HeaderId = 2 }));
        Assert.Equal([LinkTopic.Connection, LinkTopic.State], heard.Select(message => message.Topic));
        Assert.Equal(2u, LinkJson.Read<State>(heard[1].Payload).Message!.HeaderId);
        // And what it says of now makes the old worthless.
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing with { HeaderId = 3 }));
        Assert.Equal(3, heard.Count);
    }

    [Fact]
    public async Task A_stop_that_was_said_before_the_vehicle_spoke_2_1_outlives_a_resume_and_ends_as_a_vehicle_of_3_0_shows()
    {
        await Tell(LinkTopic.InstantActions, Command(SweeperActions.Deactivate, "c1"));
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing));
        toVehicles.Clear();
        await Tell(LinkTopic.InstantActions, Command(SweeperActions.StopPause, "c2"));
        Assert.StartsWith("vda5050/v3/", Assert.Single(Heard(toVehicles)).Topic, StringComparison.Ordinal);

        await Tell(LinkTopic.InstantActions, Command(SweeperActions.Activate, "c3"));
        var released = Examples.State with { InstantActionStates = [new("c3", ActionStatus.Finished)] };
        await vehicle.PublishAsync(new(Topics.Default.Of(Examples.Vehicle, LinkTopic.State), LinkJson.Serialize(released)), TestContext.Current.CancellationToken);
        loop.RunFor(TimeSpan.FromSeconds(1));
        toVehicles.Clear();
        await Tell(LinkTopic.InstantActions, Command(SweeperActions.StopPause, "c4"));
        Assert.Equal(2, Heard(toVehicles).Count());
    }

    [Fact]
    public async Task What_is_kept_of_a_vehicle_never_makes_its_states_too_long_to_be_read()
    {
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing));
        for (var i = 0; i < 100; i++)
        {
            await Tell(LinkTopic.InstantActions, Command(SweeperActions.LogReport, $"c{i}"));
            // Six bytes each on the wire.
            await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing with { ActionStates = [new($"c{i}", ActionStatus21.Finished, null, new string('\u0001', 500))] }));
        }

        Assert.Equal(100, LinkJson.Read<State>(toCentre[^1].Payload).Message!.InstantActionStates.Length);
    }

    [Fact]
    public async Task Nothing_is_read_until_the_receiver_asks()
    {
        var unread = new List<LinkMessage>();
        await using var reader = new Transport21(broker.Connect("reader"), [Examples.Vehicle], NullLogger<Transport21>.Instance);
        await reader.SubscribeAsync(Topics.Default.OfAll(LinkTopic.State), message => Keep(unread, message), TestContext.Current.CancellationToken);
        await Send(LinkTopic.State, LinkJson.Serialize(TranslationTests.Standing));
        var stop = new LinkMessage(Topics.Default.Of(Examples.Vehicle, LinkTopic.InstantActions), Command(SweeperActions.Deactivate, "c1"));
        foreach (var said in new[] { 1, 2 })
        {
            toVehicles.Clear();
            await reader.PublishAsync(stop, TestContext.Current.CancellationToken);
            loop.RunFor(TimeSpan.FromSeconds(1));
            Assert.Equal(said, Heard(toVehicles).Count());
            Assert.Single(unread)!.Translate!();
        }
    }

    private static byte[] Command(string actionType, string id) => LinkJson.Serialize(Examples.InstantActions with { Actions = [SweeperActions.Instant(actionType, id)] });

    private static async Task Listen(Transport21 centre, List<Translated> heard)
    {
        foreach (var topic in new[] { LinkTopic.State, LinkTopic.Connection, LinkTopic.Factsheet, LinkTopic.Safety })
        {
            await centre.SubscribeAsync(Topics.Default.OfAll(topic), message =>
            {
                heard.AddRange(message.Translate?.Invoke() ?? [new(topic, message.Payload.ToArray(), null)]);
                return ValueTask.CompletedTask;
            });
        }
    }

    private static Connection21 Says(ConnectionState21 state) =>
        new() { HeaderId = 1, Timestamp = Examples.State.Timestamp, Version = "2.1.0", Vehicle = Examples.Vehicle, ConnectionState = state };

    private static ValueTask Keep(List<LinkMessage> heard, LinkMessage message)
    {
        heard.Add(message);
        return ValueTask.CompletedTask;
    }

    /// <summary>What the Centre said: reports come back to the vehicle, which listens to everything.</summary>
    private static IEnumerable<LinkMessage> Heard(List<LinkMessage> messages) =>
        messages.Where(message => !(message.Topic.EndsWith("state", StringComparison.Ordinal) || message.Topic.EndsWith("factsheet", StringComparison.Ordinal)));

    private async Task Send(LinkTopic topic, byte[] payload, bool retain = false)
    {
        await vehicle.PublishAsync(new(Topics.Vda21.Of(Examples.Vehicle, topic), payload, Topics.QosOf(topic), retain));
        loop.RunFor(TimeSpan.FromSeconds(1));
    }

    private async Task Tell(LinkTopic topic, byte[] payload)
    {
        await centre.PublishAsync(new(Topics.Default.Of(Examples.Vehicle, topic), payload));
        loop.RunFor(TimeSpan.FromSeconds(1));
    }
}
