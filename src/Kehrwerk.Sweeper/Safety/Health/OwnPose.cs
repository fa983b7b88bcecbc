using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Health;

/// <summary>
/// Where the guard itself believes the vehicle to be: wheels and gyroscope, drawn to the satellite position by how much either is worth.
/// Coarse on purpose: it only has to notice that the driving program is wrong; but it says honestly how coarse it is. The heading and the bias of the
/// gyroscope are a Kalman filter of two states. Not thread-safe.
/// </summary>
internal sealed class OwnPose
{
    // Wheels and gyroscope err by this share of the way; a satellite position is never better than the floor, m.
    private const double ErrorShare = 0.03;
    private const double FloorM = 0.3;

    // From here on a position contradicts: standard deviations, and m for its delay.
    private const double GateSigmas = 4;
    private const double GateM = 1.5;

    // So long contradicted, its own idea is given up, s.
    private const double GiveUpS = 10;

    // A course by two antennas, rad at least and per m of the position's own standard deviation; one reading of the gyroscope, rad/s; its bias when it is
    // switched on, rad/s, and how that wanders in a second; a heading never counts as better than the floor, rad.
    private const double CourseRad = 0.05, CourseRadPerM = 0.1, GyroRadS = 0.01, BiasRadS = 0.01, BiasDriftRadS = 2e-4, HeadingFloorRad = 0.01;

    // Of the variance of a satellite position so much lasts (houses that mirror it, the air), and for about so long, s: no number of fixes averages it away, and
    // a receiver that sees more sky again does not say that its error is still there.
    private const double LastingShare = 0.7, LastingS = 30;

    private double contradictedS, reckonedM = double.NaN, lastingM, biasRadS;

    // Covariance of heading and bias.
    private double headingVar, crossVar, biasVar = BiasRadS * BiasRadS;

    public double X { get; private set; }
    public double Y { get; private set; }
    public double HeadingRad { get; private set; }

    /// <summary>Its own idea of its standard deviation, m: of the reckoning, and of what lasts in the positions that it has taken.</summary>
    public double StdM => Math.Sqrt((reckonedM * reckonedM) + (lastingM * lastingM));

    public double HeadingStdRad => Math.Sqrt(headingVar);

    public bool IsKnown => !double.IsNaN(reckonedM);

    /// <summary>The last satellite position was far from where wheels and gyroscope say.</summary>
    public bool IsContradicted { get; private set; }

    public void Begin(in PoseClaim claim) =>
        (X, Y, HeadingRad, reckonedM, headingVar) = (claim.X, claim.Y, claim.HeadingRad, Math.Max(claim.StdM, FloorM), Math.Max(claim.HeadingStdRad * claim.HeadingStdRad, CourseRad * CourseRad));

    /// <param name="mps">Speed by the wheels, negative backwards.</param>
    public void Step(SensorFrame frame, double mps, double stepS)
    {
        var turnedRad = Turn(frame.YawRateRadS, isStanding: frame.WheelMps == 0, stepS);
        X += mps * stepS * Math.Cos(HeadingRad + (turnedRad / 2));
        Y += mps * stepS * Math.Sin(HeadingRad + (turnedRad / 2));
        HeadingRad = Math.IEEERemainder(HeadingRad + turnedRad, 2 * Math.PI);
        reckonedM += (ErrorShare + HeadingStdRad) * Math.Abs(mps) * stepS;
        lastingM *= Math.Exp(-stepS / LastingS);
        if (double.IsNaN(frame.GnssX) || double.IsNaN(frame.GnssY) || !(frame.GnssStdM < 100))
        {
            contradictedS += IsContradicted ? stepS : 0;
            return;
        }

        var (dx, dy, fixM) = (frame.GnssX - X, frame.GnssY - Y, Math.Max(frame.GnssStdM, FloorM));
        IsContradicted = Math.Sqrt((dx * dx) + (dy * dy)) > GateM + (GateSigmas * Math.Sqrt((StdM * StdM) + (fixM * fixM)));
        contradictedS = IsContradicted ? contradictedS + stepS : 0;
        if (IsContradicted && contradictedS < GiveUpS)
        {
            return;
        }

        lastingM = Math.Max(lastingM, frame.GnssStdM * Math.Sqrt(LastingShare));
        var (own, fix) = (reckonedM * reckonedM, fixM * fixM);
        var gain = contradictedS >= GiveUpS ? 1 : own / (own + fix);
        (X, Y) = (X + (gain * dx), Y + (gain * dy));
        reckonedM = contradictedS >= GiveUpS ? fixM : Math.Max(FloorM / 2, Math.Sqrt(own * fix / (own + fix)));
        if (!double.IsNaN(frame.GnssHeadingRad))
        {
            var courseRad = Math.Max(CourseRad, CourseRadPerM * frame.GnssStdM);
            headingVar = contradictedS >= GiveUpS ? Math.PI * Math.PI : headingVar;
            Course(Math.IEEERemainder(frame.GnssHeadingRad - HeadingRad, 2 * Math.PI), courseRad * courseRad);
        }
    }

    /// <summary>How far it turns in a step by the gyroscope without its bias, which shows itself at standstill, rad.</summary>
    private double Turn(double yawRadS, bool isStanding, double stepS)
    {
        headingVar += stepS * ((stepS * biasVar) - (2 * crossVar) + (stepS * GyroRadS * GyroRadS));
        crossVar -= stepS * biasVar;
        biasVar += BiasDriftRadS * BiasDriftRadS * stepS;
        if (double.IsNaN(yawRadS))
        {
            // It may turn anyhow.
            headingVar += 0.1 * stepS;
            return 0;
        }

        // Wheels that are stuck at zero do not make a bias of a bend.
        var (innovation, sum) = (yawRadS - biasRadS, biasVar + (GyroRadS * GyroRadS));
        if (isStanding && innovation * innovation < GateSigmas * GateSigmas * sum)
        {
            var (ofHeading, ofBias) = (crossVar / sum, biasVar / sum);
            biasRadS += ofBias * innovation;
            HeadingRad += ofHeading * innovation;
            headingVar -= ofHeading * crossVar;
            (crossVar, biasVar) = (crossVar * (1 - ofBias), biasVar * (1 - ofBias));
            return 0;
        }

        return (yawRadS - biasRadS) * stepS;
    }

    private void Course(double innovation, double variance)
    {
        var sum = headingVar + variance;
        var (ofHeading, ofBias) = (headingVar / sum, crossVar / sum);
        HeadingRad = Math.IEEERemainder(HeadingRad + (ofHeading * innovation), 2 * Math.PI);
        biasRadS += ofBias * innovation;
        biasVar -= ofBias * crossVar;
        (crossVar, headingVar) = (crossVar * (1 - ofHeading), Math.Max(HeadingFloorRad * HeadingFloorRad, headingVar * (1 - ofHeading)));
    }

    /// <summary>How far another claim is beyond what both uncertainties explain, m; 0 within.</summary>
    public double BeyondM(in PoseClaim claim)
    {
        var (dx, dy) = (claim.X - X, claim.Y - Y);
        return Math.Max(0, Math.Sqrt((dx * dx) + (dy * dy)) - GateM - (GateSigmas * Math.Sqrt((StdM * StdM) + (claim.StdM * claim.StdM))));
    }
}
