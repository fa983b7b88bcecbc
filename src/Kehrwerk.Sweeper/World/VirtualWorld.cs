using System.Runtime.InteropServices;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

/// <summary>
/// A city's streets with all that stands and moves on them, seen from above, in steps of 0.05 s. Vehicles are put into it by
/// <see cref="VirtualPlatform"/>. The same network, settings, scripts and vehicles give the same course, to the byte. Not thread-safe.
/// </summary>
internal sealed class VirtualWorld
{
    public const double StepS = IPlatform.TickS;

    private readonly List<Agent> agents = [];
    private readonly List<AgentPath> paths = [];
    private readonly AgentGrid moving = new(), parked = new();
    private readonly LaneTraffic lanes;
    private readonly FootTraffic footways;
    private readonly ParkedCars doors;
    private readonly Scripts scripts;
    private readonly Population population;
    private readonly List<VirtualPlatform> sweepers = [];
    private bool hasNewParked = true;

    public VirtualWorld(StreetNetwork network, WorldSettings settings)
    {
        Settings = settings;
        Dice = new(settings.Seed);
        Map = new(network, settings.Seed, settings.ParkedFactor > 0);
        Walls = new(settings.Buildings);
        Ground = new(Map, settings);
        (lanes, footways, scripts, doors) = (new(this), new(this), new(this), new(this));
        Yard = new(this);
        population = new(this, lanes, footways);
        doors.Park();
        population.Fill();
        Sort();
    }

    public WorldSettings Settings { get; }
    public LaneMap Map { get; }
    public Walls Walls { get; }
    public Ground Ground { get; }
    public Yard Yard { get; }

    /// <summary>Steps made.</summary>
    public long Tick { get; private set; }

    public double TimeS => Tick * StepS;

    /// <summary>All agents; an index stays the same for the life of the world.</summary>
    public ReadOnlySpan<Agent> Agents => CollectionsMarshal.AsSpan(agents);

    /// <summary>The vehicles, in the order in which they came.</summary>
    public List<VirtualPlatform> Sweepers => sweepers;

    /// <summary>How many agents have been taken out of a jam that nobody could leave; a measure of how good the traffic is.</summary>
    public int Jammed => lanes.Jammed;

    internal Dice Dice { get; }

    /// <summary>Adds what a scenario sets up; returns its index among <see cref="Agents"/>.</summary>
    public int Add(ScriptedAgent script)
    {
        var agent = Agent.Of(script.Kind, script.X, script.Y, script.HeadingRad, Behaviour.Scripted);
        agent.LengthM = script.LengthM ?? agent.LengthM;
        agent.WidthM = script.WidthM ?? agent.WidthM;
        agent.HeightM = script.HeightM ?? agent.HeightM;
        (agent.Signs, agent.SpeedMps, agent.IsAway, agent.Way) = (script.Signs, script.ApproachMps, script.IsHiddenBefore, scripts.Add(script));
        var index = Add(agent);
        Sort();
        return index;
    }

    /// <summary>Whether a scripted agent has been triggered, and when, s; not-a-number before.</summary>
    public double TriggeredS(int agent) => scripts.StartedS(agents[agent].Way);

    /// <summary>Goes on to a tick; does nothing where it is there already, so that several vehicles share a world.</summary>
    public void AdvanceTo(long tick)
    {
        while (Tick < tick)
        {
            Step();
        }
    }

    /// <summary>Goes on by 0.05 s.</summary>
    public void Step()
    {
        Sort();
        lanes.Begin();
        var all = CollectionsMarshal.AsSpan(agents);
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i].Behaviour == Behaviour.Lane && !all[i].IsAway)
            {
                lanes.Register(i);
            }
        }

        for (var i = 0; i < all.Length; i++)
        {
            var decides = (Tick + i) % 2 == 0;
            switch (all[i].Behaviour)
            {
                case Behaviour.Lane when !all[i].IsAway:
                    lanes.Step(i, StepS, decides);
                    break;
                case Behaviour.Footway when !all[i].IsAway:
                    footways.Step(i, StepS, decides);
                    break;
                case Behaviour.Scripted:
                    scripts.Step(i, StepS);
                    break;
            }
        }

        doors.Step();
        population.Step(Tick);
        Tick++;
    }

    /// <summary>What there is to draw: copies of all agents that are there.</summary>
    public Agent[] Snapshot() => [.. agents.Where(agent => !agent.IsAway)];

    internal ref Agent At(int index) => ref CollectionsMarshal.AsSpan(agents)[index];

    internal AgentPath Path(int way) => paths[way];

    internal int Near(double x, double y, double radiusM, Span<int> into)
    {
        var all = Agents;
        return parked.Near(all, x, y, radiusM, into, moving.Near(all, x, y, radiusM, into));
    }

    internal bool IsSweeperWithin(double x, double y, double radiusM)
    {
        foreach (var sweeper in sweepers)
        {
            var (dx, dy) = (sweeper.Body.X - x, sweeper.Body.Y - y);
            if ((dx * dx) + (dy * dy) < radiusM * radiusM)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Those that move, or may.</summary>
    internal int NearMoving(double x, double y, double radiusM, Span<int> into) => moving.Near(Agents, x, y, radiusM, into);

    internal int Add(Agent agent)
    {
        if (agent.Behaviour is Behaviour.Lane or Behaviour.Footway)
        {
            agent.Way = paths.Count;
            paths.Add(new());
        }

        hasNewParked |= agent.Behaviour == Behaviour.Parked;
        agents.Add(agent);
        return agents.Count - 1;
    }

    internal int Add(VirtualPlatform platform, in Agent agent)
    {
        sweepers.Add(platform);
        var index = Add(agent);
        Sort();
        return index;
    }

    /// <summary>One whose way has ended, or that has left the area, comes in elsewhere.</summary>
    internal void Replace(int index) => population.Replace(index);

    /// <summary>Takes note of where everybody is now.</summary>
    internal void Sort()
    {
        moving.Fill(Agents, isParked: false);
        if (hasNewParked)
        {
            parked.Fill(Agents, isParked: true);
            hasNewParked = false;
        }
    }
}
