using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>The Centre keeps to what a vehicle declares in its factsheet (VDA 5050 3.0.0, 7.10 protocolLimits).</summary>
public sealed class VehicleLimitsTests
{
    private static readonly ImmutableArray<int> Round =
        [GridTown.KerbBetween(1, 2).Id, GridTown.KerbBetween(2, 6).Id, GridTown.KerbBetween(6, 7).Id, GridTown.KerbBetween(11, 15).Id, GridTown.KerbBetween(9, 8).Id];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_vehicle_that_takes_few_nodes_is_ordered_in_pieces_and_drives_its_mission_to_the_end(int most)
    {
        var shift = Limited(new(), new(OrderNodes: (uint)most, OrderEdges: (uint)most - 1)).Sweep(Round).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        Assert.Empty(shift.Notes("orderRefused"));
        Assert.All(shift.Vehicle.Orders, one => Assert.True(one.Order.Nodes.Length <= most && one.Order.Edges.Length < most, $"{one.Order.Nodes.Length} nodes"));
        Assert.Contains(shift.Vehicle.Orders, one => one.Order.Nodes.Length == most);
        Assert.Contains(new TestShift().Sweep(Round).RunToEnd().Vehicle.Orders, one => one.Order.Nodes.Length > 5);
    }

    [Fact]
    public async Task No_more_lies_ahead_of_a_vehicle_than_its_states_can_show()
    {
        var shift = Limited(new(), new(StateNodeStates: 3, StateEdgeStates: 3, StateActionStates: 2));
        var (nodes, actions) = (0, 0);
        await shift.Broker.Connect("watcher").SubscribeAsync(Topics.Default.OfAll(LinkTopic.State), message =>
        {
            var state = LinkJson.Read<State>(message.Payload.Span).Message!;
            (nodes, actions) = (Math.Max(nodes, state.NodeStates.Length), Math.Max(actions, state.ActionStates.Length));
            return ValueTask.CompletedTask;
        }, TestContext.Current.CancellationToken);
        shift.Sweep(Round).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        Assert.Equal((3, 2), (nodes, actions));
    }

    [Fact]
    public void A_message_is_not_longer_than_the_vehicle_takes()
    {
        const int most = 1_500;
        var shift = Limited(new(MaximumMessageLength: most), new()).Sweep(Round).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        var longest = shift.Vehicle.Orders.Max(one => LinkJson.Serialize(one.Order).Length);
        Assert.InRange(longest, most - 500, most);
    }

    [Fact]
    public void Orders_keep_the_interval_that_the_vehicle_asks_for()
    {
        var shift = Limited(new(), new(OrderNodes: 4), new(MinimumOrderInterval: 7, MinimumStateInterval: 0)).Sweep(Round).RunToEnd();

        Assert.Equal(Round, shift.SweptKerbs);
        Assert.All(shift.Vehicle.Orders.Zip(shift.Vehicle.Orders.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(6.9), $"{pair.Second.At - pair.First.At}"));
    }

