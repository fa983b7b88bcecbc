using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Safety.Odd;
using Kehrwerk.Sweeper.Sensing;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>What the guard lets through, what it stops for, and how it comes back.</summary>
public sealed class GuardTests
{
    [Fact]
    public void A_free_road_is_driven_as_wanted()
    {
        var scene = new MotionScene(1, 5);
        for (var i = 0; i < 60; i++)
        {
            scene.Step(new(0.2, 0.02, false));
            Assert.Equal(MotionAction.None, scene.Guard.Verdict.Action);
            Assert.Equal(new(0.2, 0.02, false), scene.Given);
        }
    }

    [Theory]
    [InlineData(5, 0.55)]
    [InlineData(20, 0.75)]
    public void Parked_cars_are_passed_without_being_slowed(double kmh, double gapM)
    {
        var scene = new MotionScene(2, kmh / 3.6);
        for (var i = 0; i < 8; i++)
        {
            scene.Agents.Add(new() { Class = ObjectClass.Car, X = 8 + (6 * i), Y = -0.6 - gapM - 0.9 });
        }

        Assert.Equal(0, Restrained(scene, 40 / (kmh / 3.6)));
    }

    [Fact]
    public void Traffic_in_the_other_lane_and_behind_is_let_pass()
    {
        var scene = new MotionScene(3, 6);
        scene.Agents.Add(new() { Class = ObjectClass.Car, X = 60, Y = 3.2, HeadingRad = Math.PI, SpeedMps = 13 });
        scene.Agents.Add(new() { Class = ObjectClass.Truck, X = -15, Y = 0, SpeedMps = 6, LengthM = 9, WidthM = 2.5 });
        scene.Agents.Add(new() { Class = ObjectClass.Car, X = -30, Y = 3.2, SpeedMps = 14 });

        Assert.Equal(0, Restrained(scene, 6));
    }

    [Fact]
    public void It_comes_back_to_none_when_the_danger_is_gone()
    {
        var scene = new MotionScene(4, 6);
        scene.Agents.Add(Agent.Person(ObjectClass.Pedestrian, 14, 4, -Math.PI / 2, 1.4));
        var seen = new HashSet<MotionAction>();
        while (scene.NowS < 10)
        {
            // A driver who wants to go on steadily.
            scene.Step(new(scene.Ego.SpeedMps < 6 ? 1 : 0, 0, false));
            seen.Add(scene.Guard.Verdict.Action);
        }

        Assert.Null(scene.Touched());
        Assert.Contains(MotionAction.Slowed, seen);
        Assert.Equal(MotionAction.None, scene.Guard.Verdict.Action);
        Assert.True(scene.Ego.SpeedMps > 3, $"{scene.Ego.SpeedMps:F1} m/s");
        Assert.DoesNotContain(MotionAction.Mrm, seen);
    }

