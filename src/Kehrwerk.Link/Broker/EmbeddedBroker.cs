using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Kehrwerk.Link.Broker;

/// <summary>Where and with which bounds the <see cref="EmbeddedBroker"/> listens.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>Loopback unless said otherwise: the embedded broker knows no sign-in.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes any free port; <see cref="EmbeddedBroker.Port"/> tells which.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>A client that sends a longer payload is disconnected, bytes.</summary>
    public int MaxPayloadBytes { get; init; } = LinkJson.MaxBytes;

    /// <summary>Messages that wait for one slow client; beyond it the oldest is dropped, since telemetry is repeated.</summary>
    public int MaxPendingMessages { get; init; } = 5_000;
}

/// <summary>A broker could not start; the message says why and what to do.</summary>
public sealed class BrokerStartException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// An MQTT broker in this process, with its own plain TCP listener. Sessions and retained messages live in memory and end with it.
/// </summary>
public sealed partial class EmbeddedBroker : IAsyncDisposable
{
    private readonly MqttServer server;
    private readonly EmbeddedBrokerOptions options;
    private readonly ILogger<EmbeddedBroker> logger;

    private EmbeddedBroker(MqttServer server, int port, EmbeddedBrokerOptions options, ILogger<EmbeddedBroker> logger)
    {
        this.server = server;
        this.options = options;
        this.logger = logger;
        Port = port;
        server.InterceptingPublishAsync += CheckSizeAsync;
    }

    public int Port { get; }

    /// <exception cref="BrokerStartException">The port is taken, or the address is not this machine's.</exception>
    public static async Task<EmbeddedBroker> StartAsync(EmbeddedBrokerOptions options, ILogger<EmbeddedBroker> logger)
    {
        var isV4 = options.Address.AddressFamily == AddressFamily.InterNetwork;
        var serverOptions = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(isV4 ? options.Address : IPAddress.None)
            .WithDefaultEndpointBoundIPV6Address(isV4 ? IPAddress.None : options.Address)
            .WithDefaultEndpointPort(options.Port)
            .WithPersistentSessions()
            .WithMaxPendingMessagesPerClient(options.MaxPendingMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .Build();
        var server = new MqttServerFactory().CreateMqttServer(serverOptions);
        try
        {
            await server.StartAsync().ConfigureAwait(false);
        }
        catch (SocketException failed)
        {
            server.Dispose();
            throw new BrokerStartException(Explain(failed, options), failed);
        }

        var broker = new EmbeddedBroker(server, serverOptions.DefaultEndpointOptions.Port, options, logger);
        broker.LogStarted(options.Address.ToString(), broker.Port);
        return broker;
    }

    /// <summary>Closes all connections; the last wills of the clients are not published.</summary>
    public async ValueTask DisposeAsync()
    {
        if (server.IsStarted)
        {
            await server.StopAsync(new MqttServerStopOptionsBuilder().Build()).ConfigureAwait(false);
        }

        server.Dispose();
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

    private Task CheckSizeAsync(InterceptingPublishEventArgs publish)
    {
        if (publish.ApplicationMessage.Payload.Length > options.MaxPayloadBytes)
        {
            LogTooLarge(publish.ClientId, publish.ApplicationMessage.Topic, publish.ApplicationMessage.Payload.Length, options.MaxPayloadBytes);
            publish.ProcessPublish = false;
            publish.CloseConnection = true;
            publish.Response.ReasonCode = MqttPubAckReasonCode.QuotaExceeded;
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "The embedded MQTT broker listens on {Address}:{Port}")]
    private partial void LogStarted(string address, int port);

    [LoggerMessage(2, LogLevel.Warning, "{ClientId} sent {Length} bytes on {Topic}, more than the {Limit} allowed, and is disconnected")]
    private partial void LogTooLarge(string clientId, string topic, long length, int limit);
}
