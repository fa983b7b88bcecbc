using System.Numerics;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Health;

/// <summary>
/// Whether sensors and actuators can be believed: what is dead, late, frozen, or contradicts the others. Each finding needs a time in which it holds;
/// docs/driving/safety.md has the table. Not thread-safe.
/// </summary>
internal sealed class SensorHealth(SweeperModel model)
{
    // Below it the vehicle stands: much of this can only be told while it moves, m/s.
    private const double MovingMps = 0.5;

    private const double LateS = 0.3, DeadS = 0.6;
    private const double FilterS = 0.5;

    // The limits of the model's steering are not the guard's to know exactly: how fast the wheels turn at least, rad/s.
    private const double SteeringRateRadS = 0.5;

    private readonly double[] badForS = new double[64];
    private ulong found;
    private double timeS = double.NaN, objectsAtS, objectsSum, wheelMps = double.NaN, yawRadS, gnssX, gnssY;
    private double wheelSameS, yawSameS, sinceFixS, wheelResidual, yawResidual, brakeShort, excess, expectedRad, toldMps2;
    private int sameFixes, movedFixes;
    private double setOffMps, nearX = double.NaN, nearY, restX, restY;

    /// <summary>Findings of now, one bit per <see cref="MotionCause"/>.</summary>
    public ulong Found => found;

    /// <summary>Speed by the wheels, m/s, negative backwards; the last one known where they say nothing.</summary>
    public double WheelMps => double.IsNaN(wheelMps) ? 0 : wheelMps;

    /// <param name="told">What the guard let through in the tick before.</param>
    public void Look(SensorFrame frame, in Actuation told, in PoseClaim claim, OwnPose own)
    {
        var stepS = Math.Clamp(frame.TimeS - timeS, 0, 0.5) is var passed and > 0 ? passed : IPlatform.TickS;
        Judge(MotionCause.ClockStopped, !(frame.TimeS > timeS) && !double.IsNaN(timeS), 0.1, IPlatform.TickS);
        timeS = frame.TimeS;
        Objects(frame, stepS);
        var isStuck = Standstill(frame, told, stepS);
        Odometry(frame, stepS, isStuck);
        own.Step(frame, WheelMps, stepS);
        Gnss(frame, own, stepS);
        Actuators(frame, told, stepS);
        Judge(MotionCause.PoseUncertain, !(claim.StdM <= 0.5 && claim.HeadingStdRad <= 0.1), 0.3, stepS);
        Judge(MotionCause.PoseLost, !(claim.StdM <= 1 && claim.HeadingStdRad <= 0.25), 0.3, stepS);
        Judge(MotionCause.PoseDisagrees, own.IsKnown && own.BeyondM(claim) > 0, 0.5, stepS);
        Judge(MotionCause.AmbientDead, !(frame.TemperatureC is > -50 and < 70) || !(frame.IlluminanceLux is >= 0 and < 300_000), 0.5, stepS);
        var reported = 0UL;
        for (var devices = frame.FaultyDevices; devices != 0; devices &= devices - 1)
        {
            reported |= 1UL << (int)MotionCauses.Of((Device)BitOperations.TrailingZeroCount(devices));
        }

        Judge(MotionCause.SelfReported, (reported & (1UL << (int)MotionCause.SelfReported)) != 0, 0.1, stepS);
        Judge(MotionCause.SelfReportedSlow, (reported & (1UL << (int)MotionCause.SelfReportedSlow)) != 0, 0.1, stepS);
        Judge(MotionCause.SelfReportedMrm, (reported & (1UL << (int)MotionCause.SelfReportedMrm)) != 0, 0.1, stepS);
        found |= reported & (1UL << (int)MotionCause.AmbientDead);
        // A touch is short: it is believed at once.
        Judge(MotionCause.Contact, frame.IsTouched, 0, stepS);
    }

    private bool IsMoving => Math.Abs(WheelMps) > MovingMps;

