using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link.Simulation;

/// <summary>
/// One client of the <see cref="InMemoryBroker"/>. Every call completes synchronously. It can be cut off (<see cref="Disconnect"/>,
/// <see cref="Reconnect"/>) or end like a killed process (<see cref="Kill"/>); disposing it is the farewell without a last will.
/// </summary>
public sealed class InMemoryClient : ITransport
{
    /// <summary>Bound of the QoS 1 messages that wait, in each direction, for a client that is cut off.</summary>
    public const int MaxQueued = 10_000;

    private readonly InMemoryBroker broker;
    private readonly EventLoop loop;
    private readonly LastWill? will;
    private readonly List<Subscription> subscriptions = [];
    private readonly Queue<LinkMessage> outbox = new();
    private readonly Queue<LinkMessage> inbox = new();
    private DateTimeOffset lastArrival;
    private ScheduledEvent? noticeBroken;
    private bool ended;

    internal InMemoryClient(InMemoryBroker broker, EventLoop loop, string id, LastWill? will)
    {
        this.broker = broker;
        this.loop = loop;
        this.will = will;
        Id = id;
    }

    public event Action<bool>? ConnectionChanged;

    public string Id { get; }

    public bool IsConnected { get; private set; } = true;

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

        if (IsConnected)
        {
            broker.Publish(message);
        }
        else if (message.Qos == Qos.AtMostOnce)
        {
            broker.Lost++;
        }
        else
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
    public void Disconnect()
    {
        if (ended || !IsConnected)
        {
            return;
        }

        IsConnected = false;
        if (will is not null)
        {
            noticeBroken = loop.Schedule(broker.Conditions.NoticeBrokenAfter, () => broker.Publish(will.ToMessage()));
        }

        ConnectionChanged?.Invoke(false);
    }

    /// <summary>Ends the cut: what waited is sent and delivered, subscriptions are in place, retained messages come again.</summary>
    public void Reconnect()
    {
        if (ended || IsConnected)
        {
            return;
        }

        IsConnected = true;
        noticeBroken?.Cancel();
        noticeBroken = null;
        while (outbox.TryDequeue(out var waiting))
        {
            broker.Publish(waiting);
        }

        while (inbox.TryDequeue(out var waiting))
        {
            loop.Schedule(ArrivalAfter(broker.Conditions.MinDelay, inOrder: true), () => Receive(waiting));
        }

        foreach (var subscription in subscriptions)
        {
            broker.SendRetained(this, subscription);
        }

        ConnectionChanged?.Invoke(true);
    }

    /// <summary>Ends the client as <c>kill -9</c> would: no farewell, the broker publishes the last will at once, nothing is received any more.</summary>
    public void Kill()
    {
        if (!End())
        {
            return;
        }

        // A client that was cut off long enough had its will published already.
        var alreadyNoticed = noticeBroken is { IsPending: false };
        noticeBroken?.Cancel();
        if (will is not null && !alreadyNoticed)
        {
            broker.Publish(will.ToMessage());
        }
    }

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    internal bool Hears(string topic) => subscriptions.Exists(subscription => TopicFilter.Matches(subscription.Filter, topic));

    /// <summary>When a message with this delay arrives: never before one that was sent earlier, unless it lost its place.</summary>
    internal DateTimeOffset ArrivalAfter(TimeSpan delay, bool inOrder)
    {
        var arrival = loop.Now + delay;
        if (!inOrder)
        {
            return arrival;
        }

        lastArrival = arrival > lastArrival ? arrival : lastArrival;
        return lastArrival;
    }

    internal void Receive(LinkMessage message)
    {
        if (ended)
        {
            broker.Lost++;
        }
        else if (IsConnected)
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
            broker.Lost++;
        }
        else
        {
            Enqueue(inbox, message);
        }
    }

    internal void ReceiveRetained(LinkMessage message, Subscription subscription)
    {
        // Cut off meanwhile: it comes again with the reconnection.
        if (!ended && IsConnected)
        {
            broker.CountDelivery();
            Handle(subscription, message);
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

    private bool End()
    {
        if (ended)
        {
            return false;
        }

        ended = true;
        broker.Forget(this);
        if (IsConnected)
        {
            IsConnected = false;
            ConnectionChanged?.Invoke(false);
        }

        return true;
    }
}
