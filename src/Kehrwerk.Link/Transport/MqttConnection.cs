using Kehrwerk.Link.Certificates;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Kehrwerk.Link.Transport;

/// <summary>Keeps one client connected: again and again with growing pauses, until it is disposed.</summary>
internal sealed partial class MqttConnection : IAsyncDisposable
{
    private readonly MqttTransportOptions options;
    private readonly Func<CancellationToken, Task> restore;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly MqttClientOptions clientOptions;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private TaskCompletionSource connected = NewSignal();
    private TaskCompletionSource disconnected = NewSignal();
    private string lostBecause = "";
    private Task connecting = Task.CompletedTask;

    /// <param name="client">Its connection is kept by this; who sends with it may find it disconnected.</param>
    /// <param name="options">Where to, and how patiently.</param>
    /// <param name="restore">Puts subscriptions in place; done after each connecting, before it counts as connected.</param>
    /// <param name="logger">What an operator has to know.</param>
    /// <param name="time">For the pauses.</param>
    public MqttConnection(IMqttClient client, MqttTransportOptions options, Func<CancellationToken, Task> restore, ILogger logger, TimeProvider time)
    {
        (Client, this.options, this.restore, this.logger, this.time) = (client, options, restore, logger, time);
        clientOptions = ClientOptions(options, time);
        client.DisconnectedAsync += lost =>
        {
            lostBecause = lost.ReasonString is { Length: > 0 } text ? text : lost.Reason.ToString();
            disconnected.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public event Action<bool>? Changed;

    public IMqttClient Client { get; }

    public bool IsConnected { get; private set; }

    /// <summary>Begins to connect in the background; once.</summary>
    public void Start() => connecting = Task.Run(() => StayConnectedAsync(stopping.Token));

    /// <summary>Completes when the client is connected, now or later.</summary>
    public async Task WaitUntilConnectedAsync(CancellationToken ct)
    {
        Task signal;
        lock (gate)
        {
            signal = connected.Task;
        }

        await signal.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>The client's own time limit holds only for tokens that cannot be cancelled.</summary>
    public CancellationTokenSource Limit(CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        return limit;
    }

    /// <summary>Says farewell: the last will is not published.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await connecting.ConfigureAwait(false);
        await SayFarewellAsync().ConfigureAwait(false);
        Client.Dispose();
        stopping.Dispose();
        SetConnected(false);
    }

    private static MqttClientOptions ClientOptions(MqttTransportOptions options, TimeProvider time)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Host, options.Port)
            .WithClientId(options.ClientId)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            // The session outlives the connection, so that QoS 1 messages wait at the broker for a client that comes back.
            .WithCleanStart(false)
            .WithSessionExpiryInterval((uint)options.SessionExpiry.TotalSeconds)
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(options.Timeout)
            .WithMaximumPacketSize(options.MaxPacketBytes);
        if (options.Tls is { } tls)
        {
            builder = builder.WithStreamProvider(new TlsStreamProvider(tls, time));
        }

        if (options.Will is { } will)
        {
            builder = builder
                .WithWillTopic(will.Topic)
                .WithWillPayload(will.Payload.ToArray())
                .WithWillQualityOfServiceLevel((MqttQualityOfServiceLevel)will.Qos)
                .WithWillRetain(will.Retain);
        }

        return builder.Build();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task StayConnectedAsync(CancellationToken ct)
    {
        var pause = options.FirstPause;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(ct).ConfigureAwait(false);
                pause = options.FirstPause;
                LogConnected(options.ClientId, options.Host, options.Port);
                SetConnected(true);
                await WaitUntilDisconnectedAsync(ct).ConfigureAwait(false);
                SetConnected(false);
                LogDisconnected(options.ClientId, options.Host, options.Port, lostBecause);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // Whatever an attempt throws: the next one may succeed, and a vehicle must not stay mute.
                LogConnectFailed(Reason(failed), options.ClientId, options.Host, options.Port, pause.TotalSeconds);
                await SayFarewellAsync().ConfigureAwait(false);
            }

            try
            {
                await Task.Delay(pause, time, ct).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;
        }
    }

    private async Task ConnectAsync(CancellationToken ct)
    {
        using var limit = Limit(ct);
        disconnected = NewSignal();
        var result = await Client.ConnectAsync(clientOptions, limit.Token).ConfigureAwait(false);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new MqttCommunicationException($"the broker refuses the connection: {result.ResultCode} {result.ReasonString}");
        }

        await restore(limit.Token).ConfigureAwait(false);
    }

    private string Reason(Exception failed)
    {
        for (var cause = failed; cause is not null; cause = cause.InnerException)
        {
            if (cause is CertificateException)
            {
                return cause.Message;
            }
        }

        // With TLS 1.3 a client believes its handshake done before the broker has judged its certificate.
        return options.Tls is not null && failed is MqttConnectingFailedException
            ? $"{failed.Message} The broker may not accept {options.Tls.CertificateFile}: it may be expired, revoked or of another authority; the Centre's record says why"
            : failed.Message;
    }

    private async Task WaitUntilDisconnectedAsync(CancellationToken ct)
    {
        do
        {
            await disconnected.Task.WaitAsync(ct).ConfigureAwait(false);
            // The signal of an earlier connection may come late.
            disconnected = NewSignal();
        }
        while (Client.IsConnected);
    }

    /// <summary>Ends the connection in good order, if there is one, so that no last will is published.</summary>
    private async Task SayFarewellAsync()
    {
        if (!Client.IsConnected)
        {
            return;
        }

        try
        {
            await Client.DisconnectAsync(new MqttClientDisconnectOptions()).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is MqttCommunicationException or OperationCanceledException)
        {
            LogFarewellFailed(lost, options.ClientId);
        }
    }

    private void SetConnected(bool value)
    {
        lock (gate)
        {
            if (IsConnected == value)
            {
                return;
            }

            IsConnected = value;
            if (value)
            {
                connected.TrySetResult();
            }
            else
            {
                connected = NewSignal();
            }
        }

        Changed?.Invoke(value);
    }

    [LoggerMessage(1, LogLevel.Information, "{ClientId} is connected to the broker {Host}:{Port}")]
    private partial void LogConnected(string clientId, string host, int port);

    [LoggerMessage(2, LogLevel.Warning, "{ClientId} has lost the broker {Host}:{Port}: {Reason}")]
    private partial void LogDisconnected(string clientId, string host, int port, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{ClientId} cannot reach the broker {Host}:{Port}, next attempt in {PauseS} s: {Reason}")]
    private partial void LogConnectFailed(string reason, string clientId, string host, int port, double pauseS);

    [LoggerMessage(8, LogLevel.Debug, "{ClientId} could not say farewell")]
    private partial void LogFarewellFailed(Exception lost, string clientId);
}
