using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Roads;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// Cars, vans, buses, emergency vehicles and cyclists in lanes: car following, giving way, overtaking what is slow. Each decides at every
/// second step (0.1 s), in the order of its number.
/// </summary>
internal sealed partial class LaneTraffic(VirtualWorld world)
{
    private const double HorizonM = 120;
    private const double HardestMps2 = 8;

    // Between two that pass each other; beside a person or a cyclist (StVO § 5 (4): 1.5 m in towns when overtaking).
    private const double SideM = 0.1;
    private const double OvertakenSideM = 0.8;
    private const double CyclistSideM = 1.5;
    private const double BusLaneM = 2.9;
    private const double BusTurnRad = 0.8;

    // Who has stood for so long without a sweeper near is taken out of a jam that nobody can leave, s (SUMO's time-to-teleport, 300 s there).
    private const double JammedS = 90;

    private readonly int[] near = new int[192];
    private readonly JunctionBook junctions = new(world);

    /// <summary>How many have been taken out of a jam.</summary>
    public int Jammed { get; private set; }

    public void Register(int agent) => junctions.Register(agent);

    public void Begin() => junctions.Clear();

    public void Step(int index, double stepS, bool decides)
    {
        ref var agent = ref world.At(index);
        var path = world.Path(agent.Way);
        if (decides)
        {
            Extend(ref agent, path);
            agent.AccelerationMps2 = Decide(index, ref agent, path);
        }

        var speed = Math.Max(0, agent.SpeedMps + (agent.AccelerationMps2 * stepS));
        var goes = path.Move((agent.SpeedMps + speed) / 2 * stepS);
        agent.SpeedMps = speed;
        // Sideways with at most a fifth of the speed, so that a swerve looks like one.
        var aside = Math.Min(1.2, 0.2 * speed) * stepS;
        path.AsideM += Math.Clamp(path.AsideGoalM - path.AsideM, -aside, aside);
        path.Place(ref agent);
        path.StuckS = speed < 0.1 ? path.StuckS + stepS : 0;
        if (!goes || (path.StuckS > JammedS && !world.IsSweeperWithin(agent.X, agent.Y, 60)))
        {
            Jammed += goes ? 1 : 0;
            world.Replace(index);
        }
    }

    /// <summary>Puts an agent on an arc; false where the place is taken.</summary>
    public bool Enter(int index, int arc, double alongM, Dice dice)
    {
        ref var agent = ref world.At(index);
        if (!Fits(agent.Kind, arc) || world.Map.Place[world.Map.Network.ArcTail[arc]] == world.Map.Place[world.Map.Network.ArcHead[arc]])
        {
            return false;
        }

        var path = world.Path(agent.Way);
        var map = world.Map;
        var (x, y, heading) = map.On(arc, alongM, Offset(agent.Kind, arc, alongM));
        var count = world.Near(x, y, 25, near);
        for (var k = 0; k < count; k++)
        {
            if (near[k] != index && world.At(near[k]).Behaviour != Behaviour.Parked)
            {
                return false;
            }
        }

        path.Clear();
        path.WantedMps = agent.Kind == AgentKind.Cyclist
            ? dice.Between(3.5, 6.5)
            : map.Network.ArcSpeedMps[arc] * (agent.Kind == AgentKind.Emergency ? 1.3 : dice.Between(0.85, 1.05));
        (agent.X, agent.Y, agent.HeadingRad, agent.IsAway) = (x, y, heading, false);
        AddArc(path, agent.Kind, arc, alongM);
        Extend(ref agent, path);
        agent.SpeedMps = Math.Min(path.WantedMps, 0.7 * map.Network.ArcSpeedMps[arc]) * 0.8;
        path.Place(ref agent);
        return path.Count > 2;
    }

    private double Decide(int index, ref Agent agent, AgentPath path)
    {
        var (driver, speed) = (DriverModel.Of(agent.Kind), agent.SpeedMps);
        var wanted = path.WantedMps;
        for (var i = path.Piece; i < path.Count - 1 && path.S[i + 1] - path.AlongM < 10 + (speed * speed / 3); i++)
        {
            // Slow enough where the bend begins, by 1.5 m/s² from here.
            var most = path.MostMps[i + 1];
            if (most < wanted)
            {
                wanted = Math.Min(wanted, Math.Sqrt((most * most) + (3 * Math.Max(0, path.S[i + 1] - path.AlongM - 1))));
            }
        }

        var most2 = driver.Acceleration(speed, wanted, double.PositiveInfinity, 0);
        if (speed > wanted)
        {
            most2 = Math.Max(most2, -3);
        }

        var lookM = 12 + (speed * 3.5);
        var (gapM, leaderMps, leader) = Leader(index, ref agent, path, lookM);
        most2 = Math.Min(most2, driver.Acceleration(speed, wanted, gapM, leaderMps));
        Overtake(index, ref agent, path, leader, gapM, leaderMps);
        most2 = Math.Min(most2, BusStop(ref agent, path, driver));
        most2 = Math.Min(most2, junctions.Decide(index, ref agent, path, driver, gapM, leaderMps));
        return Math.Max(most2, -HardestMps2 * world.Settings.Weather.Grip);
    }

