using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

[JsonConverter(typeof(WireEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    Online,

    /// <summary>The vehicle said farewell.</summary>
    Offline,

    Hibernating,

    /// <summary>Said by the broker, as the vehicle's last will.</summary>
    ConnectionBroken,
}

/// <summary>
/// Whether the vehicle is at the broker; retained, QoS 1, and with <see cref="ConnectionState.ConnectionBroken"/> its last will
/// (VDA 5050 3.0.0, 6.5 and 7.7). It tells of the connection only, not of the vehicle's health.
/// </summary>
public sealed record Connection : VdaMessage
{
    public required ConnectionState ConnectionState { get; init; }
}
