using CsCheck;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>
/// The guard against a driving program that is out to collide: it always wants full acceleration and steers at random, or straight at somebody. No collision may happen in
/// which the vehicle still moves: who runs into a standing vehicle is at fault himself (Shalev-Shwartz et al. 2017, definition of blame).
/// </summary>
public sealed class GuardPropertyTests
{
    private const int Runs = 120;

    private enum Driver { Straight, Random, Aiming }

    private static readonly Gen<Driver> Drivers = Gen.Enum<Driver>();

    private static readonly Gen<(int Seed, double Own, double Other, double Aside, double At, Driver Driver)> Traffic =
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Double[0, 11], Gen.Double[0, 1], Gen.Double[-1, 1], Gen.Double[0, 1], Drivers);

    [Fact]
    public void A_car_ahead_that_brakes_as_hard_as_it_can_is_not_hit() =>
        Traffic.Sample(t => Holds(Drive(Ahead(t.Seed, t.Own, t.Other, t.Aside, t.At), t.Driver, t.Seed, 12)), iter: Runs);

    [Fact]
    public void An_oncoming_car_is_not_hit() =>
        Traffic.Sample(t => Holds(Drive(Oncoming(t.Seed, t.Own, t.Other, t.Aside), t.Driver, t.Seed, 14)), iter: Runs);

    [Fact]
    public void A_pedestrian_who_crosses_at_up_to_7_kmh_is_not_hit() =>
        Traffic.Sample(t => Holds(Drive(Crossing(ObjectClass.Pedestrian, t.Seed, t.Own, t.Other, t.Aside, t.At), t.Driver, t.Seed, 10)), iter: Runs);

    [Fact]
    public void A_cyclist_who_crosses_at_up_to_25_kmh_is_not_hit() =>
        Traffic.Sample(t => Holds(Drive(Crossing(ObjectClass.Cyclist, t.Seed, t.Own, t.Other, t.Aside, t.At), t.Driver, t.Seed, 10)), iter: Runs);

    [Fact]
    public void The_same_scenes_without_the_guard_end_in_collisions()
    {
        var random = new Random(5);
        var hits = new int[4];
        for (var i = 0; i < 40; i++)
        {
            var (seed, own, other, aside, at) = (random.Next(1 << 20), 4 + (7 * random.NextDouble()), random.NextDouble(), (2 * random.NextDouble()) - 1, random.NextDouble());
            MotionScene[] scenes =
            [
                Ahead(seed, own, other, aside, at), Oncoming(seed, own, other, aside),
                Crossing(ObjectClass.Pedestrian, seed, own, other, aside, at), Crossing(ObjectClass.Cyclist, seed, own, other, aside, at),
            ];
            for (var k = 0; k < scenes.Length; k++)
            {
                scenes[k].IsGuarded = false;
                hits[k] += Drive(scenes[k], (Driver)(i % 3), seed, 12) is null ? 0 : 1;
            }
        }

        Assert.All(hits, count => Assert.InRange(count, 3, 40));
    }

    [Fact]
    public void Standing_things_are_not_hit_however_it_steers() =>
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Double[0, 3], Drivers).Sample(
            (seed, own, driver) =>
            {
                var scene = new MotionScene(seed, own);
                var random = new Random(seed);
                for (var i = 0; i < 12; i++)
                {
                    var (bearing, far) = (2 * Math.PI * random.NextDouble(), 11 + (25 * random.NextDouble()));
                    scene.Agents.Add(new()
                    {
                        Class = i % 3 == 0 ? ObjectClass.Barrier : ObjectClass.Car,
                        X = far * Math.Cos(bearing),
                        Y = far * Math.Sin(bearing),
                        HeadingRad = 2 * Math.PI * random.NextDouble(),
                        LengthM = i % 3 == 0 ? 0.4 : 4.5,
                        WidthM = i % 3 == 0 ? 0.4 : 1.8,
                    });
                }

                Holds(Drive(scene, driver, seed, 25));
            },
            iter: Runs / 3);

    [Fact]
    public void An_object_more_never_leads_to_more_speed() =>
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Double[0, 9], Gen.Double[-0.4, 0.4], Gen.Double[-0.5, 0.5]).Sample(
            (seed, speed, steering, wanted) =>
            {
                var random = new Random(seed);
                var one = Frame(random, speed, steering, 6);
                var few = new MotionGuard(SweeperModel.Default, new()).Restrain(one, new(1, wanted, false), MotionScenes.Context);
                one.Add(Seen(random));
                var more = new MotionGuard(SweeperModel.Default, new()).Restrain(one, new(1, wanted, false), MotionScenes.Context);
                Assert.True(more.AccelerationMps2 <= few.AccelerationMps2, $"{more.AccelerationMps2} after {few.AccelerationMps2}");
            },
            iter: 3000);

    private static void Holds(string? collision) => Assert.True(collision is null, collision);

    private static MotionScene Ahead(int seed, double own, double other, double aside, double at)
    {
        var scene = new MotionScene(seed, own);
        scene.Agents.Add(new()
        {
            Class = ObjectClass.Car,
            X = 3.5 + GapAt(own) + Gaps(seed) + 2.25,
            Y = aside,
            SpeedMps = 14 * other,
            BrakesAtS = 5 * at,
            BrakingMps2 = 8,
        });
        return scene;
    }

    /// <summary>It comes on without braking: what it then runs into stands.</summary>
    private static MotionScene Oncoming(int seed, double own, double other, double aside)
    {
        var scene = new MotionScene(seed, own) { ViewRangeM = 120 };
        var speed = 2 + (12 * other);
        var gap = GapAt(own) + new RssParameters().OncomingM(speed) + Gaps(seed);
        scene.Agents.Add(new() { Class = ObjectClass.Car, X = 3.5 + gap + 2.25, Y = 4 * aside, HeadingRad = Math.PI, SpeedMps = speed });
        return scene;
    }

    /// <summary>Long enough in view: a vehicle that brakes from now on stands before somebody comes to where it can be.</summary>
    private static MotionScene Crossing(ObjectClass kind, int seed, double own, double other, double aside, double at)
    {
        var scene = new MotionScene(seed, own);
        var speed = kind == ObjectClass.Cyclist ? 2 + (other * ((25 / 3.6) - 2)) : 0.3 + (other * ((7 / 3.6) - 0.3));
        var far = 1.5 + (speed * (new OwnStop(0.3, scene.Model.AccelerationMps2, 4).TimeS(own) + 0.7) * (1 + (2 * at)));
        var side = (seed & 1) == 0 ? 1 : -1;
        scene.Agents.Add(Agent.Person(kind, 1 + (24 * Math.Abs(aside)), side * far, (-side * Math.PI / 2) + (((seed >> 1) % 7 - 3) * 0.15), speed));
        return scene;
    }

    /// <summary>What a vehicle of that speed needs to stand, by the guard's own assumptions; the scene begins safe.</summary>
    private static double GapAt(double mps) => new OwnStop(0.3, 1, 4).DistanceM(mps) + 0.9;

    private static double Gaps(int seed) => (seed % 5) switch { 0 => 0, 1 => 1, 2 => 4, 3 => 10, _ => 25 };

    /// <summary>Drives a scene to its end; says which collision it came to, by the vehicle's fault, or null.</summary>
    private static string? Drive(MotionScene scene, Driver driver, int seed, double forS)
    {
        var random = new Random(seed);
        var (steering, untilS, isTouched) = (0.0, 0.0, false);
        while (scene.NowS < forS)
        {
            if (scene.NowS >= untilS)
            {
                (steering, untilS) = (driver == Driver.Straight ? 0 : random.NextDouble() - 0.5, scene.NowS + 0.2 + (1.5 * random.NextDouble()));
            }

            if (driver == Driver.Aiming)
            {
                var near = scene.Agents.MinBy(agent => Math.Pow(agent.X - scene.Ego.X, 2) + Math.Pow(agent.Y - scene.Ego.Y, 2))!;
                steering = Math.Clamp(Math.IEEERemainder(Math.Atan2(near.Y - scene.Ego.Y, near.X - scene.Ego.X) - scene.Ego.HeadingRad, 2 * Math.PI), -0.5, 0.5);
            }

            var before = scene.Ego.SpeedMps;
            scene.Step(new(1, steering, false));
            if (scene.Touched() is not { } hit || isTouched)
            {
                continue;
            }

            // Who has run into the vehicle walks on through it: only the first moment says who was at fault.
            isTouched = true;
            if (Math.Min(before, scene.Ego.SpeedMps) > 0.05 && !IsFromBehind(scene, hit))
            {
                return FormattableString.Invariant(
                    $"{driver} hits {hit.Class} of {hit.SpeedMps:F2} m/s with {scene.Ego.SpeedMps:F2} m/s after {scene.NowS:F2} s; {scene.Guard.Verdict}");
            }
        }

        return null;
    }

    /// <summary>Who comes from behind has to keep the distance.</summary>
    private static bool IsFromBehind(MotionScene scene, Agent agent)
    {
        var (dx, dy) = (agent.X - scene.Ego.X, agent.Y - scene.Ego.Y);
        return (dx * Math.Cos(scene.Ego.HeadingRad)) + (dy * Math.Sin(scene.Ego.HeadingRad)) < -scene.Model.RearOverhangM;
    }

    private static SensorFrame Frame(Random random, double speed, double steering, int objects)
    {
        var frame = MotionScenes.Frame(speed, steering);
        for (var i = 0; i < objects; i++)
        {
            frame.Add(Seen(random));
        }

        return frame;
    }

    private static SensedObject Seen(Random random) => new()
    {
        X = (60 * random.NextDouble()) - 15,
        Y = (20 * random.NextDouble()) - 10,
        HeadingRad = 2 * Math.PI * random.NextDouble(),
        Vx = (16 * random.NextDouble()) - 8,
        Vy = (8 * random.NextDouble()) - 4,
        LengthM = 0.3 + (5 * random.NextDouble()),
        WidthM = 0.3 + (2 * random.NextDouble()),
        Class = (ObjectClass)random.Next(13),
        Confidence = random.NextDouble(),
    };
}

/// <summary>Frames and contexts of one moment.</summary>
internal static class MotionScenes
{
    public static MotionContext Context { get; } = new()
    {
        Mode = Link.Messages.SafetyMode.Supervised,
        Claim = new(0, 0, 0, 0.1, 0.01),
        Street = new(Streets.StreetClass.Residential, Streets.Surface.Asphalt, Streets.SegmentTraits.None, 50 / 3.6, 8, false, 0),
    };

    public static SensorFrame Frame(double speed, double steering) => new()
    {
        TimeS = 1,
        ObjectsAtS = 0.9,
        ViewRangeM = 80,
        WheelMps = speed,
        SteeringRad = steering,
        YawRateRadS = speed * Math.Tan(steering) / SweeperModel.Default.WheelbaseM,
        GnssX = double.NaN,
        GnssY = double.NaN,
        GnssStdM = double.NaN,
        GnssHeadingRad = double.NaN,
        TemperatureC = 15,
        IlluminanceLux = 10_000,
    };
}
