using System.Collections.Immutable;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper.Tests;

public sealed class OrderTests
{
    private static readonly Town Town = Town.Instance;
    private static readonly string[] Round = ["1.0f", "2.0f", "3.0f", "4.0f"];

    [Fact]
    public void An_order_is_swept_and_worked_to_its_end()
    {
        var rig = new Rig();
        ImmutableArray<RobotAction> service =
            [SweeperActions.TipHopper("tip"), SweeperActions.FillWaterTank("fill"), SweeperActions.WashHopperOut("wash"), SweeperActions.ChargeUntil("charge", 100)];
        rig.Send(Town.Order("o1", 0, Round, sweep: i => i is 0 or 2, atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [4] = service }));
        Assert.Equal(4, rig.State.NodeStates.Length);
        rig.RunUntilDone();

        Assert.Equal("n1", rig.State.LastNodeId);
        Assert.Equal(8u, rig.State.LastNodeSequenceId);
        Assert.All(rig.State.ActionStates, action => Assert.Equal(ActionStatus.Finished, action.ActionStatus));
        Assert.Equal("sweptM=300.00", rig.Action("o1.sweep.1").ActionResult);
        Assert.Equal(600, rig.Status.SweptM, 6);
        Assert.Equal(Round.Sum(Town.LengthM), rig.Status.OdometerM, 6);
        Assert.Equal(0, rig.Status.HopperM3);
        Assert.Equal(rig.Model.WaterL, rig.Status.WaterL);
        Assert.Equal(100, rig.State.PowerSupply.StateOfCharge, 1);
        Assert.Empty(rig.State.Errors);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_message_that_the_broker_kept_from_earlier_starts_nothing()
    {
        var rig = new Rig();
        rig.Receive(new LinkMessage(Topics.Default.Of(Rig.Id, LinkTopic.Order), LinkJson.Serialize(Town.Order("o1", 0, Round)), Retain: true));
        rig.Run(10);

        Assert.Equal("", rig.State.OrderId);
        Assert.Equal(ErrorTypes.ValidationFailure, Assert.Single(rig.State.Errors).ErrorType);
    }

    [Fact]
    public void An_order_that_begins_at_a_node_of_no_map_is_refused()
    {
        var rig = new Rig();
        var order = Town.Order("o1", 0, []);
        rig.Send(order with { Nodes = [order.Nodes[0] with { NodeId = "n4711", NodePosition = null }] });

        Assert.Equal("n1", rig.State.LastNodeId);
        Assert.Equal(ErrorTypes.StartNodeOutOfRange, Assert.Single(rig.State.Errors).ErrorType);
    }

    [Fact]
    public void Sweeping_takes_hopper_water_and_energy_by_the_figures_of_the_model()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f"], sweep: _ => true));
        rig.RunUntilDone();

