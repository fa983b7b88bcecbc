namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Finds the cheapest place for a task where more than the route counts. What a place costs by route alone is found first, for all places;
/// what it costs in truth, with services, times and loads of the whole tour, is then found for one after the other, cheapest route first,
/// until no other can be cheaper.
/// </summary>
internal sealed class LazyPlaceFinder<TCosts>(SearchModel<TCosts> model, SeededRandom random)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private const int MostKept = 12;

    private readonly Blinks blinks = new(random, model.Tasks);

    // Whether what ways use cannot be told from the cost of the route.
    private readonly bool tellsLess = !model.TellsTravel && model.Vehicles.Any(v => v.TravelUse.AsSpan().ContainsAnyExcept(0));
    private readonly SearchTour<TCosts> trial = new(model);
    private Place[] candidates = new Place[64];
    private int count;
    private int mostKept;
    private int worstKept;

    /// <summary>From so many tasks on, only gaps beside near tasks are tried first.</summary>
    public int NearFrom { get; init; } = 60;

    public int NearTried { get; init; } = 40;

    /// <summary>The cheapest place for a task that is in no tour; <see cref="Place.None"/> where it costs less to leave it out.</summary>
    public Place Find(SearchSolution<TCosts> solution, int task)
    {
        var best = Place.None with { Cost = model.Penalty[task] };
        if (model.Tasks >= NearFrom)
        {
            Begin(best.Cost, MostKept);
            AddNearGaps(solution, task);
            AddNewTripsAndTours(solution, task);
            best = Best(solution, task, best);
        }

        if (best.Kind == PlaceKind.Nowhere && (model.Tasks < NearFrom || model.Penalty[task] == SearchSolution<TCosts>.MustServe))
        {
            Begin(best.Cost, int.MaxValue);
            AddAllGaps(solution, task);
            AddNewTripsAndTours(solution, task);
            best = Best(solution, task, best);
        }

        return best;
    }

    private void AddNearGaps(SearchSolution<TCosts> solution, int task)
    {
        foreach (var near in model.NearTo(task)[..Math.Min(NearTried, model.Near)])
        {
            var t = solution.TourOf(near);
            if (t >= 0 && solution[t].Vehicle.MayServe(task))
            {
                var position = solution.PositionOf(near);
                AddGap(solution, t, solution[t].TripAt(position - 1), position - 1, task);
                AddGap(solution, t, solution[t].TripAt(position), position, task);
            }
        }
    }

    private void AddAllGaps(SearchSolution<TCosts> solution, int task)
    {
        for (var t = 0; t < solution.Tours; t++)
        {
            var tour = solution[t];
            for (var trip = 0; trip < tour.Trips && tour.HasTasks && tour.Vehicle.MayServe(task); trip++)
            {
                for (var gap = tour.TripStart(trip); gap < tour.TripEnd(trip); gap++)
                {
                    AddGap(solution, t, trip, gap, task);
                }
            }
        }
    }

    private void AddNewTripsAndTours(SearchSolution<TCosts> solution, int task)
    {
        for (var t = 0; t < solution.Tours; t++)
        {
            var tour = solution[t];
            if (!tour.IsDriven || tour.Trips == 0 || !tour.Vehicle.MayServe(task))
            {
                continue;
            }

            for (var trip = 0; trip < tour.Trips; trip++)
            {
                // The ends of a trip are open to tasks from anywhere: a tour with time left may have nothing near.
                AddGap(solution, t, trip, tour.TripStart(trip), task);
                AddGap(solution, t, trip, Math.Min(tour.TripEnd(trip), tour.Count + 1) - 1, task);
            }
        }

        for (var kind = 0; kind < model.Vehicles.Length; kind++)
        {
            var vehicle = model.Vehicles[kind];
            if (vehicle.MayServe(task) && solution.HasTourOf(kind))
            {
                Add(model.RouteAlone(vehicle, task) + vehicle.Vehicle.TourCost + vehicle.ExtraCost(task), kind, 0, PlaceKind.NewTour, 0);
            }
        }
    }

    private void AddGap(SearchSolution<TCosts> solution, int t, int trip, int gap, int task)
    {
        var tour = solution[t];
        var stops = tour.Stops;
        var route = TCosts.Insert(tour.Ahead[gap], model.LinksTo(task)[stops[gap]], model.LinksFrom(task)[stops[gap + 1]], tour.Behind[gap + 1]) - tour.Route;
        if (route >= worstKept || !IsInTime(solution, t, route, task))
        {
            return;
        }

        var service = MoreServiceTime(tour, trip, task, route);
        if (service is null)
        {
            Add(route + tour.Vehicle.ExtraCost(task), t, gap, PlaceKind.Gap, 0);
        }

        if (service is not null || tellsLess)
        {
            AddSites(solution, t, gap, task, PlaceKind.TaskThenSite, service ?? 0);
            AddSites(solution, t, gap, task, PlaceKind.SiteThenTask, service ?? 0);
        }
    }

    private void AddSites(SearchSolution<TCosts> solution, int t, int gap, int task, PlaceKind kind, int service)
    {
        var tour = solution[t];
        for (var site = model.FirstSite; site < model.Stops; site++)
        {
            var (first, second) = kind == PlaceKind.TaskThenSite ? (task, site) : (site, task);
            var ahead = TCosts.Ahead(tour.Ahead[gap], model.Link(tour[gap], first));
            var route = TCosts.Insert(ahead, model.Link(first, second), model.Link(second, tour[gap + 1]), tour.Behind[gap + 1]) - tour.Route;
            if (IsInTime(solution, t, route + service, task))
            {
                Add(route + tour.Vehicle.StandCost(service) + tour.Vehicle.ExtraCost(task), t, gap, kind, site);
            }
        }
    }

    // As far as the route tells; where it has times of its own, it does not. What comes in may take the time of waiting for a window.
    private bool IsInTime(SearchSolution<TCosts> solution, int t, int route, int task)
    {
        var tour = solution[t];
        return !model.IsCostTime
            || (long)tour.Time - tour.Clock.Idle + solution.WaitOf(t) + route + tour.Vehicle.TaskTime[task] <= tour.Vehicle.MaxTime;
    }

    // Null where the trip can take the task as it is; else the time of the one more service that it mostly takes to free what is short. Now and
    // then a later one can do without its own, so that this holds only where there are many other places.
    private int? MoreServiceTime(SearchTour<TCosts> tour, int trip, int task, int route)
    {
        var vehicle = tour.Vehicle;
        var shared = tour.SharedUses.Slice(trip * model.Resources, model.Resources);
        var travel = Math.Max(0, route - model.LeastService[task]);
        int? time = null;
        for (var r = 0; r < shared.Length; r++)
        {
            var use = model.TellsTravel ? (int)((long)travel * vehicle.TravelUse[r] / 1_000) : 0;
            if (shared[r] + vehicle.Demands[(task * model.Resources) + r] + use > vehicle.Capacity[r])
            {
                time = mostKept == int.MaxValue ? 0 : Math.Max(time ?? 0, vehicle.LeastResetTime[r]);
            }
        }

        return time;
    }

    private void Begin(int limit, int most)
    {
        count = 0;
        mostKept = most;
        worstKept = limit;
    }

    // Keeps the candidates with the least bounds, cheapest first.
    private void Add(int bound, int tour, int gap, PlaceKind kind, int site)
    {
        if (bound >= worstKept || bound >= CostTable.NoWay || (kind != PlaceKind.NewTour && blinks.Next()))
        {
            return;
        }

        if (count == candidates.Length)
        {
            Array.Resize(ref candidates, 2 * count);
        }

        var at = count < mostKept ? count++ : count - 1;
        for (; at > 0 && candidates[at - 1].Cost > bound; at--)
        {
            candidates[at] = candidates[at - 1];
        }

        candidates[at] = new(bound, tour, gap, kind, site);
        if (count == mostKept)
        {
            worstKept = candidates[count - 1].Cost;
        }
    }

    private Place Best(SearchSolution<TCosts> solution, int task, Place best)
    {
        foreach (var candidate in candidates.AsSpan(0, count))
        {
            if (candidate.Cost >= best.Cost)
            {
                break;
            }

            var cost = TrueCost(solution, task, candidate);
            if (cost < best.Cost)
            {
                best = candidate with { Cost = cost };
            }
        }

        return best;
    }

    private int TrueCost(SearchSolution<TCosts> solution, int task, Place place)
    {
        if (place.Kind == PlaceKind.Gap && solution.TellsCost)
        {
            return solution.CostInGap(place.Tour, place.Gap, task, place.Cost - solution[place.Tour].Vehicle.ExtraCost(task));
        }

        var before = 0;
        var wait = 0;
        switch (place.Kind)
        {
            case PlaceKind.Gap:
                solution.Try(trial, place.Tour, place.Gap, task, SearchSolution<TCosts>.None);
                break;
            case PlaceKind.TaskThenSite:
                solution.Try(trial, place.Tour, place.Gap, task, place.Site);
                break;
            case PlaceKind.SiteThenTask:
                solution.Try(trial, place.Tour, place.Gap, place.Site, task);
                break;
            default:
                solution.TryAlone(trial, place.Tour, task);
                break;
        }

        if (place.Kind != PlaceKind.NewTour)
        {
            before = solution[place.Tour].Cost;
            wait = solution.WaitOf(place.Tour);
        }

        return trial.IsFeasible && (long)trial.Time + wait <= trial.Vehicle.MaxTime ? trial.Cost - before : int.MaxValue;
    }
}
