namespace Kehrwerk;

/// <summary>
/// A clock that starts now and runs <paramref name="speed"/> times as fast as the system's: its timers fire as much earlier.
/// With it a whole shift, run over the real broker, takes minutes.
/// </summary>
/// <param name="speed">Seconds of this clock per real second, greater than 0.</param>
internal sealed class AcceleratedTime(double speed) : TimeProvider
{
    private readonly DateTimeOffset start = System.GetUtcNow();
    private readonly long startTimestamp = System.GetTimestamp();

    /// <summary>Seconds of this clock per real second.</summary>
    public double Speed { get; } = speed;

    public override DateTimeOffset GetUtcNow() => start + (System.GetElapsedTime(startTimestamp) * Speed);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (System.GetElapsedTime(startTimestamp) * Speed).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new AcceleratedTimer(System.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    // A period of a running timer must not become zero: that would mean "once".
    private TimeSpan Real(TimeSpan time) =>
        time <= TimeSpan.Zero ? time : TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (long)(time.Ticks / Speed)));

    private sealed class AcceleratedTimer(ITimer timer, AcceleratedTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Real(dueTime), time.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
