using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>The noise that the filter reckons with: standard deviations, SI units.</summary>
/// <param name="WheelMps">Of one reading of the wheel speed.</param>
/// <param name="GyroRadS">Of one reading of the turning rate.</param>
/// <param name="BiasRadS">Of the gyroscope's bias when it is switched on.</param>
/// <param name="BiasDriftRadS">Of the bias' change in one second.</param>
/// <param name="JerkyMps2">Of the change of speed in one second that the readings do not say.</param>
/// <param name="HeadingRad">Of a course by two antennas.</param>
/// <param name="KerbM">Of a distance to the kerb against the map, survey of the map included.</param>
/// <param name="WheelShare">Of the scale of the wheel speed (radius of the tyre).</param>
/// <param name="GnssDriftShare">Share of a satellite position's variance that lasts (multipath, atmosphere) and not errs anew with every fix.</param>
/// <param name="GnssDriftS">How long that lasts, seconds.</param>
internal sealed record LocalisationNoise(
    double WheelMps = 0.03,
    double GyroRadS = 0.005,
    double BiasRadS = 0.005,
    double BiasDriftRadS = 2e-4,
    double JerkyMps2 = 1.5,
    double HeadingRad = 0.015,
    double KerbM = 0.2,
    double WheelShare = 0.01,
    double GnssDriftShare = 0.7,
    double GnssDriftS = 30);

/// <summary>
/// Where the vehicle is: an extended Kalman filter over (x, y, heading, speed, bias of the gyroscope, scale of the wheel, drift of the satellite
/// position in x and y), fed by satellite position and course, wheel speed, gyroscope, and the distance to the kerb against the map. What does not fit is not used. Joseph form, after Bar-Shalom, Li and Kirubarajan,
/// Estimation with Applications to Tracking and Navigation, 2001, ch. 5 and 10. Not thread-safe.
/// </summary>
internal sealed class Localisation(LocalisationNoise noise)
{
    public const int States = 8;
    private const int X = 0, Y = 1, Heading = 2, Speed = 3, Bias = 4, Scale = 5, DriftX = 6, DriftY = 7;

    // 99.9 % of fitting readings are nearer: chi-square with one and with two degrees of freedom.
    private const double GateOne = 10.8;
    private const double GateTwo = 13.8;

    // So many fixes in turn that do not fit say that the filter is wrong, not they.
    private const int LostAfterFixes = 30;

    private readonly double[] x = new double[States];
    private readonly double[] p = new double[States * States];
    private readonly double[] f = new double[States * States];
    private readonly double[] work = new double[States * States];
    private readonly double[] gain = new double[States];
    private readonly double[] row = new double[States];
    private double lastS = double.NaN, driftStdM = 0.05;
    private int refused;

    /// <summary>A first position has been taken.</summary>
    public bool IsKnown { get; private set; }

    public double PositionX => x[X];
    public double PositionY => x[Y];
    public double HeadingRad => x[Heading];

    /// <summary>Along the vehicle, m/s, negative backwards.</summary>
    public double SpeedMps => x[Speed];

    public double GyroBiasRadS => x[Bias];

    /// <summary>Turning rate of the last tick without the bias, rad/s.</summary>
    public double YawRateRadS { get; private set; }

    /// <summary>Standard deviation of the position in its worst direction, metres.</summary>
    public double PositionStdM
    {
        get
        {
            var (a, b, c) = (p[0], p[1], p[States + 1]);
            return Math.Sqrt(Math.Max(0, ((a + c) / 2) + Math.Sqrt(((a - c) * (a - c) / 4) + (b * b))));
        }
    }

    public double HeadingStdRad => Math.Sqrt(p[(Heading * States) + Heading]);

    /// <summary>Readings that did not fit since the start.</summary>
    public int Refused { get; private set; }

    public double Covariance(int i, int j) => p[(i * States) + j];

