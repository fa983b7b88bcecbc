using Kehrwerk.Link;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Roads;
using Kehrwerk.Sweeper.Sensing;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>Something on the course that the sensors see; it moves as its <see cref="Moves"/> says.</summary>
internal sealed class Thing
{
    public double X { get; set; }
    public double Y { get; set; }
    public double HeadingRad { get; set; }
    public double Vx { get; set; }
    public double Vy { get; set; }
    public double LengthM { get; set; } = 4.4;
    public double WidthM { get; set; } = 1.8;
    public ObjectClass Class { get; set; } = ObjectClass.Car;
    public ObjectSigns Signs { get; set; }
    public Action<Thing, Course>? Moves { get; set; }

    public Box Box => new() { X = X, Y = Y, Cos = Math.Cos(HeadingRad), Sin = Math.Sin(HeadingRad), HalfLengthM = LengthM / 2, HalfWidthM = WidthM / 2 };
}

/// <summary>A closed loop for tests: the true chassis, the pilot, and frames made by hand, with noise.</summary>
internal sealed class Course
{
    private readonly Dice dice;
    private readonly ChassisLimits limits;
    private readonly Queue<(double AtS, SensedObject[] Seen)> late = new();
    private readonly bool isNoisy;
    private (double AtS, SensedObject[] Seen) list = (0, []);

    public Course(StreetNetwork network, IReadOnlyList<PilotLeg> legs, long seed = 1, bool isNoisy = true, double atM = 2)
    {
        (dice, this.isNoisy) = (new(seed), isNoisy);
        Model = SweeperModel.Default;
        limits = ChassisLimits.Of(Model);
        Legs = legs;
        Way = new(network, Model, legs);
        Pilot = new(Model, network);
        var start = Way.Path.At(atM);
        Put(start.At.X, start.At.Y, start.HeadingRad);
        TrueAlongM = atM;
        Pilot.Follow(legs);
    }

    public SweeperModel Model { get; }
    public IReadOnlyList<PilotLeg> Legs { get; }
    public Way Way { get; }
    public Pilot Pilot { get; }
    public Chassis Car { get; } = new();
    public SensorFrame Frame { get; } = new();
    public List<Thing> Things { get; } = [];
    public PilotTask Task { get; set; } = new() { MaySetOff = true };
    public Actuation Last { get; private set; }
    public double TimeS { get; private set; }

    /// <summary>Truth: along the way, and beside its line.</summary>
    public double TrueAlongM { get; private set; }

    public double TrueAsideM { get; private set; }
    public double ViewRangeM { get; set; } = 80;
    public bool HasGnss { get; set; } = true;
    public double TemperatureC { get; set; } = 15;
    public (double X, double Y, double HeadingRad)? Marker { get; set; }

    /// <summary>The smallest distance to anything so far.</summary>
    public double NearestM { get; private set; } = double.PositiveInfinity;

    public double KerbGapM => Way.Path.At(TrueAlongM).RightM + TrueAsideM - (Model.SweepWidthM / 2);

    public Box Body
    {
        get
        {
            var (cos, sin, middleM) = (Math.Cos(Car.HeadingRad), Math.Sin(Car.HeadingRad), (Model.LengthM / 2) - Model.RearOverhangM);
            return new() { X = Car.X + (middleM * cos), Y = Car.Y + (middleM * sin), Cos = cos, Sin = sin, HalfLengthM = Model.LengthM / 2, HalfWidthM = Model.WidthM / 2 };
        }
    }

    public void Put(double x, double y, double headingRad) => (Car.X, Car.Y, Car.HeadingRad) = (x, y, headingRad);

    /// <summary>Runs until something holds, or for so long; true if it held.</summary>
    public bool Run(double seconds, Func<bool>? until = null, Action? each = null)
    {
        for (var endS = TimeS + seconds; TimeS < endS;)
        {
            Tick();
            each?.Invoke();
            if (until?.Invoke() == true)
            {
                return true;
            }
        }

        return false;
    }

    private void Tick()
    {
        Car.Step(Last, limits, IPlatform.TickS);
        TimeS += IPlatform.TickS;
        foreach (var thing in Things)
        {
            thing.Moves?.Invoke(thing, this);
            thing.X += thing.Vx * IPlatform.TickS;
            thing.Y += thing.Vy * IPlatform.TickS;
            NearestM = Math.Min(NearestM, thing.Class == ObjectClass.Leaves ? double.PositiveInfinity : Box.GapM(Body, thing.Box));
        }

        var (from, to) = Gear();
        (TrueAlongM, TrueAsideM) = Way.Path.Project(new(Car.X, Car.Y), TrueAlongM, Math.Min(3, TrueAlongM - from), Math.Min(8, to - TrueAlongM - 1e-3));
        Sense();
        Last = Pilot.Step(Frame, Task);
    }

    private int gear;

    private (double From, double To) Gear()
    {
        var (from, to) = Way.Gear(gear);
        if (to - TrueAlongM < 0.4 && Car.SpeedMps == 0 && gear + 1 < Way.GearCount)
        {
            (from, to) = Way.Gear(++gear);
            TrueAlongM = from;
        }

        return (from, to);
    }

