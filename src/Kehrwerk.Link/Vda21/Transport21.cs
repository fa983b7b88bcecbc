using System.Collections.Frozen;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Link.Vda21;

/// <summary>
/// The Centre's transport where vehicles of VDA 5050 2.1 and 2.0 are taken too. What such a vehicle says on its topics <c>uagv/v2/…</c> comes as if
/// said in 3.0.0 (<see cref="LinkMessage.Translate"/>), and orders and instant actions for it go out on its topics as well (docs/link/vda5050-2.1.md).
/// All else passes unchanged.
/// </summary>
public sealed partial class Transport21 : ITransport
{
    private static readonly LinkTopic[] Reports = [LinkTopic.State, LinkTopic.Connection, LinkTopic.Factsheet, LinkTopic.Visualization];

    private readonly ITransport inner;
    private readonly Topics topics;
    private readonly ILogger<Transport21> logger;

    // Of the whole fleet from the start: who has not spoken yet may be held already.
    private readonly FrozenDictionary<VehicleId, Speaker> fleet;

    /// <param name="inner">Ends with this one.</param>
    /// <param name="fleet">The vehicles that may speak 2.1 or 2.0.</param>
    /// <param name="topics">Those of 3.0.0.</param>
    public Transport21(ITransport inner, IEnumerable<VehicleId> fleet, ILogger<Transport21> logger, Topics? topics = null) =>
        (this.inner, this.fleet, this.logger, this.topics) = (inner, fleet.ToFrozenDictionary(id => id, _ => new Speaker()), logger, topics ?? Topics.Default);

    public event Action<bool>? ConnectionChanged
    {
        add => inner.ConnectionChanged += value;
        remove => inner.ConnectionChanged -= value;
    }

    public bool IsConnected => inner.IsConnected;

    public async ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
    {
        await inner.PublishAsync(message, ct).ConfigureAwait(false);
        if (topics.TryParse(message.Topic, out var vehicle, out var topic) && fleet.TryGetValue(vehicle, out var speaker)
            && ToOlder(speaker, topic, message.Payload) is { } payload)
        {
            await inner.PublishAsync(new(Topics.Vda21.Of(vehicle, topic), payload), ct).ConfigureAwait(false);
        }
    }

