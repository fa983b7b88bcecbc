using Kehrwerk.Streets.Demo;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// People, children and dogs on footways: they walk along the kerb, round corners and over the mouths of streets, sometimes straight across.
/// Before a carriageway they look and wait; who is careless does not.
/// </summary>
internal sealed class FootTraffic(VirtualWorld world)
{
    // Middle of a footway from the kerb; how long a gap in traffic must be beyond the time to cross, seconds.
    private const double FootwayM = 1.6;
    private const double GapS = 2;

    // So near before a vehicle that stands a walker stops; having stopped so long, m and s, it goes round it, at this distance from it, m.
    private const double StopsM = 0.5, WaitsS = 1.5, RoundM = 0.7, BodyM = 0.35;

    private readonly int[] near = new int[96];

    public bool Enter(int index, int arc, double alongM, Dice dice)
    {
        ref var agent = ref world.At(index);
        var path = world.Path(agent.Way);
        path.Clear();
        path.Side = dice.Chance(0.5) ? 1 : -1;
        path.WantedMps = agent.Kind switch { AgentKind.Child => dice.Between(1, 2), AgentKind.Dog => dice.Between(1, 1.8), _ => dice.Between(0.9, 1.6) };
        AddFootway(path, arc, alongM);
        if (path.Count < 2)
        {
            return false;
        }

        agent.IsAway = false;
        agent.SpeedMps = path.WantedMps;
        path.Place(ref agent);
        return true;
    }

    public void Step(int index, double stepS, bool decides)
    {
        ref var agent = ref world.At(index);
        var path = world.Path(agent.Way);
        if (decides)
        {
            path.Trim(2);
            Extend(path);
            Cross(ref agent, path);
            agent.AccelerationMps2 = Math.Clamp((Wanted(index, ref agent, path) - agent.SpeedMps) / 0.2, -4, 3);
        }

        agent.SpeedMps = Math.Max(0, agent.SpeedMps + (agent.AccelerationMps2 * stepS));
        var goes = path.Move(agent.SpeedMps * stepS);
        path.Place(ref agent);
        if (!goes)
        {
            world.Replace(index);
        }
    }

    private void Extend(AgentPath path)
    {
        while (path.EndM - path.AlongM < 20 && path.HasRoom(32))
        {
            if (!AddCorner(path))
            {
                return;
            }
        }
    }

    /// <summary>Round the corner, or over the mouth of the street there and on; at a dead end round its end.</summary>
    private bool AddCorner(AgentPath path)
    {
        var network = world.Map.Network;
        var (arc, node) = (path.LastArc, network.ArcHead[path.LastArc]);
        var (first, second, firstTurn, secondTurn) = (-1, -1, double.PositiveInfinity, double.PositiveInfinity);
        for (var next = network.FirstOut[node]; next < network.FirstOut[node + 1]; next++)
        {
            // The angle from the walker's own side; the way back comes last.
            var turn = next == network.ArcReverse[arc] ? Math.PI : network.TurnAngleRad(arc, next) * -path.Side;
            if (turn < firstTurn)
            {
                (second, secondTurn, first, firstTurn) = (first, firstTurn, next, turn);
            }
            else if (turn < secondTurn)
            {
                (second, secondTurn) = (next, turn);
            }
        }

        if (first < 0)
        {
            return false;
        }

        var crosses = (second >= 0 && second != network.ArcReverse[arc] && world.Dice.Chance(0.5)) || first == network.ArcReverse[arc];
        if (crosses && path.Count > 0)
        {
            path.IsRoad[path.Count - 1] = true;
        }

        AddFootway(path, crosses && first != network.ArcReverse[arc] ? second : first, 0);
        return true;
    }

    private void AddFootway(AgentPath path, int arc, double fromM)
    {
        var (map, line) = (world.Map, world.Map.Lines[arc]);
        var lengthM = map.Network.ArcLengthM[arc];
        var aside = path.Side * (map.Road[arc].HalfWidthM + FootwayM);
        var (startM, endM) = (Math.Max(fromM, map.TrimM(arc, false)), lengthM - map.TrimM(arc, true));
        var (x, y, _) = map.On(arc, startM, aside);
        path.Add(x, y);
        var along = 0.0;
        for (var i = 1; i < line.Length - 1 && path.Count < AgentPath.Capacity - 8; i++)
        {
            along += line[i - 1].DistanceTo(line[i]);
            if (along > startM + 3 && along < endM - 3)
            {
                (x, y, _) = map.On(arc, along, aside);
                path.Add(x, y);
            }
        }

        (x, y, _) = map.On(arc, Math.Max(endM, startM + 0.2), aside);
        path.Add(x, y);
        path.LastArc = arc;
    }

