using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Simulation;

/// <summary>
/// A broker inside the event loop: topic filters, retained messages, last wills, and a network with delay, loss, duplication and
/// reordering by seed. The same seed and the same calls give the same deliveries. Like the loop it is not thread safe.
/// </summary>
public sealed class InMemoryBroker
{
    private readonly EventLoop loop;
    private readonly Random chance;
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

    /// <summary>Messages handed over by connected clients, last wills included.</summary>
    public long Published { get; private set; }

    /// <summary>Messages handed to clients, each receiver counted.</summary>
    public long Delivered { get; private set; }

    /// <summary>Deliveries that vanished: lost on the way, sent or arrived while the client was cut off.</summary>
    public long Lost { get; internal set; }

    /// <summary>Second deliveries of the same message.</summary>
    public long Duplicated { get; private set; }

    /// <summary>Connects a client at once. A client of the same id that is still connected is cut off and its will published, as MQTT does.</summary>
    public InMemoryClient Connect(string clientId, LastWill? will = null)
    {
        clients.Find(client => client.Id == clientId)?.Kill();
        var client = new InMemoryClient(this, loop, clientId, will);
        clients.Add(client);
        return client;
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
            Send(client, message);
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
                loop.Schedule(client.ArrivalAfter(Delay(), inOrder: true), () => client.ReceiveRetained(message, subscription));
            }
        }
    }

    internal void CountDelivery() => Delivered++;

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

    private void Send(InMemoryClient client, LinkMessage message)
    {
        var delay = Delay();
        var inOrder = true;
        while (Happens(Conditions.Loss))
        {
            if (message.Qos == Qos.AtMostOnce)
            {
                Lost++;
                return;
            }

            delay += Conditions.RetryAfter;
            inOrder = false;
        }

        if (Happens(Conditions.Reordering))
        {
            delay += Conditions.HoldUpTo * chance.NextDouble();
            inOrder = false;
        }

        void Arrive() => client.Receive(message);
        loop.Schedule(client.ArrivalAfter(delay, inOrder), Arrive);
        if (Happens(Conditions.Duplication))
        {
            Duplicated++;
            loop.Schedule(client.ArrivalAfter(delay + Delay(), inOrder: false), Arrive);
        }
    }

    private TimeSpan Delay()
    {
        var range = (Conditions.MaxDelay - Conditions.MinDelay).Ticks;
        return range == 0 ? Conditions.MinDelay : Conditions.MinDelay + TimeSpan.FromTicks(chance.NextInt64(range + 1));
    }

    private bool Happens(double probability) => probability > 0 && chance.NextDouble() < probability;

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
