using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>A vehicle in the world: motion, aggregates, sensors.</summary>
public sealed class PlatformTests
{
    private static readonly WorldSettings Empty = new() { ParkedFactor = 0, CarFactor = 0, CyclistFactor = 0, PedestrianFactor = 0 };

    [Fact]
    public void The_same_seed_gives_the_same_course_to_the_byte()
    {
        Assert.Equal(Course(5), Course(5));
        Assert.NotEqual(Course(5), Course(6));
    }

    [Fact]
    public void In_the_steady_state_neither_world_nor_vehicle_allocates()
    {
        var (world, vehicle, frame) = Busy(1);
        for (var tick = 0; tick < 600; tick++)
        {
            vehicle.Tick(new(0.5, 0.02, false), frame);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var tick = 0; tick < 600; tick++)
        {
            vehicle.Tick(new(-0.1, 0.02, false) { BroomRight = true, SuctionShare = 0.6 }, frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(world.Agents.Length > 80);
    }

    private static (VirtualWorld World, VirtualPlatform Vehicle, SensorFrame Frame) Busy(int seed)
    {
        var city = Town.Musterstadt;
        var place = city.Streets.NodePoint[city.Streets.ArcTail[40]];
        var world = new VirtualWorld(city.Streets, new() { Seed = seed, Around = [place], CarFactor = 3, Buildings = WorldSettings.BuildingsOf(city) });
        return (world, new(world, SweeperModel.Default, place.X, place.Y, city.Streets.StartHeadingRad(40)), new());
    }

    private static string Course(int seed)
    {
        var (world, vehicle, frame) = Busy(seed);
        var text = new System.Text.StringBuilder();
        for (var tick = 0; tick < 400; tick++)
        {
            vehicle.Tick(new(0.3, 0, false) { BroomRight = true, SuctionShare = 1 }, frame);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{frame.GnssX:R} {frame.WheelMps:R} {frame.ObjectCount} {frame.KerbRightM:R};");
            foreach (ref readonly var seen in frame.Objects)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{seen.X:R},{seen.Vy:R},{seen.Class} ");
            }
        }

        foreach (var agent in world.Snapshot())
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{agent.X:R} {agent.Y:R} {agent.SpeedMps:R}\n");
        }

        return text.ToString();
    }
}
