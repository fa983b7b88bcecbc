namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>Finds the cheapest place for a task in a plain problem, where the route's cost is all that counts.</summary>
internal sealed class PlaceFinder<TCosts>(SearchModel<TCosts> model, SeededRandom random)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly SearchVehicle vehicle = model.Vehicles[0];
    private readonly Blinks blinks = new(random, model.Tasks);
    private Place best;

    /// <summary>From so many tasks on, only gaps beside near tasks are tried first.</summary>
    public int NearFrom { get; init; } = 250;

    public int NearTried { get; init; } = 40;

    /// <summary>The cheapest place for a task that is in no tour.</summary>
    public Place Find(SearchSolution<TCosts> solution, int task, bool mayBeginTour = true)
    {
        best = Place.None;
        if (model.Tasks >= NearFrom)
        {
            TryNearGaps(solution, task);
        }

        if (best.Kind == PlaceKind.Nowhere)
        {
            TryAllGaps(solution, task);
        }

        if (model.EndsAtSite)
        {
            TryNewTrips(solution, task, everywhere: best.Kind == PlaceKind.Nowhere);
        }

        var alone = model.AloneCost[task] + vehicle.Vehicle.TourCost;
        return mayBeginTour && alone < best.Cost ? new(alone, 0, 0, PlaceKind.NewTour, 0) : best;
    }

    private void TryAllGaps(SearchSolution<TCosts> solution, int task)
    {
        var linksTo = model.LinksTo(task);
        var linksFrom = model.LinksFrom(task);
        for (var t = 0; t < solution.Tours; t++)
        {
            var tour = solution[t];
            if (tour.Count == 0)
            {
                continue;
            }

            var stops = tour.Stops;
            var ahead = tour.Ahead;
            var behind = tour.Behind;
            for (var trip = 0; trip < tour.Trips; trip++)
            {
                if (!tour.Fits(trip, task))
                {
                    continue;
                }

                var end = tour.TripEnd(trip);
                var limit = Math.Min(best.Cost + (long)tour.Route, (long)vehicle.MaxTime + 1);
                for (var gap = tour.TripStart(trip); gap < end; gap++)
                {
                    var cost = TCosts.Insert(ahead[gap], linksTo[stops[gap]], linksFrom[stops[gap + 1]], behind[gap + 1]);
                    if (cost < limit && !blinks.Next())
                    {
                        limit = cost;
                        best = new(cost - tour.Route, t, gap, PlaceKind.Gap, 0);
                    }
                }
            }
        }
    }

    private void TryNearGaps(SearchSolution<TCosts> solution, int task)
    {
        var linksTo = model.LinksTo(task);
        var linksFrom = model.LinksFrom(task);
        foreach (var near in model.NearTo(task)[..Math.Min(NearTried, model.Near)])
        {
            var t = solution.TourOf(near);
            if (t < 0)
            {
                continue;
            }

            var tour = solution[t];
            var position = solution.PositionOf(near);
            if (!tour.Fits(tour.TripAt(position - 1), task))
            {
                continue;
            }

            var stops = tour.Stops;
            var ahead = tour.Ahead;
            var behind = tour.Behind;
            var limit = Math.Min(best.Cost + (long)tour.Route, (long)vehicle.MaxTime + 1);
            for (var gap = position - 1; gap <= position; gap++)
            {
                var cost = TCosts.Insert(ahead[gap], linksTo[stops[gap]], linksFrom[stops[gap + 1]], behind[gap + 1]);
                if (cost < limit && !blinks.Next())
                {
                    limit = cost;
                    best = new(cost - tour.Route, t, gap, PlaceKind.Gap, 0);
                }
            }
        }
    }

    // A new trip of a tour: a site before or after the task. Within a trip it is cut in two, so that both parts must fit.
    private void TryNewTrips(SearchSolution<TCosts> solution, int task, bool everywhere)
    {
        for (var t = 0; t < solution.Tours; t++)
        {
            var tour = solution[t];
            for (var trip = 0; trip < tour.Trips && tour.Count > 0; trip++)
            {
                var start = tour.TripStart(trip);
                var end = tour.TripEnd(trip);
                TrySite(tour, t, start, task, PlaceKind.TaskThenSite);
                TrySite(tour, t, end - 1, task, PlaceKind.SiteThenTask);
                if (everywhere)
                {
                    for (var gap = start + 1; gap < end - 1; gap++)
                    {
                        if (PartFits(tour, start + 1, gap, task))
                        {
                            TrySite(tour, t, gap, task, PlaceKind.TaskThenSite);
                        }

                        if (PartFits(tour, gap + 1, end - 1, task))
                        {
                            TrySite(tour, t, gap, task, PlaceKind.SiteThenTask);
                        }
                    }
                }
            }
        }
    }

    private bool PartFits(SearchTour<TCosts> tour, int first, int last, int task)
    {
        for (var r = 0; r < model.Resources; r++)
        {
            var load = model.Demand(task, r);
            for (var p = first; p <= last; p++)
            {
                load += model.Demand(tour[p], r);
            }

            if (load > vehicle.Capacity[r])
            {
                return false;
            }
        }

        return true;
    }

    private void TrySite(SearchTour<TCosts> tour, int t, int gap, int task, PlaceKind kind)
    {
        for (var site = model.FirstSite; site < model.Stops; site++)
        {
            var (first, second) = kind == PlaceKind.TaskThenSite ? (task, site) : (site, task);
            var ahead = TCosts.Ahead(tour.Ahead[gap], model.Link(tour[gap], first));
            var cost = TCosts.Insert(ahead, model.Link(first, second), model.Link(second, tour[gap + 1]), tour.Behind[gap + 1]);
            if (cost <= vehicle.MaxTime && cost - tour.Route < best.Cost && !blinks.Next())
            {
                best = new(cost - tour.Route, t, gap, kind, site);
            }
        }
    }
}