        var sweepS = 300 / rig.Model.SweepSpeedMps;
        Assert.Equal(0.3 * rig.Model.SweepingsM3PerKm, rig.Status.HopperM3, 9);
        Assert.Equal(rig.Status.HopperM3 * rig.Model.SweepingsKgPerM3, rig.Status.HopperKg, 9);
        // Speeding up and braking cost some seconds more than the pure way at sweeping speed.
        Assert.Equal(rig.Model.WaterL - (sweepS / 60 * rig.Model.WaterLPerMin), rig.Status.WaterL, 0.2);
        Assert.Equal(rig.Model.BatteryWh - (sweepS / 3600 * rig.Model.SweepPowerW), rig.Status.EnergyWh!.Value, 5.0);
    }

    [Fact]
    public void Dirt_deviates_from_the_plan_by_kerb_and_alike_for_a_seed()
    {
        var found = new[] { 1, 1, 2 }.Select(seed =>
        {
            var rig = new Rig(settings: Town.Settings with { DirtSpread = 0.3, DirtSeed = seed });
            rig.Send(Town.Order("o1", 0, ["1.0f"], sweep: _ => true));
            rig.RunUntilDone();
            return rig.Status.HopperM3 / (0.3 * rig.Model.SweepingsM3PerKm);
        }).ToList();
        Assert.Equal(found[0], found[1]);
        Assert.NotEqual(found[0], found[2]);
        Assert.All(found, factor => Assert.InRange(factor, 0.7, 1.3));
    }

    [Fact]
    public void The_vehicle_stands_at_the_end_of_its_base_and_asks_for_more()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, Round, released: 2));
        Assert.False(rig.State.NewBaseRequest);
        rig.RunUntil(state => state.LastNodeId == "n3");
        rig.Run(30);
        Assert.False(rig.State.Driving);
        Assert.True(rig.State.NewBaseRequest);
        Assert.Equal(["n4", "n1"], rig.State.NodeStates.Select(node => node.NodeId));
        Assert.All(rig.State.NodeStates, node => Assert.False(node.Released));
        Assert.Equal(0, Town.PlaceOf("n3").DistanceTo(new(rig.State.MobileRobotPosition!.X, rig.State.MobileRobotPosition.Y)), 0.1);

        rig.Send(Town.Order("o1", 1, ["3.0f", "4.0f"], firstSequenceId: 4));
        rig.RunUntilDone();
        Assert.Equal("n1", rig.State.LastNodeId);
    }

    [Fact]
    public void A_base_extended_in_time_is_driven_on_without_a_stop()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], released: 1));
        rig.RunUntil(state => state.NewBaseRequest == true);
        rig.Send(Town.Order("o1", 1, ["2.0f", "3.0f"], firstSequenceId: 2));
        Assert.Equal(1u, rig.State.OrderUpdateId);
        var first = rig.States.Count;
        rig.RunUntil(state => state.LastNodeId == "n3");
        Assert.All(rig.States.Skip(first), state => Assert.True(state.Velocity!.Vx > 1));
        rig.RunUntilDone();
        Assert.Equal("n4", rig.State.LastNodeId);
    }

    [Fact]
    public void Actions_of_a_dropped_horizon_vanish_and_new_ones_come()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, Round, released: 1, sweep: i => i == 1));
        Assert.Single(rig.State.ActionStates);
        rig.Send(Town.Order("o1", 1, ["2.0f", "3.0f"], firstSequenceId: 2, sweep: i => i == 1));
        Assert.Equal("o1.sweep.5", Assert.Single(rig.State.ActionStates).ActionId);
        rig.RunUntilDone();
        Assert.Equal(ActionStatus.Finished, rig.Action("o1.sweep.5").ActionStatus);
    }

    [Fact]
    public void A_repeated_order_changes_nothing_and_is_not_answered()
    {
        var rig = new Rig();
        var order = Town.Order("o1", 0, ["1.0f"]);
        rig.Send(order);
        rig.Run(10);
        var sent = rig.Sent.Count;
        rig.Send(order);
        Assert.Equal(sent, rig.Sent.Count);
        rig.RunUntilDone();
        sent = rig.Sent.Count;
        rig.Send(order);
        Assert.Equal(sent, rig.Sent.Count);
    }

    public static TheoryData<string, string> WrongOrders => new()
    {
        { "other order", ErrorTypes.OtherOrderActive },
        { "same update", ErrorTypes.SameOrderUpdateId },
        { "old update", ErrorTypes.OutdatedOrderUpdate },
        { "wrong stitch", ErrorTypes.ValidationFailure },
        { "used action", ErrorTypes.ValidationFailure },
    };

    [Theory]
    [MemberData(nameof(WrongOrders))]
    public void A_wrong_order_is_refused_at_once_and_the_one_in_hand_goes_on(string what, string errorType)
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], released: 1, sweep: i => i == 0));
        rig.Send(Town.Order("o1", 3, ["2.0f"], released: 0, firstSequenceId: 2));
        rig.Run(5);
        rig.Send(what switch
        {
            "other order" => Town.Order("o2", 0, ["2.0f"]),
            "same update" => Town.Order("o1", 3, ["1.0f"]),
            "old update" => Town.Order("o1", 2, ["2.0f"], firstSequenceId: 2),
            "wrong stitch" => Town.Order("o1", 4, ["3.0f"], firstSequenceId: 4),
            _ => UsesActionAgain(),
        });
        Assert.Equal(errorType, Assert.Single(rig.State.Errors).ErrorType);
        Assert.Contains(rig.State.Errors[0].ErrorReferences, reference => reference.ReferenceKey == "orderId");
        Assert.Equal(("o1", 3u), (rig.State.OrderId, rig.State.OrderUpdateId));
        Assert.Equal(2, rig.State.NodeStates.Length);

        rig.Send(Town.Order("o1", 5, ["2.0f"], firstSequenceId: 2));
        Assert.Empty(rig.State.Errors);
        rig.RunUntilDone();
        Assert.Equal("n3", rig.State.LastNodeId);
        rig.AllMessagesAreValid();

        static Order UsesActionAgain()
        {
            var order = Town.Order("o1", 4, ["2.0f"], firstSequenceId: 2);
            return order with { Edges = [order.Edges[0] with { Actions = [SweeperActions.SweepKerb("o1.sweep.1", "2.0f", SweepSide.Right)] }] };
        }
    }

    public static TheoryData<string, string> UnfitOrders => new()
    {
        { "elsewhere", ErrorTypes.StartNodeOutOfRange },
        { "unknown edge", ErrorTypes.NoRouteToTarget },
        { "gap", ErrorTypes.NoRouteToTarget },
        { "other map", ErrorTypes.UnknownMapId },
        { "no nodes", ErrorTypes.ValidationFailure },
        { "odd numbers", ErrorTypes.ValidationFailure },
        { "base after horizon", ErrorTypes.ValidationFailure },
        { "action twice", ErrorTypes.ValidationFailure },
        { "unknown edge action", ErrorTypes.InvalidOrderAction },
        { "unknown node action", ErrorTypes.InvalidOrderAction },
        { "sweep without kerb", ErrorTypes.InvalidOrderAction },
        { "too long", ErrorTypes.InsufficientMemory },
    };

    [Theory]
    [MemberData(nameof(UnfitOrders))]
    public void An_order_that_does_not_fit_is_refused_and_the_vehicle_stays(string what, string errorType)
    {
        var rig = new Rig();
        var fit = Town.Order("o1", 0, ["1.0f", "2.0f"], sweep: _ => true);
        var edge = fit.Edges[0];
        rig.Send(what switch
        {
            "elsewhere" => Town.Order("o1", 0, ["2.0f"]),
            "unknown edge" => fit with { Edges = [edge with { EdgeId = "9.9f" }, fit.Edges[1]] },
            "gap" => fit with { Edges = [edge, fit.Edges[1] with { EdgeId = "4.0f" }] },
            "other map" => fit with { Nodes = [.. fit.Nodes.Select(node => node with { NodePosition = node.NodePosition! with { MapId = "other" } })] },
            "no nodes" => fit with { Nodes = [], Edges = [] },
            "odd numbers" => fit with { Nodes = [fit.Nodes[0] with { SequenceId = 1 }, .. fit.Nodes[1..]] },
            "base after horizon" => fit with { Nodes = [fit.Nodes[0], fit.Nodes[1] with { Released = false }, fit.Nodes[2]], Edges = [edge with { Released = false }, fit.Edges[1]] },
            "action twice" => fit with { Edges = [edge, fit.Edges[1] with { Actions = edge.Actions }] },
            "unknown edge action" => fit with { Edges = [edge with { Actions = [new("polish", "p", BlockingType.None)] }, fit.Edges[1]] },
            "unknown node action" => fit with { Nodes = [fit.Nodes[0] with { Actions = [new("dance", "d", BlockingType.Hard)] }, .. fit.Nodes[1..]] },
            "sweep without kerb" => fit with { Edges = [edge with { Actions = [new(SweeperActions.Sweep, "s", BlockingType.None)] }, fit.Edges[1]] },
            _ => Town.Order("o1", 0, [.. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? "1.0f" : "1.0b")]),
        });
        Assert.Equal(errorType, Assert.Single(rig.State.Errors).ErrorType);
        Assert.Equal("", rig.State.OrderId);
        rig.Run(20);
        Assert.Equal(0, rig.Status.OdometerM);
        rig.AllMessagesAreValid();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"headerId\": 1}")]
    public void Broken_messages_become_errors_in_the_state(string json)
    {
        var rig = new Rig();
        rig.Receive(LinkTopic.Order, Encoding.UTF8.GetBytes(json));
        rig.Receive(LinkTopic.InstantActions, Encoding.UTF8.GetBytes(json));
        Assert.Equal(2, rig.State.Errors.Length);
        Assert.All(rig.State.Errors, error => Assert.Equal(ErrorTypes.ValidationFailure, error.ErrorType));
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_message_for_another_vehicle_is_not_obeyed()
    {
        var rig = new Rig();
        var foreign = Town.Order("o1", 0, ["1.0f"]) with { Vehicle = new("kehrwerk", "S2") };
        rig.Receive(LinkTopic.Order, LinkJson.Serialize(foreign));
        rig.Receive(new LinkMessage("vda5050/v3/kehrwerk/S2/order", LinkJson.Serialize(foreign)));
        rig.Receive(new LinkMessage("something else", new byte[3]));
        Assert.Equal("", rig.State.OrderId);
        Assert.Equal(3, rig.State.Errors.Length);
    }

    [Fact]
    public void Errors_are_bounded()
    {
        var rig = new Rig();
        for (var i = 0; i < 50; i++)
        {
            rig.Send(Town.Order($"o{i}", 0, ["2.0f"]));
        }

        Assert.Equal(10, rig.State.Errors.Length);
    }

    [Fact]
    public void After_a_stop_within_an_arc_the_next_order_drives_on_from_there()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], sweep: i => i == 0));
        rig.Run(100);
        rig.Instant(SweeperActions.Cancel("stop"));
        rig.RunUntilDone();
        var firstM = rig.Status.SweptM;
        Assert.InRange(firstM, 100, 150);

        var here = new Streets.MapPoint(rig.State.MobileRobotPosition!.X, rig.State.MobileRobotPosition.Y);
        rig.Send(Town.Order("o2", 0, ["2.0f"]));
        Assert.Equal(ErrorTypes.StartNodeOutOfRange, Assert.Single(rig.State.Errors).ErrorType);
        rig.Send(Town.Order("o3", 0, ["1.0f", "2.0f"], sweep: i => i == 0, start: ("here", here)));
        Assert.Empty(rig.State.Errors);
        rig.RunUntilDone();
        Assert.Equal("n3", rig.State.LastNodeId);
        Assert.Equal(300, rig.Status.SweptM, 6);
        Assert.Equal(Town.LengthM("1.0f") + Town.LengthM("2.0f"), rig.Status.OdometerM, 6);
        Assert.Equal(300 - firstM, double.Parse(rig.Action("o3.sweep.1").ActionResult!["sweptM=".Length..], System.Globalization.CultureInfo.InvariantCulture), 0.01);
    }
}
