using Kehrwerk.Link;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// Brooms, suction and water by what the kerb looks like, and the stretches that were missed. Does not allocate but for a stretch that it closes.
/// </summary>
internal sealed class SweepWork(SweeperModel model)
{
    /// <summary>No water below this: ice, °C.</summary>
    public const double FrostC = 3;

    /// <summary>Wanted distance from the outer edge of the broom to the kerb, and how far it may be off, m.</summary>
    public const double GapM = 0.2, ToleranceM = 0.1;

    // Farther from its line than this the broom misses the kerb's gutter, m; nearer than this it sweeps again.
    private const double MissesM = 0.25, SweepsM = 0.15;

    // Stretches shorter than this are not worth a second visit, m.
    private const double LeastM = 1;

    public const int MostMissed = 256;

    private readonly List<MissedStretch> missed = new(MostMissed);
    private double fromM;
    private int leg = -1;

    /// <summary>The broom is on the kerb now.</summary>
    public bool IsSweeping { get; private set; }

    public MissedReason Missing { get; private set; }

    /// <summary>Closed stretches since the way was given; the oldest first.</summary>
    public IReadOnlyList<MissedStretch> Missed => missed;

    /// <summary>Middle of the vehicle to the kerb when it sweeps, m.</summary>
    public double FromKerbM => (model.SweepWidthM / 2) + GapM;

    public void Begin()
    {
        Close(fromM);
        missed.Clear();
        (leg, Missing, IsSweeping) = (-1, MissedReason.None, false);
    }

    /// <param name="besideM">How far the vehicle is from where it would sweep, m.</param>
    /// <param name="why">What keeps it away, if something does.</param>
    public void Step(int nowLeg, double legM, SweepSide? side, double besideM, MissedReason why, bool isBroomFaulty)
    {
        if (nowLeg != leg || side is null)
        {
            Close(Missing != MissedReason.None && nowLeg != leg ? double.PositiveInfinity : legM);
            leg = nowLeg;
        }

        var isNear = besideM < (IsSweeping ? MissesM : SweepsM);
        IsSweeping = side is not null && isNear && !isBroomFaulty;
        var reason = side is null || IsSweeping ? MissedReason.None : isBroomFaulty ? MissedReason.Broom : why == MissedReason.None ? MissedReason.Obstacle : why;
        if (reason != MissedReason.None && Missing == MissedReason.None)
        {
            (fromM, Missing) = (legM, reason);
        }
        else if (reason == MissedReason.None)
        {
            Close(legM);
        }
    }

    /// <summary>Sets the aggregates of an actuation.</summary>
    public Actuation Set(Actuation actuation, SensorFrame frame, SweepSide? side, double mps)
    {
        var works = IsSweeping && mps > 0.05;
        var wet = double.IsNaN(frame.WetShare) ? 0.5 : frame.WetShare;
        var dirt = double.IsNaN(frame.DirtShare) ? 0.5 : frame.DirtShare;
        return actuation with
        {
            BroomRight = IsSweeping && side == SweepSide.Right,
            BroomLeft = IsSweeping && side == SweepSide.Left,
            SuctionShare = !IsSweeping ? 0 : Math.Clamp(0.4 + (0.4 * dirt) + (0.2 * wet), 0, 1),
            Water = works && frame.TemperatureC >= FrostC && wet < 0.6 && frame.WaterL > Work.Levels.LeastWaterL,
        };
    }

    private void Close(double toM)
    {
        if (Missing != MissedReason.None && toM - fromM >= LeastM && missed.Count < MostMissed)
        {
            missed.Add(new(leg, fromM, toM, Missing));
        }

        Missing = MissedReason.None;
    }
}
