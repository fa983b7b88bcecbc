using System.Text;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Tests;

/// <summary>Faults of single lines in the simulated network: silence in one direction, cuts with an end, restarts of the broker.</summary>
public sealed class LineFaultTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    private readonly EventLoop loop = new(Start, 1);
    private readonly InMemoryBroker broker;
    private readonly InMemoryClient vehicle;
    private readonly List<string> centreHears;
    private readonly List<string> vehicleHears;
    private readonly List<bool> changes = [];

    public LineFaultTests()
    {
        broker = new(loop, LinkConditions.Good);
        centreHears = Hear(broker.Connect("centre"), "#");
        vehicle = broker.Connect("vehicle", new LastWill("connection", Encoding.UTF8.GetBytes("broken")), reconnectEvery: TimeSpan.FromSeconds(1));
        vehicleHears = Hear(vehicle, "order");
        vehicle.ConnectionChanged += changes.Add;
    }

    [Fact]
    public void A_short_silence_is_noticed_by_nobody_and_loses_only_what_may_be_lost()
    {
        vehicle.Silence(LinkDirection.Up);
        Send(vehicle, "state", "lost");
        Send(vehicle, "record", "kept", Qos.AtLeastOnce);
        Run(5);
        Assert.Empty(centreHears);
        vehicle.Heal();
        Run(60);

        Assert.Equal(["kept"], centreHears);
        Assert.Empty(changes);
    }

    [Fact]
    public void While_it_cannot_be_heard_the_broker_gives_it_up_first_and_it_believes_on()
    {
        vehicle.Silence(LinkDirection.Up);
        Run(16);
        Assert.Equal(["broken"], centreHears);
        Assert.True(vehicle.IsConnected);

        Run(5);
        Assert.False(vehicle.IsConnected);
        vehicle.Heal();
        Run(5);
        Assert.Equal([false, true], changes);
    }

    [Fact]
    public void A_client_whose_connection_the_broker_has_closed_learns_it_when_the_line_is_back()
    {
        vehicle.Silence(LinkDirection.Up);
        Run(16);
        vehicle.Heal();
        Assert.False(vehicle.IsConnected);
        Run(2);

        Assert.Equal([false, true], changes);
        Assert.Equal(["broken"], centreHears);
    }

    [Fact]
    public void While_it_cannot_hear_its_words_arrive_and_come_again_since_no_acknowledgement_came()
    {
        vehicle.Silence(LinkDirection.Down);
        Send(broker.Connect("other"), "order", "lost");
        Send(broker.Connect("other"), "order", "kept", Qos.AtLeastOnce);
        Send(vehicle, "record", "1", Qos.AtLeastOnce);
        Send(vehicle, "record", "2", Qos.AtLeastOnce);
        Run(19);
        Assert.Equal(["1"], centreHears.Where(t => t.Length == 1));
        Assert.Empty(vehicleHears);

        // It gives the connection up, and the broker sees that.
        Run(3);
        Assert.Contains("broken", centreHears);
        vehicle.Heal();
        Run(5);
        Assert.Equal(["1", "1", "2"], centreHears.Where(t => t.Length == 1));
        Assert.Equal(["kept"], vehicleHears);
    }

    [Fact]
    public void A_client_that_is_cut_off_for_a_time_comes_back_after_it_and_not_before()
    {
        vehicle.Cut(TimeSpan.FromSeconds(10));
        Run(9);
        Assert.Equal([false], changes);
        Run(3);
        Assert.Equal([false, true], changes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_the_broker_restarts_everyone_comes_back_and_what_it_kept_depends_on_the_broker(bool forgets)
    {
        vehicle.Publish(new("connection", Encoding.UTF8.GetBytes("ONLINE"), Qos.AtLeastOnce, Retain: true));
        Run(1);
        broker.Restart(TimeSpan.FromSeconds(5), forgets);
        Send(vehicle, "record", "kept", Qos.AtLeastOnce);
        Run(4);
        var late = broker.Connect("late", reconnectEvery: TimeSpan.FromSeconds(1));
        var lateHears = Hear(late, "#");
        Assert.False(late.IsConnected);
        Run(5);

        Assert.Equal([false, true], changes);
        Assert.DoesNotContain("broken", centreHears);
        Assert.Contains("kept", lateHears);
        Assert.Equal(!forgets, lateHears.Contains("ONLINE"));
    }

    [Fact]
    public void Each_direction_of_each_client_has_its_own_conditions()
    {
        vehicle.Uplink = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        vehicle.Downlink = new(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7));
        Send(vehicle, "state", "up");
        Send(broker.Connect("other"), "order", "down");
        Run(1.9);
        Assert.DoesNotContain("up", centreHears);
        Run(0.2);
        Assert.Contains("up", centreHears);
        Run(4.8);
        Assert.Empty(vehicleHears);
        Run(0.2);
        Assert.Equal(["down"], vehicleHears);
    }

    [Fact]
    public void A_message_can_be_late_by_minutes_and_is_overtaken()
    {
        vehicle.Uplink = LinkConditions.Good with { Late = 0.2, LateUpTo = TimeSpan.FromMinutes(3) };
        for (var i = 0; i < 100; i++)
        {
            var text = $"{i}";
            loop.Schedule(TimeSpan.FromSeconds(i), () => Send(vehicle, "state", text));
        }

        Run(400);
        Assert.Equal(100, centreHears.Count);
        var places = centreHears.Select(t => int.Parse(t, System.Globalization.CultureInfo.InvariantCulture)).Index().ToList();
        Assert.True(places.Max(p => p.Index - p.Item) > 20, "nothing was overtaken by twenty others");
    }

    [Fact]
    public void A_broker_may_publish_the_will_of_a_connection_that_its_client_takes_over()
    {
        broker.WillAtTakeover = 1;
        vehicle.Cut(TimeSpan.FromSeconds(2));
        Run(10);

        Assert.Equal(["broken"], centreHears);
        Assert.True(vehicle.IsConnected);
    }

    private void Run(double seconds) => loop.RunFor(TimeSpan.FromSeconds(seconds));

    private static List<string> Hear(InMemoryClient client, string filter)
    {
        var heard = new List<string>();
        client.SubscribeAsync(filter, message =>
        {
            heard.Add(Encoding.UTF8.GetString(message.Payload.Span));
            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();
        return heard;
    }

    private static void Send(InMemoryClient client, string topic, string text, Qos qos = Qos.AtMostOnce) =>
        client.Publish(new LinkMessage(topic, Encoding.UTF8.GetBytes(text), qos));
}