    /// <summary>Now and then somebody crosses here, in the middle of a street; children and dogs run.</summary>
    private void Cross(ref Agent agent, AgentPath path)
    {
        var isWild = agent.Kind is AgentKind.Child or AgentKind.Dog;
        var perMin = world.Settings.CrossingsPerMin;
        var runs = isWild && world.Dice.Chance(world.Settings.RunOutsPerMin / 600);
        if (path.IsRoad[path.Piece] || !(runs || world.Dice.Chance(perMin / 600)) || path.IsRoad[path.Piece + 1] || path.Count > AgentPath.Capacity - 40)
        {
            return;
        }

        var network = world.Map.Network;
        var arc = path.LastArc;
        var (alongM, asideM, _, _) = world.Map.Project(arc, agent.X, agent.Y);
        var half = world.Map.Road[arc].HalfWidthM;
        if (alongM < 12 || alongM > network.ArcLengthM[arc] - 12 || Math.Abs(Math.Abs(asideM) - half - FootwayM) > 0.5)
        {
            return;
        }

        var side = path.Side;
        var (wanted, speed) = (path.WantedMps, agent.SpeedMps);
        path.Clear();
        (path.Side, path.IsCareless) = (-side, runs);
        path.Add(agent.X, agent.Y);
        var (x, y, _) = world.Map.On(arc, alongM + 0.2, side * (half + 0.4));
        path.Add(x, y, isRoad: true);
        (x, y, _) = world.Map.On(arc, alongM + 0.6, -side * (half + 0.4));
        path.Add(x, y);
        AddFootway(path, arc, alongM + 1);
        (path.WantedMps, agent.SpeedMps) = (runs ? world.Dice.Between(2.5, 4) : wanted, speed);
    }

    private double Wanted(int index, ref Agent agent, AgentPath path)
    {
        if (IsBefore(agent, path))
        {
            path.StuckS += 0.1;
            return 0;
        }

        path.StuckS = 0;
        var toM = path.S[path.Piece + 1] - path.AlongM;
        var next = path.Piece + 1;
        if (path.IsRoad[path.Piece] || path.IsCareless || next >= path.Count - 1 || !path.IsRoad[next] || toM > 1)
        {
            path.WaitedS = 0;
            return path.WantedMps;
        }

        path.WaitedS += 0.1;
        return IsClear(index, path, next) ? path.WantedMps : 0;
    }

    /// <summary>A sweeper that stands or hardly moves is right before the walker, who goes round its nearer end after a while. Who runs sees only one that stands.</summary>
    private bool IsBefore(in Agent agent, AgentPath path)
    {
        var (ux, uy) = path.Direction(path.Piece);
        var next = path.Piece + 1;
        var (restM, (nx, ny)) = (path.S[next] - path.AlongM, path.Direction(next < path.Count - 1 ? next : path.Piece));
        foreach (var sweeper in world.Sweepers)
        {
            // In the direction in which the walker goes.
            var box = sweeper.Box;
            var (dx, dy) = (box.X - agent.X, box.Y - agent.Y);
            if (Math.Abs(sweeper.Body.SpeedMps) > (path.IsCareless ? 0.3 : 1.5) || Math.Abs(dx) + Math.Abs(dy) > 10)
            {
                continue;
            }

            var (isBefore, stopM) = (false, StopsM + (agent.SpeedMps * agent.SpeedMps / 6));
            for (var wayM = 0.25; wayM < stopM + 0.25; wayM += 0.25)
            {
                // Round the next corner too.
                isBefore |= (wayM <= restM
                    ? box.DistanceTo(agent.X + (wayM * ux), agent.Y + (wayM * uy))
                    : box.DistanceTo(path.X[next] + ((wayM - restM) * nx), path.Y[next] + ((wayM - restM) * ny))) < BodyM;
            }

            if (isBefore && path.StuckS > WaitsS && sweeper.Body.SpeedMps == 0)
            {
                var (cos, sin) = (Math.Cos(box.HeadingRad), Math.Sin(box.HeadingRad));
                var (c, s) = (Math.Abs((cos * ux) + (sin * uy)), Math.Abs((ux * sin) - (uy * cos)));
                var (halfAlong, halfAcross) = ((c * box.HalfLengthM) + (s * box.HalfWidthM) + RoundM, (s * box.HalfLengthM) + (c * box.HalfWidthM) + RoundM);
                var asideM = (ux * dy) - (uy * dx);
                path.GoRound(agent.X, agent.Y, asideM + (asideM > 0 ? -halfAcross : halfAcross), (dx * ux) + (dy * uy) + halfAlong);
            }

            if (isBefore)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>No vehicle reaches the line of crossing before this one is over it.</summary>
    private bool IsClear(int index, AgentPath path, int piece)
    {
        var (ax, ay, bx, by) = (path.X[piece], path.Y[piece], path.X[piece + 1], path.Y[piece + 1]);
        var lengthM = path.S[piece + 1] - path.S[piece];
        var seconds = (lengthM / path.WantedMps) + GapS;
        var (mx, my) = ((ax + bx) / 2, (ay + by) / 2);
        var count = world.Near(mx, my, 60, near);
        for (var k = 0; k < count; k++)
        {
            ref readonly var other = ref world.At(near[k]);
            if (near[k] == index || other.IsPerson || other.Kind == AgentKind.Dog || Math.Abs(other.SpeedMps) < 0.3)
            {
                continue;
            }

            var (dx, dy) = (mx - other.X, my - other.Y);
            var speed = Math.Abs(other.SpeedMps);
            var ahead = ((dx * other.Vx) + (dy * other.Vy)) / speed;
            var aside = Math.Abs((dy * other.Vx) - (dx * other.Vy)) / speed;
            if (ahead > -other.LengthM && ahead < (speed * seconds) + (other.LengthM / 2) + 1 && aside < (lengthM / 2) + 1)
            {
                return false;
            }
        }

        return true;
    }
}
