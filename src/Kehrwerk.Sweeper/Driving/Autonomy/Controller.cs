namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// Follows a trajectory: the curvature of the trajectory ahead, corrected by offset and direction so that both errors die out within a few metres without
/// overshoot (both poles of the linear error model over metres at -1/<see cref="SettleM"/>; the same law backwards, mirrored); and the
/// acceleration of the trajectory, corrected by the speed. Pure.
/// </summary>
internal static class Controller
{
    // The wheels follow so late, and the drive, s.
    private const double SteerLagS = 0.2;
    private const double DriveLagS = 0.15;

    /// <summary>Length over which an error falls to a third, m.</summary>
    public static double SettleM(double mps) => Math.Max(1.3, 0.55 * mps);

    /// <summary>Angle of the front wheels.</summary>
    /// <param name="d">Offset to the left of the line, m.</param>
    /// <param name="headingRad">Against the line, left positive.</param>
    public static double SteeringRad(SweeperModel model, ReferenceLine line, in LateralProfile profile, double alongM, double d, double headingRad, double mps)
    {
        var (wantedD, slope, bend) = profile.At(alongM);
        var (_, _, wantedHeading, _) = line.Pose(alongM, wantedD, slope, bend);
        var aheadM = alongM + (Math.Abs(mps) * SteerLagS) + 0.1;
        var (nextD, nextSlope, nextBend) = profile.At(aheadM);
        var (_, _, _, curvature) = line.Pose(aheadM, nextD, nextSlope, nextBend);
        var (_, _, lineHeading, _) = line.Pose(alongM, 0, 0, 0);
        var turned = Math.IEEERemainder(headingRad - Math.IEEERemainder(wantedHeading - lineHeading, 2 * Math.PI), 2 * Math.PI);
        var settle = 1 / SettleM(mps);
        var driven = curvature - (settle * settle * Math.Clamp(d - wantedD, -1.5, 1.5)) - (line.Direction * 2 * settle * Math.Sin(turned));
        return Limit(model, Math.Atan(model.WheelbaseM * driven));
    }

    /// <summary>Angle that drives on a straight line through a point (docking): offset to its left and direction against it.</summary>
    public static double ToLineRad(SweeperModel model, double d, double headingRad, int direction)
    {
        var settle = 1 / SettleM(0);
        return Limit(model, Math.Atan(model.WheelbaseM * (-(settle * settle * Math.Clamp(d, -0.8, 0.8)) - (direction * 2 * settle * Math.Sin(headingRad)))));
    }

    /// <summary>Acceleration along the way, m/s².</summary>
    public static double AccelerationMps2(in LongitudinalProfile motion, double sinceS, double mps)
    {
        var (_, now, _) = motion.At(sinceS);
        var (_, next, a) = motion.At(sinceS + DriveLagS);
        return next < 0.02 && mps < 0.15 ? -1.5 : a + (1.2 * (now - mps));
    }

    /// <summary>A wish for acceleration that changes no faster than the jerk allows; braking harder than is comfortable comes at once.</summary>
    public static double Smooth(double wanted, double before, double jerkMps3, double stepS) =>
        wanted < -2.5 ? wanted : Math.Clamp(wanted, before - (jerkMps3 * stepS), before + (jerkMps3 * stepS));

    private static double Limit(SweeperModel model, double steering)
    {
        var most = Math.Atan(model.WheelbaseM / model.TurningRadiusM) * 1.05;
        return Math.Clamp(steering, -most, most);
    }
}
