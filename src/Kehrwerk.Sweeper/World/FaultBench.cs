using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// Makes devices of a vehicle go wrong. Each device owns fields of the frame; those of actuators also act on what is carried out. Frames and
/// actuations of the last 1.55 s are kept for what is late. Not thread-safe.
/// </summary>
internal sealed class FaultBench(Dice dice)
{
    private const int Kept = 32;

    private readonly SensorFrame[] frames = [.. Enumerable.Range(0, Kept).Select(_ => new SensorFrame())];
    private readonly Actuation[] actuations = new Actuation[Kept];
    private readonly List<Active> faults = [];
    private long tick;

    private sealed class Active(Fault fault)
    {
        public readonly Fault Fault = fault;
        public readonly SensorFrame Frozen = new();
        public Actuation FrozenActuation;
        public bool HasBegun;
    }

    public void Inject(in Fault fault) => faults.Add(new(fault));

    public void Clear() => faults.Clear();

    public bool IsDead(Device device, double timeS)
    {
        foreach (var active in faults)
        {
            if (active.Fault.Device == device && active.Fault.Kind == FaultKind.Dead && IsOn(active.Fault, timeS))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What of the wanted actuation comes through.</summary>
    public Actuation Act(in Actuation wanted, double timeS)
    {
        actuations[tick % Kept] = wanted;
        var done = wanted;
        foreach (var active in faults)
        {
            ref readonly var fault = ref active.Fault;
            if (!IsOn(fault, timeS))
            {
                continue;
            }

            if (!active.HasBegun)
            {
                // The actuators freeze as they were before; the frame follows in Report.
                active.FrozenActuation = actuations[(tick + Kept - 1) % Kept];
            }

            var source = fault.Kind == FaultKind.Frozen ? active.FrozenActuation : fault.Kind == FaultKind.Late ? actuations[Back(fault) % Kept] : done;
            done = fault.Device switch
            {
                Device.Steering => done with { SteeringRad = fault.Kind == FaultKind.Dead ? 0 : On(fault, source.SteeringRad) },
                Device.ServiceBrake => done with { AccelerationMps2 = Brake(fault, done.AccelerationMps2, source.AccelerationMps2) },
                Device.BroomMotor => fault.Kind == FaultKind.Dead ? done with { BroomLeft = false, BroomRight = false } : done with { BroomLeft = source.BroomLeft, BroomRight = source.BroomRight },
                Device.SuctionFan => done with { SuctionShare = fault.Kind == FaultKind.Dead ? 0 : Math.Clamp(On(fault, source.SuctionShare), 0, 1) },
                Device.WaterPump => done with { Water = fault.Kind != FaultKind.Dead && source.Water },
                Device.Lights => done with
                {
                    Announced = fault.Kind switch
                    {
                        FaultKind.Dead => 0,
                        FaultKind.Wrong => ~source.Announced,
                        FaultKind.Noisy => dice.Chance(0.5) ? source.Announced : 0,
                        _ => source.Announced,
                    },
                },
                _ => done,
            };
        }

        return done;
    }

    /// <summary>What of the true frame is reported.</summary>
    public void Report(SensorFrame frame)
    {
        Copy(frame, frames[tick % Kept]);
        frame.FaultyDevices = 0;
        foreach (var active in faults)
        {
            ref readonly var fault = ref active.Fault;
            if (!IsOn(fault, frame.TimeS))
            {
                continue;
            }

            var before = frames[(tick + Kept - 1) % Kept];
            if (!active.HasBegun && fault is { Device: Device.Gnss, Kind: FaultKind.Frozen } && double.IsNaN(before.GnssX))
            {
                // There is not a fix at every tick: what freezes is one.
                continue;
            }

            if (!active.HasBegun)
            {
                active.HasBegun = true;
                Copy(before, active.Frozen);
            }

            frame.FaultyDevices |= fault.IsReported ? 1u << (int)fault.Device : 0;
            var source = fault.Kind switch { FaultKind.Frozen => active.Frozen, FaultKind.Late => frames[Back(fault) % Kept], _ => frame };
            Alter(fault, source, frame);
        }

        tick++;
    }

    private static bool IsOn(in Fault fault, double timeS) => timeS >= fault.FromS && timeS < fault.ToS;

    private long Back(in Fault fault) => Math.Max(0, tick - Math.Clamp((long)Math.Round(fault.Amount / IPlatform.TickS), 1, Kept - 1));

    private double On(in Fault fault, double value) => fault.Kind switch
    {
        FaultKind.Wrong => (value * fault.Scale) + fault.Offset,
        FaultKind.Noisy => value + (fault.Amount * dice.Normal()),
        FaultKind.Dead => double.NaN,
        _ => value,
    };

    // A brake that is dead leaves what rolling resistance does; the drive still drives.
    private double Brake(in Fault fault, double now, double source) =>
        fault.Kind == FaultKind.Dead ? Math.Max(now, -0.15) : source < 0 ? Math.Min(0, On(fault, source)) : fault.Kind is FaultKind.Late or FaultKind.Frozen ? source : now;

    private void Alter(in Fault fault, SensorFrame from, SensorFrame to)
    {
        switch (fault.Device)
        {
            case Device.Lidar:
                Objects(fault, from, to);
                (to.KerbRightM, to.KerbLeftM) = (On(fault, from.KerbRightM), On(fault, from.KerbLeftM));
                (to.MarkerX, to.MarkerY, to.MarkerHeadingRad) = (On(fault, from.MarkerX), On(fault, from.MarkerY), On(fault, from.MarkerHeadingRad));
                break;
            case Device.Camera:
                Classes(fault, from, to);
                (to.DirtShare, to.WetShare, to.ViewRangeM) = (On(fault, from.DirtShare), On(fault, from.WetShare), On(fault, from.ViewRangeM));
                break;
            case Device.Radar:
                Speeds(fault, from, to);
                break;
            case Device.Gnss:
                (to.GnssX, to.GnssY, to.GnssStdM, to.GnssHeadingRad) = (On(fault, from.GnssX), On(fault, from.GnssY), fault.Kind == FaultKind.Wrong ? from.GnssStdM : On(fault, from.GnssStdM), fault.Kind == FaultKind.Wrong ? from.GnssHeadingRad : On(fault, from.GnssHeadingRad));
                break;
            case Device.Odometry:
                (to.WheelMps, to.YawRateRadS) = (On(fault, from.WheelMps), fault.Kind == FaultKind.Wrong ? from.YawRateRadS * fault.Scale : On(fault, from.YawRateRadS));
                (to.AccelerationMps2, to.LateralMps2) = (On(fault, from.AccelerationMps2), On(fault, from.LateralMps2));
                break;
            case Device.Ambient:
                (to.TemperatureC, to.IlluminanceLux, to.WiperShare) = (On(fault, from.TemperatureC), On(fault, from.IlluminanceLux), On(fault, from.WiperShare));
                break;
            case Device.BroomMotor:
                to.BroomCurrentA = fault.Kind == FaultKind.Dead ? 0 : On(fault, from.BroomCurrentA);
                break;
            case Device.SuctionFan:
                to.FanCurrentA = fault.Kind == FaultKind.Dead ? 0 : On(fault, from.FanCurrentA);
                break;
            case Device.WaterPump:
                to.WaterL = fault.Kind == FaultKind.Dead ? from.WaterL : On(fault, from.WaterL);
                break;
            case Device.Hopper:
                (to.HopperM3, to.HopperKg) = (On(fault, from.HopperM3), On(fault, from.HopperKg));
                break;
            case Device.Battery:
                (to.BatteryWh, to.SupplyV) = (On(fault, from.BatteryWh), On(fault, from.SupplyV));
                break;
            case Device.Steering:
                to.SteeringRad = On(fault, from.SteeringRad);
                break;
            case Device.ServiceBrake or Device.Lights:
                break;
        }
    }

    private void Objects(in Fault fault, SensorFrame from, SensorFrame to)
    {
        if (fault.Kind is FaultKind.Frozen or FaultKind.Late)
        {
            to.ObjectCount = 0;
            foreach (ref readonly var seen in from.Objects)
            {
                to.Add(seen);
            }

            // A frozen sensor still stamps what it sends with the time of sending.
            to.ObjectsAtS = fault.Kind == FaultKind.Late ? from.ObjectsAtS : to.ObjectsAtS;
        }
        else if (fault.Kind == FaultKind.Dead)
        {
            (to.ObjectCount, to.ObjectsAtS) = (0, double.NaN);
        }
        else
        {
            // Wrong: the scale shortens the range (a blinded sensor sees near things only), the offset moves what is seen ahead.
            var objects = to.Objects;
            var (kept, rangeM) = (0, fault.Kind == FaultKind.Wrong && fault.Scale < 1 ? fault.Scale * Sight.RangeM : double.PositiveInfinity);
            for (var i = 0; i < objects.Length; i++)
            {
                var seen = objects[i];
                if ((seen.X * seen.X) + (seen.Y * seen.Y) <= rangeM * rangeM)
                {
                    seen.X += fault.Kind == FaultKind.Wrong ? fault.Offset : fault.Amount * dice.Normal();
                    seen.Y += fault.Kind == FaultKind.Noisy ? fault.Amount * dice.Normal() : 0;
                    objects[kept++] = seen;
                }
            }

            to.ObjectCount = kept;
        }
    }

    private void Classes(in Fault fault, SensorFrame from, SensorFrame to)
    {
        var old = from.Objects;
        foreach (ref var seen in to.Objects)
        {
            switch (fault.Kind)
            {
                case FaultKind.Dead:
                    (seen.Class, seen.Signs) = (ObjectClass.Unknown, ObjectSigns.None);
                    break;
                case FaultKind.Noisy or FaultKind.Wrong:
                    seen.Class = fault.Kind == FaultKind.Wrong || dice.Chance(Math.Min(1, fault.Amount)) ? (ObjectClass)dice.Below((int)ObjectClass.Leaves + 1) : seen.Class;
                    break;
                default:
                    // What a picture that is not of now does not show is not known.
                    var (best, least) = (-1, 4.0);
                    for (var i = 0; i < old.Length; i++)
                    {
                        var apart = Math.Abs(old[i].X - seen.X) + Math.Abs(old[i].Y - seen.Y);
                        (best, least) = apart < least ? (i, apart) : (best, least);
                    }

                    (seen.Class, seen.Signs) = best < 0 ? (ObjectClass.Unknown, ObjectSigns.None) : (old[best].Class, old[best].Signs);
                    break;
            }
        }
    }

    private void Speeds(in Fault fault, SensorFrame from, SensorFrame to)
    {
        var old = from.Objects;
        var objects = to.Objects;
        for (var i = 0; i < objects.Length; i++)
        {
            var source = fault.Kind is FaultKind.Frozen or FaultKind.Late ? (i < old.Length ? old[i] : default) : objects[i];
            (objects[i].Vx, objects[i].Vy) = (On(fault, source.Vx), On(fault, source.Vy));
        }
    }

    private static void Copy(SensorFrame from, SensorFrame to)
    {
        to.ObjectCount = 0;
        foreach (ref readonly var seen in from.Objects)
        {
            to.Add(seen);
        }

        (to.TimeS, to.ObjectsAtS, to.ViewRangeM) = (from.TimeS, from.ObjectsAtS, from.ViewRangeM);
        (to.GnssX, to.GnssY, to.GnssStdM, to.GnssHeadingRad) = (from.GnssX, from.GnssY, from.GnssStdM, from.GnssHeadingRad);
        (to.WheelMps, to.YawRateRadS, to.SteeringRad, to.AccelerationMps2, to.LateralMps2) = (from.WheelMps, from.YawRateRadS, from.SteeringRad, from.AccelerationMps2, from.LateralMps2);
        (to.KerbRightM, to.KerbLeftM, to.MarkerX, to.MarkerY, to.MarkerHeadingRad) = (from.KerbRightM, from.KerbLeftM, from.MarkerX, from.MarkerY, from.MarkerHeadingRad);
        (to.TemperatureC, to.IlluminanceLux, to.WiperShare, to.DirtShare, to.WetShare) = (from.TemperatureC, from.IlluminanceLux, from.WiperShare, from.DirtShare, from.WetShare);
        (to.BroomCurrentA, to.FanCurrentA, to.HopperM3, to.HopperKg, to.WaterL, to.BatteryWh, to.SupplyV) = (from.BroomCurrentA, from.FanCurrentA, from.HopperM3, from.HopperKg, from.WaterL, from.BatteryWh, from.SupplyV);
        (to.IsTouched, to.FaultyDevices) = (from.IsTouched, from.FaultyDevices);
    }
}
