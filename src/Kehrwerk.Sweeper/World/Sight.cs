using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// What the object sensors of a vehicle see, ten times a second: rays round the vehicle, walls as deep as they are, agents from near to far,
/// each hiding what is lower behind it; then range by weather and light, misses, noise, confusion, phantoms. Not thread-safe.
/// </summary>
internal sealed class Sight(VirtualWorld world, Dice dice)
{
    public const double RangeM = 120;

    // Nearer than this, the angle over which a thing lies is that of its corners; farther off that of its width, m. No thing is longer than twice this.
    private const double CloseM = 20;

    // Quarter degrees. The sensor is on the roof of the cabin.
    private const int Rays = 1440;
    private const double SensorM = 2.0;

    private readonly float[] wallM = new float[Rays], horizon = new float[Rays];
    private readonly int[] near = new int[512];
    private readonly double[] distance = new double[512];
    private int[] missedUntil = new int[256];
    private double wallX = double.NaN, wallY;
    private int scans;
    private SensedObject phantom;
    private int phantomScans;

    /// <summary>Share of the sky's lower rim, 0–1, that walls within 25 m hide: how deep the canyon of the street is.</summary>
    public double CanyonShare { get; private set; }

    /// <summary>How far a person can be seen now, m.</summary>
    public double ViewRangeM => world.Settings.Weather.RangeM(PersonM);

    private const double PersonM = 70;

    /// <summary>Writes the objects seen from a pose into a list that has been emptied.</summary>
    /// <param name="self">The vehicle's own agent.</param>
    public void Scan(double x, double y, double headingRad, double sensorAheadM, int self, Span<SensedObject> into, out int count)
    {
        count = 0;
        scans++;
        var (sin, cos) = Math.SinCos(headingRad);
        var (sx, sy) = (x + (sensorAheadM * cos), y + (sensorAheadM * sin));
        LookAtWalls(sx, sy);
        Array.Fill(horizon, float.NegativeInfinity);
        var agents = world.Agents;
        if (missedUntil.Length < agents.Length)
        {
            missedUntil = new int[agents.Length * 2];
        }

        var found = world.Near(sx, sy, RangeM, near);
        for (var k = 0; k < found; k++)
        {
            ref readonly var agent = ref agents[near[k]];
            distance[k] = Math.Sqrt(((agent.X - sx) * (agent.X - sx)) + ((agent.Y - sy) * (agent.Y - sy)));
        }

        distance.AsSpan(0, found).Sort(near.AsSpan(0, found));
        for (var k = 0; k < found; k++)
        {
            ref readonly var agent = ref agents[near[k]];
            if (near[k] != self && !agent.IsAway && IsSeen(agent, sx, sy, distance[k]) && IsFound(near[k], agent, distance[k], Math.Atan2(agent.Y - sy, agent.X - sx)) && count < into.Length)
            {
                into[count++] = Sense(agent, x, y, sin, cos, headingRad, distance[k]);
            }
        }

        Phantom(into, ref count);
    }

    private void LookAtWalls(double sx, double sy)
    {
        if (Math.Abs(sx - wallX) < 0.3 && Math.Abs(sy - wallY) < 0.3)
        {
            return;
        }

        (wallX, wallY) = (sx, sy);
        Array.Fill(wallM, 1e6f);
        world.Walls.Look(sx, sy, RangeM, wallM);
        var hidden = 0;
        foreach (var depth in wallM)
        {
            hidden += depth < 25 ? 1 : 0;
        }

        CanyonShare = (double)hidden / Rays;
    }

