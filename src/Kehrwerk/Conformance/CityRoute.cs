using System.Collections.Immutable;
using Kehrwerk.Conformance;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Route = Kehrwerk.Conformance.Route;

namespace Kehrwerk;

/// <summary>The route of a check in an imported city: from the depot once round and back, by turns that a sweeper may take.</summary>
internal static class CityRoute
{
    private const int MaxNodes = 24;

    // Rather a round of so many nodes and swept streets; a small one where there is none.
    private static readonly (int Nodes, int Swept)[] Least = [(6, 2), (Route.MinNodes, 1)];

    // As docs/reference/route-file.md asks for: so long that a vehicle can be stopped between two nodes.
    private const double LongM = 30;

    // A shorter street counts as so much longer.
    private const double ShortCostM = 1000;

    private const int MaxTries = 100_000;
    private const int MaxBegins = 100;

    // The first is done twice by a vehicle under check; all are what our Centre may ask of a vehicle that it serves.
    private static readonly string[] Services = [SweeperActions.Tip, SweeperActions.WashHopper, SweeperActions.FillWater, SweeperActions.StartCharging];

    /// <summary>Of the rounds from the depot, with streets that are swept, the one with the fewest short streets, and of these the shortest.</summary>
    /// <param name="mayBeginElsewhere">Where no round leads past the depot, one near it will do: a vehicle that is only played may stand anywhere.</param>
    /// <exception cref="InputException">There is none, or none near.</exception>
    public static Route Of(City city, bool mayBeginElsewhere)
    {
        var graph = new TurnGraph(city.Streets, new TravelCosts());
        List<int> begins = [city.Depot.Arc];
        if (mayBeginElsewhere)
        {
            new PlainRouter(graph).FindAll(city.Depot.Arc, (arc, _) => begins.Add(arc));
        }

        var swept = city.Kerbs.Select(kerb => kerb.Arc).ToHashSet();
        var rounds = begins.Take(MaxBegins).SelectMany(begin => Least.Select(least => Round(graph, begin, least.Nodes, least.Swept, swept)));
        return rounds.FirstOrDefault(round => !round.IsEmpty) is { IsDefault: false } arcs
            ? Along(city, arcs)
            : throw new InputException(
                $"the city {city.Name}", "no round of streets was found that leads from the depot back to it and passes no crossing twice", "Write a route file and give it with --route");
    }

    /// <summary>The round that ends with an arc; empty where none was found.</summary>
    private static ImmutableArray<int> Round(TurnGraph graph, int last, int leastNodes, int leastSwept, HashSet<int> swept)
    {
        var map = graph.Network;
        var home = map.NodePoint[map.ArcHead[last]];
        var open = new PriorityQueue<Way, double>();
        open.Enqueue(new(last, last, null, 0, 0), 0);
        for (var tries = 0; tries < MaxTries && open.TryDequeue(out var way, out _); tries++)
        {
            if (way.Before is not null && way.Arc == last)
            {
                return way.Arcs();
            }

            foreach (var next in graph.TurnTo[graph.FirstTurn[way.State]..graph.FirstTurn[way.State + 1]])
            {
                var arc = graph.StateArc[next];
                var further = new Way(next, arc, way, way.Count + 1, way.CostM + map.ArcLengthM[arc] + (map.ArcLengthM[arc] < LongM ? ShortCostM : 0));
                var fits = arc == last ? further.Count >= leastNodes && further.Arcs().Count(swept.Contains) >= leastSwept : !further.WasAt(map, map.ArcHead[arc]);
                if (fits && further.Count <= MaxNodes)
                {
                    open.Enqueue(further, further.CostM + map.NodePoint[map.ArcHead[arc]].DistanceTo(home));
                }
            }
        }

        return [];
    }

    /// <summary>The route along arcs that lead round, beginning where the first begins.</summary>
    public static Route Along(City city, ImmutableArray<int> arcs)
    {
        var map = city.Streets;
        var start = map.NodeKey(map.ArcTail[arcs[0]]);
        return new(
            city.Fingerprint,
            start,
            [.. arcs.Select(arc => map.ArcTail[arc]).Select(node => new RouteNode(map.NodeKey(node), map.NodePoint[node].X, map.NodePoint[node].Y))],
            [.. arcs.Select(arc => new RouteEdge(map.ArcKey(arc), map.NodeKey(map.ArcTail[arc]), map.NodeKey(map.ArcHead[arc])))])
        {
            NodeActions = [.. Services.Select(service => new RouteAction(start, service, BlockingType.Hard))],
            EdgeActions = [.. city.Kerbs.Where(kerb => arcs.Contains(kerb.Arc)).OrderBy(kerb => arcs.IndexOf(kerb.Arc)).Select(Sweep)],
        };

        RouteAction Sweep(Kerb kerb) => new(map.ArcKey(kerb.Arc), SweeperActions.Sweep, BlockingType.None)
        {
            Parameters = SweeperActions.SweepKerb("any", kerb.Key, kerb.Side == KerbSide.Left ? SweepSide.Left : SweepSide.Right).ActionParameters,
        };
    }

    /// <summary>A way from the depot: arcs, each with the one before.</summary>
    /// <param name="State">Of the turn graph.</param>
    private sealed record Way(int State, int Arc, Way? Before, int Count, double CostM)
    {
        public bool WasAt(StreetNetwork map, int node)
        {
            for (var way = Before; way is not null; way = way.Before)
            {
                if (map.ArcHead[way.Arc] == node)
                {
                    return true;
                }
            }

            return false;
        }

        public ImmutableArray<int> Arcs()
        {
            var arcs = new int[Count];
            for (var way = this; way is { Before: not null }; way = way.Before)
            {
                arcs[way.Count - 1] = way.Arc;
            }

            return [.. arcs];
        }
    }
}