    private void Objects(SensorFrame frame, double stepS)
    {
        var ageS = frame.TimeS - frame.ObjectsAtS;
        Judge(MotionCause.ObjectsDead, !(ageS <= DeadS && ageS > -DeadS) || double.IsNaN(frame.ViewRangeM), 0.1, stepS);
        Judge(MotionCause.ObjectsLate, ageS > LateS, 0.2, stepS);
        if (frame.ObjectsAtS == objectsAtS)
        {
            return;
        }

        var sum = 0.0;
        foreach (ref readonly var seen in frame.Objects)
        {
            sum += seen.X + (2 * seen.Y);
        }

        // Noise alone makes two lists differ, the more so a vehicle that moves.
        Judge(MotionCause.ObjectsFrozen, sum == objectsSum && frame.ObjectCount > 0 && IsMoving, 0.4, frame.ObjectsAtS - objectsAtS);
        (objectsAtS, objectsSum) = (frame.ObjectsAtS, sum);
    }

    /// <summary>
    /// Whether a vehicle whose wheels say that they stand moves all the same: what was told and is felt adds up to a speed, or the satellites show a way,
    /// more than noise and drift of theirs.
    /// </summary>
    private bool Standstill(SensorFrame frame, in Actuation told, double stepS)
    {
        // Wheels that stand, m/s; speed that would have come of it, m/s; way by satellites, m, and how many fixes have to show it.
        const double restMps = 0.1, mostMps = 0.5, mostM = 2;
        const int fixes = 5;

        // A fix as sure as this; a jump is the receiver's; drift is followed so slowly, a share of each fix.
        const double sureM = 0.5, jumpM = 1.5, followed = 0.02;
        if (!(Math.Abs(frame.WheelMps) < restMps))
        {
            (setOffMps, movedFixes, nearX) = (0, 0, double.NaN);
            return false;
        }

        var (asked, felt) = (told.AccelerationMps2, Felt(frame, told.IsReverse));
        setOffMps = asked > 0 ? setOffMps + (felt > 2 * restMps ? Math.Min(asked, felt) * stepS : 0) : 0;
        if (frame.GnssStdM < sureM && !double.IsNaN(frame.GnssX))
        {
            if (double.IsNaN(nearX) || Math.Abs(frame.GnssX - nearX) + Math.Abs(frame.GnssY - nearY) > jumpM)
            {
                (nearX, nearY, restX, restY) = (frame.GnssX, frame.GnssY, frame.GnssX, frame.GnssY);
            }

            (nearX, nearY) = ((nearX + frame.GnssX) / 2, (nearY + frame.GnssY) / 2);
            (restX, restY) = (restX + (followed * (nearX - restX)), restY + (followed * (nearY - restY)));
            movedFixes = Math.Sqrt(((nearX - restX) * (nearX - restX)) + ((nearY - restY) * (nearY - restY))) > mostM ? movedFixes + 1 : 0;
        }

        return setOffMps > mostMps || movedFixes >= fixes;
    }

    private void Odometry(SensorFrame frame, double stepS, bool isStuck)
    {
        var (wheel, yaw) = (frame.WheelMps, frame.YawRateRadS);
        Judge(MotionCause.WheelDead, double.IsNaN(wheel), 0.1, stepS);
        Judge(MotionCause.GyroDead, double.IsNaN(yaw), 0.1, stepS);
        Judge(MotionCause.SteeringDead, double.IsNaN(frame.SteeringRad), 0.1, stepS);
        wheelSameS = wheel == wheelMps && Math.Abs(wheel) > 0.1 ? wheelSameS + stepS : 0;
        yawSameS = yaw == yawRadS && IsMoving ? yawSameS + stepS : 0;
        Judge(MotionCause.WheelFrozen, wheelSameS > 0.5, 0, stepS);
        Judge(MotionCause.GyroFrozen, yawSameS > 0.5, 0, stepS);
        if (!double.IsNaN(wheel) && !double.IsNaN(wheelMps))
        {
            // What the wheels gain and what the accelerometer feels, both along the direction of travel.
            var gained = Math.Abs(wheel) - Math.Abs(wheelMps);
            var felt = double.IsNaN(frame.AccelerationMps2) || Math.Max(Math.Abs(wheel), Math.Abs(wheelMps)) < 0.2 ? gained : Felt(frame, wheel < 0) * stepS;
            wheelResidual = (wheelResidual * (1 - (stepS / FilterS))) + Math.Abs(gained - felt);
            Judge(MotionCause.WheelDisagrees, wheelResidual > 2.5 || isStuck, 0.1, stepS);
        }

        (wheelMps, yawRadS) = (double.IsNaN(wheel) ? wheelMps : wheel, yaw);
        if (!double.IsNaN(yaw) && !double.IsNaN(frame.SteeringRad) && !double.IsNaN(wheel))
        {
            var byWheels = wheel * Math.Tan(frame.SteeringRad) / model.WheelbaseM;
            var share = stepS / FilterS;
            yawResidual = (yawResidual * (1 - share)) + (Math.Abs(yaw - byWheels) * share);
            Judge(MotionCause.YawDisagrees, yawResidual > 0.12, 0.3, stepS);
        }
    }

