using System.Collections.Concurrent;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// What the rules know of the city: streets, depot, closures, and the way home from everywhere by one reverse search.
/// Immutable in effect and thread-safe; a change of closures gives a new one.
/// </summary>
public sealed class CityContext
{
    /// <summary>Way home where there is none.</summary>
    public const int NoWay = int.MaxValue;

    private readonly ConcurrentBag<PlainRouter> routers = [];
    private readonly int[] homeMs;
    private readonly Lazy<ZoneSetContent> closureZones;

    public CityContext(City city, TravelCosts? costs = null, CentreRules? rules = null)
        : this(city, new TurnGraph(city.Streets, costs ?? new()), new ArcLocator(city.Streets), new(city.Streets, city.Depot.Arc), Closures.None, rules ?? new())
    {
    }

    private CityContext(City city, TurnGraph graph, ArcLocator locator, NarrowStreets narrow, Closures closures, CentreRules rules)
    {
        City = city;
        Graph = graph;
        Locator = locator;
        Narrow = narrow;
        Closures = closures;
        Rules = rules;
        homeMs = TimesHome(graph, closures, city.Depot.Arc);
        closureZones = new(() => Missions.ClosureZones.Of(city, closures));
    }

    public City City { get; }
    public TurnGraph Graph { get; }
    public ArcLocator Locator { get; }
    public NarrowStreets Narrow { get; }
    public Closures Closures { get; }
    public CentreRules Rules { get; }

    /// <summary>The closures as the zone set that vehicles are to have enabled.</summary>
    public ZoneSetContent ClosureZones => closureZones.Value;

    public StreetNetwork Streets => City.Streets;
    public int DepotArc => City.Depot.Arc;
    public int DepotNode => Streets.ArcHead[DepotArc];

    /// <summary>The same city with other closures.</summary>
    public CityContext With(Closures closures) => new(City, Graph, Locator, Narrow, closures, Rules);

    /// <summary>Milliseconds from the end of an arc to the depot, or <see cref="NoWay"/>.</summary>
    public int HomeMs(int arc) => arc == DepotArc ? 0 : homeMs[arc];

    /// <summary>The quickest way from the end of one arc to the start of another, or null.</summary>
    public Route? FindWay(int fromArc, int toArc)
    {
        if (Closures.Contains(toArc))
        {
            return null;
        }

        if (!routers.TryTake(out var router))
        {
            router = new(Graph, Closures);
        }

        var route = router.Find(fromArc, toArc);
        routers.Add(router);
        return route;
    }

    /// <summary>
    /// Where on the network a vehicle is that names no order of ours: on the arc that it names itself, else at its last node if it still
    /// stands there, else on the nearest arc that runs as the vehicle does; null if it is further than 50 m from any street.
    /// </summary>
    public VehiclePlace? Locate(VehicleFacts facts)
    {
        const double atNodeM = 5;
        const double nearStreetM = 50;
        const double atEndM = 0.02;
        if (facts.Position is not { } position)
        {
            return null;
        }

        if (facts.Edge is { } edge && Streets.FindArc(edge.EdgeId) is { } arc)
        {
            var lengthM = Streets.ArcLengthM[arc];
            var isAtEnd = edge.OffsetM >= lengthM - atEndM;
            return isAtEnd && Streets.ArcHead[arc] == DepotNode ? AtNode(DepotNode, facts.HeadingRad) : new(arc, Math.Min(edge.OffsetM, lengthM), isAtEnd);
        }

        if (Streets.FindNode(facts.LastNodeId) is { } node && Streets.NodePoint[node].DistanceTo(position) <= atNodeM)
        {
            return AtNode(node, facts.HeadingRad);
        }

        if (Streets.NodePoint[DepotNode].DistanceTo(position) <= atNodeM)
        {
            return AtNode(DepotNode, facts.HeadingRad);
        }

        return Locator.Nearest(position, nearStreetM, facts.HeadingRad) is { } place
            ? new(place.Arc, place.OffsetM, place.OffsetM >= Streets.ArcLengthM[place.Arc])
            : null;
    }

    /// <summary>At a node a vehicle is at the end of the arc that it came by; by its heading where nothing else tells.</summary>
    private VehiclePlace? AtNode(int node, double headingRad)
    {
        if (node == DepotNode)
        {
            return new(DepotArc, Streets.ArcLengthM[DepotArc], true);
        }

        var best = -1;
        var bestOffRad = double.PositiveInfinity;
        for (var arc = 0; arc < Streets.ArcCount; arc++)
        {
            if (Streets.ArcHead[arc] == node)
            {
                var offRad = Math.Abs(Math.IEEERemainder(Streets.EndHeadingRad(arc) - headingRad, 2 * Math.PI));
                if (offRad < bestOffRad)
                {
                    (best, bestOffRad) = (arc, offRad);
                }
            }
        }

        return best < 0 ? null : new(best, Streets.ArcLengthM[best], true);
    }

