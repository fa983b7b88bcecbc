namespace Kehrwerk.Planning.ArcRouting.Search;

internal sealed partial class SearchTour<TCosts>
{
    /// <summary>Moves each stop at a site to the one that suits best and leaves out those that are not needed, as long as that lowers the cost. For plain problems.</summary>
    /// <returns>Whether anything was changed.</returns>
    public bool ImproveSites()
    {
        var before = Cost;
        for (var isBetter = true; isBetter;)
        {
            isBetter = false;
            for (var trip = 0; trip < Trips && !isBetter; trip++)
            {
                isBetter = MoveSite(tripEnd[trip]) || (trip < Trips - 1 && LeaveOutSite(trip));
            }
        }

        return Cost < before;
    }

    private bool MoveSite(int position)
    {
        var best = stop[position];
        var bestCost = Route;
        for (var site = model.FirstSite; site < model.Stops; site++)
        {
            var cost = TCosts.Insert(
                ahead[position - 1], model.Link(stop[position - 1], site), model.Link(site, stop[position + 1]), behind[position + 1]);
            if (cost < bestCost)
            {
                (best, bestCost) = (site, cost);
            }
        }

        if (best == stop[position])
        {
            return false;
        }

        stop[position] = best;
        link[position] = model.Link(stop[position - 1], best);
        link[position + 1] = model.Link(best, stop[position + 1]);
        Evaluate(position, position);
        return true;
    }

    private bool LeaveOutSite(int trip)
    {
        for (var r = 0; r < model.Resources; r++)
        {
            if (Load(trip, r) + Load(trip + 1, r) > Vehicle.Capacity[r])
            {
                return false;
            }
        }

        var position = tripEnd[trip];
        if (RouteWithout(position) >= Route)
        {
            return false;
        }

        Set([.. stop.AsSpan(1, position - 1), .. stop.AsSpan(position + 1, Count - position)]);
        return true;
    }
}
