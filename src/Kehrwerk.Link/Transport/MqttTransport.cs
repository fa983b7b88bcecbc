using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Kehrwerk.Link.Transport;

/// <summary>
/// The link over MQTT 5. It connects in the background, again and again with growing pauses, and restores its subscriptions.
/// Thread safe; handlers run one after the other on a thread of the pool.
/// </summary>
public sealed partial class MqttTransport : ITransport
{
    private readonly MqttTransportOptions options;
    private readonly ILogger<MqttTransport> logger;
    private readonly TimeProvider time;
    private readonly IMqttClient client;
    private readonly MqttClientOptions clientOptions;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Channel<LinkMessage> unsent;
    private readonly Task connecting;
    private readonly Task sending;
    private Subscription[] subscriptions = [];
    private TaskCompletionSource connected = NewSignal();
    private TaskCompletionSource disconnected = NewSignal();
    private long dropped;
    private int disposed;

    private MqttTransport(MqttTransportOptions options, ILogger<MqttTransport> logger, TimeProvider time)
    {
        this.options = options;
        this.logger = logger;
        this.time = time;
        // Full means that the caller is told (LinkOverflowException): what must not be lost is never dropped silently.
        unsent = Channel.CreateBounded<LinkMessage>(new BoundedChannelOptions(options.MaxUnsent) { SingleReader = true });
        clientOptions = ClientOptions(options);
        client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += ReceiveAsync;
        client.DisconnectedAsync += _ =>
        {
            disconnected.TrySetResult();
            return Task.CompletedTask;
        };
        connecting = Task.Run(() => StayConnectedAsync(stopping.Token));
        sending = Task.Run(() => SendUnsentAsync(stopping.Token));
    }

    public event Action<bool>? ConnectionChanged;

    public bool IsConnected { get; private set; }

    /// <summary>QoS 0 messages that were dropped because there was no connection.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Starts to connect in the background and returns at once; the broker need not run yet.</summary>
    public static MqttTransport Start(MqttTransportOptions options, ILogger<MqttTransport> logger, TimeProvider? time = null) =>
        new(options, logger, time ?? TimeProvider.System);

    /// <summary>Completes when the transport is connected, now or later.</summary>
    public async Task WaitUntilConnectedAsync(CancellationToken ct = default)
    {
        Task signal;
        lock (gate)
        {
            signal = connected.Task;
        }

        await signal.WaitAsync(ct).ConfigureAwait(false);
    }

    public async ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (message.Qos == Qos.AtLeastOnce)
        {
            if (!unsent.Writer.TryWrite(message))
            {
                throw new LinkOverflowException(
                    $"More than {options.MaxUnsent} messages wait for the broker {options.Host}:{options.Port}; '{message.Topic}' found no room.");
            }

            return;
        }

        ct.ThrowIfCancellationRequested();
        if (!IsConnected || !await TrySendAsync(message, ct).ConfigureAwait(false))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    public async ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (TopicFilter.Fault(topicFilter) is { } fault)
        {
            throw new ArgumentException(fault, nameof(topicFilter));
        }

        lock (gate)
        {
            subscriptions = [.. subscriptions, new(topicFilter, handler)];
        }

