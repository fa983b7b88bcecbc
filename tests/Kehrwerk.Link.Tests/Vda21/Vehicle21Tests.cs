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
        var global = Examples.Order with { Edges = [.. Examples.Order.Edges.Select(edge => edge with { OrientationType = "GLOBAL" })], Nodes = [.. Examples.Order.Nodes.Select(node => node with { Actions = [] })] };
        foreach (var (wrong, version, type) in new[]
        {
            (order, "2.1.0", ErrorTypes.InvalidOrderAction), (charge, "2.1.0", ErrorTypes.InvalidOrderAction),
            (global, "2.0.0", ErrorTypes.UnsupportedParameter), (order with { Nodes = [] }, "2.1.0", ErrorTypes.ValidationFailure),
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
        Assert.NotNull(Standing.Say(global).Message);
    }

    [Fact]
    public void A_vehicle_is_answered_in_its_own_version_with_the_names_of_that()
    {
        var order = Examples.Order with { Nodes = [new("n1", 0, true, [], new(1, 2, "m", AllowedDeviationXY: new(3, 2, 0)))], Edges = [] };
        var (old, newer) = (Text((Standing with { Version = "2.0.0" }).Say(order).Message!), Text(Standing.Say(order).Message!));
        Assert.Contains("\"version\":\"2.0.0\"", old, StringComparison.Ordinal);
        Assert.Contains("\"allowedDeviationXy\":2", old, StringComparison.Ordinal);
        Assert.Contains("\"version\":\"2.1.0\"", newer, StringComparison.Ordinal);
        Assert.Contains("\"allowedDeviationXY\":2", newer, StringComparison.Ordinal);
        var stop = LinkJson.Serialize((Standing with { Version = "2.0.0" }).Say(Message(SweeperActions.Instant(SweeperActions.Deactivate, "c1"))).Message!);
        // By the schema of 2.0 and by libraries that read the array of 1.1.
        Assert.Contains("\"actions\":[{\"actionType\":\"startPause\",\"actionId\":\"c1\",\"blockingType\":\"NONE\",\"actionName\":\"startPause\"}]", System.Text.Encoding.UTF8.GetString(stop), StringComparison.Ordinal);
        Assert.Contains("\"instantActions\":[{\"actionType\":\"startPause\"", System.Text.Encoding.UTF8.GetString(stop), StringComparison.Ordinal);
        OfficialSchemas.NoticeWithout21();
        Assert.Empty(OfficialSchemas.FaultsBy21(LinkTopic.InstantActions, LinkJson.Serialize(Standing.Say(Message(SweeperActions.Instant(SweeperActions.Deactivate, "c1"))).Message!)));
    }

    private static string Text(Order21 order) => System.Text.Encoding.UTF8.GetString(LinkJson.Serialize(order));

    private static InstantActions Message(RobotAction action) => Examples.InstantActions with { Actions = [action] };

    /// <summary>The type of what is sent to the vehicle; null where nothing is.</summary>
    private static string? Say(ref Vehicle21 vehicle, string actionType, string id)
    {
        (vehicle, var message) = vehicle.Say(Message(SweeperActions.Instant(actionType, id)));
        return message is null ? null : Assert.Single(message.Actions).ActionType;
    }

    private static ActionStatus Shown(Vehicle21 vehicle, string id) =>
        Assert.Single(vehicle.Hear(TranslationTests.Standing).Report.InstantActionStates, state => state.ActionId == id).ActionStatus;
}