    /// <summary>Whether enough of it is in the line of sight; then it hides what is behind it.</summary>
    private bool IsSeen(in Agent agent, double sx, double sy, double distanceM)
    {
        var bearing = Math.Atan2(agent.Y - sy, agent.X - sx);
        var along = Math.IEEERemainder(agent.HeadingRad - bearing, 2 * Math.PI);
        var (c, s) = (Math.Abs(Math.Cos(along)), Math.Abs(Math.Sin(along)));
        var halfDeep = ((c * agent.LengthM) + (s * agent.WidthM)) / 2;
        var halfWide = ((s * agent.LengthM) + (c * agent.WidthM)) / 2;
        var (fromRad, toRad) = distanceM < CloseM ? Extent(agent, sx, sy, bearing) : (-Math.Atan2(halfWide, distanceM - (halfDeep / 2)), Math.Atan2(halfWide, distanceM - (halfDeep / 2)));
        var (first, last) = ((int)Math.Round((bearing + fromRad) * Rays / (2 * Math.PI)), (int)Math.Round((bearing + toRad) * Rays / (2 * Math.PI)));
        var (nearM, farM) = (Math.Max(0.1, distanceM - halfDeep), distanceM + halfDeep);
        // It must look over what is before it by a tenth of its height.
        var eye = (float)(((0.9 * agent.HeightM) - SensorM) / Math.Max(distanceM, 0.1));
        var top = (float)((agent.HeightM - SensorM) / (agent.HeightM > SensorM ? nearM : farM));
        var seen = 0;
        for (var k = first; k <= last; k++)
        {
            var ray = ((k % Rays) + Rays) % Rays;
            seen += horizon[ray] < eye && wallM[ray] > nearM ? 1 : 0;
            horizon[ray] = agent.HeightM > 0.45 ? Math.Max(horizon[ray], top) : horizon[ray];
        }

        return seen > 0.15 * (last - first + 1);
    }

    /// <summary>From which to which angle it lies, to its right and left of its bearing: of its corners, so that a car beside the sensor does not hide what is behind the vehicle.</summary>
    private static (double FromRad, double ToRad) Extent(in Agent agent, double sx, double sy, double bearing)
    {
        var (sin, cos) = Math.SinCos(agent.HeadingRad);
        var (fromRad, toRad) = (0.0, 0.0);
        for (var corner = 0; corner < 4; corner++)
        {
            var (along, across) = ((corner & 1) == 0 ? agent.LengthM / 2 : -agent.LengthM / 2, (corner & 2) == 0 ? agent.WidthM / 2 : -agent.WidthM / 2);
            var rad = Math.IEEERemainder(Math.Atan2(agent.Y + (along * sin) + (across * cos) - sy, agent.X + (along * cos) - (across * sin) - sx) - bearing, 2 * Math.PI);
            (fromRad, toRad) = (Math.Min(fromRad, rad), Math.Max(toRad, rad));
        }

        return (fromRad, toRad);
    }

    private bool IsFound(int index, in Agent agent, double distanceM, double bearing)
    {
        var clearM = agent.Kind switch
        {
            AgentKind.Pedestrian or AgentKind.Police or AgentKind.Cyclist or AgentKind.Motorcycle => PersonM,
            AgentKind.Child => 60,
            AgentKind.Dog => 45,
            AgentKind.Barrier => 60,
            AgentKind.Box => 35,
            AgentKind.Branch => 25,
            AgentKind.LeafPile => 30,
            _ => RangeM,
        };
        var weather = world.Settings.Weather;
        var rangeM = weather.RangeM(clearM) * weather.GlareShare(bearing);
        if (distanceM > rangeM || scans < missedUntil[index])
        {
            return false;
        }

        // A miss lasts three scans on the average; the farther the likelier.
        var share = distanceM / rangeM;
        if (dice.Chance(Math.Min(0.5, (0.002 + (0.05 * share * share * share * share)) * weather.NoiseFactor)))
        {
            missedUntil[index] = scans + 1 + dice.Below(5);
            return false;
        }

        return true;
    }