    public static TheoryData<string, MaximumStringLengths, MaximumArrayLengths> Impossible => new()
    {
        { "no edge fits into its orders", new(), new(OrderNodes: 1) },
        { "no edge fits into its orders", new(MaximumMessageLength: 300), new() },
        { "characters, the vehicle takes 4 (maximumIdLength)", new(MaximumIdLength: 4), new() },
        { "is no number, the vehicle takes only such (idNumericalOnly)", new(IdNumericalOnly: true), new() },
        { "action sweep has 2 parameters, the vehicle takes 1 (actions.actionsParameters)", new(), new(ActionParameters: 1) },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_cannot_be_kept_is_told_to_a_person_with_the_limit_and_is_not_sent(string why, MaximumStringLengths texts, MaximumArrayLengths arrays)
    {
        var shift = Limited(texts, arrays).Sweep(Round);
        shift.RunMinutes(2);

        Assert.Empty(shift.Vehicle.Orders);
        Assert.Contains(why, Assert.Single(shift.Notes("fault")).Text, StringComparison.Ordinal);
        Assert.Contains(TwinView.Of(shift.Twin, GridTown.Context).Errors, error => error.Contains(why, StringComparison.Ordinal));

        // Nothing of the mission is lost: a vehicle that takes it drives it when a person resumes.
        shift.Vehicle.Factsheet = Sheet(shift, new(), new());
        shift.Vehicle.Kill();
        shift.Vehicle.Start();
        shift.RunMinutes(1);
        shift.Centre.Command(shift.Vehicle.Id, VehicleCommandKind.Resume, "Ada");
        shift.RunToEnd();
        Assert.Equal(Round, shift.SweptKerbs);
    }

    [Fact]
    public void Limits_hold_after_a_restart_before_the_factsheet_comes_again()
    {
        var limits = VehicleLimits.Of(new(new(MaximumIdLength: 50), new(OrderNodes: 4, InstantActions: 0), new(1, 0)));
        var twin = new TestShift().Twin with { Limits = limits };

        Assert.Equal(limits, TwinMemory.Of(twin).Recall(GridTown.Vehicle(1), null).Limits);
        Assert.Equal((4, 50, int.MaxValue, 1.0), (limits.Nodes, limits.IdLength, limits.InstantActions, limits.OrderEveryS));
        Assert.Null(TwinMemory.Of(twin with { Limits = VehicleLimits.None }).Limits);
    }

    [Fact]
    public void Closures_that_are_more_zones_than_the_vehicle_takes_are_not_sent_and_a_person_knows()
    {
        var shift = Limited(new(), new(ZoneSetZones: 1));
        var arcs = Enumerable.Range(0, GridTown.City.Streets.ArcCount).Where(arc => GridTown.City.Streets.ArcReverse[arc] >= 0).ToList();
        var closed = GridTown.Context.With(Closures.None.Close(arcs.Take(6).SelectMany(arc => new[] { arc, GridTown.City.Streets.ArcReverse[arc] })));
        Assert.True(closed.ClosureZones.Zones.Length > 1);
        var far = shift.Twin with { KeepsZones = true, Facts = shift.Twin.Facts! with { Position = new(1e5, 1e5) } };

        var (after, effects) = TwinRules.Decide(far, new TwinEvent.Ticked(), shift.Loop.Now, closed);
        Assert.DoesNotContain(effects.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.ZoneSet);
        Assert.Contains("the vehicle takes 1 (zoneSet.zones)", Assert.Single(effects.OfType<TwinEffect.Note>(), note => note.Kind == "zonesNotSent").Text, StringComparison.Ordinal);
        Assert.Contains(TwinView.Of(after, closed).Errors, error => error.Contains("zoneSet.zones", StringComparison.Ordinal));

        // Told once, and sent when the vehicle can take them.
        var (again, more) = TwinRules.Decide(after, new TwinEvent.Ticked(), shift.Loop.Now.AddSeconds(1), closed);
        Assert.DoesNotContain(more.OfType<TwinEffect.Note>(), note => note.Kind == "zonesNotSent");
        var (able, _) = TwinRules.Decide(again, new TwinEvent.Declared(Sheet(shift, new(), new(ZoneSetZones: 50))), shift.Loop.Now.AddSeconds(2), closed);
        var (_, last) = TwinRules.Decide(able with { KeepsZones = true, Facts = far.Facts }, new TwinEvent.Ticked(), shift.Loop.Now.AddSeconds(2), closed);
        Assert.Contains(last.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.ZoneSet);
    }

    [Fact]
    public void A_vehicle_that_shows_few_instant_actions_is_asked_to_clear_them_earlier()
    {
        var twin = new TestShift().Twin with { Limits = new() { InstantActions = 6 } };
        bool Clears(int ended) => TwinRules.Decide(
            twin, new TwinEvent.Reported(Reported(twin) with { InstantActionStates = [.. Enumerable.Range(0, ended).Select(i => new ActionState($"x{i}", ActionStatus.Finished))] }),
            twin.Facts!.KnownAt.AddSeconds(1), GridTown.Context)
            .Effects.OfType<TwinEffect.Send>().Any(send => send.Message is InstantActions { Actions: [{ ActionType: SweeperActions.ClearInstantActions }] });

        Assert.Equal((false, true), (Clears(2), Clears(3)));
    }

    private static State Reported(Twin twin)
    {
        var shift = new TestShift();
        return shift.LastState! with { Vehicle = twin.Id, HeaderId = twin.Facts!.HeaderId + 1, Timestamp = twin.Facts.SentAt.AddSeconds(1) };
    }

    private static TestShift Limited(MaximumStringLengths texts, MaximumArrayLengths arrays, Timing? timing = null)
    {
        var shift = new TestShift();
        shift.Vehicle.Factsheet = Sheet(shift, texts, arrays, timing);
        shift.Vehicle.Kill();
        shift.Vehicle.Start();
        shift.RunMinutes(0.2);
        Assert.NotEqual(VehicleLimits.None, shift.Twin.Limits);
        return shift;
    }

    private static Factsheet Sheet(TestShift shift, MaximumStringLengths texts, MaximumArrayLengths arrays, Timing? timing = null) => new()
    {
        HeaderId = 0,
        Timestamp = shift.Loop.Now,
        Vehicle = shift.Vehicle.Id,
        TypeSpecification = new("few", "CARRIER", 0, [], []) { MobileRobotKinematics = "DIFFERENTIAL" },
        PhysicalParameters = new(0, 1, 1, 1, 2, 2, 1, 3),
        ProtocolLimits = new(texts, arrays, timing ?? new(0, 0)),
        ProtocolFeatures = new([], []),
        MobileRobotGeometry = new(),
        LoadSpecification = new(),
    };
}
