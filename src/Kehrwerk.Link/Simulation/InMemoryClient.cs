using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Simulation;

/// <summary>
/// One client of the <see cref="InMemoryBroker"/>. Every call completes synchronously. Its line can be cut (<see cref="Disconnect"/>,
/// <see cref="Cut"/>), go silent in one direction or both without anyone noticing at first (<see cref="Silence"/>), or end like a killed
/// process (<see cref="Kill"/>); disposing it is the farewell without a last will.
/// </summary>
public sealed class InMemoryClient : ITransport
{
    /// <summary>Bound of the QoS 1 messages that wait, in each direction, for a client that is cut off.</summary>
    public const int MaxQueued = 10_000;

    private readonly InMemoryBroker broker;
    private readonly EventLoop loop;
    private readonly ClientLine line;
    private readonly Hop up;
    private readonly Hop down;
    private readonly List<Subscription> subscriptions = [];
    private readonly Queue<LinkMessage> outbox = new();
    private readonly Queue<LinkMessage> inbox = new();
    private bool ended;

    internal InMemoryClient(InMemoryBroker broker, EventLoop loop, string id, LastWill? will, Hop up, Hop down)
    {
        (this.broker, this.loop, Id, this.up, this.down) = (broker, loop, id, up, down);
        line = new(broker, loop, will, OnLineChanged);
    }

    public event Action<bool>? ConnectionChanged;

    public string Id { get; }

    public bool IsConnected => line.IsConnected;

    /// <summary>How messages reach the broker; null: at once and whole, so that the broker's conditions stand for the whole way.</summary>
    public LinkConditions? Uplink { get; set; }

    /// <summary>How messages come from the broker; null: by its <see cref="InMemoryBroker.Conditions"/>.</summary>
    public LinkConditions? Downlink { get; set; }

    /// <summary>How often the client tries to come back by itself after a cut; null: only by <see cref="Reconnect"/>.</summary>
    public TimeSpan? ReconnectEvery
    {
        get => line.ReconnectEvery;
        set => line.ReconnectEvery = value;
    }

    public ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
    {
        Publish(message);
        return ValueTask.CompletedTask;
    }

    /// <summary><see cref="PublishAsync"/> for callers that live in the event loop.</summary>
    public void Publish(LinkMessage message)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        if (TopicFilter.NameFault(message.Topic) is { } fault)
        {
            throw new ArgumentException(fault, nameof(message));
        }

        if (message.Qos == Qos.AtMostOnce)
        {
            if (IsConnected && !line.Silent.HasFlag(LinkDirection.Up))
            {
                SendUp(message);
            }
            else
            {
                broker.CountLoss();
            }

            return;
        }

        // One after the other: what has no acknowledgement yet holds up those behind it, and is sent again with the next connection.
        var goes = IsConnected && outbox.Count == 0 && !line.Silent.HasFlag(LinkDirection.Up);
        if (goes)
        {
            SendUp(message);
        }

