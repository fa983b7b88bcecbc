using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>What others reckon with a sweeper for, and how wide it is.</summary>
public sealed class AroundSweeperTests
{
    [Fact]
    public void A_broom_widens_the_body_on_its_own_side_only()
    {
        var stage = new Stage();
        var (bare, model) = (stage.Vehicle.Box, stage.Vehicle.Model);

        stage.Run(0.5, with: wish => wish with { BroomRight = true });
        var right = stage.Vehicle.Box;

        var broomM = (model.SweepWidthM - model.WidthM) / 2;
        Assert.Equal(bare.Y + bare.HalfWidthM, right.Y + right.HalfWidthM, 1e-9);
        Assert.Equal(bare.Y - bare.HalfWidthM - broomM, right.Y - right.HalfWidthM, 1e-9);
    }

    [Fact]
    public void Nobody_opens_a_door_right_before_a_sweeper()
    {
        var stage = new Stage(Stage.Empty with { ParkedFactor = 1, DoorsPerHour = 200 });
        var (near, far) = (0, 0);
        stage.Run(60, speedMps: 0, each: () =>
        {
            foreach (ref readonly var agent in stage.World.Agents)
            {
                var isNear = Math.Abs(agent.X - stage.Vehicle.Body.X) < 8;
                near += agent.Signs.HasFlag(ObjectSigns.DoorOpen) && isNear ? 1 : 0;
                far += agent.Signs.HasFlag(ObjectSigns.DoorOpen) && !isNear ? 1 : 0;
            }
        });

        Assert.Equal(0, near);
        Assert.True(far > 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Walkers_who_cross_go_round_a_sweeper_that_stands(int seed)
    {
        var stage = new Stage(Stage.Empty with { Seed = seed, PedestrianFactor = 20, CrossingsPerMin = 6, RunOutsPerMin = 2 });
        var crossed = new HashSet<int>();
        stage.Run(180, each: () =>
        {
            for (var i = 0; i < stage.World.Agents.Length; i++)
            {
                ref readonly var agent = ref stage.World.Agents[i];
                if (agent.Behaviour == Behaviour.Footway && !agent.IsAway && Math.Abs(agent.Y) < 0.5 && Math.Abs(agent.X - 51) < 6)
                {
                    crossed.Add(i);
                }
            }
        });

        Assert.Equal(0, stage.Vehicle.Truth.CollisionCount);
        Assert.True(crossed.Count > 1, $"{crossed.Count}");
    }
}