    private void Gnss(SensorFrame frame, OwnPose own, double stepS)
    {
        Judge(MotionCause.GnssDisagrees, own.IsContradicted, 1, stepS);
        sinceFixS = double.IsNaN(frame.GnssX) ? sinceFixS + stepS : 0;
        Judge(MotionCause.GnssOut, sinceFixS > 3, 0, stepS);
        if (!double.IsNaN(frame.GnssX))
        {
            sameFixes = frame.GnssX == gnssX && frame.GnssY == gnssY && IsMoving ? sameFixes + 1 : 0;
            (gnssX, gnssY) = (frame.GnssX, frame.GnssY);
        }

        Judge(MotionCause.GnssFrozen, sameFixes >= 8, 0, stepS);
    }

    private void Actuators(SensorFrame frame, in Actuation told, double stepS)
    {
        var share = stepS / FilterS;
        // The wheels turn towards what was told as fast as they can; what is measured may lag, but not be elsewhere.
        expectedRad += Math.Clamp(told.SteeringRad - expectedRad, -SteeringRateRadS * stepS, SteeringRateRadS * stepS);
        var mostRad = Math.Atan(model.WheelbaseM / model.TurningRadiusM);
        expectedRad = Math.Clamp(expectedRad, -mostRad, mostRad);
        var offRad = Math.Abs(frame.SteeringRad - expectedRad);
        var isOff = offRad > 0.08;
        Judge(MotionCause.SteeringDoesNotFollow, isOff, 0.4, stepS);
        expectedRad += isOff || double.IsNaN(frame.SteeringRad) ? 0 : 0.1 * (frame.SteeringRad - expectedRad);

        // Braking builds up in a third of a second: the order is smoothed like the answer.
        toldMps2 += share * (Math.Clamp(told.AccelerationMps2, -model.EmergencyBrakingMps2, model.AccelerationMps2) - toldMps2);
        var isMoving = Math.Abs(WheelMps) > 1;
        var felt = double.IsNaN(frame.AccelerationMps2) ? toldMps2 : Felt(frame, WheelMps < 0);
        brakeShort += share * ((isMoving && toldMps2 < -1 ? Math.Max(0, felt - (toldMps2 / 2)) : 0) - brakeShort);
        Judge(MotionCause.BrakeTooWeak, toldMps2 < -1 && brakeShort > 0.3, 0.2, stepS);
        excess += share * ((isMoving ? felt - Math.Max(toldMps2, 0) : 0) - excess);
        Judge(MotionCause.UnwantedMotion, excess > 0.8, 0.2, stepS);
    }

    /// <summary>What the accelerometer feels along the direction of travel, m/s².</summary>
    private static double Felt(SensorFrame frame, bool isReverse) => isReverse ? -frame.AccelerationMps2 : frame.AccelerationMps2;

    /// <summary>A finding holds once it was bad for a time, and until it was good for twice that time, at least 0.2 s.</summary>
    private void Judge(MotionCause cause, bool isBad, double afterS, double stepS)
    {
        var (index, bit) = ((int)cause, 1UL << (int)cause);
        ref var forS = ref badForS[index];
        var wasFound = (found & bit) != 0;
        if (!wasFound)
        {
            forS = isBad ? forS + stepS : Math.Max(0, forS - stepS);
            found |= isBad && forS >= afterS - 1e-9 ? bit : 0;
            forS = (found & bit) != 0 ? 0 : forS;
            return;
        }

        forS = isBad ? 0 : forS + stepS;
        if (forS > Math.Max(0.2, 2 * afterS))
        {
            (found, forS) = (found & ~bit, 0);
        }
    }
}
