using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>Every fault changes what the frame says, or what the vehicle does.</summary>
public sealed class FaultTests
{
    public static TheoryData<string, string> All => [.. from device in Enum.GetNames<Device>() from kind in Enum.GetNames<FaultKind>() select (device, kind)];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_fault_of_each_device_shows(string device, string kind)
    {
        var fault = new Fault(Enum.Parse<Device>(device), Enum.Parse<FaultKind>(kind)) { FromS = 6, Scale = 0.5, Offset = 3, Amount = 0.7 };
        Assert.Equal(Course(null), Course(null));
        Assert.NotEqual(Course(null), Course(fault));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_device_knows_of_its_fault_or_does_not(bool isReported)
    {
        var stage = new Stage();
        stage.Vehicle.Inject(new(Device.Gnss, FaultKind.Wrong) { FromS = 1, ToS = 2, Offset = 20, IsReported = isReported });
        stage.Run(1.5);
        Assert.Equal(isReported, stage.Frame.IsFaulty(Device.Gnss));
        stage.Run(1);
        Assert.False(stage.Frame.IsFaulty(Device.Gnss));
    }

    [Fact]
    public void A_dead_service_brake_does_not_brake_and_a_dead_lidar_sees_nothing()
    {
        var stage = new Stage();
        stage.Add(AgentKind.Car, 90, 1.5);
        stage.Run(5, 5);
        Assert.NotEqual(0, stage.Frame.ObjectCount);
        stage.Vehicle.Inject(new(Device.ServiceBrake, FaultKind.Dead) { FromS = 0 });
        stage.Vehicle.Inject(new(Device.Lidar, FaultKind.Dead) { FromS = 0 });
        stage.Run(2);
        Assert.InRange(stage.Vehicle.Body.SpeedMps, 4.2, 5.1);
        Assert.Equal(0, stage.Frame.ObjectCount);
        Assert.True(double.IsNaN(stage.Frame.KerbRightM));
    }

    // Ten seconds with a stop, sweeping, water, and a car that comes and goes; what the frame said and what the vehicle did and showed.
    private static string Course(Fault? fault)
    {
        var stage = new Stage(Stage.Empty with { Bays = [new(75, -1.5, 0)] });
        stage.Vehicle.Body.Y = -1.9;
        stage.World.Add(new ScriptedAgent(AgentKind.Emergency, 80, 1.5, 0) { ApproachMps = 3 });
        if (fault is { } given)
        {
            stage.Vehicle.Inject(given);
        }

        var text = new System.Text.StringBuilder();
        for (var part = 0; part < 20; part++)
        {
            var isOdd = part % 2 == 1;
            stage.Run(0.5, isOdd ? 0.5 : 3, Note, actuation => actuation with
            {
                BroomRight = isOdd,
                SuctionShare = isOdd ? 0.7 : 0.2,
                Water = isOdd,
                SteeringRad = isOdd ? 0.05 : -0.05,
                Announced = isOdd ? 1u : 2u,
            });
        }

        return text.ToString();

        void Note()
        {
            var f = stage.Frame;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{f.ObjectCount} {f.ObjectsAtS:R} {f.GnssX:R} {f.WheelMps:R} {f.SteeringRad:R} {f.KerbRightM:R} {f.MarkerX:R} {f.TemperatureC:R} {f.BroomCurrentA:R} {f.FanCurrentA:R} {f.WaterL:R} {f.HopperM3:R} {f.BatteryWh:R} {f.DirtShare:R} {stage.Vehicle.Announced} {stage.Vehicle.Body.SpeedMps:R};");
            foreach (ref readonly var seen in f.Objects)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{seen.X:R} {seen.Vx:R} {seen.Class} {seen.Signs},");
            }
        }
    }
}
