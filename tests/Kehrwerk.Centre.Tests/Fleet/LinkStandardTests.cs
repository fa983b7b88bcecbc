using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>What VDA 5050 3.0.0 asks of a fleet control beside sending orders: refusals, modes, zone sets, requests.</summary>
public sealed class LinkStandardTests
{
    private readonly TestShift shift;
    private readonly Twin twin;
    private readonly State state;

    public LinkStandardTests()
    {
        shift = new TestShift().Sweep([GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 3).Id, GridTown.KerbBetween(15, 14).Id]);
        shift.RunMinutes(1.4);
        (twin, state) = (shift.Twin, shift.LastState!);
    }

    private DateTimeOffset Now => shift.Loop.Now;

    [Fact]
    public void An_order_that_is_neither_shown_nor_refused_is_shown_to_a_person_and_asked_less_often_until_it_is()
    {
        var deaf = new TestShift();
        deaf.Vehicle.IsDeafToOrders = true;
        deaf.Sweep([GridTown.KerbBetween(1, 2).Id]);
        deaf.RunMinutes(0.25);
        Assert.DoesNotContain(deaf.Notes("orderUnanswered"), _ => true);
        deaf.RunMinutes(0.5);
        Assert.Single(deaf.Notes("orderUnanswered"));
        Assert.Contains("It neither takes nor refuses its order", TwinView.Of(deaf.Twin, GridTown.Context).Errors);
        deaf.RunMinutes(4);
        Assert.InRange(deaf.Vehicle.Orders.Count, 12, 25);
        Assert.Single(deaf.Notes("orderUnanswered"));

        deaf.Vehicle.IsDeafToOrders = false;
        deaf.RunToEnd();
        Assert.Single(deaf.Notes("orderAnswered"));
        Assert.Empty(TwinView.Of(deaf.Twin, GridTown.Context).Errors);
    }

    [Fact]
    public void A_command_that_no_report_shows_goes_on_being_sent_and_is_shown_to_a_person()
    {
        var (current, _) = Decide(twin, new TwinEvent.Commanded(VehicleCommandKind.Stop, "Ada"));
        var sent = 0;
        List<TwinEffect> effects = [];
        for (var second = 1; second <= 40; second++)
        {
            (current, var more) = TwinRules.Decide(current, new TwinEvent.Ticked(), Now.AddSeconds(second), GridTown.Context);
            effects.AddRange(more);
            sent += more.OfType<TwinEffect.Send>().Count();
        }

        Assert.InRange(sent, 18, 21);
        Assert.Equal("Ada", Assert.Single(effects.OfType<TwinEffect.Note>(), note => note.Kind == "commandUnanswered").Who);
        Assert.Contains(TwinView.Of(current, GridTown.Context).Errors, error => error.Contains(SweeperActions.Deactivate, StringComparison.Ordinal));
    }

    public static TheoryData<string> RefusalTypes =>
    [
        ErrorTypes.UnsupportedParameter, ErrorTypes.ValidationFailure, ErrorTypes.InvalidOrderAction, ErrorTypes.OutdatedOrderUpdate, ErrorTypes.SameOrderUpdateId,
        ErrorTypes.OrderUpdateFollowingCancel, ErrorTypes.InsufficientMemory, ErrorTypes.NoRouteToTarget, ErrorTypes.OtherOrderActive, ErrorTypes.StartNodeOutOfRange, ErrorTypes.UnknownMapId,
    ];

    [Theory]
    [MemberData(nameof(RefusalTypes))]
    public void Every_refusal_of_the_standard_is_understood_shown_and_not_answered_by_the_same_order(string type)
    {
        var sent = twin with { Order = twin.Order! with { UpdateId = twin.Order.UpdateId + 1, IsShown = false } };
        var (after, effects) = Decide(sent, new TwinEvent.Reported(Newer(state) with { Errors = [Refusal(type, sent.Order)] }));

        Assert.Equal(1, after.Refusals);
        Assert.Contains(TwinView.Of(after, GridTown.Context).Errors, error => error.StartsWith($"It refused an order: {type}", StringComparison.Ordinal));
        Assert.DoesNotContain(effects.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.Order);
        Assert.Contains(effects.OfType<TwinEffect.Note>(), note => note.Kind == "orderRefused" && note.Text.Contains(type, StringComparison.Ordinal));
    }

    [Fact]
    public void A_vehicle_that_is_not_available_keeps_its_order_waiting_until_it_is()
    {
        var sent = twin with { Order = twin.Order! with { UpdateId = twin.Order.UpdateId + 1, IsShown = false } };
        var manual = Newer(state) with { OperatingMode = OperatingMode.Intervened, Errors = [Refusal(ErrorTypes.MobileRobotNotAvailable, sent.Order) with { ErrorLevel = ErrorLevel.Fatal }] };
        var (waits, _) = Decide(sent, new TwinEvent.Reported(manual));
        var (still, silent) = TwinRules.Decide(waits, new TwinEvent.Ticked(), Now.AddSeconds(2.5), GridTown.Context);
        Assert.Equal((0, sent.Order.OrderId), (still.Refusals, still.Order!.OrderId));
        Assert.Empty(silent.OfType<TwinEffect.Send>());
        Assert.Contains(TwinView.Of(still, GridTown.Context).Errors, error => error.StartsWith("Operating mode Intervened", StringComparison.Ordinal));

        var back = Newer(manual) with { OperatingMode = OperatingMode.Automatic, Errors = [] };
        var (ready, _) = TwinRules.Decide(still, new TwinEvent.Reported(back), Now.AddSeconds(3), GridTown.Context);
        var (_, again) = TwinRules.Decide(ready, new TwinEvent.Ticked(), Now.AddSeconds(4), GridTown.Context);
        Assert.Equal(LinkTopic.Order, Assert.Single(again.OfType<TwinEffect.Send>()).Topic);
    }

    [Fact]
    public void The_number_of_a_last_node_that_is_not_there_is_not_read()
    {
        // As after SERVICE: order given up, moved by hand, the number any (7.8).
        var service = Newer(state) with
        {
            OperatingMode = OperatingMode.Service,
            LastNodeId = "",
            LastNodeSequenceId = 4_000_000_000,
            NodeStates = [],
            EdgeStates = [],
            ActionStates = [.. state.ActionStates.Select(action => action with { ActionStatus = ActionStatus.Failed })],
        };
        var (after, _) = Decide(twin, new TwinEvent.Reported(service));
        Assert.Null(after.Order);
        Assert.Null(after.Place);
        Assert.Equal(0u, after.Facts!.LastNodeSequenceId);
    }

    [Theory]
    [InlineData(OperatingMode.Manual, VehicleCommandKind.Resume, false)]
    [InlineData(OperatingMode.Service, VehicleCommandKind.Release, false)]
    [InlineData(OperatingMode.Intervened, VehicleCommandKind.Release, false)]
    [InlineData(OperatingMode.Manual, VehicleCommandKind.Stop, true)]
    [InlineData(OperatingMode.Manual, VehicleCommandKind.Pause, true)]
    [InlineData(OperatingMode.Semiautomatic, VehicleCommandKind.Resume, true)]
    public void In_a_mode_that_takes_no_instant_actions_only_what_halts_is_sent(OperatingMode mode, VehicleCommandKind kind, bool isSent)
    {
        var (taken, _) = Decide(twin with { Mission = null, Order = null }, new TwinEvent.Reported(Newer(state) with { OperatingMode = mode, NodeStates = [], EdgeStates = [], ActionStates = [] }));
        var (waiting, effects) = Decide(taken, new TwinEvent.Commanded(kind, "Ada"));
        Assert.Equal(isSent, effects.OfType<TwinEffect.Send>().Any());

        // It is not lost: it goes out when the mode allows.
        var (_, later) = Decide(waiting, new TwinEvent.Reported(Newer(Newer(state)) with { OperatingMode = OperatingMode.Automatic }));
        var (_, ticked) = TwinRules.Decide(waiting with { Facts = waiting.Facts! with { Mode = OperatingMode.Automatic } }, new TwinEvent.Ticked(), Now.AddSeconds(2.5), GridTown.Context);
        Assert.Contains(later.Concat(ticked).OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.InstantActions);
    }

    [Fact]
    public void Ended_instant_actions_are_cleared_when_they_become_many()
    {
        var many = Newer(state) with { InstantActionStates = [.. Enumerable.Range(0, 20).Select(i => new ActionState($"x{i}", ActionStatus.Finished))] };
        var (after, effects) = Decide(twin, new TwinEvent.Reported(many));
        Assert.Equal(SweeperActions.ClearInstantActions, Assert.Single(Actions(effects)).ActionType);
        var (_, second) = Decide(after, new TwinEvent.Reported(Newer(many)));
        Assert.Empty(Actions(second));
    }

    [Fact]
    public void Closures_are_sent_as_a_zone_set_enabled_and_the_old_set_is_deleted()
    {
        var kerb = GridTown.KerbBetween(14, 13);
        var both = new[] { kerb.Arc, GridTown.City.Streets.ArcReverse[kerb.Arc] };
        var closed = GridTown.Context.With(Closures.None.Close(both));
        var set = closed.ClosureZones;
        var zone = Assert.Single(set.Zones);
        Assert.Equal((ZoneType.Blocked, GridTown.City.Fingerprint), (zone.ZoneType, set.MapId));
        Assert.All(zone.Vertices, vertex => Assert.InRange(vertex.X - GridTown.City.Streets.NodePoint[13].X, 7, GridTown.BlockM - 7));

        var keeps = twin with { KeepsZones = true };
        var (sent, first) = TwinRules.Decide(keeps, new TwinEvent.Ticked(), Now, closed);
        var message = (ZoneSet)Assert.Single(first.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.ZoneSet).Message;
        Assert.Equal(set.ZoneSetId, message.Content.ZoneSetId);

        var stored = Newer(state) with { Timestamp = state.Timestamp.AddSeconds(3), ZoneSets = [new("closures-old", set.MapId, StoredStatus.Enabled), new(set.ZoneSetId, set.MapId, StoredStatus.Disabled)] };
        var (asked, second) = TwinRules.Decide(sent, new TwinEvent.Reported(stored), Now.AddSeconds(3), closed);
        var enable = Assert.Single(Actions(second));
        Assert.Equal((SweeperActions.EnableZoneSet, set.ZoneSetId), (enable.ActionType, enable[SweeperActions.ZoneSetIdParameter]!.Value.AsText));

        var done = Newer(stored) with
        {
            ZoneSets = [new("closures-old", set.MapId, StoredStatus.Disabled), new(set.ZoneSetId, set.MapId, StoredStatus.Enabled)],
            InstantActionStates = [new(enable.ActionId, ActionStatus.Finished)],
        };
        var (after, third) = TwinRules.Decide(asked, new TwinEvent.Reported(done), Now.AddSeconds(4), closed);
        Assert.Equal((SweeperActions.DeleteZoneSet, "closures-old"), (Assert.Single(Actions(third)).ActionType, Actions(third)[0][SweeperActions.ZoneSetIdParameter]!.Value.AsText));
        Assert.Contains(third.OfType<TwinEffect.Note>(), note => note.Kind == "zonesEnabled");
        Assert.Null(after.Zones);

        // Opened again: a set without zones takes its place, since the standard has no other way to disable one.
        Assert.Equal("closures-none", GridTown.Context.ClosureZones.ZoneSetId);
        var (_, opened) = TwinRules.Decide(after, new TwinEvent.Ticked(), Now.AddSeconds(6), GridTown.Context);
        Assert.Empty(((ZoneSet)Assert.Single(opened.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.ZoneSet).Message).Content.Zones);
    }

    [Fact]
    public void A_street_closed_in_one_direction_is_no_blocked_zone()
    {
        Assert.Empty(GridTown.Context.With(Closures.None.Close(GridTown.KerbBetween(14, 13).Arc)).ClosureZones.Zones);
    }

    [Fact]
    public void A_vehicle_in_the_street_that_is_closed_is_let_out_before_the_zone_is_sent()
    {
        var here = GridTown.City.Streets.FindArc(state.EdgeStates[0].EdgeId)!.Value;
        var closed = GridTown.Context.With(Closures.None.Close(here, GridTown.City.Streets.ArcReverse[here]));
        var (_, effects) = TwinRules.Decide(twin with { KeepsZones = true }, new TwinEvent.Ticked(), Now, closed);
        Assert.DoesNotContain(effects.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.ZoneSet);
    }

    [Fact]
    public void A_zone_set_that_a_vehicle_does_not_enable_is_shown_to_a_person()
    {
        var kerb = GridTown.KerbBetween(14, 13);
        var closed = GridTown.Context.With(Closures.None.Close(kerb.Arc, GridTown.City.Streets.ArcReverse[kerb.Arc]));
        var (current, messages) = (twin with { KeepsZones = true }, 0);
        for (var second = 0; second < 120; second++)
        {
            var report = state with { HeaderId = state.HeaderId + (uint)second + 1, Timestamp = state.Timestamp.AddSeconds(second + 1) };
            (current, var effects) = TwinRules.Decide(current, new TwinEvent.Reported(report), Now.AddSeconds(second), closed);
            messages += effects.OfType<TwinEffect.Send>().Count(send => send.Topic == LinkTopic.ZoneSet);
        }

        Assert.InRange(messages, 10, 18);
        Assert.Contains("It does not show the closed streets as enabled", TwinView.Of(current, closed).Errors);
    }

    [Fact]
    public void A_request_is_answered_by_a_person_only_on_record_and_until_a_report_shows_it()
    {
        var asks = Asking();
        var (asked, silent) = Decide(twin, new TwinEvent.Reported(asks));
        Assert.DoesNotContain(silent.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.Responses);
        Assert.Contains($"It asks for corridor of {asks.EdgeRequests[0].EdgeId}", TwinView.Of(asked, GridTown.Context).Errors);

        var (answered, effects) = Decide(asked, new TwinEvent.Answered("r7", GrantType.Granted, TimeSpan.FromSeconds(30), "Ada"));
        var note = Assert.Single(effects.OfType<TwinEffect.Note>(), note => note.Kind == "requestAnswered");
        Assert.Equal("Ada", note.Who);
        Assert.Equal(new Response("r7", GrantType.Granted, Now.AddSeconds(30)), Assert.Single(Answers(effects)));
        var (again, repeated) = TwinRules.Decide(answered, new TwinEvent.Ticked(), Now.AddSeconds(2), GridTown.Context);
        Assert.Equal("r7", Assert.Single(Answers(repeated)).RequestId);

        var granted = Newer(asks) with { EdgeRequests = [asks.EdgeRequests[0] with { RequestStatus = RequestStatus.Granted }] };
        var (heard, _) = TwinRules.Decide(again, new TwinEvent.Reported(granted), Now.AddSeconds(3), GridTown.Context);
        Assert.Empty(heard.Answers);
        var (revoked, effect) = TwinRules.Decide(heard, new TwinEvent.Answered("r7", GrantType.Revoked, default, "Ben"), Now.AddSeconds(4), GridTown.Context);
        Assert.Equal(new Response("r7", GrantType.Revoked), Assert.Single(Answers(effect)));
        Assert.Single(revoked.Answers);
    }

    [Fact]
    public void A_grant_goes_only_to_a_connected_vehicle_that_nobody_holds_and_a_revocation_always()
    {
        var (asked, _) = Decide(twin, new TwinEvent.Reported(Asking()));
        Assert.Equal(LinkState.Connected, asked.Link);
        foreach (var doubtful in (Twin[])[asked with { Link = LinkState.Silent }, asked with { Link = LinkState.Back }, asked with { IsClockOff = true }, asked with { IsStopped = true }, asked with { Fault = "stuck" }])
        {
            var (after, effects) = Decide(doubtful, new TwinEvent.Answered("r7", GrantType.Granted, TimeSpan.FromSeconds(30), "Ada"));
            Assert.Empty(Answers(effects));
            Assert.Empty(after.Answers);
            Assert.Equal("Ada", Assert.Single(effects.OfType<TwinEffect.Note>(), note => note.Kind == "answerRefused").Who);
            Assert.Single(Answers(Decide(doubtful, new TwinEvent.Answered("r7", GrantType.Revoked, default, "Ada")).Effects));
        }
    }

    [Fact]
    public void A_corridor_is_not_granted_for_an_edge_that_is_not_of_the_base()
    {
        var ahead = state.EdgeStates.Last(edge => !edge.Released);
        foreach (var (id, sequence) in new[] { (ahead.EdgeId, ahead.SequenceId), (ahead.EdgeId, ahead.SequenceId + 2), ("no-such-edge", 1u) })
        {
            var (asked, _) = Decide(twin, new TwinEvent.Reported(Newer(state) with { EdgeRequests = [new("r7", EdgeRequestType.Corridor, id, sequence, RequestStatus.Requested)] }));
            var (_, effects) = Decide(asked, new TwinEvent.Answered("r7", GrantType.Granted, TimeSpan.FromSeconds(30), "Ada"));
            Assert.Empty(Answers(effects));
            Assert.Contains("not released", Assert.Single(effects.OfType<TwinEffect.Note>(), note => note.Kind == "answerRefused").Text, StringComparison.Ordinal);
            Assert.Single(Answers(Decide(asked, new TwinEvent.Answered("r7", GrantType.Rejected, default, "Ada")).Effects));
        }
    }

    [Fact]
    public void What_a_vehicle_says_of_its_request_is_shown_to_the_person_who_answers()
    {
        var asks = Asking() with
        {
            Information =
            [
                new("manoeuvre", InfoLevel.Info, "Pass the van") { InfoReferences = [new("requestId", "r7"), new("edgeId", "e"), new("lengthM", "12.0"), new("obstacle", "van\nthere")] },
                new("manoeuvre", InfoLevel.Info, "Another") { InfoReferences = [new("requestId", "r8")] },
            ],
        };
        var request = Assert.Single(TwinView.Of(Decide(twin, new TwinEvent.Reported(asks)).Twin, GridTown.Context).Requests);
        Assert.Equal((RequestKind.Corridor, asks.EdgeRequests[0].EdgeId, true), (request.Kind, request.Place, request.IsEdge));
        Assert.Equal("Pass the van; lengthM 12.0; obstacle van?there", Assert.Single(request.Told));
    }

    [Theory]
    [InlineData(true, null, 30.0)]
    [InlineData(true, 30.0, 30.0)]
    [InlineData(true, 31.0, null)]
    [InlineData(false, null, 60.0)]
    [InlineData(false, 600.0, 600.0)]
    public void A_grant_names_its_end_and_leave_for_a_manoeuvre_ends_after_half_a_minute(bool isEdge, double? askedS, double? sentS)
    {
        var asks = isEdge ? Asking() : Newer(state) with { ZoneRequests = [new("r7", ZoneRequestType.Access, "z", "zones", RequestStatus.Requested)] };
        var (asked, _) = Decide(twin, new TwinEvent.Reported(asks));
        var (_, effects) = Decide(asked, new TwinEvent.Answered("r7", GrantType.Granted, askedS is { } s ? TimeSpan.FromSeconds(s) : null, "Ada"));
        Assert.Equal(sentS is { } until ? [new Response("r7", GrantType.Granted, Now.AddSeconds(until))] : [], Answers(effects));
        Assert.Equal(sentS is null, effects.OfType<TwinEffect.Note>().Any(note => note.Kind == "answerRefused" && note.Text.Contains("30 s at most", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(RequestStatus.Requested, false)]
    [InlineData(RequestStatus.Granted, false)]
    [InlineData(RequestStatus.Revoked, true)]
    [InlineData(RequestStatus.Expired, true)]
    public void A_revocation_is_heard_when_the_vehicle_shows_it_and_not_while_it_still_asks(RequestStatus status, bool isHeard)
    {
        var asks = Asking();
        var (granted, _) = Decide(Decide(twin, new TwinEvent.Reported(asks)).Twin, new TwinEvent.Answered("r7", GrantType.Granted, TimeSpan.FromSeconds(30), "Ada"));
        var (revoked, _) = Decide(granted, new TwinEvent.Answered("r7", GrantType.Revoked, default, "Ada"));
        var (after, _) = Decide(revoked, new TwinEvent.Reported(Newer(asks) with { EdgeRequests = [asks.EdgeRequests[0] with { RequestStatus = status }] }));
        Assert.Equal(isHeard, after.Answers.IsEmpty);
    }

    [Fact]
    public void An_answer_to_what_is_not_asked_is_not_sent_and_one_that_has_run_out_is_not_repeated()
    {
        var (_, effects) = Decide(twin, new TwinEvent.Answered("r9", GrantType.Granted, TimeSpan.FromSeconds(30), "Ada"));
        Assert.Empty(Answers(effects));
        Assert.Equal("answerRefused", Assert.Single(effects.OfType<TwinEffect.Note>()).Kind);

        var (asked, _) = Decide(twin, new TwinEvent.Reported(Asking()));
        var (answered, _) = Decide(asked, new TwinEvent.Answered("r7", GrantType.Granted, TimeSpan.FromSeconds(3), "Ada"));
        var (_, late) = TwinRules.Decide(answered, new TwinEvent.Ticked(), Now.AddSeconds(4), GridTown.Context);
        Assert.Empty(Answers(late));
    }

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Decide(Twin from, TwinEvent happened) => TwinRules.Decide(from, happened, Now, GridTown.Context);

    /// <summary>The vehicle asks for the corridor of the edge that it drives.</summary>
    private State Asking()
    {
        var edge = state.EdgeStates.First(edge => edge.Released);
        return Newer(state) with { EdgeRequests = [new("r7", EdgeRequestType.Corridor, edge.EdgeId, edge.SequenceId, RequestStatus.Requested)] };
    }

    private static RobotError Refusal(string type, OrderInFlight order) => new(type, ErrorLevel.Warning)
    {
        ErrorReferences = [new("orderId", order.OrderId), new("orderUpdateId", $"{order.UpdateId}")],
    };

    private static ImmutableArray<RobotAction> Actions(IEnumerable<TwinEffect> effects) =>
        [.. effects.OfType<TwinEffect.Send>().Select(send => send.Message).OfType<InstantActions>().SelectMany(message => message.Actions)];

    private static ImmutableArray<Response> Answers(IEnumerable<TwinEffect> effects) =>
        [.. effects.OfType<TwinEffect.Send>().Select(send => send.Message).OfType<Responses>().SelectMany(message => message.Items)];

    private static State Newer(State state) => state with { HeaderId = state.HeaderId + 1, Timestamp = state.Timestamp.AddSeconds(1) };
}
