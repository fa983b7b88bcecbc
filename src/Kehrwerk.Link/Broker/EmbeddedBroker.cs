using System.Net;
using System.Net.Sockets;
using Kehrwerk.Link.Certificates;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Kehrwerk.Link.Broker;

/// <summary>Where and with which bounds the <see cref="EmbeddedBroker"/> listens.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>Room for what stands around a payload: topic, properties.</summary>
    internal const int HeaderBytes = 4096;

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes any free port; <see cref="EmbeddedBroker.Port"/> tells which.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>
    /// With it the broker listens over TLS 1.3 and knows its clients by their certificates. Without it everybody who reaches the port
    /// may say and hear everything, so it then listens on loopback only.
    /// </summary>
    public BrokerSecurity? Security { get; init; }

    /// <summary>Their first level; vehicles are held to the topics below.</summary>
    public Topics Topics { get; init; } = Topics.Default;

    /// <summary>Vehicles may use <see cref="Topics.Vda21"/> too.</summary>
    public bool TakesVda21 { get; init; }

    /// <summary>A client that sends a longer payload is disconnected, bytes.</summary>
    public int MaxPayloadBytes { get; init; } = LinkJson.MaxBytes;

    /// <summary>Messages that wait for one slow client; beyond it the oldest is dropped, since telemetry is repeated.</summary>
    public int MaxPendingMessages { get; init; } = 5_000;

    /// <summary>Open connections of all clients.</summary>
    public int MaxConnections { get; init; } = 1_000;
}

/// <summary>A broker could not start; the message says why and what to do.</summary>
public sealed class BrokerStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// An MQTT broker in this process, with one listener: TLS with certificates on both sides, or plain on loopback. Sessions and retained
/// messages live in memory and end with it.
/// </summary>
public sealed partial class EmbeddedBroker : IAsyncDisposable
{
    // Longest time for a client's first packet, and for one packet to a client.
    private static readonly TimeSpan PacketLimit = TimeSpan.FromSeconds(15);

    private readonly EmbeddedBrokerOptions options;
    private readonly ILogger<EmbeddedBroker> logger;
    private readonly BrokerDoor? door;
    private readonly BrokerListener listener;
    private readonly MqttServer server;
    private readonly AccessRules rules;
    private readonly ITimer? looking;
    private int isLooking;

