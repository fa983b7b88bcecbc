using Kehrwerk.Link.Transport;

namespace Kehrwerk.Link;

/// <summary>The topics of VDA 5050 3.0.0 (table 2), then those of the safety profile.</summary>
public enum LinkTopic
{
    Order,
    InstantActions,
    State,
    Visualization,
    Connection,
    Factsheet,
    ZoneSet,
    Responses,

    /// <summary>Safety profile: the lease, from the Centre.</summary>
    Supervision,

    /// <summary>Safety profile: how the vehicle stands to its supervision.</summary>
    Safety,

    /// <summary>Safety profile: recorded events, from the vehicle.</summary>
    Events,

    /// <summary>Safety profile: receipts for events, from the Centre.</summary>
    EventReceipts,
}

/// <summary>
/// Topic names <c>{interface}/v3/{manufacturer}/{serial}/{topic}</c> and how each is sent (VDA 5050 3.0.0, 4.1, 4.2, 6.5, 6.10);
/// <see cref="Vda21"/> has those of vehicles of the older standard.
/// </summary>
public sealed class Topics
{
    public const string DefaultInterface = "vda5050";

    private static readonly string[] Names =
        ["order", "instantActions", "state", "visualization", "connection", "factsheet", "zoneSet", "responses", "supervision", "safety", "events", "eventReceipts"];

    private readonly string prefix;

    /// <exception cref="ArgumentException">The name is empty, too long, or would break the topic levels.</exception>
    public Topics(string interfaceName = DefaultInterface)
        : this(interfaceName, "v3")
    {
    }

    private Topics(string interfaceName, string majorVersion)
    {
        if (VehicleId.Fault(interfaceName) is { } fault)
        {
            throw new ArgumentException($"Interface name '{interfaceName}' {fault}.", nameof(interfaceName));
        }

        prefix = $"{interfaceName}/{majorVersion}/";
    }

    /// <summary>The topics under the interface name that the standard proposes.</summary>
    public static Topics Default { get; } = new();

    /// <summary>Topics of vehicles that speak VDA 5050 2.1 or 2.0, as that standard proposes them (2.1.0, 6.3): <c>uagv/v2/…</c>.</summary>
    public static Topics Vda21 { get; } = new("uagv", "v2");

    public string Of(VehicleId vehicle, LinkTopic topic) => $"{prefix}{vehicle.Manufacturer}/{vehicle.Serial}/{Names[(int)topic]}";

    /// <summary>A filter that matches one topic of all vehicles.</summary>
    public string OfAll(LinkTopic topic) => $"{prefix}+/+/{Names[(int)topic]}";

    /// <summary>A filter that matches all topics of one vehicle.</summary>
    public string AllOf(VehicleId vehicle) => $"{prefix}{vehicle.Manufacturer}/{vehicle.Serial}/+";

    /// <summary>A filter that matches everything below one vehicle.</summary>
    public string BelowOf(VehicleId vehicle) => $"{prefix}{vehicle.Manufacturer}/{vehicle.Serial}/#";

    public bool TryParse(string topic, out VehicleId vehicle, out LinkTopic kind)
    {
        vehicle = default;
        kind = default;
        if (!topic.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = topic.AsSpan(prefix.Length);
        var last = rest.LastIndexOf('/');
        if (last < 0)
        {
            return false;
        }

        for (var i = 0; i < Names.Length; i++)
        {
            if (rest[(last + 1)..].SequenceEqual(Names[i]))
            {
                kind = (LinkTopic)i;
                return VehicleId.TryParse(rest[..last].ToString(), out vehicle);
            }
        }

        return false;
    }

    /// <summary>Whether the vehicle sends it; all others the Centre sends (table 2; safety profile, SP-TOPIC).</summary>
    public static bool IsFromVehicle(LinkTopic topic) =>
        topic is LinkTopic.State or LinkTopic.Visualization or LinkTopic.Connection or LinkTopic.Factsheet or LinkTopic.Safety or LinkTopic.Events;

    /// <summary>Whether it is a topic of the safety profile and not of VDA 5050.</summary>
    public static bool IsOfProfile(LinkTopic topic) => topic is LinkTopic.Supervision or LinkTopic.Safety or LinkTopic.Events or LinkTopic.EventReceipts;

    /// <summary>QoS 1 for <c>connection</c>, QoS 0 for all others of the standard (4.1); QoS 1 for events and their receipts.</summary>
    public static Qos QosOf(LinkTopic topic) => topic is LinkTopic.Connection or LinkTopic.Events or LinkTopic.EventReceipts ? Qos.AtLeastOnce : Qos.AtMostOnce;

    /// <summary><c>connection</c> (6.5) and <c>factsheet</c> (6.10) are kept by the broker for those who come later.</summary>
    public static bool IsRetained(LinkTopic topic) => topic is LinkTopic.Connection or LinkTopic.Factsheet;
}
