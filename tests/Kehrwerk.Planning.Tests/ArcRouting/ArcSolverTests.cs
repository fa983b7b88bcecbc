using CsCheck;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Planning.Tests.Benchmarks;
using Xunit;

namespace Kehrwerk.Planning.Tests.ArcRouting;

public sealed class ArcSolverTests
{
    [Theory]
    [InlineData("gdb", "gdb1.dat", 316)]
    [InlineData("gdb", "gdb14.dat", 100)]
    [InlineData("gdb", "gdb23.dat", 233)]
    [InlineData("val", "val1A.dat", 173)]
    [InlineData("egl", "egl-e1-A.dat", 3548)]
    [InlineData("mcarp-lpr", "Lpr-b-01.txt", 14835)]
    public void A_small_published_instance_is_solved_to_its_proven_or_best_known_cost(string set, string file, long best)
    {
        var instance = ArcInstanceReader.Read(PublishedInstances.File(set, file));

        var solution = Solve(instance.ToProblem(), 150_000);

        Assert.Equal(best, solution.Cost);
    }

    [Theory]
    [InlineData("egl-large", "egl-g1-C.dat")]
    [InlineData("large", "Hefei-2.txt")]
    [InlineData("mcarp-lpr", "Lpr-b-03.txt")]
    [InlineData("mcarp-mval", "mval4D.txt")]
    [InlineData("mcarptif-lpr", "Lpr_IF-c-02.txt")]
    [InlineData("mcarptif-act", "Act-IF-a.txt")]
    public void Every_solution_passes_the_independent_checker(string set, string file)
    {
        var instance = ArcInstanceReader.Read(PublishedInstances.File(set, file));

        var solution = Solve(instance.ToProblem(), 5_000, seed: 7);

        Assert.Empty(InstanceChecker.Check(instance, ArcSolutionFile.From(instance, solution, file)).Violations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_same_seed_and_threads_give_the_same_solution(int threads)
    {
        var problem = ArcInstanceReader.Read(PublishedInstances.File("gdb", "gdb10.dat")).ToProblem();

        var first = Text(Solve(problem, 150_000, seed: 3, threads));
        var second = Text(Solve(problem, 150_000, seed: 3, threads));

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_that_share_one_cooling_serve_everything_and_repeat(int threads)
    {
        var instance = ArcInstanceReader.Read(PublishedInstances.File("large", "Hefei-2.txt"));

        var shared = Solve(instance.ToProblem(), 60_000, threads: threads);

        Assert.Empty(InstanceChecker.Check(instance, ArcSolutionFile.From(instance, shared, "Hefei-2")).Violations);
        Assert.Equal(Text(shared), Text(Solve(instance.ToProblem(), 60_000, threads: threads)));
    }

    [Fact]
    public void Other_seeds_search_elsewhere()
    {
        var problem = ArcInstanceReader.Read(PublishedInstances.File("egl", "egl-s4-C.dat")).ToProblem();

        Assert.NotEqual(Text(Solve(problem, 2_000, seed: 1)), Text(Solve(problem, 2_000, seed: 2)));
    }

    [Fact]
    public void A_small_problem_is_solved_to_its_optimum() =>
        SmallProblems.Any.Where(problem => ExactOptimum.Of(problem) is not null).Sample(
            problem => Assert.Equal(ExactOptimum.Of(problem), Solve(problem, 8_000).Cost),
            iter: 400);

    [Fact]
    public void A_problem_without_tasks_has_a_solution_without_tours()
    {
        var nothing = new ArcProblem { Tasks = [], Travel = new(1, [0]), Vehicles = [new() { Start = 0, End = 0, Capacity = [1] }] };

        var solution = Solve(nothing, 1_000);

        Assert.Equal(0, solution.Cost);
        Assert.Empty(solution.Tours);
    }

    [Fact]
    public void A_search_that_is_cancelled_at_once_still_serves_every_task()
    {
        var instance = ArcInstanceReader.Read(PublishedInstances.File("val", "val10D.dat"));

        var solution = ArcSolver.Solve(instance.ToProblem(), ArcSolver.Rounds(1_000_000), ct: new CancellationToken(canceled: true));

        Assert.Empty(InstanceChecker.Check(instance, ArcSolutionFile.From(instance, solution, "val10D")).Violations);
    }

    private static ArcSolution Solve(ArcProblem problem, long rounds, ulong seed = 1, int threads = 1) =>
        ArcSolver.Solve(problem, ArcSolver.Rounds(rounds), new() { Seed = seed, Threads = threads }, ct: TestContext.Current.CancellationToken);

    private static string Text(ArcSolution solution) => string.Join('\n', solution.Tours.Select(tour => string.Join(' ', tour.Stops)));
}
