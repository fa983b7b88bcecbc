using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Roads;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The pilot among others: who goes first, who is let by, what it asks for.</summary>
public sealed class PilotTrafficTests
{
    private static readonly StreetNetwork Street = Course.Straight(7), Cross = Course.Cross(), Main = Course.Straight(7, StreetClass.Primary);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_a_crossing_right_goes_before_left(bool fromLeft)
    {
        // From the west to the east; a car from the south (our right) or from the north (our left).
        var course = new Course(Cross, [Course.Leg(Cross, 4, 1), Course.Leg(Cross, 1, 2)]);
        var sign = fromLeft ? -1 : 1;
        course.Things.Add(new()
        {
            X = sign * 1.75,
            Y = -sign * 60,
            HeadingRad = sign * Math.PI / 2,
            // It comes so that both would be there at once, and brakes for nobody but who has gone first.
            Moves = (thing, on) => thing.Vy = thing.Vy != 0 ? thing.Vy : on.Car.X > -42 && !fromLeft ? sign * 7.5 : 0,
        });
        var yielded = false;

        var arrived = course.Run(90, () => course.Pilot.State.IsAtEnd, () => yielded |= course.Pilot.State is { Behaviour: Behaviour.Yield, Yields: YieldReason.RightOfWay });

        Assert.True(arrived, PilotDriveTests.Where(course));
        Assert.Equal(!fromLeft, yielded);
        Assert.True(course.NearestM > 1, $"{course.NearestM:F2} m");
    }

    [Fact]
    public void Who_has_the_right_of_way_far_away_keeps_it_though_his_direction_is_noisy()
    {
        var model = SweeperModel.Default;
        var crossing = new Crossing(150, 143, 155, 3, new(0, 0), Precedence.RightBeforeLeft, 0, 0);
        Track[] tracks = [new() { X = 1.5, Y = -65, Vx = -0.6, Vy = 5, HeadingRad = (Math.PI / 2) + 0.12, LengthM = 1.8, Class = ObjectClass.Cyclist, IsSure = true, StandsSinceS = double.NaN }];

        Assert.Equal(0, RightOfWay.YieldsTo(crossing, 138, 1.4, model.SweepSpeedMps, tracks, 0));
    }

    [Fact]
    public void With_its_front_a_little_over_the_line_it_still_lets_the_right_go_first()
    {
        var line = Crossing.On(new Way(Cross, SweeperModel.Default, [Course.Leg(Cross, 4, 1), Course.Leg(Cross, 1, 2)]).Path, Cross, SweeperModel.Default)[0].LineM;
        var course = new Course(Cross, [Course.Leg(Cross, 4, 1), Course.Leg(Cross, 1, 2)], atM: line + 0.4);
        course.Things.Add(new() { X = 1.75, Y = -35, Vy = 5, HeadingRad = Math.PI / 2, LengthM = 1.8, WidthM = 0.6, Class = ObjectClass.Cyclist });
        var yielded = false;

        course.Run(11, () => course.Things[0].Y > 0, () => yielded |= course.Pilot.State.Yields == YieldReason.RightOfWay);

        Assert.True(yielded);
        Assert.InRange(course.TrueAlongM, line, line + 1);
        Assert.True(course.NearestM > 0.5, $"{course.NearestM:F2} m");
    }

    [Theory]
    [InlineData(-9)]
    [InlineData(-8)]
    [InlineData(-7)]
    [InlineData(-4)]
    [InlineData(-3)]
    [InlineData(-2)]
    public void It_does_not_stop_where_somebody_crosses_who_has_to_wait_and_does_not(double atX)
    {
        // Sweeping over the crossing; a cyclist from the left, 15 m away when the vehicle is there.
        var course = new Course(Cross, [Course.Leg(Cross, 4, 1, null, 1.4), Course.Leg(Cross, 1, 2, null, 1.4)], atM: 60);
        course.Things.Add(new() { X = -1.5, Y = 17, HeadingRad = -Math.PI / 2, LengthM = 1.8, WidthM = 0.6, Class = ObjectClass.Cyclist, Moves = (thing, on) => thing.Vy = on.Car.X > atX ? -4.5 : thing.Vy });

        Assert.True(course.Run(60, () => course.Things[0].Y < -10), PilotDriveTests.Where(course));
        Assert.True(course.NearestM > 0.15, $"{course.NearestM:F2} m");
    }

