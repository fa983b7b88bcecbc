namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Tours by one <see cref="ClosedRoute{TCosts}"/> past many tasks that is cut into trips (route first, cluster second: Beasley 1983). What may be
/// left out is on the route in steps, the dearest first, as far as there are vehicles for all trips; everything else is in no tour.
/// </summary>
internal sealed class RouteFirst<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    // Tasks belong to one step as long as none costs that much less than the one before to leave out.
    private const double StepShare = 0.8;

    // A search saves so much of such a route that the other trips can be expected to fit in the end.
    private const double EnoughTrips = 0.6;

    private readonly TripPacking<TCosts> packing = new(model);

    /// <returns>The tours by kind of vehicle and stops, and what was to be served by them.</returns>
    public (List<(int Kind, int[] Stops)> Tours, int[] Tasks) Build()
    {
        var order = Enumerable.Range(0, model.Tasks).OrderByDescending(task => model.Penalty[task]).ToArray();
        int[] steps = [.. Enumerable.Range(1, order.Length).Where(n => n == order.Length || model.Penalty[order[n]] < StepShare * model.Penalty[order[n - 1]])];
        var (least, most) = (0, steps.Length - 1);
        var best = ToursOf(order[..steps[least]]);
        while (best.IsComplete && least < most)
        {
            var middle = (least + most + 1) / 2;
            var tours = ToursOf(order[..steps[middle]]);
            if (tours.IsComplete)
            {
                (best, least) = (tours, middle);
            }
            else
            {
                most = middle - 1;
            }
        }

        return (best.Tours, order[..steps[least]]);
    }

    private (bool IsComplete, List<(int Kind, int[] Stops)> Tours) ToursOf(int[] tasks)
    {
        var trips = new List<int[]>();
        var trip = new List<int>();
        foreach (var task in ClosedRoute<TCosts>.Past(model, tasks))
        {
            trip.Add(task);
            if (trip.Count > 1 && !packing.IsTrip([.. trip]))
            {
                trips.Add([.. trip[..^1]]);
                trip.RemoveRange(0, trip.Count - 1);
            }
        }

        var (packed, tours) = packing.Pack([.. trips, [.. trip]]);
        return (packed >= (trips.Count + 1) * EnoughTrips, tours);
    }
}
