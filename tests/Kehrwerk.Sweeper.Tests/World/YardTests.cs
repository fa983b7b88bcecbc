using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.World;

public sealed class YardTests
{
    private static readonly BayPose Gate = new(50, -1.5, 0);
    private static readonly Actuation Go = new(1, 0, false), Stay = new(0, 0, false) { ParkingBrake = true };

    private readonly Stage stage = new(Stage.Empty with { Bays = [Gate] });
    private readonly SensorFrame otherFrame = new();
    private readonly VirtualPlatform one, other;

    public YardTests()
    {
        one = stage.Vehicle;
        other = new(stage.World, SweeperModel.Default, Gate.X, Gate.Y, 0, 2);
        foreach (var vehicle in new[] { one, other })
        {
            (vehicle.IsInYard, vehicle.HasLeft) = (true, false);
        }

        one.Tick(Stay, stage.Frame);
        other.Tick(Stay, otherFrame);
    }

    [Fact]
    public void Vehicles_come_out_of_the_yard_one_after_the_other_and_do_not_touch()
    {
        var outOfYardAtX = double.NaN;
        for (var tick = 0; tick < 600; tick++)
        {
            one.Tick(Go with { AccelerationMps2 = one.Body.SpeedMps < 3 ? 1 : 0 }, stage.Frame);
            other.Tick(otherFrame.IsHeld ? Stay : Go with { AccelerationMps2 = other.Body.SpeedMps < 2 ? 1 : 0 }, otherFrame);
            outOfYardAtX = double.IsNaN(outOfYardAtX) && !other.IsInYard ? one.Body.X : outOfYardAtX;
        }

        Assert.InRange(outOfYardAtX - Gate.X, 20, 40);
        Assert.False(one.IsInYard || other.IsInYard);
        Assert.Equal(0, one.Truth.CollisionCount + other.Truth.CollisionCount);
    }

    [Fact]
    public void Who_is_in_the_yard_is_neither_seen_nor_touched_and_is_held_while_something_stands_before_the_gate()
    {
        stage.Add(AgentKind.Car, Gate.X + 5, Gate.Y);
        for (var tick = 0; tick < 100; tick++)
        {
            one.Tick(Go, stage.Frame);
        }

        Assert.True(stage.Frame.IsHeld);
        Assert.Equal(Gate.X, one.Body.X);
        Assert.Equal(0, stage.Frame.ObjectCount);
        Assert.True(stage.World.Agents[one.AgentIndex].IsAway);
    }

    [Fact]
    public void A_bay_serves_only_who_is_docked_and_as_its_faults_let_it()
    {
        one.Gear.HopperM3 = 1;
        stage.World.Yard.Inject(new(DepotService.Charge, DepotFaultKind.OutOfOrder, 2, 0, 1e9));
        stage.World.Yard.Inject(new(DepotService.FillWater, DepotFaultKind.Dead, 0, 0, 1e9));
        one.Gear.WaterL = 10;

        Assert.Equal(BayState.Ready, one.Bay(DepotService.Charge, 1));
        Assert.Equal(BayState.OutOfOrder, one.Bay(DepotService.Charge, 2));
        Assert.Equal(BayState.Ready, one.Bay(DepotService.FillWater, 1));
        one.Serve(DepotService.FillWater, 50);
        one.Serve(DepotService.Tip, 0);
        Assert.Equal((10.0, 0.0), (one.Gear.WaterL, one.Gear.HopperM3));

        (one.IsInYard, one.Body.X, one.Gear.HopperM3) = (false, Gate.X - 0.3, 1);
        Assert.Equal(BayState.NotDocked, one.Bay(DepotService.Tip, 1));
        one.Serve(DepotService.Tip, 0);
        Assert.Equal(1, one.Gear.HopperM3);
    }
}
