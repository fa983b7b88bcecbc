using System.Threading.Channels;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper;

/// <summary>
/// Runs one vehicle program over a transport and a clock: what comes in and each tick of the clock go through one inbox,
/// so the program has a single thread. Its condition is kept in a file, so that a restarted vehicle stands where it stood.
/// </summary>
/// <param name="file">Where the condition is kept; null to forget it.</param>
/// <param name="tick">How often the vehicle moves on, in the time of the clock; 0.1–1 s.</param>
public sealed class SweeperHost(SweeperProgram program, ITransport transport, Topics topics, ConditionFile? file, TimeProvider time, TimeSpan tick)
{
    // A sweeper gets a few messages a second; more than this waiting means that it cannot keep up, and the sender repeats orders.
    private const int InboxSize = 256;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    private readonly Channel<LinkMessage?> inbox = Channel.CreateBounded<LinkMessage?>(
        new BoundedChannelOptions(InboxSize) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private SweeperCondition? saved;
    private long savedAt;
    private volatile bool isToGreet = true;

    /// <summary>Drives until cancelled, then says farewell and keeps the condition.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        transport.ConnectionChanged += OnConnectionChanged;
        await transport.SubscribeAsync(topics.Of(program.Id, LinkTopic.Order), TakeIn, cancellation);
        await transport.SubscribeAsync(topics.Of(program.Id, LinkTopic.InstantActions), TakeIn, cancellation);
        // A null in the inbox is a tick.
        await using var timer = time.CreateTimer(_ => inbox.Writer.TryWrite(null), null, TimeSpan.Zero, tick);
        try
        {
            await foreach (var message in inbox.Reader.ReadAllAsync(cancellation))
            {
                await Turn(message, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Publish(program.Farewell(time.GetUtcNow()), CancellationToken.None);
        }
        finally
        {
            transport.ConnectionChanged -= OnConnectionChanged;
            Save();
        }
    }

    private async Task Turn(LinkMessage? message, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (isToGreet && transport.IsConnected)
        {
            isToGreet = false;
            await Publish(program.Greet(now), cancellation);
        }

        await Publish(message is null ? program.Advance(now) : program.Receive(message, now), cancellation);
        // Disk time is real time, however fast the vehicle's clock runs.
        if (TimeProvider.System.GetElapsedTime(savedAt) >= SaveEvery)
        {
            Save();
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

    private void Save()
    {
        savedAt = TimeProvider.System.GetTimestamp();
        var condition = program.Condition;
        if (file is not null && condition != saved)
        {
            file.Save(condition);
            saved = condition;
        }
    }
}
