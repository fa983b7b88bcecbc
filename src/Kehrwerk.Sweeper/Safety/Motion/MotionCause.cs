using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Motion;

/// <summary>Why the guard restrains, or what it reports. The code on the wire is the name; docs/driving/safety.md has the table.</summary>
internal enum MotionCause : byte
{
    None,
    ObjectAhead, PersonNear, ViewTooShort, SpeedLimit, BendTooFast, AreaBorder, AreaLeft, Contact,
    ClockStopped, ObjectsDead, ObjectsLate, ObjectsFrozen,
    WheelDead, WheelFrozen, WheelDisagrees, GyroDead, GyroFrozen, YawDisagrees,
    SteeringDead, SteeringDoesNotFollow, BrakeTooWeak, UnwantedMotion,
    GnssOut, GnssFrozen, GnssDisagrees, PoseUncertain, PoseLost, PoseDisagrees,
    AmbientDead, SelfReported, SelfReportedSlow, SelfReportedMrm,
    OddLeaving, OddOutside, Unsupervised, Deactivated, SupervisionEnded, WitsEnd,
}

/// <summary>What a cause leads to.</summary>
internal enum Consequence : byte { Report, Slow, Stop, Mrm }

internal static class MotionCauses
{
    /// <summary>A person's walking pace with which a vehicle goes on that is impaired, m/s (AFGBV Anl. 1 no. 3).</summary>
    public const double WalkMps = 6 / 3.6;

    private const double CarefulMps = 10 / 3.6;

    public static string Code(this MotionCause cause) => cause.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";

    public static (Consequence Consequence, double ToMps, string Text) Of(MotionCause cause) => cause switch
    {
        MotionCause.ObjectAhead => (Consequence.Stop, 0, "Something is nearer than the safe distance"),
        MotionCause.PersonNear => (Consequence.Stop, 0, "A person or an animal is nearer than the safe distance"),
        MotionCause.ViewTooShort => (Consequence.Slow, 0, "It must be able to stop within what it sees"),
        MotionCause.SpeedLimit => (Consequence.Slow, 0, "Faster than the street or the vehicle allows"),
        MotionCause.BendTooFast => (Consequence.Slow, 0, "Too fast for the angle of the wheels"),
        MotionCause.AreaBorder => (Consequence.Stop, 0, "The operating area ends ahead"),
        MotionCause.AreaLeft => (Consequence.Mrm, 0, "Outside of the operating area"),
        MotionCause.Contact => (Consequence.Mrm, 0, "Something has touched the vehicle"),
        MotionCause.ClockStopped => (Consequence.Mrm, 0, "The time of the sensors stands still"),
        MotionCause.ObjectsDead => (Consequence.Mrm, 0, "No list of objects"),
        MotionCause.ObjectsLate => (Consequence.Slow, WalkMps, "The list of objects is late"),
        MotionCause.ObjectsFrozen => (Consequence.Mrm, 0, "The list of objects does not change while the vehicle moves"),
        MotionCause.WheelDead => (Consequence.Mrm, 0, "No wheel speed"),
        MotionCause.WheelFrozen => (Consequence.Mrm, 0, "The wheel speed does not change at all"),
        MotionCause.WheelDisagrees => (Consequence.Mrm, 0, "Wheel speed contradicts measured acceleration or satellite positions"),
        MotionCause.GyroDead => (Consequence.Mrm, 0, "No turning rate"),
        MotionCause.GyroFrozen => (Consequence.Mrm, 0, "The turning rate does not change at all"),
        MotionCause.YawDisagrees => (Consequence.Mrm, 0, "Turning rate, wheel speed and steering contradict each other"),
        MotionCause.SteeringDead => (Consequence.Mrm, 0, "No angle of the wheels"),
        MotionCause.SteeringDoesNotFollow => (Consequence.Mrm, 0, "The wheels do not turn as told"),
        MotionCause.BrakeTooWeak => (Consequence.Mrm, 0, "The vehicle brakes less than half as hard as told"),
        MotionCause.UnwantedMotion => (Consequence.Mrm, 0, "The vehicle speeds up without being told"),
        MotionCause.GnssOut => (Consequence.Report, double.PositiveInfinity, "No satellite position"),
        MotionCause.GnssFrozen => (Consequence.Slow, CarefulMps, "The satellite position does not change while the vehicle moves"),
        MotionCause.GnssDisagrees => (Consequence.Slow, CarefulMps, "The satellite position contradicts the way that was driven"),
        MotionCause.PoseUncertain => (Consequence.Slow, CarefulMps, "It does not know well where it is"),
        MotionCause.PoseLost => (Consequence.Mrm, 0, "It does not know where it is"),
        MotionCause.PoseDisagrees => (Consequence.Mrm, 0, "The driving program believes to be elsewhere than wheels and satellites say"),
        MotionCause.AmbientDead => (Consequence.Slow, CarefulMps, "Temperature or light are not measured: ice cannot be excluded"),
        MotionCause.SelfReported => (Consequence.Report, double.PositiveInfinity, "A device for the work reports a fault of itself"),
        MotionCause.SelfReportedSlow => (Consequence.Slow, WalkMps, "A sensor reports a fault of itself"),
        MotionCause.SelfReportedMrm => (Consequence.Mrm, 0, "A device without which it cannot drive reports a fault of itself"),
        MotionCause.OddLeaving => (Consequence.Slow, CarefulMps, "The operating conditions are about to end"),
        MotionCause.OddOutside => (Consequence.Mrm, 0, "Outside of the operating conditions"),
        MotionCause.Unsupervised => (Consequence.Stop, 0, "The vehicle may not drive now"),
        MotionCause.Deactivated => (Consequence.Mrm, 0, "The Technische Aufsicht deactivated the vehicle"),
        MotionCause.SupervisionEnded => (Consequence.Mrm, 0, "Supervision has ended"),
        MotionCause.WitsEnd => (Consequence.Mrm, 0, "The driving program knows no way on"),
        _ => (Consequence.Report, double.PositiveInfinity, ""),
    };

    /// <summary>What a device that reports a fault of itself leads to.</summary>
    public static MotionCause Of(Device device) => device switch
    {
        Device.Lidar or Device.Odometry or Device.Steering or Device.ServiceBrake or Device.Battery => MotionCause.SelfReportedMrm,
        Device.Camera or Device.Radar or Device.Lights => MotionCause.SelfReportedSlow,
        Device.Ambient => MotionCause.AmbientDead,
        _ => MotionCause.SelfReported,
    };

    /// <summary>The vehicle itself is impaired, not only told to stop or left alone.</summary>
    public static bool Impairs(MotionCause cause) => cause is not (MotionCause.Deactivated or MotionCause.SupervisionEnded or MotionCause.WitsEnd);

    /// <summary>The vehicle does not steer by a program that may be the cause: the wheels stay as they are until it stands.</summary>
    public static bool HoldsSteering(MotionCause cause) => cause is MotionCause.ObjectAhead or MotionCause.PersonNear or MotionCause.BendTooFast
        or MotionCause.AreaBorder or MotionCause.AreaLeft or MotionCause.Contact or MotionCause.ClockStopped or MotionCause.SteeringDead or MotionCause.SteeringDoesNotFollow
        or MotionCause.PoseLost or MotionCause.PoseDisagrees or MotionCause.ObjectsDead;

    /// <summary>The vehicle still sees, knows where it is, and does what it is told: it may go a little further to a better place.</summary>
    public static bool LetsGoOn(MotionCause cause) => cause is MotionCause.OddOutside or MotionCause.SupervisionEnded or MotionCause.WitsEnd;
}