    public async ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default)
    {
        var isOfStates = topicFilter == topics.OfAll(LinkTopic.State);
        await inner.SubscribeAsync(topicFilter, isOfStates ? message => handler(Overheard(message)) : handler, ct).ConfigureAwait(false);
        foreach (var topic in Reports)
        {
            if (topicFilter == topics.OfAll(topic))
            {
                await inner.SubscribeAsync(Topics.Vda21.OfAll(topic), message => handler(ToNewer(message)), ct).ConfigureAwait(false);
            }
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Null where nothing is to be said to a vehicle of 2.1.</summary>
    private static byte[]? ToOlder(Speaker speaker, LinkTopic topic, ReadOnlyMemory<byte> payload)
    {
        switch (topic)
        {
            case LinkTopic.Order when speaker.HasSpoken && LinkJson.Read<Order>(payload.Span).Message is { } order:
                var order21 = speaker.Change(kept => kept.Say(order));
                return order21 is null ? null : LinkJson.Serialize(order21);
            case LinkTopic.InstantActions when LinkJson.Read<InstantActions>(payload.Span).Message is { } actions:
                var actions21 = speaker.Change(kept => kept.Version is "" ? (kept.Keep(actions), null) : kept.Say(actions));
                return actions21 is null ? null : LinkJson.Serialize(actions21);
            default:
                return null;
        }
    }

    /// <summary>A vehicle of 3.0 that carries its release out is not stopped any more, whatever it speaks next.</summary>
    private LinkMessage Overheard(LinkMessage message)
    {
        if (topics.TryParse(message.Topic, out var id, out _) && fleet.TryGetValue(id, out var speaker) && speaker.IsBeingReleased
            && LinkJson.Read<State>(message.Payload.Span).Message is { } state && state.Vehicle == id)
        {
            speaker.Change(kept => (kept.Settle(state.InstantActionStates), true));
        }

        return message;
    }

    private LinkMessage ToNewer(LinkMessage message)
    {
        if (!Topics.Vda21.TryParse(message.Topic, out var id, out var topic))
        {
            return message;
        }

        // Of a stranger there is nothing to say: the Centre tells by the topic that it is none of the fleet.
        var newer = message with { Topic = topics.Of(id, topic) };
        return fleet.TryGetValue(id, out var speaker) ? newer with { Translate = () => Translate(speaker, id, topic, message) } : newer;
    }

    /// <summary>What the broker kept says nothing before a state comes that is of now: the vehicle may speak 3.0 since.</summary>
    private IReadOnlyList<Translated> Translate(Speaker speaker, VehicleId id, LinkTopic topic, LinkMessage message)
    {
        if (message.Retain && !speaker.HasSpoken)
        {
            speaker.HoldBack(topic, message);
            return [];
        }

        var translated = TranslateOne(speaker, id, topic, message);
        return [.. speaker.TakeHeldBack(topic).Select(held => TranslateOne(speaker, id, held.Topic, held.Message)), translated];
    }

    private Translated TranslateOne(Speaker speaker, VehicleId id, LinkTopic topic, LinkMessage message)
    {
        var (payload, fault) = topic switch
        {
            LinkTopic.State => Read<State21>(id, message, state => Hear(speaker, state)),
            LinkTopic.Connection => Read<Connection21>(id, message, connection => LinkJson.Serialize(StateTranslation.Of(connection))),
            LinkTopic.Factsheet => Read<Factsheet21>(id, message, factsheet => Hear(speaker, factsheet)),
            _ => Read<Visualization21>(id, message, visualization => LinkJson.Serialize(StateTranslation.Of(visualization, speaker.StateHeaderId))),
        };
        return new(topic, payload, fault is null ? null : $"VDA 5050 2.1: {fault}");
    }

    private static (byte[]? Payload, string? Fault) Read<T>(VehicleId id, LinkMessage message, Func<T, byte[]> translate)
        where T : Message21
    {
        var read = LinkJson.Read<T>(message.Payload.Span);
        return read.IsOk && read.Message.Vehicle == id
            ? (translate(read.Message), null)
            : (null, read.Error ?? $"the message names vehicle {read.Message!.Vehicle}");
    }

    private byte[] Hear(Speaker speaker, State21 state)
    {
        if (!speaker.HasSpoken)
        {
            LogFirst(state.Vehicle, state.Version);
        }

        var report = speaker.Change(kept => kept.Hear(state));
        var json = LinkJson.Serialize(report);
        // What is kept of a vehicle must not make its states too long to be read.
        return json.Length <= LinkJson.MaxBytes ? json : LinkJson.Serialize(report with
        {
            InstantActionStates = [.. report.InstantActionStates.Select(action => action with { ActionResult = null, ActionDescriptor = null })],
        });
    }

    private static byte[] Hear(Speaker speaker, Factsheet21 factsheet)
    {
        speaker.Change(kept => (kept with { ChargesToLevel = FactsheetTranslation.ChargesToLevel(factsheet) }, true));
        return LinkJson.Serialize(FactsheetTranslation.Of(factsheet));
    }

    [LoggerMessage(1, LogLevel.Warning, "{Vehicle} speaks VDA 5050 {Version}: it drives without a supervision lease, and goes on where the link is lost")]
    private partial void LogFirst(VehicleId vehicle, string version);

    /// <summary>One vehicle of the fleet. Thread-safe.</summary>
    private sealed class Speaker
    {
        private readonly Lock gate = new();
        private Vehicle21 kept = new();

        // One of each topic that brokers keep.
        private LinkMessage? connection;
        private LinkMessage? factsheet;

        public bool HasSpoken => Now.Version is not "";

        public bool IsBeingReleased => Now.Release is not null;

        public uint StateHeaderId => Now.StateHeaderId;

        private Vehicle21 Now => Volatile.Read(ref kept);

        public T Change<T>(Func<Vehicle21, (Vehicle21 After, T Result)> change)
        {
            lock (gate)
            {
                (kept, var result) = change(kept);
                return result;
            }
        }

        public void HoldBack(LinkTopic topic, LinkMessage message)
        {
            lock (gate)
            {
                (connection, factsheet) = (topic == LinkTopic.Connection ? message : connection, topic == LinkTopic.Factsheet ? message : factsheet);
            }
        }

        /// <summary>What is due before a message of now. It is of no use any more where the message is of the same topic.</summary>
        public IReadOnlyList<(LinkTopic Topic, LinkMessage Message)> TakeHeldBack(LinkTopic before)
        {
            lock (gate)
            {
                (connection, factsheet) = (before == LinkTopic.Connection ? null : connection, before == LinkTopic.Factsheet ? null : factsheet);
                if (kept.Version is "")
                {
                    return [];
                }

                (LinkTopic Topic, LinkMessage? Message)[] held = [(LinkTopic.Connection, connection), (LinkTopic.Factsheet, factsheet)];
                (connection, factsheet) = (null, null);
                return [.. held.Where(one => one.Message is not null).Select(one => (one.Topic, one.Message!))];
            }
        }
    }
}
