using System.Buffers;
using System.Threading.Channels;
using Kehrwerk.Link.Broker;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Kehrwerk.Link.Transport;

/// <summary>
/// The link over MQTT 5. It connects in the background, again and again with growing pauses, and restores its subscriptions.
/// Thread safe; handlers run one after the other on a thread of the pool.
/// </summary>
public sealed partial class MqttTransport : ITransport
{
    private static readonly TimeSpan PaceStep = TimeSpan.FromMilliseconds(50);

    // So long a caller waits for the socket with a message that may be lost: a vehicle's only loop must not stand still with its line.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private readonly MqttTransportOptions options;
    private readonly ILogger<MqttTransport> logger;
    private readonly TimeProvider time;
    private readonly MqttConnection connection;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Channel<LinkMessage> unsent;
    private readonly RateMeter? pace;
    private readonly Task sending;
    private Subscription[] subscriptions = [];
    private long dropped;
    private Task<bool> stuck = Task.FromResult(true);
    private int disposed;

    private MqttTransport(MqttTransportOptions options, ILogger<MqttTransport> logger, TimeProvider time)
    {
        (this.options, this.logger, this.time) = (options, logger, time);
        // Full means that the caller is told (LinkOverflowException): what must not be lost is never dropped silently.
        pace = options.Pace is { } limits ? new(limits, time) : null;
        unsent = Channel.CreateBounded<LinkMessage>(new BoundedChannelOptions(options.MaxUnsent) { SingleReader = true });
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += ReceiveAsync;
        connection = new(client, options, RestoreAsync, logger, time);
        connection.Start();
        sending = Task.Run(() => SendUnsentAsync(stopping.Token));
    }

    public event Action<bool>? ConnectionChanged
    {
        add => connection.Changed += value;
        remove => connection.Changed -= value;
    }

    public bool IsConnected => connection.IsConnected;

    /// <summary>QoS 0 messages that were dropped because there was no connection, or because the line took nothing.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Starts to connect in the background and returns at once; the broker need not run yet.</summary>
    public static MqttTransport Start(MqttTransportOptions options, ILogger<MqttTransport> logger, TimeProvider? time = null) =>
        new(options, logger, time ?? TimeProvider.System);

    /// <summary>Completes when the transport is connected, now or later.</summary>
    public Task WaitUntilConnectedAsync(CancellationToken ct = default) => connection.WaitUntilConnectedAsync(ct);

    public async ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (TopicFilter.NameFault(message.Topic) is { } fault)
        {
            throw new ArgumentException(fault, nameof(message));
        }

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
        if (!IsConnected || !Volatile.Read(ref stuck).IsCompleted)
        {
            Interlocked.Increment(ref dropped);
            return;
        }

        // A send that is under way is not broken off: half a packet would end the connection. Those behind it are dropped until it is through.
        var send = TrySendInTimeAsync(message);
        try
        {
            if (!await send.WaitAsync(LongestWait, ct).ConfigureAwait(false))
            {
                Interlocked.Increment(ref dropped);
            }
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref stuck, send);
            LogStuck(options.ClientId, message.Topic, Dropped);
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
        if (connection.Client.IsConnected)
        {
            try
            {
                using var limit = connection.Limit(ct);
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
        await sending.ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        stopping.Dispose();
    }

    /// <summary>Sends QoS 1 messages in their order; each stays first in line until the broker has acknowledged it.</summary>
    private async Task SendUnsentAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var message in unsent.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                await KeepPaceAsync(message, ct).ConfigureAwait(false);
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

    private async Task KeepPaceAsync(LinkMessage message, CancellationToken ct)
    {
        // The packet's own header is a few bytes; what is larger than the whole measure goes alone.
        while (pace?.TryTake((int)Math.Min(message.Payload.Length + message.Topic.Length, options.Pace!.BytesAtOnce)) == false)
        {
            await Task.Delay(PaceStep, time, ct).ConfigureAwait(false);
        }
    }

    private async Task SendUntilAcknowledgedAsync(LinkMessage message, CancellationToken ct)
    {
        while (true)
        {
            await WaitUntilConnectedAsync(ct).ConfigureAwait(false);
            using var limit = connection.Limit(ct);
            if (await TrySendAsync(message, limit.Token).ConfigureAwait(false))
            {
                return;
            }

            // The loss of the connection may become known a little later; without a pause this would spin.
            await Task.Delay(options.FirstPause, time, ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> TrySendInTimeAsync(LinkMessage message)
    {
        using var limit = connection.Limit(CancellationToken.None);
        return await TrySendAsync(message, limit.Token).ConfigureAwait(false);
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
            var result = await connection.Client.PublishAsync(packet, ct).ConfigureAwait(false);
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
        catch (Exception fault)
        {
            // A bug, here or in the library. The message would fail again; those behind it must not wait for it.
            LogUnsendable(fault, options.ClientId, message.Topic);
            return true;
        }
    }

    private async Task RestoreAsync(CancellationToken ct)
    {
        string[] filters;
        lock (gate)
        {
            filters = [.. subscriptions.Select(subscription => subscription.Filter).Distinct(StringComparer.Ordinal)];
        }

        await AskForAsync(filters, ct).ConfigureAwait(false);
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

        var result = await connection.Client.SubscribeAsync(builder.Build(), ct).ConfigureAwait(false);
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

    [LoggerMessage(4, LogLevel.Debug, "{ClientId} could not send {Topic}")]
    private partial void LogSendFailed(Exception lost, string clientId, string topic);

    [LoggerMessage(5, LogLevel.Error, "The broker refuses {Topic} of {ClientId}: {Reason}. Check the broker's access rules")]
    private partial void LogRefused(string clientId, string topic, string reason);

    [LoggerMessage(6, LogLevel.Error, "{ClientId} failed to handle a message on {Topic}; the message is skipped")]
    private partial void LogHandlerFailed(Exception failed, string clientId, string topic);

    [LoggerMessage(7, LogLevel.Warning, "{ClientId} ends with {Count} messages unsent")]
    private partial void LogLeftUnsent(string clientId, int count);

    [LoggerMessage(9, LogLevel.Error, "{ClientId} cannot send a message on {Topic}; the message is skipped")]
    private partial void LogUnsendable(Exception fault, string clientId, string topic);

    [LoggerMessage(10, LogLevel.Warning, "The line of {ClientId} takes nothing; messages of QoS 0 are dropped from {Topic} on until it does ({Dropped} were before)")]
    private partial void LogStuck(string clientId, string topic, long dropped);

    private sealed record Subscription(string Filter, Func<LinkMessage, ValueTask> Handler);
}
