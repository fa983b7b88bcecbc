using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Planning;
using Xunit;

namespace Kehrwerk.Centre.Tests.Traffic;

/// <summary>Single decisions of a twin on what it holds, in grid town with all streets narrow.</summary>
public sealed class RoadsTests
{
    private static readonly CityContext Town = GridTown.Narrow((_, _) => true);
    private static readonly VehicleId Id = new("test", "T-1");

    [Theory]
    [InlineData(4, 500)]
    [InlineData(1000, 0)]
    [InlineData(uint.MaxValue, 1e9)]
    public void Nothing_beyond_what_was_released_is_believed_to_be_driven(uint lastNode, double sinceNodeM)
    {
        var d = Decide(Order(released: 2, 4, 5, 6, 10), Held(2, 4, 5, 6, 10), lastNode, sinceNodeM);
        Roads.Leave(d);

        // It stands at the end of its base at most, with its length still in the street.
        Assert.Equal([Arc(5, 6)], d.Twin.Road!.HeldArcs);
    }

    [Fact]
    public void A_street_past_the_depot_is_left_by_the_vehicles_length_and_at_once_where_the_vehicle_stops_there()
    {
        var past = Decide(Order(released: 3, 1, 0, 4, 8), Held(3, 1, 0, 4, 8), lastNode: 2, sinceNodeM: 3);
        Roads.Leave(past);
        Assert.Equal(Arc(1, 0), past.Twin.Road!.HeldArcs.First());

        var home = Decide(Order(released: 2, 5, 1, 0, 4), Held(2, 5, 1, 0, 4), lastNode: 4, sinceNodeM: 0);
        Roads.Leave(home);
        Assert.Null(home.Twin.Road);
    }

    [Fact]
    public void A_way_that_is_refused_is_led_back_to_the_announced_one_that_begins_where_the_vehicle_stands()
    {
        var order = Order(released: 0) with { OrderId = "o2", Start = new(Arc(4, 5), GridTown.BlockM, true) };
        var d = Decide(order, Held(1, 5, 6, 2), 0, 0);

        Assert.Equal([Arc(5, 6), Arc(6, 2)], Roads.KeepToAnnounced(d, order).Path.Select(arc => arc.Arc));
    }

    [Fact]
    public void A_place_that_was_not_granted_is_held_too_and_the_announced_way_counts_only_from_there()
    {
        var road = Held(1, 5, 6, 2);
        var moved = Decide(Order(released: 0), road, 0, 0);
        Roads.HoldPlace(moved, new(Arc(9, 10), 50, false));
        var near = Decide(Order(released: 0), road, 0, 0);
        Roads.HoldPlace(near, new(Arc(4, 5), GridTown.BlockM, true));

        Assert.Equal([Arc(5, 6), Arc(9, 10)], moved.Twin.Road!.HeldArcs);
        Assert.Empty(moved.Twin.Road.Way);
        Assert.Equal([Arc(4, 5), Arc(5, 6)], near.Twin.Road!.HeldArcs);
        Assert.Equal(road.Way, near.Twin.Road.Way);
        Assert.Single(near.Effects.OfType<TwinEffect.TellRoad>());
    }

    [Fact]
    public void Where_closed_streets_leave_no_way_out_a_person_learns_why_the_vehicle_stands()
    {
        var order = Order(released: 0, 9, 10);
        var closed = Town.With(new([Arc(1, 0), Arc(4, 0)]));
        var d = Decide(order, null, 0, 0, closed);
        Roads.Ask(d, order, 0, 1);
        Roads.Ask(d, order, 0, 1);

        Assert.Equal("shutIn", Assert.Single(d.Effects.OfType<TwinEffect.Note>()).Kind);
        Assert.Empty(d.Effects.OfType<TwinEffect.AskRoad>());
        Assert.StartsWith("shutIn:", Assert.Single(TwinView.Of(d.Twin, closed).Errors), StringComparison.Ordinal);

        var opened = new Decision(d.Twin, d.Now.AddSeconds(1), Town);
        Roads.Ask(opened, order, 0, 1);
        Assert.Single(opened.Effects.OfType<TwinEffect.AskRoad>());
        Assert.Empty(TwinView.Of(opened.Twin, Town).Errors);
    }

