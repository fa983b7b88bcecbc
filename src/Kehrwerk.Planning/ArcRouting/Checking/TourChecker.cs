using System.Globalization;

namespace Kehrwerk.Planning.ArcRouting.Checking;

/// <summary>Follows one tour stop by stop with the times that it states.</summary>
/// <param name="number">Of the tour, from 1, for messages.</param>
internal sealed class TourChecker(ArcProblem problem, ArcTour tour, int number, ArcNames names, Action<string> complain)
{
    private ArcVehicle vehicle = problem.Vehicles[0];
    private LoadTally loads = new(problem, problem.Vehicles[0]);
    private int stop;
    private int place;
    private long now;
    private int breaks;
    private long busy;
    private long cost;
    private bool hasWay = true;

    /// <returns>What the tour costs; null where that cannot be told.</returns>
    public long? Run()
    {
        if (!Exists())
        {
            return null;
        }

        vehicle = problem.Vehicles[tour.Vehicle];
        loads = new(problem, vehicle);
        place = vehicle.Start;
        now = vehicle.StartTime;
        cost = vehicle.TourCost;
        for (stop = 0; stop < tour.Stops.Length; stop++)
        {
            if (tour.Stops[stop].IsSite)
            {
                Visit(tour.Stops[stop]);
            }
            else
            {
                Serve(tour.Stops[stop]);
            }

            TakeBreak();
        }

        DriveTo(vehicle.End);
        if (tour.Stops is not [.., { IsSite: true }])
        {
            CloseTrip();
        }

        CheckLastServices();
        CheckTime();
        return hasWay ? cost : null;
    }

    private bool Exists()
    {
        if (tour.Vehicle < 0 || tour.Vehicle >= problem.Vehicles.Length)
        {
            complain($"tour {number} is driven by vehicle {tour.Vehicle}, but there are only {problem.Vehicles.Length}");
            return false;
        }

        var known = true;
        for (stop = 0; stop < tour.Stops.Length; stop++)
        {
            var (isSite, index, mode, _) = tour.Stops[stop];
            var count = isSite ? problem.Sites.Length : problem.Tasks.Length;
            if (index < 0 || index >= count)
            {
                complain($"tour {number}, stop {stop + 1}: {(isSite ? "site" : "task")} {index} does not exist, there are only {count}");
                known = false;
            }
            else if (!isSite && (mode < 0 || mode >= problem.Tasks[index].Modes.Length))
            {
                Complain($"it has no mode {mode}");
                known = false;
            }
        }

        foreach (var (at, service, _, _, _) in tour.Services)
        {
            if (service < 0 || service >= problem.Services.Length || at < 0 || at >= tour.Stops.Length || !tour.Stops[at].IsSite)
            {
                complain($"tour {number}: service {service} is listed for stop {at + 1}, where it cannot be");
                known = false;
            }
        }

        return known;
    }

    private void Serve(ArcStop task)
    {
        var mode = problem.Tasks[task.Index].Modes[task.Mode];
        DriveTo(mode.Entry);
        Begin(task.Start);
        var extra = vehicle.TaskTime.IsEmpty ? 0 : vehicle.TaskTime[task.Index];
        var forVehicle = vehicle.TaskCost.IsEmpty ? 0 : vehicle.TaskCost[task.Index];
        if (forVehicle >= CostTable.NoWay)
        {
            Complain($"{names.Vehicle(tour.Vehicle)} may not serve it");
            hasWay = false;
        }

        var time = (mode.Time ?? mode.Cost) + extra;
        CheckWindows(problem.Tasks[task.Index], now, now + time);
        loads.Serve(task.Index);
        cost += mode.Cost + extra + forVehicle;
        busy += time;
        now += time;
        place = mode.Exit;
    }

