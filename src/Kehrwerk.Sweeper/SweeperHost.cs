using System.Collections.Concurrent;
using System.Threading.Channels;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper.Recording;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Sweeper;

/// <summary>
/// Runs one vehicle program over a transport and a clock: what comes in and each tick of the clock go through one inbox,
/// so the program has a single thread. Its condition is kept in a file, so that a restarted vehicle stands where it stood.
/// </summary>
public sealed class SweeperHost
{
    // A sweeper gets a few messages a second; more than this waiting means that it cannot keep up, and the sender repeats what it asks.
    private const int InboxSize = 256;
    private static readonly TimeSpan PutEvery = TimeSpan.FromSeconds(1);

    private readonly SweeperProgram program;
    private readonly ITransport transport;
    private readonly Topics topics;
    private readonly TimeProvider time;
    private readonly TimeSpan tick;
    private readonly ConditionKeeper keeper;
    private readonly ConcurrentQueue<(string Name, bool IsStored)> storedLogs = new();
    private readonly EventKeeper? eventKeeper;

    // The vehicle's own time does not jump when the machine's clock is set: leases and physics are counted by it.
    private readonly DateTimeOffset begin;
    private readonly long beginTimestamp;

    // A null is a tick. One that still waits stands for later ones too, so that ticks do not push messages out.
    private readonly Channel<LinkMessage?> inbox;
    private int tickWaits;
    private long putAt;
    private SweeperCondition kept;
    private volatile bool isToGreet = true;

    /// <param name="program">The vehicle.</param>
    /// <param name="transport">Its wire.</param>
    /// <param name="topics">Its topics.</param>
    /// <param name="file">Where its condition is kept.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="tick">How often it moves on, in the time of the clock; 0.1–1 s.</param>
    /// <param name="log">What an operator has to know.</param>
    /// <param name="events">Where recorded events are kept; null: only in memory.</param>
    public SweeperHost(
        SweeperProgram program,
        ITransport transport,
        Topics topics,
        ConditionFile file,
        TimeProvider time,
        TimeSpan tick,
        ILogger<SweeperHost> log,
        EventFiles? events = null)
    {
        (begin, beginTimestamp) = (time.GetUtcNow(), time.GetTimestamp());
        (this.program, this.transport, this.topics, this.time, this.tick) = (program, transport, topics, time, tick);
        kept = program.Condition;
        keeper = new(program.Id, file, log);
        eventKeeper = events is null ? null : new(program.Id, events, log);
        inbox = Channel.CreateBounded<LinkMessage?>(
            new BoundedChannelOptions(InboxSize) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest },
            dropped =>
            {
                if (dropped is null)
                {
                    Volatile.Write(ref tickWaits, 0);
                }
            });
    }

    private DateTimeOffset Now => begin + time.GetElapsedTime(beginTimestamp);

    /// <summary>Drives until cancelled or shut down, then says farewell and keeps the condition.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        transport.ConnectionChanged += OnConnectionChanged;
        var keeping = Task.Run(keeper.RunAsync, CancellationToken.None);
        var keepingEvents = eventKeeper is null ? Task.CompletedTask : Task.Run(eventKeeper.RunAsync, CancellationToken.None);
        try
        {
            LinkTopic[] heard =
            [
                LinkTopic.Order, LinkTopic.InstantActions, LinkTopic.ZoneSet, LinkTopic.Responses, LinkTopic.Supervision, LinkTopic.EventReceipts,
            ];
            foreach (var topic in heard)
            {
                await transport.SubscribeAsync(topics.Of(program.Id, topic), TakeIn, cancellation);
            }

            await using var timer = time.CreateTimer(_ => Tick(), null, TimeSpan.Zero, tick);
            await foreach (var message in inbox.Reader.ReadAllAsync(cancellation))
            {
                await Turn(message, cancellation);
                if (program.IsShutDown)
                {
                    // It has said farewell itself.
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Publish(program.Farewell(Now), CancellationToken.None);
        }
        finally
        {
            transport.ConnectionChanged -= OnConnectionChanged;
            await keeper.End(program.Condition, keeping);
            if (eventKeeper is not null)
            {
                KeepEvents();
                await eventKeeper.End(keepingEvents);
            }
        }
    }

    private async Task Turn(LinkMessage? message, CancellationToken cancellation)
    {
        program.KeepsCondition = keeper.Keeps;
        program.KeepsEvents = eventKeeper?.Keeps ?? true;
        var now = Now;
        if (isToGreet && transport.IsConnected)
        {
            isToGreet = false;
            await Publish(program.Greet(now), cancellation);
        }

        if (message is null)
        {
            Volatile.Write(ref tickWaits, 0);
            var told = program.Advance(now);
            Keep();
            await Publish(told, cancellation);
        }
        else
        {
            var told = program.Receive(message, now);
            Keep();
            await Publish(told, cancellation);
        }

        if (program.TakeLog() is { } log)
        {
            // Beside the vehicle's loop: a slow disk delays the log, never a stop.
            _ = Task.Run(() => storedLogs.Enqueue((log.Name, keeper.TryStore(log))), CancellationToken.None);
        }

        while (storedLogs.TryDequeue(out var stored))
        {
            program.LogStored(stored.Name, stored.IsStored);
        }

        KeepEvents();
        Keep();
    }

    /// <summary>Once a second, and at once what the vehicle was told or that it is at minimal risk. Disk time is real time, however fast the vehicle's clock runs.</summary>
    private void Keep()
    {
        var isDue = TimeProvider.System.GetElapsedTime(putAt) >= PutEvery;
        var condition = program.Condition;
        if (isDue || condition.MustBeKeptNow(kept))
        {
            putAt = TimeProvider.System.GetTimestamp();
            kept = condition;
            keeper.Put(condition);
        }
    }

    private void KeepEvents()
    {
        foreach (var order in program.TakeEventOrders())
        {
            eventKeeper?.Put(order);
        }
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref tickWaits, 1) == 0)
        {
            inbox.Writer.TryWrite(null);
        }
    }

    private ValueTask TakeIn(LinkMessage message) => inbox.Writer.WriteAsync(message);

    private void OnConnectionChanged(bool isConnected) => isToGreet |= isConnected;

    private async ValueTask Publish(IReadOnlyList<LinkMessage> messages, CancellationToken cancellation)
    {
        foreach (var message in messages)
        {
            await transport.PublishAsync(message, cancellation);
        }
    }
}
