using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>The filter on a true chassis, with readings whose noise is what the filter reckons with.</summary>
public sealed class LocalisationTests
{
    private static readonly LocalisationNoise Noise = new();

    [Fact]
    public void Its_doubt_is_honest()
    {
        // Normalised estimation error squared of (x, y, heading) over 60 runs, at one moment of each: chi-square with 180 degrees of freedom.
        const int Runs = 60;
        var sum = 0.0;
        for (var seed = 1; seed <= Runs; seed++)
        {
            var run = new Run(seed);
            run.Drive(40);
            sum += run.ErrorSquared();
        }

        // 99.8 % bounds of chi-square(180).
        Assert.InRange(sum, 126, 245);
    }

    [Fact]
    public void Through_an_outage_it_reckons_on_and_knows_that_it_doubts_more()
    {
        var (sum, worstM) = (0.0, 0.0);
        for (var seed = 1; seed <= 20; seed++)
        {
            var run = new Run(seed);
            run.Drive(30);
            var before = run.Filter.PositionStdM;
            run.HasGnss = false;
            run.Drive(15);
            Assert.True(run.Filter.PositionStdM > 2 * before);
            sum += run.ErrorSquared();
            worstM = Math.Max(worstM, run.OffM);
        }

        // 99.8 % of chi-square(60); 75 m were driven without a fix.
        Assert.InRange(sum, 31, 100);
        Assert.InRange(worstM, 0.05, 1.5);
    }

    [Fact]
    public void A_jump_of_the_satellite_position_is_not_believed()
    {
        var run = new Run(7);
        run.Drive(30);
        run.JumpM = 6;
        run.Drive(1);

        Assert.InRange(run.OffM, 0, 0.4);
        Assert.True(run.Filter.Refused >= 8);
    }

    [Fact]
    public void The_kerb_tells_where_it_is_across()
    {
        var run = new Run(3) { HasGnss = false };
        run.Filter.Begin(0, 0.5, 0, 0.5, 0.01);
        for (var i = 0; i < 200; i++)
        {
            // The vehicle stands at y = 0, 2 m from a kerb to the east; it believes to be at 0.5.
            run.Filter.Across(0 - run.Filter.PositionY, 0, 1);
        }

        Assert.InRange(run.Filter.PositionY, -0.05, 0.05);
        Assert.False(run.Filter.Across(3, 0, 1));
    }

    private sealed class Run(long seed)
    {
        private readonly Dice dice = new(seed);
        private readonly Chassis car = new() { X = 100, Y = 50, HeadingRad = 0.3 };
        private readonly ChassisLimits limits = ChassisLimits.Of(SweeperModel.Default);
        private readonly SensorFrame frame = new();
        private double scale = double.NaN, bias, driftX, driftY;
        private int tick;

        public Localisation Filter { get; } = new(Noise);
        public bool HasGnss { get; set; } = true;
        public double JumpM { get; set; }

        public double OffM => Math.Sqrt(Math.Pow(Filter.PositionX - car.X, 2) + Math.Pow(Filter.PositionY - car.Y, 2));

        public void Drive(double seconds)
        {
            const double GnssStdM = 0.3;
            var (driftStd, whiteStd) = (GnssStdM * Math.Sqrt(Noise.GnssDriftShare), GnssStdM * Math.Sqrt(1 - Noise.GnssDriftShare));
            if (double.IsNaN(scale))
            {
                (scale, bias) = (Noise.WheelShare * dice.Normal(), Noise.BiasRadS * dice.Normal());
                (driftX, driftY) = (driftStd * dice.Normal(), driftStd * dice.Normal());
            }

            for (var end = tick + (int)(seconds / IPlatform.TickS); tick < end; tick++)
            {
                var wanted = 5 + (2 * Math.Sin(tick / 90.0));
                car.Step(new(wanted - car.SpeedMps, 0.12 * Math.Sin(tick / 60.0), false), limits, IPlatform.TickS);
                bias += Noise.BiasDriftRadS * Math.Sqrt(IPlatform.TickS) * dice.Normal();
                var keeps = Math.Exp(-IPlatform.TickS / Noise.GnssDriftS);
                driftX = (driftX * keeps) + (driftStd * Math.Sqrt(1 - (keeps * keeps)) * dice.Normal());
                driftY = (driftY * keeps) + (driftStd * Math.Sqrt(1 - (keeps * keeps)) * dice.Normal());
                frame.TimeS = tick * IPlatform.TickS;
                frame.WheelMps = (car.SpeedMps * (1 + scale)) + (Noise.WheelMps * dice.Normal());
                frame.YawRateRadS = car.YawRateRadS + bias + (Noise.GyroRadS * dice.Normal());
                var isFix = HasGnss && tick % 2 == 0;
                frame.GnssX = isFix ? car.X + JumpM + driftX + (whiteStd * dice.Normal()) : double.NaN;
                frame.GnssY = isFix ? car.Y + driftY + (whiteStd * dice.Normal()) : double.NaN;
                frame.GnssStdM = GnssStdM;
                frame.GnssHeadingRad = isFix ? car.HeadingRad + (Noise.HeadingRad * dice.Normal()) : double.NaN;
                Filter.Step(frame);
            }
        }

        /// <summary>eᵀ P⁻¹ e over (x, y, heading), by elimination.</summary>
        public double ErrorSquared()
        {
            double[] e = [Filter.PositionX - car.X, Filter.PositionY - car.Y, Math.IEEERemainder(Filter.HeadingRad - car.HeadingRad, 2 * Math.PI)];
            var m = new double[3, 4];
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++)
                {
                    m[i, j] = Filter.Covariance(i, j);
                }

                m[i, 3] = e[i];
            }

            for (var i = 0; i < 3; i++)
            {
                for (var k = 0; k < 3; k++)
                {
                    var factor = k == i ? 0 : m[k, i] / m[i, i];
                    for (var j = i; j < 4 && k != i; j++)
                    {
                        m[k, j] -= factor * m[i, j];
                    }
                }
            }

            return (e[0] * m[0, 3] / m[0, 0]) + (e[1] * m[1, 3] / m[1, 1]) + (e[2] * m[2, 3] / m[2, 2]);
        }
    }
}
