using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Planning.ArcRouting.Checking;

namespace Kehrwerk.Planning.ArcRouting;

/// <summary>What the checker found.</summary>
/// <param name="Cost">Of the solution as it is listed; null where that cannot be told, for something in it does not exist or has no way.</param>
/// <param name="Violations">A sentence for each rule that is broken, with tour, stop and task; empty for a solution that keeps them all.</param>
public sealed record ArcVerdict(long? Cost, ImmutableArray<string> Violations);

/// <summary>
/// Judges a solution by the problem alone: who serves what once, loads, times, windows, breaks, bays and cost. It takes the times that
/// the solution states, asks whether they can be kept, and sums up anew. It shares no evaluation with the search.
/// </summary>
public sealed class ArcChecker
{
    private readonly ArcProblem problem;
    private readonly ArcSolution solution;
    private readonly ArcNames names;
    private readonly ImmutableArray<string>.Builder violations = ImmutableArray.CreateBuilder<string>();

    private ArcChecker(ArcProblem problem, ArcSolution solution, ArcNames names)
    {
        this.problem = problem;
        this.solution = solution;
        this.names = names;
    }

    /// <param name="names">How messages call tasks, sites and vehicles; null for their numbers from 0.</param>
    public static ArcVerdict Check(ArcProblem problem, ArcSolution solution, ArcNames? names = null) =>
        new ArcChecker(problem, solution, names ?? ArcNames.Numbers).Run();

    private ArcVerdict Run()
    {
        long? cost = 0;
        for (var t = 0; t < solution.Tours.Length; t++)
        {
            cost += new TourChecker(problem, solution.Tours[t], t + 1, names, violations.Add).Run();
        }

        CheckTasks();
        CheckFleet();
        new BayChecker(problem, solution, names, violations.Add).Run();
        foreach (var task in solution.Unserved.Where(IsTask))
        {
            cost += problem.Tasks[task].Penalty ?? ArcTask.MustServe;
        }

        if (cost is { } sum && sum != solution.Cost)
        {
            violations.Add(string.Create(CultureInfo.InvariantCulture, $"the solution states a cost of {solution.Cost}, but costs {sum}"));
        }

        return new(cost, violations.ToImmutable());
    }

    private bool IsTask(int task) => task >= 0 && task < problem.Tasks.Length;

    private void CheckTasks()
    {
        var tourOf = new Dictionary<int, int>();
        for (var t = 0; t < solution.Tours.Length; t++)
        {
            foreach (var stop in solution.Tours[t].Stops.Where(stop => !stop.IsSite && IsTask(stop.Index)))
            {
                if (!tourOf.TryAdd(stop.Index, t + 1))
                {
                    violations.Add($"tour {t + 1} serves {names.Task(stop.Index)}, which tour {tourOf[stop.Index]} serves already");
                }
            }
        }

        var leftOut = new HashSet<int>();
        foreach (var task in solution.Unserved)
        {
            if (!IsTask(task))
            {
                violations.Add($"task {task} is listed as left out, but there are only {problem.Tasks.Length}");
            }
            else if (!leftOut.Add(task))
            {
                violations.Add($"{names.Task(task)} is listed as left out twice");
            }
            else if (tourOf.TryGetValue(task, out var tour))
            {
                violations.Add($"{names.Task(task)} is listed as left out, but tour {tour} serves it");
            }
        }

        for (var task = 0; task < problem.Tasks.Length; task++)
        {
            if (!tourOf.ContainsKey(task) && !leftOut.Contains(task))
            {
                violations.Add($"{names.Task(task)} is neither served nor listed as left out");
            }
        }
    }

    private void CheckFleet()
    {
        for (var kind = 0; kind < problem.Vehicles.Length; kind++)
        {
            var tours = solution.Tours.Count(tour => tour.Vehicle == kind);
            if (problem.Vehicles[kind].Count is not { } count)
            {
                continue;
            }

            if (tours > count)
            {
                violations.Add($"{names.Vehicle(kind)} makes {tours} tours, but there may be only {count}");
            }
            else if (problem.Vehicles[kind].IsOut && tours < count)
            {
                violations.Add($"{names.Vehicle(kind)} is out {count} times, but only {tours} tours lead home");
            }
        }
    }
}

/// <summary>How messages call the parts of a problem.</summary>
public sealed record ArcNames(Func<int, string> Task, Func<int, string> Site, Func<int, string> Vehicle)
{
    public static ArcNames Numbers { get; } = new(task => $"task {task}", site => $"site {site}", vehicle => $"vehicle {vehicle}");
}
