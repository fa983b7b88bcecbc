namespace Kehrwerk.Link.Transport;

/// <summary>How hard the transport tries to deliver a message. MQTT's third level is not used by VDA 5050.</summary>
public enum Qos
{
    /// <summary>May be lost.</summary>
    AtMostOnce = 0,

    /// <summary>Is repeated until acknowledged; may arrive twice.</summary>
    AtLeastOnce = 1,
}

/// <summary>One message on the wire. The payload must not be changed after it was handed over.</summary>
public sealed record LinkMessage(string Topic, ReadOnlyMemory<byte> Payload, Qos Qos = Qos.AtMostOnce, bool Retain = false)
{
    /// <summary>
    /// Set where an adapter between has the payload in another version: gives the messages that are due with it in the receiver's. To be called once,
    /// in the order of arrival for each topic's vehicle, and not in the handler, which holds up the messages of all others. Null where the payload stands.
    /// </summary>
    public Func<IReadOnlyList<Translated>>? Translate { get; init; }
}

/// <summary>What an adapter made of a message. Without a payload it could not, and says why.</summary>
public readonly record struct Translated(LinkTopic Topic, byte[]? Payload, string? Fault);

/// <summary>
/// The wire between vehicle and centre, as one client sees it: MQTT in production (<see cref="MqttTransport"/>),
/// the event loop in simulation (<see cref="Simulation.InMemoryBroker"/>).
/// </summary>
public interface ITransport : IAsyncDisposable
{
    bool IsConnected { get; }

    /// <summary>
    /// Raised with the new value after <see cref="IsConnected"/> changed. When it turns true, subscriptions are in place again.
    /// Handlers must be short and must not throw.
    /// </summary>
    event Action<bool>? ConnectionChanged;

    /// <summary>
    /// Hands a message over for delivery. While disconnected a message of QoS 0 is dropped and one of QoS 1 is kept
    /// in a bounded queue until the connection is back; both without an error, since telemetry is repeated anyway.
    /// </summary>
    /// <exception cref="ArgumentException">The topic is empty or holds a wildcard.</exception>
    /// <exception cref="LinkOverflowException">The queue of unsent QoS 1 messages is full.</exception>
    ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default);

    /// <summary>
    /// Calls the handler for every message that matches the filter (<c>+</c> one level, <c>#</c> all further levels),
    /// one after the other in the order of arrival; retained messages come first. A second handler for the same filter is added,
    /// not exchanged. In simulation the handler must complete synchronously.
    /// </summary>
    ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default);
}

/// <summary>What the broker publishes for a client that vanished without a farewell.</summary>
public sealed record LastWill(string Topic, ReadOnlyMemory<byte> Payload, Qos Qos = Qos.AtLeastOnce, bool Retain = true)
{
    public LinkMessage ToMessage() => new(Topic, Payload, Qos, Retain);
}

/// <summary>A message that must not be lost found no room. The caller has to slow down or to store it itself.</summary>
public sealed class LinkOverflowException(string message) : Exception(message);
