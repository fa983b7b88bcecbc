namespace Kehrwerk.Planning.Solver;

/// <summary>
/// Puts absent tasks back one by one, each where it costs least (greedy insertion with blinks: Christiaens and Vanden Berghe
/// 2020). Places beside near tasks are tried, and a new trip for each vehicle. Tasks that fit nowhere stay absent.
/// </summary>
internal sealed class Recreate(DayModel day, TourCosts costs, SeededRandom random)
{
    // One place in a hundred is overlooked, so that the same ruin is not always filled in the same way.
    private const int BlinkOneIn = 100;

    private readonly int[] waitMs = new int[day.Vehicles.Length];
    private readonly int[] tourMs = new int[day.Vehicles.Length];
    private readonly double[] keys = new double[day.TaskCount];
    private TripLoad[] loads = new TripLoad[16];
    private int bestTrip;
    private int bestTour;
    private int bestLeft;
    private double bestCost;

    /// <summary>Inserts what it can of <paramref name="tasks"/>, which it reorders.</summary>
    /// <param name="expectedWaitMs">Waiting time at bays to expect in each tour.</param>
    /// <param name="urgentFirst">Whether more urgent tasks go before others in any case.</param>
    public void Apply(Solution solution, Span<int> tasks, ReadOnlySpan<int> expectedWaitMs, bool urgentFirst)
    {
        expectedWaitMs.CopyTo(waitMs);
        for (var tour = 0; tour < tourMs.Length; tour++)
        {
            Refresh(solution, tour);
        }

        Sort(tasks, urgentFirst);
        foreach (var task in tasks)
        {
            FindBest(solution, task);
            if (bestTour != Solution.None)
            {
                var trip = bestTrip == Solution.None ? solution.OpenTrip(bestTour) : bestTrip;
                solution.Insert(trip, bestLeft, task);
                Refresh(solution, bestTour);
            }
        }
    }

    private void Refresh(Solution solution, int tour)
    {
        var count = solution.LoadsOf(tour, ref loads);
        tourMs[tour] = TourClock.TourMs(day.Vehicles[tour], loads.AsSpan(0, count));
    }

    private void Sort(Span<int> tasks, bool urgentFirst)
    {
        var rule = random.Below(4);
        for (var i = 0; i < tasks.Length; i++)
        {
            var task = tasks[i];
            var key = rule switch
            {
                0 => random.Share(),
                1 => -day.TaskOf(task).LengthM,
                2 => -day.TravelMs(0, task),
                _ => day.TravelMs(0, task),
            };
            keys[i] = urgentFirst ? (day.Rank[task] * 1e9) + key : key;
        }

        keys.AsSpan(0, tasks.Length).Sort(tasks);
    }

    private void FindBest(Solution solution, int task)
    {
        bestTour = Solution.None;
        bestCost = double.MaxValue;
        foreach (var left in day.NearBefore(task))
        {
            if (solution.TripOf(left) is var trip and >= 0)
            {
                Try(solution, trip, left, task, solution.Next(left));
            }
        }

        foreach (var right in day.NearAfter(task))
        {
            if (solution.TripOf(right) is var trip and >= 0)
            {
                Try(solution, trip, solution.Previous(right), task, right);
            }
        }

        for (var tour = 0; tour < tourMs.Length; tour++)
        {
            TryNewTrip(solution, tour, task);
        }
    }

    private void Try(Solution solution, int trip, int left, int task, int right)
    {
        if (random.Below(BlinkOneIn) == 0)
        {
            return;
        }

        var tour = solution.Trip(trip).Tour;
        var vehicle = day.Vehicles[tour];
        var leastMs = vehicle.SweepMs[task] + solution.DetourMs(left, task, right);
        if (CostOfMore(tour, leastMs) >= bestCost)
        {
            return;
        }

        var load = solution.LoadWith(trip, left, task, right);
        if (!vehicle.CanDrive(load))
        {
            return;
        }

        var count = solution.LoadsOf(tour, ref loads);
        loads[PlaceInTour(solution, trip)] = load;
        Judge(tour, trip, left, TourClock.TourMs(vehicle, loads.AsSpan(0, count)));
    }

    private void TryNewTrip(Solution solution, int tour, int task)
    {
        var vehicle = day.Vehicles[tour];
        var load = day.LoadOf(tour, task, solution.DetourMs(0, task, 0));
        if (CostOfMore(tour, load.DriveMs) < bestCost && vehicle.CanDrive(load))
        {
            var count = solution.LoadsOf(tour, ref loads);
            loads[count] = load;
            Judge(tour, Solution.None, 0, TourClock.TourMs(vehicle, loads.AsSpan(0, count + 1)));
        }
    }

    private void Judge(int tour, int trip, int left, int newTourMs)
    {
        var cost = CostOfMore(tour, newTourMs - tourMs[tour]);
        if (cost < bestCost && newTourMs + waitMs[tour] <= day.Vehicles[tour].ShiftMs)
        {
            (bestTour, bestTrip, bestLeft, bestCost) = (tour, trip, left, cost);
        }
    }

    private double CostOfMore(int tour, int moreMs)
    {
        var nowMs = tourMs[tour] + waitMs[tour];
        return costs.Of(tour, nowMs + moreMs) - costs.Of(tour, nowMs);
    }

    private static int PlaceInTour(Solution solution, int trip)
    {
        var place = 0;
        for (var before = solution.Trip(trip).Before; before != Solution.None; before = solution.Trip(before).Before)
        {
            place++;
        }

        return place;
    }
}
