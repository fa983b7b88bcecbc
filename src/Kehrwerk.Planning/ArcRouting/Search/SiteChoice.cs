namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Chooses the sites of a tour anew: each is left out where the tour does without it, or exchanged for one that suits better, as long
/// as that lowers the cost. Reuses its buffers.
/// </summary>
internal sealed class SiteChoice<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly SearchTour<TCosts> trial = new(model);
    private int[] stops = new int[16];

    /// <returns>Whether the tour was changed.</returns>
    public bool Apply(SearchTour<TCosts> tour, TourSchedule<TCosts> schedule)
    {
        if (model.IsPlain)
        {
            return tour.ImproveSites();
        }

        var isChanged = false;
        while (tour.IsFeasible && ImproveOne(tour, schedule))
        {
            isChanged = true;
        }

        return isChanged;
    }

    private bool ImproveOne(SearchTour<TCosts> tour, TourSchedule<TCosts> schedule)
    {
        for (var trip = 0; trip < tour.Trips && tour.TripEnd(trip) <= tour.Count; trip++)
        {
            if ((trip < tour.Trips - 1 ? MayJoin(tour, trip) : !model.EndsAtSite) && TryWith(tour, tour.TripEnd(trip), SearchSolution<TCosts>.None, schedule))
            {
                return true;
            }

            for (var site = model.FirstSite; site < model.Stops; site++)
            {
                if (site != tour[tour.TripEnd(trip)] && TryWith(tour, tour.TripEnd(trip), site, schedule))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool MayJoin(SearchTour<TCosts> tour, int trip)
    {
        var capacity = tour.Vehicle.Capacity;
        for (var r = 0; r < model.Resources; r++)
        {
            if (tour.TripUses[(trip * model.Resources) + r] + tour.TripUses[((trip + 1) * model.Resources) + r] > capacity[r] + (capacity[r] / 16))
            {
                return false;
            }
        }

        return true;
    }

    // The tour with another stop at that position, or none.
    private bool TryWith(SearchTour<TCosts> tour, int position, int site, TourSchedule<TCosts> schedule)
    {
        if (stops.Length < tour.Count)
        {
            stops = new int[2 * tour.Count];
        }

        var count = 0;
        for (var p = 1; p <= tour.Count; p++)
        {
            if (p != position)
            {
                stops[count++] = tour[p];
            }
            else if (site != SearchSolution<TCosts>.None)
            {
                stops[count++] = site;
            }
        }

        trial.Clear(tour.Kind);
        trial.Set(stops.AsSpan(0, count));
        schedule.Run(trial);
        if (!trial.IsFeasible || trial.Cost >= tour.Cost)
        {
            return false;
        }

        tour.CopyFrom(trial);
        return true;
    }
}
