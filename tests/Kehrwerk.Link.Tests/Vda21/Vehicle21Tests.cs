using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Vda21;

namespace Kehrwerk.Link.Tests.Vda21;

/// <summary>What the adapter keeps of a vehicle, and what follows from it.</summary>
public class Vehicle21Tests
{
    private static readonly Vehicle21 Standing = new Vehicle21 { Version = "2.1.0" }.Hear(TranslationTests.Standing).After;

    [Fact]
    public void A_stop_halts_the_vehicle_and_only_its_release_lets_it_go_whatever_pauses_come_and_go()
    {
        var vehicle = Standing;
        Assert.Equal(SweeperActions.StartPause, Say(ref vehicle, SweeperActions.Deactivate, "c1"));
        Assert.Equal(SweeperActions.StartPause, Say(ref vehicle, SweeperActions.StartPause, "c2"));
        Assert.Null(Say(ref vehicle, SweeperActions.StopPause, "c3"));
        Assert.Null(Say(ref vehicle, SweeperActions.StopPause, "c4"));
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.Activate, "c5"));
        // What was not sent is answered all the same.
        Assert.Equal(ActionStatus.Finished, Shown(vehicle, "c3"));
    }

    [Fact]
    public void A_release_lets_nothing_go_that_is_paused()
    {
        var vehicle = Standing;
        Say(ref vehicle, SweeperActions.StartPause, "c1");
        Say(ref vehicle, SweeperActions.Deactivate, "c2");
        Assert.Null(Say(ref vehicle, SweeperActions.Activate, "c3"));
        Assert.Equal(ActionStatus.Finished, Shown(vehicle, "c3"));
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.StopPause, "c4"));
    }

    [Fact]
    public void A_vehicle_that_was_held_before_the_adapter_began_goes_on_only_after_a_resume()
    {
        var vehicle = new Vehicle21 { Version = "2.1.0" }.Hear(TranslationTests.Standing with { Paused = true }).After;
        Say(ref vehicle, SweeperActions.Deactivate, "c1");
        Assert.Null(Say(ref vehicle, SweeperActions.Activate, "c2"));
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.StopPause, "c3"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ActionStatus21.Running)]
    [InlineData(ActionStatus21.Failed)]
    internal void A_release_that_the_vehicle_has_not_carried_out_lets_no_resume_move_it(ActionStatus21? release)
    {
        var vehicle = Standing;
        Say(ref vehicle, SweeperActions.Deactivate, "c1");
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.Activate, "c2"));
        vehicle = Hear(vehicle, isPaused: true, release is { } status ? [new("c2", status)] : []);
        Assert.Null(Say(ref vehicle, SweeperActions.StopPause, "c3"));
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.Activate, "c4"));
        vehicle = Hear(vehicle, isPaused: false, [new("c4", ActionStatus21.Finished)]);
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.StopPause, "c5"));
    }

    [Fact]
    public void A_stop_after_a_release_is_not_ended_by_it()
    {
        var vehicle = Standing;
        Say(ref vehicle, SweeperActions.Deactivate, "c1");
        Say(ref vehicle, SweeperActions.Activate, "c2");
        Say(ref vehicle, SweeperActions.Deactivate, "c3");
        vehicle = Hear(vehicle, isPaused: true, [new("c2", ActionStatus21.Finished)]);
        Assert.Null(Say(ref vehicle, SweeperActions.StopPause, "c4"));
    }

    [Theory]
    [InlineData(SweeperActions.Deactivate, SweeperActions.Activate)]
    [InlineData(SweeperActions.StartPause, null)]
    public void Who_is_paused_at_the_vehicle_goes_on_only_after_a_resume(string hold, string? release)
    {
        var vehicle = Hear(Hear(Standing, isPaused: false), isPaused: true);
        Say(ref vehicle, hold, "c1");
        if (release is not null)
        {
            Assert.Null(Say(ref vehicle, release, "c2"));
        }

        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.StopPause, "c3"));
        // What the Centre's own stop paused is not taken for somebody's pause.
        vehicle = Hear(vehicle, isPaused: false);
        Say(ref vehicle, SweeperActions.Deactivate, "c4");
        vehicle = Hear(vehicle, isPaused: true);
        Say(ref vehicle, SweeperActions.Deactivate, "c5");
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.Activate, "c6"));
    }

    [Fact]
    public void What_was_said_before_the_vehicle_spoke_holds_it()
    {
        var unheard = new Vehicle21().Keep(Message(SweeperActions.Instant(SweeperActions.Deactivate, "c1"))).Keep(Message(SweeperActions.Instant(SweeperActions.StartPause, "c2")));
        var vehicle = unheard.Keep(Message(SweeperActions.Instant(SweeperActions.StopPause, "c3"))).Hear(TranslationTests.Standing).After;
        Assert.Null(Say(ref vehicle, SweeperActions.StopPause, "c4"));
        vehicle = unheard.Hear(TranslationTests.Standing).After;
        Assert.Null(Say(ref vehicle, SweeperActions.Activate, "c5"));
        // One of 3.0 shows on its own topics that it carried its release out.
        vehicle = unheard.Keep(Message(SweeperActions.Instant(SweeperActions.Activate, "c6"))).Settle([new("c6", ActionStatus.Finished)]).Hear(TranslationTests.Standing).After;
        Assert.Equal(SweeperActions.StopPause, Say(ref vehicle, SweeperActions.StopPause, "c7"));
    }

    [Fact]
    public void A_vehicle_that_never_says_whether_it_is_paused_is_so_from_the_end_of_the_command_until_it_goes_on_or_drives()
    {
        var vehicle = Standing;
        Say(ref vehicle, SweeperActions.StartPause, "c1");
        Assert.Null(Paused(ref vehicle, new ActionState21("c1", ActionStatus21.Running)));
        Assert.True(Paused(ref vehicle, new ActionState21("c1", ActionStatus21.Finished)));
        Say(ref vehicle, SweeperActions.Deactivate, "c2");
        Say(ref vehicle, SweeperActions.ClearInstantActions, "c3");
        Assert.True(Paused(ref vehicle));
        // It may say that it cannot halt, since it stands.
        Assert.True(Paused(ref vehicle, new ActionState21("c2", ActionStatus21.Failed)));
        Assert.Equal(ActionStatus.Finished, Shown(vehicle, "c2"));
        var (_, driving) = vehicle.Hear(TranslationTests.Standing with { Paused = null, Driving = true });
        Assert.Null(driving.Paused);
        Assert.Null(Say(ref vehicle, SweeperActions.StopPause, "c4"));
        Assert.True(Paused(ref vehicle));
        Assert.NotNull(Say(ref vehicle, SweeperActions.Activate, "c5"));
        Assert.Null(Paused(ref vehicle));

        static bool? Paused(ref Vehicle21 vehicle, params ActionState21[] shown)
        {
            (vehicle, var state) = vehicle.Hear(TranslationTests.Standing with { Paused = null, ActionStates = [.. shown] });
            return state.Paused;
        }
    }

    [Fact]
    public void A_command_is_repeated_until_the_vehicle_shows_it_and_is_then_remembered_though_the_vehicle_forgets_it()
    {
        var vehicle = Standing;
        Assert.Equal(SweeperActions.CancelOrder, Say(ref vehicle, SweeperActions.CancelOrder, "c1"));
        Assert.Equal(SweeperActions.CancelOrder, Say(ref vehicle, SweeperActions.CancelOrder, "c1"));
        var (shown, state) = vehicle.Hear(TranslationTests.Standing with { ActionStates = [new("c1", ActionStatus21.Finished), new("m1.k1", ActionStatus21.Running)] });
        Assert.Equal(("m1.k1", "c1"), (Assert.Single(state.ActionStates).ActionId, Assert.Single(state.InstantActionStates).ActionId));
        var (forgotten, later) = shown.Hear(TranslationTests.Standing);
        Assert.Equal(new("c1", ActionStatus.Finished, SweeperActions.CancelOrder), Assert.Single(later.InstantActionStates));
        Assert.Null(Say(ref forgotten, SweeperActions.CancelOrder, "c1"));
    }

    [Fact]
    public void A_stop_that_the_vehicle_fails_since_it_stands_already_is_done_and_else_it_has_failed()
    {
        foreach (var (isPaused, expected) in new[] { (true, ActionStatus.Finished), (false, ActionStatus.Failed) })
        {
            var vehicle = Standing;
            Say(ref vehicle, SweeperActions.Deactivate, "c1");
            var (_, state) = vehicle.Hear(TranslationTests.Standing with { Paused = isPaused, ActionStates = [new("c1", ActionStatus21.Failed, "startPause")] });
            Assert.Equal((SweeperActions.Deactivate, expected), (state.InstantActionStates[0].ActionType, state.InstantActionStates[0].ActionStatus));
        }
    }

    [Fact]
    public void A_command_that_the_vehicle_answers_by_an_error_only_has_failed()
    {
        var vehicle = Standing;
        Say(ref vehicle, SweeperActions.CancelOrder, "c1");
        var (_, state) = vehicle.Hear(TranslationTests.Standing with { Errors = [new("noOrderToCancel", ErrorLevel21.Warning, "nothing to cancel") { ErrorReferences = [new("actionId", "c1")] }] });
        Assert.Equal(new("c1", ActionStatus.Failed, SweeperActions.CancelOrder, "nothing to cancel"), Assert.Single(state.InstantActionStates));
    }

    [Fact]
    public void A_cancellation_names_its_order_and_another_is_not_given_up_for_it()
    {
        var vehicle = Standing.Hear(TranslationTests.Standing with { OrderId = "o2" }).After;
        var (_, sent) = vehicle.Say(Message(SweeperActions.Cancel("c1", "o2")));
        Assert.Empty(Assert.Single(sent!.Actions).ActionParameters);
        var (after, none) = vehicle.Say(Message(SweeperActions.Cancel("c2", "o1")));
        Assert.Null(none);
        Assert.Equal(ActionStatus.Failed, Shown(after, "c2"));
        Assert.Contains(after.Hear(TranslationTests.Standing).Report.Errors, error => error.ErrorType == ErrorTypes.NoOrderToCancel);
        // The order that was sent last may be on its way.
        Assert.NotNull(after.Say(Examples.Order with { OrderId = "o3", Nodes = [new("n1", 0, true, [])], Edges = [] }).After.Say(Message(SweeperActions.Cancel("c3", "o3"))).Message);
    }

    [Fact]
    public void A_cancellation_before_the_first_state_is_neither_sent_nor_refused()
    {
        var vehicle = new Vehicle21 { Version = "2.1.0" };
        var cancel = Message(SweeperActions.Cancel("c1", "o1"));
        (vehicle, var none) = vehicle.Say(cancel);
        Assert.Null(none);
        (vehicle, var state) = vehicle.Hear(TranslationTests.Standing with { OrderId = "o1" });
        Assert.Empty(state.InstantActionStates);
        Assert.NotNull(vehicle.Say(cancel).Message);
    }

    [Theory]
    [InlineData(SweeperActions.EndMrc)]
    [InlineData(SweeperActions.EnableZoneSet)]
    [InlineData(SweeperActions.StartHibernation)]
    [InlineData(SweeperActions.Retry)]
    [InlineData("updateCertificate")]
    public void What_2_1_does_not_have_is_refused_and_shown(string actionType)
    {
        var vehicle = Standing;
        Assert.Null(Say(ref vehicle, actionType, "c1"));
        var (_, state) = vehicle.Hear(TranslationTests.Standing);
        Assert.Equal((ActionStatus.Failed, $"INVALID_INSTANT_ACTION: VDA 5050 2 has no {actionType}"), (state.InstantActionStates[0].ActionStatus, state.InstantActionStates[0].ActionResult));
        Assert.Equal(new("actionId", "c1"), Assert.Single(Assert.Single(state.Errors).ErrorReferences));
    }

    [Fact]
    public void Ended_commands_are_cleared_and_never_more_than_a_hundred_are_kept()
    {
        var vehicle = Standing;
        for (var i = 0; i < 300; i++)
        {
            Say(ref vehicle, SweeperActions.LogReport, $"c{i}");
            vehicle = vehicle.Hear(TranslationTests.Standing with { ActionStates = [new($"c{i}", i % 2 == 0 ? ActionStatus21.Finished : ActionStatus21.Running)] }).After;
        }

        Assert.Equal(100, vehicle.Instants.Length);
        Assert.Null(Say(ref vehicle, SweeperActions.ClearInstantActions, "clear"));
        Assert.Equal(ActionStatus.Finished, Shown(vehicle, "clear"));
        Assert.DoesNotContain(vehicle.Instants, instant => instant is { Shown.IsEnded: true } && instant.ActionId != "clear");
    }

    [Fact]
    public void What_was_cleared_stays_so_though_the_vehicle_goes_on_showing_it()
    {
        var vehicle = Standing;
        Say(ref vehicle, SweeperActions.LogReport, "c1");
        var showing = TranslationTests.Standing with { ActionStates = [new("c1", ActionStatus21.Finished), new("old", ActionStatus21.Finished, "startPause"), new("m1.k1", ActionStatus21.Running)] };
        (vehicle, var before) = vehicle.Hear(showing);
        Assert.Equal(["c1", "old"], before.InstantActionStates.Select(action => action.ActionId));
        Say(ref vehicle, SweeperActions.ClearInstantActions, "c2");
        for (var i = 0; i < 2; i++)
        {
            (vehicle, var after) = vehicle.Hear(showing);
            Assert.Equal("c2", Assert.Single(after.InstantActionStates).ActionId);
            Assert.Equal("m1.k1", Assert.Single(after.ActionStates).ActionId);
        }

        Assert.Empty(vehicle.Hear(TranslationTests.Standing).After.Cleared);
    }

    [Fact]
    public void What_a_vehicle_says_of_a_command_is_kept_in_a_bounded_length()
    {
        var vehicle = Standing;
        Say(ref vehicle, SweeperActions.LogReport, "c1");
        var longest = new string('x', 499) + "😀" + new string('x', 10_000);
        var (_, state) = vehicle.Hear(TranslationTests.Standing with { ActionStates = [new("c1", ActionStatus21.Finished, null, longest, longest)] });
        Assert.Equal((longest[..499], longest[..499]), (state.InstantActionStates[0].ActionResult, state.InstantActionStates[0].ActionDescriptor));
    }

    [Fact]
    public void After_a_restart_of_the_centre_what_can_only_be_an_instant_action_is_not_taken_for_the_orders()
    {
        var (_, state) = Standing.Hear(TranslationTests.Standing with { ActionStates = [new("c1", ActionStatus21.Finished, "startPause"), new("m1.k1", ActionStatus21.Running)] });
        Assert.Equal(("c1", "m1.k1"), (Assert.Single(state.InstantActionStates).ActionId, Assert.Single(state.ActionStates).ActionId));
    }

    [Fact]
    public void An_order_that_cannot_be_said_is_refused_as_a_vehicle_of_3_0_would_until_another_is_sent()
    {
        var order = Examples.Order with { Nodes = [new("n1", 0, true, [new("tip", "a1", BlockingType.Single)])], Edges = [] };
        var charge = order with { Nodes = [new("n1", 0, true, [SweeperActions.ChargeUntil("a1", 80)])] };
        var bent = Examples.Order with { Edges = [Examples.Order.Edges[0] with { Trajectory = new([new(1, 2)]) { Degree = 1 } }], Nodes = [.. Examples.Order.Nodes.Take(2)] };
        foreach (var (wrong, version, type) in new[]
        {
            (order, "2.1.0", ErrorTypes.InvalidOrderAction), (charge, "2.1.0", ErrorTypes.InvalidOrderAction),
            (bent, "2.0.0", ErrorTypes.UnsupportedParameter), (order with { Nodes = [] }, "2.1.0", ErrorTypes.ValidationFailure),
        })
        {
            var (after, message) = (Standing with { Version = version }).Say(wrong);
            Assert.Null(message);
            var (heard, state) = after.Hear(TranslationTests.Standing with { Version = version });
            var error = Assert.Single(state.Errors);
            Assert.Equal(type, error.ErrorType);
            Assert.Contains(new("orderId", wrong.OrderId), error.ErrorReferences);
            var (sent, good) = heard.Say(order with { Nodes = [new("n1", 0, true, [])] });
            Assert.NotNull(good);
            Assert.Empty(sent.Hear(TranslationTests.Standing).Report.Errors);
        }

        Assert.NotNull((Standing with { ChargesToLevel = true }).Say(charge).Message);
    }

    [Fact]
    public void A_vehicle_is_answered_in_its_own_version_with_the_names_of_that()
    {
        var order = Examples.Order with { Nodes = [new("n1", 0, true, [], new(1, 2, "m", AllowedDeviationXY: new(3, 2, 0)))], Edges = [] };
        var (old, newer) = (Text((Standing with { Version = "2.0.0" }).Say(order).Message!), Text(Standing.Say(order).Message!));
        Assert.Contains("\"version\":\"2.0.0\"", old, StringComparison.Ordinal);
        // By the schema of 2.0 and by its text, which write it differently.
        Assert.Contains("\"allowedDeviationXY\":2,\"allowedDeviationXy\":2", old, StringComparison.Ordinal);
        Assert.Contains("\"version\":\"2.1.0\"", newer, StringComparison.Ordinal);
        Assert.Contains("\"allowedDeviationXY\":2", newer, StringComparison.Ordinal);
        Assert.DoesNotContain("allowedDeviationXy", newer, StringComparison.Ordinal);
        var global = Examples.Order with { Edges = [.. Examples.Order.Edges.Select(edge => edge with { OrientationType = "GLOBAL" })], Nodes = [.. Examples.Order.Nodes.Select(node => node with { Actions = [] })] };
        Assert.Contains("\"orientationType\":\"GLOBAL\"", Text((Standing with { Version = "2.0.0" }).Say(global).Message!), StringComparison.Ordinal);
        var stop = LinkJson.Serialize((Standing with { Version = "2.0.0" }).Say(Message(SweeperActions.Instant(SweeperActions.Deactivate, "c1"))).Message!);
        // By the schema of 2.0 and by libraries that read the array of 1.1.
        Assert.Contains("\"actions\":[{\"actionType\":\"startPause\",\"actionId\":\"c1\",\"blockingType\":\"NONE\",\"actionName\":\"startPause\"}]", System.Text.Encoding.UTF8.GetString(stop), StringComparison.Ordinal);
        Assert.Contains("\"instantActions\":[{\"actionType\":\"startPause\"", System.Text.Encoding.UTF8.GetString(stop), StringComparison.Ordinal);
    }

    private static string Text(Order21 order) => System.Text.Encoding.UTF8.GetString(LinkJson.Serialize(order));

    private static InstantActions Message(RobotAction action) => Examples.InstantActions with { Actions = [action] };

    /// <summary>The type of what is sent to the vehicle; null where nothing is.</summary>
    private static string? Say(ref Vehicle21 vehicle, string actionType, string id)
    {
        (vehicle, var message) = vehicle.Say(Message(SweeperActions.Instant(actionType, id)));
        return message is null ? null : Assert.Single(message.Actions).ActionType;
    }

    private static Vehicle21 Hear(Vehicle21 vehicle, bool isPaused, ActionState21[]? shown = null) =>
        vehicle.Hear(TranslationTests.Standing with { Paused = isPaused, ActionStates = [.. shown ?? []] }).After;

    private static ActionStatus Shown(Vehicle21 vehicle, string id) =>
        Assert.Single(vehicle.Hear(TranslationTests.Standing).Report.InstantActionStates, state => state.ActionId == id).ActionStatus;
}
