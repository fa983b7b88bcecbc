using CsCheck;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving;

namespace Kehrwerk.Sweeper.Tests;

public sealed class DriveTests
{
    private const double StepS = SweeperProgram.StepS;
    private static readonly SweeperModel Model = SweeperModel.Default;

    // A chain of one-way streets whose lines turn at random: pieces of 0.5 to 80 m, turns up to nearly about-face.
    private static readonly Gen<(double TurnRad, double LengthM)> Piece = Gen.Select(Gen.Double[-2.9, 2.9], Gen.Double[0.5, 80]);

    private static readonly Gen<((double TurnRad, double LengthM)[] Pieces, double SpeedMps)[]> Streets =
        Gen.Select(Piece.Array[1, 6], Gen.Double[1.5, 14]).Array[1, 8];

    [Fact]
    public void Limits_are_kept_the_end_is_reached_and_the_way_adds_up() => Streets.Sample(
        streets =>
        {
            var map = Chain(streets);
            var drive = new Drive(Model, map, 0, 0);
            drive.Follow([.. Enumerable.Range(0, map.ArcCount).Select(arc => drive.NewLeg(arc, (uint)arc, double.PositiveInfinity, arc == 2))], 0);
            var wayM = 0.0;
            var steps = 0;
            while (drive.Leg is not null)
            {
                var (leg, before) = (drive.Leg, drive.SpeedMps);
                var restM = drive.Step(StepS, null);
                var fromM = leg.LengthM - drive.OffsetM;
                if (Math.Abs(drive.SpeedMps - before) > Math.Max(Model.AccelerationMps2, Model.BrakingMps2) * StepS * 1.5 + 1e-9
                    || drive.SpeedMps > leg.LimitMps + 0.05 && restM < fromM)
                {
                    return false;
                }

                do
                {
                    var passed = drive.Roll(ref restM, out var rolledM);
                    wayM += rolledM;
                    // In a bend the speed is what the bend allows, but for what is gained within one step after it.
                    if (passed is not null && drive.Leg is not null && drive.SpeedMps > passed.PeakMps[^1] + (2 * Model.AccelerationMps2 * StepS))
                    {
                        return false;
                    }
                }
                while (restM > 0 && drive.Leg is not null);

                if (++steps > 100_000)
                {
                    return false;
                }
            }

            return drive.IsStanding && Math.Abs(wayM - map.ArcLengthM.ToArray().Sum()) < 1e-3
                && drive.Position.DistanceTo(map.NodePoint[^1]) < 0.1;
        },
        iter: 300);

    [Fact]
    public void A_straight_street_takes_the_time_of_a_trapezoid()
    {
        var map = Chain([([(0, 500)], 14)]);
        var drive = new Drive(Model, map, 0, 0);
        drive.Follow([drive.NewLeg(0, 1, double.PositiveInfinity, true)], 0);
        var steps = 0;
        while (drive.Leg is not null)
        {
            var restM = drive.Step(StepS, null);
            drive.Roll(ref restM, out _);
            steps++;
        }

        var v = Model.TransitSpeedMps;
        var rampsM = (v * v / 2 / Model.AccelerationMps2) + (v * v / 2 / Model.BrakingMps2);
        Assert.Equal((v / Model.AccelerationMps2) + (v / Model.BrakingMps2) + ((500 - rampsM) / v), steps * StepS, 0.3);
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(3.0)]
    public void Braking_takes_the_way_that_physics_says(double brakeMps2)
    {
        var map = Chain([([(0, 500)], 14)]);
        var drive = new Drive(Model, map, 0, 0);
        drive.Follow([drive.NewLeg(0, 1, double.PositiveInfinity, true)], 0);
        for (var i = 0; i < 200; i++)
        {
            var restM = drive.Step(StepS, null);
            drive.Roll(ref restM, out _);
        }

        var (speed, fromM) = (drive.SpeedMps, drive.OffsetM);
        Assert.Equal(Model.TransitSpeedMps, speed, 6);
        while (!drive.IsStanding)
        {
            var restM = drive.Step(StepS, brakeMps2);
            drive.Roll(ref restM, out _);
        }

        Assert.Equal(speed * speed / 2 / brakeMps2, drive.OffsetM - fromM, 6);
    }

    [Fact]
    public void A_right_angle_is_driven_slower_than_a_gentle_bend()
    {
        Assert.True(CornerMps(Math.PI / 2) < 4);
        Assert.True(CornerMps(0.1) > 10);
        Assert.True(CornerMps(3) <= 1);

        static double CornerMps(double turnRad)
        {
            var map = Chain([([(0, 100)], 14), ([(turnRad, 100)], 14)]);
            var drive = new Drive(Model, map, 0, 0);
            var first = drive.NewLeg(0, 1, double.PositiveInfinity, false);
            return first.TurnInto(Model, drive.NewLeg(1, 3, double.PositiveInfinity, true));
        }
    }

    private static StreetNetwork Chain(((double TurnRad, double LengthM)[] Pieces, double SpeedMps)[] streets)
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        var (at, headingRad) = (new MapPoint(0, 0), 0.0);
        builder.AddNode(1, at);
        foreach (var (i, (pieces, speedMps)) in streets.Index())
        {
            var line = new List<MapPoint> { at };
            foreach (var (turnRad, lengthM) in pieces)
            {
                headingRad += turnRad;
                at = new(at.X + (lengthM * Math.Cos(headingRad)), at.Y + (lengthM * Math.Sin(headingRad)));
                line.Add(at);
            }

            builder.AddNode(i + 2, at);
            builder.AddSegment(new(i, i + 1, [.. line], 100 + i, 0, Directions.Forward, SpeedMps: speedMps));
        }

        return builder.Build();
    }
}
