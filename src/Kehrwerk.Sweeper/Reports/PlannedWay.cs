using System.Collections.Immutable;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>
/// Where the vehicle is about to drive, for <c>plannedPath</c> (VDA 5050 3.0.0, 7.8): while it drives, the next metres of its own trajectory or, without a driving
/// program, of its line on the map. A line of few points: those on a straight between two others are left out.
/// </summary>
internal static class PlannedWay
{
    public const int MostPoints = 16;

    // So far ahead, and in such steps, m; a point this far beside the straight is kept, m.
    private const double AheadM = 50, StepM = 4, BesideM = 0.15;

    public static PlannedPath? Of(Vehicle vehicle)
    {
        if (vehicle.Drive.IsStanding)
        {
            return null;
        }

        var points = Thin([.. vehicle.Self is { } self ? OfPilot(self) : OfLine(vehicle.Drive)]);
        return points.Length < 2 ? null : new(new(points, Degree: 1) { KnotVector = Knots(points.Length) });
    }

    private static IEnumerable<ControlPoint> OfPilot(SelfDriving self)
    {
        var pilot = self.Pilot;
        if (!pilot.Where.IsKnown || pilot.State.Leg < 0)
        {
            yield break;
        }

        var (fromM, line, across) = (pilot.State.AlongM, pilot.Line, pilot.Trajectory.Across);
        for (var aheadM = 0.0; aheadM <= AheadM; aheadM += StepM)
        {
            var (d, slope, bend) = across.At(fromM + aheadM);
            var (x, y, _, _) = line.Pose(fromM + aheadM, d, slope, bend);
            yield return Point(x, y);
        }
    }

    private static IEnumerable<ControlPoint> OfLine(Drive drive)
    {
        var (fromM, leftM) = (drive.OffsetM, AheadM);
        foreach (var leg in drive.Ahead)
        {
            var toM = Math.Min(leg.LengthM, fromM + leftM);
            foreach (var point in leg.Line(Math.Min(fromM, toM), toM))
            {
                yield return Point(point.X, point.Y);
            }

            leftM -= toM - fromM;
            fromM = 0;
            if (leftM <= 0)
            {
                yield break;
            }
        }
    }

    private static ControlPoint Point(double x, double y) => new(Math.Round(x, 2), Math.Round(y, 2));

    private static ImmutableArray<ControlPoint> Thin(List<ControlPoint> all)
    {
        var kept = ImmutableArray.CreateBuilder<ControlPoint>();
        for (var i = 0; i < all.Count && kept.Count < MostPoints - 1; i++)
        {
            if (i == 0 || i == all.Count - 1 || BesideM < Beside(kept[^1], all[i + 1], all[i]))
            {
                kept.Add(all[i]);
            }
        }

        if (all.Count > 1 && kept[^1] != all[^1])
        {
            kept.Add(all[^1]);
        }

        return kept.ToImmutable();
    }

    private static double Beside(ControlPoint a, ControlPoint b, ControlPoint p)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        return length < 1e-6 ? Math.Sqrt(Math.Pow(p.X - a.X, 2) + Math.Pow(p.Y - a.Y, 2)) : Math.Abs((dx * (p.Y - a.Y)) - (dy * (p.X - a.X))) / length;
    }

    private static ImmutableArray<double> Knots(int points) =>
        [0, .. Enumerable.Range(0, points).Select(i => Math.Round(i / (points - 1.0), 4)), 1];
}
