using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Safety.Odd;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.Motion;

/// <summary>Somebody else on an open plane: drives or walks straight on, and brakes from a moment on.</summary>
internal sealed class Agent
{
    public required ObjectClass Class { get; init; }
    public double X, Y, HeadingRad, SpeedMps;
    public double LengthM { get; init; } = 4.5;
    public double WidthM { get; init; } = 1.8;

    /// <summary>Speed to the left of its heading.</summary>
    public double DriftMps { get; init; }

    public double BrakesAtS { get; init; } = double.PositiveInfinity;
    public double BrakingMps2 { get; init; }

    /// <summary>Moves to the left of its heading with <see cref="DriftMps"/> until it has come so far, m.</summary>
    public double DriftM = double.PositiveInfinity;

    public double DriftsFromS { get; init; }
    public double SeenFromS { get; init; }

    public double Vx => (SpeedMps * Math.Cos(HeadingRad)) - (Drift * Math.Sin(HeadingRad));
    public double Vy => (SpeedMps * Math.Sin(HeadingRad)) + (Drift * Math.Cos(HeadingRad));

    private double Drift { get; set; }

    public static Agent Person(ObjectClass kind, double x, double y, double headingRad, double mps) =>
        new() { Class = kind, X = x, Y = y, HeadingRad = headingRad, SpeedMps = mps, LengthM = kind == ObjectClass.Cyclist ? 1.8 : 0.5, WidthM = 0.5 };

    public void Step(double nowS, double stepS)
    {
        SpeedMps = nowS >= BrakesAtS ? Math.Max(0, SpeedMps - (BrakingMps2 * stepS)) : SpeedMps;
        Drift = nowS >= DriftsFromS && DriftM > 0 ? DriftMps : 0;
        DriftM -= Math.Abs(Drift) * stepS;
        (X, Y) = (X + (Vx * stepS), Y + (Vy * stepS));
    }
}

/// <summary>The guard in a closed loop with the true chassis on an open plane, with sensors that err and are late; the driving program is up to the test.</summary>
internal sealed class MotionScene
{
    public const double StepS = IPlatform.TickS;

    // The list of objects is so many ticks old.
    private const int DelayTicks = 2;

    private readonly SensedObject[][] lists = [.. Enumerable.Range(0, DelayTicks + 1).Select(_ => new SensedObject[SensorFrame.MaxObjects])];
    private readonly int[] counts = new int[DelayTicks + 1];
    private readonly Random random;
    private long tick;

    public MotionScene(int seed, double speedMps = 0, SweeperModel? model = null)
    {
        Model = model ?? SweeperModel.Default;
        random = new(seed);
        Limits = ChassisLimits.Of(Model);
        Guard = new(Model, new());
        Ego.SpeedMps = speedMps;
        Context = new()
        {
            Mode = SafetyMode.Supervised,
            Claim = default,
            Street = new(StreetClass.Residential, Surface.Asphalt, SegmentTraits.None, 50 / 3.6, 8, false, 0),
        };
    }

    public SweeperModel Model { get; }
    public Chassis Ego { get; } = new();
    public ChassisLimits Limits { get; set; }
    public List<Agent> Agents { get; } = [];
    public SensorFrame Frame { get; } = new();
    public MotionGuard Guard { get; }
    public MotionContext Context { get; set; }
    public bool IsGuarded { get; set; } = true;
    public double NoiseShare { get; set; } = 1;
    public double ViewRangeM { get; set; } = 60;
    public Action<SensorFrame>? Fault { get; set; }

    /// <summary>What the hardware makes of what it is told, where it is broken.</summary>
    public Func<Actuation, Actuation>? Broken { get; set; }

    public double NowS => tick * StepS;
    public Actuation Given { get; private set; }

    public void Step(in Actuation wanted)
    {
        if (tick == 0)
        {
            Sense();
        }

        Given = IsGuarded ? Guard.Restrain(Frame, wanted, Context) : wanted;
        Assert.True(Given.AccelerationMps2 <= wanted.AccelerationMps2, "The guard gave more acceleration than was wanted");
        Ego.Step(Broken is null ? Given : Broken(Given), Limits, StepS);
        tick++;
        foreach (var agent in Agents)
        {
            agent.Step(NowS, StepS);
        }

        Sense();
    }

    /// <summary>The agent that the body of the vehicle touches; null if none.</summary>
    public Agent? Touched()
    {
        var body = new Box(
            Ego.X + (Middle * Math.Cos(Ego.HeadingRad)), Ego.Y + (Middle * Math.Sin(Ego.HeadingRad)), Ego.HeadingRad, Model.LengthM / 2, Model.WidthM / 2);
        return Agents.Find(agent => body.Meets(new(agent.X, agent.Y, agent.HeadingRad, agent.LengthM / 2, agent.WidthM / 2)));
    }