        if (!goes || line.Silent.HasFlag(LinkDirection.Down))
        {
            Enqueue(outbox, message);
        }
    }

    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        if (TopicFilter.Fault(topicFilter) is { } fault)
        {
            throw new ArgumentException(fault, nameof(topicFilter));
        }

        var subscription = new Subscription(topicFilter, handler);
        subscriptions.Add(subscription);
        broker.SubscriptionsChanged();
        if (IsConnected)
        {
            broker.SendRetained(this, subscription);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Cuts the client off. The broker notices later and then publishes the last will.</summary>
    public void Disconnect() => line.Cut(loop.Now);

    /// <summary>Cuts the client off for a time: it does not come back before.</summary>
    public void Cut(TimeSpan duration) => line.Cut(loop.Now + duration);

    /// <summary>
    /// Nothing comes through in these directions any more, and nobody is told: messages of QoS 0 vanish, those of QoS 1 wait, and each
    /// end notices after its own time (<see cref="LinkConditions.NoticeBrokenAfter"/>, <see cref="LinkConditions.NoticeSilenceAfter"/>).
    /// </summary>
    public void Silence(LinkDirection directions) => line.Silence(directions);

    /// <summary>Ends a silence. What waited goes on; where an end has given the connection up meanwhile, the client has to reconnect.</summary>
    public void Heal()
    {
        if (line.Heal())
        {
            SendWaiting();
        }
    }

    /// <summary>Ends the cut: what waited is sent and delivered, subscriptions are in place, retained messages come again.</summary>
    public void Reconnect() => line.Reconnect();

    /// <summary>Ends the client as <c>kill -9</c> would: no farewell, the broker publishes the last will at once, nothing is received any more.</summary>
    public void Kill() => End(withWill: true);

    public ValueTask DisposeAsync()
    {
        End(withWill: false);
        return ValueTask.CompletedTask;
    }

    internal bool Hears(string topic) => subscriptions.Exists(subscription => TopicFilter.Matches(subscription.Filter, topic));

    internal void SendDown(LinkMessage message) => down.Carry(Downlink ?? broker.Conditions, message, () => Receive(message));

    internal void SendRetainedDown(LinkMessage message, Subscription subscription) =>
        down.CarrySafely(down.Delay(Downlink ?? broker.Conditions), () => ReceiveRetained(message, subscription));

    /// <summary>The broker's process has ended.</summary>
    /// <param name="forgets">It does not keep what waited for this client.</param>
    internal void LoseBroker(bool forgets)
    {
        if (forgets)
        {
            inbox.Clear();
        }

        line.LoseBroker();
    }

    private void SendUp(LinkMessage message)
    {
        if (Uplink is { } conditions)
        {
            up.Carry(conditions, message, () => Arrive(message));
        }
        else
        {
            Arrive(message);
        }
    }

    private void Arrive(LinkMessage message)
    {
        if (broker.IsUp)
        {
            broker.Publish(message);
        }
        else if (message.Qos == Qos.AtLeastOnce && !ended)
        {
            Enqueue(outbox, message);
        }
        else
        {
            broker.CountLoss();
        }
    }

    private void Receive(LinkMessage message)
    {
        if (ended)
        {
            broker.CountLoss();
        }
        else if (IsConnected && !line.Silent.HasFlag(LinkDirection.Down))
        {
            broker.CountDelivery();
            // By index: a handler may subscribe to more while it runs.
            for (var i = 0; i < subscriptions.Count; i++)
            {
                if (TopicFilter.Matches(subscriptions[i].Filter, message.Topic))
                {
                    Handle(subscriptions[i], message);
                }
            }
        }
        else if (message.Qos == Qos.AtMostOnce)
        {
            broker.CountLoss();
        }
        else
        {
            Enqueue(inbox, message);
        }
    }

    private void ReceiveRetained(LinkMessage message, Subscription subscription)
    {
        // Cut off meanwhile: it comes again with the reconnection.
        if (!ended && IsConnected && !line.Silent.HasFlag(LinkDirection.Down))
        {
            broker.CountDelivery();
            Handle(subscription, message);
        }
    }

    private void OnLineChanged(bool isConnected)
    {
        if (isConnected)
        {
            SendWaiting();
            foreach (var subscription in subscriptions)
            {
                broker.SendRetained(this, subscription);
            }
        }

        ConnectionChanged?.Invoke(isConnected);
    }

    private void SendWaiting()
    {
        for (var left = outbox.Count; left > 0; left--)
        {
            SendUp(outbox.Dequeue());
        }

        while (inbox.TryDequeue(out var waiting))
        {
            var message = waiting;
            down.CarrySafely(broker.Conditions.MinDelay, () => Receive(message));
        }
    }

    private static void Handle(Subscription subscription, LinkMessage message)
    {
        var handling = subscription.Handler(message);
        if (!handling.IsCompleted)
        {
            throw new InvalidOperationException(
                $"The handler of '{subscription.Filter}' waits for something outside the event loop; in simulation it must complete synchronously.");
        }

        // Brings out what the handler threw.
        handling.GetAwaiter().GetResult();
    }

    private static void Enqueue(Queue<LinkMessage> queue, LinkMessage message)
    {
        if (queue.Count == MaxQueued)
        {
            throw new LinkOverflowException($"More than {MaxQueued} messages wait for the connection; '{message.Topic}' found no room.");
        }

        queue.Enqueue(message);
    }

    private void End(bool withWill)
    {
        if (!ended)
        {
            ended = true;
            broker.Forget(this);
            line.End(withWill);
        }
    }
}
