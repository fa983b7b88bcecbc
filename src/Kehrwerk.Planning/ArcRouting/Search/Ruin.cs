namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Takes strings of tasks that follow each other out of trips that pass near one place, so that they can be put back another
/// way (adjacent string removal: Christiaens and Vanden Berghe 2020, "Slack induction by string removals"). Tasks near that place that are
/// left out so far are given another chance.
/// </summary>
internal sealed class Ruin<TCosts>(SearchModel<TCosts> model, SeededRandom random)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    // Of the average trip, where that is more: ten tasks of a trip of sixty are too few to give it another shape. Where a round takes longer,
    // since more than the route counts, less of it is taken out.
    private const double RemovedShare = 0.25;
    private const double LongestShare = 0.4;
    private const double RichShare = 0.3;

    private readonly int[] removed = new int[model.Tasks];
    private readonly List<(int Tour, int Trip)> ruined = [];
    private int[] kept = new int[16];
    private int removedCount;

    public double AverageRemoved { get; init; } = 10;
    public int LongestString { get; init; } = 10;
    public int NearAbsent { get; init; } = 40;
    public int MostAbsent { get; init; } = 8;

    /// <summary>Ruins the solution near one task; returns the tasks that were taken out.</summary>
    /// <param name="withAbsent">Whether tasks near the seed that are left out so far are among them.</param>
    public Span<int> Apply(SearchSolution<TCosts> solution, int seed, double averageTrip, bool withAbsent = true)
    {
        withAbsent &= solution.Penalty > 0;
        removedCount = 0;
        ruined.Clear();
        var share = model.IsPlain ? averageTrip : RichShare * averageTrip;
        var longest = Math.Max(1, Math.Min(Math.Max(LongestString, share * LongestShare), averageTrip));
        var toRemove = Math.Max(AverageRemoved, share * RemovedShare);
        var strings = 1 + (int)(random.Share() * Math.Max(0, (4 * toRemove / (1 + longest)) - 1));
        RuinAt(solution, seed, longest);
        foreach (var near in model.NearTo(seed))
        {
            if (ruined.Count >= strings)
            {
                break;
            }

            RuinAt(solution, near, longest);
        }

        if (withAbsent)
        {
            AddAbsent(solution, seed);
        }

        return removed.AsSpan(0, removedCount);
    }

    private void AddAbsent(SearchSolution<TCosts> solution, int seed)
    {
        AddIfAbsent(solution, seed);
        var most = removedCount + MostAbsent;
        foreach (var near in model.NearTo(seed)[..Math.Min(NearAbsent, model.Near)])
        {
            if (removedCount >= most)
            {
                break;
            }

            if (random.Below(2) == 0)
            {
                AddIfAbsent(solution, near);
            }
        }
    }

    private void AddIfAbsent(SearchSolution<TCosts> solution, int task)
    {
        if (solution.TourOf(task) == SearchSolution<TCosts>.None && !removed.AsSpan(0, removedCount).Contains(task))
        {
            removed[removedCount++] = task;
            solution.NoteAbsent(task);
        }
    }

    private void RuinAt(SearchSolution<TCosts> solution, int task, double longest)
    {
        var tourIndex = solution.TourOf(task);
        if (tourIndex < 0)
        {
            return;
        }

        var tour = solution[tourIndex];
        var position = solution.PositionOf(task);
        var trip = tour.TripAt(position - 1);
        if (ruined.Contains((tourIndex, trip)))
        {
            return;
        }

        ruined.Add((tourIndex, trip));
        var first = tour.TripStart(trip) + 1;
        var size = Math.Min(tour.TripEnd(trip), tour.Count + 1) - first;
        var length = 1 + random.Below((int)Math.Min(longest, size));
        var skipped = 0;
        if (length > 1 && length < size && random.Below(2) == 0)
        {
            // Half of the strings keep a piece in their middle, mostly of one task.
            skipped = 1;
            while (length + skipped < size && random.Below(100) == 0)
            {
                skipped++;
            }
        }

        var span = length + skipped;
        var from = Math.Max(first, position - random.Below(span));
        from = Math.Min(from, first + size - span);
        var skipFrom = skipped > 0 ? from + 1 + random.Below(length - 1) : from + span;
        if (kept.Length < tour.Count)
        {
            kept = new int[2 * tour.Count];
        }

        var keptCount = 0;
        for (var p = 1; p <= tour.Count; p++)
        {
            if (p >= from && p < from + span && (p < skipFrom || p >= skipFrom + skipped))
            {
                removed[removedCount++] = tour[p];
                solution.MarkRemoved(tour[p]);
            }
            else
            {
                kept[keptCount++] = tour[p];
            }
        }

        solution.Set(tourIndex, kept.AsSpan(0, keptCount));
    }
}
