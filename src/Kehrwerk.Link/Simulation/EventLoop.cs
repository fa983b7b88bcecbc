namespace Kehrwerk.Link.Simulation;

/// <summary>
/// A seeded, single-threaded world of events in simulated time. Events run in the order of their time and, at the same time, in the
/// order in which they were scheduled; so the same seed gives the same run. Not thread safe: everything happens inside its events.
/// </summary>
/// <param name="start">The time at which the world begins.</param>
/// <param name="seed">Seeds <see cref="Random"/>.</param>
public sealed class EventLoop(DateTimeOffset start, int seed)
{
    private readonly PriorityQueue<ScheduledEvent, (long Ticks, long Sequence)> queue = new();
    private long nowTicks = start.UtcTicks;
    private long nextSequence;

    /// <summary>Simulated time, UTC.</summary>
    public DateTimeOffset Now => new(nowTicks, TimeSpan.Zero);

    /// <summary>The only source of chance in a simulation. Its algorithm is fixed by .NET for a given seed.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>The loop as a clock, for code that takes a <see cref="TimeProvider"/>; its timers are events of the loop.</summary>
    public TimeProvider Clock => field ??= new LoopClock(this);

    /// <summary>Scheduled events, cancelled ones included until their time comes.</summary>
    public int Pending => queue.Count;

    /// <summary>Events run so far.</summary>
    public long Executed { get; private set; }

    /// <summary>Runs an action after a delay; after all that is already due at that time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public ScheduledEvent Schedule(TimeSpan delay, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return Enqueue(nowTicks + delay.Ticks, action);
    }

    /// <exception cref="ArgumentOutOfRangeException">The time is past.</exception>
    public ScheduledEvent Schedule(DateTimeOffset at, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, Now);
        return Enqueue(at.UtcTicks, action);
    }

    /// <summary>Runs the next event; false if none is left. What the event throws comes out here.</summary>
    public bool Step() => RunNext(long.MaxValue);

    /// <summary>Runs all events up to and including the given time, then sets the clock to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is past.</exception>
    public void RunUntil(DateTimeOffset end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(end, Now);
        while (RunNext(end.UtcTicks))
        {
        }

        nowTicks = end.UtcTicks;
    }

    public void RunFor(TimeSpan duration) => RunUntil(Now + duration);

    private bool RunNext(long endTicks)
    {
        while (queue.TryPeek(out var next, out var due) && due.Ticks <= endTicks)
        {
            queue.Dequeue();
            if (next.Take() is { } action)
            {
                nowTicks = due.Ticks;
                Executed++;
                action();
                return true;
            }
        }

        return false;
    }

    private ScheduledEvent Enqueue(long ticks, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var scheduled = new ScheduledEvent(action);
        queue.Enqueue(scheduled, (ticks, nextSequence++));
        return scheduled;
    }

    private sealed class LoopClock(EventLoop loop) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => loop.Now;

        public override long GetTimestamp() => loop.nowTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new LoopTimer(loop, () => callback(state), dueTime, period);
    }
}

/// <summary>An event that may still be called off.</summary>
public sealed class ScheduledEvent
{
    private Action? action;

    internal ScheduledEvent(Action action) => this.action = action;

    /// <summary>True until the event runs or is cancelled.</summary>
    public bool IsPending => action is not null;

    /// <summary>Calls the event off; does nothing if it ran already.</summary>
    public void Cancel() => action = null;

    internal Action? Take()
    {
        var taken = action;
        action = null;
        return taken;
    }
}

/// <summary>A timer whose ticks are events of the loop.</summary>
internal sealed class LoopTimer : ITimer
{
    private readonly EventLoop loop;
    private readonly Action tick;
    private TimeSpan period;
    private ScheduledEvent? next;
    private bool disposed;

    public LoopTimer(EventLoop loop, Action tick, TimeSpan dueTime, TimeSpan period)
    {
        this.loop = loop;
        this.tick = tick;
        Change(dueTime, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (disposed)
        {
            return false;
        }

        next?.Cancel();
        this.period = period;
        next = dueTime == Timeout.InfiniteTimeSpan ? null : loop.Schedule(dueTime, Tick);
        return true;
    }

    public void Dispose()
    {
        disposed = true;
        next?.Cancel();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Tick()
    {
        // As with the real timer a period of zero means once.
        next = period > TimeSpan.Zero ? loop.Schedule(period, Tick) : null;
        tick();
    }
}
