using System.Globalization;

namespace Kehrwerk.Streets.Demo;

/// <summary>A point or vector on the town's metric plane: metres east and north of the market square.</summary>
internal readonly record struct PlanPoint(double X, double Y)
{
    public double LengthM => Math.Sqrt(X * X + Y * Y);

    public PlanPoint Unit => LengthM is var length && length > 0 ? new(X / length, Y / length) : this;

    /// <summary>The vector turned by 90° to the left.</summary>
    public PlanPoint Left => new(-Y, X);

    public double Angle => Math.Atan2(Y, X);

    public double Dot(PlanPoint other) => X * other.X + Y * other.Y;

    /// <summary>Positive where <paramref name="other"/> points to the left of this.</summary>
    public double Cross(PlanPoint other) => X * other.Y - Y * other.X;

    public double DistanceTo(PlanPoint other) => (other - this).LengthM;

    public PlanPoint Turned(double radians) => new(
        X * Math.Cos(radians) - Y * Math.Sin(radians),
        X * Math.Sin(radians) + Y * Math.Cos(radians));

    // The one that a record gets would print Unit and Left, which are points themselves, without end.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({X:F1} m, {Y:F1} m)");

    public static PlanPoint Polar(double radiusM, double angle) => new(radiusM * Math.Cos(angle), radiusM * Math.Sin(angle));

    public static PlanPoint operator +(PlanPoint a, PlanPoint b) => new(a.X + b.X, a.Y + b.Y);

    public static PlanPoint operator -(PlanPoint a, PlanPoint b) => new(a.X - b.X, a.Y - b.Y);

    public static PlanPoint operator *(PlanPoint a, double factor) => new(a.X * factor, a.Y * factor);
}