    private void CheckWindows(ArcTask task, long begin, long end)
    {
        if (task.Windows.IsEmpty)
        {
            return;
        }

        if (task.CostOutside is not { } costOutside)
        {
            if (!task.Windows.Any(window => window.From <= begin && end <= window.Until))
            {
                Complain($"it is served from {begin} to {end}, which lies in none of its windows");
            }

            return;
        }

        var outside = end - begin - task.Windows.Sum(window => Math.Max(0, Math.Min(end, window.Until) - Math.Max(begin, window.From)));
        cost += outside * costOutside / 1_000;
    }

    private void Visit(ArcStop stopAtSite)
    {
        var site = problem.Sites[stopAtSite.Index];
        DriveTo(site.Place);
        Begin(stopAtSite.Start);
        cost += site.Cost;
        var stopTime = problem.TravelTime is null ? site.Cost : 0;
        busy += stopTime;
        now += stopTime;
        place = site.Place;
        if (stop == tour.Stops.Length - 1)
        {
            loads.Drive(TimeTo(vehicle.End));
        }

        CloseTrip();
        var checker = new SiteStopChecker(problem, vehicle, site, loads, Complain);
        now = checker.Run([.. tour.Services.Where(service => service.Stop == stop)], now);
    }

    private void DriveTo(int to)
    {
        var way = problem.Travel[place, to];
        if (way >= CostTable.NoWay)
        {
            Complain("there is no way to it");
            hasWay = false;
        }

        var time = TimeTo(to);
        cost += way;
        busy += time;
        now += time;
        if (stop < tour.Stops.Length || tour.Stops is not [.., { IsSite: true }])
        {
            loads.Drive(time);
        }
    }

    private int TimeTo(int to) => (problem.TravelTime ?? problem.Travel)[place, to];

    private void Begin(int start)
    {
        if (start < now)
        {
            Complain($"it begins at {start}, but cannot be reached before {now}");
        }

        now = start;
    }

    // After the first stop that ends at or after the earliest time, unless it is the last.
    private void TakeBreak()
    {
        if (stop == tour.Stops.Length - 1 || breaks == vehicle.Breaks.Length || now < vehicle.Breaks[breaks].Earliest)
        {
            return;
        }

        var (_, latest, duration) = vehicle.Breaks[breaks++];
        if (now > latest)
        {
            Complain($"break {breaks} comes after it, at {now}, but has to begin by {latest}");
        }

        now += duration;
    }

    private void CloseTrip()
    {
        for (var r = 0; r < problem.Resources; r++)
        {
            if (loads.Close(r) is var used && used > vehicle.Capacity[r])
            {
                Complain($"when it is reached, {used} of resource {r} are used up, more than the {vehicle.Capacity[r]} that there are");
            }
        }

        loads.BeginTrip();
    }

    private void CheckLastServices()
    {
        for (var s = 0; s < problem.Services.Length; s++)
        {
            var last = tour.Stops.Length - 1;
            if (problem.Services[s].IsDoneLast && !tour.Services.Any(service => service.Stop == last && service.Service == s))
            {
                complain($"tour {number} ends without the service '{problem.Services[s].Name}' at its last stop");
            }
        }
    }

    // All time that is neither on the way nor in service is time that the vehicle stands.
    private void CheckTime()
    {
        var time = now - vehicle.StartTime;
        cost += (time - busy) * vehicle.StandCost / 1_000;
        if (vehicle.MaxTime is not { } most)
        {
            return;
        }

        cost += time * time / most * vehicle.Balance / 1_000;
        if (time > most)
        {
            complain(string.Create(CultureInfo.InvariantCulture, $"tour {number} takes {time}, more than the {most} that {names.Vehicle(tour.Vehicle)} may be out"));
        }
    }

    private void Complain(string what)
    {
        if (stop >= tour.Stops.Length)
        {
            complain($"tour {number}, its end: {what}");
            return;
        }

        var at = tour.Stops[stop];
        complain($"tour {number}, stop {stop + 1} ({(at.IsSite ? names.Site(at.Index) : names.Task(at.Index))}): {what}");
    }
}
