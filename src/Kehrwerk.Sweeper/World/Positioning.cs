using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// Satellite receiver (corrected, two antennas), wheel and gyroscope of one vehicle, each with errors of its own that the seed says.
/// Errors of position: white, and a drift (Gauss–Markov, 30 s) that grows in the canyon of a street. Not thread-safe.
/// </summary>
internal sealed class Positioning(Dice dice)
{
    private const double DriftS = 30;

    private readonly double wheelScale = 1 + (0.008 * dice.Normal());
    private readonly double steeringOffsetRad = 0.004 * dice.Normal();
    private double gyroBiasRadS = 0.002 * dice.Normal();
    private double driftX, driftY, lostS;

    /// <summary>A fix every second tick, none without sky; after an outage the solution comes back rough and settles in some seconds.</summary>
    public void Gnss(SensorFrame frame, Chassis body, long tick, bool isCovered, double canyonShare)
    {
        (frame.GnssX, frame.GnssY, frame.GnssStdM, frame.GnssHeadingRad) = (double.NaN, double.NaN, double.NaN, double.NaN);
        if (tick % 2 != 0)
        {
            return;
        }

        const double stepS = 2 * IPlatform.TickS;
        // A canyon takes the sky away now and then: from 70 % of hidden rim on, for some seconds.
        var isBlocked = isCovered || (canyonShare > 0.7 && (lostS > 0 ? !dice.Chance(0.03) : dice.Chance(0.02 * (canyonShare - 0.7) / 0.3)));
        if (isBlocked)
        {
            lostS = Math.Min(10, lostS + stepS);
            return;
        }

        lostS = Math.Max(0, lostS - (stepS * 2));
        var driftM = 0.02 + (0.6 * canyonShare * canyonShare);
        var keep = Math.Exp(-stepS / DriftS);
        driftX = (driftX * keep) + (driftM * Math.Sqrt(1 - (keep * keep)) * dice.Normal());
        driftY = (driftY * keep) + (driftM * Math.Sqrt(1 - (keep * keep)) * dice.Normal());
        var whiteM = 0.01 + (0.1 * canyonShare * canyonShare) + (0.15 * lostS);
        frame.GnssX = body.X + driftX + (whiteM * dice.Normal());
        frame.GnssY = body.Y + driftY + (whiteM * dice.Normal());
        // Its own idea is right on the average, and off by a quarter either way.
        frame.GnssStdM = Math.Sqrt((driftM * driftM) + (whiteM * whiteM)) * dice.Between(0.9, 1.4);
        frame.GnssHeadingRad = Math.IEEERemainder(body.HeadingRad + ((0.004 + (0.01 * canyonShare) + (0.01 * lostS)) * dice.Normal()), 2 * Math.PI);
    }

    public void Odometry(SensorFrame frame, Chassis body)
    {
        // Wheels that stand are known to stand.
        frame.WheelMps = body.SpeedMps == 0 ? 0 : (body.SpeedMps * wheelScale) + (0.01 * dice.Normal());
        gyroBiasRadS += 0.00002 * dice.Normal();
        frame.YawRateRadS = body.YawRateRadS + gyroBiasRadS + (0.002 * dice.Normal());
        frame.SteeringRad = body.SteeringRad + steeringOffsetRad + (0.001 * dice.Normal());
        var along = body.IsReverse ? -body.AccelerationMps2 : body.AccelerationMps2;
        frame.AccelerationMps2 = (body.SpeedMps == 0 ? 0 : along) + (0.05 * dice.Normal());
        frame.LateralMps2 = (body.SpeedMps * body.YawRateRadS) + (0.05 * dice.Normal());
    }
}
