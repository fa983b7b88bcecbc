using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The pilot's way changes while it drives, or stands before something.</summary>
public sealed class PilotWayTests
{
    private static readonly StreetNetwork Street = Course.Straight(7), Main = Course.Straight(7, StreetClass.Primary);

    [Fact]
    public void A_shorter_way_is_taken_up_beyond_the_first_leg()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2), Course.Leg(Street, 2, 3)], atM: 190);
        Assert.True(course.Run(20, () => course.Pilot.State.Leg == 1), PilotDriveTests.Where(course));

        course.Pilot.Follow([new(Course.Arc(Street, 2, 3), course.Pilot.State.LegM, null, 5)]);

        Assert.Equal(0, course.Pilot.State.Leg);
        course.Run(1);
        Assert.Equal(0, course.Pilot.State.Leg);
        Assert.InRange(course.Pilot.State.LegM, course.Car.X - 200.5, course.Car.X - 199.5);
        Assert.True(course.Run(60, () => course.Pilot.State.IsAtEnd), PilotDriveTests.Where(course));
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("halted")]
    [InlineData("mrm")]
    public void A_manoeuvre_ends_where_its_release_ends_and_is_asked_for_anew(string why)
    {
        var (course, proposal) = BehindVan();
        course.Task = course.Task with { Released = proposal.Id };
        Assert.True(course.Run(40, () => course.TrueAsideM > 0.8), PilotDriveTests.Where(course));
        Assert.Equal(proposal.Id, course.Pilot.State.Manoeuvre);

        var at = course.Car.X;
        course.Task = why switch
        {
            "revoked" => course.Task with { Released = 0 },
            "halted" => course.Task with { HaltMps2 = 2.5 },
            _ => course.Task with { Mrm = MrmStrategy.StopInLane },
        };
        Assert.True(course.Run(4, () => course.Car.SpeedMps == 0), PilotDriveTests.Where(course));
        Assert.Equal(0, course.Pilot.State.Manoeuvre);
        Assert.InRange(course.Car.X - at, 0, 2.5);
        at = course.Car.X;

        // What held it is gone, the release is not there any more.
        course.Task = new() { MaySetOff = true };
        course.Run(15);
        Assert.InRange(course.Car.X - at, -0.01, 0.3);
        Assert.NotEqual(BlockReason.None, course.Pilot.State.Blocked);
        Assert.NotEmpty(course.Pilot.State.Proposals);
        Assert.All(course.Pilot.State.Proposals, one => Assert.True(one.Id > proposal.Id));

        for (var i = 0; i < 3 && course.Car.X < 90; i++)
        {
            Assert.True(course.Run(20, () => course.Pilot.State.Proposals.Count > 0), PilotDriveTests.Where(course));
            course.Task = course.Task with { Released = course.Pilot.State.Proposals[^1].Id };
            course.Run(60, () => course.Car.X > 90 || (course.Pilot.State.IsStanding && course.Pilot.State.Manoeuvre == 0 && course.Pilot.State.Proposals.Count > 0 && course.Task.Released != course.Pilot.State.Proposals[^1].Id));
        }

        Assert.True(course.Car.X > 90, PilotDriveTests.Where(course));
        Assert.True(course.NearestM > 0.15, $"{course.NearestM:F2} m");
    }

    [Fact]
    public void While_it_is_halted_a_release_starts_nothing()
    {
        var (course, proposal) = BehindVan();
        var at = course.Car.X;

        course.Task = course.Task with { Released = proposal.Id, HaltMps2 = 2.5 };
        course.Run(10);

        Assert.Equal(0, course.Pilot.State.Manoeuvre);
        Assert.Equal(at, course.Car.X, 0.01);
    }

    [Fact]
    public void An_extended_way_keeps_the_manoeuvre_under_way()
    {
        var (course, proposal) = BehindVan();
        course.Task = course.Task with { Released = proposal.Id };
        Assert.True(course.Run(40, () => course.TrueAsideM > 0.8), PilotDriveTests.Where(course));

        var (refused, i) = (0, 0);
        Assert.True(course.Run(40, () => course.Car.X > 86, () =>
        {
            refused += ++i % 10 == 0 && !course.Pilot.Extend([Course.Leg(Main, 1, 2, null, i % 20 == 0 ? 5 : 6), Course.Leg(Main, 2, 3)]) ? 1 : 0;
            Assert.False(course.Car.SpeedMps == 0 && course.Pilot.State.Blocked != BlockReason.None && course.Pilot.State.Manoeuvre == 0, "It stands over the line.");
        }), PilotDriveTests.Where(course));

        Assert.Equal(0, refused);
        Assert.True(course.Run(60, () => course.Pilot.State is { IsAtEnd: true, Leg: 1 }), PilotDriveTests.Where(course));
    }

    [Fact]
    public void An_extended_way_keeps_what_was_missed()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, SweepSide.Right, 3)], atM: 50);
        course.Things.Add(new() { X = 80, Y = -3.5 + 0.25 + 0.9 });
        Assert.True(course.Run(90, () => course.Pilot.Missed.Count > 0), PilotDriveTests.Where(course));

        Assert.True(course.Pilot.Extend([Course.Leg(Street, 1, 2, SweepSide.Right, 2), Course.Leg(Street, 2, 3)]));
        course.Run(1);
        Assert.Equal(MissedReason.ParkedVehicle, Assert.Single(course.Pilot.Missed).Reason);

        // Another side of the leg on which it is is another way.
        Assert.False(course.Pilot.Extend([Course.Leg(Street, 1, 2), Course.Leg(Street, 2, 3)]));
    }

    private static (Course Course, Proposal Proposal) BehindVan()
    {
        var course = new Course(Main, [Course.Leg(Main, 1, 2)], atM: 50);
        course.Things.Add(new() { X = 80, Y = -1.9, LengthM = 5.5, WidthM = 2.1, Class = ObjectClass.Truck, Signs = ObjectSigns.Hazard });
        Assert.True(course.Run(60, () => course.Pilot.State.Proposals.Any(one => one.Kind == ManoeuvreKind.CrossLine)), PilotDriveTests.Where(course));
        return (course, course.Pilot.State.Proposals.First(one => one.Kind == ManoeuvreKind.CrossLine));
    }
}
