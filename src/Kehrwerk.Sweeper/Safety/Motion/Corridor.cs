namespace Kehrwerk.Sweeper.Safety.Motion;

/// <summary>The outline of the vehicle in its own frame: metres from the middle of the rear axle, all positive.</summary>
internal readonly record struct Outline(double FrontM, double RearM, double LeftM, double RightM)
{
    /// <summary>The same vehicle driving backwards, with x to where it drives.</summary>
    public Outline Reversed => new(RearM, FrontM, LeftM, RightM);
}

/// <summary>
/// What the vehicle sweeps if its steering is held: a ring round the centre of its turn. Points are given by their distance from the centre and
/// by the angle over which the rear axle has to turn to have them abreast. A straight way is a turn of <see cref="StraightM"/>.
/// </summary>
internal readonly struct Corridor
{
    private const double StraightM = 1e4;

    private readonly double side;
    private readonly double innerM, outerM, frontM, rearM;

    /// <param name="curvature">1/m, left positive.</param>
    public Corridor(double curvature, in Outline outline)
    {
        (side, RadiusM) = (curvature < 0 ? -1 : 1, 1 / Math.Max(Math.Abs(curvature), 1 / StraightM));
        var (inside, outside) = curvature < 0 ? (outline.RightM, outline.LeftM) : (outline.LeftM, outline.RightM);
        (innerM, outerM, frontM, rearM) = (RadiusM - inside, RadiusM + outside, outline.FrontM, outline.RearM);
    }

    public double RadiusM { get; }

    /// <summary>No point of the vehicle is farther than this from the middle of its rear axle, m.</summary>
    public double ExtentM => Math.Max(frontM, rearM) + Math.Max(RadiusM - innerM, outerM - RadiusM);

    public (double RadiusM, double AngleRad) Polar(double x, double y)
    {
        var across = RadiusM - (side * y);
        return (Math.Sqrt((x * x) + (across * across)), Math.Atan2(x, across));
    }

    /// <summary>The vehicle never touches a point, told without angles: most points are out of its ring.</summary>
    public bool Misses(double x, double y, double marginM)
    {
        var (across, inner, outer, ahead) = (RadiusM - (side * y), Math.Max(innerM - marginM, 0.01), outerM + marginM, Math.Max(frontM + marginM, rearM));
        var squared = (x * x) + (across * across);
        return squared < inner * inner || squared > (outer * outer) + (ahead * ahead);
    }

    /// <summary>The part of a velocity that goes along the turn, m/s.</summary>
    public double Along(double vx, double vy, double angleRad) => (vx * Math.Cos(angleRad)) + (side * vy * Math.Sin(angleRad));

    /// <summary>Something of that half width follows in the track of the vehicle.</summary>
    public bool IsBehind(double radiusM, double angleRad, double halfWidthM) =>
        radiusM * Math.Sin(angleRad) < -rearM && radiusM > innerM - halfWidthM && radiusM < outerM + halfWidthM;

    /// <summary>Where the vehicle is after <paramref name="travelM"/>, in its present frame, and how far it has turned.</summary>
    public (double X, double Y, double TurnedRad) After(double travelM)
    {
        var (sin, cos) = Math.SinCos(travelM / RadiusM);
        return (RadiusM * sin, side * RadiusM * (1 - cos), side * travelM / RadiusM);
    }

    /// <summary>Metres until its rear has left a point behind by <paramref name="marginM"/>.</summary>
    public double LeavesM(double angleRad, double marginM) => (RadiusM * angleRad) + rearM + marginM;

    /// <summary>
    /// Metres until the vehicle, wider on both sides and longer ahead by <paramref name="marginM"/>, touches a point; 0 where it does already, infinite where
    /// it never does. Behind it nothing is added: what follows keeps the distance itself.
    /// </summary>
    public double TravelM(double radiusM, double angleRad, double marginM)
    {
        var (inner, outer, front, rear) = (Math.Max(innerM - marginM, 0.01), outerM + marginM, frontM + marginM, rearM);
        var squared = radiusM * radiusM;
        if (radiusM < inner || squared > (outer * outer) + (Math.Max(front, rear) * Math.Max(front, rear)))
        {
            return double.PositiveInfinity;
        }

        if (radiusM <= outer)
        {
            // The front edge comes first, or nearer to the centre the inner side.
            var first = squared >= (inner * inner) + (front * front) ? Math.Asin(Math.Min(1, front / radiusM)) : Math.Acos(inner / radiusM);
            var last = squared >= (inner * inner) + (rear * rear) ? Math.Asin(Math.Min(1, rear / radiusM)) : Math.Acos(inner / radiusM);
            return angleRad > first ? RadiusM * (angleRad - first) : angleRad >= -last ? 0 : double.PositiveInfinity;
        }

        // Outside of the rear axle's outer side: only the front corner and the tail come there.
        var edge = Math.Acos(outer / radiusM);
        var hasFront = squared <= (outer * outer) + (front * front);
        if (hasFront && angleRad >= edge)
        {
            return RadiusM * Math.Max(0, angleRad - Math.Asin(Math.Min(1, front / radiusM)));
        }

        var hasTail = squared <= (outer * outer) + (rear * rear);
        return !hasTail || angleRad < -Math.Asin(Math.Min(1, rear / radiusM)) ? double.PositiveInfinity : RadiusM * Math.Max(0, angleRad + edge);
    }
}
