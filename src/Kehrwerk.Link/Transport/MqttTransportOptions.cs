using Kehrwerk.Link.Broker;

namespace Kehrwerk.Link.Transport;

/// <summary>How an <see cref="MqttTransport"/> reaches its broker.</summary>
/// <param name="Host">Name or address of the broker.</param>
/// <param name="ClientId">Unique at the broker: a second client of the same id throws the first one out.</param>
public sealed record MqttTransportOptions(string Host, int Port, string ClientId)
{
    public const int DefaultPort = 1883;

    /// <summary>Plain where not given. With it the client id must be the name of the certificate.</summary>
    public LinkTls? Tls { get; init; }

    public LastWill? Will { get; init; }

    /// <summary>After one and a half of these without a sign of life the broker publishes the last will.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the connection, an acknowledgement or the farewell may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the broker keeps subscriptions and QoS 1 messages for a client that is away.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The pause after the first failed attempt to connect; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Bound of the QoS 1 messages that wait to be sent; beyond it publishing fails with <see cref="LinkOverflowException"/>.</summary>
    public int MaxUnsent { get; init; } = 10_000;

    /// <summary>
    /// How fast QoS 1 messages are sent: half of what the broker takes from a vehicle (docs/link/security.md), so that what waited during a
    /// long outage does not get the vehicle thrown out when it comes back. Null: as fast as the broker acknowledges.
    /// </summary>
    public ClientLimits? Pace { get; init; } = new(MessagesPerS: 100, MessagesAtOnce: 1_000, BytesPerS: 1 << 19, BytesAtOnce: 4 << 20);

    /// <summary>Larger packets are not taken from the broker, bytes.</summary>
    public uint MaxPacketBytes { get; init; } = LinkJson.MaxBytes + 4096;
}
