using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The pilot drives a true chassis on small courses, with noisy sensors.</summary>
public sealed class PilotDriveTests
{
    private static readonly StreetNetwork Street = Course.Straight(7), Cross = Course.Cross();

    [Fact]
    public void On_a_straight_street_it_keeps_its_lane_and_stands_at_the_end()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2), Course.Leg(Street, 2, 3)]);
        var aside = new List<double>();
        var fastest = 0.0;

        var arrived = course.Run(90, () => course.Pilot.State.IsAtEnd, () =>
        {
            aside.Add(Math.Abs(course.TrueAsideM));
            fastest = Math.Max(fastest, course.Car.SpeedMps);
        });

        Assert.True(arrived, Where(course));
        Assert.True(Share95(aside) < 0.15, $"95 % within {Share95(aside):F2} m");
        Assert.InRange(fastest, 6, 7.2);
        Assert.InRange(course.Way.Path.LengthM - course.TrueAlongM, -0.1, 0.5);
        course.Run(1);
        Assert.Equal(0, course.Car.SpeedMps);
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(4, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    public void Round_corners_it_stays_within_a_hand_of_its_path(int from, int to)
    {
        var course = new Course(Cross, [Course.Leg(Cross, from, 1), Course.Leg(Cross, 1, to)]);
        var aside = new List<double>();

        var arrived = course.Run(90, () => course.Pilot.State.IsAtEnd, () => aside.Add(Math.Abs(course.TrueAsideM)));

        Assert.True(arrived, Where(course));
        Assert.True(Share95(aside) < 0.3, $"95 % within {Share95(aside):F2} m");
        Assert.True(aside.Max() < 0.5, $"at most {aside.Max():F2} m");
    }

    [Fact]
    public void The_broom_runs_along_the_kerb()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, SweepSide.Right)]);
        var gaps = new List<double>();

        var arrived = course.Run(200, () => course.Pilot.State.IsAtEnd, () => gaps.Add(course.KerbGapM));

        Assert.True(arrived, Where(course));
        var good = gaps.Count(gap => gap is >= 0.1 and <= 0.3) / (double)gaps.Count;
        Assert.True(good >= 0.95, $"{good:P1} within, {gaps.Min():F2} to {gaps.Max():F2} m");
        Assert.Empty(course.Pilot.Missed);
    }

    [Theory]
    [InlineData(1.4)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Before_what_stands_across_the_street_it_stops(double mps)
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, null, mps)]);
        course.Things.Add(new() { X = 80, HeadingRad = Math.PI / 2, LengthM = 6.8, WidthM = 0.5, Class = ObjectClass.Barrier });

        course.Run(85);

        Assert.Equal(0, course.Car.SpeedMps);
        Assert.InRange(course.NearestM, 0.5, 8);
        Assert.Equal(BlockReason.Object, course.Pilot.State.Blocked);
        Assert.Equal(Behaviour.Wait, course.Pilot.State.Behaviour);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(SweepSide.Right, 7)]
    public void It_passes_a_parked_car_with_half_a_metre_and_comes_back(SweepSide? sweep, double mps)
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, sweep, mps)]);
        course.Things.Add(new() { X = 80, Y = -3.5 + 0.25 + 0.9 });

        var arrived = course.Run(240, () => course.Pilot.State.IsAtEnd);

        Assert.True(arrived, Where(course));
        Assert.InRange(course.NearestM, 0.5, 1.5);
        Assert.InRange(course.TrueAsideM, -0.15, 0.15);
        if (sweep is not null)
        {
            var missed = Assert.Single(course.Pilot.Missed);
            Assert.Equal(MissedReason.ParkedVehicle, missed.Reason);
            Assert.InRange(missed.FromM, 66, 77);
            Assert.InRange(missed.ToM, 82, 95);
        }
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(10, 2)]
    [InlineData(8, 3)]
    [InlineData(7, 4)]
    [InlineData(6, 5)]
    public void Along_parked_cars_it_sweeps_what_it_can_and_comes_through(float widthM, long seed)
    {
        var street = Course.Straight(widthM);
        var dice = new Dice(seed);
        var course = new Course(street, [Course.Leg(street, 1, 2, SweepSide.Right)], seed);
        for (var x = 20.0; x < 185; x += dice.Between(5.2, 30))
        {
            course.Things.Add(new() { X = x, Y = -(widthM / 2) + dice.Between(0.1, 0.4) + 0.9, HeadingRad = dice.Between(-0.05, 0.05) });
        }

        var swept = 0.0;
        var arrived = course.Run(400, () => course.Pilot.State.IsAtEnd, () => swept += course.Pilot.State.IsSweeping ? course.Car.SpeedMps * IPlatform.TickS : 0);

        Assert.True(arrived, Where(course));
        Assert.True(course.NearestM > 0.45, $"{course.NearestM:F2} m");
        var missed = course.Pilot.Missed.Sum(one => Math.Min(one.ToM, 200) - one.FromM);
        Assert.InRange(swept + missed, 185, 205);
        Assert.InRange(swept, 8, 190);
    }

    [Theory]
    [InlineData(7, 1.4)]
    [InlineData(7, 1.0)]
    [InlineData(5, 1.9)]
    [InlineData(1.4, 1.4)]
    public void It_lets_a_pedestrian_cross(double mps, double walkMps)
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, null, mps)]);
        course.Things.Add(new()
        {
            X = 80,
            Y = -5,
            HeadingRad = Math.PI / 2,
            LengthM = 0.5,
            WidthM = 0.5,
            Class = ObjectClass.Pedestrian,
            // Steps out so that the two would meet.
            Moves = (thing, on) => thing.Vy = thing.Vy > 0 || 80 - on.Car.X - 3.5 < mps * 3.3 / walkMps + (mps * mps / 4) ? walkMps : 0,
        });

        var arrived = course.Run(240, () => course.Pilot.State.IsAtEnd);

        Assert.True(arrived, Where(course));
        Assert.True(course.NearestM > 0.5, $"{course.NearestM:F2} m");
    }

    [Fact]
    public void It_turns_round_in_three_moves()
    {
        var course = new Course(Street, [Course.Leg(Street, 2, 1), Course.Leg(Street, 1, 2)], atM: 150);
        var (gears, aside) = (new List<bool>(), new List<double>());

        var arrived = course.Run(150, () => course.Pilot.State.IsAtEnd, () =>
        {
            aside.Add(Math.Abs(course.TrueAsideM));
            if (course.Car.SpeedMps != 0 && (gears.Count == 0 || gears[^1] != course.Car.SpeedMps < 0))
            {
                gears.Add(course.Car.SpeedMps < 0);
            }
        });

        Assert.True(arrived, Where(course));
        Assert.Equal([false, true, false], gears);
        Assert.True(Share95(aside) < 0.3, $"95 % within {Share95(aside):F2} m");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3, 2)]
    [InlineData(-0.4, -3)]
    public void It_docks_within_a_hand_and_two_degrees(double asideM, double turnedDeg)
    {
        var course = new Course(Street, [Course.Leg(Street, 2, 3, docks: true)]);
        var end = course.Way.Path.At(course.Way.Path.LengthM);
        var marker = (X: end.At.X, Y: end.At.Y + asideM, HeadingRad: end.HeadingRad + (turnedDeg * Math.PI / 180));
        course.Marker = marker;

        var docked = course.Run(120, () => course.Pilot.State.IsDocked);

        Assert.True(docked, Where(course));
        Assert.True(course.Pilot.State.IsAtEnd);
        Assert.InRange(Math.Sqrt(Math.Pow(course.Car.X - marker.X, 2) + Math.Pow(course.Car.Y - marker.Y, 2)), 0, Docking.MostOffM);
        Assert.InRange(Math.Abs(Math.IEEERemainder(course.Car.HeadingRad - marker.HeadingRad, 2 * Math.PI)), 0, Docking.MostOffRad);
    }

    internal static double Share95(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)(0.95 * (sorted.Count - 1))];
    }

    internal static string Where(Course course)
    {
        var s = course.Pilot.State;
        return FormattableString.Invariant(
            $"{s.Behaviour} at {s.AlongM:F1} of {course.Way.Path.LengthM:F1} m, {s.AsideM:F2} aside, {s.SpeedMps:F2} m/s, blocked {s.Blocked}, yields {s.Yields}, fallback {s.IsFallback}, free {course.Pilot.Trajectory.FreeM:F1} by {course.Pilot.Trajectory.Blocker}, to {course.Pilot.Trajectory.Across.ToM:F2}, true {course.TrueAlongM:F1}/{course.TrueAsideM:F2}, nearest {course.NearestM:F2}");
    }
}
