using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// One vehicle in a <see cref="VirtualWorld"/>: its true motion, its aggregates, and what its sensors make of the world. Each tick brings the world
/// to the vehicle's own time; several vehicles share a world. Without allocation in the steady state. Not thread-safe.
/// </summary>
internal sealed class VirtualPlatform : IPlatform
{
    // Lists of objects that are kept until their delay is over; one is measured every second tick.
    private const int Kept = 16;

    private readonly VirtualWorld world;
    private readonly Dice dice;
    private readonly Sight sight;
    private readonly Positioning positioning;
    private readonly RoadMatch road;
    private readonly FaultBench faults;
    private readonly ChassisLimits limits;
    private readonly SensedObject[][] scans = [.. Enumerable.Range(0, Kept).Select(_ => new SensedObject[SensorFrame.MaxObjects])];
    private readonly int[] scanCount = new int[Kept];
    private readonly double[] scanAtS = new double[Kept];
    private readonly int[] near = new int[32];
    private long ticks;
    private int scan = -1;

    /// <param name="x">Middle of the rear axle, metres; so <paramref name="y"/>.</param>
    public VirtualPlatform(VirtualWorld world, SweeperModel model, double x, double y, double headingRad, int seed = 1)
    {
        (this.world, Model) = (world, model);
        dice = new(((long)seed << 20) ^ world.Settings.Seed ^ 0x5EE);
        (sight, positioning, road, faults) = (new(world, dice), new(dice), new(world.Map), new(dice));
        Body = new() { X = x, Y = y, HeadingRad = headingRad };
        Gear = new(world, model);
        limits = ChassisLimits.Of(model, world.Settings.Weather.Grip);
        ticks = world.Tick;
        road.Move(x, y, headingRad);
        AgentIndex = world.Add(this, Shown());
    }

    public SweeperModel Model { get; }

    /// <summary>True pose and speed.</summary>
    public Chassis Body { get; }

    public SweepGear Gear { get; }
    public Truth Truth { get; } = new();

    /// <summary>Its own index among the world's agents.</summary>
    public int AgentIndex { get; }

    /// <summary>The arc on which it truly is, or −1.</summary>
    public int Arc => road.Arc;

    /// <summary>How long it has stood, s.</summary>
    public double StandsS { get; private set; }

    /// <summary>It is in the depot's yard: not on the street.</summary>
    public bool IsInYard { get; set; }

    /// <summary>It has moved since it was in the yard last.</summary>
    public bool HasLeft { get; set; } = true;

    /// <summary>The yard's gate is closed before it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>What it says to those around, as it truly shows.</summary>
    public uint Announced { get; private set; }

    /// <summary>Age of the object list when it is delivered, s.</summary>
    public double ObjectDelayS { get; init; } = 0.1;

    /// <summary>The vehicle's own time, s.</summary>
    public double TimeS => ticks * IPlatform.TickS;

    public double FrontM => Model.LengthM - Model.RearOverhangM;

    /// <summary>The body; on each side as wide as the broom while that is down.</summary>
    public Box2 Box
    {
        get
        {
            var (half, broom) = (Model.WidthM / 2, Math.Max(Model.SweepWidthM, Model.WidthM) / 2);
            var (left, right) = (Gear.IsLeftDown ? broom : half, Gear.IsRightDown ? broom : half);
            var (ahead, aside) = ((Model.LengthM / 2) - Model.RearOverhangM, (left - right) / 2);
            var (sin, cos) = Math.SinCos(Body.HeadingRad);
            return new(Body.X + (ahead * cos) - (aside * sin), Body.Y + (ahead * sin) + (aside * cos), Body.HeadingRad, Model.LengthM / 2, (left + right) / 2);
        }
    }

    public void Inject(in Fault fault) => faults.Inject(fault);

    public void ClearFaults() => faults.Clear();

    /// <summary>From the middle of the front to a point, m.</summary>
    public double FrontTo(double x, double y)
    {
        var (dx, dy) = (x - Body.X - (FrontM * Math.Cos(Body.HeadingRad)), y - Body.Y - (FrontM * Math.Sin(Body.HeadingRad)));
        return Math.Sqrt((dx * dx) + (dy * dy));
    }

    /// <summary>The bay in which it stands within 0.1 m and 2°, or −1.</summary>
    public int DockedAt()
    {
        var bays = world.Settings.Bays;
        for (var i = 0; i < bays.Length; i++)
        {
            if (Math.Abs(bays[i].X - Body.X) <= 0.1 && Math.Abs(bays[i].Y - Body.Y) <= 0.1 && Math.Abs(Math.IEEERemainder(bays[i].HeadingRad - Body.HeadingRad, 2 * Math.PI)) <= 2 * Math.PI / 180 && Body.SpeedMps == 0)
            {
                return i;
            }
        }

        return -1;
    }

