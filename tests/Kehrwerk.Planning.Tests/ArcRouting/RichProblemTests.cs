using CsCheck;
using Kehrwerk.Planning.ArcRouting;
using Xunit;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>Random problems with everything that the model knows.</summary>
public sealed class RichProblemTests
{
    private const Rich Exact = Rich.All & ~Rich.Bays;

    [Fact]
    public void Every_solution_passes_the_independent_checker() =>
        RichProblem.With(mostTasks: 9, Rich.All).Sample(
            recipe =>
            {
                var problem = recipe.Make();

                var violations = ArcChecker.Check(problem, Solve(problem, 300)).Violations;

                Assert.True(violations.IsEmpty, string.Join('\n', violations));
            },
            iter: Iterations(1_500));

    // Modes are chosen by cost: where time is another matter, a choice that costs more could keep a limit that the chosen one breaks.
    [Fact]
    public void A_problem_of_a_few_tasks_is_solved_as_well_as_by_trying_everything() =>
        RichProblem.With(mostTasks: 4, Exact).Where(recipe => !recipe.Features.HasFlag(Rich.TwoModes | Rich.OwnTimes)).Sample(
            recipe =>
            {
                var problem = recipe.Make();

                // Trying everything means one site at most between two tasks; a search may do better with two.
                var solution = Solve(problem, 10_000);
                Assert.Empty(ArcChecker.Check(problem, solution).Violations);
                Assert.InRange(solution.Cost, 0, RichOptimum.Of(problem));
            },
            iter: Iterations(300));

    [Fact]
    public void One_thread_repeats_to_the_byte() =>
        RichProblem.With(mostTasks: 9, Rich.All).Sample(
            recipe => Assert.Equal(Text(Solve(recipe.Make(), 500)), Text(Solve(recipe.Make(), 500))),
            iter: Iterations(200));

    private static int Iterations(int usual) => int.TryParse(Environment.GetEnvironmentVariable("RICH"), out var i) ? i : usual;

    private static ArcSolution Solve(ArcProblem problem, long rounds) =>
        ArcSolver.Solve(problem, ArcSolver.Rounds(rounds), new() { Seed = 1 }, ct: TestContext.Current.CancellationToken);

    private static string Text(ArcSolution solution) =>
        $"{solution.Cost}: {string.Join('\n', solution.Tours.Select(tour => $"{tour.Vehicle} {string.Join(' ', tour.Stops)} {string.Join(' ', tour.Services)}"))}";
}
