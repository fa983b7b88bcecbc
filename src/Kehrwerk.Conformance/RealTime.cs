using System.Collections.Concurrent;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Conformance;

/// <summary>
/// Lets an event loop follow a real clock, and brings what a real transport receives into it at the time when it came: one thread, as in
/// simulation.
/// </summary>
internal sealed class RealTime(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentQueue<(DateTimeOffset At, Action Action)> arrived = new();
    private readonly SemaphoreSlim wake = new(0);

    /// <summary>The longest that the loop was behind its clock: what it saw as late by less may have been its own delay.</summary>
    public TimeSpan HeldUp { get; private set; }

    public EventLoop Loop { get; } = new(clock.GetUtcNow(), seed: 1);

    /// <summary>A transport whose messages arrive as events of the loop.</summary>
    /// <param name="waits">Whether a subscription is waited for; a program that must go on at once does not.</param>
    public ITransport Bring(ITransport transport, bool waits = true) => new Brought(transport, this, waits);

    /// <summary>Runs the loop until the task is done. Must be called where no synchronization context is set.</summary>
    public async Task Run(Task work, CancellationToken cancellation)
    {
        // Until now nobody waited for it.
        Advance(clock.GetUtcNow());
        HeldUp = TimeSpan.Zero;
        while (!work.IsCompleted)
        {
            cancellation.ThrowIfCancellationRequested();
            while (arrived.TryDequeue(out var arrival))
            {
                Advance(arrival.At);
                arrival.Action();
            }

            Advance(clock.GetUtcNow());
            await wake.WaitAsync(Step, cancellation).ConfigureAwait(false);
        }

        await work.ConfigureAwait(false);
    }

    public void Dispose() => wake.Dispose();

    private void Arrive(Action arrival)
    {
        arrived.Enqueue((clock.GetUtcNow(), arrival));
        wake.Release();
    }

    // A clock that is set back stands still until it has caught up.
    private void Advance(DateTimeOffset to)
    {
        HeldUp = clock.GetUtcNow() - Loop.Now is var late && late > HeldUp ? late : HeldUp;
        Loop.RunUntil(to > Loop.Now ? to : Loop.Now);
    }

    private sealed class Brought(ITransport inner, RealTime world, bool waits) : ITransport
    {
        public event Action<bool>? ConnectionChanged
        {
            add
            {
                if (value is not null)
                {
                    inner.ConnectionChanged += isConnected => world.Arrive(() => value(isConnected));
                }
            }

            remove
            {
                // It lives as long as its transport.
            }
        }

        public bool IsConnected => inner.IsConnected;

        public ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default) => inner.PublishAsync(message, ct);

        public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default)
        {
            var done = new TaskCompletionSource();
            var subscribing = inner.SubscribeAsync(
                topicFilter,
                message =>
                {
                    world.Arrive(() => handler(message).AsTask().GetAwaiter().GetResult());
                    return ValueTask.CompletedTask;
                },
                ct).AsTask();
            // Who waits for it goes on within the loop.
            subscribing.ContinueWith(ended => world.Arrive(() => done.SetFromTask(ended)), TaskScheduler.Default);
            return waits ? new(done.Task) : ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