    private (double GapM, double SpeedMps, int Index) Leader(int index, ref Agent agent, AgentPath path, double lookM)
    {
        var (gapM, leaderMps, leader) = (double.PositiveInfinity, 0.0, -1);
        var (sin, cos) = Math.SinCos(agent.HeadingRad);
        var count = world.Near(agent.X, agent.Y, lookM + 6, near);
        for (var k = 0; k < count; k++)
        {
            ref readonly var other = ref world.At(near[k]);
            var (dx, dy) = (other.X - agent.X, other.Y - agent.Y);
            if (near[k] == index || other.Kind == AgentKind.LeafPile || ((dx * cos) + (dy * sin) < -3 - (agent.LengthM / 2))
                || !path.Project(other.X, other.Y, lookM, out var alongM, out var asideM, out var piece))
            {
                continue;
            }

            var (ux, uy) = path.Direction(piece);
            var (oc, os) = (Math.Cos(other.HeadingRad), Math.Sin(other.HeadingRad));
            var (c, s) = (Math.Abs((oc * ux) + (os * uy)), Math.Abs((ux * os) - (uy * oc)));
            var halfAlong = ((c * other.LengthM) + (s * other.WidthM)) / 2;
            var halfAcross = ((s * other.LengthM) + (c * other.WidthM)) / 2;
            var gap = alongM - halfAlong - path.AlongM - (agent.LengthM / 2);
            var alongMps = (other.Vx * ux) + (other.Vy * uy);
            var reach = halfAcross + (agent.WidthM / 2) + SideM;
            if (gap + (2 * halfAlong) + agent.LengthM < 0 || (gap < -halfAlong - (agent.LengthM / 2) && alongMps >= 0))
            {
                continue;
            }

            // What crosses is expected where it will be when this one gets there, 2.5 s ahead at most.
            var acrossMps = (other.Vy * ux) - (other.Vx * uy);
            var whenS = Math.Clamp(gap / Math.Max(agent.SpeedMps, 2), 0, other.IsPerson || other.Kind is AgentKind.Dog or AgentKind.Cyclist ? 2.5 : 1);
            var later = asideM + (acrossMps * whenS);
            var isIn = Apart(asideM, path) < reach || Apart(later, path) < reach || ((asideM - path.AsideM) * (later - path.AsideM) < 0);
            if (!isIn && s > 0.15 && other.LengthM > 1.5 && gap < 20)
            {
                isIn = HasEndIn(other, oc, os, agent, path, lookM, ref gap);
            }

            if (isIn && gap < gapM)
            {
                (gapM, leaderMps, leader) = (gap, Math.Max(alongMps, -agent.SpeedMps), near[k]);
            }
        }

        return (gapM, leaderMps, leader);
    }

    /// <summary>An end of another that reaches into the way where the path bends away from its middle.</summary>
    private static bool HasEndIn(in Agent other, double cos, double sin, in Agent agent, AgentPath path, double lookM, ref double gap)
    {
        for (var end = -0.5; end <= 0.5; end++)
        {
            if (path.Project(other.X + (end * other.LengthM * cos), other.Y + (end * other.LengthM * sin), lookM, out var alongM, out var asideM, out _)
                && alongM > path.AlongM && Apart(asideM, path) < ((other.WidthM + agent.WidthM) / 2) + SideM + 0.15)
            {
                gap = Math.Min(gap, alongM - (other.WidthM / 2) - path.AlongM - (agent.LengthM / 2));
                return true;
            }
        }

        return false;
    }

    /// <summary>Distance across from where the agent is and, while it swerves, from all between there and where it wants to be.</summary>
    private static double Apart(double asideM, AgentPath path)
    {
        var (low, high) = path.AsideM < path.AsideGoalM ? (path.AsideM, path.AsideGoalM) : (path.AsideGoalM, path.AsideM);
        return asideM < low ? low - asideM : asideM > high ? asideM - high : 0;
    }

    private double BusStop(ref Agent agent, AgentPath path, DriverModel driver)
    {
        if (double.IsInfinity(path.StopAtM))
        {
            return double.PositiveInfinity;
        }

        var gapM = path.StopAtM - path.AlongM;
        if (gapM < 3 && agent.SpeedMps < 0.3)
        {
            path.StandsS = path.StandsS > 0 ? path.StandsS - 0.1 : world.Dice.Between(10, 25);
            agent.Signs = ObjectSigns.IndicatorRight;
            if (path.StandsS <= 0)
            {
                (path.StopAtM, path.StandsS, agent.Signs) = (double.PositiveInfinity, 0, ObjectSigns.None);
                return double.PositiveInfinity;
            }
        }

        return gapM < -1 ? double.PositiveInfinity : driver.Acceleration(agent.SpeedMps, path.WantedMps, gapM + 1, 0);
    }
}