    private void Sense()
    {
        var f = Frame;
        f.TimeS = TimeS;
        var isFix = (int)Math.Round(TimeS / IPlatform.TickS) % 2 == 0 && HasGnss;
        (f.GnssX, f.GnssY, f.GnssStdM, f.GnssHeadingRad) = isFix
            ? (Car.X + Noise(0.05), Car.Y + Noise(0.05), 0.05, Car.HeadingRad + Noise(0.01))
            : (double.NaN, double.NaN, double.NaN, double.NaN);
        f.WheelMps = Car.SpeedMps == 0 ? 0 : Car.SpeedMps + Noise(0.03);
        f.YawRateRadS = Car.YawRateRadS + 0.003 + Noise(0.005);
        f.SteeringRad = Car.SteeringRad + Noise(0.002);
        f.AccelerationMps2 = Car.AccelerationMps2;
        var at = Way.Path.At(TrueAlongM);
        f.KerbRightM = at.IsTurn ? double.NaN : at.RightM + TrueAsideM + Noise(0.03);
        f.KerbLeftM = double.NaN;
        var (cos, sin) = (Math.Cos(Car.HeadingRad), Math.Sin(Car.HeadingRad));
        if (Marker is { } m && Math.Sqrt(Math.Pow(m.X - Car.X, 2) + Math.Pow(m.Y - Car.Y, 2)) < 15)
        {
            var (mx, my) = (m.X - Car.X, m.Y - Car.Y);
            f.MarkerX = (mx * cos) + (my * sin) + Noise(0.02);
            f.MarkerY = (my * cos) - (mx * sin) + Noise(0.02);
            f.MarkerHeadingRad = m.HeadingRad - Car.HeadingRad + Noise(0.008);
        }
        else
        {
            (f.MarkerX, f.MarkerY, f.MarkerHeadingRad) = (double.NaN, double.NaN, double.NaN);
        }

        (f.TemperatureC, f.WaterL, f.DirtShare, f.WetShare, f.ViewRangeM) = (TemperatureC, 400, 0.5, 0.1, ViewRangeM);
        See(cos, sin);
    }

    /// <summary>The object list is 0.1 s old and comes at 10 Hz.</summary>
    private void See(double cos, double sin)
    {
        if ((int)Math.Round(TimeS / IPlatform.TickS) % 2 == 0)
        {
            late.Enqueue((TimeS, [.. Things.Where(thing => Math.Abs(thing.X - Car.X) < ViewRangeM && Math.Abs(thing.Y - Car.Y) < ViewRangeM).Select(thing =>
            {
                var (dx, dy) = (thing.X - Car.X, thing.Y - Car.Y);
                return new SensedObject
                {
                    X = (dx * cos) + (dy * sin) + Noise(0.08),
                    Y = (dy * cos) - (dx * sin) + Noise(0.08),
                    HeadingRad = thing.HeadingRad - Car.HeadingRad + Noise(0.03),
                    Vx = (thing.Vx * cos) + (thing.Vy * sin) + Noise(0.15),
                    Vy = (thing.Vy * cos) - (thing.Vx * sin) + Noise(0.15),
                    LengthM = thing.LengthM + Noise(0.1),
                    WidthM = thing.WidthM + Noise(0.05),
                    Confidence = 0.9,
                    Class = thing.Class,
                    Signs = thing.Signs,
                };
            })]));
        }

        while (late.Count > 0 && late.Peek().AtS <= TimeS - 0.099)
        {
            list = late.Dequeue();
        }

        Frame.ObjectCount = 0;
        Frame.ObjectsAtS = list.AtS;
        foreach (ref var seen in list.Seen.AsSpan())
        {
            Frame.Add(seen);
        }
    }

    /// <summary>Normal, by Box and Muller (1958).</summary>
    private double Noise(double std) =>
        isNoisy ? std * Math.Sqrt(-2 * Math.Log(dice.Between(1e-12, 1))) * Math.Cos(2 * Math.PI * dice.Between(0, 1)) : 0;

    /// <summary>A straight street to the east, 200 m, then on for another 100 m; both ways.</summary>
    public static StreetNetwork Straight(float widthM, StreetClass street = StreetClass.Residential, double speedMps = 13.9)
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] places = [new(0, 0), new(200, 0), new(300, 0)];
        foreach (var (i, place) in places.Index())
        {
            builder.AddNode(i + 1, place);
        }

        builder.AddSegment(new(0, 1, [places[0], places[1]], 1, 0, Directions.Both, Class: street, SpeedMps: speedMps, WidthM: widthM));
        builder.AddSegment(new(1, 2, [places[1], places[2]], 2, 0, Directions.Both, Class: street, SpeedMps: speedMps, WidthM: widthM));
        return builder.Build();
    }

    /// <summary>A crossing at the origin, arms of 80 m to east, north, west, south (nodes 2 to 5).</summary>
    public static StreetNetwork Cross(float widthM = 7, double speedMps = 13.9)
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] places = [new(0, 0), new(80, 0), new(0, 80), new(-80, 0), new(0, -80)];
        foreach (var (i, place) in places.Index())
        {
            builder.AddNode(i + 1, place);
        }

        for (var i = 1; i <= 4; i++)
        {
            builder.AddSegment(new(0, i, [places[0], places[i]], 100 + i, 0, Directions.Both, SpeedMps: speedMps, WidthM: widthM));
        }

        return builder.Build();
    }

    /// <summary>The arc between two nodes by their OSM ids.</summary>
    public static int Arc(StreetNetwork network, int from, int to) => Enumerable.Range(0, network.ArcCount)
        .Single(arc => network.NodeOsmId[network.ArcTail[arc]] == from && network.NodeOsmId[network.ArcHead[arc]] == to);

    public static PilotLeg Leg(StreetNetwork network, int from, int to, SweepSide? sweep = null, double mostMps = 7, bool stops = false, bool docks = false) =>
        new(Arc(network, from, to), 0, sweep, mostMps, stops, docks);
}
