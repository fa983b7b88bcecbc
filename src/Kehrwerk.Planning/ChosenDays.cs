using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning;

/// <summary>
/// Plans all days at once, so that the day of each sweep is chosen with the tours. Two fifths of the budget go to each day by itself, with
/// <see cref="BalancedDays"/>; from there the whole is searched on, with no more vehicles on a day than that took on the busiest, if it can be.
/// </summary>
internal sealed class ChosenDays
{
    private const double ShareOfDays = 0.4;

    // Larger sums would not fit the solver's whole numbers.
    private const double MostBalance = 20;

    private readonly SweepProblem problem;
    private readonly PlannerOptions options;
    private readonly IProgress<PlannerProgress>? progress;
    private readonly CancellationToken ct;
    private readonly SearchBudget budget;
    private long earlierRounds;
    private long rounds;

    private ChosenDays(SweepProblem problem, PlannerOptions options, IProgress<PlannerProgress>? progress, CancellationToken ct)
    {
        this.problem = problem;
        this.options = options;
        this.progress = progress;
        this.ct = ct;
        budget = options.BudgetOfDay?.Invoke() ?? ArcSolver.Rounds((long)options.MaxIterations * problem.Days);
    }

    /// <exception cref="Streets.InputException">Too much is due for one table of travel times.</exception>
    public static Plan Solve(SweepProblem problem, PlannerOptions options, IProgress<PlannerProgress>? progress, CancellationToken ct) =>
        new ChosenDays(problem, options, progress, ct).Run();

    private Plan Run()
    {
        var visits = Calendar.Of(problem).Visits;
        DayProblem.RequireRoom(problem, visits, problem.Days);
        var dayOf = BalancedDays.Of(problem, visits);
        var days = Enumerable.Range(0, problem.Days).Select(day => ByItself(day, [.. visits.Where((_, v) => dayOf[v] == day).Select(visit => visit with { Days = [day] })])).ToArray();
        int[] atWork = [.. Enumerable.Range(0, days[0].Problem.Kinds.Length).Select(kind => days.Max(day => day.Solution.Tours.Count(tour => tour.Vehicle == kind)))];
        var whole = DayProblem.OfAllDays(problem, visits, atWork, Balance(days), options.Threads);
        var solution = Search(whole, problem.Days, 1, InWhole(whole, days));
        return new(new PlanWriter(problem, whole).Write(solution), whole.Unserved(solution));
    }

    private (DayProblem Problem, ArcSolution Solution) ByItself(int number, ImmutableArray<Visit> visits)
    {
        var day = DayProblem.Of(problem, number, visits, options.BalanceWeight, options.Threads);
        return (day, Search(day, number, ShareOfDays * (number + 1) / problem.Days, null));
    }

    // The last minute of a usual tour counts as much as that of a full shift on a day by itself; else short days would not be shared.
    private double Balance((DayProblem Problem, ArcSolution Solution)[] days)
    {
        var (time, shift) = (1.0, 1.0);
        foreach (var (day, solution) in days)
        {
            foreach (var tour in solution.Tours)
            {
                var vehicle = day.Arcs.Vehicles[tour.Vehicle];
                time += tour.Services.Where(service => service.Service != DayProblem.Charge).Max(service => service.Start + service.Duration) - vehicle.StartTime;
                shift += vehicle.MaxTime!.Value;
            }
        }

        return Math.Max(options.BalanceWeight, Math.Min(MostBalance, options.BalanceWeight * shift / time));
    }

    // The tours of each day by itself, in the numbers of the whole.
    private static ArcSolution InWhole(DayProblem whole, (DayProblem Problem, ArcSolution Solution)[] days)
    {
        var taskOf = whole.Visits.Index().ToDictionary(visit => (visit.Item.Task, visit.Item.Day), visit => visit.Index);
        var kindOf = whole.Kinds.Index().Where(kind => !kind.Item.IsFurther).ToDictionary(kind => (kind.Item.Day, kind.Item.Vehicles[0]), kind => kind.Index);
        return new(0, [.. days.SelectMany(day => day.Solution.Tours.Select(tour => TourOf(day.Problem, tour)))], []);

        ArcTour TourOf(DayProblem day, ArcTour tour) =>
            new(kindOf[(day.Kinds[tour.Vehicle].Day, day.Kinds[tour.Vehicle].Vehicles[0])], [.. tour.Stops.Select(stop => StopOf(day, stop))], []);

        ArcStop StopOf(DayProblem day, ArcStop stop) => stop.IsSite ? stop : ArcStop.Serve(taskOf[(day.Visits[stop.Index].Task, day.Visits[stop.Index].Day)], 0);
    }

    // With the budget from where it stands up to a share of all.
    private ArcSolution Search(DayProblem day, int number, double until, ArcSolution? start)
    {
        earlierRounds += rounds;
        rounds = 0;
        var from = budget(earlierRounds);
        return ArcSolver.Solve(
            day.Arcs,
            done => until <= from ? 1 : (budget(earlierRounds + (rounds = done)) - from) / (until - from),
            new() { Seed = options.Seed + (ulong)number, Threads = options.Threads, Start = start },
            new Telling(report => progress?.Report(new(Math.Min(1, from + ((until - from) * report.Share)), report.Cost / 1000.0))),
            ct);
    }

    private sealed class Telling(Action<ArcProgress> tell) : IProgress<ArcProgress>
    {
        void IProgress<ArcProgress>.Report(ArcProgress value) => tell(value);
    }
}
