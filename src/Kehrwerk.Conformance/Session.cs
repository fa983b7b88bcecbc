using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Conformance;

/// <summary>
/// The runner's end of the link to one vehicle: hears every message on the vehicle's topics, keeps the newest of each, and lets scenes
/// wait for what is to come. Everything happens in events of its loop, whose clock is simulated, or follows a real one
/// (<see cref="RealTime"/>). Not thread-safe.
/// </summary>
internal abstract class Session
{
    private readonly List<Waiting> waits = [];
    private readonly Dictionary<LinkTopic, uint> headerIds = [];
    private readonly HashSet<string> ownPayloads = new(StringComparer.Ordinal);
    private readonly List<Action<Seen>> watchers = [];
    private readonly HashSet<LinkTopic> retained = [];

    protected Session(EventLoop loop, ITransport line, Topics topics, VehicleId vehicle) =>
        (Loop, Line, Topics, Vehicle, Book) = (loop, line, topics, vehicle, new(loop.Clock));

    public EventLoop Loop { get; }
    public ITransport Line { get; }
    public Topics Topics { get; }
    public VehicleId Vehicle { get; }
    public Book Book { get; }
    public DateTimeOffset Now => Loop.Now;

    /// <summary>Somebody else speaks for the side that the runner plays; the check cannot go on.</summary>
    public string? Disturbance { get; private set; }

    /// <summary>Whether a topic is one on which the runner itself speaks.</summary>
    protected abstract bool IsOwn(LinkTopic topic);

    protected abstract void Hear(Seen seen);

    public void Watch(Action<Seen> watcher) => watchers.Add(watcher);

    /// <summary>Listens to all topics of the vehicle; retained messages come first.</summary>
    public ValueTask Listen() => Line.SubscribeAsync(Topics.AllOf(Vehicle), message =>
    {
        if (Topics.TryParse(message.Topic, out _, out var topic) && !message.Payload.IsEmpty)
        {
            Take(topic, message);
        }

        return ValueTask.CompletedTask;
    });

    /// <summary>
    /// Whether the broker keeps a message on a topic: a new subscription gets it. It is that of <see cref="Listen"/> once more, in whose
    /// place it comes (MQTT 5.0, 3.8.4); beside another that matches too, a broker may deliver each message twice (3.3.4).
    /// </summary>
    public async Task<bool> IsKept(LinkTopic topic)
    {
        retained.Remove(topic);
        await Line.SubscribeAsync(Topics.AllOf(Vehicle), message =>
        {
            if (message.Retain && message.Topic == Topics.Of(Vehicle, topic))
            {
                retained.Add(topic);
                Look();
            }

            return ValueTask.CompletedTask;
        });
        return await Until(() => retained.Contains(topic), 5);
    }

    /// <summary>Waits until something holds; false if it does not within the time.</summary>
    public Task<bool> Until(Func<bool> holds, double withinS)
    {
        if (holds())
        {
            return Task.FromResult(true);
        }

        var wait = new Waiting(holds);
        wait.Limit = Loop.Schedule(TimeSpan.FromSeconds(withinS), () =>
        {
            waits.Remove(wait);
            wait.Done.SetResult(holds());
        });
        waits.Add(wait);
        return wait.Done.Task;
    }

    /// <summary>Lets time pass.</summary>
    public Task Pass(double seconds) => Until(() => false, seconds);

    /// <summary>The number of the next message on a topic.</summary>
    public uint NextHeader(LinkTopic topic)
    {
        var id = headerIds.GetValueOrDefault(topic);
        headerIds[topic] = id + 1;
        return id;
    }

    /// <summary>That number, without using it up.</summary>
    public uint PeekHeader(LinkTopic topic) => headerIds.GetValueOrDefault(topic);

    public void Publish<T>(LinkTopic topic, T message)
        where T : VdaMessage => Publish(topic, LinkJson.Serialize(message with { HeaderId = NextHeader(topic), Timestamp = Now, Vehicle = Vehicle }));

    public void Publish(LinkTopic topic, byte[] payload, bool? retain = null)
    {
        ownPayloads.Add(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(payload)));
        Observe(Line.PublishAsync(new(Topics.Of(Vehicle, topic), payload, Topics.QosOf(topic), retain ?? Topics.IsRetained(topic))));
    }

    /// <summary>A transport completes at once or queues; what it throws ends the check.</summary>
    private static void Observe(ValueTask publishing)
    {
        if (publishing.IsCompleted)
        {
            publishing.GetAwaiter().GetResult();
        }
    }

    private void Take(LinkTopic topic, LinkMessage message)
    {
        if (IsOwn(topic))
        {
            if (!ownPayloads.Contains(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(message.Payload.Span))))
            {
                Disturbance ??= $"Somebody else publishes on {message.Topic}: end that program first, the check needs the vehicle for itself";
            }

            return;
        }

        if (message.Retain)
        {
            retained.Add(topic);
        }

        var seen = Seen.Of(topic, Now, message);
        foreach (var watcher in watchers)
        {
            watcher(seen);
        }

        Hear(seen);
        Look();
    }

    private void Look()
    {
        foreach (var wait in waits.ToArray())
        {
            if (waits.Contains(wait) && wait.Holds())
            {
                waits.Remove(wait);
                wait.Limit!.Cancel();
                wait.Done.SetResult(true);
            }
        }
    }

    private sealed class Waiting(Func<bool> holds)
    {
        public Func<bool> Holds => holds;
        public TaskCompletionSource<bool> Done { get; } = new();
        public ScheduledEvent? Limit { get; set; }
    }
}
