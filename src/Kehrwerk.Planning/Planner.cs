using Kehrwerk.Planning.Solver;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>How long and how to search.</summary>
public sealed record PlannerOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Rounds of improvement for each day, 0–1,000,000,000. With these as the only limit the plan is the same on every machine;
    /// a cancellation token that stops earlier makes it depend on how fast the machine is, and on nothing else.
    /// </summary>
    public int MaxIterations { get; init; } = 20_000;

    /// <summary>How much sharing the work counts against total time; 0 for not at all. With 1, the last minute of a full shift counts three times the first.</summary>
    public double BalanceWeight { get; init; } = 1;

    /// <summary>Threads to use, 1–256; the plan is the same for any number.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Where the search stands.</summary>
/// <param name="Iteration">Rounds done on each day, of <paramref name="MaxIterations"/>.</param>
/// <param name="CostS">Cost of the best plan so far, seconds, sharing of work included.</param>
/// <param name="Unserved">Tasks that it leaves out.</param>
public sealed record PlannerProgress(int Iteration, int MaxIterations, double CostS, int Unserved);

/// <summary>Makes a plan for a problem.</summary>
public static class Planner
{
    private const int IterationsBetweenReports = 250;

    /// <summary>
    /// The best plan that the search finds. Less urgent classes are left out first where not everything can be served.
    /// </summary>
    /// <param name="progress">Told after construction and then about every 250 rounds.</param>
    /// <param name="ct">Stops the search early: the best plan so far is returned, at least the constructed one.</param>
    /// <exception cref="InputException">The problem or an option is out of bounds; the message names it.</exception>
    public static Plan Solve(
        SweepProblem problem, PlannerOptions? options = null, IProgress<PlannerProgress>? progress = null, CancellationToken ct = default)
    {
        options ??= new();
        ProblemRules.Require(problem);
        ProblemRules.InRange("planner", "number of rounds", options.MaxIterations, 0, 1_000_000_000, "");
        ProblemRules.InRange("planner", "number of threads", options.Threads, 1, 256, "");
        ProblemRules.InRange("planner", "balance weight", options.BalanceWeight, 0, 1000, "");

        var calendar = Calendar.Of(problem);
        DaySearch[] days = [.. calendar.Due.Select((due, day) => new DaySearch(problem, day, due, options))];
        Report(0);
        for (var done = 0; done < options.MaxIterations && !ct.IsCancellationRequested;)
        {
            var rounds = Math.Min(IterationsBetweenReports, options.MaxIterations - done);
            Parallel.ForEach(days, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, day => day.Improve(rounds, ct));
            done += rounds;
            Report(done);
        }

        var plans = Array.ConvertAll(days, day => day.Finish());
        return new([.. plans.SelectMany(plan => plan.Tours)], [.. plans.SelectMany(plan => plan.Unserved)]);

        void Report(int done) =>
            progress?.Report(new(done, options.MaxIterations, days.Sum(day => day.BestCost) / 1000, days.Sum(day => day.UnservedCount)));
    }
}