    private SensedObject Sense(in Agent agent, double x, double y, double sin, double cos, double headingRad, double distanceM)
    {
        var noise = world.Settings.Weather.NoiseFactor;
        var (dx, dy) = (agent.X - x, agent.Y - y);
        var positionM = (0.03 + (0.004 * distanceM)) * noise;
        var speedMps = (0.1 + (0.008 * distanceM)) * noise;
        var isSmall = agent.IsPerson || agent.Kind is AgentKind.Dog;
        return new()
        {
            X = (dx * cos) + (dy * sin) + (positionM * dice.Normal()),
            Y = (dy * cos) - (dx * sin) + (positionM * dice.Normal()),
            HeadingRad = Math.IEEERemainder(agent.HeadingRad - headingRad + ((isSmall ? 0.3 : 0.04) * noise * dice.Normal()), 2 * Math.PI),
            Vx = (agent.Vx * cos) + (agent.Vy * sin) + (speedMps * dice.Normal()),
            Vy = (agent.Vy * cos) - (agent.Vx * sin) + (speedMps * dice.Normal()),
            LengthM = Math.Max(0.1, agent.LengthM * (1 + (0.05 * noise * dice.Normal()))),
            WidthM = Math.Max(0.1, agent.WidthM * (1 + (0.05 * noise * dice.Normal()))),
            Confidence = Math.Clamp(0.98 - (0.4 * distanceM / RangeM) - (0.1 * (noise - 1)) + (0.03 * dice.Normal()), 0.3, 1),
            Class = ClassOf(agent.Kind, distanceM, noise),
            // Lights carry far, hands do not.
            Signs = distanceM < 40 ? agent.Signs : agent.Signs & (ObjectSigns.Emergency | ObjectSigns.Hazard),
        };
    }

    private ObjectClass ClassOf(AgentKind kind, double distanceM, double noise)
    {
        var isConfused = distanceM > 25 && dice.Chance(Math.Min(0.4, 0.08 * noise * (distanceM - 25) / 25));
        return (kind, isConfused) switch
        {
            (AgentKind.Sweeper, _) => ObjectClass.Truck,
            (AgentKind.ParkedCar or AgentKind.Car, _) => ObjectClass.Car,
            (AgentKind.Van or AgentKind.Emergency, _) => isConfused ? ObjectClass.Truck : ObjectClass.Car,
            (AgentKind.Bus, _) => isConfused ? ObjectClass.Truck : ObjectClass.Bus,
            (AgentKind.Tram, _) => isConfused ? ObjectClass.Bus : ObjectClass.Tram,
            (AgentKind.Motorcycle, _) => isConfused ? ObjectClass.Cyclist : ObjectClass.Motorcycle,
            (AgentKind.Cyclist, _) => isConfused ? ObjectClass.Pedestrian : ObjectClass.Cyclist,
            (AgentKind.Child, _) => isConfused ? ObjectClass.Pedestrian : ObjectClass.Child,
            (AgentKind.Dog, _) => isConfused ? ObjectClass.Unknown : ObjectClass.Animal,
            (AgentKind.Barrier, _) => isConfused ? ObjectClass.Unknown : ObjectClass.Barrier,
            (AgentKind.Box or AgentKind.Branch, _) => isConfused ? ObjectClass.Unknown : ObjectClass.Debris,
            (AgentKind.LeafPile, _) => isConfused ? ObjectClass.Debris : ObjectClass.Leaves,
            _ => isConfused ? ObjectClass.Cyclist : ObjectClass.Pedestrian,
        };
    }

    private void Phantom(Span<SensedObject> into, ref int count)
    {
        if (phantomScans == 0 && dice.Chance(world.Settings.Weather.PhantomsPerS / 10))
        {
            phantomScans = 1 + dice.Below(3);
            phantom = new()
            {
                X = dice.Between(3, 30),
                Y = dice.Between(-8, 8),
                LengthM = dice.Between(0.2, 0.8),
                WidthM = dice.Between(0.2, 0.8),
                Confidence = dice.Between(0.3, 0.6),
                Class = dice.Chance(0.5) ? ObjectClass.Unknown : ObjectClass.Debris,
            };
        }

        if (phantomScans > 0 && count < into.Length)
        {
            phantomScans--;
            into[count++] = phantom;
        }
    }
}