    [Fact]
    public void A_person_beside_the_way_slows_it_the_more_the_nearer_and_a_child_more_than_a_grown_up()
    {
        double At(ObjectClass kind, double asideM)
        {
            var frame = MotionScenes.Frame(9, 0);
            frame.Add(new() { X = 12, Y = asideM, LengthM = 0.5, WidthM = 0.5, Class = kind, Confidence = 1 });
            var guard = new MotionGuard(SweeperModel.Default, new());
            guard.Restrain(frame, new(0, 0, false), MotionScenes.Context);
            return guard.Verdict.ToMps;
        }

        Assert.True(At(ObjectClass.Pedestrian, 1.6) < At(ObjectClass.Pedestrian, 2.5));
        Assert.True(At(ObjectClass.Child, 2.5) < At(ObjectClass.Pedestrian, 2.5));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    public void It_stops_within_what_it_sees(double viewM)
    {
        var scene = new MotionScene(5) { ViewRangeM = viewM };
        // A wall that comes into view only at that distance.
        scene.Agents.Add(new() { Class = ObjectClass.Barrier, X = 60, LengthM = 0.5, WidthM = 0.8 });
        while (scene.NowS < 25)
        {
            scene.Step(new(1, 0, false));
            Assert.True(scene.Touched() is null || scene.Ego.SpeedMps == 0, $"{scene.Ego.SpeedMps:F2} m/s");
        }

        Assert.InRange(scene.Ego.X, 50, 60);
    }

    [Fact]
    public void The_speed_limit_holds_and_is_braked_for_gently()
    {
        var scene = new MotionScene(6, 8);
        scene.Context = scene.Context with { Street = scene.Context.Street with { LimitMps = 20 / 3.6 } };
        var hardest = 0.0;
        while (scene.NowS < 6)
        {
            scene.Step(new(1, 0, false));
            hardest = Math.Min(hardest, scene.Given.AccelerationMps2);
        }

        Assert.InRange(scene.Ego.SpeedMps, 5.2, 6.1);
        Assert.Equal(-SweeperModel.Default.BrakingMps2, hardest, 3);
        Assert.Equal(MotionCause.SpeedLimit, scene.Guard.Verdict.Cause);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(-0.3)]
    public void It_stops_before_the_border_of_the_operating_area(double steering)
    {
        var scene = new MotionScene(7, 3);
        scene.Context = scene.Context with { Area = (x, y) => x < 30 && Math.Abs(y) < 12 };
        while (scene.NowS < 25)
        {
            scene.Step(new(1, steering, false));
            foreach (var left in (double[])[-0.6, 0.6])
            {
                var (s, c) = Math.SinCos(scene.Ego.HeadingRad);
                var (x, y) = (scene.Ego.X + (3.5 * c) - (left * s), scene.Ego.Y + (3.5 * s) + (left * c));
                Assert.True(x < 30 && Math.Abs(y) < 12, $"a front corner is at {x:F2}, {y:F2}");
            }
        }

        Assert.True(steering < 0 || scene.Ego.SpeedMps < 0.3);
    }

    [Fact]
    public void Held_at_the_border_while_it_wants_on_it_goes_into_the_minimal_risk_condition()
    {
        var scene = new MotionScene(7, 3);
        scene.Context = scene.Context with { Area = (x, _) => x < 30 };
        while (scene.NowS < 12)
        {
            scene.Step(new(1, 0, false));
            Assert.True(scene.Guard.Verdict.Strategy == MrmStrategy.None || scene.Ego.SpeedMps < 0.1);
        }

        Assert.Equal((MotionAction.Mrm, MotionCause.WitsEnd), (scene.Guard.Verdict.Action, scene.Guard.Verdict.Cause));
    }

    /// <summary>Braking for somebody who comes behind the vehicle anyway would bring it to stand in his way.</summary>
    [Theory]
    [InlineData(6.0, true)]
    [InlineData(9.5, false)]
    public void Who_crosses_behind_the_vehicle_is_let_and_for_who_crosses_before_it_it_brakes(double atX, bool isLet)
    {
        var scene = new MotionScene(11, 6.9);
        scene.Agents.Add(Agent.Person(ObjectClass.Pedestrian, atX, 5, -Math.PI / 2, 1.8));
        var least = 0.0;
        while (scene.NowS < 4)
        {
            scene.Step(new(scene.Ego.SpeedMps < 6.9 ? 0.5 : 0, 0, false));
            least = Math.Min(least, scene.Given.AccelerationMps2);
        }

        Assert.Null(scene.Touched());
        Assert.Equal(isLet, least > -1);
    }

    /// <summary>RSS, definition 16: no overlap in time also where he speeds up before he responds, and where the vehicle itself slows.</summary>
    [Theory]
    [InlineData(0.6, 0.0, true)]
    [InlineData(0.35, 0.0, false)]
    [InlineData(0.6, 4.0, false)]
    public void A_car_that_may_speed_up_into_the_vehicle_does_not_come_behind_it(double reserveS, double slowsMps2, bool comesBehind)
    {
        const double ownMps = 8, otherMps = 8, afterS = 1.6;
        // At its speed its front comes into the way of the vehicle, margin and all, so long after the vehicle's rear has left that place.
        var rss = new RssParameters();
        var body = new Outline(3.3, 1.2, 0.6, 0.6);
        var x = (ownMps * (afterS - reserveS)) - body.RearM - rss.MarginM - 1.2;
        var y = body.LeftM + rss.MarginM + 0.35 + 2.25 + (otherMps * afterS);
        var car = new SensedObject { X = x, Y = y, HeadingRad = -Math.PI / 2, Vy = -otherMps, LengthM = 4.5, WidthM = 1.8, Class = ObjectClass.Car, Confidence = 1 };

        Assert.Equal(comesBehind, new RssLimit(rss).ComesBehind(car, new(0, body), ownMps, slowsMps2, 0.3));
    }

    [Fact]
    public void Wheels_are_held_during_a_stop_and_free_again_at_standstill()
    {
        var scene = new MotionScene(8, 5);
        scene.Agents.Add(new() { Class = ObjectClass.Car, X = 3.5 + 3.5 + 2.25, Y = 0 });
        var held = new HashSet<double>();
        while (scene.Ego.SpeedMps > 0.1 && scene.NowS < 4)
        {
            scene.Step(new(1, 0.4, false));
            if (scene.Guard.Verdict.Cause == MotionCause.ObjectAhead && scene.Given.AccelerationMps2 < 0)
            {
                held.Add(scene.Given.SteeringRad);
            }
        }

        Assert.NotEmpty(held);
        Assert.DoesNotContain(0.4, held);
        for (var i = 0; i < 20; i++)
        {
            scene.Step(new(0, 0.4, false));
        }

        Assert.Equal(0.4, scene.Given.SteeringRad);
    }

    [Fact]
    public void A_near_miss_and_an_evasion_are_named_as_occasions()
    {
        var frame = MotionScenes.Frame(8, 0);
        frame.Add(new() { X = 3.5 + 5, Y = 0, Vx = 0, LengthM = 1, WidthM = 1, Class = ObjectClass.Car, Confidence = 1 });
        var guard = new MotionGuard(SweeperModel.Default, new());
        guard.Restrain(frame, new(0, 0, false), MotionScenes.Context);
        Assert.Equal(4.5 / 8, guard.Verdict.TtcS, 0.12);
        Assert.True(guard.Verdict.IsNearMiss);
        Assert.Equal(Occasion.Conflict, guard.Verdict.Occasion);

        frame = MotionScenes.Frame(8, 0);
        frame.Add(new() { X = 3.5 + 9.5, Y = 0, Vx = 0, LengthM = 1, WidthM = 1, Class = ObjectClass.Car, Confidence = 1 });
        guard = new MotionGuard(SweeperModel.Default, new());
        guard.Restrain(frame, new(0, 0.3, false), MotionScenes.Context);
        Assert.Equal(Occasion.Evasion, guard.Verdict.Occasion);
    }

    [Theory]
    [InlineData(SafetyMode.Waiting)]
    [InlineData(SafetyMode.Mrc)]
    public void Without_permission_it_stands(SafetyMode mode)
    {
        var scene = new MotionScene(9, 4);
        scene.Context = scene.Context with { Mode = mode };
        while (scene.NowS < 5)
        {
            scene.Step(new(1, 0, false));
        }

        Assert.Equal(0, scene.Ego.SpeedMps);
        Assert.True(scene.Given.ParkingBrake);
    }

    [Fact]
    public void A_garbled_order_brakes()
    {
        var scene = new MotionScene(10, 4);
        var given = scene.Guard.Restrain(scene.Frame, new(double.NaN, double.NaN, false), scene.Context);
        Assert.True(given.AccelerationMps2 < 0);
        Assert.False(double.IsNaN(given.SteeringRad));
    }

    [Fact]
    public void Backwards_it_stops_for_what_is_behind()
    {
        var scene = new MotionScene(11);
        scene.Agents.Add(new() { Class = ObjectClass.Barrier, X = -8, LengthM = 0.5, WidthM = 2 });
        while (scene.NowS < 12)
        {
            scene.Step(new(1, 0, true));
            Assert.Null(scene.Touched());
        }

        Assert.InRange(scene.Ego.X, -7, -4);
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var scene = new MotionScene(12, 6);
        var random = new Random(1);
        for (var i = 0; i < 80; i++)
        {
            scene.Agents.Add(new() { Class = (ObjectClass)(i % 13), X = (100 * random.NextDouble()) - 40, Y = (40 * random.NextDouble()) - 20, SpeedMps = i % 3 });
        }

        scene.Context = scene.Context with { Area = (x, y) => x < 1000 && y < 1000 };
        for (var i = 0; i < 30; i++)
        {
            scene.Step(new(1, 0.1, false));
        }

        var monitor = new OddMonitor(OddModel.Default);
        monitor.Look(scene.Frame, scene.Context.Street, null, 0.05);
        var (frame, context) = (scene.Frame, scene.Context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            frame.TimeS += 0.05;
            frame.ObjectsAtS += 0.05;
            monitor.Look(frame, context.Street, null, 0.05);
            scene.Guard.Restrain(frame, new(1, 0.1, false), context);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Restrained(MotionScene scene, double forS)
    {
        var count = 0;
        while (scene.NowS < forS)
        {
            scene.Step(new(0, 0, false));
            count += scene.Guard.Verdict.Action == MotionAction.None ? 0 : 1;
        }

        return count;
    }
}
