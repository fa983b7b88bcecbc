using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>
/// The cost of one tour with given tasks and sites in a given order, by the rules of the model and by the rule by which services are put off; written
/// to be plain. A stop is the number of a task, or −1 − s for site s. Tours do not meet.
/// </summary>
internal sealed class PlainTour(ArcProblem problem, int kind)
{
    private readonly ArcVehicle vehicle = problem.Vehicles[kind];
    private List<int> stops = [];
    private int[] modes = [];
    private List<int[]> trips = [];
    private List<int> sites = [];

    /// <returns>Null where the tour may not be driven.</returns>
    public long? Cost(IEnumerable<int> tour)
    {
        stops = [.. tour];
        var route = BestModes();
        if (route >= CostTable.NoWay)
        {
            return null;
        }

        SumUpTrips();
        return Visits() is { } standing && Drive(standing) is { } drive ? vehicle.TourCost + route + drive : null;
    }

    // The first of the cheapest choices of modes, in the order of the tour.
    private long BestModes()
    {
        var least = long.MaxValue;
        var trial = new int[stops.Count];
        var best = trial;
        Choose(0, vehicle.Start, 0);
        modes = best;
        return least;

        void Choose(int p, int place, long cost)
        {
            if (p == stops.Count)
            {
                cost += problem.Travel[place, vehicle.End];
                (least, best) = cost < least ? (cost, [.. trial]) : (least, best);
            }
            else if (stops[p] < 0)
            {
                var site = problem.Sites[-1 - stops[p]];
                Choose(p + 1, site.Place, cost + problem.Travel[place, site.Place] + site.Cost);
            }
            else
            {
                for (var m = 0; m < problem.Tasks[stops[p]].Modes.Length; m++)
                {
                    var mode = problem.Tasks[stops[p]].Modes[m];
                    trial[p] = m;
                    var extra = (vehicle.TaskCost.IsEmpty ? 0 : vehicle.TaskCost[stops[p]]) + ExtraTime(stops[p]);
                    Choose(p + 1, mode.Exit, cost + problem.Travel[place, mode.Entry] + mode.Cost + extra);
                }
            }
        }
    }

    private int ExtraTime(int task) => vehicle.TaskTime.IsEmpty ? 0 : vehicle.TaskTime[task];

    private int Entry(int p) => p == stops.Count ? vehicle.End : stops[p] < 0 ? problem.Sites[-1 - stops[p]].Place : problem.Tasks[stops[p]].Modes[modes[p]].Entry;

    private int Exit(int p) => p < 0 ? vehicle.Start : stops[p] < 0 ? problem.Sites[-1 - stops[p]].Place : problem.Tasks[stops[p]].Modes[modes[p]].Exit;

    private int TimeTo(int p) => (problem.TravelTime ?? problem.Travel)[Exit(p - 1), Entry(p)];

    // What each trip uses, and the sites that end them.
    private void SumUpTrips()
    {
        trips = [];
        sites = [];
        var load = new int[problem.Resources];
        vehicle.Used.CopyTo(load);
        var time = 0;
        for (var p = 0; p < stops.Count; p++)
        {
            time += TimeTo(p);
            if (stops[p] >= 0)
            {
                for (var r = 0; r < load.Length; r++)
                {
                    load[r] += vehicle.TaskDemand.IsEmpty ? problem.Tasks[stops[p]].Demand[r] : vehicle.TaskDemand[(stops[p] * load.Length) + r];
                }

                continue;
            }

            sites.Add(-1 - stops[p]);
            time += p == stops.Count - 1 ? TimeTo(stops.Count) : 0;
            Close();
        }

        if (stops.Count == 0 || stops[^1] >= 0)
        {
            time += TimeTo(stops.Count);
            Close();
        }

        void Close()
        {
            trips.Add([.. load.Select((l, r) => l + (int)Math.Ceiling((vehicle.TravelUse.IsEmpty ? 0 : vehicle.TravelUse[r]) * (decimal)time / 1_000))]);
            load = new int[load.Length];
            time = 0;
        }
    }

    private bool Offers(int site, int service) =>
        problem.Sites[site].Bays[service] > 0
        && (!problem.Services[service].IsCharge || (vehicle.Battery is { } battery && battery.Power <= problem.Sites[site].MaxPower));

    // What is used from a trip on until the next stop that offers the service, and the trip after that stop.
    private (int Load, int Next) Ahead(int trip, int service, int resource)
    {
        var load = 0;
        while (trip < trips.Count)
        {
            load += trips[trip][resource];
            trip++;
            if (trip > sites.Count || Offers(sites[trip - 1], service))
            {
                break;
            }
        }

        return (load, trip);
    }