    /// <summary>Dijkstra's algorithm backwards over the turns, from the end of the depot's arc: the time from the END of each arc.</summary>
    private static int[] TimesHome(TurnGraph graph, Closures closures, int depotArc)
    {
        var (firstInto, from, costMs) = TurnsInto(graph);
        var timeMs = new int[graph.StateCount];
        Array.Fill(timeMs, NoWay);
        var queue = new PriorityQueue<int, (int Ms, int State)>();
        foreach (var state in graph.StatesOf(depotArc))
        {
            timeMs[state] = 0;
            queue.Enqueue(state, (0, state));
        }

        while (queue.TryDequeue(out var state, out var key))
        {
            var arc = graph.StateArc[state];
            if (key.Ms > timeMs[state] || closures.Contains(arc))
            {
                continue;
            }

            for (var turn = firstInto[state]; turn < firstInto[state + 1]; turn++)
            {
                var ms = key.Ms + graph.ArcMs[arc] + costMs[turn];
                if (ms < timeMs[from[turn]])
                {
                    timeMs[from[turn]] = ms;
                    queue.Enqueue(from[turn], (ms, from[turn]));
                }
            }
        }

        return timeMs[..graph.Network.ArcCount];
    }

    private static (int[] FirstInto, int[] From, int[] CostMs) TurnsInto(TurnGraph graph)
    {
        var firstInto = new int[graph.StateCount + 1];
        foreach (var to in graph.TurnTo)
        {
            firstInto[to + 1]++;
        }

        for (var state = 0; state < graph.StateCount; state++)
        {
            firstInto[state + 1] += firstInto[state];
        }

        var next = firstInto[..^1];
        var from = new int[graph.TurnTo.Length];
        var costMs = new int[graph.TurnTo.Length];
        for (var state = 0; state < graph.StateCount; state++)
        {
            for (var turn = graph.FirstTurn[state]; turn < graph.FirstTurn[state + 1]; turn++)
            {
                var slot = next[graph.TurnTo[turn]]++;
                from[slot] = state;
                costMs[slot] = graph.TurnMs[turn];
            }
        }

        return (firstInto, from, costMs);
    }
}

/// <summary>The numbers that the Centre's rules go by.</summary>
public sealed record CentreRules
{
    /// <summary>So much of the way ahead is released at least, metres; see <see cref="BaseEdges"/>.</summary>
    public double BaseM { get; init; } = 300;

    /// <summary>And at least so many edges.</summary>
    public int BaseEdges { get; init; } = 3;

    /// <summary>
    /// A narrow street is asked for only when it is nearer than this, metres: meanwhile others can have it. Enough that a vehicle need not brake for the
    /// answer: at 30 km/h it takes 12 s, and grant and message take two or three.
    /// </summary>
    public double NarrowM { get; init; } = 100;

    /// <summary>So much is shown beyond the base, metres.</summary>
    public double HorizonM { get; init; } = 400;

    /// <summary>An order with so many actions is let end, so that the vehicle's state stays short.</summary>
    public int MaxActions { get; init; } = 60;

    /// <summary>Orders and commands are repeated after this time until the vehicle's state shows them.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An order, command or zone set that a vehicle does not show after so many sendings is shown to a person.</summary>
    public int UnansweredSends { get; init; } = 10;

    /// <summary>From then on it is sent again only after this time.</summary>
    public TimeSpan UnansweredAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A vehicle that shows so many ended instant actions is asked to clear them.</summary>
    public int MaxInstantActions { get; init; } = 20;

    /// <summary>A vehicle's report is answered with a supervision lease, but not more often than this.</summary>
    public TimeSpan LeaseEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a lease holds from the report that it answers; the vehicle may keep to less.</summary>
    public TimeSpan LeaseValidFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A vehicle under the safety profile that has said nothing of its safety for longer gets no orders. It says so every 5 s (docs/link/safety-profile.md).
    /// </summary>
    public TimeSpan SafetySilentAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A command of a person that is older has expired: what was meant then may be wrong now. At most
    /// <see cref="Kehrwerk.Link.CommandStamp.MaxValidForS"/>, and well above <see cref="LeaseEvery"/>: its age counts from a lease.
    /// </summary>
    public TimeSpan CommandValidFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A vehicle whose last report is older counts as silent.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>And as lost after this time.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A vehicle's clock that is off by more is shown.</summary>
    public TimeSpan ClockOffAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A vehicle that has waited for another one for so long at a narrow street is shown to a person.</summary>
    public TimeSpan RoadWaitTold { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What a step may take beyond the forecast, as a factor on energy.</summary>
    public double EnergyMargin { get; init; } = 1.05;

    /// <summary>
    /// Stretches that a vehicle missed because something stood or moved there are tried once more at the end of its kerbs, by order of whoever started the Centre so.
    /// </summary>
    public bool SweepsMissedAgain { get; init; }

    /// <summary>To a bay that failed nobody is sent for so long.</summary>
    public TimeSpan BayRestsFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A step is tried so often before it is reported missed.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>So many visits to the depot are put in for one step at most.</summary>
    public int MaxVisits { get; init; } = 3;

    /// <summary>So many orders in a row may be refused before a person must look.</summary>
    public int MaxRefusals { get; init; } = 5;

    /// <summary>How long after its planned end a shift may go on before what is left is given up.</summary>
    public TimeSpan ShiftGrace { get; init; } = TimeSpan.FromMinutes(30);
}