    public void Tick(in Actuation actuation, SensorFrame frame)
    {
        world.Yard.Look(this, actuation.AccelerationMps2 > 0 && !actuation.ParkingBrake);
        var done = faults.Act(actuation, TimeS);
        done = IsHeld ? done with { AccelerationMps2 = -1, ParkingBrake = true } : done;
        var (oldX, oldY) = (Body.X, Body.Y);
        Body.Step(done, limits, IPlatform.TickS);
        Announced = done.Announced;
        StandsS = Body.SpeedMps == 0 ? StandsS + IPlatform.TickS : 0;
        Sweep(done);
        world.At(AgentIndex) = Shown();
        world.AdvanceTo(++ticks);
        if (ticks % 2 == 0)
        {
            road.Move(Body.X, Body.Y, Body.HeadingRad);
        }

        var box = Box;
        var (vx, vy) = ((Body.X - oldX) / IPlatform.TickS, (Body.Y - oldY) / IPlatform.TickS);
        frame.IsTouched = !IsInYard && Truth.Step(world, AgentIndex, box, vx, vy, Body.SpeedMps, Body.AccelerationMps2, IPlatform.TickS);
        frame.IsHeld = IsHeld;
        Truth.OffRoad(OffRoadM(), IPlatform.TickS);
        Sense(frame);
        faults.Report(frame);
        frame.FaultyDevices |= Gear.IsPumpFrozen ? 1u << (int)Device.WaterPump : 0;
    }

    public BayState Bay(DepotService service, int bay) => world.Settings.Bays.IsEmpty ? BayState.Ready
        : !IsInYard && DockedAt() < 0 ? BayState.NotDocked
        : world.Yard.FaultOf(service, bay) switch
        {
            DepotFaultKind.Occupied => BayState.Occupied,
            DepotFaultKind.OutOfOrder => BayState.OutOfOrder,
            _ => BayState.Ready,
        };

    public void Serve(DepotService service, double amount, int bay = 0)
    {
        if (Bay(service, bay) != BayState.Ready || world.Yard.FaultOf(service, bay) is not null)
        {
            return;
        }

        switch (service)
        {
            case DepotService.Tip:
                (Gear.HopperM3, Gear.HopperKg) = (0, 0);
                break;
            case DepotService.FillWater:
                Gear.WaterL = Math.Min(Model.WaterL, Gear.WaterL + amount);
                break;
            case DepotService.Charge:
                Gear.BatteryWh = Math.Min(Model.BatteryWh, Gear.BatteryWh + amount);
                break;
        }
    }

    private Agent Shown()
    {
        var agent = Agent.Of(AgentKind.Sweeper, 0, 0, Body.HeadingRad, Behaviour.None);
        var box = Box;
        (agent.X, agent.Y, agent.LengthM, agent.WidthM, agent.HeightM) = (box.X, box.Y, Model.LengthM, 2 * box.HalfWidthM, Model.HeightM);
        (agent.SpeedMps, agent.AccelerationMps2, agent.IsAway) = (Body.SpeedMps, Body.AccelerationMps2, IsInYard);
        return agent;
    }

    private void Sweep(in Actuation done)
    {
        var (right, left) = (Broom(Model.WheelbaseM, true), Broom(Model.WheelbaseM, false));
        var (before, rolledM) = (Truth.SweptM, Body.SpeedMps * IPlatform.TickS);
        Gear.Step(done, rolledM, Body.SpeedMps, right, left, IPlatform.TickS);
        var gap = done.BroomRight ? right.GapM : double.NaN;
        gap = done.BroomLeft && !(gap <= left.GapM) ? left.GapM : gap;
        if (gap < 1 && rolledM > 0 && before >= 0)
        {
            Truth.Swept(rolledM, Math.Max(0, gap));
        }
    }

    private KerbAt Broom(double aheadM, bool isRight)
    {
        var (sin, cos) = Math.SinCos(Body.HeadingRad);
        var aside = (isRight ? -1 : 1) * Model.SweepWidthM / 2;
        return road.Kerb(Body.X + (aheadM * cos) - (aside * sin), Body.Y + (aheadM * sin) + (aside * cos), Body.HeadingRad, isRight);
    }

    private double OffRoadM()
    {
        var (sin, cos) = Math.SinCos(Body.HeadingRad);
        var most = 0.0;
        for (var i = 0; i < 4; i++)
        {
            var (a, b) = ((i & 1) == 0 ? FrontM : -Model.RearOverhangM, (i & 2) == 0 ? Model.WidthM / 2 : -Model.WidthM / 2);
            most = Math.Max(most, road.BeyondM(Body.X + (a * cos) - (b * sin), Body.Y + (a * sin) + (b * cos)));
        }

        return most;
    }

