namespace Kehrwerk.Sweeper.World;

/// <summary>A rectangle in the plane: middle, direction, and half of its length and width, metres.</summary>
internal readonly record struct Box2(double X, double Y, double HeadingRad, double HalfLengthM, double HalfWidthM)
{
    private const double NearRotation = 1e-9;

    /// <summary>Distance between two boxes, metres; 0 where they touch or overlap.</summary>
    public double DistanceTo(in Box2 other) => ContactS(other, 0, 0) == 0 ? 0 : Math.Min(CornersTo(other), other.CornersTo(this));

    /// <summary>Distance from a point to this box, metres; 0 inside.</summary>
    public double DistanceTo(double x, double y)
    {
        var (sin, cos) = Math.SinCos(HeadingRad);
        var (dx, dy) = (x - X, y - Y);
        var ahead = Math.Max(0, Math.Abs((dx * cos) + (dy * sin)) - HalfLengthM);
        var aside = Math.Max(0, Math.Abs((dy * cos) - (dx * sin)) - HalfWidthM);
        return Math.Sqrt((ahead * ahead) + (aside * aside));
    }

    /// <summary>
    /// Seconds until this box, at rest, is touched by another that moves by (vx, vy) m/s relative to it without turning; 0 where they overlap,
    /// infinite where they never do. Separating axes (Gottschalk et al. 1996), each with the time of entry and of leaving.
    /// </summary>
    public double ContactS(in Box2 other, double vx, double vy)
    {
        var (entersS, leavesS) = (0.0, double.PositiveInfinity);
        var (sin, cos) = Math.SinCos(HeadingRad);
        var (sin2, cos2) = Math.SinCos(other.HeadingRad);
        var (dx, dy) = (other.X - X, other.Y - Y);
        var (c, s) = (Math.Abs((cos * cos2) + (sin * sin2)), Math.Abs((sin * cos2) - (cos * sin2)));
        return Axis((dx * cos) + (dy * sin), HalfLengthM + (other.HalfLengthM * c) + (other.HalfWidthM * s), (vx * cos) + (vy * sin), ref entersS, ref leavesS)
            && Axis((dy * cos) - (dx * sin), HalfWidthM + (other.HalfLengthM * s) + (other.HalfWidthM * c), (vy * cos) - (vx * sin), ref entersS, ref leavesS)
            && Axis((dx * cos2) + (dy * sin2), other.HalfLengthM + (HalfLengthM * c) + (HalfWidthM * s), (vx * cos2) + (vy * sin2), ref entersS, ref leavesS)
            && Axis((dy * cos2) - (dx * sin2), other.HalfWidthM + (HalfLengthM * s) + (HalfWidthM * c), (vy * cos2) - (vx * sin2), ref entersS, ref leavesS)
            && entersS <= leavesS
            ? entersS
            : double.PositiveInfinity;
    }

    private static bool Axis(double apart, double reach, double speed, ref double entersS, ref double leavesS)
    {
        if (Math.Abs(speed) < NearRotation)
        {
            return Math.Abs(apart) <= reach;
        }

        var (one, two) = ((-reach - apart) / speed, (reach - apart) / speed);
        entersS = Math.Max(entersS, Math.Min(one, two));
        leavesS = Math.Min(leavesS, Math.Max(one, two));
        return leavesS >= 0;
    }

    private double CornersTo(in Box2 other)
    {
        var (sin, cos) = Math.SinCos(HeadingRad);
        var least = double.PositiveInfinity;
        for (var i = 0; i < 4; i++)
        {
            var (a, b) = ((i & 1) == 0 ? HalfLengthM : -HalfLengthM, (i & 2) == 0 ? HalfWidthM : -HalfWidthM);
            least = Math.Min(least, other.DistanceTo(X + (a * cos) - (b * sin), Y + (a * sin) + (b * cos)));
        }

        return least;
    }
}
