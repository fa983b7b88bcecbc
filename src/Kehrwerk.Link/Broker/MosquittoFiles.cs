using System.Globalization;
using System.Net;

namespace Kehrwerk.Link.Broker;

/// <summary>
/// The configuration of a Mosquitto (2.0) by the rules of the embedded broker: TLS 1.3 with certificates on both sides, the common
/// name as user name and client id, a vehicle held to its own topics, bounded packets and queues.
/// </summary>
public sealed record MosquittoFiles
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>The files as Mosquitto finds them: full paths.</summary>
    public required BrokerSecurity Security { get; init; }

    /// <summary>Full path of the access rules.</summary>
    public required string AccessFile { get; init; }

    /// <summary>Full path of the log.</summary>
    public required string LogFile { get; init; }

    public Topics Topics { get; init; } = Topics.Default;

    /// <summary>Vehicles may use <see cref="Topics.Vda21"/> too.</summary>
    public bool TakesVda21 { get; init; }

    public int MaxPayloadBytes { get; init; } = LinkJson.MaxBytes;

    /// <summary>Text of <c>mosquitto.conf</c>.</summary>
    public string Configuration() => string.Create(CultureInfo.InvariantCulture, $"""
        # Mosquitto for Kehrwerk, made by: kehrwerk broker mosquitto. One listener, and no plain one.
        listener {Listen.Port} {Listen.Address}

        # Both sides prove themselves. SIGHUP makes Mosquitto read changed certificates and revocation lists; who is connected stays until a restart.
        tls_version tlsv1.3
        cafile {Security.AuthorityFile}
        crlfile {Security.ListFile}
        certfile {Security.CertificateFile}
        keyfile {Security.KeyFile}
        require_certificate true
        allow_anonymous false

        # A client is who its certificate says (CN), so that none can throw out another.
        use_identity_as_username true
        use_username_as_clientid true
        acl_file {AccessFile}

        # Bounds of each client. Mosquitto does not limit how fast a client sends.
        max_connections 1000
        max_packet_size {MaxPayloadBytes + EmbeddedBrokerOptions.HeaderBytes}
        message_size_limit {MaxPayloadBytes}
        max_inflight_messages 20
        max_queued_messages 5000
        max_queued_bytes {64 * 1024 * 1024}
        max_keepalive 60
        persistent_client_expiration 1d

        # Refused messages stand in the log at level debug only.
        log_dest file {LogFile}
        log_timestamp_format %Y-%m-%dT%H:%M:%S
        log_type error
        log_type warning
        log_type notice
        log_type information
        log_type debug

        """);

    /// <summary>Text of the access rules. <c>%u</c> is the common name: <c>manufacturer/serial</c>, two levels of a topic.</summary>
    public string AccessRules()
    {
        var vehicle = new VehicleId("manufacturer", "serial");
        string Pattern(string topic) => topic.Replace(vehicle.ToString(), "%u", StringComparison.Ordinal);
        Topics[] all = TakesVda21 ? [Topics, Topics.Vda21] : [Topics];
        var writes = all.SelectMany(topics => Enum.GetValues<LinkTopic>().Where(Topics.IsFromVehicle).Select(topic => "pattern write " + Pattern(topics.Of(vehicle, topic))));
        var reads = all.Select(topics => "pattern read " + Pattern(topics.BelowOf(vehicle)));
        return $"""
            # Access rules of Kehrwerk for Mosquitto. What is not named is forbidden.

            # The Centre says and hears everything.
            user centre
            topic readwrite #
            topic read $SYS/#

            # A vehicle says its own reports and hears its own topics. Mosquitto grants wider subscriptions and delivers none of what they match.
            {string.Join('\n', writes)}
            {string.Join('\n', reads)}

            """;
    }
}
