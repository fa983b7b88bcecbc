using Kehrwerk.Link;
using Kehrwerk.Sweeper.Driving.Autonomy;
using State = Kehrwerk.Sweeper.Driving.Autonomy.Behaviour;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The table of transitions.</summary>
public sealed class BehaviourTests
{
    private const Facts Ready = Facts.HasWay | Facts.MaySetOff;

    [Theory]
    [InlineData(State.Sweep, Ready | Facts.IsMrm, State.Mrm)]
    [InlineData(State.Stopped, Ready | Facts.IsStanding | Facts.IsServed, State.Service)]
    [InlineData(State.Transit, Facts.IsStanding | Facts.MaySetOff, State.Stopped)]
    [InlineData(State.Transit, Facts.IsStanding | Facts.HasWay, State.Stopped)]
    [InlineData(State.Transit, Ready | Facts.IsStanding | Facts.IsHalted, State.Stopped)]
    [InlineData(State.Transit, Ready | Facts.IsStanding | Facts.IsAtStop, State.Stopped)]
    [InlineData(State.Mrm, Ready, State.Stopped)]
    [InlineData(State.Service, Ready | Facts.IsStanding, State.Stopped)]
    [InlineData(State.Stopped, Ready | Facts.IsStanding | Facts.IsBlocked, State.Wait)]
    [InlineData(State.Stopped, Ready | Facts.IsStanding | Facts.MustYield, State.Yield)]
    [InlineData(State.Stopped, Ready | Facts.IsStanding, State.Announce)]
    [InlineData(State.Announce, Ready | Facts.IsStanding, State.Announce)]
    [InlineData(State.Announce, Ready | Facts.IsStanding | Facts.HasAnnounced, State.Transit)]
    [InlineData(State.Announce, Ready | Facts.IsStanding | Facts.HasAnnounced | Facts.IsSweeping, State.Sweep)]
    [InlineData(State.Wait, Ready | Facts.IsStanding, State.Announce)]
    [InlineData(State.Transit, Ready | Facts.IsDocking, State.Dock)]
    [InlineData(State.Dock, Ready | Facts.IsDocking | Facts.MustYield, State.Yield)]
    [InlineData(State.Pass, Ready | Facts.IsStanding | Facts.IsBlocked, State.Wait)]
    [InlineData(State.Sweep, Ready | Facts.MustYield | Facts.IsSweeping, State.Yield)]
    [InlineData(State.Sweep, Ready | Facts.IsTurning | Facts.IsSweeping, State.Turn)]
    [InlineData(State.Sweep, Ready | Facts.IsPassing | Facts.IsSweeping, State.Pass)]
    [InlineData(State.Yield, Ready | Facts.IsSweeping, State.Sweep)]
    [InlineData(State.Yield, Ready, State.Transit)]
    internal void It_goes_over(State from, Facts facts, State to) => Assert.Equal(to, Behaviours.Next(from, facts));

    [Fact]
    public void Every_row_of_the_table_is_reached()
    {
        // All facts from all states: each row must be the first that fits at least once, or it is dead.
        var used = new HashSet<int>();
        foreach (var state in Enum.GetValues<State>())
        {
            for (var facts = 0; facts < 1 << 14; facts++)
            {
                used.Add(Array.FindIndex(Behaviours.Table, row =>
                    (row.From is null || row.From == state) && ((Facts)facts & row.With) == row.With && ((Facts)facts & row.Without) == 0));
            }
        }

        Assert.Equal(Enumerable.Range(0, Behaviours.Table.Length), used.Order());
    }

    [Fact]
    public void Nothing_sets_off_without_a_way_leave_and_having_said_so()
    {
        foreach (var state in Enum.GetValues<State>().Where(state => !Behaviours.Drives(state)))
        {
            for (var facts = 0; facts < 1 << 14; facts++)
            {
                var now = (Facts)facts | Facts.IsStanding;
                var next = Behaviours.Next(state, now & ~Facts.IsMrm);
                if (Behaviours.Drives(next))
                {
                    Assert.True(now.HasFlag(Ready) && !now.HasFlag(Facts.IsHalted) && !now.HasFlag(Facts.IsServed), $"{state} with {now} goes to {next}");
                    Assert.True(state == State.Announce || next is State.Yield or State.Dock, $"{state} with {now} goes to {next} unannounced");
                }
            }
        }
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0, false)]
    public void Water_is_used_until_the_tank_counts_as_empty(double moreL, bool isUsed)
    {
        // What the pilot kept back beyond that the vehicle would never report as empty.
        var litres = Kehrwerk.Sweeper.Work.Levels.LeastWaterL + moreL;
        var work = new SweepWork(SweeperModel.Default);
        work.Step(0, 5, SweepSide.Right, 0, MissedReason.None, false);

        var wish = work.Set(new(0, 0, false), new() { WaterL = litres, TemperatureC = 15, WetShare = 0.1, DirtShare = 0.5 }, SweepSide.Right, 1.4);

        Assert.True(wish.BroomRight);
        Assert.Equal(isUsed, wish.Water);
    }
}
