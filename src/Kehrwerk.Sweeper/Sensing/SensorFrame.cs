using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Sensing;

/// <summary>What a sensor takes an object for. It may be wrong.</summary>
internal enum ObjectClass : byte
{
    Unknown, Car, Truck, Bus, Tram, Motorcycle, Cyclist, Pedestrian, Child, Animal, Barrier, Debris, Leaves,
}

/// <summary>What besides its shape is seen of an object.</summary>
[Flags]
internal enum ObjectSigns : byte
{
    None = 0,

    /// <summary>Blue lights and siren, StVO § 38 (1).</summary>
    Emergency = 1,

    /// <summary>Police or road works: the raised hand, StVO § 36 (1).</summary>
    HaltGesture = 2,

    /// <summary>Police or road works: the waving on.</summary>
    GoGesture = 4,

    /// <summary>Hazard lights.</summary>
    Hazard = 8,

    IndicatorLeft = 16,
    IndicatorRight = 32,
    DoorOpen = 64,
}

/// <summary>
/// One object as the sensors give it, with noise. In the vehicle's frame: x ahead of the middle of the rear axle, y to its left, metres;
/// the velocity over ground along the same axes, m/s.
/// </summary>
internal struct SensedObject
{
    public double X, Y, HeadingRad;
    public double Vx, Vy;
    public double LengthM, WidthM;

    /// <summary>0–1: how sure the sensor is that there is something.</summary>
    public double Confidence;

    public ObjectClass Class;
    public ObjectSigns Signs;
}

/// <summary>A sensor or an aggregate that watches itself.</summary>
internal enum Device : byte { Lidar, Camera, Radar, Gnss, Odometry, Ambient, BroomMotor, SuctionFan, WaterPump, Hopper, Battery, Steering, ServiceBrake, Lights }

/// <summary>
/// All that the vehicle's hardware says at one tick; filled anew at each by <see cref="IPlatform"/>, without allocation. What a sensor
/// did not deliver is not-a-number. Not thread-safe.
/// </summary>
internal sealed class SensorFrame
{
    public const int MaxObjects = 128;

    private readonly SensedObject[] objects = new SensedObject[MaxObjects];

    /// <summary>Vehicle's own monotonic time, s.</summary>
    public double TimeS;

    /// <summary>When the object list was measured: the age of what it says is the difference to <see cref="TimeS"/>, s.</summary>
    public double ObjectsAtS;

    public int ObjectCount;

    /// <summary>How far objects of the size of a person can be seen now, metres, as the perception judges it.</summary>
    public double ViewRangeM;

    /// <summary>Satellite position in the city's frame, metres, with its own idea of its standard deviation; NaN without a new fix.</summary>
    public double GnssX, GnssY, GnssStdM;

    /// <summary>Course over ground by two antennas, radians counter-clockwise from east; NaN without.</summary>
    public double GnssHeadingRad;

    /// <summary>Wheel speed, m/s, negative backwards.</summary>
    public double WheelMps;

    /// <summary>Turning rate by gyroscope, rad/s, left positive.</summary>
    public double YawRateRadS;

    /// <summary>Angle of the front wheels as measured, rad, left positive.</summary>
    public double SteeringRad;

    /// <summary>By accelerometer, m/s²: along the vehicle (backwards negative, so that braking while it drives backwards is positive), and to its left.</summary>
    public double AccelerationMps2, LateralMps2;

    /// <summary>From the middle of the vehicle's line to the kerb on its right and left, metres, by lidar; NaN where no kerb is seen.</summary>
    public double KerbRightM, KerbLeftM;

    /// <summary>Marker of a depot bay in the vehicle's frame: its place and direction; NaN where none is seen.</summary>
    public double MarkerX, MarkerY, MarkerHeadingRad;

    public double TemperatureC, IlluminanceLux;

    /// <summary>Rain on the windscreen sensor, 0–1 (the wiper's stage).</summary>
    public double WiperShare;

    public double BroomCurrentA, FanCurrentA;
    public double HopperM3, HopperKg, WaterL, BatteryWh, SupplyV;

    /// <summary>How dirty and how wet the kerb ahead of the broom looks, 0–1.</summary>
    public double DirtShare, WetShare;

    /// <summary>Something has touched the contact strips round the body.</summary>
    public bool IsTouched;

    /// <summary>The bay in which it stands holds it: its gate is closed, because the way out is not free.</summary>
    public bool IsHeld;

    /// <summary>Devices that report a fault of themselves, one bit per <see cref="Device"/>. A faulty device need not know it.</summary>
    public uint FaultyDevices;

    public Span<SensedObject> Objects => objects.AsSpan(0, ObjectCount);

    public bool IsFaulty(Device device) => (FaultyDevices & (1u << (int)device)) != 0;

    /// <summary>Takes over everything but the objects.</summary>
    public void Take(SensorFrame from)
    {
        (TimeS, ObjectsAtS, ViewRangeM) = (from.TimeS, from.ObjectsAtS, from.ViewRangeM);
        (GnssX, GnssY, GnssStdM, GnssHeadingRad) = (from.GnssX, from.GnssY, from.GnssStdM, from.GnssHeadingRad);
        (WheelMps, YawRateRadS, SteeringRad, AccelerationMps2, LateralMps2) = (from.WheelMps, from.YawRateRadS, from.SteeringRad, from.AccelerationMps2, from.LateralMps2);
        (KerbRightM, KerbLeftM, MarkerX, MarkerY, MarkerHeadingRad) = (from.KerbRightM, from.KerbLeftM, from.MarkerX, from.MarkerY, from.MarkerHeadingRad);
        (TemperatureC, IlluminanceLux, WiperShare, BroomCurrentA, FanCurrentA) = (from.TemperatureC, from.IlluminanceLux, from.WiperShare, from.BroomCurrentA, from.FanCurrentA);
        (HopperM3, HopperKg, WaterL, BatteryWh, SupplyV) = (from.HopperM3, from.HopperKg, from.WaterL, from.BatteryWh, from.SupplyV);
        (DirtShare, WetShare, IsTouched, IsHeld, FaultyDevices) = (from.DirtShare, from.WetShare, from.IsTouched, from.IsHeld, from.FaultyDevices);
    }

    /// <summary>Adds an object; those beyond <see cref="MaxObjects"/> are left out.</summary>
    public void Add(in SensedObject seen)
    {
        if (ObjectCount < MaxObjects)
        {
            objects[ObjectCount++] = seen;
        }
    }
}
