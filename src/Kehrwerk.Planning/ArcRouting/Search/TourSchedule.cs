namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Works out what a tour's stops entail beyond its route: the mode of each task, what each trip uses, what is done at each site, when,
/// and at what cost. A service is put off until the way to the next chance could not be driven without it; for tanks that are
/// filled whole this needs the fewest services. A charge gives what as many of the coming trips need as one battery can hold.
/// Reuses its buffers; used by one thread.
/// </summary>
internal sealed class TourSchedule<TCosts>(SearchModel<TCosts> model)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly ArcProblem problem = model.Problem;
    private readonly int resources = model.Resources;
    private readonly int services = model.Problem.Services.Length;
    private readonly int[] used = new int[model.Resources];
    private readonly int[] usesBefore = new int[model.Resources];
    private VisitPlan[] otherVisits = new VisitPlan[16];

    /// <summary>Whether <see cref="CostWith"/> tells the truth: where every task has one mode, and no time of day matters.</summary>
    public bool TellsCost { get; } = TCosts.Modes == 1 && model.IsCostTime && !model.HasTimetable;

    public void Run(SearchTour<TCosts> tour)
    {
        if (!tour.IsDriven)
        {
            tour.SetSchedule(0, default, 0, 0, true);
            return;
        }

        tour.MakeRoomForSchedule();
        ChooseModes(tour);
        var taskCost = DriveTrips(tour);
        ShareUses(tour);
        var isFeasible = taskCost < CostTable.NoWay && tour.Route < CostTable.NoWay && EndsWell(tour);
        isFeasible &= PlanVisits(tour, tour.Visits, out var standing, out var batteryUsed);
        tour.BatteryUsed = batteryUsed;
        var vehicle = tour.Vehicle;
        var clock = new TourClock(vehicle.Vehicle.StartTime);
        if (model.HasTimetable)
        {
            isFeasible &= Drive(tour, ref clock, default);
            standing += clock.Waited;
        }
        else
        {
            clock.Now += standing;
            foreach (var time in tour.TripTimes)
            {
                clock.Now += time;
            }

            DriveHome(tour, ref clock);
        }

        var tourTime = clock.Now - vehicle.Vehicle.StartTime;
        var cost = (long)vehicle.Vehicle.TourCost + tour.Route + taskCost + vehicle.StandCost(standing) + clock.CostOutside + vehicle.BalanceCost(tourTime);
        tour.SetSchedule((int)Math.Min(int.MaxValue / 4, cost), clock, tourTime, standing, isFeasible && tourTime <= vehicle.MaxTime);
    }

    /// <summary>
    /// By how much the cost of a tour rises with one more task on a trip, without waiting for others; <see cref="int.MaxValue"/> where the
    /// tour then breaks a rule. Takes no look at the other tasks.
    /// </summary>
    /// <param name="route">By how much the cost of the route rises.</param>
    /// <param name="wait">How long the tour has to wait for others, about.</param>
    public int CostWith(SearchTour<TCosts> tour, int trip, int task, int route, int wait)
    {
        var vehicle = tour.Vehicle;
        var uses = tour.TripUses.Slice(trip * resources, resources);
        uses.CopyTo(usesBefore);
        var travel = route - model.LeastService[task];
        for (var r = 0; r < resources; r++)
        {
            uses[r] += vehicle.Demands[(task * resources) + r] + (int)((((long)travel * vehicle.TravelUse[r]) + 999) / 1_000);
        }

        if (otherVisits.Length < tour.Trips * services)
        {
            otherVisits = new VisitPlan[2 * tour.Trips * services];
        }

        var isFeasible = PlanVisits(tour, otherVisits, out var standing, out _);
        usesBefore.CopyTo(uses);
        var time = (long)tour.Time + standing - tour.Standing + route + vehicle.TaskTime[task];
        return isFeasible && time + wait <= vehicle.MaxTime
            ? route + vehicle.ExtraCost(task) + vehicle.StandCost(standing) - vehicle.StandCost(tour.Standing) + vehicle.BalanceCost(time) - vehicle.BalanceCost(tour.Time)
            : int.MaxValue;
    }

    /// <summary>Drives a whole tour by the clock, without waiting for others.</summary>
    /// <param name="starts">Receives the start of every stop by position; empty where nobody asks.</param>
    /// <returns>Whether every window and break is kept.</returns>
    public bool Drive(SearchTour<TCosts> tour, ref TourClock clock, Span<int> starts)
    {
        var isInTime = true;
        for (var trip = 0; trip < tour.Trips; trip++)
        {
            isInTime &= DriveTrip(tour, trip, ref clock, starts);
            for (var s = 0; s < services && tour.TripEnd(trip) <= tour.Count; s++)
            {
                clock.Now += tour.VisitAfter(trip)[s].Duration;
            }

            isInTime &= TakeBreak(tour, tour.TripEnd(trip), ref clock);
        }

        DriveHome(tour, ref clock);
        return isInTime;
    }

    /// <summary>Drives one trip by the clock, up to when services at the site that ends it can begin.</summary>
    public bool DriveTrip(SearchTour<TCosts> tour, int trip, ref TourClock clock, Span<int> starts)
    {
        var isInTime = true;
        var modes = tour.Modes;
        for (var p = tour.TripStart(trip) + 1; p <= Math.Min(tour.TripEnd(trip), tour.Count); p++)
        {
            clock.Now += model.TravelTime(tour[p - 1], modes[p - 1], tour[p], modes[p], tour.Links[p]);
            if (model.IsTask(tour[p]))
            {
                isInTime &= ServeInWindow(tour[p], model.ServiceTime(tour[p], modes[p]) + tour.Vehicle.TaskTime[tour[p]], ref clock, out var start);
                if (!starts.IsEmpty)
                {
                    starts[p] = start;
                }

                isInTime &= TakeBreak(tour, p, ref clock);
            }
            else
            {
                if (!starts.IsEmpty)
                {
                    starts[p] = clock.Now;
                }

                clock.Now += model.StopTime(tour[p]);
            }
        }

        return isInTime;
    }

    /// <summary>From the last stop to the end.</summary>
    public void DriveHome(SearchTour<TCosts> tour, ref TourClock clock) => clock.Now += HomeTime(tour);

    private int HomeTime(SearchTour<TCosts> tour) => model.TravelTime(tour[tour.Count], tour.Modes[tour.Count], tour[tour.Count + 1], 0, tour.Links[tour.Count + 1]);

    /// <summary>Takes the next break after a stop if it is time and the tour goes on.</summary>
    public static bool TakeBreak(SearchTour<TCosts> tour, int position, ref TourClock clock)
    {
        var breaks = tour.Vehicle.Vehicle.Breaks;
        if (position >= tour.Count || clock.Breaks == breaks.Length || clock.Now < breaks[clock.Breaks].Earliest)
        {
            return true;
        }

        var next = breaks[clock.Breaks++];
        var isInTime = clock.Now <= next.Latest;
        clock.Now += next.Duration;
        clock.Waited += next.Duration;
        return isInTime;
    }

    private static void ChooseModes(SearchTour<TCosts> tour)
    {
        var modes = tour.Modes;
        modes.Clear();
        if (TCosts.Modes == 1)
        {
            return;
        }

        var soFar = TCosts.AtDepot;
        for (var p = 1; p <= tour.Count; p++)
        {
            soFar = TCosts.Ahead(soFar, tour.Links[p]);
            modes[p] = (byte)TCosts.BestMode(soFar, tour.Behind[p]);
            soFar = TCosts.Only(soFar, modes[p]);
        }
    }

    // Adds to each trip what its way uses, and notes how long it takes. Returns what tasks cost beyond their modes.
    private int DriveTrips(SearchTour<TCosts> tour)
    {
        var vehicle = tour.Vehicle;
        var modes = tour.Modes;
        var extra = 0;
        for (var trip = 0; trip < tour.Trips; trip++)
        {
            var travel = 0;
            var serving = 0;
            for (var p = tour.TripStart(trip) + 1; p <= Math.Min(tour.TripEnd(trip), tour.Count); p++)
            {
                travel += model.TravelTime(tour[p - 1], modes[p - 1], tour[p], modes[p], tour.Links[p]);
                if (model.IsTask(tour[p]))
                {
                    serving += model.ServiceTime(tour[p], modes[p]) + vehicle.TaskTime[tour[p]];
                    extra = Math.Min(CostTable.NoWay, extra + vehicle.ExtraCost(tour[p]));
                }
                else
                {
                    serving += model.StopTime(tour[p]);
                }
            }

            tour.TripTimes[trip] = travel + serving;
            travel += trip == tour.Trips - 1 ? HomeTime(tour) : 0;
            var use = tour.TripUses.Slice(trip * resources, resources);
            for (var r = 0; r < resources; r++)
            {
                use[r] = tour.Load(trip, r) + (int)((((long)travel * vehicle.TravelUse[r]) + 999) / 1_000) + (trip == 0 ? vehicle.Used[r] : 0);
            }
        }

        return extra;
    }

    private void ShareUses(SearchTour<TCosts> tour)
    {
        var shared = tour.SharedUses;
        var loads = tour.TripUses;
        for (var r = 0; r < resources; r++)
        {
            for (var first = 0; first < tour.Trips;)
            {
                var last = first;
                var sum = loads[(first * resources) + r];
                while (last < tour.Trips - 1 && !CanReset(tour, last, r))
                {
                    sum += loads[(++last * resources) + r];
                }

                for (; first <= last; first++)
                {
                    shared[(first * resources) + r] = sum;
                }
            }
        }
    }

    private bool CanReset(SearchTour<TCosts> tour, int trip, int resource)
    {
        var site = tour[tour.TripEnd(trip)] - model.FirstSite;
        for (var s = 0; s < services; s++)
        {
            if (tour.Vehicle.CanHave(site, s) && problem.Services[s].Resets.Contains(resource))
            {
                return true;
            }
        }

        return false;
    }

    private bool EndsWell(SearchTour<TCosts> tour) => !model.EndsAtSite || model.LastStops.Contains(tour[tour.Count]);

    // Decides what is done at each site; false where a trip cannot be driven for all that.
    private bool PlanVisits(SearchTour<TCosts> tour, Span<VisitPlan> visits, out int standing, out int batteryUsed)
    {
        var vehicle = tour.Vehicle;
        Array.Clear(used);
        standing = 0;
        batteryUsed = 0;
        for (var trip = 0; trip < tour.Trips; trip++)
        {
            for (var r = 0; r < resources; r++)
            {
                used[r] += tour.TripUses[(trip * resources) + r];
                if (used[r] > vehicle.Capacity[r])
                {
                    return false;
                }
            }

            if (tour.TripEnd(trip) <= tour.Count)
            {
                standing += PlanVisit(tour, trip, visits.Slice(trip * services, services));
            }
        }

        batteryUsed = vehicle.Vehicle.Battery is { } battery ? used[battery.Resource] : 0;
        return true;
    }

    // Decides what is done after a trip; returns how long that takes.
    private int PlanVisit(SearchTour<TCosts> tour, int trip, Span<VisitPlan> plan)
    {
        var vehicle = tour.Vehicle;
        var site = tour[tour.TripEnd(trip)] - model.FirstSite;
        plan.Clear();
        var isLast = trip == tour.Trips - 1;
        var time = 0;
        var standingUse = 0;
        var charge = -1;
        for (var s = 0; s < services; s++)
        {
            var service = problem.Services[s];
            if (!vehicle.CanHave(site, s))
            {
                continue;
            }

            if (service.IsCharge)
            {
                charge = s;
            }
            else if ((isLast && service.IsDoneLast) || (!isLast && IsNeeded(tour, trip, s)))
            {
                plan[s] = new(true, vehicle.ServiceTime[s], 0);
                time += vehicle.ServiceTime[s];
                foreach (var r in service.Resets)
                {
                    used[r] = 0;
                }
            }
        }

        for (var r = 0; r < resources; r++)
        {
            used[r] += (int)((long)time * vehicle.StandUse[r] / 1_000);
        }

        if (charge >= 0 && !isLast && IsNeeded(tour, trip, charge))
        {
            var battery = vehicle.Vehicle.Battery!;
            standingUse = (int)((long)time * vehicle.StandUse[battery.Resource] / 1_000);
            var after = Math.Max(0, vehicle.Capacity[battery.Resource] - NeedAhead(tour, trip, charge, battery.Resource, standingUse));
            if (after < used[battery.Resource])
            {
                var duration = vehicle.ServiceTime[charge] + battery.TimeBetween(used[battery.Resource], after);
                plan[charge] = new(true, duration, after);
                time += duration;
                used[battery.Resource] = after;
            }
        }

        return time;
    }

    // Whether the way up to the next site with the same service could not be driven without it.
    private bool IsNeeded(SearchTour<TCosts> tour, int trip, int service)
    {
        foreach (var r in problem.Services[service].Resets)
        {
            if (used[r] + UseUntilNext(tour, trip + 1, service, r, out _) > tour.Vehicle.Capacity[r])
            {
                return true;
            }
        }

        return false;
    }

    private int UseUntilNext(SearchTour<TCosts> tour, int firstTrip, int service, int resource, out int nextTrip)
    {
        var load = 0;
        for (nextTrip = firstTrip; nextTrip < tour.Trips;)
        {
            load += tour.TripUses[(nextTrip * resources) + resource];
            var end = tour.TripEnd(nextTrip++);
            if (end > tour.Count || tour.Vehicle.CanHave(tour[end] - model.FirstSite, service))
            {
                break;
            }
        }

        return load;
    }

    // What the coming ways need, as many of them as one battery can hold, with about the same time at sites between them.
    private int NeedAhead(SearchTour<TCosts> tour, int trip, int service, int resource, int standingUse)
    {
        var need = 0;
        for (var next = trip + 1; next < tour.Trips;)
        {
            var more = UseUntilNext(tour, next, service, resource, out next) + (need > 0 ? standingUse : 0);
            if (need > 0 && need + more > tour.Vehicle.Capacity[resource])
            {
                break;
            }

            need += more;
        }

        return need;
    }

    // The service lies within a window; where that is hard, the vehicle waits for the next one.
    private bool ServeInWindow(int task, int time, ref TourClock clock, out int start)
    {
        start = clock.Now;
        clock.Now += time;
        var windows = problem.Tasks[task].Windows;
        if (windows.IsEmpty)
        {
            return true;
        }

        if (problem.Tasks[task].CostOutside is { } costOutside)
        {
            var inside = 0;
            foreach (var window in windows)
            {
                inside += Math.Max(0, Math.Min(clock.Now, window.Until) - Math.Max(start, window.From));
            }

            clock.CostOutside += (int)((long)(time - inside) * costOutside / 1_000);
            return true;
        }

        foreach (var window in windows)
        {
            var begin = Math.Max(start, window.From);
            if (begin + time <= window.Until)
            {
                clock.Waited += begin - start;
                clock.Idle += begin - start;
                clock.Now = begin + time;
                start = begin;
                return true;
            }
        }

        return false;
    }
}

/// <summary>Where a tour stands while it is driven by the clock.</summary>
internal struct TourClock(int now)
{
    public int Now = now;

    /// <summary>Breaks taken.</summary>
    public int Breaks;

    /// <summary>Time spent waiting for windows and in breaks.</summary>
    public int Waited;

    /// <summary>Of that, waiting for windows.</summary>
    public int Idle;

    /// <summary>Cost of services outside their windows.</summary>
    public int CostOutside;
}
