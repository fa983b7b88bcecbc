using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Roads;

/// <summary>One arc of a way to be driven.</summary>
/// <param name="AsideM">Where on the carriageway the middle of the vehicle is to be, metres to the left of the arc's line.</param>
/// <param name="FromM">Where on the arc the way begins; 0 but on the first leg.</param>
internal readonly record struct PathLeg(int Arc, double AsideM, double FromM = 0);

/// <summary>
/// A point of a path, every <see cref="RoadPath.SpacingM"/> or nearer. Distances across are measured from the path, to the side that their name says.
/// </summary>
internal readonly record struct PathPoint
{
    public required MapPoint At { get; init; }

    /// <summary>In the direction in which the vehicle points, radians counter-clockwise from east.</summary>
    public double HeadingRad { get; init; }

    /// <summary>1/m, left positive.</summary>
    public double Curvature { get; init; }

    /// <summary>Metres driven from the start of the path.</summary>
    public double AlongM { get; init; }

    /// <summary>Index of the leg, and metres from the start of its arc.</summary>
    public required int Leg { get; init; }

    public required double LegM { get; init; }

    /// <summary>To the kerb on the right.</summary>
    public required double RightM { get; init; }

    /// <summary>To where traffic comes the other way, or to the kerb on the left where none does.</summary>
    public required double OwnLeftM { get; init; }

    /// <summary>To the kerb on the left.</summary>
    public required double LeftM { get; init; }

    /// <summary>Driven backwards.</summary>
    public bool IsReverse { get; init; }

    /// <summary>The path leaves its arc's line here for the next one: the area where streets meet.</summary>
    public bool IsTurn { get; init; }
}

/// <summary>
/// The line along which a vehicle drives a way: beside the lines of its arcs, with every corner rounded to what a vehicle can steer,
/// and turning round in three moves where the next leg leads back. Immutable.
/// </summary>
internal sealed class RoadPath
{
    /// <summary>Greatest distance between two points, metres.</summary>
    public const double SpacingM = 0.5;

    private readonly PathPoint[] points;

    private RoadPath(PathPoint[] points, IReadOnlyList<PathLeg> legs) => (this.points, Legs) = (points, legs);

    public IReadOnlyList<PathLeg> Legs { get; }

    public ReadOnlySpan<PathPoint> Points => points;

    public double LengthM => points[^1].AlongM;

    /// <param name="legs">At least one; each begins where the one before ends.</param>
    /// <param name="turningRadiusM">The tightest that the vehicle steers.</param>
    public static RoadPath Of(StreetNetwork network, IReadOnlyList<PathLeg> legs, double turningRadiusM)
    {
        ArgumentOutOfRangeException.ThrowIfZero(legs.Count, nameof(legs));
        return new(new PathBuilder(network, turningRadiusM).Build(legs), legs);
    }

    /// <summary>The index of the last point that is not beyond <paramref name="alongM"/>; never the very last.</summary>
    public int IndexAt(double alongM)
    {
        var (low, high) = (0, points.Length - 2);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = points[middle].AlongM <= alongM ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>The path at a distance from its start, between its points by linear interpolation.</summary>
    public PathPoint At(double alongM)
    {
        var i = IndexAt(alongM);
        var (a, b) = (points[i], points[i + 1]);
        var share = b.AlongM > a.AlongM ? Math.Clamp((alongM - a.AlongM) / (b.AlongM - a.AlongM), 0, 1) : 0;
        return a with
        {
            At = a.At.Towards(b.At, share),
            HeadingRad = Math.IEEERemainder(a.HeadingRad + (share * Math.IEEERemainder(b.HeadingRad - a.HeadingRad, 2 * Math.PI)), 2 * Math.PI),
            Curvature = a.Curvature + (share * (b.Curvature - a.Curvature)),
            AlongM = a.AlongM + (share * (b.AlongM - a.AlongM)),
            LegM = b.Leg == a.Leg ? a.LegM + (share * (b.LegM - a.LegM)) : a.LegM,
            RightM = a.RightM + (share * (b.RightM - a.RightM)),
            OwnLeftM = a.OwnLeftM + (share * (b.OwnLeftM - a.OwnLeftM)),
            LeftM = a.LeftM + (share * (b.LeftM - a.LeftM)),
        };
    }

    /// <summary>
    /// The place on the path that is nearest to a point, searched from <paramref name="nearM"/> on some metres back and ahead:
    /// metres along, and metres to the left of it.
    /// </summary>
    public (double AlongM, double AsideM) Project(MapPoint point, double nearM, double backM = 3, double aheadM = 8)
    {
        var (best, along, aside) = (double.PositiveInfinity, nearM, 0.0);
        for (var i = IndexAt(nearM - backM); i < points.Length - 1 && points[i].AlongM <= nearM + aheadM; i++)
        {
            var (a, b) = (points[i].At, points[i + 1].At);
            var (dx, dy) = (b.X - a.X, b.Y - a.Y);
            var squared = (dx * dx) + (dy * dy);
            if (squared == 0 || points[i].IsReverse != points[i + 1].IsReverse)
            {
                continue;
            }

            var share = Math.Clamp((((point.X - a.X) * dx) + ((point.Y - a.Y) * dy)) / squared, 0, 1);
            var (px, py) = (point.X - a.X - (share * dx), point.Y - a.Y - (share * dy));
            var distance = (px * px) + (py * py);
            if (distance < best)
            {
                best = distance;
                along = points[i].AlongM + (share * (points[i + 1].AlongM - points[i].AlongM));
                var left = ((dx * py) - (dy * px)) / Math.Sqrt(squared);
                aside = points[i].IsReverse ? -left : left;
            }
        }

        return (along, aside);
    }
}
