using CsCheck;
using Kehrwerk.Link;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The polynomials, the boxes, and what a cycle costs in memory.</summary>
public sealed class PlannerTests
{
    [Fact]
    public void A_profile_across_begins_and_ends_as_asked() =>
        Gen.Select(Gen.Double[-2, 2], Gen.Double[-0.4, 0.4], Gen.Double[-0.2, 0.2], Gen.Double[6, 20], Gen.Double[-2, 2]).Sample(
            (d, slope, bend, lengthM, toD) =>
            {
                var profile = new LateralProfile(10, d, slope, bend, lengthM, toD);
                var (d0, slope0, bend0) = profile.At(10);
                var (d1, slope1, bend1) = profile.At(10 + lengthM - 1e-9);
                Assert.Equal((d, slope, bend), (d0, slope0, bend0));
                Assert.Equal(toD, d1, 1e-6);
                Assert.Equal(0, slope1, 1e-6);
                Assert.Equal(0, bend1, 1e-6);

                // The derivatives are those of the offset.
                const double Step = 1e-5;
                var middle = 10 + (lengthM / 3);
                Assert.Equal((profile.At(middle + Step).D - profile.At(middle - Step).D) / (2 * Step), profile.At(middle).Slope, 1e-6);
                Assert.Equal((profile.At(middle + Step).Slope - profile.At(middle - Step).Slope) / (2 * Step), profile.At(middle).Bend, 1e-6);
            },
            iter: 200);

    [Fact]
    public void A_profile_along_comes_to_its_speed_or_stands_at_its_place() =>
        Gen.Select(Gen.Double[0, 8], Gen.Double[-1, 1], Gen.Double[0, 8], Gen.Double[1, 8]).Sample(
            (v, a, end, seconds) =>
            {
                var keeps = LongitudinalProfile.ToSpeed(5, v, a, end, seconds);
                Assert.Equal((5, v, a), keeps.At(0));
                Assert.Equal(end, keeps.At(seconds - 1e-9).Mps, 1e-6);
                Assert.Equal(0, keeps.At(seconds - 1e-9).Mps2, 1e-6);
                Assert.Equal(keeps.At(seconds).AlongM + end, keeps.At(seconds + 1).AlongM, 1e-9);

                var stops = LongitudinalProfile.ToPlace(5, v, a, 25, seconds);
                Assert.Equal((25, 0, 0), (Math.Round(stops.At(seconds).AlongM, 6), Math.Round(Math.Abs(stops.At(seconds).Mps), 6), Math.Round(Math.Abs(stops.At(seconds).Mps2), 6)));
            },
            iter: 200);

    [Fact]
    public void The_gap_of_two_boxes_is_never_more_than_their_distance() =>
        Gen.Select(Gen.Double[-6, 6], Gen.Double[-6, 6], Gen.Double[-3.2, 3.2], Gen.Double[-3.2, 3.2]).Sample(
            (x, y, one, two) =>
            {
                var a = new Box { X = 0, Y = 0, Cos = Math.Cos(one), Sin = Math.Sin(one), HalfLengthM = 2.25, HalfWidthM = 0.6 };
                var b = new Box { X = x, Y = y, Cos = Math.Cos(two), Sin = Math.Sin(two), HalfLengthM = 2, HalfWidthM = 0.9 };
                var gap = Box.GapM(a, b);

                // By sampling both outlines.
                var nearest = double.PositiveInfinity;
                foreach (var (px, py) in Outline(a))
                {
                    foreach (var (qx, qy) in Outline(b))
                    {
                        nearest = Math.Min(nearest, Math.Sqrt(((px - qx) * (px - qx)) + ((py - qy) * (py - qy))));
                    }
                }

                Assert.True(gap <= nearest + 1e-9, $"{gap} over {nearest}");
                Assert.True(gap > 0 || nearest < 1.3 || gap > -3, "overlapping boxes touch somewhere");
                if (gap > 0)
                {
                    Assert.True(gap >= 0.7 * nearest - 0.15, $"{gap} far below {nearest}");
                }
            },
            iter: 200);

    [Fact]
    public void In_the_steady_state_a_cycle_allocates_nothing()
    {
        var street = Course.Straight(9);
        PilotLeg[] legs = [Course.Leg(street, 1, 2, SweepSide.Right)];
        var course = new Course(street, legs);
        for (var i = 0; i < 12; i++)
        {
            course.Things.Add(new() { X = 30 + (14 * i), Y = i % 3 == 0 ? -3.4 : 3.4 });
            course.Things.Add(new() { X = 20 + (9 * i), Y = i % 2 == 0 ? 5 : -5, Vx = i % 3 - 1, LengthM = 0.5, WidthM = 0.5, Class = ObjectClass.Pedestrian });
            course.Things.Add(new() { X = 120 + (20 * i), Y = 2, HeadingRad = Math.PI, Vx = -6 });
        }

        var frames = new List<SensorFrame>();
        course.Run(40, null, () => frames.Add(Copy(course.Frame)));

        // A second pilot sees the same again.
        var pilot = new Pilot(SweeperModel.Default, street);
        pilot.Follow(legs);
        var task = new PilotTask { MaySetOff = true };
        var before = 0L;
        for (var i = 0; i < frames.Count; i++)
        {
            if (i == 200)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            pilot.Step(frames[i], task);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(course.Pilot.State.AlongM, pilot.State.AlongM);
        Assert.True(pilot.State.AlongM > 30, PilotDriveTests.Where(course));
    }

    private static IEnumerable<(double X, double Y)> Outline(Box box)
    {
        for (var i = -8; i <= 8; i++)
        {
            foreach (var side in (double[])[-1, 1])
            {
                var (u, v) = (box.HalfLengthM * i / 8.0, box.HalfWidthM * side);
                yield return (box.X + (u * box.Cos) - (v * box.Sin), box.Y + (u * box.Sin) + (v * box.Cos));
                (u, v) = (box.HalfLengthM * side, box.HalfWidthM * i / 8.0);
                yield return (box.X + (u * box.Cos) - (v * box.Sin), box.Y + (u * box.Sin) + (v * box.Cos));
            }
        }
    }

    private static SensorFrame Copy(SensorFrame of)
    {
        var copy = new SensorFrame
        {
            TimeS = of.TimeS,
            ObjectsAtS = of.ObjectsAtS,
            ViewRangeM = of.ViewRangeM,
            GnssX = of.GnssX,
            GnssY = of.GnssY,
            GnssStdM = of.GnssStdM,
            GnssHeadingRad = of.GnssHeadingRad,
            WheelMps = of.WheelMps,
            YawRateRadS = of.YawRateRadS,
            SteeringRad = of.SteeringRad,
            KerbRightM = of.KerbRightM,
            KerbLeftM = of.KerbLeftM,
            MarkerX = of.MarkerX,
            MarkerY = of.MarkerY,
            MarkerHeadingRad = of.MarkerHeadingRad,
            TemperatureC = of.TemperatureC,
            WaterL = of.WaterL,
            DirtShare = of.DirtShare,
            WetShare = of.WetShare,
        };
        foreach (ref var one in of.Objects)
        {
            copy.Add(one);
        }

        return copy;
    }
}
