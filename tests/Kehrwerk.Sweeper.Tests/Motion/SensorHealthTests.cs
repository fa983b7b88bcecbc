using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>Every check finds its fault in the time that docs/driving/safety.md states, and none fires without.</summary>
public sealed class SensorHealthTests
{
    private const double FaultAtS = 6;

    private static readonly Dictionary<string, (MotionCause Cause, double WithinS, Func<MotionScene, Action<SensorFrame>> Fault)> Faults = new()
    {
        ["time stands still"] = (MotionCause.ClockStopped, 0.3, _ => Kept((frame, first) => frame.TimeS = first.TimeS)),
        ["objects dead"] = (MotionCause.ObjectsDead, 0.3, _ => frame => frame.ObjectsAtS = double.NaN),
        ["objects late"] = (MotionCause.ObjectsLate, 0.4, _ => frame => frame.ObjectsAtS = frame.TimeS - 0.4),
        ["objects stop coming"] = (MotionCause.ObjectsDead, 1, _ => Kept((frame, first) => frame.ObjectsAtS = first.ObjectsAtS)),
        ["objects frozen"] = (MotionCause.ObjectsFrozen, 0.6, _ => Kept((frame, first) => frame.Objects[0] = first.Seen)),
        ["wheel dead"] = (MotionCause.WheelDead, 0.2, _ => frame => frame.WheelMps = double.NaN),
        ["wheel frozen"] = (MotionCause.WheelFrozen, 0.8, _ => Kept((frame, first) => frame.WheelMps = first.WheelMps)),
        ["wheel says standing"] = (MotionCause.WheelDisagrees, 0.4, _ => frame => frame.WheelMps = 0),
        ["wheel noisy"] = (MotionCause.WheelDisagrees, 1, scene => frame => frame.WheelMps += scene.Noise(1)),
        ["gyro dead"] = (MotionCause.GyroDead, 0.2, _ => frame => frame.YawRateRadS = double.NaN),
        ["gyro frozen"] = (MotionCause.GyroFrozen, 0.8, _ => Kept((frame, first) => frame.YawRateRadS = first.YawRateRadS)),
        ["gyro off"] = (MotionCause.YawDisagrees, 1.5, _ => frame => frame.YawRateRadS += 0.2),
        ["gyro noisy"] = (MotionCause.YawDisagrees, 1.5, scene => frame => frame.YawRateRadS += scene.Noise(0.4)),
        ["steering dead"] = (MotionCause.SteeringDead, 0.2, _ => frame => frame.SteeringRad = double.NaN),
        ["steering off"] = (MotionCause.SteeringDoesNotFollow, 1, _ => frame => frame.SteeringRad += 0.12),
        ["satellites gone"] = (MotionCause.GnssOut, 3.2, _ => frame => frame.GnssX = double.NaN),
        ["satellites frozen"] = (MotionCause.GnssFrozen, 1.2, _ => Kept((frame, first) => (frame.GnssX, frame.GnssY) = double.IsNaN(frame.GnssX) ? (double.NaN, double.NaN) : (first.X, first.Y))),
        ["satellites jump"] = (MotionCause.GnssDisagrees, 1.5, _ => frame => frame.GnssX += 15),
        ["temperature dead"] = (MotionCause.AmbientDead, 0.7, _ => frame => frame.TemperatureC = double.NaN),
        ["lidar reports itself"] = (MotionCause.SelfReportedMrm, 0.2, _ => frame => frame.FaultyDevices |= 1u << (int)Device.Lidar),
        ["camera reports itself"] = (MotionCause.SelfReportedSlow, 0.2, _ => frame => frame.FaultyDevices |= 1u << (int)Device.Camera),
        ["pump reports itself"] = (MotionCause.SelfReported, 0.2, _ => frame => frame.FaultyDevices |= 1u << (int)Device.WaterPump),
        ["touched"] = (MotionCause.Contact, 0.15, _ => frame => frame.IsTouched = true),
        ["pose lost"] = (MotionCause.PoseLost, 0.5, scene => _ => scene.Context = scene.Context with { Claim = scene.Context.Claim with { StdM = 2 } }),
        ["pose uncertain"] = (MotionCause.PoseUncertain, 0.5, scene => _ => scene.Context = scene.Context with { Claim = scene.Context.Claim with { StdM = 0.7 } }),
        ["pose elsewhere"] = (MotionCause.PoseDisagrees, 0.8, scene => _ => scene.Context = scene.Context with { Claim = scene.Context.Claim with { Y = scene.Ego.Y + 6 } }),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fault_of_a_sensor_is_found_in_time(string name)
    {
        var (cause, withinS, fault) = Faults[name];
        var scene = Driving(3);
        var foundAtS = Drive(scene, cause, FaultAtS + withinS + 0.5, () => scene.Fault ??= fault(scene));
        Assert.InRange(foundAtS - FaultAtS, 0, withinS);
        var (consequence, toMps, text) = MotionCauses.Of(cause);
        Assert.NotEmpty(text);
        Continue(scene, 10);
        var slowest = scene.Ego.SpeedMps;
        Assert.True(
            consequence switch
            {
                Consequence.Mrm => slowest == 0 && scene.Guard.Verdict.Strategy == MrmStrategy.StopInLane,
                Consequence.Slow => slowest <= toMps + 0.3,
                _ => slowest > 2,
            },
            $"{consequence}, but {slowest:F2} m/s");
    }

    [Theory]
    [InlineData("brake", MotionCause.BrakeTooWeak, 1.0)]
    [InlineData("steering", MotionCause.SteeringDoesNotFollow, 1.2)]
    [InlineData("drive", MotionCause.UnwantedMotion, 1.5)]
    public void An_actuator_that_does_not_do_as_told_is_found_in_time(string which, object cause, double withinS)
    {
        var scene = Driving(4);
        var isBroken = false;
        scene.Broken = told => !isBroken ? told : which switch
        {
            "brake" => told with { AccelerationMps2 = Math.Max(told.AccelerationMps2, -0.5) },
            "steering" => told with { SteeringRad = 0.02 },
            _ => told with { AccelerationMps2 = Math.Max(told.AccelerationMps2, 1.0) },
        };
        var foundAtS = Drive(scene, (MotionCause)cause, FaultAtS + withinS + 1, () => isBroken = true, which switch
        {
            "brake" => new(-3, 0, false),
            "steering" => new(0, 0.25, false),
            _ => new(0, 0, false),
        });
        Assert.InRange(foundAtS - FaultAtS, 0, withinS);
        Assert.Equal(MotionAction.Mrm, scene.Guard.Verdict.Action);
    }

    /// <summary>The accelerometer is fixed to the vehicle: braking while it drives backwards it feels a push ahead.</summary>
    [Fact]
    public void Braking_backwards_is_taken_for_braking()
    {
        var scene = new MotionScene(9);
        while (scene.NowS < 12)
        {
            var seconds = scene.NowS;
            scene.Step(new(seconds < 4 ? 1 : -2.5, 0, true));
            Assert.True((scene.Guard.Verdict.Causes & (Bit(MotionCause.BrakeTooWeak) | Bit(MotionCause.UnwantedMotion) | Bit(MotionCause.WheelDisagrees))) == 0, $"{scene.Guard.Verdict} after {seconds:F2} s");
        }

        static ulong Bit(MotionCause cause) => 1UL << (int)cause;
    }

    /// <summary>From standstill: by what was told and is felt, and without an accelerometer by the satellites.</summary>
    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 5)]
    public void A_wheel_that_is_stuck_at_zero_from_standstill_is_found(bool hasAccelerometer, double withinS)
    {
        var scene = new MotionScene(7)
        {
            Fault = frame => (frame.WheelMps, frame.AccelerationMps2) = (0, hasAccelerometer ? frame.AccelerationMps2 : double.NaN),
        };
        while (scene.Guard.Verdict.Action != MotionAction.Mrm && scene.NowS < 10)
        {
            scene.Step(new(scene.Ego.SpeedMps < 3 ? 1 : 0, 0, false));
        }

        Assert.Equal(MotionCause.WheelDisagrees, scene.Guard.Verdict.Cause);
        Assert.InRange(scene.NowS, 0.3, withinS);
    }

    [Fact]
    public void Ten_minutes_of_faultless_driving_raise_nothing()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var scene = Driving(seed);
            var random = new Random(seed);
            var (speed, steering) = (5.0, 0.0);
            for (var tick = 0; tick < 12_000; tick++)
            {
                if (tick % 60 == 0)
                {
                    // Stops and starts, bends and straights, within what the vehicle does by itself.
                    speed = random.Next(5) == 0 ? 0 : 8 * random.NextDouble();
                    steering = (random.NextDouble() - 0.5) * Math.Min(0.9, 4 / (1 + (speed * speed)));
                }

                scene.Step(new(Math.Clamp(speed - scene.Ego.SpeedMps, -3, 1), steering, false));
                var health = scene.Guard.Verdict.Causes & ~((1UL << (int)MotionCause.BendTooFast) | (1UL << (int)MotionCause.ObjectAhead));
                Assert.True(health == 0, $"{Enum.GetValues<MotionCause>().Where(cause => (health & (1UL << (int)cause)) != 0).Aggregate("", (all, cause) => all + cause)} after {scene.NowS:F1} s, seed {seed}");
            }
        }
    }

    [Fact]
    public void A_minimal_risk_manoeuvre_stays_until_it_is_ended_and_begins_anew_while_its_cause_holds()
    {
        var scene = Driving(5);
        Continue(scene, 1);
        scene.Fault = frame => frame.YawRateRadS = double.NaN;
        Continue(scene, 8);
        Assert.Equal(0, scene.Ego.SpeedMps);
        Assert.Equal(MotionCause.GyroDead, scene.Guard.Impairment);

        scene.Guard.EndMrm();
        Continue(scene, 9);
        Assert.Equal(MotionAction.Mrm, scene.Guard.Verdict.Action);

        scene.Fault = null;
        Continue(scene, 10);
        Assert.Equal(MotionAction.Mrm, scene.Guard.Verdict.Action);
        Assert.Equal(MotionCause.None, scene.Guard.Impairment);

        scene.Guard.EndMrm();
        Continue(scene, 14);
        Assert.Equal(MotionAction.None, scene.Guard.Verdict.Action);
        Assert.True(scene.Ego.SpeedMps > 2);
    }

    private static MotionScene Driving(int seed)
    {
        var scene = new MotionScene(seed, 5) { ViewRangeM = 1e6 };
        // Something to be seen, far from every way.
        scene.Agents.Add(new() { Class = ObjectClass.Barrier, X = 2000, Y = 9000 });
        return scene;
    }

    private static double Drive(MotionScene scene, MotionCause cause, double untilS, Action fault, Actuation? after = null)
    {
        while (scene.NowS < untilS)
        {
            var isFaulty = scene.NowS >= FaultAtS - 1e-9;
            if (isFaulty)
            {
                fault();
            }

            scene.Step(isFaulty && after is { } told ? told : new(Math.Clamp(5 - scene.Ego.SpeedMps, -1, 1), 0.02, false));
            if ((scene.Guard.Verdict.Causes & (1UL << (int)cause)) != 0)
            {
                return scene.NowS;
            }
        }

        return double.PositiveInfinity;
    }

    private static void Continue(MotionScene scene, double untilS)
    {
        while (scene.NowS < untilS)
        {
            scene.Step(new(Math.Clamp(5 - scene.Ego.SpeedMps, -1, 1), 0.02, false));
        }
    }

    /// <summary>A fault that keeps what it saw first.</summary>
    private static Action<SensorFrame> Kept(Action<SensorFrame, (double TimeS, double ObjectsAtS, SensedObject Seen, double WheelMps, double YawRateRadS, double X, double Y)> fault)
    {
        (double, double, SensedObject, double, double, double, double)? first = null;
        return frame =>
        {
            if (first is null && !double.IsNaN(frame.GnssX))
            {
                first = (frame.TimeS, frame.ObjectsAtS, frame.Objects[0], frame.WheelMps, frame.YawRateRadS, frame.GnssX, frame.GnssY);
            }

            if (first is { } kept)
            {
                fault(frame, kept);
            }
        };
    }
}
