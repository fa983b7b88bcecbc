using System.Collections.Immutable;
using System.Globalization;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>What the checker found.</summary>
/// <param name="Cost">Of the tours as listed; null where that cannot be told, for there is no way or no such link.</param>
/// <param name="Violations">A sentence for each rule that is broken; empty for a solution that keeps them all.</param>
public sealed record InstanceVerdict(long? Cost, ImmutableArray<string> Violations);

/// <summary>
/// Judges a solution by the instance's file alone. It has its own shortest paths and its own sums and shares nothing with the
/// solver or with <see cref="ArcInstance.ToProblem"/>, so that a fault there shows here.
/// </summary>
/// <remarks>The number of tours is free, see <see cref="ArcInstance.Vehicles"/>; the limit on a tour's cost counts as <see cref="ArcInstance.TourLimit"/> says.</remarks>
public sealed class InstanceChecker
{
    private readonly ArcInstance instance;
    private readonly ArcSolutionFile solution;
    private readonly Dictionary<int, List<(int Node, int Cost)>> neighbours = [];
    private readonly Dictionary<int, int> servedInLine = [];
    private readonly ImmutableArray<string>.Builder violations = ImmutableArray.CreateBuilder<string>();

    private InstanceChecker(ArcInstance instance, ArcSolutionFile solution)
    {
        this.instance = instance;
        this.solution = solution;
        foreach (var link in instance.Links)
        {
            Join(link.From, link.To, link.TraversalCost);
            if (!link.IsOneWay)
            {
                Join(link.To, link.From, link.TraversalCost);
            }
        }

        void Join(int from, int to, int cost)
        {
            neighbours.TryAdd(from, []);
            neighbours[from].Add((to, cost));
        }
    }

    public static InstanceVerdict Check(ArcInstance instance, ArcSolutionFile solution) => new InstanceChecker(instance, solution).Check();

    private InstanceVerdict Check()
    {
        long? total = 0;
        foreach (var tour in solution.Tours)
        {
            var cost = CostOf(tour);
            if (cost > instance.TourLimit)
            {
                Violate(tour.Line, $"the tour costs {cost}, MAX_TRIP allows {instance.TourLimit}");
            }

            total += cost;
        }

        foreach (var (index, required) in instance.Required.Index())
        {
            if (!servedInLine.ContainsKey(index + 1))
            {
                violations.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{solution.Source}: required link {index + 1} ({required.Link.From}, {required.Link.To}) is not served."));
            }
        }

        if (total is not null && total != solution.Cost)
        {
            Violate(solution.CostLine, $"the cost is stated as {solution.Cost}, the tours cost {total}");
        }

        return new(total, violations.ToImmutable());
    }

    // Follows one tour from stop to stop; null where its cost cannot be told.
    private long? CostOf(ListedTour tour)
    {
        var hasSites = !instance.DumpingSites.IsEmpty;
        long? cost = hasSites ? 0 : instance.DumpingCost;
        var at = instance.Depot;
        var load = 0L;
        var isLoaded = false;
        foreach (var stop in tour.Stops)
        {
            if (stop.IsTip)
            {
                if (!instance.DumpingSites.Contains(stop.Number))
                {
                    Violate(tour.Line, $"node {stop.Number} is no dumping site of the instance");
                }

                cost += Way(tour, at, stop.Number) + instance.DumpingCost;
                (at, load, isLoaded) = (stop.Number, 0, false);
                continue;
            }

            if (stop.Number > instance.Required.Length)
            {
                Violate(tour.Line, $"there is no required link {stop.Number}, the instance has {instance.Required.Length}");
                cost = null;
                continue;
            }

            var required = instance.Required[stop.Number - 1];
            if (!servedInLine.TryAdd(stop.Number, tour.Line))
            {
                Violate(tour.Line, $"required link {stop.Number} is served again, the first time is in line {servedInLine[stop.Number]}");
            }

            if (stop.IsBackward && required.Link.IsOneWay)
            {
                Violate(tour.Line, $"required link {stop.Number} is one-way and served against its direction");
            }

            // Told where the load first exceeds the capacity, once for each trip.
            if (load <= instance.Capacity && load + required.Demand > instance.Capacity)
            {
                Violate(tour.Line, $"with required link {stop.Number} the trip carries {load + required.Demand}, a vehicle holds {instance.Capacity}");
            }

            load += required.Demand;
            isLoaded = true;
            var (entry, exit) = stop.IsBackward ? (required.Link.To, required.Link.From) : (required.Link.From, required.Link.To);
            cost += Way(tour, at, entry) + required.ServiceCost;
            at = exit;
        }

        if (hasSites && isLoaded)
        {
            Violate(tour.Line, "the tour does not visit a dumping site after its last service");
        }

        return cost + Way(tour, at, instance.Depot);
    }

    // Dijkstra's algorithm as in the textbook, ended at the target.
    private long? Way(ListedTour tour, int from, int to)
    {
        var best = new Dictionary<int, long> { [from] = 0 };
        var settled = new HashSet<int>();
        var open = new PriorityQueue<int, long>([(from, 0)]);
        while (open.TryDequeue(out var node, out var cost))
        {
            if (node == to)
            {
                return cost;
            }

            if (!settled.Add(node))
            {
                continue;
            }

            foreach (var (next, step) in neighbours.GetValueOrDefault(node, []))
            {
                if (!best.TryGetValue(next, out var known) || cost + step < known)
                {
                    best[next] = cost + step;
                    open.Enqueue(next, cost + step);
                }
            }
        }

        Violate(tour.Line, $"there is no way from node {from} to node {to}");
        return null;
    }

    private void Violate(int line, string rule) => violations.Add(FormattableString.Invariant($"{solution.Source}, line {line}: {rule}."));
}
