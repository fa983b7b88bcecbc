using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks;

public sealed partial record ArcInstance
{
    /// <summary>More would make a cost table of more than 1 GiB.</summary>
    private const int MaxPlaces = 16_000;

    /// <summary>
    /// The instance as the solver takes it. Places are the nodes that matter (depot, dumping sites, ends of required links, in this
    /// order), tasks the required links in the order of the file. Mode 0 of a task serves it from its first node to the second.
    /// </summary>
    /// <exception cref="InputException">A required link cannot be reached or left, or takes more than a tour may cost.</exception>
    public ArcProblem ToProblem()
    {
        var placeOf = new Dictionary<int, int>();
        var depot = PlaceOf(Depot);
        var sites = DumpingSites.Select(node => new ArcSite(PlaceOf(node), DumpingCost, [ArcSite.Unlimited])).ToImmutableArray();
        var tasks = ImmutableArray.CreateBuilder<ArcTask>(Required.Length);
        foreach (var (link, cost, demand) in Required)
        {
            var (from, to) = (PlaceOf(link.From), PlaceOf(link.To));
            ImmutableArray<TaskMode> modes = link.IsOneWay || from == to ? [new(from, to, cost)] : [new(from, to, cost), new(to, from, cost)];
            tasks.Add(new(modes, [demand]));
        }

        if (placeOf.Count > MaxPlaces)
        {
            throw new InputException(Source, $"the required links meet at {placeOf.Count:N0} nodes", $"Give an instance of at most {MaxPlaces:N0}");
        }

        var problem = new ArcProblem
        {
            Tasks = tasks.MoveToImmutable(),
            Travel = LinkPaths.Between([.. placeOf.Keys], Links),
            Vehicles = [new() { Start = depot, End = depot, Capacity = [Capacity], TourCost = sites.IsEmpty ? DumpingCost : 0, MaxTime = TourLimit }],
            Services = sites.IsEmpty ? [] : [new("tip", [0]) { IsDoneLast = true }],
            Sites = sites,
        };
        RefuseWhatCannotBeServed(problem);
        return problem;

        // The dictionary keeps its keys in the order in which they came, since none is ever removed.
        int PlaceOf(int node)
        {
            if (!placeOf.TryGetValue(node, out var place))
            {
                place = placeOf.Count;
                placeOf.Add(node, place);
            }

            return place;
        }
    }

    private void RefuseWhatCannotBeServed(ArcProblem problem)
    {
        var homeward = Enumerable.Range(0, problem.Travel.Places).Select(HomewardCost).ToArray();
        foreach (var (task, required) in problem.Tasks.Zip(Required))
        {
            var place = $"{Source}, line {required.Link.Line}";
            var link = $"the required link ({required.Link.From}, {required.Link.To})";
            var least = task.Modes.Min(mode => (long)problem.Travel[problem.Vehicles[0].Start, mode.Entry] + mode.Cost + homeward[mode.Exit]);
            if (least >= CostTable.NoWay)
            {
                var over = problem.Sites.IsEmpty ? "" : " over a dumping site";
                throw new InputException(
                    place, $"{link} cannot be reached from the depot and left for it again{over}", "Add the links that are missing, or remove this one");
            }

            if (least > problem.Vehicles[0].MaxTime)
            {
                throw new InputException(
                    place, $"a tour for {link} alone costs {least}, more than the {problem.Vehicles[0].MaxTime} of MAX_TRIP", "Raise MAX_TRIP, or remove the link");
            }
        }

        // From a place back to the depot, with the last load left on the way where that has to be.
        long HomewardCost(int place) => problem.Sites.IsEmpty
            ? problem.Travel[place, problem.Vehicles[0].Start]
            : problem.Sites.Min(site => (long)problem.Travel[place, site.Place] + site.Cost + problem.Travel[site.Place, problem.Vehicles[0].Start]);
    }
}
