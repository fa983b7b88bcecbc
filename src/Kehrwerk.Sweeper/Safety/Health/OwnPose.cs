using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Safety.Health;

/// <summary>
/// Where the guard itself believes the vehicle to be: wheels and gyroscope, drawn to the satellite position by how much either is worth.
/// Coarse on purpose: it only has to notice that the driving program is wrong. Not thread-safe.
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

    private const double HeadingGain = 0.05;

    private double contradictedS;

    public double X { get; private set; }
    public double Y { get; private set; }
    public double HeadingRad { get; private set; }
    public double StdM { get; private set; } = double.NaN;
    public bool IsKnown => !double.IsNaN(StdM);

    /// <summary>The last satellite position was far from where wheels and gyroscope say.</summary>
    public bool IsContradicted { get; private set; }

    public void Begin(in PoseClaim claim) => (X, Y, HeadingRad, StdM) = (claim.X, claim.Y, claim.HeadingRad, Math.Max(claim.StdM, FloorM));

    /// <param name="mps">Speed by the wheels, negative backwards.</param>
    public void Step(SensorFrame frame, double mps, double stepS)
    {
        var turnedRad = double.IsNaN(frame.YawRateRadS) ? 0 : frame.YawRateRadS * stepS;
        X += mps * stepS * Math.Cos(HeadingRad + (turnedRad / 2));
        Y += mps * stepS * Math.Sin(HeadingRad + (turnedRad / 2));
        HeadingRad = Math.IEEERemainder(HeadingRad + turnedRad, 2 * Math.PI);
        StdM += ErrorShare * Math.Abs(mps) * stepS;
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

        var (own, fix) = (StdM * StdM, fixM * fixM);
        var gain = contradictedS >= GiveUpS ? 1 : own / (own + fix);
        (X, Y) = (X + (gain * dx), Y + (gain * dy));
        StdM = contradictedS >= GiveUpS ? fixM : Math.Max(FloorM / 2, Math.Sqrt(own * fix / (own + fix)));
        if (!double.IsNaN(frame.GnssHeadingRad))
        {
            var share = contradictedS >= GiveUpS ? 1 : HeadingGain;
            HeadingRad = Math.IEEERemainder(HeadingRad + (share * Math.IEEERemainder(frame.GnssHeadingRad - HeadingRad, 2 * Math.PI)), 2 * Math.PI);
        }
    }

    /// <summary>How far another claim is beyond what both uncertainties explain, m; 0 within.</summary>
    public double BeyondM(in PoseClaim claim)
    {
        var (dx, dy) = (claim.X - X, claim.Y - Y);
        return Math.Max(0, Math.Sqrt((dx * dx) + (dy * dy)) - GateM - (GateSigmas * Math.Sqrt((StdM * StdM) + (claim.StdM * claim.StdM))));
    }
}
