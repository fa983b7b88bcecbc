using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Faults;

/// <summary>
/// A process's end of the wire with somebody looking on, who can end the process at any message: before or after it was sent, before
/// it was heard, or after it was taken and before anyone was told.
/// </summary>
/// <param name="onSend">Before a message goes out; says where the process ends.</param>
/// <param name="onHear">Before a message is handled; says where the process ends.</param>
/// <param name="kill">Ends the process.</param>
internal sealed class WatchedTransport(
    InMemoryClient inner, Func<LinkMessage, CrashPoint> onSend, Func<LinkMessage, CrashPoint> onHear, Action kill) : ITransport
{
    private bool endsAtNextSend;

    public event Action<bool>? ConnectionChanged
    {
        add => inner.ConnectionChanged += value;
        remove => inner.ConnectionChanged -= value;
    }

    public InMemoryClient Inner => inner;
    public bool IsDead { get; private set; }
    public bool IsConnected => inner.IsConnected;

    public ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
    {
        if (IsDead)
        {
            return ValueTask.CompletedTask;
        }

        var crash = endsAtNextSend ? CrashPoint.Before : onSend(message);
        if (crash == CrashPoint.Before)
        {
            Die();
            return ValueTask.CompletedTask;
        }

        inner.Publish(message);
        if (crash == CrashPoint.After)
        {
            Die();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default) =>
        inner.SubscribeAsync(topicFilter, async message =>
        {
            var crash = IsDead ? CrashPoint.Before : onHear(message);
            if (crash == CrashPoint.Before)
            {
                Die();
                return;
            }

            // Taken, and ended before the answer: what it sends in answer does not leave it.
            endsAtNextSend = crash == CrashPoint.After;
            await handler(message);
            if (crash == CrashPoint.After)
            {
                Die();
            }
        }, ct);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Ends the process now.</summary>
    public void Die()
    {
        if (!IsDead)
        {
            IsDead = true;
            inner.Kill();
            kill();
        }
    }
}

/// <summary>Where a process ends at a message.</summary>
internal enum CrashPoint { None, Before, After }
