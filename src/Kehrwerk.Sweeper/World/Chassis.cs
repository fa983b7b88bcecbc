using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>What limits a chassis.</summary>
/// <param name="WheelbaseM">From rear to front axle.</param>
/// <param name="MostSteeringRad">Greatest angle of the front wheels.</param>
/// <param name="SteeringRateRadS">How fast they turn.</param>
/// <param name="AccelerationMps2">Speeding up.</param>
/// <param name="BrakingMps2">Hardest braking on the present surface.</param>
/// <param name="JerkMps3">How fast the drive follows; braking builds up four times as fast.</param>
internal sealed record ChassisLimits(
    double WheelbaseM, double MostSteeringRad, double SteeringRateRadS, double AccelerationMps2, double BrakingMps2, double JerkMps3)
{
    /// <summary>The limits of a model, on a surface of some grip (1 dry, 0.6 wet, 0.2 ice).</summary>
    public static ChassisLimits Of(SweeperModel model, double grip = 1) =>
        new(model.WheelbaseM, Math.Atan(model.WheelbaseM / model.TurningRadiusM) * 1.05, 0.6, model.AccelerationMps2, model.EmergencyBrakingMps2 * grip, 4);
}

/// <summary>
/// The true motion of a vehicle: a kinematic single-track model whose reference point is the middle of the rear axle, with limits of steering rate,
/// acceleration and jerk. Not thread-safe.
/// </summary>
internal sealed class Chassis
{
    public double X, Y, HeadingRad;

    /// <summary>Along the vehicle, m/s; negative backwards.</summary>
    public double SpeedMps;

    public double SteeringRad;

    /// <summary>Acceleration along the direction of travel, m/s².</summary>
    public double AccelerationMps2;

    public double YawRateRadS;

    public bool IsReverse { get; private set; }

    public void Step(in Actuation actuation, ChassisLimits limits, double stepS)
    {
        var turn = limits.SteeringRateRadS * stepS;
        var wanted = Math.Clamp(actuation.SteeringRad, -limits.MostSteeringRad, limits.MostSteeringRad);
        SteeringRad += Math.Clamp(wanted - SteeringRad, -turn, turn);

        var change = limits.JerkMps3 * stepS;
        var demand = Math.Clamp(actuation.AccelerationMps2, -limits.BrakingMps2, limits.AccelerationMps2);
        AccelerationMps2 += Math.Clamp(demand - AccelerationMps2, -4 * change, change);

        if (SpeedMps == 0)
        {
            IsReverse = actuation.IsReverse;
        }

        var (before, sign) = (Math.Abs(SpeedMps), IsReverse ? -1 : 1);
        var after = Math.Max(0, before + (AccelerationMps2 * stepS));
        if (actuation.ParkingBrake && before < 0.1)
        {
            after = 0;
        }

        if (after == 0)
        {
            AccelerationMps2 = Math.Max(0, AccelerationMps2);
        }

        var rolledM = sign * (before + after) / 2 * stepS;
        SpeedMps = sign * after;
        var turnedRad = rolledM * Math.Tan(SteeringRad) / limits.WheelbaseM;
        X += rolledM * Math.Cos(HeadingRad + (turnedRad / 2));
        Y += rolledM * Math.Sin(HeadingRad + (turnedRad / 2));
        HeadingRad = Math.IEEERemainder(HeadingRad + turnedRad, 2 * Math.PI);
        YawRateRadS = turnedRad / stepS;
    }
}
