using System.Collections.Immutable;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Monitor;

/// <summary>A trajectory of VDA 5050 (a rational B-spline, 7.6) as a line of points.</summary>
internal static class Curve
{
    /// <summary>More control points than this are not looked at.</summary>
    public const int MostControls = 500;

    private const int PointsPerSpan = 4;

    /// <summary>Points on it, its ends included, by the algorithm of de Boor; of one that is no curve its control points.</summary>
    public static ImmutableArray<MapPoint> Points(Trajectory trajectory)
    {
        var controls = trajectory.ControlPoints.IsDefault ? [] : trajectory.ControlPoints.Take(MostControls).ToArray();
        var (degree, knots) = ((int)Math.Min(trajectory.Degree ?? 1, 8), trajectory.KnotVector);
        if (degree <= 1 || controls.Length != trajectory.ControlPoints.Length || knots.Length != controls.Length + degree + 1)
        {
            return [.. controls.Select(control => new MapPoint(control.X, control.Y))];
        }

        var points = ImmutableArray.CreateBuilder<MapPoint>();
        for (var span = degree; span < controls.Length; span++)
        {
            var width = knots[span + 1] - knots[span];
            for (var i = span == degree ? 0 : 1; width > 0 && i <= PointsPerSpan; i++)
            {
                points.Add(At(controls, knots, degree, span, knots[span] + (width * i / PointsPerSpan)));
            }
        }

        return points.ToImmutable();
    }

    private static MapPoint At(ControlPoint[] controls, ImmutableArray<double> knots, int degree, int span, double at)
    {
        Span<(double X, double Y, double W)> d = stackalloc (double, double, double)[degree + 1];
        for (var i = 0; i <= degree; i++)
        {
            var (control, weight) = (controls[span - degree + i], controls[span - degree + i].Weight ?? 1);
            d[i] = (control.X * weight, control.Y * weight, weight);
        }

        for (var level = 1; level <= degree; level++)
        {
            for (var i = degree; i >= level; i--)
            {
                var from = knots[span - degree + i];
                var across = knots[i + 1 + span - level] - from;
                var share = across > 0 ? (at - from) / across : 0;
                var (a, b) = (d[i - 1], d[i]);
                d[i] = (a.X + (share * (b.X - a.X)), a.Y + (share * (b.Y - a.Y)), a.W + (share * (b.W - a.W)));
            }
        }

        return new(d[degree].X / d[degree].W, d[degree].Y / d[degree].W);
    }
}
