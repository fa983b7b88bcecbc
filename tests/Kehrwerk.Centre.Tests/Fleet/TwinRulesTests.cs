using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>Single decisions, from a twin as it stands in the middle of a mission.</summary>
public sealed class TwinRulesTests
{
    private readonly TestShift shift;
    private readonly Twin twin;
    private readonly State state;

    public TwinRulesTests()
    {
        shift = new TestShift().Sweep([GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 3).Id, GridTown.KerbBetween(15, 14).Id]);
        shift.RunMinutes(1.4);
        twin = shift.Twin;
        state = shift.LastState!;
    }

    private DateTimeOffset Now => shift.Loop.Now;

    [Fact]
    public void A_report_that_comes_twice_changes_nothing()
    {
        var (once, _) = Decide(twin, new TwinEvent.Reported(state));
        var (twice, effects) = Decide(once, new TwinEvent.Reported(state));

        Assert.Equal(once, twice);
        Assert.Empty(effects);
    }

    [Fact]
    public void A_report_that_was_overtaken_is_ignored()
    {
        var late = state with { HeaderId = state.HeaderId - 5, Timestamp = state.Timestamp.AddSeconds(-5), OrderId = "", NodeStates = [], EdgeStates = [], ActionStates = [] };

        var (after, effects) = Decide(twin, new TwinEvent.Reported(late));

        Assert.Equal(twin, after with { Sender = twin.Sender });
        Assert.Empty(effects);
    }

    [Fact]
    public void A_finished_action_counts_once_however_often_it_is_reported()
    {
        var action = twin.Order!.OpenActions.First();
        var done = Newer(state) with { ActionStates = [new(action.Key, ActionStatus.Finished, SweeperActions.Sweep)] };

        var (once, first) = Decide(twin, new TwinEvent.Reported(done));
        var (_, second) = Decide(once, new TwinEvent.Reported(Newer(done)));

        Assert.Single(first.OfType<TwinEffect.KerbSwept>());
        Assert.Empty(second.OfType<TwinEffect.KerbSwept>());
    }

    [Fact]
    public void A_vehicle_is_silent_after_three_seconds_and_lost_after_thirty()
    {
        var (after4, _) = TwinRules.Decide(twin, new TwinEvent.Ticked(), Now.AddSeconds(4), GridTown.Context);
        var (after31, _) = TwinRules.Decide(twin, new TwinEvent.Ticked(), Now.AddSeconds(31), GridTown.Context);

        Assert.Equal(LinkState.Connected, twin.Link);
        Assert.Equal(LinkState.Silent, after4.Link);
        Assert.Equal(LinkState.Lost, after31.Link);
        Assert.Equal(twin.Mission, after31.Mission);
    }

    [Fact]
    public void After_a_restart_a_known_order_goes_on()
    {
        var (after, effects) = Restart(twin.Mission, TwinMemory.Of(twin), Newer(state));

        Assert.Equal(twin.Order!.OrderId, after.Order!.OrderId);
        Assert.Equal(twin.Order.UpdateId, after.Order.UpdateId);
        Assert.DoesNotContain(effects.OfType<TwinEffect.Send>(), s => s.Topic == LinkTopic.InstantActions && !IsQuestion(s));
    }

    [Fact]
    public void After_a_restart_an_unknown_order_is_cancelled_and_a_new_one_begins_at_the_vehicles_place()
    {
        var open = twin.Mission! with { Steps = [.. twin.Mission.Steps.Select(s => s.Status is StepStatus.Ordered ? s with { Status = new StepStatus.Open() } : s)] };
        var (asked, effects) = Restart(open, TwinMemory.Of(twin) with { Order = null }, Newer(state));

        var cancel = SentAction(effects);
        Assert.Equal(SweeperActions.CancelOrder, cancel.ActionType);

        var idle = Newer(Newer(Newer(state))) with
        {
            NodeStates = [],
            EdgeStates = [],
            ActionStates = [.. state.ActionStates.Select(a => a with { ActionStatus = ActionStatus.Failed })],
            InstantActionStates = [new(cancel.ActionId, ActionStatus.Finished, cancel.ActionType)],
        };
        var (_, ordered) = Decide(asked, new TwinEvent.Reported(idle));

        var order = (Order)Assert.Single(ordered.OfType<TwinEffect.Send>()).Message;
        var first = order.Nodes[0].NodePosition!;
        Assert.InRange(new MapPoint(first.X, first.Y).DistanceTo(new(idle.MobileRobotPosition!.X, idle.MobileRobotPosition.Y)), 0, 5);
        Assert.NotEqual(state.OrderId, order.OrderId);
    }

    [Fact]
    public void After_a_restart_a_stopped_vehicle_stays_stopped()
    {
        var (stopped, _) = Decide(twin, new TwinEvent.Commanded(VehicleCommandKind.Stop, "Ada"));
        var (after, effects) = Restart(stopped.Mission, TwinMemory.Of(stopped), Newer(state));

        Assert.True(after.IsStopped);
        Assert.False(after.IsReady);
        Assert.Equal(SweeperActions.Deactivate, SentAction(effects).ActionType);
    }

    [Fact]
    public void A_command_is_repeated_with_the_same_id_until_a_report_shows_it()
    {
        var (sent, first) = Decide(twin, new TwinEvent.Commanded(VehicleCommandKind.Pause, "Ada"));
        var (again, second) = TwinRules.Decide(sent, new TwinEvent.Ticked(), Now.AddSeconds(2), GridTown.Context);
        var id = SentAction(first).ActionId;

        Assert.Equal(id, SentAction(second).ActionId);
        var (taken, _) = TwinRules.Decide(
            again, new TwinEvent.Reported(Newer(state) with { Paused = true, InstantActionStates = [new(id, ActionStatus.Finished)] }), Now.AddSeconds(3), GridTown.Context);
        var (_, third) = TwinRules.Decide(taken, new TwinEvent.Ticked(), Now.AddSeconds(5), GridTown.Context);
        Assert.Empty(third.OfType<TwinEffect.Send>());
    }

    [Fact]
    public void A_stop_does_not_wait_behind_a_release_that_no_report_has_shown()
    {
        var (released, _) = Decide(twin, new TwinEvent.Commanded(VehicleCommandKind.Release, "Ada"));
        var (stopped, effects) = Decide(released, new TwinEvent.Commanded(VehicleCommandKind.Stop, "Ada"));

        Assert.Equal(SweeperActions.Deactivate, SentAction(effects).ActionType);
        Assert.Equal([SweeperActions.Deactivate], stopped.Commands.Select(c => c.ActionType));
    }

    [Fact]
    public void A_cancellation_that_the_vehicle_refused_is_commanded_anew_while_it_keeps_the_order()
    {
        var (cancelling, first) = Decide(
            twin with { Order = twin.Order! with { IsCancelled = true }, Commands = [new("c90", SweeperActions.CancelOrder, TwinRules.Centre, DateTimeOffset.MinValue, state.OrderId)] },
            new TwinEvent.Ticked());
        Assert.Equal("c90", SentAction(first).ActionId);

        var refused = Newer(state) with { InstantActionStates = [new("c90", ActionStatus.Failed)] };
        var (kept, none) = Decide(cancelling, new TwinEvent.Reported(refused));
        Assert.False(kept.IsCancelling);
        Assert.DoesNotContain(none.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.InstantActions);

        var (again, second) = TwinRules.Decide(kept, new TwinEvent.Reported(Newer(refused)), Now.AddSeconds(11), GridTown.Context);
        var action = SentAction(second);
        Assert.Equal(SweeperActions.CancelOrder, action.ActionType);
        Assert.NotEqual("c90", action.ActionId);
        Assert.Equal(state.OrderId, action[SweeperActions.OrderIdParameter]?.AsText);
        Assert.True(again.IsCancelling);
    }

    [Fact]
    public void Two_vehicles_of_one_name_go_on_record_once_whatever_else_is_wrong()
    {
        var (current, report) = (twin with { Fault = "stuck", IsStopped = true }, state);
        List<TwinEffect> effects = [];
        for (var i = 0; i < 6; i++)
        {
            report = report with { HeaderId = report.HeaderId + 1000, Timestamp = report.Timestamp.AddSeconds(1) };
            (current, var more) = Decide(current, new TwinEvent.Reported(report));
            effects.AddRange(more);
        }

        Assert.Equal(Reconciliation.TwoVehicles, current.Fault);
        Assert.Equal(Reconciliation.TwoVehicles, Assert.Single(effects.OfType<TwinEffect.Note>(), note => note.Kind == "fault").Text);
    }

    [Fact]
    public void A_release_waits_until_a_report_has_shown_the_stop()
    {
        var (stopped, first) = Decide(twin, new TwinEvent.Commanded(VehicleCommandKind.Stop, "Ada"));
        var (released, effects) = Decide(stopped, new TwinEvent.Commanded(VehicleCommandKind.Release, "Ada"));
        Assert.Empty(effects.OfType<TwinEffect.Send>());

        var shown = Newer(state) with { InstantActionStates = [new(SentAction(first).ActionId, ActionStatus.Finished)] };
        var (_, then) = Decide(released, new TwinEvent.Reported(shown));
        Assert.Equal(SweeperActions.Activate, SentAction(then).ActionType);
    }

    [Fact]
    public void A_stopped_vehicle_that_forgot_it_is_stopped_again_whatever_else_is_on_its_way()
    {
        var cancelling = new PendingCommand("c90", SweeperActions.CancelOrder, TwinRules.Centre, Now, state.OrderId);
        var (_, effects) = Decide(twin with { IsStopped = true, Commands = [cancelling] }, new TwinEvent.Reported(Newer(state)));

        Assert.Equal(SweeperActions.Deactivate, SentAction(effects).ActionType);
    }

    [Fact]
    public void An_extension_that_is_refused_counts_once_while_the_vehicle_brakes()
    {
        var sent = twin with { Order = twin.Order! with { UpdateId = twin.Order.UpdateId + 1, IsShown = false } };
        var error = new RobotError(ErrorTypes.ValidationFailure, ErrorLevel.Warning)
        {
            ErrorReferences = [new("orderId", sent.Order.OrderId), new("orderUpdateId", $"{sent.Order.UpdateId}")],
        };
        var refused = Newer(state) with { Errors = [error] };
        var (after, first) = Decide(sent, new TwinEvent.Reported(refused));
        var (still, second) = Decide(after, new TwinEvent.Reported(Newer(refused)));

        Assert.Equal(SweeperActions.CancelOrder, SentAction(first).ActionType);
        Assert.Equal(1, still.Refusals);
        Assert.DoesNotContain(second.OfType<TwinEffect.Note>(), note => note.Kind == "orderRefused");
    }

    [Fact]
    public void A_mission_of_another_city_that_is_assigned_late_is_ended_and_nothing_of_it_is_ordered()
    {
        var free = twin with { Mission = null, Order = null };
        var (after, effects) = Decide(free, new TwinEvent.MissionAssigned(twin.Mission! with { City = "another" }));

        Assert.False(after.Mission!.IsRunning);
        Assert.Empty(effects.OfType<TwinEffect.Send>());
        Assert.Single(effects.OfType<TwinEffect.MissionEnded>());
    }

    [Fact]
    public void What_a_vehicle_says_goes_on_record_in_a_bounded_length()
    {
        var unknown = Newer(state) with { OrderId = new string('x', 100_000) };
        var (_, effects) = Decide(twin with { Order = null }, new TwinEvent.Reported(unknown));

        Assert.All(effects.OfType<TwinEffect.Note>(), note => Assert.InRange(note.Text.Length, 1, 600));
    }

    [Fact]
    public void A_mission_of_another_city_is_ended_and_nothing_of_it_is_ordered()
    {
        var (after, _) = Restart(twin.Mission! with { City = "another" }, TwinMemory.Of(twin), Newer(state));

        Assert.False(after.Mission!.IsRunning);
        Assert.Null(after.Order);
    }

    [Fact]
    public void A_vehicle_is_where_it_says_also_a_few_metres_behind_a_node()
    {
        // Taken for a vehicle at the depot's node it would be sent where it cannot turn to, refuse, and be sent there again without end.
        var streets = GridTown.City.Streets;
        var depot = GridTown.Context.DepotNode;
        var arc = Enumerable.Range(0, streets.ArcCount).First(a => streets.ArcTail[a] == depot);
        var at = streets.NodePoint[depot].Towards(streets.NodePoint[streets.ArcHead[arc]], 2 / streets.ArcLengthM[arc]);
        var facts = twin.Facts! with { LastNodeId = streets.NodeKey(depot), Position = at, Edge = (streets.ArcKey(arc), 2.0) };

        Assert.Equal(new(arc, 2, false), GridTown.Context.Locate(facts));
        Assert.Equal(GridTown.Context.DepotArc, GridTown.Context.Locate(facts with { Edge = null })!.Value.Arc);
    }

    [Fact]
    public void After_a_restart_a_vehicle_without_a_lease_that_was_held_is_told_so_before_anything_can_let_it_go()
    {
        var held = TwinMemory.Of(twin) with { IsSupervised = false, IsStopped = true, IsPaused = true };

        var (_, effects) = Decide(held.Recall(shift.Fleet[0], twin.Mission), new TwinEvent.Restarted());

        Assert.Equal(
            [SweeperActions.Deactivate, SweeperActions.StartPause],
            effects.OfType<TwinEffect.Send>().Select(send => ((InstantActions)send.Message).Actions[0].ActionType));
        var (_, none) = Decide((held with { IsSupervised = true }).Recall(shift.Fleet[0], twin.Mission), new TwinEvent.Restarted());
        Assert.Empty(none.OfType<TwinEffect.Send>());
    }

    [Theory]
    [InlineData(true, false, VehicleCommandKind.Resume)]
    [InlineData(true, true, VehicleCommandKind.Release)]
    [InlineData(false, false, VehicleCommandKind.Resume)]
    public void After_a_restart_what_would_let_a_vehicle_without_a_lease_go_is_not_sent_any_more(bool isStopped, bool isPaused, VehicleCommandKind pending)
    {
        var held = twin with { IsStopped = isStopped, IsPaused = isPaused };
        var memory = TwinMemory.Of(Decide(held, new TwinEvent.Commanded(pending, "Ada")).Twin);
        Assert.NotEmpty(memory.Commands);

        var (after, effects) = Restart(twin.Mission, memory, Newer(state) with { SweeperStatus = state.SweeperStatus! with { Deactivated = isStopped }, Paused = true });

        Assert.Equal(
            [.. isStopped ? [SweeperActions.Deactivate] : Array.Empty<string>(), .. isPaused ? [SweeperActions.StartPause] : Array.Empty<string>()],
            effects.OfType<TwinEffect.Send>().Where(send => send.Topic == LinkTopic.InstantActions && !IsQuestion(send)).Select(send => ((InstantActions)send.Message).Actions[0].ActionType));
        Assert.Contains(effects.OfType<TwinEffect.Note>(), note => note is { Kind: "commandExpired", Who: "Ada" });
        Assert.Equal((isStopped, isPaused, null), (after.IsStopped, after.IsPaused, after.Release));
    }

    [Fact]
    public void A_stopped_vehicle_that_cannot_say_that_it_is_stopped_is_told_again_when_it_drives()
    {
        var stopped = twin with { IsStopped = true };
        var foreign = Newer(state) with { SweeperStatus = null, Paused = false };

        var (_, driving) = Decide(stopped, new TwinEvent.Reported(foreign with { Driving = true }));
        var (_, standing) = Decide(stopped, new TwinEvent.Reported(foreign with { Driving = false }));

        Assert.Equal(SweeperActions.Deactivate, SentAction(driving).ActionType);
        Assert.DoesNotContain(standing.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.InstantActions);
    }

    [Fact]
    public void A_connected_vehicle_that_has_not_said_what_it_can_is_asked_once()
    {
        var unknown = twin with { Series = "", LinkSince = Now, NotAskedBefore = default };

        Assert.DoesNotContain(Ask(unknown, 9), IsFactsheetRequest);
        Assert.Contains(Ask(unknown, 11), IsFactsheetRequest);
        Assert.DoesNotContain(Ask(unknown with { Series = "S" }, 11), IsFactsheetRequest);
        Assert.DoesNotContain(Ask(unknown with { NotAskedBefore = Now.AddMinutes(5) }, 11), IsFactsheetRequest);

        IEnumerable<TwinEffect.Send> Ask(Twin asked, double afterS) =>
            TwinRules.Decide(asked with { Facts = asked.Facts! with { KnownAt = Now.AddSeconds(afterS) } }, new TwinEvent.Ticked(), Now.AddSeconds(afterS), GridTown.Context).Effects.OfType<TwinEffect.Send>();

        static bool IsFactsheetRequest(TwinEffect.Send send) => send.Message is InstantActions { Actions: [{ ActionType: SweeperActions.FactsheetRequest }] };
    }

    [Fact]
    public void A_factsheet_that_does_not_come_is_asked_for_once_in_ten_minutes_and_alarms_nobody()
    {
        var now = Now;
        var unknown = twin with { Series = "", LinkSince = now, NotAskedBefore = default };
        var asked = 0;
        for (var second = 0; second < 20 * 60; second++)
        {
            now = now.AddSeconds(1);
            (unknown, var effects) = TwinRules.Decide(unknown with { Facts = unknown.Facts! with { KnownAt = now } }, new TwinEvent.Ticked(), now, GridTown.Context);
            asked += effects.OfType<TwinEffect.Send>().Count(send => send.Message is InstantActions { Actions: [{ ActionType: SweeperActions.FactsheetRequest }] });
            Assert.DoesNotContain(effects.OfType<TwinEffect.Note>(), note => note.Kind == "commandUnanswered");
            Assert.True(unknown.Commands.Count(command => command.ActionType == SweeperActions.FactsheetRequest) <= 1);
        }

        Assert.Equal(2 * GridTown.Context.Rules.UnansweredSends, asked);
        // One without a name is one all the same.
        var (declared, _) = Decide(unknown, new TwinEvent.Declared(new()
        {
            HeaderId = 0,
            Timestamp = now,
            Vehicle = twin.Id,
            TypeSpecification = new("", "CARRIER", 0, [], []),
            PhysicalParameters = new(0, 1, 1, 1, 2, 2, 1, 3),
            ProtocolLimits = new(new(), new(), new(1, 1)),
            ProtocolFeatures = new([], []),
            MobileRobotGeometry = new(),
            LoadSpecification = new(),
        }));
        now = now.AddHours(1);
        var (_, later) = TwinRules.Decide(declared with { Facts = declared.Facts! with { KnownAt = now } }, new TwinEvent.Ticked(), now, GridTown.Context);
        Assert.DoesNotContain(later.OfType<TwinEffect.Send>(), send => send.Message is InstantActions { Actions: [{ ActionType: SweeperActions.FactsheetRequest }] });
    }

    [Fact]
    public void A_vehicle_that_keeps_to_the_safety_profile_no_more_gets_no_orders_and_people_see_why()
    {
        var without = twin with { IsSupervised = true, Safety = null, LinkSince = Now.AddMinutes(-1) };

        Assert.False(without.IsReady);
        Assert.Contains(TwinView.Of(without, GridTown.Context).Errors, error => error.Contains("safety profile", StringComparison.Ordinal));
        Assert.DoesNotContain(TwinView.Of(without with { LinkSince = Now }, GridTown.Context).Errors, error => error.Contains("safety profile", StringComparison.Ordinal));
        Assert.DoesNotContain(TwinView.Of(without with { IsSupervised = false }, GridTown.Context).Errors, error => error.Contains("safety profile", StringComparison.Ordinal));
    }

    private (Twin Twin, ImmutableArray<TwinEffect> Effects) Restart(Mission? mission, TwinMemory memory, State report)
    {
        var recalled = memory.Recall(shift.Fleet[0], mission);
        var (started, first) = Decide(recalled, new TwinEvent.Restarted());
        var (after, second) = Decide(started, new TwinEvent.Reported(report));
        var (answered, third) = Decide(after, new TwinEvent.Reported(Newer(report) with { InstantActionStates = [new(after.Question!, ActionStatus.Finished)] }));
        var (last, fourth) = Decide(answered, new TwinEvent.Ticked());
        return (last, [.. first, .. second, .. third, .. fourth]);
    }

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Decide(Twin from, TwinEvent happened) =>
        TwinRules.Decide(from, happened, Now, GridTown.Context);

    private static RobotAction SentAction(IEnumerable<TwinEffect> effects) =>
        Assert.Single(((InstantActions)Assert.Single(effects.OfType<TwinEffect.Send>(), s => !IsQuestion(s) && s.Topic != LinkTopic.Supervision).Message).Actions);

    private static bool IsQuestion(TwinEffect.Send send) => send.Message is InstantActions { Actions: [{ ActionType: SweeperActions.StateRequest }] };

    private static State Newer(State state) => state with { HeaderId = state.HeaderId + 1, Timestamp = state.Timestamp.AddSeconds(1) };
}
