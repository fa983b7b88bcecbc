using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>Brooms, fan, hopper, water and battery.</summary>
public sealed class GearTests
{
    private static Actuation Sweeping(Actuation drive) => drive with { BroomRight = true, SuctionShare = 0.7, Water = true };

    // The broom's edge 0.2 m from the kerb at y = −3: the axle at −1.9.
    private static Stage AtKerb(WorldSettings? settings = null)
    {
        var stage = new Stage(settings);
        stage.Vehicle.Body.Y = -1.9;
        return stage;
    }

    [Fact]
    public void A_hundred_metres_of_kerb_fill_hopper_and_spend_water_as_the_model_says()
    {
        var stage = AtKerb();
        stage.Run(72, 1.4, with: Sweeping);
        var (vehicle, model) = (stage.Vehicle, SweeperModel.Default);
        Assert.InRange(vehicle.Truth.SweptM, 98, 101);
        Assert.Equal(0.2, vehicle.Truth.MeanGapM, 0.01);
        Assert.InRange(vehicle.Gear.HopperM3, 0.1 * model.SweepingsM3PerKm * 0.8, 0.1 * model.SweepingsM3PerKm * 1.4);
        Assert.Equal(vehicle.Gear.HopperM3 * model.SweepingsKgPerM3, vehicle.Gear.HopperKg, 0.01);
        Assert.Equal(model.WaterL - (72.0 / 60 * model.WaterLPerMin), stage.Frame.WaterL, 0.1);
        // 7.5 kW at usual suction, 12 kW at full.
        Assert.Equal(72 * (7_500 + ((12_000 - 7_500) * (Sweeping(default).SuctionShare - 0.6) / 0.4)) / 3600, model.BatteryWh - stage.Frame.BatteryWh, 3.0);
        var arc = vehicle.Arc;
        Assert.InRange(stage.World.Ground.SweptM(arc, KerbSide.Right), 97, 102);
        Assert.Equal(stage.World.Ground.SweptM(arc, KerbSide.Right), stage.World.Ground.SweptM(stage.World.Map.Network.ArcReverse[arc], KerbSide.Left), 2.0);
        Assert.Equal(0, stage.World.Ground.SweptM(arc, KerbSide.Left));
        Assert.Equal(0, vehicle.Truth.OffRoadS);
    }

    [Fact]
    public void A_kerb_once_swept_yields_next_to_nothing()
    {
        var stage = AtKerb();
        stage.Run(30, 1.4, with: Sweeping);
        var first = stage.Vehicle.Gear.HopperM3;
        stage.Vehicle.Body.X = 50;
        stage.Run(30, 1.4, with: Sweeping);
        Assert.InRange(stage.Vehicle.Gear.HopperM3 - first, 0, first * 0.15);
    }

    [Fact]
    public void Far_from_the_kerb_or_without_suction_nothing_is_swept()
    {
        var stage = new Stage();
        stage.Run(20, 1.4, with: Sweeping);
        Assert.Equal(0, stage.Vehicle.Gear.HopperM3);
        var still = AtKerb();
        still.Run(20, 1.4, with: drive => drive with { BroomRight = true });
        Assert.Equal(0, still.Vehicle.Gear.HopperM3);
        Assert.InRange(still.Frame.BroomCurrentA, 8, 25);
    }

    [Fact]
    public void A_branch_blocks_the_broom_until_it_has_been_raised_and_leaves_are_taken_in()
    {
        var stage = AtKerb();
        stage.Add(AgentKind.LeafPile, 60, -2.7);
        stage.Add(AgentKind.Branch, 70, -2.8);
        stage.Run(9, 1.4, with: Sweeping);
        Assert.InRange(stage.Vehicle.Gear.HopperM3, 0.25, 0.26);
        Assert.True(stage.Frame.BroomCurrentA < 30);
        stage.Run(8, 1.4, with: Sweeping);
        Assert.True(stage.Vehicle.Gear.IsBlocked);
        Assert.InRange(stage.Frame.BroomCurrentA, 45, 75);
        stage.Run(3.2, 1.4);
        Assert.False(stage.Vehicle.Gear.IsBlocked);
    }

    [Fact]
    public void A_pump_used_in_frost_freezes_for_good_and_says_so()
    {
        var cold = AtKerb(Stage.Empty with { Weather = new() { TemperatureC = -2 } });
        cold.Run(1);
        Assert.False(cold.Frame.IsFaulty(Device.WaterPump));
        cold.Run(2, 1, with: Sweeping);
        Assert.True(cold.Frame.IsFaulty(Device.WaterPump));
        Assert.Equal(SweeperModel.Default.WaterL, cold.Frame.WaterL);
    }

    [Fact]
    public void Ice_makes_the_way_to_stop_long()
    {
        double StopM(Weather weather)
        {
            var stage = new Stage(Stage.Empty with { Weather = weather });
            stage.Run(10, 5);
            var from = stage.Vehicle.Body.X;
            stage.Run(12, 0, with: drive => drive with { AccelerationMps2 = -5 });
            Assert.Equal(0, stage.Vehicle.Body.SpeedMps);
            return stage.Vehicle.Body.X - from;
        }

        // v²/2a and the build-up of the brake: 5 m/s with 5, 3 and 1 m/s².
        Assert.InRange(StopM(Weather.Clear), 2.5, 4.2);
        Assert.InRange(StopM(new() { RainShare = 0.5 }), 4.1, 5.5);
        Assert.InRange(StopM(new() { IsIcy = true, TemperatureC = -3 }), 12.4, 14);
    }

    [Fact]
    public void Leaving_the_carriageway_is_told()
    {
        var stage = new Stage();
        stage.Vehicle.Body.Y = -2.7;
        stage.Run(2, 2);
        Assert.Equal(2, stage.Vehicle.Truth.OffRoadS, 0.01);
        Assert.Equal(0.3, stage.Vehicle.Truth.OffRoadM, 0.01);
    }

    [Fact]
    public void A_bay_is_docked_within_ten_centimetres_and_two_degrees_and_its_marker_leads_there()
    {
        var stage = new Stage(Stage.Empty with { Bays = [new(58, -1.5, 0.01)] });
        stage.Run(1);
        Assert.Equal(8, stage.Frame.MarkerX, 0.2);
        Assert.Equal(0, stage.Frame.MarkerY, 0.2);
        Assert.Equal(-1, stage.Vehicle.DockedAt());
        stage.Vehicle.Body.X = 58.09;
        Assert.Equal(0, stage.Vehicle.DockedAt());
        stage.Vehicle.Body.HeadingRad = 0.05;
        Assert.Equal(-1, stage.Vehicle.DockedAt());
    }
}