    [Theory]
    [InlineData(true, ActionStatus.Failed, true)]
    [InlineData(true, ActionStatus.Finished, true)]
    [InlineData(false, ActionStatus.Failed, false)]
    [InlineData(false, ActionStatus.Finished, true)]
    public void A_cancellation_that_failed_frees_only_where_the_vehicle_is_known_to_remember_it(bool isOurs, ActionStatus status, bool isFree)
    {
        var twin = Decide(Order(released: 0), Held(1, 0, 1, 2), 0, 0).Twin with
        {
            Order = null,
            Place = new(Arc(1, 0), GridTown.BlockM, true),
            Commands = [new("c1", SweeperActions.CancelOrder, TwinRules.Centre, TestShift.Begin, "o1")],
        };
        var state = new State
        {
            HeaderId = 2,
            Timestamp = TestShift.Begin,
            Vehicle = Id,
            OrderId = "",
            OrderUpdateId = 0,
            LastNodeId = "100",
            LastNodeSequenceId = 0,
            NodeStates = [],
            EdgeStates = [],
            Driving = false,
            ActionStates = [],
            Errors = [],
            PowerSupply = new(90, false),
            OperatingMode = OperatingMode.Automatic,
            SafetyState = new(EmergencyStop.None, false),
            InstantActionStates = [new("c1", status, SweeperActions.CancelOrder)],
            SweeperStatus = isOurs ? new(0, 0, 400, 0, 0, 50_000) : null,
        };

        Assert.Equal(isFree, TwinRules.Decide(twin, new TwinEvent.Reported(state), TestShift.Begin, Town).Twin.Road is null);
    }

    [Fact]
    public void A_mission_of_another_city_ends_and_what_the_vehicle_holds_in_this_one_stays_held()
    {
        var twin = Decide(Order(released: 0), Held(1, 0, 1, 2), 0, 0).Twin;
        var foreign = twin.Mission! with { City = "another city" };
        var after = TwinRules.Decide(twin with { Mission = null, Order = null }, new TwinEvent.MissionAssigned(foreign), TestShift.Begin, Town).Twin;

        Assert.False(after.Mission!.IsRunning);
        Assert.Equal([Arc(0, 1)], after.Road!.HeldArcs);
    }

    [Fact]
    public void A_vehicle_that_waits_is_not_stored_anew_with_every_answer()
    {
        var order = Order(released: 1, 9, 5, 1, 0);
        var d = Decide(order, Held(1, 9, 5, 1, 0), 0, 0);
        AskAndWait(d);
        var stored = TwinMemory.Of(d.Twin);
        var later = new Decision(d.Twin, d.Now.AddSeconds(1), Town);
        AskAndWait(later);

        Assert.NotEqual(d.Twin.RoadAskedAt, later.Twin.RoadAskedAt);
        Assert.True(stored.TellsAs(TwinMemory.Of(later.Twin)));

        void AskAndWait(Decision decision)
        {
            Roads.Ask(decision, order, 1, 2);
            var asked = Assert.Single(decision.Effects.OfType<TwinEffect.AskRoad>());
            Roads.Take(decision, new(asked.Claim, new(true, asked.Claim.Granted, new(new("test", "T-2"), Arc(5, 1)))));
        }
    }

    private static Decision Decide(OrderInFlight order, RoadClaim? road, uint lastNode, double sinceNodeM, CityContext? town = null)
    {
        var spec = GridTown.Spec("T-1");
        return new(
            new()
            {
                Id = Id,
                Spec = spec,
                Order = order,
                Road = road,
                Mission = Mission.From("m1", Id, Town.City.Fingerprint, GridTown.Tour("T-1", [0]), spec, TestShift.Begin),
                Facts = new()
                {
                    HeaderId = 1,
                    SentAt = TestShift.Begin,
                    KnownAt = TestShift.Begin,
                    OrderId = order.OrderId,
                    LastNodeSequenceId = lastNode,
                    SinceNodeM = sinceNodeM,
                    Mode = OperatingMode.Automatic,
                },
            },
            TestShift.Begin,
            town ?? Town);
    }

    private static OrderInFlight Order(int released, params ImmutableArray<int> crossings) => new()
    {
        OrderId = "o1",
        Start = new(crossings.IsEmpty ? 0 : Arc(crossings[1], crossings[0]), GridTown.BlockM, true),
        StartPoint = default,
        Path = [.. Arcs(crossings).Select(arc => new OrderArc(arc, 0, 0))],
        Base = released,
    };

    private static RoadClaim Held(int granted, params ImmutableArray<int> crossings) => new()
    {
        City = Town.City.Fingerprint,
        OrderId = "o1",
        LengthM = 12,
        Way = [.. Arcs(crossings)],
        Granted = granted,
    };

    private static IEnumerable<int> Arcs(ImmutableArray<int> crossings) => crossings.Zip(crossings.Skip(1), Arc);

    private static int Arc(int from, int to) => GridTown.KerbBetween(from, to).Arc;
}
