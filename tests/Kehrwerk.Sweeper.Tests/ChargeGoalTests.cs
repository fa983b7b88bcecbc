using Kehrwerk.Sweeper.Work;
using Xunit;

namespace Kehrwerk.Sweeper.Tests;

public sealed class ChargeGoalTests
{
    // On Heidelberg a vehicle charged for ever: 68.5625044642857 % of the battery, as a share again, was a last digit less.
    [Fact]
    public void Every_goal_that_a_plan_can_name_is_reached_by_charging()
    {
        var model = SweeperModel.Default;
        for (var i = 0; i <= 20_000; i++)
        {
            var goal = 0.2 + (0.8 * i / 20_000);
            var levels = new Levels(model, new SweeperCondition("1.0f", 0, "n1", 0.19 * model.BatteryWh, 0, 0));

            levels.ChargeFor(40_000, goal);

            Assert.True(levels.HasReached(goal), $"goal {goal:R}, reached {levels.Charge:R}");
        }
    }
}
