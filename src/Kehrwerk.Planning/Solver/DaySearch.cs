using System.Collections.Immutable;

namespace Kehrwerk.Planning.Solver;

/// <summary>
/// Plans one day: construct, then ruin and recreate under simulated annealing (SISR: Christiaens and Vanden Berghe 2020).
/// Leaving out less always wins; between solutions that leave out the same, the cost of the tours decides. Days do not
/// touch each other, so that several can be planned at the same time with the same result.
/// </summary>
internal sealed class DaySearch
{
    private readonly DayModel day;
    private readonly SeededRandom random;
    private readonly TourCosts costs;
    private readonly DepotSchedule schedule;
    private readonly Ruin ruin;
    private readonly Recreate recreate;
    private readonly Solution candidate;
    private readonly Solution current;
    private readonly Solution best;
    private readonly Annealing annealing;
    private readonly int[] currentWaitMs;
    private double currentCost;

    public DaySearch(SweepProblem problem, int dayNumber, ImmutableArray<int> due, PlannerOptions options)
    {
        day = new(problem, dayNumber, due, options.Threads);
        random = new(options.Seed + (ulong)dayNumber);
        costs = new(day, options.BalanceWeight);
        schedule = new(day);
        ruin = new(day, random);
        recreate = new(day, costs, random);
        currentWaitMs = new int[day.Vehicles.Length];

        best = new Construction(day, recreate, currentWaitMs).Build();
        LeaveOutWhatIsLate(best);
        current = new(day);
        current.CopyFrom(best);
        candidate = new(day);
        Accept(costs.OfAll(schedule));
        BestCost = currentCost;
        annealing = new(options.MaxIterations, currentCost, day.Servable.Length);
    }

    public double BestCost { get; private set; }

    public int UnservedCount => best.AbsentCount + day.Unservable.Length;

    public void Improve(int iterations, CancellationToken ct)
    {
        for (var i = 0; i < iterations && day.Servable.Length > 1 && !ct.IsCancellationRequested; i++)
        {
            candidate.CopyFrom(current);
            var tasks = ruin.Apply(candidate);
            recreate.Apply(candidate, tasks, currentWaitMs, urgentFirst: current.AbsentCount > 0);
            JoinTrips(candidate);
            schedule.Run(candidate);
            if (schedule.IsLate || candidate.CompareAbsent(current) > 0)
            {
                annealing.Cool();
                continue;
            }

            var cost = costs.OfAll(schedule);
            if (candidate.CompareAbsent(current) < 0 || cost < currentCost + annealing.Allowance(random))
            {
                current.CopyFrom(candidate);
                Accept(cost);
                KeepBest();
            }

            annealing.Cool();
        }
    }

    /// <summary>The best tours found, with ways, times and levels, and everything that they leave out.</summary>
    public (ImmutableArray<Tour> Tours, ImmutableArray<UnservedTask> Unserved) Finish()
    {
        var writer = new PlanWriter(day);
        writer.TakeRealWays(best);
        var services = LeaveOutWhatIsLate(best, () => writer.TakeRealWays(best));
        var tours = writer.Write(best, services);
        var unserved = best.Absent.ToArray()
            .Select(task => new UnservedTask(day.TaskOf(task).Kerb, day.Day, UnservedReason.NoTimeLeft))
            .Concat(day.Unservable)
            .OrderBy(task => task.Kerb);
        return (tours, [.. unserved]);
    }

    private void Accept(double cost)
    {
        currentCost = cost;
        schedule.WaitMs.CopyTo(currentWaitMs, 0);
    }

    private void KeepBest()
    {
        var comparison = current.CompareAbsent(best);
        if (comparison < 0 || (comparison == 0 && currentCost < BestCost))
        {
            best.CopyFrom(current);
            BestCost = currentCost;
        }
    }

    // A visit to the depot between two trips that fit into one is for nothing.
    private void JoinTrips(Solution solution)
    {
        for (var tour = 0; tour < day.Vehicles.Length; tour++)
        {
            for (var trip = solution.FirstTrip(tour); trip != Solution.None; trip = solution.Trip(trip).After)
            {
                while (solution.Trip(trip).After != Solution.None
                    && solution.JoinedLoad(trip) is var joined
                    && joined.TravelMs <= solution.Trip(trip).Load.TravelMs + solution.Trip(solution.Trip(trip).After).Load.TravelMs
                    && day.Vehicles[tour].CanDrive(joined))
                {
                    solution.JoinWithAfter(trip);
                }
            }
        }
    }

    // Waiting for bays can make a tour late that alone would be in time. It then loses its least urgent task,
    // of these the one that takes most time, until all are in time.
    private List<ServiceTime> LeaveOutWhatIsLate(Solution solution, Action? afterEach = null)
    {
        var services = new List<ServiceTime>();
        while (true)
        {
            services.Clear();
            schedule.Run(solution, services);
            if (!schedule.IsLate)
            {
                return services;
            }

            var latest = Array.IndexOf(schedule.LateMs, schedule.LateMs.Max());
            solution.Remove(LeastUrgent(solution, latest));
            afterEach?.Invoke();
        }
    }

    private int LeastUrgent(Solution solution, int tour)
    {
        var least = 0;
        var leastKey = (Rank: -1, Ms: 0);
        for (var trip = solution.FirstTrip(tour); trip != Solution.None; trip = solution.Trip(trip).After)
        {
            for (var task = solution.Trip(trip).First; task != 0; task = solution.Next(task))
            {
                var detourMs = solution.DetourMs(solution.Previous(task), task, solution.Next(task));
                var key = (day.Rank[task], day.Vehicles[tour].SweepMs[task] + detourMs);
                if (key.CompareTo(leastKey) > 0)
                {
                    least = task;
                    leastKey = key;
                }
            }
        }

        return least;
    }
}
