namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Gives trips to vehicles, the longest first, each to the one for which that costs least: the next trip of a tour begins at the site where
/// the one before has ended. Reuses its buffers.
/// </summary>
internal sealed class TripPacking<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly SearchTour<TCosts> trial = new(model);
    private readonly TourSchedule<TCosts> schedule = new(model);

    /// <summary>Whether a vehicle of the first kind can make a trip of these tasks and nothing else.</summary>
    public bool IsTrip(ReadOnlySpan<int> tasks) => Try(0, [], tasks);

    /// <summary>Tours that make as many of the trips as possible.</summary>
    /// <param name="trips">Tasks of each trip.</param>
    /// <returns>How many trips found a vehicle, and the tours by kind of vehicle and stops.</returns>
    public (int Packed, List<(int Kind, int[] Stops)> Tours) Pack(IReadOnlyList<int[]> trips)
    {
        var packed = PackInOrder(trips.OrderByDescending(TimeOf));
        return packed.Packed == trips.Count ? packed : PackInOrder(trips.OrderByDescending(trip => trip.Sum(task => (double)model.Penalty[task]) / Math.Max(1, TimeOf(trip))));
    }

    private (int Packed, List<(int Kind, int[] Stops)> Tours) PackInOrder(IEnumerable<int[]> trips)
    {
        var tours = new List<(int Kind, int[] Stops)>();
        var costs = new List<long>();
        var packed = 0;
        foreach (var trip in trips)
        {
            var (best, bestKind, least) = (-1, -1, long.MaxValue);
            for (var t = 0; t < tours.Count; t++)
            {
                if (Try(tours[t].Kind, tours[t].Stops, trip) && trial.Cost - costs[t] < least)
                {
                    (best, least) = (t, trial.Cost - costs[t]);
                }
            }

            for (var kind = 0; kind < model.Vehicles.Length; kind++)
            {
                if (tours.Count(tour => tour.Kind == kind) < model.Vehicles[kind].MaxTours && Try(kind, [], trip) && trial.Cost < least)
                {
                    (bestKind, least) = (kind, trial.Cost);
                }
            }

            if (bestKind >= 0)
            {
                best = tours.Count;
                tours.Add((bestKind, []));
                costs.Add(0);
            }

            if (best < 0)
            {
                continue;
            }

            packed++;

            Try(tours[best].Kind, tours[best].Stops, trip);
            tours[best] = (tours[best].Kind, [.. trial.Stops[1..^1]]);
            costs[best] = trial.Cost;
        }

        return (packed, tours);
    }

    private int TimeOf(int[] trip)
    {
        Try(0, [], trip);
        return trial.Time;
    }

    // Leaves the tour in trial.
    private bool Try(int kind, ReadOnlySpan<int> before, ReadOnlySpan<int> trip)
    {
        trial.Clear(kind);
        trial.Set([.. before, .. trip, .. model.EndsAtSite ? (ReadOnlySpan<int>)[model.LastStopAfter(model.Vehicles[kind], trip[^1])] : []]);
        schedule.Run(trial);
        return trial.IsFeasible;
    }
}
