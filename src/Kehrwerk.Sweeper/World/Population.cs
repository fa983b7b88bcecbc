using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// How many move where. Within the settings' area, or everywhere, as many as the densities say; who leaves the area of all vehicles comes in
/// again at its border, so that the number stays the same and nobody appears beside a vehicle.
/// </summary>
internal sealed class Population(VirtualWorld world, LaneTraffic lanes, FootTraffic footways)
{
    private readonly List<int> carArcs = [], cycleArcs = [], footArcs = [];
    private readonly List<(double X, double Y)> centres = [];

    public void Fill()
    {
        var (map, settings) = (world.Map, world.Settings);
        var (cars, cyclists, walkers) = (0.0, 0.0, 0.0);
        for (var arc = 0; arc < map.Network.ArcCount; arc++)
        {
            var segment = map.Network.ArcSegment[arc];
            var density = Density.Of(map.Network.SegmentClass[segment]);
            // Both directions of a street share its traffic.
            var km = map.Network.ArcLengthM[arc] / 1000 / (map.Road[arc].IsTwoWay ? 2 : 1);
            var isNear = IsInArea(arc);
            if (map.IsDriven[arc])
            {
                carArcs.Add(arc);
                cycleArcs.Add(arc);
                cars += isNear ? density.CarsPerKm * km : 0;
                cyclists += isNear ? density.CyclistsPerKm * km : 0;
            }

            if (map.Network.SegmentClass[segment] is >= StreetClass.Primary and <= StreetClass.Service && map.Network.ArcLengthM[arc] > 15)
            {
                footArcs.Add(arc);
                walkers += isNear ? density.PedestriansPerKm * km : 0;
            }
        }

        foreach (var place in settings.Around)
        {
            centres.Add((place.X, place.Y));
        }

        var hour = Density.HourFactor(settings.Hour);
        Make(cars * settings.CarFactor * hour, carArcs, CarKind, Behaviour.Lane);
        Make(cyclists * settings.CyclistFactor * hour, cycleArcs, () => AgentKind.Cyclist, Behaviour.Lane);
        Make(walkers * settings.PedestrianFactor * hour, footArcs, WalkerKind, Behaviour.Footway);
    }

    /// <summary>Twice a second looks for those that are out of the area.</summary>
    public void Step(long tick)
    {
        if (world.Settings.Around.IsEmpty || world.Sweepers.Count == 0 || tick % 10 != 0)
        {
            return;
        }

        centres.Clear();
        foreach (var sweeper in world.Sweepers)
        {
            centres.Add((sweeper.Body.X, sweeper.Body.Y));
        }

        var agents = world.Agents;
        for (var i = 0; i < agents.Length; i++)
        {
            if (agents[i].Behaviour is Behaviour.Lane or Behaviour.Footway && (agents[i].IsAway || Distance(agents[i].X, agents[i].Y) > world.Settings.AreaM + 60))
            {
                Replace(i);
            }
        }
    }

    /// <summary>Puts an agent in elsewhere; it is away until there is a place.</summary>
    public void Replace(int index)
    {
        ref var agent = ref world.At(index);
        agent.IsAway = true;
        (agent.Signs, agent.AccelerationMps2) = (Agent.UsualSigns(agent.Kind), 0);
        var hasArea = !world.Settings.Around.IsEmpty;
        Enter(index, hasArea ? world.Settings.AreaM * 0.6 : world.Sweepers.Count > 0 ? 80 : 0, hasArea ? world.Settings.AreaM + 30 : double.PositiveInfinity, 24);
        if (agent.IsAway && !hasArea)
        {
            // It must not be lost in a world that looks for nobody.
            Enter(index, 0, double.PositiveInfinity, 200);
        }
    }

    private void Make(double mean, List<int> arcs, Func<AgentKind> kind, Behaviour behaviour)
    {
        for (var k = 0; k < (int)Math.Round(mean) && arcs.Count > 0; k++)
        {
            var index = world.Add(Agent.Of(kind(), 0, 0, 0, behaviour) with { IsAway = true });
            Enter(index, 0, world.Settings.Around.IsEmpty ? double.PositiveInfinity : world.Settings.AreaM, 400);
        }
    }

    private void Enter(int index, double leastM, double mostM, int tries)
    {
        ref var agent = ref world.At(index);
        var (map, dice) = (world.Map, world.Dice);
        var arcs = agent.Behaviour == Behaviour.Footway ? footArcs : agent.Kind == AgentKind.Cyclist ? cycleArcs : carArcs;
        for (var t = 0; t < tries && agent.IsAway && arcs.Count > 0; t++)
        {
            var arc = arcs[dice.Below(arcs.Count)];
            var lengthM = map.Network.ArcLengthM[arc];
            var along = dice.Between(map.TrimM(arc, false), lengthM - map.TrimM(arc, true));
            var (x, y, _) = map.On(arc, along, 0);
            var distance = Distance(x, y);
            if ((double.IsInfinity(mostM) && leastM == 0) || (distance >= leastM && distance <= mostM))
            {
                _ = agent.Behaviour == Behaviour.Footway ? footways.Enter(index, arc, along, dice)
                    : lengthM > 25 && along < lengthM - map.TrimM(arc, true) - 8 && along > map.TrimM(arc, false) + 6 && lanes.Enter(index, arc, along, dice);
                if (!agent.IsAway)
                {
                    world.Sort();
                }
            }
        }
    }

    private bool IsInArea(int arc)
    {
        if (world.Settings.Around.IsEmpty)
        {
            return true;
        }

        var (x, y, _) = world.Map.On(arc, world.Map.Network.ArcLengthM[arc] / 2, 0);
        foreach (var place in world.Settings.Around)
        {
            if (place.DistanceTo(new(x, y)) <= world.Settings.AreaM)
            {
                return true;
            }
        }

        return false;
    }

    private double Distance(double x, double y)
    {
        var least = double.PositiveInfinity;
        if (centres.Count == 0)
        {
            foreach (var sweeper in world.Sweepers)
            {
                least = Math.Min(least, Math.Max(Math.Abs(sweeper.Body.X - x), Math.Abs(sweeper.Body.Y - y)));
            }
        }

        foreach (var (cx, cy) in centres)
        {
            least = Math.Min(least, Math.Sqrt(((cx - x) * (cx - x)) + ((cy - y) * (cy - y))));
        }

        return double.IsInfinity(least) ? 0 : least;
    }

    private AgentKind CarKind()
    {
        var percent = world.Dice.Between(0, 100);
        var settings = world.Settings;
        return percent < settings.EmergencyPercent ? AgentKind.Emergency
            : percent < settings.EmergencyPercent + settings.BusPercent ? AgentKind.Bus
            : percent > 90 ? AgentKind.Van : AgentKind.Car;
    }

    private AgentKind WalkerKind() => world.Dice.Below(100) switch { < 10 => AgentKind.Child, < 15 => AgentKind.Dog, _ => AgentKind.Pedestrian };
}
