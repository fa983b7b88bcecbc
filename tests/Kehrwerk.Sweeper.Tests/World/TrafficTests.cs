using Kehrwerk.Streets;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>Traffic that nobody has scripted.</summary>
public sealed class TrafficTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void In_ten_minutes_of_free_traffic_no_two_vehicles_touch(int seed)
    {
        var world = new VirtualWorld(Town.Musterstadt.Streets, new() { Seed = seed, CarFactor = 1.5, CyclistFactor = 2, PedestrianFactor = 0.5, RunOutsPerMin = 0 });
        var movedM = 0.0;
        Assert.True(world.Agents.ToArray().Count(agent => agent.Behaviour == Behaviour.Lane && agent.Kind != AgentKind.Cyclist) > 20);
        for (var step = 0; step < 12_000; step++)
        {
            world.Step();
            movedM += step % 20 == 0 ? MeanSpeed(world) : 0;
            Touching(world);
        }

        Assert.InRange(movedM / 600, 2.5, 14);
    }

    [Fact]
    public void The_driver_model_reaches_the_wanted_speed_and_keeps_its_distance()
    {
        var car = DriverModel.Of(AgentKind.Car);
        double speed = 0, x = 0, leaderX = 60;
        for (var t = 0; t < 1_200; t++)
        {
            speed = Math.Max(0, speed + (0.1 * car.Acceleration(speed, 13.9, double.PositiveInfinity, 0)));
        }

        Assert.Equal(13.9, speed, 0.1);
        var least = double.PositiveInfinity;
        for (var t = 0; t < 1_200; t++)
        {
            // The leader drives 8 m/s, stops after a minute.
            var leader = t < 600 ? 8.0 : Math.Max(0, 8 - ((t - 600) * 0.2));
            speed = Math.Max(0, speed + (0.1 * Math.Max(-8, car.Acceleration(speed, 13.9, leaderX - x, leader))));
            (x, leaderX) = (x + (speed * 0.1), leaderX + (leader * 0.1));
            least = Math.Min(least, leaderX - x);
            if (t == 599)
            {
                // Equilibrium gap of the model: (s₀ + vT) / √(1 − (v/v₀)⁴).
                Assert.Equal(8, speed, 0.05);
                Assert.Equal((2 + (8 * 1.6)) / Math.Sqrt(1 - Math.Pow(8 / 13.9, 4)), leaderX - x, 0.5);
            }
        }

        Assert.InRange(least, 1.5, 3);
        Assert.Equal(0, speed, 0.05);
    }

    [Fact]
    public void Cars_pass_a_slow_sweeper_where_the_other_lane_is_free_and_nobody_touches_it()
    {
        var world = Ring();
        var vehicle = new VirtualPlatform(world, SweeperModel.Default, 150, -2.9, 0);
        var heading = 0.0;
        var (frame, passed) = (new Kehrwerk.Sweeper.Sensing.SensorFrame(), new HashSet<int>());
        var behind = new HashSet<int>();
        for (var tick = 0; tick < 6_000; tick++)
        {
            vehicle.Tick(new(tick < 600 ? (1.2 - vehicle.Body.SpeedMps) * 2 : -1, 0, false), frame);
            for (var i = 0; i < world.Agents.Length; i++)
            {
                var agent = world.Agents[i];
                if (agent.Behaviour != Behaviour.Lane || agent.IsAway || Math.Cos(agent.HeadingRad - vehicle.Body.HeadingRad) < 0.9)
                {
                    continue;
                }

                var ahead = ((agent.X - vehicle.Body.X) * Math.Cos(heading)) + ((agent.Y - vehicle.Body.Y) * Math.Sin(heading));
                var aside = Math.Abs(((agent.Y - vehicle.Body.Y) * Math.Cos(heading)) - ((agent.X - vehicle.Body.X) * Math.Sin(heading)));
                if (aside < 4 && ahead is > -20 and < -4)
                {
                    behind.Add(i);
                }
                else if (aside < 4 && ahead is > 6 and < 25 && behind.Contains(i))
                {
                    passed.Add(i);
                }
            }
        }

        Assert.Empty(vehicle.Truth.Collisions.ToArray());
        Assert.True(passed.Count >= 2, $"{passed.Count} of {behind.Count} passed");
    }

    [Fact]
    public void Cars_stop_for_a_person_in_their_lane()
    {
        var world = Ring();
        var person = world.Add(new ScriptedAgent(AgentKind.Pedestrian, 250, -2, 0));
        var (least, stood) = (double.PositiveInfinity, 0);
        for (var step = 0; step < 2_400; step++)
        {
            world.Step();
            var box = world.Agents[person].Box;
            foreach (ref readonly var agent in world.Agents)
            {
                if (agent.Behaviour == Behaviour.Lane && !agent.IsAway)
                {
                    var distance = agent.Box.DistanceTo(box);
                    least = Math.Min(least, distance);
                    stood += distance < 6 && agent.SpeedMps < 0.1 ? 1 : 0;
                }
            }
        }

        Assert.InRange(least, 0.5, 6);
        Assert.True(stood > 20);
    }

    // 500 m a side, 8 m wide, no parked cars.
    private static VirtualWorld Ring()
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] corners = [new(0, 0), new(500, 0), new(500, 500), new(0, 500)];
        foreach (var (i, corner) in corners.Index())
        {
            builder.AddNode(i + 1, corner);
        }

        for (var i = 0; i < 4; i++)
        {
            builder.AddSegment(new(i, (i + 1) % 4, [corners[i], corners[(i + 1) % 4]], 1, i, Directions.Both, Class: StreetClass.Tertiary, WidthM: 8));
        }

        return new(builder.Build(), new() { Seed = 4, CarFactor = 1.5, ParkedFactor = 0, PedestrianFactor = 0, BusPercent = 0 });
    }

    private static double MeanSpeed(VirtualWorld world)
    {
        var (sum, count) = (0.0, 0);
        foreach (ref readonly var agent in world.Agents)
        {
            (sum, count) = agent.Behaviour == Behaviour.Lane && agent.Kind != AgentKind.Cyclist ? (sum + agent.SpeedMps, count + 1) : (sum, count);
        }

        return sum / count;
    }

    private static void Touching(VirtualWorld world)
    {
        var agents = world.Agents;
        for (var i = 0; i < agents.Length; i++)
        {
            if (agents[i].Behaviour != Behaviour.Lane || agents[i].IsAway)
            {
                continue;
            }

            for (var j = 0; j < agents.Length; j++)
            {
                if (j == i || agents[j].IsAway || agents[j].Behaviour is not (Behaviour.Lane or Behaviour.Parked) || (j < i && agents[j].Behaviour == Behaviour.Lane)
                    || Math.Abs(agents[i].X - agents[j].X) > 14 || Math.Abs(agents[i].Y - agents[j].Y) > 14 || agents[i].Box.DistanceTo(agents[j].Box) > 0)
                {
                    continue;
                }

                Assert.Fail($"{world.TimeS:F2} s: {Text(agents[i])} (#{i}) touches {Text(agents[j])} (#{j})");
            }
        }
    }

    private static string Text(in Agent agent) => $"{agent.Kind} at ({agent.X:F1}, {agent.Y:F1}) {agent.HeadingRad * 180 / Math.PI:F0}° {agent.SpeedMps:F1} m/s {agent.Signs}";
}
