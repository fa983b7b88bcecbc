using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Safety.Health;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>Where the guard itself believes the vehicle to be, by the receiver, wheel and gyroscope of the virtual world.</summary>
public sealed class OwnPoseTests
{
    /// <summary>
    /// Between houses hardly a satellite position comes through, and the gyroscope's bias turns what the guard reckons away: it has to say so, and not to take
    /// a driving program that knows better for wrong.
    /// </summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.75)]
    [InlineData(0.88)]
    public void Its_doubt_is_honest_between_houses_and_a_right_claim_is_never_contradicted(double canyonShare)
    {
        var (count, beyondTwo, sumM) = (0, 0, 0.0);
        for (var seed = 1; seed <= 12; seed++)
        {
            var run = new Run(seed);
            run.Drive(60, 0.1);
            for (var i = 0; i < 40; i++)
            {
                // Half a minute at the broom's pace, now and then a stop.
                run.Drive(30, canyonShare, stops: i % 10 == 9);
                Assert.True(run.Own.BeyondM(run.Claim(0)) == 0, $"seed {seed}, after {i * 30} s: off by {run.OffM:F2} m with {run.Own.StdM:F2} m, heading {run.OffRad:F2} with {run.Own.HeadingStdRad:F3}");
                count++;
                beyondTwo += run.OffM > 2 * run.Own.StdM ? 1 : 0;
                sumM += run.Own.StdM;
            }
        }

        Assert.InRange((double)beyondTwo / count, 0, 0.1);
        // A doubt without end would never contradict anybody.
        Assert.InRange(sumM / count, 0.1, 2.5);
    }

    [Fact]
    public void A_claim_far_off_is_contradicted_also_between_houses()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var run = new Run(seed);
            run.Drive(300, 0.85);
            Assert.True(run.Own.BeyondM(run.Claim(20)) > 0, $"seed {seed}: {run.Own.StdM:F2} m");
        }
    }

    private sealed class Run
    {
        private readonly Chassis car = new() { X = 100, Y = 50 };
        private readonly ChassisLimits limits = ChassisLimits.Of(SweeperModel.Default);
        private readonly SensorFrame frame = new();
        private readonly Positioning positioning;
        private long tick;

        public Run(long seed)
        {
            positioning = new(new Dice(seed));
            Own.Begin(Claim(0));
        }

        public OwnPose Own { get; } = new();

        public double OffM => Math.Sqrt(Math.Pow(Own.X - car.X, 2) + Math.Pow(Own.Y - car.Y, 2));
        public double OffRad => Math.IEEERemainder(Own.HeadingRad - car.HeadingRad, 2 * Math.PI);

        /// <summary>What a driving program says that is off by so much.</summary>
        public PoseClaim Claim(double offM) => new(car.X + offM, car.Y, car.HeadingRad, 0.1, 0.01);

        public void Drive(double seconds, double canyonShare, bool stops = false)
        {
            for (var end = tick + (long)(seconds / IPlatform.TickS); tick < end; tick++)
            {
                var wanted = stops ? 0 : 1.4;
                car.Step(new(wanted - car.SpeedMps, 0.1 * Math.Sin(tick / 300.0), false) { ParkingBrake = stops }, limits, IPlatform.TickS);
                frame.TimeS = tick * IPlatform.TickS;
                positioning.Gnss(frame, car, tick, false, canyonShare);
                positioning.Odometry(frame, car);
                Own.Step(frame, frame.WheelMps, IPlatform.TickS);
            }
        }
    }
}
