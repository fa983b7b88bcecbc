namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>
/// Metres to the left of the way's line over metres along it: a polynomial of fifth degree from where the vehicle is to a distance that it then keeps,
/// jerk-optimal between the two (Werling, Ziegler, Kammel and Thrun, Optimal trajectory generation for dynamic street scenarios in a Frenet frame,
/// ICRA 2010; across over along is their form for low speeds, which holds at standstill too).
/// </summary>
internal readonly record struct LateralProfile
{
    private readonly double a0, a1, a2, a3, a4, a5;

    public LateralProfile(double fromM, double d, double slope, double bend, double lengthM, double toD)
    {
        (FromM, LengthM, ToM) = (fromM, lengthM, toD);
        (a0, a1, a2) = (d, slope, bend / 2);
        var (l, l2, l3) = (lengthM, lengthM * lengthM, lengthM * lengthM * lengthM);
        var (c0, c1, c2) = (toD - a0 - (a1 * l) - (a2 * l2), -a1 - (2 * a2 * l), -2 * a2);
        a3 = ((10 * c0) - (4 * c1 * l) + (c2 * l2 / 2)) / l3;
        a4 = ((-15 * c0) + (7 * c1 * l) - (c2 * l2)) / (l3 * l);
        a5 = ((6 * c0) - (3 * c1 * l) + (c2 * l2 / 2)) / (l3 * l2);
    }

    /// <summary>Metres along the way where it begins.</summary>
    public double FromM { get; }

    public double LengthM { get; }

    /// <summary>The distance that is kept in the end.</summary>
    public double ToM { get; }

    /// <summary>Offset, slope and second derivative over metres along.</summary>
    public (double D, double Slope, double Bend) At(double alongM)
    {
        var s = alongM - FromM;
        if (s >= LengthM)
        {
            return (ToM, 0, 0);
        }

        s = Math.Max(s, 0);
        return (
            a0 + (s * (a1 + (s * (a2 + (s * (a3 + (s * (a4 + (s * a5))))))))),
            a1 + (s * ((2 * a2) + (s * ((3 * a3) + (s * ((4 * a4) + (s * 5 * a5))))))),
            (2 * a2) + (s * ((6 * a3) + (s * ((12 * a4) + (s * 20 * a5))))));
    }
}

/// <summary>
/// Metres along the way over time: of fourth degree to a speed that is then kept, or of fifth to standstill at a place; jerk-optimal each (ibid.).
/// </summary>
internal readonly struct LongitudinalProfile
{
    private readonly double b1, b2, b3, b4, b5;

    private LongitudinalProfile(double lengthS, double fromM, double b1, double b2, double b3, double b4, double b5, double endMps) =>
        (LengthS, FromM, this.b1, this.b2, this.b3, this.b4, this.b5, EndMps) = (lengthS, fromM, b1, b2, b3, b4, b5, endMps);

    public double LengthS { get; }
    public double FromM { get; }

    /// <summary>The speed in the end, m/s.</summary>
    public double EndMps { get; }

    public static LongitudinalProfile ToSpeed(double fromM, double v, double a, double endMps, double lengthS)
    {
        var (t, t2) = (lengthS, lengthS * lengthS);
        var (c1, c2) = (endMps - v - (a * t), -a);
        return new(t, fromM, v, a / 2, ((3 * c1) - (c2 * t)) / (3 * t2), ((-2 * c1) + (c2 * t)) / (4 * t2 * t), 0, endMps);
    }

    public static LongitudinalProfile ToPlace(double fromM, double v, double a, double atM, double lengthS)
    {
        var (t, t2, t3) = (lengthS, lengthS * lengthS, lengthS * lengthS * lengthS);
        var (c0, c1, c2) = (atM - fromM - (v * t) - (a * t2 / 2), -v - (a * t), -a);
        return new(
            t, fromM, v, a / 2, ((10 * c0) - (4 * c1 * t) + (c2 * t2 / 2)) / t3, ((-15 * c0) + (7 * c1 * t) - (c2 * t2)) / (t3 * t), ((6 * c0) - (3 * c1 * t) + (c2 * t2 / 2)) / (t3 * t2), 0);
    }

    /// <summary>Braking at a constant rate (positive) to standstill.</summary>
    public static LongitudinalProfile Brake(double fromM, double v, double rateMps2) =>
        new(Math.Max(v, 1e-3) / rateMps2, fromM, v, -rateMps2 / 2, 0, 0, 0, 0);

    /// <summary>Metres along, speed and acceleration at a time.</summary>
    public (double AlongM, double Mps, double Mps2) At(double s)
    {
        var t = Math.Min(s, LengthS);
        var alongM = FromM + (t * (b1 + (t * (b2 + (t * (b3 + (t * (b4 + (t * b5)))))))));
        return s > LengthS
            ? (alongM + (EndMps * (s - LengthS)), EndMps, 0)
            : (alongM,
               b1 + (t * ((2 * b2) + (t * ((3 * b3) + (t * ((4 * b4) + (t * 5 * b5))))))),
               (2 * b2) + (t * ((6 * b3) + (t * ((12 * b4) + (t * 20 * b5))))));
    }

    /// <summary>Third derivative over time.</summary>
    public double Jerk(double t) => t > LengthS ? 0 : (6 * b3) + (t * ((24 * b4) + (t * 60 * b5)));
}
