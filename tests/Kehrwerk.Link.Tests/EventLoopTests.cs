using CsCheck;
using Kehrwerk.Link.Simulation;

namespace Kehrwerk.Link.Tests;

public class EventLoopTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Events_run_in_the_order_of_time_and_at_one_time_in_the_order_of_scheduling() =>
        Gen.Int[0, 20].Array[0, 60].Sample(delays =>
        {
            var loop = new EventLoop(Start, 1);
            var ran = new List<(int Delay, int Index)>();
            for (var i = 0; i < delays.Length; i++)
            {
                var (delay, index) = (delays[i], i);
                loop.Schedule(TimeSpan.FromSeconds(delay), () =>
                {
                    Assert.Equal(Start.AddSeconds(delay), loop.Now);
                    ran.Add((delay, index));
                });
            }

            while (loop.Step())
            {
            }

            Assert.Equal(delays.Select((delay, index) => (delay, index)).Order(), ran);
        });

    [Fact]
    public void A_cancelled_event_does_not_run()
    {
        var loop = new EventLoop(Start, 1);
        var ran = 0;
        var second = loop.Schedule(TimeSpan.FromSeconds(2), () => ran++);
        loop.Schedule(TimeSpan.FromSeconds(1), second.Cancel);
        loop.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal((0, false, Start.AddSeconds(3)), (ran, second.IsPending, loop.Now));
    }

    [Fact]
    public void Running_until_a_time_includes_it_and_leaves_what_comes_later()
    {
        var loop = new EventLoop(Start, 1);
        var ran = new List<int>();
        loop.Schedule(Start.AddSeconds(5), () =>
        {
            ran.Add(5);
            loop.Schedule(TimeSpan.Zero, () => ran.Add(6));
        });
        loop.Schedule(Start.AddSeconds(5).AddTicks(1), () => ran.Add(7));
        loop.RunUntil(Start.AddSeconds(5));
        Assert.Equal([5, 6], ran);
        Assert.Equal(1, loop.Pending);
    }

    [Fact]
    public void The_past_cannot_be_scheduled()
    {
        var loop = new EventLoop(Start, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.Schedule(TimeSpan.FromTicks(-1), () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.Schedule(Start.AddTicks(-1), () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => loop.RunUntil(Start.AddTicks(-1)));
    }

    [Fact]
    public void What_an_event_throws_comes_out_and_the_loop_can_go_on()
    {
        var loop = new EventLoop(Start, 1);
        var ran = false;
        loop.Schedule(TimeSpan.FromSeconds(1), () => throw new InvalidOperationException("broken"));
        loop.Schedule(TimeSpan.FromSeconds(2), () => ran = true);
        Assert.Throws<InvalidOperationException>(() => loop.RunFor(TimeSpan.FromSeconds(3)));
        loop.RunFor(TimeSpan.FromSeconds(3));
        Assert.True(ran);
    }

    [Fact]
    public void The_clock_is_a_time_provider_whose_timers_are_events()
    {
        var loop = new EventLoop(Start, 1);
        var ticks = new List<double>();
        var began = loop.Clock.GetTimestamp();
        using var timer = loop.Clock.CreateTimer(
            _ => ticks.Add(loop.Clock.GetElapsedTime(began).TotalSeconds), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        loop.RunFor(TimeSpan.FromSeconds(6));
        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        loop.RunFor(TimeSpan.FromSeconds(6));
        timer.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        timer.Dispose();
        loop.RunFor(TimeSpan.FromSeconds(6));
        Assert.Equal([1, 3, 5, 7], ticks);
        Assert.Equal(loop.Now, loop.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_delay_on_the_clock_ends_when_the_loop_gets_there()
    {
        var loop = new EventLoop(Start, 1);
        var delay = Task.Delay(TimeSpan.FromHours(8), loop.Clock, TestContext.Current.CancellationToken);
        loop.RunFor(TimeSpan.FromHours(7));
        Assert.False(delay.IsCompleted);
        loop.RunFor(TimeSpan.FromHours(1));
        await delay;
        Assert.Equal(Start.AddHours(8), loop.Now);
    }
}
