using Kehrwerk.Sweeper.Roads;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>A point of the <see cref="ReferenceLine"/>; distances across are positive to the side that their name says.</summary>
internal struct ReferencePoint
{
    public double X, Y, HeadingRad, Cos, Sin, Curvature, RightM, OwnLeftM, LeftM, MostMps;
    public bool IsTurn;
}

/// <summary>
/// The stretch of the way around the vehicle, in steps of equal length: what the planner looks at in every cycle. Beyond the end of the way, or where
/// the gear changes, it goes straight on. Reused; does not allocate.
/// </summary>
internal sealed class ReferenceLine
{
    public const double StepM = 0.5;
    public const int Count = 130;

    // So far behind the vehicle it begins.
    private const double BackM = 8;

    private readonly ReferencePoint[] points = new ReferencePoint[Count];

    /// <summary>Metres along the way at the first point.</summary>
    public double FromM { get; private set; }

    /// <summary>1 ahead, -1 where the way is driven backwards.</summary>
    public int Direction { get; private set; } = 1;

    public ReadOnlySpan<ReferencePoint> Points => points;

    public double ToM => FromM + ((Count - 1) * StepM);

    /// <param name="gearFromM">Where the stretch begins that is driven without changing gear.</param>
    /// <param name="gearToM">Where it ends.</param>
    /// <param name="mostMps">Greatest speed of each leg.</param>
    public void Fill(RoadPath path, double alongM, double gearFromM, double gearToM, ReadOnlySpan<double> mostMps)
    {
        FromM = Math.Max(gearFromM, Math.Floor((alongM - BackM) / StepM) * StepM);
        var line = path.Points;
        var i = path.IndexAt(FromM + 1e-6);
        Direction = line[Math.Min(i + 1, line.Length - 1)].IsReverse ? -1 : 1;
        for (var k = 0; k < Count; k++)
        {
            var s = FromM + (k * StepM);
            var onS = Math.Min(s, gearToM - 1e-6);
            while (i < line.Length - 2 && line[i + 1].AlongM <= onS)
            {
                i++;
            }

            ref readonly var a = ref line[i];
            ref readonly var b = ref line[i + 1];
            var share = b.AlongM > a.AlongM ? Math.Clamp((onS - a.AlongM) / (b.AlongM - a.AlongM), 0, 1) : 0;
            var heading = a.HeadingRad + (share * Math.IEEERemainder(b.HeadingRad - a.HeadingRad, 2 * Math.PI));
            var (cos, sin) = (Math.Cos(heading), Math.Sin(heading));
            var beyondM = s - onS;
            points[k] = new()
            {
                X = a.At.X + (share * (b.At.X - a.At.X)) + (Direction * beyondM * cos),
                Y = a.At.Y + (share * (b.At.Y - a.At.Y)) + (Direction * beyondM * sin),
                HeadingRad = heading,
                Cos = cos,
                Sin = sin,
                Curvature = a.Curvature + (share * (b.Curvature - a.Curvature)),
                RightM = a.RightM + (share * (b.RightM - a.RightM)),
                OwnLeftM = a.OwnLeftM + (share * (b.OwnLeftM - a.OwnLeftM)),
                LeftM = a.LeftM + (share * (b.LeftM - a.LeftM)),
                IsTurn = a.IsTurn || beyondM > 1e-3,
                MostMps = mostMps[Math.Min(a.Leg, mostMps.Length - 1)],
            };
        }
    }

    public int IndexAt(double alongM) => Math.Clamp((int)((alongM - FromM) / StepM), 0, Count - 2);

    public ref readonly ReferencePoint Near(double alongM) => ref points[IndexAt(alongM + (StepM / 2))];

    /// <summary>
    /// The pose of the vehicle's reference point at an offset: x, y, heading; and the curvature that it drives there (left positive, as the wheels are turned).
    /// </summary>
    public (double X, double Y, double HeadingRad, double Curvature) Pose(double alongM, double d, double slope, double bend)
    {
        var i = IndexAt(alongM);
        var share = ((alongM - FromM) / StepM) - i;
        ref readonly var a = ref points[i];
        ref readonly var b = ref points[i + 1];
        var heading = a.HeadingRad + (share * Math.IEEERemainder(b.HeadingRad - a.HeadingRad, 2 * Math.PI));
        var curvature = a.Curvature + (Math.Clamp(share, 0, 1) * (b.Curvature - a.Curvature));
        var (cos, sin) = (a.Cos + (share * (b.Cos - a.Cos)), a.Sin + (share * (b.Sin - a.Sin)));
        var narrow = Math.Max(0.2, 1 - (curvature * d));
        var (tan, square) = (Direction * slope / narrow, slope * slope / (narrow * narrow));
        var turn = Math.Atan(tan);
        var cosTurn2 = 1 / (1 + square);
        var cosTurn = Math.Sqrt(cosTurn2);

        // Werling et al. 2010, appendix, with the curvature of the line taken as constant.
        var driven = (((bend + (curvature * slope * slope / narrow)) * cosTurn2 / narrow) + curvature) * cosTurn / narrow;
        return (a.X + (share * (b.X - a.X)) - (d * sin), a.Y + (share * (b.Y - a.Y)) + (d * cos), heading + turn, driven);
    }

    /// <summary>The place of the reference point at an offset, and the direction of the vehicle there as cosine and sine; without trigonometry.</summary>
    public (double X, double Y, double Cos, double Sin) Axis(double alongM, double d, double slope)
    {
        var i = IndexAt(alongM);
        var share = ((alongM - FromM) / StepM) - i;
        ref readonly var a = ref points[i];
        ref readonly var b = ref points[i + 1];
        var (cos, sin) = (a.Cos + (share * (b.Cos - a.Cos)), a.Sin + (share * (b.Sin - a.Sin)));
        var tan = Direction * slope / Math.Max(0.2, 1 - (a.Curvature * d));
        var scale = 1 / Math.Sqrt((1 + (tan * tan)) * ((cos * cos) + (sin * sin)));
        return (a.X + (share * (b.X - a.X)) - (d * sin), a.Y + (share * (b.Y - a.Y)) + (d * cos), scale * (cos - (tan * sin)), scale * (sin + (tan * cos)));
    }

    /// <summary>Where a place lies: metres along (of the stretch) and to the left; NaN where it is beside neither.</summary>
    public (double AlongM, double AsideM) Project(double x, double y)
    {
        // Every fourth point first; the line is smooth between them.
        var (best, at) = (double.PositiveInfinity, 0);
        for (var i = 0; i < Count; i += 4)
        {
            var (dx, dy) = (x - points[i].X, y - points[i].Y);
            var squared = (dx * dx) + (dy * dy);
            if (squared < best)
            {
                (best, at) = (squared, i);
            }
        }

        var to = Math.Min(at + 3, Count - 1);
        for (var i = Math.Max(at - 3, 0); i <= to; i++)
        {
            var (dx, dy) = (x - points[i].X, y - points[i].Y);
            var squared = (dx * dx) + (dy * dy);
            if (squared < best)
            {
                (best, at) = (squared, i);
            }
        }

        ref readonly var p = ref points[at];
        var (px, py) = (x - p.X, y - p.Y);
        var aheadM = Direction * ((px * p.Cos) + (py * p.Sin));
        return (FromM + (at * StepM) + aheadM, (py * p.Cos) - (px * p.Sin));
    }
}