        // While disconnected it waits for the connection, which restores all subscriptions.
        if (client.IsConnected)
        {
            try
            {
                using var limit = Limit(ct);
                await AskForAsync([topicFilter], limit.Token).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is MqttCommunicationException || lost is OperationCanceledException && !ct.IsCancellationRequested)
            {
                LogSendFailed(lost, options.ClientId, topicFilter);
            }
        }
    }

    /// <summary>
    /// Sends what waits, as far as the broker takes it within <see cref="MqttTransportOptions.Timeout"/>, and says farewell:
    /// the last will is not published.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        unsent.Writer.TryComplete();
        if (IsConnected)
        {
            await Task.WhenAny(sending, Task.Delay(options.Timeout, time, stopping.Token)).ConfigureAwait(false);
        }

        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(connecting, sending).ConfigureAwait(false);
        await SayFarewellAsync().ConfigureAwait(false);
        client.Dispose();
        stopping.Dispose();
        SetConnected(false);
    }

    private static MqttClientOptions ClientOptions(MqttTransportOptions options)
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
                LogDisconnected(options.ClientId, options.Host, options.Port);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // Whatever an attempt throws: the next one may succeed, and a vehicle must not stay mute.
                LogConnectFailed(failed.Message, options.ClientId, options.Host, options.Port, pause.TotalSeconds);
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
        var result = await client.ConnectAsync(clientOptions, limit.Token).ConfigureAwait(false);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new MqttCommunicationException($"the broker refuses the connection: {result.ResultCode} {result.ReasonString}");
        }

        string[] filters;
        lock (gate)
        {
            filters = [.. subscriptions.Select(subscription => subscription.Filter).Distinct(StringComparer.Ordinal)];
        }

        await AskForAsync(filters, limit.Token).ConfigureAwait(false);
    }

    private async Task WaitUntilDisconnectedAsync(CancellationToken ct)
    {
        do
        {
            await disconnected.Task.WaitAsync(ct).ConfigureAwait(false);
            // The signal of an earlier connection may come late.
            disconnected = NewSignal();
        }
        while (client.IsConnected);
    }

    /// <summary>Ends the connection in good order, if there is one, so that no last will is published.</summary>
    private async Task SayFarewellAsync()
    {
        if (!client.IsConnected)
        {
            return;
        }

        try
        {
            await client.DisconnectAsync(new MqttClientDisconnectOptions()).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is MqttCommunicationException or OperationCanceledException)
        {
            LogSendFailed(lost, options.ClientId, "DISCONNECT");
        }
    }

    /// <summary>The client's own time limit holds only for tokens that cannot be cancelled.</summary>
    private CancellationTokenSource Limit(CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        return limit;
    }

    /// <summary>Sends QoS 1 messages in their order; each stays first in line until the broker has acknowledged it.</summary>
    private async Task SendUnsentAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var message in unsent.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                await SendUntilAcknowledgedAsync(message, ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            var left = unsent.Reader.Count;
            if (left > 0)
            {
                LogLeftUnsent(options.ClientId, left);
            }
        }
    }

    private async Task SendUntilAcknowledgedAsync(LinkMessage message, CancellationToken ct)
    {
        while (true)
        {
            await WaitUntilConnectedAsync(ct).ConfigureAwait(false);
            using var limit = Limit(ct);
            if (await TrySendAsync(message, limit.Token).ConfigureAwait(false))
            {
                return;
            }

            // The loss of the connection may become known a little later; without a pause this would spin.
            await Task.Delay(options.FirstPause, time, ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> TrySendAsync(LinkMessage message, CancellationToken ct)
    {
        try
        {
            var packet = new MqttApplicationMessage
            {
                Topic = message.Topic,
                Payload = new ReadOnlySequence<byte>(message.Payload),
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Qos,
                Retain = message.Retain,
            };
            var result = await client.PublishAsync(packet, ct).ConfigureAwait(false);
            if (!result.IsSuccess && result.ReasonCode != MqttClientPublishReasonCode.NoMatchingSubscribers)
            {
                // Repeating would be refused again: the broker's access rules or quota forbid it.
                LogRefused(options.ClientId, message.Topic, result.ReasonCode.ToString());
            }

            return true;
        }
        catch (Exception lost) when (lost is MqttCommunicationException or OperationCanceledException)
        {
            LogSendFailed(lost, options.ClientId, message.Topic);
            return false;
        }
    }

    private async Task AskForAsync(string[] filters, CancellationToken ct)
    {
        if (filters.Length == 0)
        {
            return;
        }

        var builder = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in filters)
        {
            builder.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var result = await client.SubscribeAsync(builder.Build(), ct).ConfigureAwait(false);
        foreach (var item in result.Items)
        {
            if (item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                LogRefused(options.ClientId, item.TopicFilter.Topic, item.ResultCode.ToString());
            }
        }
    }

    private async Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        var packet = received.ApplicationMessage;
        // A copy: the buffer of the packet is reused once this method returns.
        var message = new LinkMessage(packet.Topic, packet.Payload.ToArray(), (Qos)Math.Min((int)packet.QualityOfServiceLevel, 1), packet.Retain);
        foreach (var subscription in Volatile.Read(ref subscriptions))
        {
            if (!TopicFilter.Matches(subscription.Filter, message.Topic))
            {
                continue;
            }

            try
            {
                await subscription.Handler(message).ConfigureAwait(false);
            }
            catch (Exception failed)
            {
                // One bad message must not end the link of a whole fleet; the handler's fault is on record.
                LogHandlerFailed(failed, options.ClientId, message.Topic);
            }
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

        ConnectionChanged?.Invoke(value);
    }

    private sealed record Subscription(string Filter, Func<LinkMessage, ValueTask> Handler);
}
