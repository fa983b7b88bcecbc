namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// The costs that solutions can have at all: <c>Offset + k · Step</c>. Where all costs are multiples of 5, so is every solution; where every
/// round trip has an even length, solutions differ by 2. So a bound may be rounded up further than to a whole number.
/// </summary>
internal readonly record struct CostStep(long Step, long Offset)
{
    /// <summary>
    /// With p(e) the way from the start to an entry e and q(x) the way from an exit x to the end, let every way from x to e be congruent
    /// to p(e) + q(x). On a tour, travel is then congruent to a sum over what is visited, in whatever order.
    /// </summary>
    public static CostStep Of(BoundProblem problem)
    {
        if (!problem.IsPlain)
        {
            return new(1, 0);
        }

        var travel = problem.Travel;
        var (start, end) = (problem.Starts[0], problem.Ends[0]);
        var modes = problem.Tasks.SelectMany(task => task.Modes).ToArray();
        int[] entries = [.. modes.Select(mode => mode.Entry).Concat(problem.Sites.Select(site => site.Place)).Distinct()];
        int[] exits = [.. modes.Select(mode => mode.Exit).Concat(problem.Sites.Select(site => site.Place)).Distinct()];
        long step = problem.TourCost;
        foreach (var site in problem.Sites)
        {
            step = Gcd(step, site.Cost + Around(site.Place, site.Place));
        }

        foreach (var task in problem.Tasks)
        {
            foreach (var mode in task.Modes)
            {
                step = Gcd(step, ServiceOf(mode) - ServiceOf(task.Modes[0]));
            }
        }

        for (var x = 0; x < exits.Length && step != 1; x++)
        {
            foreach (var entry in entries)
            {
                step = Gcd(step, travel[exits[x], entry] - Around(entry, exits[x]));
            }
        }

        return new(step, problem.Tasks.Sum(task => ServiceOf(task.Modes[0])));

        long Around(int entry, int exit) => (long)travel[start, entry] + travel[exit, end];
        long ServiceOf(TaskMode mode) => mode.Cost + Around(mode.Entry, mode.Exit);
    }

    /// <summary>The least cost of at least <paramref name="value"/> that a solution can have.</summary>
    public long RoundUp(double value)
    {
        var least = (long)Math.Ceiling(value);
        if (Step <= 1)
        {
            return Step == 0 ? Math.Max(least, Offset) : least;
        }

        var beyond = (Offset - least) % Step;
        return least + (beyond < 0 ? beyond + Step : beyond);
    }

    private static long Gcd(long a, long b)
    {
        (a, b) = (Math.Abs(a), Math.Abs(b));
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
