namespace Kehrwerk.Planning.Solver;

/// <summary>
/// Takes strings of tasks that follow each other out of trips that pass near one place (adjacent string removal: Christiaens
/// and Vanden Berghe 2020), so that what is put back can go another way through the same streets.
/// </summary>
internal sealed class Ruin(DayModel day, SeededRandom random)
{
    private const int LongestString = 12;
    private const int AverageRemoved = 12;

    private readonly int[] removed = new int[day.TaskCount];
    private readonly int[] ruinedTrips = new int[day.TaskCount + 1];
    private int removedCount;
    private int ruinedCount;

    /// <summary>Ruins one place; returns the tasks to put back: those taken out and those that were absent nearby.</summary>
    public Span<int> Apply(Solution solution)
    {
        removedCount = 0;
        ruinedCount = 0;
        var seed = Seed(solution);
        CollectAbsent(solution, seed);
        var tripsToRuin = 1 + random.Below(Math.Max(1, 4 * AverageRemoved / (1 + LongestString)));
        RuinAt(solution, seed);
        foreach (var near in day.NearAfter(seed))
        {
            if (ruinedCount >= tripsToRuin)
            {
                break;
            }

            RuinAt(solution, near);
        }

        return removed.AsSpan(0, removedCount);
    }

    // Where tasks are absent, every second ruin makes room for one of them.
    private int Seed(Solution solution) =>
        solution.AbsentCount > 0 && random.Below(2) == 0
            ? solution.Absent[random.Below(solution.AbsentCount)]
            : day.Servable[random.Below(day.Servable.Length)];

    private void CollectAbsent(Solution solution, int seed)
    {
        if (solution.TripOf(seed) == Solution.None)
        {
            removed[removedCount++] = seed;
        }

        foreach (var near in day.NearAfter(seed))
        {
            if (solution.TripOf(near) == Solution.None)
            {
                removed[removedCount++] = near;
            }
        }
    }

    private void RuinAt(Solution solution, int task)
    {
        var trip = solution.TripOf(task);
        if (trip == Solution.None || ruinedTrips.AsSpan(0, ruinedCount).Contains(trip))
        {
            return;
        }

        ruinedTrips[ruinedCount++] = trip;
        var size = solution.Trip(trip).Size;
        var length = 1 + random.Below(Math.Min(LongestString, size));

        // Half of the strings keep a piece in their middle.
        var kept = random.Below(2) == 0 && length < size ? 1 + random.Below(Math.Min(LongestString, size - length)) : 0;
        var keptFrom = kept > 0 ? random.Below(length) : length;
        var at = task;
        for (var back = random.Below(length + kept); back > 0 && solution.Previous(at) != 0; back--)
        {
            at = solution.Previous(at);
        }

        for (var i = 0; i < length + kept && at != 0; i++)
        {
            var next = solution.Next(at);
            if (i < keptFrom || i >= keptFrom + kept)
            {
                removed[removedCount++] = at;
                solution.Remove(at);
            }

            at = next;
        }
    }
}
