using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Kehrwerk.Link.Broker;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kehrwerk.Link.Tests;

/// <summary>The real transport against the real broker, on loopback.</summary>
public class MqttTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_state_reaches_the_centre_through_the_broker()
    {
        await using var broker = await StartBroker();
        await using var centre = await Connect(broker.Port, "centre");
        await using var vehicle = await Connect(broker.Port, "vehicle");
        var heard = await Hear(centre, Topics.Default.OfAll(LinkTopic.State));
        await vehicle.PublishAsync(new LinkMessage(Topics.Default.Of(Examples.Vehicle, LinkTopic.State), LinkJson.Serialize(Examples.State)), Ct);

        var message = await Next(heard);
        Assert.True(Topics.Default.TryParse(message.Topic, out var from, out var topic));
        Assert.Equal((Examples.Vehicle, LinkTopic.State), (from, topic));
        Assert.Equal(4711u, LinkJson.Read<State>(message.Payload.Span).Message?.HeaderId);
    }

    [Fact]
    public async Task Messages_are_handled_one_after_the_other_in_the_order_in_which_they_were_sent()
    {
        await using var broker = await StartBroker();
        await using var centre = await Connect(broker.Port, "centre");
        await using var vehicle = await Connect(broker.Port, "vehicle");
        var heard = await Hear(centre, "a/#");
        for (var i = 0; i < 500; i++)
        {
            await Send(vehicle, "a/b", $"{i}");
        }

        for (var i = 0; i < 500; i++)
        {
            Assert.Equal($"{i}", Text(await Next(heard)));
        }
    }

    [Fact]
    public async Task A_retained_message_meets_those_who_come_later()
    {
        await using var broker = await StartBroker();
        await using var vehicle = await Connect(broker.Port, "vehicle");
        var own = await Hear(vehicle, "a/connection");
        await Send(vehicle, "a/connection", "ONLINE", Qos.AtLeastOnce, retain: true);
        await Next(own);

        await using var centre = await Connect(broker.Port, "centre");
        var message = await Next(await Hear(centre, "+/connection"));
        Assert.Equal(("ONLINE", true), (Text(message), message.Retain));
    }

    [Fact]
    public async Task A_vehicle_whose_line_breaks_leaves_its_last_will_and_comes_back_by_itself()
    {
        await using var broker = await StartBroker();
        await using var line = new CuttableLine(broker.Port);
        await using var centre = await Connect(broker.Port, "centre");
        var heard = await Hear(centre, "+/connection");
        await using var vehicle = await Connect(line.Port, "1", new LastWill("1/connection", "broken"u8.ToArray()));
        var orders = await Hear(vehicle, "1/order");
        var changes = Changes(vehicle);

        line.Cut();
        Assert.Equal("broken", Text(await Next(heard)));
        Assert.False(await Next(changes));
        Assert.True(await Next(changes));
        await Send(centre, "1/order", "go on");
        Assert.Equal("go on", Text(await Next(orders)));
    }

    [Fact]
    public async Task Who_sends_on_a_silent_line_is_not_held_up_by_messages_that_may_be_lost()
    {
        await using var broker = await StartBroker();
        await using var line = new CuttableLine(broker.Port);
        await using var vehicle = await Connect(line.Port, "1");
        line.FallSilent();
        var state = new LinkMessage("1/state", new byte[200_000]);
        // More than all buffers take, in less time than the transport needs to notice that the line is dead: dropped, and the caller goes on.
        var sending = Task.Run(
            async () =>
            {
                while (vehicle.Dropped < 10)
                {
                    Assert.True(vehicle.IsConnected);
                    await vehicle.PublishAsync(state, Ct);
                }
            },
            Ct);
        await sending.WaitAsync(Patience, Ct);
        Assert.True(vehicle.IsConnected);
    }

    [Fact]
    public async Task A_vehicle_that_says_farewell_leaves_its_last_word_and_no_last_will()
    {
        await using var broker = await StartBroker();
        await using var centre = await Connect(broker.Port, "centre");
        var heard = await Hear(centre, "#");
        var vehicle = await Connect(broker.Port, "1", new LastWill("1/connection", "broken"u8.ToArray()));
        await Send(vehicle, "1/connection", "OFFLINE", Qos.AtLeastOnce, retain: true);
        await vehicle.DisposeAsync();
        await Send(centre, "end", "end");
        Assert.Equal("OFFLINE", Text(await Next(heard)));
        Assert.Equal("end", Text(await Next(heard)));
    }

    [Fact]
    public async Task After_a_restart_of_the_broker_subscriptions_are_in_place_and_nothing_of_qos_1_is_lost()
    {
        var broker = await StartBroker();
        var port = broker.Port;
        await using var centre = await Connect(port, "centre");
        await using var vehicle = await Connect(port, "vehicle");
        var heard = await Hear(centre, "a/#");
        var centreChanges = Changes(centre);
        var vehicleChanges = Changes(vehicle);

        await broker.DisposeAsync();
        Assert.False(await Next(centreChanges));
        Assert.False(await Next(vehicleChanges));
        await Send(vehicle, "a/state", "dropped");
        Assert.Equal(1, vehicle.Dropped);

        broker = await StartBroker(port);
        await using var again = broker;
        Assert.True(await Next(centreChanges));
        await Send(vehicle, "a/record", "kept", Qos.AtLeastOnce);
        Assert.Equal("kept", Text(await Next(heard)));
    }

    [Fact]
    public async Task A_message_sent_before_there_is_a_broker_arrives_once_there_is_one()
    {
        var port = FreePort();
        await using var vehicle = MqttTransport.Start(Options(port, "vehicle"), NullLogger<MqttTransport>.Instance);
        var heard = await Hear(vehicle, "a");
        await Send(vehicle, "a", "early", Qos.AtLeastOnce);
        Assert.False(vehicle.IsConnected);
        await using var broker = await StartBroker(port);
        Assert.Equal("early", Text(await Next(heard)));
    }

    [Fact]
    public async Task The_queue_of_unsent_messages_is_bounded()
    {
        await using var vehicle = MqttTransport.Start(Options(FreePort(), "vehicle") with { MaxUnsent = 3 }, NullLogger<MqttTransport>.Instance);
        var error = await Assert.ThrowsAsync<LinkOverflowException>(async () =>
        {
            // One more than the queue holds may be in the hands of the sender.
            for (var i = 0; i < 5; i++)
            {
                await Send(vehicle, "a", "x", Qos.AtLeastOnce);
            }
        });
        Assert.Contains("More than 3 messages", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#")]
    [InlineData("+/state")]
    public async Task A_topic_that_cannot_be_is_refused_and_holds_up_nothing(string topic)
    {
        await using var broker = await StartBroker();
        await using var client = await Connect(broker.Port, "client");
        var heard = await Hear(client, "a");
        await Assert.ThrowsAsync<ArgumentException>(() => Send(client, topic, "x", Qos.AtLeastOnce).AsTask());
        await Send(client, "a", "next", Qos.AtLeastOnce);
        Assert.Equal("next", Text(await Next(heard)));
    }

    [Fact]
    public async Task A_handler_that_fails_does_not_stop_the_messages()
    {
        await using var broker = await StartBroker();
        await using var client = await Connect(broker.Port, "client");
        await client.SubscribeAsync("a", _ => throw new InvalidOperationException("broken handler"), Ct);
        var heard = await Hear(client, "a");
        await Send(client, "a", "1");
        await Send(client, "a", "2");
        Assert.Equal("1", Text(await Next(heard)));
        Assert.Equal("2", Text(await Next(heard)));
    }

    [Fact]
    public async Task A_client_that_sends_too_much_is_disconnected_and_nobody_hears_it()
    {
        await using var broker = await EmbeddedBroker.StartAsync(
            new EmbeddedBrokerOptions { Port = 0, MaxPayloadBytes = 100 }, NullLogger<EmbeddedBroker>.Instance);
        await using var centre = await Connect(broker.Port, "centre");
        await using var vehicle = await Connect(broker.Port, "vehicle");
        var heard = await Hear(centre, "a");
        var changes = Changes(vehicle);
        await Send(vehicle, "a", new string('x', 101));
        Assert.False(await Next(changes));
        await Send(centre, "a", "small");
        Assert.Equal("small", Text(await Next(heard)));
    }

    [Fact]
    public async Task An_occupied_port_is_told_with_what_to_do()
    {
        await using var broker = await StartBroker();
        var error = await Assert.ThrowsAsync<BrokerStartException>(() => StartBroker(broker.Port));
        Assert.Equal($"Port {broker.Port} for the MQTT broker is taken by another program. Stop that program, or choose another port.", error.Message);
    }

    private static Task<EmbeddedBroker> StartBroker(int port = 0) =>
        EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Port = port }, NullLogger<EmbeddedBroker>.Instance);

    private static MqttTransportOptions Options(int port, string id, LastWill? will = null) =>
        new("127.0.0.1", port, id) { Will = will, FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(200) };

    private static async Task<MqttTransport> Connect(int port, string id, LastWill? will = null)
    {
        var transport = MqttTransport.Start(Options(port, id, will), NullLogger<MqttTransport>.Instance);
        await transport.WaitUntilConnectedAsync(Ct).WaitAsync(Patience, Ct);
        return transport;
    }

    private static async Task<ChannelReader<LinkMessage>> Hear(MqttTransport transport, string filter)
    {
        var heard = Channel.CreateUnbounded<LinkMessage>();
        await transport.SubscribeAsync(filter, message => heard.Writer.WriteAsync(message), Ct);
        return heard.Reader;
    }

    private static ChannelReader<bool> Changes(MqttTransport transport)
    {
        var changes = Channel.CreateUnbounded<bool>();
        transport.ConnectionChanged += connected => changes.Writer.TryWrite(connected);
        return changes.Reader;
    }

    private static Task<T> Next<T>(ChannelReader<T> reader) => reader.ReadAsync(Ct).AsTask().WaitAsync(Patience, Ct);

    private static ValueTask Send(MqttTransport transport, string topic, string text, Qos qos = Qos.AtMostOnce, bool retain = false) =>
        transport.PublishAsync(new LinkMessage(topic, Encoding.UTF8.GetBytes(text), qos, retain), Ct);

    private static string Text(LinkMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
