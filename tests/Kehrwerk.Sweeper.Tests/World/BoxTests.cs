using CsCheck;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.World;

/// <summary>Distance and time to contact of boxes, against a plain reference.</summary>
public sealed class BoxTests
{
    private static readonly Gen<Box2> Boxes = Gen.Select(Gen.Double[-8, 8], Gen.Double[-8, 8], Gen.Double[-4, 4], Gen.Double[0.2, 3], Gen.Double[0.2, 1.5], (x, y, h, l, w) => new Box2(x, y, h, l, w));

    [Fact]
    public void Time_to_contact_is_when_small_steps_first_touch() =>
        Gen.Select(Boxes, Boxes, Gen.Double[-5, 5], Gen.Double[-5, 5]).Sample(
            (one, two, vx, vy) =>
            {
                var seconds = one.ContactS(two, vx, vy);
                var stepped = double.PositiveInfinity;
                for (var t = 0.0; t <= 5 && double.IsInfinity(stepped); t += 0.01)
                {
                    stepped = one.DistanceTo(two with { X = two.X + (vx * t), Y = two.Y + (vy * t) }) <= 0 ? t : stepped;
                }

                // A graze shorter than a step may be missed by the reference.
                Assert.True(seconds > 4.9 ? stepped > 4.8 : Math.Abs(seconds - stepped) < 0.02 || one.ContactS(two with { HalfLengthM = two.HalfLengthM - 0.05, HalfWidthM = two.HalfWidthM - 0.05 }, vx, vy) > 5, $"{seconds} against {stepped}");
            },
            iter: 200);

    [Fact]
    public void Distance_is_that_of_the_nearest_points_of_the_outlines() =>
        Gen.Select(Boxes, Boxes).Sample(
            (one, two) =>
            {
                var least = double.PositiveInfinity;
                foreach (var (x, y) in Outline(one))
                {
                    least = Math.Min(least, two.DistanceTo(x, y));
                }

                foreach (var (x, y) in Outline(two))
                {
                    least = Math.Min(least, one.DistanceTo(x, y));
                }

                Assert.Equal(least, one.DistanceTo(two), 0.02);
            },
            iter: 200);

    private static IEnumerable<(double X, double Y)> Outline(Box2 box)
    {
        for (var k = 0; k < 400; k++)
        {
            var (side, t) = (k / 100, ((k % 100) / 50.0) - 1);
            var (a, b) = side switch { 0 => (t, 1.0), 1 => (t, -1.0), 2 => (1.0, t), _ => (-1.0, t) };
            var (ahead, aside) = (a * box.HalfLengthM, b * box.HalfWidthM);
            yield return (box.X + (ahead * Math.Cos(box.HeadingRad)) - (aside * Math.Sin(box.HeadingRad)), box.Y + (ahead * Math.Sin(box.HeadingRad)) + (aside * Math.Cos(box.HeadingRad)));
        }
    }
}