    [Fact]
    public void Before_it_passes_a_parked_car_it_lets_oncoming_traffic_by()
    {
        var narrow = Course.Straight(5.5f);
        var course = new Course(narrow, [Course.Leg(narrow, 1, 2, null, 5)]);
        course.Things.Add(new() { X = 80, Y = -2.75 + 0.25 + 0.9 });
        // It comes when the two would meet beside the parked car, and brakes for nobody.
        course.Things.Add(new() { X = 130, Y = 1.4, HeadingRad = Math.PI, Moves = (thing, on) => thing.Vx = on.Car.X > 53 ? -8 : 0 });
        var yielded = false;

        var arrived = course.Run(120, () => course.Pilot.State.IsAtEnd, () => yielded |= course.Pilot.State.Yields == YieldReason.Oncoming);
        Assert.True(yielded);

        Assert.True(arrived, PilotDriveTests.Where(course));
        Assert.True(course.NearestM > 0.45, $"{course.NearestM:F2} m");
    }

    [Fact]
    public void It_stays_behind_a_queue_and_goes_on_with_it()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2)]);
        course.Things.Add(new() { X = 90, Y = -1.6, Moves = (thing, on) => thing.Vx = on.TimeS > 28 ? 5 : 0 });

        course.Run(27);
        Assert.True(course.Pilot.State.IsStanding);
        Assert.Equal(YieldReason.Traffic, course.Pilot.State.Yields);
        Assert.Equal(BlockReason.None, course.Pilot.State.Blocked);
        Assert.InRange(course.Car.X, 60, 84);

        Assert.True(course.Run(60, () => course.Pilot.State.IsAtEnd), PilotDriveTests.Where(course));
        Assert.True(course.NearestM > 1);
    }

    [Fact]
    public void For_an_emergency_vehicle_it_goes_to_the_right_and_stands()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2)], atM: 40);
        course.Things.Add(new() { X = -60, Y = -1.2, LengthM = 6, WidthM = 2, Class = ObjectClass.Truck, Signs = ObjectSigns.Emergency, Moves = (thing, on) => (thing.Vx, thing.Vy) = (13, thing.X is > 10 and < 25 ? 2 : 0) });
        var (right, stood) = (0.0, false);

        var arrived = course.Run(90, () => course.Pilot.State.IsAtEnd, () =>
        {
            right = Math.Min(right, course.TrueAsideM);
            stood |= course.Pilot.State.IsStanding && course.Pilot.State.Yields == YieldReason.Emergency;
        });

        Assert.True(arrived, PilotDriveTests.Where(course));
        Assert.True(stood);
        Assert.True(right < -0.4, $"{right:F2} m");
        Assert.True(course.NearestM > 0.2, $"{course.NearestM:F2} m");
    }

    [Fact]
    public void Who_is_held_up_behind_is_let_by()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, null, 3), Course.Leg(Street, 2, 3, null, 3)]);
        course.Things.Add(new() { X = -12, Y = -1.75, Moves = (thing, on) => thing.Vx = on.Car.SpeedMps > 0.2 ? Math.Min(8, Math.Max(0, on.Car.X - thing.X - 12)) : 0 });
        var right = 0.0;

        course.Run(45, null, () => right = Math.Min(right, course.TrueAsideM));

        Assert.True(right < -0.5, $"{right:F2} m");
        Assert.Equal(YieldReason.Queue, course.Pilot.State.Yields);
    }

    [Fact]
    public void A_raised_hand_halts_it_and_a_wave_lets_it_go()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2)]);
        var police = new Thing { X = 80, Y = -3.8, LengthM = 0.6, WidthM = 0.6, Class = ObjectClass.Pedestrian, Signs = ObjectSigns.HaltGesture };
        course.Things.Add(police);

        course.Run(30);
        Assert.True(course.Pilot.State.IsStanding);
        Assert.Equal(YieldReason.Gesture, course.Pilot.State.Yields);
        Assert.InRange(course.Car.X, 60, 76);

        police.Signs = ObjectSigns.GoGesture;
        Assert.True(course.Run(60, () => course.Pilot.State.IsAtEnd), PilotDriveTests.Where(course));
    }

    [Fact]
    public void Behind_a_van_at_a_solid_line_it_asks_and_drives_what_is_released()
    {
        var course = new Course(Main, [Course.Leg(Main, 1, 2)]);
        course.Things.Add(new() { X = 80, Y = -1.9, LengthM = 5.5, WidthM = 2.1, Class = ObjectClass.Truck, Signs = ObjectSigns.Hazard });

        Assert.True(course.Run(60, () => course.Pilot.State.Blocked == BlockReason.Object), PilotDriveTests.Where(course));
        var state = course.Pilot.State;
        Assert.InRange(state.Proposals.Count, 1, 3);
        var proposal = state.Proposals.First(one => one.Kind == ManoeuvreKind.CrossLine);
        Assert.Contains("solid line on the left", proposal.Text, StringComparison.Ordinal);
        Assert.Contains("Truck", proposal.Seen, StringComparison.Ordinal);
        Assert.InRange(proposal.OffsetsM.Max(), 0.7, 3.5);
        course.Run(20);
        Assert.True(state.IsStanding, "It waits for an answer.");

        course.Task = course.Task with { Released = proposal.Id };
        var fastest = 0.0;
        Assert.True(course.Run(60, () => course.Car.X > 90, () => fastest = Math.Max(fastest, course.Car.SpeedMps)), PilotDriveTests.Where(course));
        Assert.InRange(fastest, 0.5, Manoeuvres.MostMps + 0.2);
        Assert.True(course.NearestM > 0.45, $"{course.NearestM:F2} m");
        course.Task = course.Task with { Released = 0 };
        Assert.True(course.Run(60, () => state.IsAtEnd), PilotDriveTests.Where(course));
    }

    [Fact]
    public void A_release_that_does_not_fit_any_more_is_refused()
    {
        var course = new Course(Main, [Course.Leg(Main, 1, 2)]);
        course.Things.Add(new() { X = 80, Y = -1.9, LengthM = 5.5, WidthM = 2.1, Class = ObjectClass.Truck, Signs = ObjectSigns.Hazard });
        Assert.True(course.Run(60, () => course.Pilot.State.Proposals.Any(one => one.Kind == ManoeuvreKind.CrossLine)));
        var id = course.Pilot.State.Proposals.First(one => one.Kind == ManoeuvreKind.CrossLine).Id;

        course.Things.Add(new() { X = 80, Y = 1.6, LengthM = 6, WidthM = 2.2, Class = ObjectClass.Truck });
        course.Run(1);
        var at = course.Car.X;
        course.Task = course.Task with { Released = id };
        course.Run(10);

        Assert.Equal(id, course.Pilot.State.Refused);
        Assert.NotEmpty(course.Pilot.State.RefusedBecause);
        Assert.Equal(at, course.Car.X, 0.01);
    }

    [Theory]
    [InlineData(MrmStrategy.StopInLane)]
    [InlineData(MrmStrategy.PullOver)]
    internal void A_minimal_risk_manoeuvre_ends_in_standstill(MrmStrategy strategy)
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2)]);
        course.Run(15);
        var at = course.Car.X;
        course.Task = course.Task with { Mrm = strategy };

        Assert.True(course.Run(40, () => course.Pilot.State.IsInMrc), PilotDriveTests.Where(course));

        Assert.Equal(Behaviour.Mrm, course.Pilot.State.Behaviour);
        Assert.True((course.Pilot.State.Announced & (1u << (int)Announcement.MinimalRiskCondition)) != 0);
        Assert.InRange(course.Car.X - at, 5, 60);
        Assert.Equal(strategy == MrmStrategy.PullOver, course.TrueAsideM < -0.5);
    }

    [Fact]
    public void In_a_crossing_it_clears_it_before_it_stands()
    {
        var course = new Course(Cross, [Course.Leg(Cross, 4, 1), Course.Leg(Cross, 1, 2)]);
        Assert.True(course.Run(60, () => course.Car.X > -4));
        course.Task = course.Task with { Mrm = MrmStrategy.ClearJunction };

        Assert.True(course.Run(30, () => course.Pilot.State.IsInMrc));
        Assert.InRange(course.Car.X - course.Model.RearOverhangM, 3.5, 15);
    }

    [Fact]
    public void Having_waited_for_somebody_it_says_that_it_sets_off_before_it_does()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2)]);
        course.Run(15);
        var stands = course.Car.X + 25;
        course.Things.Add(new()
        {
            X = stands,
            Y = course.Car.Y + 6,
            HeadingRad = -Math.PI / 2,
            LengthM = 0.5,
            WidthM = 0.5,
            Class = ObjectClass.Pedestrian,
            Moves = (thing, on) => thing.Vy = on.Car.X > stands - 20 && thing.Y > on.Car.Y - 8 ? (Math.Abs(thing.Y - on.Car.Y) < 1.5 ? -0.4 : -1.2) : 0,
        });
        Assert.True(course.Run(30, () => course.Car.SpeedMps == 0), PilotDriveTests.Where(course));
        var (sign, saidS) = (1u << (int)Announcement.SettingOff, 0.0);
        Assert.True(course.Run(30, () => course.Car.SpeedMps > 0.1, () => saidS = (course.Last.Announced & sign) != 0 && course.Car.SpeedMps == 0 ? saidS + IPlatform.TickS : saidS));
        Assert.True(saidS >= 0.95, $"{saidS:F2} s");
    }

    [Fact]
    public void A_halt_brakes_as_hard_as_it_says_and_it_sets_off_only_after_saying_so()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2)]);
        course.Run(15);
        var (at, mps) = (course.Car.X, course.Car.SpeedMps);
        course.Task = course.Task with { HaltMps2 = 3 };
        course.Run(10);
        Assert.Equal(0, course.Car.SpeedMps);
        Assert.InRange(course.Car.X - at, 0.8 * mps * mps / 6, (mps * mps / 6) + (0.4 * mps));

        course.Task = new() { MaySetOff = true };
        var announcedS = 0.0;
        course.Run(5, () => course.Car.SpeedMps > 0.1, () => announcedS += course.Last.Announced == (1u << (int)Announcement.SettingOff) ? IPlatform.TickS : 0);
        Assert.True(announcedS >= 1.9, $"{announcedS:F1} s");
    }

    [Fact]
    public void It_stands_at_the_place_that_the_task_says_and_goes_on_when_that_is_gone()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2), Course.Leg(Street, 2, 3)]);
        course.Task = course.Task with { Stop = new(0, 120) };

        Assert.True(course.Run(60, () => course.Pilot.State.IsAtStop), PilotDriveTests.Where(course));
        Assert.Equal(0, course.Pilot.State.Leg);
        Assert.InRange(course.Pilot.State.LegM, 119.5, 120.2);

        course.Task = course.Task with { Stop = null };
        Assert.True(course.Run(60, () => course.Pilot.State.IsAtEnd));
    }

    [Fact]
    public void At_the_end_of_a_leg_that_says_so_it_stands_and_then_goes_on()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, stops: true), Course.Leg(Street, 2, 3)]);
        var stood = false;

        Assert.True(course.Run(90, () => course.Pilot.State.IsAtEnd, () => stood |= course.Pilot.State.IsAtStop && Math.Abs(course.Car.X - 200) < 0.6), PilotDriveTests.Where(course));
        Assert.True(stood);
    }

    [Fact]
    public void A_way_that_is_given_anew_while_it_drives_is_taken_up_without_a_jerk()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2)]);
        course.Run(15);
        var worst = 0.0;
        for (var i = 0; i < 10; i++)
        {
            var state = course.Pilot.State;
            course.Pilot.Follow([new(Course.Arc(Street, 1, 2), state.LegM, null, 7), Course.Leg(Street, 2, 3)]);
            course.Run(0.5, null, () => worst = Math.Max(worst, Math.Abs(course.Car.AccelerationMps2)));
            Assert.InRange(course.Pilot.State.LegM, course.Car.X - 0.5, course.Car.X + 0.5);
        }

        Assert.True(worst < 1.2, $"{worst:F2} m/s²");
        Assert.InRange(course.Car.SpeedMps, 5.5, 7.2);
    }

    [Fact]
    public void Below_three_degrees_no_water_is_used()
    {
        var course = new Course(Street, [Course.Leg(Street, 1, 2, SweepSide.Right)]);
        course.Run(20);
        Assert.True(course.Last is { BroomRight: true, BroomLeft: false, Water: true, SuctionShare: > 0.3 });

        course.TemperatureC = 2;
        course.Run(1);
        Assert.True(course.Last is { BroomRight: true, Water: false });
    }

    [Fact]
    public void The_same_seed_drives_the_same_to_the_bit()
    {
        Assert.Equal(Drive(), Drive());

        static (double, double, double, double) Drive()
        {
            var course = new Course(Street, [Course.Leg(Street, 1, 2, SweepSide.Right)], seed: 5);
            course.Things.Add(new() { X = 40, Y = -2.3 });
            course.Things.Add(new() { X = 60, Y = 3, Vy = -0.6, LengthM = 0.5, WidthM = 0.5, Class = ObjectClass.Pedestrian });
            course.Run(40);
            return (course.Car.X, course.Car.Y, course.Car.HeadingRad, course.Pilot.State.PositionStdM);
        }
    }
}