    private EmbeddedBroker(EmbeddedBrokerOptions options, BrokerDoor? door, ILogger<EmbeddedBroker> logger, TimeProvider time)
    {
        (this.options, this.door, this.logger, rules) = (options, door, logger, new(options.Topics, options.TakesVda21));
        listener = new(options, door, time, Tell);
        server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder()
                .WithPersistentSessions()
                .WithDefaultCommunicationTimeout(PacketLimit)
                .WithMaxPendingMessagesPerClient(options.MaxPendingMessages)
                .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
                .Build(),
            [listener]);
        server.InterceptingPublishAsync += CheckPublishAsync;
        if (door is not null)
        {
            server.ValidatingConnectionAsync += CheckClientIdAsync;
            server.InterceptingSubscriptionAsync += CheckSubscriptionAsync;
            looking = time.CreateTimer(_ => _ = LookAtFilesAsync(), null, door.Security.LookEvery, door.Security.LookEvery);
        }
    }

    /// <summary>Raised for everything that is refused, from any thread. Handlers must be short and must not throw.</summary>
    public event Action<BrokerRefusal>? Refused;

    public int Port => listener.Port;

    /// <param name="time">For validity and rates.</param>
    /// <exception cref="BrokerStartException">The port is taken, the address is not this machine's, or not loopback and without security.</exception>
    /// <exception cref="CertificateException">A file of the security cannot be used.</exception>
    public static async Task<EmbeddedBroker> StartAsync(EmbeddedBrokerOptions options, ILogger<EmbeddedBroker> logger, TimeProvider? time = null)
    {
        if (options.Security is null && !IPAddress.IsLoopback(options.Address))
        {
            throw new BrokerStartException(
                $"Without TLS the MQTT broker listens on loopback only, not on {options.Address}. Give it certificates, or use 127.0.0.1.");
        }

        var clock = time ?? TimeProvider.System;
        var broker = new EmbeddedBroker(options, options.Security is null ? null : new(options.Security, clock), logger, clock);
        try
        {
            await broker.server.StartAsync().ConfigureAwait(false);
        }
        catch (SocketException failed)
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            throw new BrokerStartException(Explain(failed, options), failed);
        }

        broker.LogStarted(options.Address.ToString(), broker.Port, options.Security is null ? "plain" : "TLS 1.3");
        return broker;
    }

    /// <summary>Closes all connections; the last wills of the clients are not published.</summary>
    public async ValueTask DisposeAsync()
    {
        if (looking is not null)
        {
            await looking.DisposeAsync().ConfigureAwait(false);
        }

        if (server.IsStarted)
        {
            await server.StopAsync(new MqttServerStopOptionsBuilder().Build()).ConfigureAwait(false);
        }

        server.Dispose();
        listener.Dispose();
    }

    private static string Explain(SocketException failed, EmbeddedBrokerOptions options) => failed.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Port {options.Port} for the MQTT broker is taken by another program. Stop that program, or choose another port.",
        SocketError.AccessDenied =>
            $"This user may not open port {options.Port} for the MQTT broker. Choose a port from 1024.",
        SocketError.AddressNotAvailable =>
            $"{options.Address} is not an address of this machine, so the MQTT broker cannot listen on it. Use 127.0.0.1 or one of its own.",
        _ => $"The MQTT broker cannot listen on {options.Address}:{options.Port}: {failed.Message}",
    };

    private void Tell(BrokerRefusal refusal) => Refused?.Invoke(refusal);

    private Task CheckClientIdAsync(ValidatingConnectionEventArgs connecting)
    {
        // The certificate was judged at the handshake.
        var name = LinkIdentity.TryRead(connecting.ClientCertificate, out var who) ? who.Name : "";
        if (connecting.ClientId != name)
        {
            connecting.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
            connecting.ReasonString = $"the client id must be the name of the certificate, {name}";
            Tell(new(RefusalKind.ClientId, name, $"{(connecting.RemoteEndPoint as IPEndPoint)?.Address}", $"it gave the client id '{connecting.ClientId}' instead of its own name"));
        }

        return Task.CompletedTask;
    }

    private Task CheckPublishAsync(InterceptingPublishEventArgs publish)
    {
        var (topic, length) = (publish.ApplicationMessage.Topic, publish.ApplicationMessage.Payload.Length);
        if (length > options.MaxPayloadBytes)
        {
            Tell(new(RefusalKind.TooLarge, NameOf(publish.ClientId), "", $"it sent {length} bytes on {topic}, more than {options.MaxPayloadBytes}, and was disconnected"));
            Refuse(publish, MqttPubAckReasonCode.QuotaExceeded);
            publish.CloseConnection = true;
        }
        else if (door is not null && !(LinkIdentity.TryParse(publish.ClientId, out var who) && rules.MayPublish(who, topic ?? "")))
        {
            Tell(new(RefusalKind.Publish, NameOf(publish.ClientId), "", $"it sent a message on {topic}, which is not its own"));
            Refuse(publish, MqttPubAckReasonCode.NotAuthorized);
        }

        return Task.CompletedTask;
    }

    private static void Refuse(InterceptingPublishEventArgs publish, MqttPubAckReasonCode reason)
    {
        publish.ProcessPublish = false;
        publish.Response.ReasonCode = reason;
    }

    private Task CheckSubscriptionAsync(InterceptingSubscriptionEventArgs subscription)
    {
        var filter = subscription.TopicFilter.Topic ?? "";
        if (!(LinkIdentity.TryParse(subscription.ClientId, out var who) && rules.MaySubscribe(who, filter)))
        {
            subscription.ProcessSubscription = false;
            subscription.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
            Tell(new(RefusalKind.Subscribe, NameOf(subscription.ClientId), "", $"it asked for {filter}, which is not its own"));
        }

        return Task.CompletedTask;
    }

    // A client id is a name only where it was compared with a certificate.
    private string NameOf(string clientId) => door is null ? "" : clientId;

    private async Task LookAtFilesAsync()
    {
        if (Interlocked.Exchange(ref isLooking, 1) != 0)
        {
            // The look before still says farewell to somebody.
            return;
        }

        try
        {
            var changed = false;
            try
            {
                changed = door!.Refresh();
                if (changed)
                {
                    LogRefreshed(door.Security.ListFile);
                }
            }
            catch (CertificateException unusable)
            {
                LogUnusable(unusable.Message);
            }

            await listener.EndUnacceptedAsync(changed).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // A bug must not end the process from a timer; the next look tries again.
            LogLookFailed(fault);
        }
        finally
        {
            Volatile.Write(ref isLooking, 0);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The embedded MQTT broker listens on {Address}:{Port}, {Security}")]
    private partial void LogStarted(string address, int port, string security);

    [LoggerMessage(10, LogLevel.Information, "The broker's certificates have changed and are in force now, with {ListFile}")]
    private partial void LogRefreshed(string listFile);

    [LoggerMessage(11, LogLevel.Error, "The broker's certificates have changed and cannot be used; those from before stay in force. {Message}")]
    private partial void LogUnusable(string message);

    [LoggerMessage(12, LogLevel.Error, "The broker could not look at its certificates")]
    private partial void LogLookFailed(Exception fault);
}
