using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Simulation;

/// <summary>
/// A broker inside the event loop: topic filters, retained messages, last wills, and a network with delay, loss, duplication and
/// reordering by seed, the same for all clients or each client and direction with its own (<see cref="InMemoryClient.Uplink"/>,
/// <see cref="InMemoryClient.Downlink"/>). The same seed and the same calls give the same deliveries. Like the loop it is not thread safe.
/// </summary>
public sealed class InMemoryBroker
{
    private readonly EventLoop loop;
    private readonly Random chance;
    private readonly HopCounters counters = new();
    private readonly List<InMemoryClient> clients = [];
    private readonly SortedDictionary<string, LinkMessage> retained = new(StringComparer.Ordinal);

    /// <summary>Who hears a topic; rebuilt when subscriptions change, since the same few topics carry all traffic.</summary>
    private readonly Dictionary<string, InMemoryClient[]> audiences = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The conditions are out of bounds.</exception>
    public InMemoryBroker(EventLoop loop, LinkConditions conditions)
    {
        this.loop = loop;
        Conditions = conditions;
        // Its own generator: other network conditions must not change what else the seed decides.
        chance = new Random(loop.Random.Next());
    }

    /// <summary>May be changed while the simulation runs, for example for a bad quarter of an hour.</summary>
    /// <exception cref="ArgumentException">The conditions are out of bounds.</exception>
    public LinkConditions Conditions
    {
        get;
        set
        {
            value.Check();
            field = value;
        }
    }

    /// <summary>
    /// How probable it is, 0 to 1, that the will of a connection which its client has given up is published when that client comes back
    /// before the broker noticed: brokers differ in this.
    /// </summary>
    public double WillAtTakeover { get; set; }

    /// <summary>False while it is being restarted.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Messages handed over by connected clients, last wills included.</summary>
    public long Published { get; private set; }

    /// <summary>Messages handed to clients, each receiver counted.</summary>
    public long Delivered { get; private set; }

    /// <summary>Deliveries that vanished: lost on the way, sent or arrived while the client was cut off.</summary>
    public long Lost => counters.Lost;

    /// <summary>Second deliveries of the same message.</summary>
    public long Duplicated => counters.Duplicated;

    /// <summary>
    /// Connects a client at once, or as soon as the broker is up again. A client of the same id that is still connected is cut off and
    /// its will published, as MQTT does.
    /// </summary>
    /// <param name="reconnectEvery">See <see cref="InMemoryClient.ReconnectEvery"/>.</param>
    public InMemoryClient Connect(string clientId, LastWill? will = null, TimeSpan? reconnectEvery = null)
    {
        clients.Find(client => client.Id == clientId)?.Kill();
        var client = new InMemoryClient(this, loop, clientId, will, new(loop, chance, counters), new(loop, chance, counters)) { ReconnectEvery = reconnectEvery };
        clients.Add(client);
        if (!IsUp)
        {
            client.LoseBroker(forgets: false);
        }

        return client;
    }

    /// <summary>Ends the broker's process and starts it again: every connection breaks, and no last will is published.</summary>
    /// <param name="forgets">It keeps neither retained messages nor what waits for clients: a broker without a disk.</param>
    public void Restart(TimeSpan downFor, bool forgets)
    {
        IsUp = false;
        if (forgets)
        {
            retained.Clear();
        }

        foreach (var client in clients.ToList())
        {
            client.LoseBroker(forgets);
        }

        loop.Schedule(downFor, () => IsUp = true);
    }

    internal void Publish(LinkMessage message)
    {
        Published++;
        if (message.Retain)
        {
            Keep(message);
            // Who listens already gets it as a live message (MQTT 5.0, 3.3.1.3).
            message = message with { Retain = false };
        }

        foreach (var client in AudienceOf(message.Topic))
        {
            client.SendDown(message);
        }
    }

    internal void SubscriptionsChanged() => audiences.Clear();

    internal void Forget(InMemoryClient client)
    {
        clients.Remove(client);
        audiences.Clear();
    }

    /// <summary>Sends the retained messages that match, in the order of their topics.</summary>
    internal void SendRetained(InMemoryClient client, Subscription subscription)
    {
        foreach (var (topic, message) in retained)
        {
            if (TopicFilter.Matches(subscription.Filter, topic))
            {
                client.SendRetainedDown(message, subscription);
            }
        }
    }

    internal void CountDelivery() => Delivered++;

    internal void CountLoss() => counters.Lost++;

    internal bool PublishesWillAtTakeover() => WillAtTakeover > 0 && chance.NextDouble() < WillAtTakeover;

    private void Keep(LinkMessage message)
    {
        if (message.Payload.IsEmpty)
        {
            retained.Remove(message.Topic);
        }
        else
        {
            retained[message.Topic] = message;
        }
    }

    private InMemoryClient[] AudienceOf(string topic)
    {
        if (!audiences.TryGetValue(topic, out var audience))
        {
            // In the order in which they connected: the order of deliveries must not hang on hashes.
            audience = [.. clients.Where(client => client.Hears(topic))];
            audiences.Add(topic, audience);
        }

        return audience;
    }
}

internal sealed record Subscription(string Filter, Func<LinkMessage, ValueTask> Handler);