    /// <summary>Says where the vehicle stands, for example in the depot; standard deviations in metres and radians.</summary>
    public void Begin(double atX, double atY, double headingRad, double stdM, double stdRad)
    {
        (x[X], x[Y], x[Heading], x[Speed], x[Bias]) = (atX, atY, headingRad, 0, 0);
        Array.Clear(p);
        p[0] = p[States + 1] = stdM * stdM;
        p[(Heading * States) + Heading] = stdRad * stdRad;
        p[(Speed * States) + Speed] = 0.01;
        p[(Bias * States) + Bias] = noise.BiasRadS * noise.BiasRadS;
        p[(Scale * States) + Scale] = noise.WheelShare * noise.WheelShare;
        p[(DriftX * States) + DriftX] = p[(DriftY * States) + DriftY] = driftStdM * driftStdM;
        (x[Scale], x[DriftX], x[DriftY], IsKnown, refused) = (0, 0, 0, true, 0);
    }

    public void Step(SensorFrame frame)
    {
        var stepS = double.IsNaN(lastS) ? IPlatform.TickS : Math.Clamp(frame.TimeS - lastS, 0, 1);
        lastS = frame.TimeS;
        if (!IsKnown)
        {
            if (double.IsNaN(frame.GnssX) || double.IsNaN(frame.GnssHeadingRad))
            {
                return;
            }

            driftStdM = frame.GnssStdM * Math.Sqrt(noise.GnssDriftShare);
            Begin(frame.GnssX, frame.GnssY, frame.GnssHeadingRad, frame.GnssStdM, noise.HeadingRad);
            return;
        }

        Predict(stepS, frame.YawRateRadS);
        if (!double.IsNaN(frame.WheelMps))
        {
            // A wheel that slips or is stuck does not fit; standing still is worth more than noise.
            Clear();
            (row[Speed], row[Scale]) = (1 + x[Scale], x[Speed]);
            var std = frame.WheelMps == 0 ? 0.01 : noise.WheelMps;
            Update(frame.WheelMps - (x[Speed] * (1 + x[Scale])), std * std, GateOne * 4);
        }

        if (frame.WheelMps == 0 && !double.IsNaN(frame.YawRateRadS))
        {
            Clear();
            row[Bias] = 1;
            Update(frame.YawRateRadS - x[Bias], noise.GyroRadS * noise.GyroRadS, GateOne);
        }

        if (!double.IsNaN(frame.GnssX))
        {
            Fix(frame);
        }
    }

    /// <summary>A distance across that was measured against the map: its innovation, metres, and the direction across (unit vector to the left).</summary>
    public bool Across(double innovationM, double leftX, double leftY)
    {
        Clear();
        (row[X], row[Y]) = (leftX, leftY);
        return Update(innovationM, noise.KerbM * noise.KerbM, GateOne);
    }

    private void Predict(double stepS, double gyro)
    {
        var rate = double.IsNaN(gyro) ? 0 : gyro - x[Bias];
        var rateStd = double.IsNaN(gyro) ? 0.3 : noise.GyroRadS;
        YawRateRadS = rate;
        var middle = x[Heading] + (rate * stepS / 2);
        var (cos, sin) = (Math.Cos(middle), Math.Sin(middle));
        var rolledM = x[Speed] * stepS;
        x[X] += rolledM * cos;
        x[Y] += rolledM * sin;
        x[Heading] = Math.IEEERemainder(x[Heading] + (rate * stepS), 2 * Math.PI);

        Array.Clear(f);
        for (var i = 0; i < States; i++)
        {
            f[(i * States) + i] = 1;
        }

        f[(X * States) + Heading] = -rolledM * sin;
        f[(X * States) + Speed] = stepS * cos;
        f[(X * States) + Bias] = rolledM * sin * stepS / 2;
        f[(Y * States) + Heading] = rolledM * cos;
        f[(Y * States) + Speed] = stepS * sin;
        f[(Y * States) + Bias] = -rolledM * cos * stepS / 2;
        f[(Heading * States) + Bias] = -stepS;
        var keeps = Math.Exp(-stepS / noise.GnssDriftS);
        f[(DriftX * States) + DriftX] = f[(DriftY * States) + DriftY] = keeps;
        (x[DriftX], x[DriftY]) = (x[DriftX] * keeps, x[DriftY] * keeps);
        Congruent(f);
        p[(DriftX * States) + DriftX] += driftStdM * driftStdM * (1 - (keeps * keeps));
        p[(DriftY * States) + DriftY] += driftStdM * driftStdM * (1 - (keeps * keeps));
        var turned = rateStd * stepS;
        p[(Heading * States) + Heading] += turned * turned;
        p[(Speed * States) + Speed] += noise.JerkyMps2 * noise.JerkyMps2 * stepS;
        p[(Bias * States) + Bias] += noise.BiasDriftRadS * noise.BiasDriftRadS * stepS;

        // The tyres slip a little across.
        p[0] += 1e-5 * stepS;
        p[States + 1] += 1e-5 * stepS;
    }

