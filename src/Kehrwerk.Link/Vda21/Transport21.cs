using System.Collections.Immutable;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Link.Vda21;

/// <summary>
/// The Centre's transport where vehicles of VDA 5050 2.1 and 2.0 are taken too. What such a vehicle says on its topics <c>uagv/v2/…</c> comes as if
/// said in 3.0.0, and orders and instant actions for it go out on its topics as well (docs/link/vda5050-2.1.md). All else passes unchanged.
/// </summary>
public sealed partial class Transport21 : ITransport
{
    private static readonly LinkTopic[] Reports = [LinkTopic.State, LinkTopic.Connection, LinkTopic.Factsheet, LinkTopic.Visualization];

    private readonly ITransport inner;
    private readonly Topics topics;
    private readonly ILogger<Transport21> logger;
    private readonly ImmutableHashSet<VehicleId> fleet;
    private readonly Lock gate = new();

    // Only vehicles of the fleet, so it stays small whoever speaks.
    private readonly Dictionary<VehicleId, Vehicle21> vehicles = [];

    /// <param name="inner">Ends with this one.</param>
    /// <param name="fleet">The vehicles that may speak 2.1 or 2.0.</param>
    /// <param name="topics">Those of 3.0.0.</param>
    public Transport21(ITransport inner, IEnumerable<VehicleId> fleet, ILogger<Transport21> logger, Topics? topics = null) =>
        (this.inner, this.fleet, this.logger, this.topics) = (inner, [.. fleet], logger, topics ?? Topics.Default);

    public event Action<bool>? ConnectionChanged
    {
        add => inner.ConnectionChanged += value;
        remove => inner.ConnectionChanged -= value;
    }

    public bool IsConnected => inner.IsConnected;

    public async ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
    {
        await inner.PublishAsync(message, ct).ConfigureAwait(false);
        if (topics.TryParse(message.Topic, out var vehicle, out var topic) && ToOlder(vehicle, topic, message.Payload) is { } payload)
        {
            await inner.PublishAsync(new(Topics.Vda21.Of(vehicle, topic), payload), ct).ConfigureAwait(false);
        }
    }

    public async ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default)
    {
        await inner.SubscribeAsync(topicFilter, handler, ct).ConfigureAwait(false);
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
    private byte[]? ToOlder(VehicleId id, LinkTopic topic, ReadOnlyMemory<byte> payload)
    {
        lock (gate)
        {
            if (!vehicles.TryGetValue(id, out var vehicle))
            {
                return null;
            }

            switch (topic)
            {
                case LinkTopic.Order when LinkJson.Read<Order>(payload.Span).Message is { } order:
                    (vehicles[id], var order21) = vehicle.Say(order);
                    return order21 is null ? null : LinkJson.Serialize(order21);
                case LinkTopic.InstantActions when LinkJson.Read<InstantActions>(payload.Span).Message is { } actions:
                    (vehicles[id], var actions21) = vehicle.Say(actions);
                    return actions21 is null ? null : LinkJson.Serialize(actions21);
                default:
                    return null;
            }
        }
    }

    /// <summary>A message that cannot be translated keeps its payload and says why.</summary>
    private LinkMessage ToNewer(LinkMessage message)
    {
        if (!Topics.Vda21.TryParse(message.Topic, out var id, out var topic))
        {
            return message with { Fault = "not a topic of a vehicle" };
        }

        var newer = message with { Topic = topics.Of(id, topic) };
        if (!fleet.Contains(id))
        {
            return newer with { Fault = "not a vehicle of the fleet" };
        }

        var (payload, fault) = topic switch
        {
            LinkTopic.State => Read<State21>(id, message, Hear),
            LinkTopic.Connection => Read<Connection21>(id, message, connection => LinkJson.Serialize(StateTranslation.Of(connection))),
            LinkTopic.Factsheet => Read<Factsheet21>(id, message, Hear),
            _ => Read<Visualization21>(id, message, visualization => LinkJson.Serialize(StateTranslation.Of(visualization, Of(visualization).StateHeaderId))),
        };
        return payload is null ? newer with { Fault = $"VDA 5050 2.1: {fault}" } : newer with { Payload = payload };
    }

    private (byte[]? Payload, string? Fault) Read<T>(VehicleId id, LinkMessage message, Func<T, byte[]> translate)
        where T : Message21
    {
        var read = LinkJson.Read<T>(message.Payload.Span);
        if (!read.IsOk || read.Message.Vehicle != id)
        {
            return (null, read.Error ?? $"the message names vehicle {read.Message!.Vehicle}");
        }

        lock (gate)
        {
            Of(read.Message);
            return (translate(read.Message), null);
        }
    }

    private byte[] Hear(State21 state)
    {
        (vehicles[state.Vehicle], var report) = Of(state).Hear(state);
        return LinkJson.Serialize(report);
    }

    private byte[] Hear(Factsheet21 factsheet)
    {
        vehicles[factsheet.Vehicle] = Of(factsheet) with { ChargesToLevel = FactsheetTranslation.ChargesToLevel(factsheet) };
        return LinkJson.Serialize(FactsheetTranslation.Of(factsheet));
    }

    /// <summary>What is kept of the sender, from its first message on.</summary>
    private Vehicle21 Of(Message21 message)
    {
        if (!vehicles.TryGetValue(message.Vehicle, out var vehicle))
        {
            LogFirst(message.Vehicle, message.Version);
            vehicles[message.Vehicle] = vehicle = new() { Version = message.Version };
        }

        return vehicle;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Vehicle} speaks VDA 5050 {Version}: it drives without a supervision lease, and goes on where the link is lost")]
    private partial void LogFirst(VehicleId vehicle, string version);
}