    private void Sense(SensorFrame frame)
    {
        frame.TimeS = TimeS;
        Objects(frame);
        var weather = world.Settings.Weather;
        frame.ViewRangeM = sight.ViewRangeM * (1 + (0.03 * dice.Normal()));
        positioning.Gnss(frame, Body, ticks, world.Ground.IsCovered(Body.X, Body.Y, road.Arc), sight.CanyonShare);
        positioning.Odometry(frame, Body);
        (frame.KerbRightM, frame.KerbLeftM) = (KerbM(true), KerbM(false));
        Marker(frame);
        frame.TemperatureC = weather.TemperatureC + (0.2 * dice.Normal());
        frame.IlluminanceLux = weather.IlluminanceLux * (1 + (0.05 * dice.Normal()));
        frame.WiperShare = Math.Clamp(weather.RainShare + (weather.RainShare > 0 ? 0.05 * dice.Normal() : 0), 0, 1);
        frame.BroomCurrentA = Math.Max(0, Gear.BroomCurrentA * (1 + (0.05 * dice.Normal())));
        frame.FanCurrentA = Math.Max(0, Gear.FanCurrentA * (1 + (0.02 * dice.Normal())));
        frame.HopperM3 = Gear.HopperM3;
        frame.HopperKg = Math.Max(0, Gear.HopperKg + (3 * dice.Normal()));
        (frame.WaterL, frame.BatteryWh, frame.SupplyV) = (Gear.WaterL, Gear.BatteryWh, Gear.SupplyV + (0.05 * dice.Normal()));
        var ahead = Broom(Model.WheelbaseM + 3, true);
        var dirt = ahead.Arc >= 0 ? world.Ground.Dirt(ahead.Arc, ahead.Side, ahead.AlongM) / 2 : double.NaN;
        frame.DirtShare = Math.Clamp(dirt + (0.05 * dice.Normal()), 0, 1);
        frame.WetShare = Math.Clamp(weather.WetShare + (0.05 * dice.Normal()), 0, 1);
    }

    private void Objects(SensorFrame frame)
    {
        if (ticks % 2 == 0)
        {
            scan = (scan + 1) % Kept;
            scanAtS[scan] = TimeS;
            sight.Scan(Body.X, Body.Y, Body.HeadingRad, Model.WheelbaseM, AgentIndex, scans[scan], out scanCount[scan]);
        }

        // The newest list that is old enough.
        (frame.ObjectCount, frame.ObjectsAtS) = (0, double.NaN);
        for (var back = 0; back < Kept && scan >= 0; back++)
        {
            var k = (scan + Kept - back) % Kept;
            if (scanAtS[k] > 0 && scanAtS[k] <= TimeS - ObjectDelayS + 1e-6)
            {
                frame.ObjectsAtS = scanAtS[k];
                // Behind the closed gate there is nobody.
                for (var i = 0; i < scanCount[k] && !IsHeld; i++)
                {
                    frame.Add(scans[k][i]);
                }

                return;
            }
        }
    }

    /// <summary>By lidar from the rear axle straight to the side: 8 m at most, hidden by what stands before the kerb and by snow.</summary>
    private double KerbM(bool isRight)
    {
        var kerb = road.Kerb(Body.X, Body.Y, Body.HeadingRad, isRight);
        var weather = world.Settings.Weather;
        if (!(kerb.GapM < 8) || kerb.GapM < 0 || dice.Chance(0.01 + (0.9 * weather.SnowShare) + (0.1 * weather.RainShare)))
        {
            return double.NaN;
        }

        var heading = Body.HeadingRad + (isRight ? -Math.PI / 2 : Math.PI / 2);
        var (sin, cos) = Math.SinCos(heading);
        var count = world.Near(Body.X, Body.Y, 14, near);
        for (var k = 0; k < count; k++)
        {
            ref readonly var agent = ref world.At(near[k]);
            for (var t = 1; near[k] != AgentIndex && t <= 4; t++)
            {
                var outM = (Model.WidthM / 2) + ((kerb.GapM - (Model.WidthM / 2)) * t / 4);
                if (!agent.IsAway && agent.Box.DistanceTo(Body.X + (outM * cos), Body.Y + (outM * sin)) < 0.1)
                {
                    return double.NaN;
                }
            }
        }

        return kerb.GapM + (0.02 * weather.NoiseFactor * dice.Normal());
    }

    private void Marker(SensorFrame frame)
    {
        (frame.MarkerX, frame.MarkerY, frame.MarkerHeadingRad) = (double.NaN, double.NaN, double.NaN);
        var (sin, cos) = Math.SinCos(Body.HeadingRad);
        var least = world.Settings.Weather.RangeM(15);
        foreach (var bay in world.Settings.Bays)
        {
            var (dx, dy) = (bay.X - Body.X, bay.Y - Body.Y);
            var distance = Math.Sqrt((dx * dx) + (dy * dy));
            var ahead = (dx * cos) + (dy * sin);
            if (distance < least && ahead > -1)
            {
                least = distance;
                var noise = 0.01 + (0.003 * distance);
                frame.MarkerX = ahead + (noise * dice.Normal());
                frame.MarkerY = (dy * cos) - (dx * sin) + (noise * dice.Normal());
                frame.MarkerHeadingRad = Math.IEEERemainder(bay.HeadingRad - Body.HeadingRad + (0.005 * dice.Normal()), 2 * Math.PI);
            }
        }
    }
}
