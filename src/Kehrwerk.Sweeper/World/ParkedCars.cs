using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>Cars along the kerbs, and their doors.</summary>
internal sealed class ParkedCars(VirtualWorld world)
{
    private const double SpaceM = 5.6;
    private const double DoorM = 0.9;

    // Who gets out looks back (StVO § 14 (1)): no cyclist and no sweeper may be nearer than this, m.
    private const double LooksM = 12;

    // Corners are kept free for 5 m and more (StVO § 12 (3) 1).
    private const double CornerM = LaneMap.NarrowingM;

    private readonly List<(int Agent, int Left)> parked = [];
    private readonly int[] near = new int[32];
    private readonly Queue<(long Tick, int Car)> open = new(64);

    public void Park()
    {
        var (map, settings) = (world.Map, world.Settings);
        var dice = new Dice(settings.Seed ^ 0x5EED);
        var segmentDone = new bool[map.Network.SegmentCount];
        for (var arc = 0; arc < map.Network.ArcCount && settings.ParkedFactor > 0; arc++)
        {
            var segment = map.Network.ArcSegment[arc];
            var share = Density.Of(map.Network.SegmentClass[segment]).Parked(settings.Hour) * settings.ParkedFactor;
            foreach (var side in (KerbSide[])(segmentDone[segment] ? [] : [KerbSide.Right, KerbSide.Left]))
            {
                for (var along = map.TrimM(arc, false) + CornerM; along + SpaceM < map.Network.ArcLengthM[arc] - map.TrimM(arc, true) - CornerM && map.HasParking(arc, side); along += SpaceM)
                {
                    if (dice.Chance(share) && !IsBend(arc, along + (SpaceM / 2)))
                    {
                        Park(arc, side, along + (SpaceM / 2) + dice.Between(-0.4, 0.4), dice);
                    }
                }
            }

            segmentDone[segment] = true;
        }
    }

    /// <summary>Opens and shuts doors: by the settings' rate, never before a moving car or right before a cyclist or a sweeper.</summary>
    public void Step()
    {
        while (open.Count > 0 && open.Peek().Tick <= world.Tick)
        {
            Door(open.Dequeue().Car, isOpen: false);
        }

        // A twentieth of the cars at each step.
        for (var i = (int)(world.Tick % 20); i < parked.Count; i += 20)
        {
            if (open.Count < 64 && world.Dice.Chance(world.Settings.DoorsPerHour / 3600) && !world.At(parked[i].Agent).Signs.HasFlag(ObjectSigns.DoorOpen) && IsQuiet(parked[i].Agent))
            {
                Open(i, 6);
            }
        }
    }

    /// <summary>Opens the door of a parked car towards the street for some seconds.</summary>
    public void Open(int car, double seconds)
    {
        Door(car, isOpen: true);
        open.Enqueue((world.Tick + (long)(seconds / VirtualWorld.StepS), car));
    }

    // Where the street bends, cars that pass cut the corner.
    private bool IsBend(int arc, double alongM)
    {
        var map = world.Map;
        var (_, _, before) = map.On(arc, Math.Max(0, alongM - 8), 0);
        var (_, _, after) = map.On(arc, Math.Min(map.Network.ArcLengthM[arc], alongM + 8), 0);
        return Math.Abs(Math.IEEERemainder(after - before, 2 * Math.PI)) > 0.03;
    }

    private bool IsQuiet(int car)
    {
        ref readonly var agent = ref world.At(car);
        var count = world.NearMoving(agent.X, agent.Y, 25, near);
        for (var k = 0; k < count; k++)
        {
            ref readonly var other = ref world.At(near[k]);
            var isNear = Math.Abs(other.X - agent.X) + Math.Abs(other.Y - agent.Y) < LooksM;
            if (other.Kind is AgentKind.Sweeper or AgentKind.Cyclist ? isNear : other.Behaviour == Behaviour.Lane)
            {
                return false;
            }
        }

        return count < near.Length;
    }

    private void Door(int car, bool isOpen)
    {
        var (index, left) = parked[car];
        ref var agent = ref world.At(index);
        var shift = (isOpen ? 1 : -1) * left * DoorM / 2;
        agent.Signs = isOpen ? agent.Signs | ObjectSigns.DoorOpen : agent.Signs & ~ObjectSigns.DoorOpen;
        agent.WidthM += isOpen ? DoorM : -DoorM;
        (agent.X, agent.Y) = (agent.X - (shift * Math.Sin(agent.HeadingRad)), agent.Y + (shift * Math.Cos(agent.HeadingRad)));
    }

    private void Park(int arc, KerbSide side, double alongM, Dice dice)
    {
        var (map, isVan) = (world.Map, dice.Chance(0.08));
        var agent = Agent.Of(AgentKind.ParkedCar, 0, 0, 0, Behaviour.Parked);
        (agent.LengthM, agent.WidthM, agent.HeightM) = isVan ? (5.3, 1.85, 2.4) : (dice.Between(3.7, 4.8), dice.Between(1.65, 1.82), 1.5);
        // The side towards the street stands at the same line, whether the other is at the kerb or on the footway.
        var edge = map.Road[arc].HalfWidthM - map.ParkedM(arc) + 0.03 + (agent.WidthM / 2);
        var (x, y, heading) = map.On(arc, alongM, side == KerbSide.Right ? -edge : edge);
        var points = side == KerbSide.Right || !map.Road[arc].IsTwoWay ? heading : heading + Math.PI;
        (agent.X, agent.Y, agent.HeadingRad) = (x, y, Math.IEEERemainder(points + dice.Between(-0.02, 0.02), 2 * Math.PI));
        // Parked cars point with the traffic of their side, so the street is on their left, but on the left of a one-way street.
        parked.Add((world.Add(agent), side == KerbSide.Left && !map.Road[arc].IsTwoWay ? -1 : 1));
    }
}
