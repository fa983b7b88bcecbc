using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Bench.Sweeper;

/// <summary>
/// Time of a driving cycle (frame in, actuation out) in a busy street: 80 objects, half of them moving, the vehicle sweeping. On one thread; the frames are
/// made outside the measured time. The reference is sorting 10,000 random doubles with the library's sort, timed between the cycles of the same run.
/// </summary>
internal static class DrivingFigures
{
    private const int Objects = 80;
    private const int WarmUp = 600;

    public static int Run(int cycles)
    {
        var street = Street();
        var model = SweeperModel.Default;
        var pilot = new Pilot(model, street);
        PilotLeg[] legs = [new(Arc(street), 0, SweepSide.Right, 7)];
        var path = new Way(street, model, legs).Path;
        var (car, limits, frame, dice) = (new Chassis(), ChassisLimits.Of(model), new SensorFrame(), new Dice(1));
        var start = path.At(2);
        (car.X, car.Y, car.HeadingRad) = (start.At.X, start.At.Y, start.HeadingRad);
        pilot.Follow(legs);
        var (times, reference) = (new double[cycles], new double[cycles / 20]);
        var (numbers, sorted) = (new double[10_000], new double[10_000]);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = dice.Between(0, 1);
        }

        var wish = default(Actuation);
        var task = new PilotTask { MaySetOff = true };
        var allocated = 0L;
        for (var tick = 0; tick < WarmUp + cycles; tick++)
        {
            car.Step(wish, limits, IPlatform.TickS);
            Sense(frame, car, dice, tick);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var from = ThreadClock.Milliseconds();
            wish = pilot.Step(frame, task);
            var took = ThreadClock.Milliseconds() - from;
            if (tick < WarmUp)
            {
                continue;
            }

            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            times[tick - WarmUp] = took;
            if (tick % 20 == 0 && (tick - WarmUp) / 20 < reference.Length)
            {
                numbers.CopyTo(sorted, 0);
                from = ThreadClock.Milliseconds();
                Array.Sort(sorted);
                reference[(tick - WarmUp) / 20] = ThreadClock.Milliseconds() - from;
            }
        }

        Array.Sort(times);
        Array.Sort(reference);
        var (median, p99, unit) = (times[cycles / 2], times[(int)(cycles * 0.99)], reference[reference.Length / 2]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {ThreadClock.Name}; cycles {cycles}, {Objects} objects, driven {pilot.State.AlongM:F0} m, now {pilot.State.Behaviour}, tracks {pilot.Tracks.Length}, allocated {allocated} bytes
            reference (sort of 10,000 doubles)  median {unit:F3} ms
            cycle   median {median:F3} ms  ratio {median / unit:F2}
                    p99    {p99:F3} ms  ratio {p99 / unit:F2}
                    worst  {times[^1]:F3} ms
            """));
        return 0;
    }

    private static void Sense(SensorFrame f, Chassis car, Dice dice, int tick)
    {
        f.TimeS = tick * IPlatform.TickS;
        var isFix = tick % 2 == 0;
        (f.GnssX, f.GnssY, f.GnssStdM, f.GnssHeadingRad) = isFix
            ? (car.X + (0.05 * dice.Normal()), car.Y + (0.05 * dice.Normal()), 0.05, car.HeadingRad + (0.01 * dice.Normal()))
            : (double.NaN, double.NaN, double.NaN, double.NaN);
        (f.WheelMps, f.YawRateRadS, f.SteeringRad) = (car.SpeedMps, car.YawRateRadS + (0.005 * dice.Normal()), car.SteeringRad);
        (f.KerbRightM, f.KerbLeftM) = (car.Y + 5 + (0.03 * dice.Normal()), double.NaN);
        (f.MarkerX, f.MarkerY, f.MarkerHeadingRad) = (double.NaN, double.NaN, double.NaN);
        (f.TemperatureC, f.WaterL, f.DirtShare, f.WetShare, f.ViewRangeM) = (15, 400, 0.5, 0.1, 80);
        if (!isFix)
        {
            return;
        }

        // Parked on both sides, walking on both, driving in both directions; all stay within sight as the street repeats itself every 80 m.
        (f.ObjectsAtS, f.ObjectCount) = (f.TimeS, 0);
        var (cos, sin) = (Math.Cos(car.HeadingRad), Math.Sin(car.HeadingRad));
        for (var i = 0; i < Objects; i++)
        {
            var (isParked, isWalking) = (i % 2 == 0, i % 4 == 1);
            var vx = isParked ? 0 : isWalking ? ((i % 3) - 1) * 1.2 : (i % 8 == 3 ? -6 : 1.5);
            var y = isParked ? (i % 4 == 0 ? 4 : (i % 20 == 2 ? -4 : 4)) : isWalking ? (i % 8 == 1 ? 6.5 : -6.5) : vx < 0 ? 1.9 : -7.5;
            var spread = (i * 13.7) + (vx * f.TimeS) - car.X;
            var x = spread - (80 * Math.Floor((spread + 30) / 80));
            var dy = y - car.Y;
            f.Add(new()
            {
                X = (x * cos) + (dy * sin) + (0.08 * dice.Normal()),
                Y = (dy * cos) - (x * sin) + (0.08 * dice.Normal()),
                HeadingRad = (vx < 0 ? Math.PI : 0) - car.HeadingRad,
                Vx = (vx * cos) + (0.15 * dice.Normal()),
                Vy = (-vx * sin) + (0.15 * dice.Normal()),
                LengthM = isWalking ? 0.5 : 4.4,
                WidthM = isWalking ? 0.5 : 1.8,
                Confidence = 0.9,
                Class = isWalking ? ObjectClass.Pedestrian : !isParked && vx > 0 ? ObjectClass.Cyclist : ObjectClass.Car,
            });
        }
    }

    private static StreetNetwork Street()
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] ends = [new(0, 0), new(20_000, 0)];
        builder.AddNode(1, ends[0]);
        builder.AddNode(2, ends[1]);
        builder.AddSegment(new(0, 1, ends, 1, 0, Directions.Both, WidthM: 10));
        return builder.Build();
    }

    private static int Arc(StreetNetwork network) => network.ArcTail[0] == 0 ? 0 : 1;
}
