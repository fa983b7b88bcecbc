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
    private readonly List<(int Ready, int Tour, int Duration)> finalCharges = [];
    private readonly int charging;
    private Progress[] progress = [];
    private bool isInTime;
    private long most;

    public SiteSchedule(SearchModel<TCosts> model, TourSchedule<TCosts> schedule)
    {
        this.model = model;
        this.schedule = schedule;
        services = model.Problem.Services.Length;
        charging = Enumerable.Range(0, services).FirstOrDefault(s => model.Problem.Services[s].IsCharge, -1);
        bays = [.. model.Problem.Sites.SelectMany(site => site.Bays.Select(count => new SiteBays(count)))];
        chargers = [.. model.Problem.Sites.Select(site => new SiteChargers(charging < 0 ? 0 : site.Bays[charging], site.MaxPower))];
    }

    /// <summary>Cost of waiting for each other, over all tours.</summary>
    public long WaitCost { get; private set; }

    /// <summary>Of the tours with tasks one that breaks a rule, or else the one that takes longest; −1 where there is none.</summary>
    public int LatestTour { get; private set; }

    /// <summary>Plays the tours.</summary>
    /// <param name="waits">Receives how long each tour waits for others, by number.</param>
    /// <param name="record">Told of every service; null where nobody asks.</param>
    /// <returns>Whether every tour keeps its times; else <see cref="LatestTour"/> is the one to shorten.</returns>
    public bool Run(SearchSolution<TCosts> solution, List<int> waits, SiteRecord? record = null)
    {
        Start(solution, record);
        while (NextToServe(solution) is var tour and >= 0)
        {
            ServeNext(solution[tour], tour, record);
        }

        isInTime = true;
        most = long.MinValue;
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
                NoteLate(solution, t, late);

                // Who is out and cannot be home in time anyway is nobody's fault.
                isInTime &= keepsTimes || (!solution[t].HasTasks && !solution[t].IsFeasible);
                var standing = solution[t].Standing + p.Waited + p.Clock.Waited - solution[t].Clock.Waited;
                WaitCost += vehicle.StandCost(standing) - vehicle.StandCost(solution[t].Standing)
                    + p.Clock.CostOutside - solution[t].Clock.CostOutside
                    + vehicle.BalanceCost(time) - vehicle.BalanceCost(solution[t].Time);
            }
        }

        ChargeToFull(solution, record);
        return isInTime;
    }

    private void NoteLate(SearchSolution<TCosts> solution, int tour, long late)
    {
        if (solution[tour].HasTasks && late > most)
        {
            (LatestTour, most) = (tour, late);
        }
    }

    // The last charges come after all others have what they need.
    private void ChargeToFull(SearchSolution<TCosts> solution, SiteRecord? record)
    {
        finalCharges.Clear();
        for (var t = 0; t < solution.Tours; t++)
        {
            var tour = solution[t];
            if (tour.IsDriven && tour.Vehicle.Vehicle.Battery is { FullBy: not null } battery && tour.BatteryUsed > 0 && SiteAtEnd(tour) >= 0)
            {
                var duration = tour.Vehicle.ServiceTime[charging] + battery.TimeBetween(tour.BatteryUsed, 0);
                finalCharges.Add((progress[t].AtLastSite, t, duration));
            }
        }

        finalCharges.Sort();
        foreach (var (ready, t, duration) in finalCharges)
        {
            var tour = solution[t];
            var battery = tour.Vehicle.Vehicle.Battery!;
            var start = chargers[SiteAtEnd(tour)].Take(ready, duration, battery.Power);
            if (start + duration > battery.FullBy)
            {
                isInTime = false;
                NoteLate(solution, t, (1L << 32) + start + duration - battery.FullBy.Value);
            }

            record?.Services[t].Add(new(tour.Count - 1, charging, start, duration, 0));
        }
    }

    private int SiteAtEnd(SearchTour<TCosts> tour)
    {
        var site = tour[tour.Count] - model.FirstSite;
        return charging >= 0 && site >= 0 && model.Problem.Sites[site].Bays[charging] > 0 ? site : -1;
    }

    private void Start(SearchSolution<TCosts> solution, SiteRecord? record)
    {
        for (var site = 0; site < chargers.Length; site++)
        {
            var inUse = model.Problem.Sites[site].InUse.AsSpan();
            chargers[site].Clear(inUse, charging);
            for (var s = 0; s < services; s++)
            {
                bays[(site * services) + s].Clear(inUse, s);
            }
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
            if (s != charging && plan[s].IsDone && !p.HasDone(s) && !IsHeldBack(plan, s, p)
                && bays[(site * services) + s].Earliest(p.Clock.Now) is var earliest && earliest < start)
            {
                (best, start) = (s, earliest);
            }
        }

        if (best < 0)
        {
            best = charging;
            if (best < 0 || !plan[best].IsDone || p.HasDone(best))
            {
                p.IsInTime &= TourSchedule<TCosts>.TakeBreak(tour, tour.TripEnd(p.Trip), ref p.Clock);
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

    private bool IsHeldBack(Span<VisitPlan> plan, int service, in Progress p) =>
        model.Problem.Services[service].After is { } first && plan[first].IsDone && !p.HasDone(first);

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
            p.AtLastSite = p.Clock.Now;
            schedule.DriveHome(tour, ref p.Clock);
        }
    }

    private struct Progress
    {
        public TourClock Clock;
        public int Trip;
        public int Done;
        public int Waited;
        public int AtLastSite;
        public bool IsAtSite;
        public bool IsInTime;

        public readonly bool HasDone(int service) => (Done & (1 << service)) != 0;
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
