using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.World;

// The way ahead of who drives in a lane: from arc to arc, with the places where streets meet.
internal sealed partial class LaneTraffic
{
    // Buses keep to streets whose lanes are wide enough for them.
    private bool Fits(AgentKind kind, int arc) =>
        world.Map.IsDriven[arc] && (kind != AgentKind.Bus || world.Map.LaneWidthM(arc) >= BusLaneM);

    private double Offset(AgentKind kind, int arc, double alongM) => kind == AgentKind.Cyclist ? world.Map.CycleM(arc, alongM) : world.Map.LaneM(arc, alongM);

    private void Extend(ref Agent agent, AgentPath path)
    {
        path.Trim(agent.LengthM + 4);
        while ((path.EndM - path.AlongM < HorizonM || IsAmidPlace(path)) && path.HasRoom(48))
        {
            var last = path.LastArc;
            var next = Next(last, agent.Kind);
            if (next < 0)
            {
                return;
            }

            var map = world.Map;
            var (fromTrim, toTrim) = (map.TrimM(last, true), map.TrimM(next, false));
            var lastM = map.Network.ArcLengthM[last] - fromTrim;
            var (ax, ay, ah) = map.On(last, lastM, Offset(agent.Kind, last, lastM));
            var (bx, by, bh) = map.On(next, toTrim, Offset(agent.Kind, next, toTrim));
            var fromM = path.EndM;
            Curve(path, ax, ay, ah, bx, by, bh);
            if (map.IsJunction(map.Network.ArcHead[last]))
            {
                AddCrossing(path, map.Place[map.Network.ArcHead[last]], fromM, last, next);
            }

            AddArc(path, agent.Kind, next, toTrim);
            if (agent.Kind == AgentKind.Bus && double.IsInfinity(path.StopAtM) && map.Network.ArcLengthM[next] > 100 && world.Dice.Chance(0.5))
            {
                path.StopAtM = path.EndM - (0.4 * map.Network.ArcLengthM[next]);
            }
        }
    }

    /// <summary>The path ends within a place that it has not left yet: it must be known whole before it is taken.</summary>
    private bool IsAmidPlace(AgentPath path) =>
        path.CrossingCount > 0 && path.Crossings[path.CrossingCount - 1] is var last && world.Map.Place[world.Map.Network.ArcHead[path.LastArc]] == last.Place && path.EndM - last.ToM < 25;

    private static void AddCrossing(AgentPath path, int place, double fromM, int from, int to)
    {
        ref var last = ref path.Crossings[Math.Max(0, path.CrossingCount - 1)];
        if (path.CrossingCount > 0 && last.Place == place && fromM - last.ToM < 25)
        {
            last = last with { ToM = path.EndM, Out = to };
            return;
        }

        path.Crossings[path.CrossingCount++] = new(fromM, path.EndM, place, from, to, false);
    }

    /// <summary>A cubic curve that leaves and enters along the lanes.</summary>
    internal static void Curve(AgentPath path, double ax, double ay, double ah, double bx, double by, double bh)
    {
        var chord = Math.Sqrt(((bx - ax) * (bx - ax)) + ((by - ay) * (by - ay)));
        var angle = Math.Abs(Math.IEEERemainder(bh - ah, 2 * Math.PI));
        var handle = chord * (angle < 0.05 ? 1.0 / 3 : Math.Min(0.7, 4.0 / 3 * Math.Tan(angle / 4) / (2 * Math.Sin(angle / 2))));
        var (cx, cy) = (ax + (handle * Math.Cos(ah)), ay + (handle * Math.Sin(ah)));
        var (dx, dy) = (bx - (handle * Math.Cos(bh)), by - (handle * Math.Sin(bh)));
        var count = angle < 0.05 ? 2 : 8;
        for (var k = 1; k <= count; k++)
        {
            var (t, u) = ((double)k / count, 1 - ((double)k / count));
            var (w0, w1, w2, w3) = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t);
            path.Add((w0 * ax) + (w1 * cx) + (w2 * dx) + (w3 * bx), (w0 * ay) + (w1 * cy) + (w2 * dy) + (w3 * by));
        }
    }

    private void AddArc(AgentPath path, AgentKind kind, int arc, double fromM)
    {
        var map = world.Map;
        var (line, endM, lineM, atM, i) = (map.Lines[arc], map.Network.ArcLengthM[arc] - map.TrimM(arc, true), 0.0, fromM, 0);
        AddPlace(path, kind, arc, fromM);
        path.BeginArc(arc);
        // The bends of the line, and where the free width begins and ends to narrow; points nearer than 0.5 m to the last say nothing more.
        var narrow = map.TrimM(arc, false) + LaneMap.NarrowingM;
        Span<double> marks = [Math.Min(narrow, endM), endM - LaneMap.NarrowingM, endM];
        foreach (var mark in marks)
        {
            for (; i < line.Length - 2 && lineM + line[i].DistanceTo(line[i + 1]) < mark; i++)
            {
                lineM += line[i].DistanceTo(line[i + 1]);
                if (lineM > atM + 0.5 && lineM < mark - 0.5 && path.Count < AgentPath.Capacity - 16)
                {
                    AddBend(path, line[i], line[i + 1], line[i + 2], Offset(kind, arc, lineM));
                    atM = lineM;
                }
            }

            if (mark > atM + 1)
            {
                AddPlace(path, kind, arc, mark);
                atM = mark;
            }
        }

    }

    /// <summary>The line beside a bend runs through the middle of its corner.</summary>
    private static void AddBend(AgentPath path, MapPoint before, MapPoint at, MapPoint after, double offset)
    {
        var (h1, h2) = (Math.Atan2(at.Y - before.Y, at.X - before.X), Math.Atan2(after.Y - at.Y, after.X - at.X));
        var (sin, cos) = Math.SinCos(h1 + (Math.IEEERemainder(h2 - h1, 2 * Math.PI) / 2));
        path.Add(at.X - (offset * sin), at.Y + (offset * cos));
    }

    private void AddPlace(AgentPath path, AgentKind kind, int arc, double alongM)
    {
        var (x, y, _) = world.Map.On(arc, alongM, Offset(kind, arc, alongM));
        path.Add(x, y);
    }

    private int Next(int arc, AgentKind kind)
    {
        var network = world.Map.Network;
        var node = network.ArcHead[arc];
        var (chosen, count, straightest) = (-1, 0, kind == AgentKind.Bus ? BusTurnRad : 2.6);
        for (var next = network.FirstOut[node]; next < network.FirstOut[node + 1]; next++)
        {
            if (Fits(kind, next) && next != network.ArcReverse[arc] && Math.Abs(network.TurnAngleRad(arc, next)) is var turn && turn < straightest)
            {
                // Of several each with the same chance; a bus goes straight on, and its line ends where it would have to turn sharply.
                chosen = kind == AgentKind.Bus || world.Dice.Below(++count) == 0 ? next : chosen;
                straightest = kind == AgentKind.Bus ? turn : straightest;
            }
        }

        return chosen;
    }
}
