namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Plays all tours against the bays of the sites: who comes first is served first, the others wait. Reuses its buffers; used by one
/// thread.
/// </summary>
internal sealed class SiteSchedule<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly SearchModel<TCosts> model;
    private readonly TourSchedule<TCosts> schedule;
    private readonly SiteBays[] bays;
    private readonly SiteChargers[] chargers;
    private readonly int services;
    private Progress[] progress = [];

    public SiteSchedule(SearchModel<TCosts> model, TourSchedule<TCosts> schedule)
    {
        this.model = model;
        this.schedule = schedule;
        services = model.Problem.Services.Length;
        bays = [.. model.Problem.Sites.SelectMany(site => site.Bays.Select(count => new SiteBays(count)))];
        chargers = [.. model.Problem.Sites.Select(site => new SiteChargers(
            Enumerable.Range(0, services).Where(s => model.Problem.Services[s].IsCharge).Select(s => site.Bays[s]).DefaultIfEmpty(0).Max(), site.MaxPower))];
    }

    /// <summary>Cost of waiting for each other, over all tours.</summary>
    public long WaitCost { get; private set; }

    /// <summary>Of the tours with tasks one that breaks a rule, or else the one that takes longest; −1 where there is none.</summary>
    public int LatestTour { get; private set; }

    /// <summary>Plays the tours.</summary>
    /// <param name="waits">Receives how long each tour waits for others, by number.</param>
    /// <param name="record">Told of every service; null where nobody asks.</param>
    /// <returns>Whether every tour keeps its times.</returns>
    public bool Run(SearchSolution<TCosts> solution, List<int> waits, SiteRecord? record = null)
    {
        Start(solution, record);
        while (NextToServe(solution) is var tour and >= 0)
        {
            ServeNext(solution[tour], tour, record);
        }

        var isInTime = true;
        var most = long.MinValue;
        WaitCost = 0;
        LatestTour = -1;
        waits.Clear();
        for (var t = 0; t < solution.Tours; t++)
        {
            ref readonly var p = ref progress[t];
            waits.Add(p.Waited);
            if (solution[t].IsDriven)
            {
                var vehicle = solution[t].Vehicle;
                var time = p.Clock.Now - vehicle.Vehicle.StartTime;
                var keepsTimes = p.IsInTime && time <= vehicle.MaxTime;
                var late = (keepsTimes && solution[t].IsFeasible ? 0 : 1L << 32) + time - vehicle.MaxTime;
                if (solution[t].HasTasks && late > most)
                {
                    (LatestTour, most) = (t, late);
                }

                // Who is out and cannot be home in time anyway is nobody's fault.
                isInTime &= keepsTimes || (!solution[t].HasTasks && !solution[t].IsFeasible);
                var standing = solution[t].Standing + p.Waited + p.Clock.Waited - solution[t].Clock.Waited;
                WaitCost += vehicle.StandCost(standing) - vehicle.StandCost(solution[t].Standing)
                    + p.Clock.CostOutside - solution[t].Clock.CostOutside
                    + vehicle.BalanceCost(time) - vehicle.BalanceCost(solution[t].Time);
            }
        }

        return isInTime;
    }

    private void Start(SearchSolution<TCosts> solution, SiteRecord? record)
    {
        foreach (var b in bays)
        {
            b.Clear();
        }

        foreach (var c in chargers)
        {
            c.Clear();
        }

        if (progress.Length < solution.Tours)
        {
            progress = new Progress[2 * solution.Tours];
        }

        for (var t = 0; t < solution.Tours; t++)
        {
            progress[t] = new() { Clock = new(solution[t].Vehicle.Vehicle.StartTime), IsInTime = true, Trip = -1 };
            if (solution[t].IsDriven)
            {
                GoOn(solution[t], t, record);
            }
        }
    }

    private int NextToServe(SearchSolution<TCosts> solution)
    {
        var first = -1;
        for (var t = 0; t < solution.Tours; t++)
        {
            if (progress[t].IsAtSite && (first < 0 || progress[t].Clock.Now < progress[first].Clock.Now))
            {
                first = t;
            }
        }

        return first;
    }

    // Of what is left to do at the site, what can begin first; a charge comes last.
    private void ServeNext(SearchTour<TCosts> tour, int t, SiteRecord? record)
    {
        ref var p = ref progress[t];
        var stop = tour[tour.TripEnd(p.Trip)];
        var site = stop - model.FirstSite;
        var plan = tour.VisitAfter(p.Trip);
        var (best, start) = (-1, int.MaxValue);
        for (var s = 0; s < services; s++)
        {
            if (plan[s].IsDone && (p.Done & (1 << s)) == 0 && !model.Problem.Services[s].IsCharge
                && bays[(site * services) + s].Earliest(p.Clock.Now) is var earliest && earliest < start)
            {
                (best, start) = (s, earliest);
            }
        }

        if (best < 0)
        {
            best = ChargeOf(plan, p.Done);
            if (best < 0)
            {
                TourSchedule<TCosts>.TakeBreak(tour, tour.TripEnd(p.Trip), ref p.Clock);
                GoOn(tour, t, record);
                return;
            }

            start = chargers[site].Take(p.Clock.Now, plan[best].Duration, tour.Vehicle.Vehicle.Battery!.Power);
        }
        else
        {
            bays[(site * services) + best].Take(p.Clock.Now, plan[best].Duration);
        }

        p.Waited += start - p.Clock.Now;
        p.Clock.Now = start + plan[best].Duration;
        p.Done |= 1 << best;
        record?.Services[t].Add(new(tour.TripEnd(p.Trip) - 1, best, start, plan[best].Duration, plan[best].UsedAfter));
    }

    private int ChargeOf(Span<VisitPlan> plan, int done)
    {
        for (var s = 0; s < services; s++)
        {
            if (plan[s].IsDone && (done & (1 << s)) == 0)
            {
                return s;
            }
        }

        return -1;
    }

    // Drives the next trip, or home.
    private void GoOn(SearchTour<TCosts> tour, int t, SiteRecord? record)
    {
        ref var p = ref progress[t];
        p.Done = 0;
        p.IsAtSite = false;
        if (++p.Trip < tour.Trips)
        {
            if (model.HasTimetable || record is not null)
            {
                p.IsInTime &= schedule.DriveTrip(tour, p.Trip, ref p.Clock, record is null ? default : record.StartsOf(t, tour.Count));
            }
            else
            {
                p.Clock.Now += tour.TripTimes[p.Trip];
            }

            p.IsAtSite = tour.TripEnd(p.Trip) <= tour.Count;
        }

        if (!p.IsAtSite)
        {
            schedule.DriveHome(tour, ref p.Clock);
        }
    }

    private struct Progress
    {
        public TourClock Clock;
        public int Trip;
        public int Done;
        public int Waited;
        public bool IsAtSite;
        public bool IsInTime;
    }
}

/// <summary>When everything happens, tour by tour.</summary>
internal sealed class SiteRecord(int tours)
{
    private readonly int[][] starts = new int[tours][];

    public List<SiteService>[] Services { get; } = [.. Enumerable.Range(0, tours).Select(_ => new List<SiteService>())];

    /// <summary>Start of each stop, by position.</summary>
    public Span<int> StartsOf(int tour, int count) => starts[tour] ??= new int[count + 2];
}