    public double Noise(double sigma)
    {
        var (u, v) = (1 - random.NextDouble(), random.NextDouble());
        return NoiseShare * sigma * Math.Clamp(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v), -3.5, 3.5);
    }

    private double Middle => (Model.LengthM / 2) - Model.RearOverhangM;

    private void Sense()
    {
        var (sin, cos) = Math.SinCos(Ego.HeadingRad);
        Frame.TimeS = NowS;
        var slot = (int)(tick % (DelayTicks + 1));
        counts[slot] = 0;
        foreach (var agent in Agents)
        {
            var (dx, dy) = (agent.X - Ego.X, agent.Y - Ego.Y);
            if (agent.SeenFromS > NowS || Math.Sqrt((dx * dx) + (dy * dy)) > ViewRangeM)
            {
                continue;
            }

            lists[slot][counts[slot]++] = new()
            {
                X = (dx * cos) + (dy * sin) + Noise(0.06),
                Y = (dy * cos) - (dx * sin) + Noise(0.06),
                HeadingRad = agent.HeadingRad - Ego.HeadingRad + Noise(0.02),
                Vx = (agent.Vx * cos) + (agent.Vy * sin) + Noise(0.12),
                Vy = (agent.Vy * cos) - (agent.Vx * sin) + Noise(0.12),
                LengthM = agent.LengthM,
                WidthM = agent.WidthM,
                Class = agent.Class,
                Confidence = 0.9,
            };
        }

        var late = tick < DelayTicks ? slot : (int)((tick - DelayTicks) % (DelayTicks + 1));
        Frame.ObjectsAtS = tick < DelayTicks ? NowS : (tick - DelayTicks) * StepS;
        Frame.ObjectCount = 0;
        foreach (ref readonly var seen in lists[late].AsSpan(0, counts[late]))
        {
            Frame.Add(seen);
        }

        var hasFix = tick % 2 == 0;
        Frame.ViewRangeM = ViewRangeM;
        (Frame.GnssX, Frame.GnssY, Frame.GnssStdM) = hasFix ? (Ego.X + Noise(0.3), Ego.Y + Noise(0.3), 0.3) : (double.NaN, double.NaN, double.NaN);
        Frame.GnssHeadingRad = hasFix ? Ego.HeadingRad + Noise(0.02) : double.NaN;
        Frame.WheelMps = Ego.SpeedMps + (Ego.SpeedMps == 0 ? 0 : Noise(0.03));
        Frame.YawRateRadS = Ego.YawRateRadS + Noise(0.008);
        Frame.SteeringRad = Ego.SteeringRad + Noise(0.003);
        Frame.AccelerationMps2 = (Ego.IsReverse ? -Ego.AccelerationMps2 : Ego.AccelerationMps2) + Noise(0.08);
        Frame.LateralMps2 = (Ego.SpeedMps * Ego.YawRateRadS) + Noise(0.08);
        (Frame.TemperatureC, Frame.IlluminanceLux, Frame.WiperShare, Frame.WetShare, Frame.SupplyV) = (15 + Noise(0.1), 20_000 + Noise(200), 0, 0, 26);
        (Frame.KerbLeftM, Frame.KerbRightM, Frame.MarkerX) = (double.NaN, double.NaN, double.NaN);
        (Frame.IsTouched, Frame.FaultyDevices) = (false, 0);
        Context = Context with { Claim = new(Ego.X + Noise(0.05), Ego.Y + Noise(0.05), Ego.HeadingRad + Noise(0.005), 0.1, 0.01) };
        Fault?.Invoke(Frame);
    }

    private readonly record struct Box(double X, double Y, double HeadingRad, double HalfLengthM, double HalfWidthM)
    {
        /// <summary>Two boxes meet unless a side of one parts them.</summary>
        public bool Meets(in Box other) => !IsPartedBy(this, other, HeadingRad) && !IsPartedBy(this, other, HeadingRad + (Math.PI / 2))
            && !IsPartedBy(this, other, other.HeadingRad) && !IsPartedBy(this, other, other.HeadingRad + (Math.PI / 2));

        private static bool IsPartedBy(in Box one, in Box other, double axisRad) =>
            Math.Abs(((other.X - one.X) * Math.Cos(axisRad)) + ((other.Y - one.Y) * Math.Sin(axisRad))) > one.Reach(axisRad) + other.Reach(axisRad);

        private double Reach(double axisRad) =>
            (HalfLengthM * Math.Abs(Math.Cos(axisRad - HeadingRad))) + (HalfWidthM * Math.Abs(Math.Sin(axisRad - HeadingRad)));
    }
}