    private void Fix(SensorFrame frame)
    {
        var r = Math.Max(1e-6, frame.GnssStdM * frame.GnssStdM * (1 - noise.GnssDriftShare));
        driftStdM = frame.GnssStdM * Math.Sqrt(noise.GnssDriftShare);
        var (dx, dy) = (frame.GnssX - x[X] - x[DriftX], frame.GnssY - x[Y] - x[DriftY]);
        var (a, b, c) = (InSum(X, DriftX, X, DriftX) + r, InSum(X, DriftX, Y, DriftY), InSum(Y, DriftY, Y, DriftY) + r);
        var det = (a * c) - (b * b);
        var squared = ((c * dx * dx) - (2 * b * dx * dy) + (a * dy * dy)) / det;
        if (squared > GateTwo)
        {
            Refused++;
            if (++refused > LostAfterFixes)
            {
                p[0] += dx * dx;
                p[States + 1] += dy * dy;
                refused = 0;
            }

            return;
        }

        refused = 0;
        Clear();
        (row[X], row[DriftX]) = (1, 1);
        Update(dx, r, double.PositiveInfinity);
        Clear();
        (row[Y], row[DriftY]) = (1, 1);
        Update(frame.GnssY - x[Y] - x[DriftY], r, double.PositiveInfinity);
        if (!double.IsNaN(frame.GnssHeadingRad))
        {
            Clear();
            row[Heading] = 1;
            Update(Math.IEEERemainder(frame.GnssHeadingRad - x[Heading], 2 * Math.PI), noise.HeadingRad * noise.HeadingRad, GateOne);
        }
    }

    /// <summary>Covariance of the sum of two states with the sum of two others.</summary>
    private double InSum(int a, int b, int c, int d) => p[(a * States) + c] + p[(a * States) + d] + p[(b * States) + c] + p[(b * States) + d];

    private void Clear() => Array.Clear(row);

    /// <summary>One scalar reading with the row of its Jacobian in <see cref="row"/>; false if it lies beyond the gate.</summary>
    private bool Update(double innovation, double variance, double gate)
    {
        var s = variance;
        for (var i = 0; i < States; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < States; j++)
            {
                sum += p[(i * States) + j] * row[j];
            }

            gain[i] = sum;
        }

        for (var i = 0; i < States; i++)
        {
            s += row[i] * gain[i];
        }

        if (innovation * innovation > gate * s)
        {
            Refused++;
            return false;
        }

        for (var i = 0; i < States; i++)
        {
            gain[i] /= s;
            x[i] += gain[i] * innovation;
        }

        x[Heading] = Math.IEEERemainder(x[Heading], 2 * Math.PI);
        for (var i = 0; i < States; i++)
        {
            for (var j = 0; j < States; j++)
            {
                f[(i * States) + j] = (i == j ? 1 : 0) - (gain[i] * row[j]);
            }
        }

        Congruent(f);
        for (var i = 0; i < States; i++)
        {
            for (var j = 0; j < States; j++)
            {
                p[(i * States) + j] += gain[i] * gain[j] * variance;
            }
        }

        return true;
    }

    /// <summary>P becomes M P Mᵀ.</summary>
    private void Congruent(double[] m)
    {
        for (var i = 0; i < States; i++)
        {
            for (var j = 0; j < States; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < States; k++)
                {
                    sum += m[(i * States) + k] * p[(k * States) + j];
                }

                work[(i * States) + j] = sum;
            }
        }

        for (var i = 0; i < States; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < States; k++)
                {
                    sum += work[(i * States) + k] * m[(j * States) + k];
                }

                p[(i * States) + j] = p[(j * States) + i] = sum;
            }
        }
    }
}
