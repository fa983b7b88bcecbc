using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Orders;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>What comes late: the Centre wants something else by then, and the vehicle has heard that, perhaps before it restarted.</summary>
public sealed class HeardTests
{
    private static readonly Town Town = Town.Instance;
    private static readonly string[] Round = ["1.0f", "2.0f", "3.0f", "4.0f"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_order_that_was_overtaken_is_refused_also_after_a_restart(bool restarts)
    {
        var rig = new Rig();
        var late = Message(Town.Order("o1", 0, Round), 1, rig.Now);
        Receive(rig, Message(late with { OrderId = "o2" }, 2, rig.Now.AddSeconds(1)));
        rig.RunUntilDone();
        rig = restarts ? Restart(rig) : rig;
        Receive(rig, late);

        Assert.Equal(restarts ? "" : "o2", rig.State.OrderId);
        Assert.Equal(ErrorTypes.OutdatedOrderUpdate, Assert.Single(rig.State.Errors).ErrorType);
        rig.Run(5);
        Assert.False(rig.State.Driving);
    }

    [Fact]
    public void The_order_it_had_before_it_restarted_starts_only_when_the_centre_sends_it_anew()
    {
        var rig = new Rig();
        var order = Message(Town.Order("o1", 0, Round), 1, rig.Now);
        Receive(rig, order);
        Assert.Equal("o1", rig.State.OrderId);
        rig = Restart(rig);
        Receive(rig, order);
        Assert.Equal("", rig.State.OrderId);
        Receive(rig, order with { HeaderId = 2, Timestamp = rig.Now });

        Assert.Equal("o1", rig.State.OrderId);
    }

    [Fact]
    public void A_centre_that_lost_count_or_whose_clock_was_set_back_is_still_heard()
    {
        var rig = new Rig();
        Receive(rig, Message(Town.Order("o1", 0, ["1.0f"]), 1000, rig.Now));
        rig.RunUntilDone();
        Receive(rig, Message(Town.Order("o2", 0, ["2.0f"]), 3, rig.Now));
        rig.RunUntilDone();
        Receive(rig, Message(Town.Order("o3", 0, ["3.0f"]), 4, rig.Now.AddHours(-2)));

        Assert.Equal("o3", rig.State.OrderId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_order_that_was_cancelled_before_it_came_is_refused(bool restarts)
    {
        var rig = new Rig();
        rig.Instant(SweeperActions.Cancel("c1", "o1"));
        rig = restarts ? Restart(rig) : rig;
        rig.Send(Town.Order("o1", 0, Round));

        Assert.Equal("", rig.State.OrderId);
        Assert.Contains(rig.State.Errors, e => e.ErrorType == ErrorTypes.OrderUpdateFollowingCancel);
    }

    [Theory]
    [InlineData(SweeperActions.Deactivate, SweeperActions.Activate, false)]
    [InlineData(SweeperActions.Deactivate, SweeperActions.Activate, true)]
    [InlineData(SweeperActions.StartPause, SweeperActions.StopPause, false)]
    public void What_lets_it_go_and_is_older_than_what_holds_it_fails(string holds, string letsGo, bool restarts)
    {
        var rig = new Rig();
        var late = Message(letsGo, "late", 1, rig.Now);
        Receive(rig, Message(holds, "hold", 2, rig.Now.AddSeconds(1)));
        rig = restarts ? Restart(rig) : rig;
        Receive(rig, late);

        Assert.Equal((ActionStatus.Failed, "overtaken"), (rig.Action("late").ActionStatus, rig.Action("late").ActionResult));
        Assert.True(IsHeld());
        Receive(rig, Message(letsGo, "now", 3, rig.Now.AddSeconds(2)));
        Assert.False(IsHeld());

        bool IsHeld() => rig.Program.Activity.IsDeactivated || rig.Program.Activity.IsPaused;
    }

    [Fact]
    public void What_was_heard_outlives_the_program_in_its_file()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, Round));
        rig.Instant(SweeperActions.Cancel("c1", "o1"));
        rig.Instant(SweeperActions.Deactivate);
        var path = Path.Combine(Path.GetTempPath(), $"heard-{Guid.NewGuid():N}.json");
        try
        {
            new ConditionFile(path).Save(rig.Program.Condition);
            var read = new ConditionFile(path).Load(rig.Model, Town.Map)!.Heard;

            Assert.Equal(rig.Program.Condition.Heard.Order, read.Order);
            Assert.Equal(rig.Program.Condition.Heard.Stop, read.Stop);
            Assert.NotNull(read.Stop);
            Assert.Equal(["o1"], read.Cancelled);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Texts_without_measure_are_neither_kept_nor_told_again_whole()
    {
        var rig = new Rig();
        var path = Path.Combine(Path.GetTempPath(), $"heard-{Guid.NewGuid():N}.json");
        for (var i = 0; i < 20; i++)
        {
            rig.Instant(SweeperActions.Cancel($"long{i}", $"{i}" + new string('ü', 50_000)));
            rig.Instant(SweeperActions.Cancel($"c{i}", $"{i}".PadLeft(200, 'ü')));
            rig.Instant(SweeperActions.Instant("dance", $"d{i}") with { ActionDescriptor = new('x', 50_000) });
        }

        var json = Encoding.UTF8.GetString(LinkJson.Serialize(Message("dance", "type", 1000, rig.Now)));
        rig.Receive(LinkTopic.InstantActions, Encoding.UTF8.GetBytes(json.Replace("dance", new('x', 50_000), StringComparison.Ordinal)));
        Assert.Contains(rig.State.Errors, error => error.ErrorType == ErrorTypes.ValidationFailure
            && error.ErrorDescription!.Contains("actions[0].actionType: 50000 characters", StringComparison.Ordinal));
        Assert.InRange(rig.Sent.Max(message => message.Payload.Length), 0, 64 * 1024);
        try
        {
            new ConditionFile(path).Save(rig.Program.Condition);
            var read = new ConditionFile(path).Load(rig.Model, Town.Map)!.Heard;
            Assert.Equal(Heard.MaxCancelled, read.Cancelled.Length);
            Assert.All(read.Cancelled, order => Assert.Equal(200, order.Length));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Rig Restart(Rig rig) => new(start: _ => rig.Program.Condition);

    private static Order Message(Order order, uint headerId, DateTimeOffset at) => order with { HeaderId = headerId, Timestamp = at };

    private static InstantActions Message(string actionType, string id, uint headerId, DateTimeOffset at) =>
        new() { HeaderId = headerId, Timestamp = at, Vehicle = Rig.Id, Actions = [SweeperActions.Instant(actionType, id)] };

    private static void Receive(Rig rig, Order order) => rig.Receive(LinkTopic.Order, LinkJson.Serialize(order));

    private static void Receive(Rig rig, InstantActions message) => rig.Receive(LinkTopic.InstantActions, LinkJson.Serialize(message));
}
