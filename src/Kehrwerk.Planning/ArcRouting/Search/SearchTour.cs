namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// One tour: the stops at positions 1 … <see cref="Count"/> between its start at 0 and its end at <see cref="Count"/> + 1, with what
/// lies ahead of and behind each, so that the route of an insertion anywhere is evaluated in constant time. Gap g lies after position
/// g. A <em>trip</em> leads from one site, or the start, to the next, or the end. What does not follow from the route alone is added by
/// a <see cref="TourSchedule{TCosts}"/>.
/// </summary>
internal sealed partial class SearchTour<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private int[] stop = new int[4];
    private TCosts[] link = new TCosts[4];
    private TCosts[] ahead = [TCosts.AtDepot, TCosts.AtDepot, default, default];
    private TCosts[] behind = [TCosts.AtDepot, TCosts.AtDepot, default, default];
    private int[] tripEnd = new int[2];
    private int[] tripLoad = new int[2 * model.Resources];

    /// <summary>Index of the kind of vehicle.</summary>
    public int Kind { get; private set; }

    public SearchVehicle Vehicle => model.Vehicles[Kind];

    public int Count { get; private set; }

    /// <summary>Whether a vehicle makes this tour: it has stops, or comes home from outside.</summary>
    public bool IsDriven => Count > 0 || Vehicle.Vehicle.IsOut;

    /// <summary>Whether it serves anything. Sites alone are never driven to without reason.</summary>
    public bool HasTasks { get; private set; }

    /// <summary>Cost of travel, service and stops at sites; 0 where nobody drives.</summary>
    public int Route { get; private set; }

    /// <summary>Cost of the whole tour; 0 where nobody drives.</summary>
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

    /// <summary>Whether a trip can take one more task, as far as capacities go that the way does not use.</summary>
    public bool Fits(int trip, int task)
    {
        var vehicle = Vehicle;
        for (var r = 0; r < model.Resources; r++)
        {
            if (Load(trip, r) + vehicle.Demands[(task * model.Resources) + r] > vehicle.Capacity[r])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What its route would cost without one stop.</summary>
    public int RouteWithout(int position) =>
        TCosts.Total(TCosts.Ahead(ahead[position - 1], model.Link(stop[position - 1], stop[position + 1])), behind[position + 1]);

    /// <summary>Makes it an empty tour of that kind of vehicle.</summary>
    public void Clear(int kind)
    {
        Kind = kind;
        Set([]);
    }

    public void CopyFrom(SearchTour<TCosts> other)
    {
        MakeRoom(other.Count);
        Kind = other.Kind;
        Count = other.Count;
        Route = other.Route;
        Cost = other.Cost;
        Trips = other.Trips;
        HasTasks = other.HasTasks;
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
        if (!model.IsPlain)
        {
            CopyScheduleFrom(other);
        }
    }

    /// <summary>Replaces all stops. Trips without a task are left out, unless they may be good for something.</summary>
    /// <param name="keepsSites">Whether those trips stay too, since the tour is known to be good with them.</param>
    public void Set(ReadOnlySpan<int> stops, bool keepsSites = false)
    {
        MakeRoom(stops.Length + 1);
        Count = 0;
        foreach (var s in stops)
        {
            if (keepsSites || model.IsTask(s) || !IsSuperfluous(s))
            {
                stop[++Count] = s;
            }
        }

        stop[0] = Vehicle.StartStop;
        HasTasks = stop.AsSpan(1, Count).ContainsAnyInRange(0, model.Tasks - 1);
        if (!model.IsPlain)
        {
            DriveOnlyForReason();
        }

        stop[Count + 1] = Vehicle.EndStop;
        for (var p = 1; p <= Count + 1; p++)
        {
            link[p] = model.Link(stop[p - 1], stop[p]);
        }

        Evaluate(1, Count);
        CountLoads();
    }

    // A site where nothing has been gathered since the one before.
    private bool IsSuperfluous(int site) =>
        Count == 0 ? Vehicle.StartsFresh : model.IsPlain ? model.IsSite(stop[Count]) : stop[Count] == site;

    // Sites alone are no reason to leave; a vehicle that is out has to end its tour in order.
    private void DriveOnlyForReason()
    {
        if (!Vehicle.Vehicle.IsOut)
        {
            Count = HasTasks ? Count : 0;
        }
        else if (!model.LastStops.IsEmpty && (Count == 0 || !model.IsSite(stop[Count])))
        {
            stop[Count + 1] = model.LastStopAfter(Vehicle, stop[Count]);
            Count++;
        }
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
        HasTasks |= model.IsTask(newStop);
        link[gap + 1] = model.Link(stop[gap], newStop);
        link[gap + 2] = model.Link(newStop, stop[gap + 2]);
        Evaluate(gap + 1, gap + 1);
        if (model.IsSite(newStop) || Trips == 0 || gap >= tripEnd[Trips - 1])
        {
            CountLoads();
        }
        else
        {
            AddLoad(gap, newStop);
        }
    }

    private void AddLoad(int gap, int task)
    {
        var trip = TripAt(gap);
        for (var r = 0; r < model.Resources; r++)
        {
            tripLoad[(trip * model.Resources) + r] += Vehicle.Demands[(task * model.Resources) + r];
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

        Route = IsDriven ? TCosts.Total(ahead[Count + 1], TCosts.AtDepot) : 0;
        Cost = IsDriven ? Vehicle.Vehicle.TourCost + Route : 0;
    }

    private void CountLoads()
    {
        var demands = Vehicle.Demands;
        Trips = 0;
        StartTrip();
        for (var p = 1; p <= Count; p++)
        {
            if (model.IsSite(stop[p]))
            {
                tripEnd[Trips++] = p;
                StartTrip();
            }
            else
            {
                for (var r = 0; r < model.Resources; r++)
                {
                    tripLoad[(Trips * model.Resources) + r] += demands[(stop[p] * model.Resources) + r];
                }
            }
        }

        if (Count == 0 ? !model.EndsAtSite : !model.IsSite(stop[Count]))
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
