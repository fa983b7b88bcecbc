using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Tests;

public sealed class WorkTests
{
    private static readonly Town Town = Town.Instance;

    [Theory]
    [InlineData("hopperFull")]
    [InlineData("waterEmpty")]
    [InlineData("batteryLow")]
    public void Sweeping_ends_where_a_level_gives_out_and_the_vehicle_drives_on_in_transit(string reason)
    {
        var model = SweeperModel.Default;
        // Each level lasts for about 100 of the 300 m.
        var rig = new Rig(start: fresh => reason switch
        {
            "hopperFull" => fresh with { HopperM3 = model.HopperLimitM3 - (0.1 * model.SweepingsM3PerKm) },
            "waterEmpty" => fresh with { WaterL = 100 / model.SweepSpeedMps / 60 * model.WaterLPerMin },
            _ => fresh with { EnergyWh = model.ReserveWh + (100 / model.SweepSpeedMps / 3600 * model.SweepPowerW) },
        });
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], sweep: _ => true));
        rig.RunUntilDone();

        var first = rig.Action("o1.sweep.1");
        Assert.Equal(ActionStatus.Failed, first.ActionStatus);
        Assert.StartsWith($"{reason};sweptM=", first.ActionResult, StringComparison.Ordinal);
        Assert.Equal(100, rig.Status.SweptM, 2.0);
        Assert.Equal($"{reason};sweptM=0.00", rig.Action("o1.sweep.3").ActionResult);
        Assert.Equal("n3", rig.State.LastNodeId);
        Assert.Contains(rig.States, state => state.Velocity!.Vx > model.SweepSpeedMps + 1);
        Assert.Contains(rig.State.Errors, error => error.ErrorType == reason);
        Assert.InRange(rig.Status.HopperM3, 0, model.HopperLimitM3);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void Both_kerbs_of_an_edge_are_swept_in_one_pass()
    {
        var rig = new Rig();
        var order = Town.Order("o1", 0, ["1.0f"]);
        rig.Send(order with
        {
            Edges = [order.Edges[0] with { Actions = [SweeperActions.SweepKerb("r", "1.0f", SweepSide.Right), SweeperActions.SweepKerb("l", "1.0fl", SweepSide.Left)] }],
        });
        rig.RunUntilDone();
        Assert.Equal("sweptM=300.00", rig.Action("r").ActionResult);
        Assert.Equal("sweptM=300.00", rig.Action("l").ActionResult);
        Assert.Equal(0.6 * rig.Model.SweepingsM3PerKm, rig.Status.HopperM3, 9);
        Assert.Equal(300, rig.Status.SweptM, 6);
    }

    [Fact]
    public void After_tipping_within_an_order_it_sweeps_again()
    {
        var rig = new Rig(start: fresh => fresh with { HopperM3 = SweeperModel.Default.HopperLimitM3 });
        rig.Send(Town.Order("o1", 0, ["1.0f"], sweep: _ => true, atNode: AtNode(0, SweeperActions.TipHopper("tip"))));
        rig.RunUntilDone();
        Assert.Equal("sweptM=300.00", rig.Action("o1.sweep.1").ActionResult);
        Assert.All(rig.States, state => Assert.True(state.Velocity!.Vx <= rig.Model.SweepSpeedMps + 1e-9));
    }

    [Theory]
    [InlineData(0.3, 80)]
    [InlineData(0.5, 100)]
    public void Charging_takes_the_time_of_the_table(double fromShare, double untilPercent)
    {
        var rig = new Rig(start: fresh => fresh with { EnergyWh = fromShare * SweeperModel.Default.BatteryWh });
        rig.Send(Town.Order("o1", 0, [], atNode: AtNode(0, SweeperActions.ChargeUntil("charge", untilPercent))));
        rig.Run(2);
        Assert.True(rig.State.PowerSupply.Charging);
        rig.RunUntil(state => state.ActionStates[0].IsEnded, withinS: 20_000);
        var table = rig.Model.ChargeSecondsByPercent();
        Assert.Equal(table[(int)untilPercent] - table[(int)(fromShare * 100)], rig.SecondsSinceBegin, 5.0);
        Assert.Equal($"percent={untilPercent:F1}", rig.Action("charge").ActionResult);
        Assert.False(rig.State.PowerSupply.Charging);
    }

    [Theory]
    [InlineData("tip", 360)]
    [InlineData("washHopper", 600)]
    [InlineData("fillWater", 480)]
    public void Depot_work_takes_its_time(string type, double seconds)
    {
        var rig = new Rig(start: fresh => fresh with { WaterL = 10 });
        rig.Send(Town.Order("o1", 0, [], atNode: AtNode(0, new RobotAction(type, "work", BlockingType.Hard))));
        rig.RunUntil(state => state.ActionStates[0].IsEnded);
        Assert.Equal(seconds, rig.SecondsSinceBegin, 1.0);
        Assert.Equal(ActionStatus.Finished, rig.Action("work").ActionStatus);
    }

    [Fact]
    public void Depot_work_elsewhere_fails_and_the_order_goes_on()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], atNode: AtNode(1, SweeperActions.TipHopper("tip"))));
        rig.RunUntilDone();
        Assert.Equal((ActionStatus.Failed, "notAtDepot"), (rig.Action("tip").ActionStatus, rig.Action("tip").ActionResult));
        Assert.Equal("n3", rig.State.LastNodeId);
    }

    [Fact]
    public void StopCharging_ends_the_charge_early_and_the_order_goes_on()
    {
        var rig = new Rig(start: fresh => fresh with { EnergyWh = 20_000 });
        rig.Send(Town.Order("o1", 0, ["1.0f"], atNode: AtNode(0, SweeperActions.ChargeUntil("charge", 100))));
        rig.Run(60);
        rig.Instant(SweeperActions.StopCharging);
        Assert.Equal(ActionStatus.Finished, rig.Action("charge").ActionStatus);
        rig.RunUntilDone();
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    [Fact]
    public void An_empty_vehicle_stands_with_a_fatal_error()
    {
        var rig = new Rig(start: fresh => fresh with { EnergyWh = 30 });
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f", "3.0f"]));
        rig.RunUntil(state => state.Errors.Any(error => error is { ErrorType: "batteryEmpty", ErrorLevel: ErrorLevel.Fatal }));
        rig.Run(20);
        Assert.False(rig.State.Driving);
        Assert.Equal(0, rig.State.PowerSupply.StateOfCharge);
        var odometerM = rig.Status.OdometerM;
        rig.Run(60);
        Assert.Equal(odometerM, rig.Status.OdometerM);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_vehicle_that_is_empty_at_the_depot_can_charge()
    {
        var rig = new Rig(start: fresh => fresh with { EnergyWh = 0 });
        rig.Send(Town.Order("o1", 0, ["1.0f"], atNode: AtNode(0, SweeperActions.ChargeUntil("charge", 10))));
        rig.RunUntilDone();
        Assert.Equal(ActionStatus.Finished, rig.Action("charge").ActionStatus);
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    [Fact]
    public void A_vehicle_parked_at_the_depot_draws_standby_and_elsewhere_idle_power()
    {
        var parked = new Rig();
        parked.Run(3600);
        Assert.Equal(parked.Model.BatteryWh - parked.Model.StandbyPowerW, parked.Status.EnergyWh!.Value, 1.0);

        var away = new Rig(start: fresh => fresh with { Arc = "1.0f", OffsetM = 100, LastNodeId = "n1" });
        away.Run(3600);
        Assert.Equal(away.Model.BatteryWh - away.Model.IdlePowerW, away.Status.EnergyWh!.Value, 1.0);
    }

    private static Dictionary<int, ImmutableArray<RobotAction>> AtNode(int index, params ImmutableArray<RobotAction> actions) => new() { [index] = actions };
}