    // The time of the services at each stop at a site.
    private List<int>? Visits()
    {
        var standing = new List<int>();
        var used = new int[problem.Resources];
        for (var trip = 0; trip < trips.Count; trip++)
        {
            for (var r = 0; r < used.Length; r++)
            {
                used[r] += trips[trip][r];
                if (used[r] > vehicle.Capacity[r])
                {
                    return null;
                }
            }

            if (trip == sites.Count)
            {
                break;
            }

            var isLast = trip == trips.Count - 1;
            var time = 0;
            for (var s = 0; s < problem.Services.Length; s++)
            {
                var service = problem.Services[s];
                if (!service.IsCharge && Offers(sites[trip], s) && (isLast ? service.IsDoneLast : IsNeeded(trip, s, used)))
                {
                    time += vehicle.ServiceTime[s];
                    service.Resets.ToList().ForEach(r => used[r] = 0);
                }
                else if (isLast && service.IsDoneLast)
                {
                    return null;
                }
            }

            var stood = used.Select((_, r) => vehicle.StandUse.IsEmpty ? 0 : time * vehicle.StandUse[r] / 1_000).ToArray();
            used = [.. used.Zip(stood, (u, more) => u + more)];
            var charge = problem.Services.ToList().FindIndex(service => service.IsCharge);
            if (!isLast && Offers(sites[trip], charge) && IsNeeded(trip, charge, used))
            {
                time += Charge(trip, charge, used, stood);
            }

            standing.Add(time);
        }

        if (problem.Services.Any(service => service.IsDoneLast) && sites.Count < trips.Count)
        {
            return null;
        }

        return standing;
    }

    private bool IsNeeded(int trip, int service, int[] used) =>
        problem.Services[service].Resets.Any(r => used[r] + Ahead(trip + 1, service, r).Load > vehicle.Capacity[r]);

    private int Charge(int trip, int charge, int[] used, int[] stood)
    {
        var r = vehicle.Battery!.Resource;
        var (need, next) = Ahead(trip + 1, charge, r);
        while (next < trips.Count && Ahead(next, charge, r) is var more && need + more.Load + stood[r] <= vehicle.Capacity[r])
        {
            need += more.Load + stood[r];
            next = more.Next;
        }

        var after = Math.Max(0, vehicle.Capacity[r] - need);
        if (after >= used[r])
        {
            return 0;
        }

        var time = vehicle.ServiceTime[charge] + vehicle.Battery.TimeBetween(used[r], after);
        used[r] = after;
        return time;
    }

    // Drives by the clock. Returns the costs of standing, of service outside windows and of sharing the work.
    private long? Drive(List<int> standing)
    {
        var now = vehicle.StartTime;
        var stood = 0;
        var outside = 0L;
        var breaks = new Queue<ArcBreak>(vehicle.Breaks);
        var visit = 0;
        for (var p = 0; p < stops.Count; p++)
        {
            now += TimeTo(p);
            if (stops[p] < 0)
            {
                now += standing[visit] + (problem.TravelTime is null ? problem.Sites[-1 - stops[p]].Cost : 0);
                stood += standing[visit++];
            }
            else
            {
                var task = problem.Tasks[stops[p]];
                var time = (task.Modes[modes[p]].Time ?? task.Modes[modes[p]].Cost) + ExtraTime(stops[p]);
                if (Begin(task, now, time) is not { } begin)
                {
                    return null;
                }

                stood += begin - now;
                now = begin + time;
                if (task.CostOutside is { } costOutside && !task.Windows.IsEmpty)
                {
                    outside += Enumerable.Range(begin, time).LongCount(t => !task.Windows.Any(w => w.From <= t && t < w.Until)) * costOutside / 1_000;
                }
            }

            if (p < stops.Count - 1 && breaks.TryPeek(out var next) && now >= next.Earliest)
            {
                if (now > next.Latest)
                {
                    return null;
                }

                stood += breaks.Dequeue().Duration;
                now += next.Duration;
            }
        }

        long total = now + TimeTo(stops.Count) - vehicle.StartTime;
        return total > vehicle.MaxTime
            ? null
            : (stood * (long)vehicle.StandCost / 1_000) + outside + (vehicle.MaxTime is { } most ? total * total / most * vehicle.Balance / 1_000 : 0);
    }

    private static int? Begin(ArcTask task, int now, int time)
    {
        if (task.Windows.IsEmpty || task.CostOutside is not null)
        {
            return now;
        }

        for (var begin = now; begin <= task.Windows[^1].Until - time; begin++)
        {
            if (task.Windows.Any(window => window.From <= begin && begin + time <= window.Until))
            {
                return begin;
            }
        }

        return null;
    }
}
