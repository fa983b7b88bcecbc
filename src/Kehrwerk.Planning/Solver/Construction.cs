namespace Kehrwerk.Planning.Solver;

/// <summary>
/// A first solution by path scanning (Golden, DeArmon and Baker 1983): the vehicle that has driven least goes on to the
/// nearest task; when that does not fit its trip, it visits the depot. What is left over is inserted where it costs least.
/// Where not everything fits, it is done again class by class, so that the less urgent are left out.
/// </summary>
internal sealed class Construction(DayModel day, Recreate recreate, int[] expectedWaitMs)
{
    private readonly int[] tourMs = new int[day.Vehicles.Length];
    private readonly int[] openTrip = new int[day.Vehicles.Length];
    private readonly bool[] isClosed = new bool[day.Vehicles.Length];
    private TripLoad[] loads = new TripLoad[16];

    public Solution Build()
    {
        var solution = new Solution(day);
        Serve(solution, day.RankCount - 1);
        if (solution.AbsentCount == 0)
        {
            return solution;
        }

        solution = new(day);
        for (var rank = 0; rank < day.RankCount; rank++)
        {
            Serve(solution, rank);
        }

        return solution;
    }

    /// <summary>Serves what it can of the classes up to <paramref name="mostRank"/>.</summary>
    private void Serve(Solution solution, int mostRank)
    {
        Array.Fill(openTrip, Solution.None);
        Array.Clear(isClosed);
        for (var tour = 0; tour < tourMs.Length; tour++)
        {
            tourMs[tour] = TourMs(solution, tour);
        }

        while (LeastDriven() is var tour and >= 0)
        {
            isClosed[tour] = !TryExtend(solution, tour, mostRank) && !TryNewTrip(solution, tour, mostRank);
        }

        int[] left = [.. solution.Absent.ToArray().Where(task => day.Rank[task] <= mostRank).Order()];
        recreate.Apply(solution, left, expectedWaitMs, urgentFirst: true);
    }

    private int LeastDriven()
    {
        var least = -1;
        for (var tour = 0; tour < tourMs.Length; tour++)
        {
            if (!isClosed[tour] && (least < 0 || tourMs[tour] < tourMs[least]))
            {
                least = tour;
            }
        }

        return least;
    }

    private bool TryExtend(Solution solution, int tour, int mostRank)
    {
        if (openTrip[tour] == Solution.None)
        {
            return false;
        }

        var trip = solution.Trip(openTrip[tour]);
        var task = NearestAbsent(solution, trip.Last, mostRank);
        if (task == 0 || !day.Vehicles[tour].CanDrive(solution.LoadWith(openTrip[tour], trip.Last, task, 0)))
        {
            return false;
        }

        solution.Insert(openTrip[tour], trip.Last, task);
        return KeepIfInTime(solution, tour, task);
    }

    private bool TryNewTrip(Solution solution, int tour, int mostRank)
    {
        var task = NearestAbsent(solution, 0, mostRank);
        if (task == 0 || !day.Vehicles[tour].CanDrive(day.LoadOf(tour, task, solution.DetourMs(0, task, 0))))
        {
            return false;
        }

        openTrip[tour] = solution.OpenTrip(tour);
        solution.Insert(openTrip[tour], 0, task);
        return KeepIfInTime(solution, tour, task);
    }

    private bool KeepIfInTime(Solution solution, int tour, int task)
    {
        var newMs = TourMs(solution, tour);
        if (newMs + expectedWaitMs[tour] > day.Vehicles[tour].ShiftMs)
        {
            if (solution.Trip(openTrip[tour]).Size == 1)
            {
                openTrip[tour] = Solution.None;
            }

            solution.Remove(task);
            return false;
        }

        tourMs[tour] = newMs;
        return true;
    }

    private int TourMs(Solution solution, int tour)
    {
        var count = solution.LoadsOf(tour, ref loads);
        return TourClock.TourMs(day.Vehicles[tour], loads.AsSpan(0, count));
    }

    private int NearestAbsent(Solution solution, int from, int mostRank)
    {
        if (from != 0)
        {
            foreach (var near in day.NearAfter(from))
            {
                if (IsWanted(solution, near, mostRank))
                {
                    return near;
                }
            }
        }

        var nearest = 0;
        foreach (var task in solution.Absent)
        {
            if (day.Rank[task] <= mostRank && (nearest == 0 || IsNearer(from, task, nearest)))
            {
                nearest = task;
            }
        }

        return nearest;
    }

    private bool IsWanted(Solution solution, int task, int mostRank) => solution.TripOf(task) == Solution.None && day.Rank[task] <= mostRank;

    private bool IsNearer(int from, int task, int other) =>
        (day.TravelMs(from, task), task).CompareTo((day.TravelMs(from, other), other)) < 0;
}
