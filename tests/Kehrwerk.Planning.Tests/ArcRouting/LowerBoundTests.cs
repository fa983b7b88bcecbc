using CsCheck;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.ArcRouting.Bounds;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Planning.Tests.Benchmarks;
using Xunit;

namespace Kehrwerk.Planning.Tests.ArcRouting;

public sealed class LowerBoundTests
{
    [Fact]
    public void No_solution_of_a_small_problem_costs_less_than_any_of_the_bounds_on_the_way() =>
        SmallProblems.Any.Where(problem => ExactOptimum.Of(problem) is not null).Sample(
            problem =>
            {
                var steps = StepsOf(problem, out var last);
                long[] values = [.. steps.SelectMany(step => new[] { step.Service, step.Deadhead, step.Cuts, step.Value })];

                Assert.Equal(last, steps[^1]);
                Assert.Equal(steps.Select(step => step.Value).Order(), steps.Select(step => step.Value));
                Assert.InRange(values.Max(), 0, ExactOptimum.Of(problem)!.Value);
            },
            iter: 100);

    [Fact]
    public void No_solution_costs_less_than_the_bound_where_every_turn_costs_what_it_likes() =>
        SmallProblems.WithTurns.Where(problem => ExactOptimum.Of(problem) is not null).Sample(
            problem => Assert.InRange(LowerBound.Of(problem, ct: TestContext.Current.CancellationToken).Value, 0, ExactOptimum.Of(problem)!.Value),
            iter: 100);

    [Fact]
    public void No_solution_costs_less_than_the_bound_whatever_else_vehicles_sites_and_tasks_have() =>
        RichProblem.With(mostTasks: 4, Rich.All & ~Rich.Bays).Sample(
            recipe =>
            {
                var problem = recipe.Make();

                Assert.InRange(LowerBound.Of(problem, ct: TestContext.Current.CancellationToken).Value, 0, RichOptimum.Of(problem));
            },
            iter: 300);

    [Fact]
    public void A_bound_is_rounded_up_to_a_cost_that_solutions_can_have() =>
        SmallProblems.Any.Where(problem => ExactOptimum.Of(problem) is not null).Sample(
            problem =>
            {
                var tenfold = Tenfold(problem);

                var bound = LowerBound.Of(tenfold, ct: TestContext.Current.CancellationToken).Value;

                Assert.Equal(0, bound % 10);
                Assert.InRange(bound, 0, ExactOptimum.Of(tenfold)!.Value);
            },
            iter: 50);

    [Fact]
    public void A_limit_of_the_tours_asks_for_more_of_them()
    {
        // Four short streets, each 10 away from the depot and its tip: two of them take 100 of a shift of 120, three would take 150.
        var problem = new ArcProblem
        {
            Tasks = [.. Enumerable.Range(1, 4).Select(place => new ArcTask([new(place, place, 30)], [1]))],
            Travel = Star(5, 10),
            Vehicles = [new() { Start = 0, End = 0, Capacity = [10], TourCost = 7, MaxTime = 120 }],
            Services = [new("tip", [0]) { IsDoneLast = true }],
            Sites = [new(0, 0, [ArcSite.Unlimited])],
        };

        var bound = LowerBound.Of(problem, ct: TestContext.Current.CancellationToken);

        Assert.Equal((2, ExactOptimum.Of(problem)), (bound.Tours, bound.Value));
    }

    [Theory]
    [InlineData("gdb", "gdb1.dat", 316, 316)]
    [InlineData("gdb", "gdb8.dat", 348, 346)]
    [InlineData("gdb", "gdb14.dat", 100, 100)]
    [InlineData("val", "val1A.dat", 173, 173)]
    [InlineData("val", "val4D.dat", 530, 515)]
    [InlineData("bmcv", "D04.dat", 2785, 2750)]
    [InlineData("bmcv", "C17.dat", 3555, 3530)]
    [InlineData("egl", "egl-e1-A.dat", 3548, 3500)]
    [InlineData("egl", "egl-s4-C.dat", 20461, 20000)]
    [InlineData("mcarp-lpr", "Lpr-b-02.txt", 28654, 28654)]
    [InlineData("mcarp-mval", "mval4D.txt", 750, 740)]
    [InlineData("mcarptif-lpr", "Lpr_IF-c-01.txt", 18761, 18600)]
    public void The_bound_of_a_published_instance_is_near_its_proven_or_best_known_cost(string set, string file, long best, long atLeast)
    {
        var problem = ArcInstanceReader.Read(PublishedInstances.File(set, file)).ToProblem();

        var bound = LowerBound.Of(problem, ArcSolver.Rounds(80), ct: TestContext.Current.CancellationToken).Value;

        Assert.InRange(bound, atLeast, best);
    }

    [Fact]
    public void The_same_rounds_give_the_same_bounds()
    {
        var problem = ArcInstanceReader.Read(PublishedInstances.File("val", "val4D.dat")).ToProblem();

        Assert.Equal(StepsOf(problem, out _, ArcSolver.Rounds(60)), StepsOf(problem, out _, ArcSolver.Rounds(60)));
    }

    [Fact]
    public void What_is_known_when_the_work_is_stopped_is_the_result()
    {
        var problem = ArcInstanceReader.Read(PublishedInstances.File("val", "val1A.dat")).ToProblem();
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        var bound = LowerBound.Of(problem, ct: stop.Token);

        Assert.Equal(problem.Tasks.Sum(task => task.Modes.Min(mode => (long)mode.Cost)), bound.Value);
    }

    [Fact]
    public void A_search_ends_when_it_has_come_down_to_a_known_bound()
    {
        var problem = ArcInstanceReader.Read(PublishedInstances.File("gdb", "gdb1.dat")).ToProblem();
        var asked = 0L;

        var solution = ArcSolver.Solve(
            problem,
            rounds =>
            {
                asked = rounds;
                return rounds / 1e12;
            },
            new() { KnownLowerBound = () => 316 },
            ct: TestContext.Current.CancellationToken);

        Assert.Equal(316, solution.Cost);
        Assert.InRange(asked, 0, 1_000_000);
    }

    private static List<BoundResult> StepsOf(ArcProblem problem, out BoundResult last, SearchBudget? budget = null)
    {
        var steps = new Collected();
        last = LowerBound.Of(problem, budget, steps, TestContext.Current.CancellationToken);
        return steps.All;
    }

    private static ArcProblem Tenfold(ArcProblem problem) => problem with
    {
        Tasks = [.. problem.Tasks.Select(task => task with { Modes = [.. task.Modes.Select(mode => mode with { Cost = 10 * mode.Cost })] })],
        Travel = new(problem.Travel.Places, [.. from a in Enumerable.Range(0, problem.Travel.Places) from b in Enumerable.Range(0, problem.Travel.Places) select 10 * problem.Travel[a, b]]),
        Sites = [.. problem.Sites.Select(site => site with { Cost = 10 * site.Cost })],
        Vehicles = [.. problem.Vehicles.Select(vehicle => vehicle with { TourCost = 10 * vehicle.TourCost, MaxTime = 10 * vehicle.MaxTime })],
    };

    // All places at the same distance of place 0.
    private static CostTable Star(int places, int length) =>
        new(places, [.. from a in Enumerable.Range(0, places) from b in Enumerable.Range(0, places) select a == b ? 0 : a == 0 || b == 0 ? length : 2 * length]);

    private sealed class Collected : IProgress<BoundResult>
    {
        public List<BoundResult> All { get; } = [];

        public void Report(BoundResult value) => All.Add(value);
    }
}
