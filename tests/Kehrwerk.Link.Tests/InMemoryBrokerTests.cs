using System.Text;
using CsCheck;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Tests;

public class InMemoryBrokerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    private readonly EventLoop loop = new(Start, 1);

    [Fact]
    public async Task Messages_arrive_in_order_after_their_delay_while_the_network_is_good()
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var vehicle = broker.Connect("vehicle");
        var heard = await Hear(broker.Connect("centre"), "a/+/state");
        for (var i = 0; i < 50; i++)
        {
            var text = $"{i}";
            loop.Schedule(TimeSpan.FromMilliseconds(i), () => Send(vehicle, "a/1/state", text));
        }

        loop.RunFor(TimeSpan.FromMilliseconds(4));
        Assert.Empty(heard);
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), heard);
        Assert.Equal((50, 50, 0), (broker.Published, broker.Delivered, broker.Lost));
    }

    [Fact]
    public async Task A_retained_message_meets_those_who_come_later_and_an_empty_one_clears_it()
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var vehicle = broker.Connect("vehicle");
        Send(vehicle, "a/1/connection", "ONLINE", Qos.AtLeastOnce, retain: true);
        Send(vehicle, "a/1/state", "s");
        var early = await Hear(broker.Connect("early"), "a/#");
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["ONLINE"], early);

        Send(vehicle, "a/1/connection", "", Qos.AtLeastOnce, retain: true);
        var late = await Hear(broker.Connect("late"), "a/#");
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("ONLINE", late);
    }

    [Fact]
    public async Task A_killed_client_leaves_its_last_will_and_one_that_says_farewell_does_not()
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var heard = await Hear(broker.Connect("centre"), "+/connection");
        var killed = broker.Connect("1", new LastWill("1/connection", Bytes("1 broken")));
        var leaving = broker.Connect("2", new LastWill("2/connection", Bytes("2 broken")));
        killed.Kill();
        await leaving.DisposeAsync();
        loop.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(["1 broken"], heard);
        Assert.False(killed.IsConnected);
        Assert.Throws<ObjectDisposedException>(() => Send(killed, "1/state", "ghost"));
    }

    [Fact]
    public async Task A_second_client_of_the_same_id_ends_the_first()
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var heard = await Hear(broker.Connect("centre"), "+/connection");
        var first = broker.Connect("1", new LastWill("1/connection", Bytes("broken")));
        var second = broker.Connect("1");
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((false, true), (first.IsConnected, second.IsConnected));
        Assert.Equal(["broken"], heard);
    }

    [Fact]
    public async Task A_client_that_is_cut_off_loses_telemetry_and_keeps_what_must_not_be_lost()
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var centre = broker.Connect("centre");
        var heard = await Hear(centre, "#");
        var vehicle = broker.Connect("vehicle", new LastWill("connection", Bytes("broken")));
        var changes = new List<bool>();
        vehicle.ConnectionChanged += changes.Add;

        vehicle.Disconnect();
        Send(vehicle, "state", "lost");
        Send(vehicle, "record", "kept", Qos.AtLeastOnce);
        loop.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(["broken"], heard);
        vehicle.Reconnect();
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["broken", "kept"], heard);

        centre.Disconnect();
        Send(vehicle, "state", "lost too");
        Send(vehicle, "record", "kept too", Qos.AtLeastOnce);
        loop.RunFor(TimeSpan.FromSeconds(20));
        centre.Reconnect();
        loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["broken", "kept", "kept too"], heard[..3]);
        Assert.DoesNotContain(heard, text => text.StartsWith("lost", StringComparison.Ordinal));
        Assert.Equal([false, true], changes);
    }

    [Fact]
    public async Task A_cut_shorter_than_the_keep_alive_leaves_no_will()
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var heard = await Hear(broker.Connect("centre"), "connection");
        var vehicle = broker.Connect("vehicle", new LastWill("connection", Bytes("broken")));
        vehicle.Disconnect();
        loop.RunFor(TimeSpan.FromSeconds(5));
        vehicle.Reconnect();
        loop.RunFor(TimeSpan.FromMinutes(1));
        Assert.Empty(heard);
        vehicle.Kill();
        loop.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(["broken"], heard);
    }

    [Fact]
    public void What_must_not_be_lost_arrives_through_the_worst_network() =>
        Gen.Int.Sample(
            seed =>
            {
                var (heard, _) = RunRough(seed, Qos.AtLeastOnce);
                Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}").Order(), heard.Distinct().Order());
            },
            iter: 50);

    [Fact]
    public void A_rough_network_loses_repeats_and_reorders_and_a_seed_repeats_it_exactly()
    {
        var (first, broker) = RunRough(7, Qos.AtMostOnce);
        var (again, _) = RunRough(7, Qos.AtMostOnce);
        var (other, _) = RunRough(8, Qos.AtMostOnce);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.True(broker.Lost > 0 && broker.Duplicated > 0);
        Assert.NotEqual(first.OrderBy(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)), first);
        Assert.Equal(100 - broker.Lost + broker.Duplicated, first.Count);
    }

    [Fact]
    public async Task A_handler_that_waits_for_the_outside_world_is_a_bug_that_is_told()
    {
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var client = broker.Connect("1");
        await client.SubscribeAsync("a", _ => new ValueTask(new TaskCompletionSource().Task), TestContext.Current.CancellationToken);
        Send(client, "a", "x");
        var error = Assert.Throws<InvalidOperationException>(() => loop.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("synchronously", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_queue_of_a_client_that_is_cut_off_is_bounded()
    {
        var client = new InMemoryBroker(loop, LinkConditions.Good).Connect("1");
        client.Disconnect();
        for (var i = 0; i < InMemoryClient.MaxQueued; i++)
        {
            Send(client, "a", "x", Qos.AtLeastOnce);
        }

        Assert.Throws<LinkOverflowException>(() => Send(client, "a", "x", Qos.AtLeastOnce));
    }

    private static (List<string> Heard, InMemoryBroker Broker) RunRough(int seed, Qos qos)
    {
        var loop = new EventLoop(Start, seed);
        var broker = new InMemoryBroker(loop, LinkConditions.Rough with { Loss = 0.2, Duplication = 0.1, Reordering = 0.2 });
        var vehicle = broker.Connect("vehicle");
        var heard = Hear(broker.Connect("centre"), "#").GetAwaiter().GetResult();
        for (var i = 0; i < 100; i++)
        {
            var text = $"{i}";
            loop.Schedule(TimeSpan.FromMilliseconds(100 * i), () => Send(vehicle, "state", text, qos));
        }

        loop.RunFor(TimeSpan.FromHours(1));
        return (heard, broker);
    }

    private static async Task<List<string>> Hear(InMemoryClient client, string filter)
    {
        var heard = new List<string>();
        await client.SubscribeAsync(filter, message =>
        {
            heard.Add(Encoding.UTF8.GetString(message.Payload.Span));
            return ValueTask.CompletedTask;
        });
        return heard;
    }

    private static void Send(InMemoryClient client, string topic, string text, Qos qos = Qos.AtMostOnce, bool retain = false) =>
        client.Publish(new LinkMessage(topic, Bytes(text), qos, retain));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
