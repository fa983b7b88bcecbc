using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// Docks: the reference point onto the marker of a bay, in its direction. The marker's place is smoothed in the vehicle's own frame by wheel and gyroscope, so
/// that no satellite has a say. Who stands askew in the end backs out and comes in anew. Does not allocate.
/// </summary>
internal sealed class Docking(SweeperModel model)
{
    /// <summary>What a docked vehicle may be off, m and radians.</summary>
    public const double MostOffM = 0.1, MostOffRad = 2 * Math.PI / 180;

    /// <summary>From here on the marker leads, m.</summary>
    public const double BeginsM = 14;

    private const double MostMps = 0.7, BackMps = 0.5, BackM = 6, BrakingMps2 = 0.35, ArrivedM = 0.03;
    private const int MostTries = 4;

    private bool isBacking;
    private int tries, readings;

    /// <summary>Way that is left, offset to the left of the marker's line (m) and direction against it (rad).</summary>
    public double RestM { get; private set; }

    public double AsideM { get; private set; }

    public double OffRad { get; private set; }

    public bool IsDone { get; private set; }

    public bool HasFailed { get; private set; }

    public bool IsBacking => isBacking;

    /// <summary>The marker has been seen often enough to be believed.</summary>
    public bool IsLed => readings >= 5;

    public void Begin() => (isBacking, tries, readings, IsDone, HasFailed) = (false, 0, 0, false, false);

    public void Look(SensorFrame frame, double mps, double yawRate)
    {
        // Ahead by what was rolled and turned.
        RestM -= mps * IPlatform.TickS * Math.Cos(OffRad);
        AsideM += mps * IPlatform.TickS * Math.Sin(OffRad);
        OffRad += yawRate * IPlatform.TickS;
        if (double.IsNaN(frame.MarkerX + frame.MarkerY + frame.MarkerHeadingRad))
        {
            return;
        }

        var (cos, sin) = (Math.Cos(frame.MarkerHeadingRad), Math.Sin(frame.MarkerHeadingRad));
        var (rest, aside) = ((frame.MarkerX * cos) + (frame.MarkerY * sin), (frame.MarkerX * sin) - (frame.MarkerY * cos));
        var gain = Math.Max(0.06, 1.0 / (readings + 1));
        RestM += gain * (rest - RestM);
        AsideM += gain * (aside - AsideM);
        OffRad += gain * Math.IEEERemainder(-frame.MarkerHeadingRad - OffRad, 2 * Math.PI);
        readings++;
    }

    /// <summary>The wish of one tick: acceleration, steering and gear.</summary>
    public Actuation Drive(double mps, bool isHindered)
    {
        var speed = Math.Abs(mps);
        if (IsDone || HasFailed || isHindered)
        {
            return new(-1.5, 0, mps < 0 || (isBacking && speed > 0)) { ParkingBrake = speed < 0.1 };
        }

        if (!isBacking && RestM < ArrivedM && speed < 0.02)
        {
            IsDone = Math.Abs(AsideM) < 0.7 * MostOffM && Math.Abs(OffRad) < 0.8 * MostOffRad && RestM > -0.08;
            if (!IsDone && ++tries >= MostTries)
            {
                HasFailed = true;
            }

            isBacking = !IsDone && !HasFailed;
        }
        else if (isBacking && RestM > BackM && speed < 0.02)
        {
            isBacking = false;
        }

        var direction = isBacking ? -1 : 1;
        var restM = isBacking ? BackM + 0.2 - RestM : RestM - (ArrivedM / 2);
        var wanted = Math.Min(isBacking ? BackMps : MostMps, Math.Sqrt(2 * BrakingMps2 * Math.Max(0, restM - (speed * 0.1))));
        var isWrongGear = speed > 0.02 && Math.Sign(mps) != direction;
        var acceleration = isWrongGear || restM < 0.01 ? -1.0 : Math.Clamp(2.5 * (wanted - speed), -1.2, 0.5);
        return new(acceleration, Controller.ToLineRad(model, AsideM, OffRad, direction), isWrongGear ? mps < 0 : isBacking);
    }
}
