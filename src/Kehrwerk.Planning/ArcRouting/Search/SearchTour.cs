namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// One tour: the stops at positions 1 … <see cref="Count"/> between the depot at 0 and at <see cref="Count"/> + 1, with what lies
/// ahead of and behind each, so that an insertion anywhere is evaluated in constant time. Gap g lies after position g.
/// A trip ends at a tip site, or at the depot where there are none.
/// </summary>
internal sealed class SearchTour<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private int[] stop = [model.Depot, model.Depot, 0, 0];
    private TCosts[] link = new TCosts[4];
    private TCosts[] ahead = [TCosts.AtDepot, TCosts.AtDepot, default, default];
    private TCosts[] behind = [TCosts.AtDepot, TCosts.AtDepot, default, default];
    private int[] tripEnd = new int[2];
    private int[] tripLoad = new int[2 * model.Resources];

    public int Count { get; private set; }

    /// <summary>Cost of the whole tour; 0 for an empty one.</summary>
    public int Cost { get; private set; }

    public int Trips { get; private set; }

    public int this[int position] => stop[position];

    public ReadOnlySpan<int> Stops => stop.AsSpan(0, Count + 2);
    public ReadOnlySpan<TCosts> Ahead => ahead.AsSpan(0, Count + 2);
    public ReadOnlySpan<TCosts> Behind => behind.AsSpan(0, Count + 2);
    public ReadOnlySpan<TCosts> Links => link.AsSpan(0, Count + 2);

    /// <summary>Position of the stop that ends the trip.</summary>
    public int TripEnd(int trip) => tripEnd[trip];

    /// <summary>Position of the stop at which the trip begins.</summary>
    public int TripStart(int trip) => trip == 0 ? 0 : tripEnd[trip - 1];

    public int TripAt(int gap)
    {
        var trip = 0;
        while (tripEnd[trip] <= gap)
        {
            trip++;
        }

        return trip;
    }

    public int Load(int trip, int resource) => tripLoad[(trip * model.Resources) + resource];

    public bool Fits(int trip, int task)
    {
        for (var r = 0; r < model.Resources; r++)
        {
            if (Load(trip, r) + model.Demand(task, r) > model.Capacity[r])
            {
                return false;
            }
        }

        return true;
    }

    public void CopyFrom(SearchTour<TCosts> other)
    {
        MakeRoom(other.Count);
        Count = other.Count;
        Cost = other.Cost;
        Trips = other.Trips;
        var filled = Count + 2;
        other.stop.AsSpan(0, filled).CopyTo(stop);
        other.link.AsSpan(0, filled).CopyTo(link);
        other.ahead.AsSpan(0, filled).CopyTo(ahead);
        other.behind.AsSpan(0, filled).CopyTo(behind);
        if (tripEnd.Length < other.tripEnd.Length)
        {
            tripEnd = new int[other.tripEnd.Length];
            tripLoad = new int[other.tripLoad.Length];
        }

        other.tripEnd.AsSpan(0, Trips).CopyTo(tripEnd);
        other.tripLoad.AsSpan(0, Trips * model.Resources).CopyTo(tripLoad);
    }

    /// <summary>Replaces all stops. Trips without a task are left out.</summary>
    public void Set(ReadOnlySpan<int> stops)
    {
        MakeRoom(stops.Length);
        Count = 0;
        foreach (var s in stops)
        {
            if (!model.IsTip(s) || (Count > 0 && !model.IsTip(stop[Count])))
            {
                stop[++Count] = s;
            }
        }

        stop[Count + 1] = model.Depot;
        for (var p = 1; p <= Count + 1; p++)
        {
            link[p] = model.Link(stop[p - 1], stop[p]);
        }

        Evaluate(1, Count);
        CountLoads();
    }

    public void Insert(int gap, int newStop)
    {
        MakeRoom(Count + 1);
        var moved = Count + 1 - gap;
        Array.Copy(stop, gap + 1, stop, gap + 2, moved);
        Array.Copy(link, gap + 1, link, gap + 2, moved);
        Array.Copy(behind, gap + 1, behind, gap + 2, moved);
        Count++;
        stop[gap + 1] = newStop;
        link[gap + 1] = model.Link(stop[gap], newStop);
        link[gap + 2] = model.Link(newStop, stop[gap + 2]);
        Evaluate(gap + 1, gap + 1);
        if (model.IsTip(newStop) || Trips == 0)
        {
            CountLoads();
        }
        else
        {
            AddLoad(gap, newStop);
        }
    }

    /// <summary>Moves each tip to the site that suits it best and leaves out those that are not needed, as long as that lowers the cost.</summary>
    public void ImproveTips()
    {
        for (var isBetter = true; isBetter;)
        {
            isBetter = false;
            for (var trip = 0; trip < Trips && !isBetter; trip++)
            {
                isBetter = MoveTip(tripEnd[trip]) || (trip < Trips - 1 && LeaveOutTip(trip));
            }
        }
    }

    private bool MoveTip(int position)
    {
        var best = stop[position];
        var bestCost = Cost;
        for (var tip = model.Depot + 1; tip < model.Stops; tip++)
        {
            var cost = model.TourCost + TCosts.Insert(
                ahead[position - 1], model.Link(stop[position - 1], tip), model.Link(tip, stop[position + 1]), behind[position + 1]);
            if (cost < bestCost)
            {
                (best, bestCost) = (tip, cost);
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

    private bool LeaveOutTip(int trip)
    {
        for (var r = 0; r < model.Resources; r++)
        {
            if (Load(trip, r) + Load(trip + 1, r) > model.Capacity[r])
            {
                return false;
            }
        }

        var position = tripEnd[trip];
        var without = model.Link(stop[position - 1], stop[position + 1]);
        if (model.TourCost + TCosts.Total(TCosts.Ahead(ahead[position - 1], without), behind[position + 1]) >= Cost)
        {
            return false;
        }

        Set([.. stop.AsSpan(1, position - 1), .. stop.AsSpan(position + 1, Count - position)]);
        return true;
    }

    private void AddLoad(int gap, int task)
    {
        var trip = TripAt(gap);
        for (var r = 0; r < model.Resources; r++)
        {
            tripLoad[(trip * model.Resources) + r] += model.Demand(task, r);
        }

        for (; trip < Trips; trip++)
        {
            tripEnd[trip]++;
        }
    }

    // Costs ahead of all positions from the first on and behind all up to the last.
    private void Evaluate(int first, int last)
    {
        for (var p = first; p <= Count + 1; p++)
        {
            ahead[p] = TCosts.Ahead(ahead[p - 1], link[p]);
        }

        behind[Count + 1] = TCosts.AtDepot;
        for (var p = last; p >= 1; p--)
        {
            behind[p] = TCosts.Behind(link[p + 1], behind[p + 1]);
        }

        Cost = Count == 0 ? 0 : model.TourCost + TCosts.Total(ahead[Count + 1], TCosts.AtDepot);
    }

    private void CountLoads()
    {
        Trips = 0;
        StartTrip();
        for (var p = 1; p <= Count; p++)
        {
            if (model.IsTip(stop[p]))
            {
                tripEnd[Trips++] = p;
                StartTrip();
            }
            else
            {
                for (var r = 0; r < model.Resources; r++)
                {
                    tripLoad[(Trips * model.Resources) + r] += model.Demand(stop[p], r);
                }
            }
        }

        if (!model.HasTrips)
        {
            tripEnd[Trips++] = Count + 1;
        }
    }

    private void StartTrip()
    {
        if (tripEnd.Length < Trips + 2)
        {
            Array.Resize(ref tripEnd, 2 * tripEnd.Length);
            Array.Resize(ref tripLoad, 2 * tripLoad.Length);
        }

        tripLoad.AsSpan(Trips * model.Resources, model.Resources).Clear();
    }

    private void MakeRoom(int count)
    {
        if (stop.Length < count + 2)
        {
            var length = 2 * (count + 2);
            Array.Resize(ref stop, length);
            Array.Resize(ref link, length);
            Array.Resize(ref ahead, length);
            Array.Resize(ref behind, length);
        }
    }
}
