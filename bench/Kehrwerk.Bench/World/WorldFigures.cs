using System.Diagnostics;
using System.Globalization;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Kehrwerk.Sweeper;
using Kehrwerk.Sweeper.Roads;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Bench.World;

/// <summary>
/// <c>world [seconds] [agents]</c>: how many seconds of a world with one sweeping vehicle and so many moving agents pass in a second of processor
/// time on one thread, beside what any such world has to do at least: look once at every pair of those near the vehicle at each step.
/// </summary>
internal static class WorldFigures
{
    private const int Rounds = 5;

    public static int Run(double seconds, int agents)
    {
        var city = Musterstadt();
        var way = Way(city.Streets);
        var start = way.At(5);
        var world = Populated(city, start.At, agents);
        var vehicle = new VirtualPlatform(world, SweeperModel.Default, start.At.X, start.At.Y, start.HeadingRad);
        var (frame, alongM) = (new SensorFrame(), 5.0);
        Drive(vehicle, frame, way, ref alongM, 20);
        var (ours, reference, most, allocated) = (new List<double>(), new List<double>(), 0, 0L);
        var objects = new List<int>((int)(seconds + 1) * Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Processor();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var second = 0; second < seconds; second++)
            {
                Drive(vehicle, frame, way, ref alongM, 1);
                objects.Add(frame.ObjectCount);
            }

            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            ours.Add(seconds / (Processor() - clock).TotalSeconds);
            var (pairs, perS) = Pairs(world);
            most = Math.Max(most, pairs);
            reference.Add(perS);
        }

        ours.Sort();
        reference.Sort();
        objects.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-dd} · .NET {Environment.Version}, one thread, median of {Rounds} rounds of {seconds} s of the world; processor time"));
        Console.WriteLine();
        Console.WriteLine("| | |");
        Console.WriteLine("| --- | ---: |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| moving agents / all agents | {Moving(world)} / {world.Agents.Length} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| objects seen, median / most | {objects[objects.Count / 2]} / {objects[^1]} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| world seconds a processor second | {ours[Rounds / 2]:0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| a look at each of {most} pairs at each step, world seconds a processor second | {reference[Rounds / 2]:0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| ratio of time, world to looking at pairs | {reference[Rounds / 2] / ours[Rounds / 2]:0.0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| bytes allocated in all rounds | {allocated} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| taken out of jams / contacts of the vehicle, which drives blindly | {world.Jammed} / {vehicle.Truth.CollisionCount} |"));
        return 0;
    }

    // The vehicle follows its way by pure pursuit and minds nobody: what is measured is the world.
    private static void Drive(VirtualPlatform vehicle, SensorFrame frame, RoadPath way, ref double alongM, double seconds)
    {
        for (var tick = 0; tick < seconds / IPlatform.TickS; tick++)
        {
            (alongM, _) = way.Project(new(vehicle.Body.X, vehicle.Body.Y), alongM);
            alongM = alongM > way.LengthM - 30 ? 5 : alongM;
            var ahead = way.At(alongM + 4);
            var bearing = Math.IEEERemainder(Math.Atan2(ahead.At.Y - vehicle.Body.Y, ahead.At.X - vehicle.Body.X) - vehicle.Body.HeadingRad, 2 * Math.PI);
            var steering = Math.Atan(2 * vehicle.Model.WheelbaseM * Math.Sin(bearing) / 4);
            vehicle.Tick(new((1.4 - vehicle.Body.SpeedMps) * 2, steering, false) { BroomRight = true, SuctionShare = 0.7, Water = true }, frame);
        }
    }

    private static (int Pairs, double SecondsPerSecond) Pairs(VirtualWorld world)
    {
        var places = world.Agents.ToArray().Where(agent => agent.Behaviour is Behaviour.Lane or Behaviour.Footway).ToArray();
        var (clock, steps, sum) = (Processor(), 0, 0.0);
        TimeSpan taken;
        do
        {
            for (var k = 0; k < 200; k++, steps++)
            {
                for (var i = 0; i < places.Length; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        sum += places[i].Box.DistanceTo(places[j].X, places[j].Y);
                    }
                }
            }

            taken = Processor() - clock;
        }
        while (taken.TotalSeconds < 0.5);
        return sum < 0 ? throw new InvalidOperationException("Distances are not negative.") : (places.Length * (places.Length - 1) / 2, steps * IPlatform.TickS / taken.TotalSeconds);
    }

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static int Moving(VirtualWorld world) => world.Agents.ToArray().Count(agent => agent.Behaviour is Behaviour.Lane or Behaviour.Footway);

    private static VirtualWorld Populated(City city, MapPoint at, int agents)
    {
        var settings = new WorldSettings { Around = [at], Buildings = WorldSettings.BuildingsOf(city) };
        for (var factor = 0.5; ; factor *= 1.1)
        {
            var world = new VirtualWorld(city.Streets, settings with { CarFactor = factor, CyclistFactor = factor, PedestrianFactor = factor });
            if (Moving(world) >= agents)
            {
                return world;
            }
        }
    }

    // Along the kerb, always on by the first street to the right that is swept.
    private static RoadPath Way(StreetNetwork network)
    {
        var (arc, legs) = (0, new List<PathLeg>());
        while (network.SegmentClass[network.ArcSegment[arc]] != StreetClass.Residential)
        {
            arc++;
        }

        for (var k = 0; k < 80; k++)
        {
            legs.Add(new(arc, -Carriageway.Of(network, arc).HalfWidthM + 1.1));
            var node = network.ArcHead[arc];
            arc = Enumerable.Range(network.FirstOut[node], network.FirstOut[node + 1] - network.FirstOut[node])
                .MinBy(next => next == network.ArcReverse[arc] ? 10 : network.TurnAngleRad(arc, next));
        }

        return RoadPath.Of(network, legs, SweeperModel.Default.TurningRadiusM);
    }

    private static City Musterstadt()
    {
        using var file = new MemoryStream();
        DemoCity.Write(file, new(), OsmFileFormat.Xml);
        file.Position = 0;
        return CityImporter.Import(file, "Musterstadt", new());
    }
}
