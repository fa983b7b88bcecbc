using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>How long and how to search.</summary>
public sealed record PlannerOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Rounds of improvement for each day, also where days are chosen, 0–1,000,000,000. With these as the only limit the plan is the same on every machine;
    /// a cancellation token that stops earlier makes it depend on how fast the machine is, and on nothing else.
    /// </summary>
    public int MaxIterations { get; init; } = 20_000;

    /// <summary>
    /// Makes the budget of one day's search when that search begins, instead of <see cref="MaxIterations"/>; the caller knows how many
    /// days are searched at once: as many as there are threads. Where days are chosen, of all days together.
    /// </summary>
    public Func<SearchBudget>? BudgetOfDay { get; init; }

    /// <summary>How much sharing the work counts against total time; 0 for not at all. With 1, the last minute of a full shift counts three times the first.</summary>
    public double BalanceWeight { get; init; } = 1;

    /// <summary>Threads to use, 1–64: for several days at once, and for one day where there is only one.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Where the search stands.</summary>
/// <param name="Share">Of the budget that is used up, over all days, 0–1.</param>
/// <param name="CostS">Cost of the best plan so far, seconds: time of all tours, with what sharing the work and leaving out kerbs count.</param>
public readonly record struct PlannerProgress(double Share, double CostS);

/// <summary>Makes a plan for a problem: each day an arc routing problem, or all days one where they are chosen, solved by <see cref="ArcSolver"/>.</summary>
public static class Planner
{
    /// <summary>
    /// The best plan that the search finds. Less urgent classes are left out first where not everything can be served.
    /// </summary>
    /// <param name="progress">Told as the search goes on.</param>
    /// <param name="ct">Stops the search early: the best plan so far is returned, at least the constructed one.</param>
    /// <exception cref="InputException">The problem or an option is out of bounds; the message names it.</exception>
    public static Plan Solve(
        SweepProblem problem, PlannerOptions? options = null, IProgress<PlannerProgress>? progress = null, CancellationToken ct = default)
    {
        options ??= new();
        ProblemRules.Require(problem);
        ProblemRules.InRange("planner", "number of rounds", options.MaxIterations, 0, 1_000_000_000, "");
        ProblemRules.InRange("planner", "number of threads", options.Threads, 1, 64, "");
        ProblemRules.InRange("planner", "balance weight", options.BalanceWeight, 0, 20, "");

        if (problem.ChoosesDays)
        {
            return ChosenDays.Solve(problem, options, progress, ct);
        }

        var calendar = Calendar.Of(problem);
        var reports = new ArcProgress[problem.Days];
        var plans = new (ImmutableArray<Tour> Tours, ImmutableArray<UnservedTask> Unserved)[problem.Days];
        Parallel.For(0, problem.Days, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, day =>
            plans[day] = SolveDay(problem, day, [.. calendar.Due[day].Select(task => new Visit(task, day))], options, Math.Max(1, options.Threads / problem.Days), new DayReport(day, Report), ct));
        return new([.. plans.SelectMany(plan => plan.Tours)], [.. plans.SelectMany(plan => plan.Unserved)]);

        void Report(int day, ArcProgress report)
        {
            lock (reports)
            {
                reports[day] = report;
                progress?.Report(new(reports.Average(r => Math.Min(1, r.Share)), reports.Sum(r => r.Cost) / 1000.0));
            }
        }
    }

    private static (ImmutableArray<Tour> Tours, ImmutableArray<UnservedTask> Unserved) SolveDay(
        SweepProblem problem, int dayNumber, ImmutableArray<Visit> due, PlannerOptions options, int threads, IProgress<ArcProgress> progress, CancellationToken ct)
    {
        var day = DayProblem.Of(problem, dayNumber, due, options.BalanceWeight, threads);
        var solution = ArcSolver.Solve(
            day.Arcs,
            options.BudgetOfDay?.Invoke() ?? ArcSolver.Rounds(options.MaxIterations),
            new() { Seed = options.Seed + (ulong)dayNumber, Threads = threads },
            progress,
            ct);
        return (new PlanWriter(problem, day).Write(solution), day.Unserved(solution));
    }

    private sealed class DayReport(int day, Action<int, ArcProgress> report) : IProgress<ArcProgress>
    {
        public void Report(ArcProgress value) => report(day, value);
    }
}
