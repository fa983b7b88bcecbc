namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Makes tours of a solution that was good for another problem, such as the same day before a street was closed: stop by stop each tour keeps
/// what it still can, with a stop at a site more where that is all that is missing, and loses the rest. Reuses its buffers.
/// </summary>
internal sealed class TourRepair<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly SearchTour<TCosts> trial = new(model);
    private readonly TourSchedule<TCosts> schedule = new(model);
    private readonly List<int> stops = [];

    /// <summary>The tours by kind of vehicle and stops; none is worse than it must be. Where a tour is for a vehicle too many, it is left out.</summary>
    public List<(int Kind, int[] Stops)> ToursOf(ArcSolution solution)
    {
        var tours = new List<(int Kind, int[] Stops)>();
        foreach (var tour in solution.Tours)
        {
            if (tours.Count(other => other.Kind == tour.Vehicle) < model.Vehicles[tour.Vehicle].MaxTours)
            {
                tours.Add((tour.Vehicle, Repair(tour.Vehicle, [.. tour.Stops.Select(stop => stop.IsSite ? model.FirstSite + stop.Index : stop.Index)])));
            }
        }

        return tours;
    }

    private int[] Repair(int kind, int[] wanted)
    {
        if (Try(kind, wanted))
        {
            return wanted;
        }

        stops.Clear();
        foreach (var stop in wanted)
        {
            if (!TryAppend(kind, [stop]) && model.IsTask(stop))
            {
                for (var site = model.FirstSite; site < model.Stops && !TryAppend(kind, [site, stop]); site++)
                {
                }
            }
        }

        return Try(kind, [.. stops]) || stops.Count > 0 ? [.. trial.Stops[1..^1]] : [];
    }

    private bool TryAppend(int kind, ReadOnlySpan<int> more)
    {
        var count = stops.Count;
        stops.AddRange(more);
        if (Try(kind, [.. stops]))
        {
            return true;
        }

        stops.RemoveRange(count, stops.Count - count);
        return false;
    }

    private bool Try(int kind, ReadOnlySpan<int> tour)
    {
        trial.Clear(kind);
        trial.Set(model.EndsAtSite && !tour.IsEmpty && model.IsTask(tour[^1]) && !model.LastStops.IsEmpty
            ? [.. tour, model.LastStopAfter(model.Vehicles[kind], tour[^1])]
            : tour);
        schedule.Run(trial);
        return trial.IsFeasible;
    }
}
