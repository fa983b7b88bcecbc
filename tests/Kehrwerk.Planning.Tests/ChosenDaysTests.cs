using System.Text.Json;
using CsCheck;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests;

/// <summary>Plans in which the days of sweeps are chosen with the tours.</summary>
public sealed class ChosenDaysTests(ITestOutputHelper output)
{
    // Once or twice a week, by the street.
    private static readonly SweepProblem Problem = Weekly(Towns.Grid(8, 8));
    private static readonly Plan Good = Planner.Solve(Problem, new() { MaxIterations = 1_000 });

    [Fact]
    public void The_checker_finds_nothing_in_plans_of_random_towns() => RuledTowns.Random.Select(Gen.Int[2, 7]).Sample(
        (town, days) =>
        {
            var problem = town with { ChoosesDays = true, Days = days };
            Assert.Equal("", string.Join('\n', PlanChecker.Check(problem, Planner.Solve(problem, new() { MaxIterations = 100 }))));
        },
        output.WriteLine,
        iter: 100,
        threads: 2,
        print: town => PlannerTests.Describe(town.Item1));

    [Fact]
    public void The_same_seed_gives_the_same_plan_to_the_byte() =>
        Assert.Equal(JsonSerializer.Serialize(Good), JsonSerializer.Serialize(Planner.Solve(Problem, new() { MaxIterations = 1_000 }, ct: TestContext.Current.CancellationToken)));

    [Fact]
    public void Choosing_days_costs_less_than_zones_at_the_same_budget()
    {
        var zones = Problem with { ChoosesDays = false };
        var byZones = Planner.Solve(zones, new() { MaxIterations = 1_000 }, ct: TestContext.Current.CancellationToken);

        Assert.Empty(PlanChecker.Check(Problem, Good));
        Assert.Empty(Good.Unserved);
        Assert.Empty(byZones.Unserved);
        Assert.True(PlanSummary.Of(Problem, Good).Total.Hours < PlanSummary.Of(zones, byZones).Total.Hours);
        Assert.NotEmpty(PlanChecker.Check(zones, Good));
    }

    [Fact]
    public void Every_day_has_work()
    {
        var sweptOnDay = Good.Tours.GroupBy(tour => tour.Day).Select(day => day.Sum(tour => tour.Steps.OfType<SweepStep>().Sum(step => step.DurationS))).ToArray();
        Assert.Equal(5, sweptOnDay.Length);
        Assert.True(sweptOnDay.Min() > 0.6 * sweptOnDay.Max(), string.Join(" ", sweptOnDay));
    }

    [Fact]
    public void A_sweep_on_a_day_that_is_not_allowed_is_found()
    {
        var kerb = Problem.Tasks.First(task => task.TimesPerWeek == 2).Kerb;
        var tour = Good.Tours.First(tour => tour.Steps.OfType<SweepStep>().Any(step => step.Kerb == kerb));
        var moved = Good with { Tours = Good.Tours.Replace(tour, tour with { Day = 2 }) };
        Assert.Contains($"Day 2: kerb {kerb} is not due, but swept by", string.Join('\n', PlanChecker.Check(Problem, moved)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_that_is_missing_or_there_on_two_of_its_days_is_found()
    {
        var kerb = Problem.Tasks.First(task => task.TimesPerWeek == 1).Kerb;
        var tour = Good.Tours.First(tour => tour.Steps.OfType<SweepStep>().Any(step => step.Kerb == kerb));
        var without = PlanChecker.Check(Problem, Good with { Tours = Good.Tours.Remove(tour) });
        Assert.Contains($"One of days 0, 1, 2, 3, 4: kerb {kerb} is due, but neither swept nor reported unserved.", without);
        var other = (tour.Day + 1) % 5;
        var twice = PlanChecker.Check(Problem, Good with { Tours = [.. Good.Tours.Where(t => t.Day != other), tour with { Day = other }] });
        Assert.Contains(twice, text => text.StartsWith($"One of days 0, 1, 2, 3, 4: kerb {kerb} is due once, but swept by", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rest_of_a_day_takes_nothing_that_is_planned_for_another()
    {
        var state = DayState.At(Problem, Good, 1, 600);
        var rest = Replanner.Repair(Problem, Good, 1, state, ct: TestContext.Current.CancellationToken);
        int[] planned = [.. Good.Tours.Where(tour => tour.Day == 1).SelectMany(tour => tour.Steps.OfType<SweepStep>()).Select(step => step.Kerb).Order()];
        int[] swept = [.. state.Swept.Concat(rest.Tours.SelectMany(tour => tour.Steps.OfType<SweepStep>()).Select(step => step.Kerb)).Order()];
        Assert.Equal(planned, swept);
    }

    [Fact]
    public void Too_much_for_one_table_is_refused_with_advice()
    {
        var large = Weekly(Towns.Grid(40, 40)) with { Days = 5 };
        var error = Assert.Throws<InputException>(() => Planner.Solve(large, ct: TestContext.Current.CancellationToken));
        Assert.StartsWith("5 days that are chosen together: 9,360 sweeps are due. Plan at most 5,999 at once: fewer days, or by zones, or", error.Message, StringComparison.Ordinal);

        // Where vehicles serve one district only, the others are no part of the table.
        var district = large with
        {
            Tasks = [.. large.Tasks.Select(task => task.Kerb < 100 ? task with { District = "Mitte" } : task)],
            Vehicles = [large.Vehicles[0] with { Districts = ["Mitte"] }],
        };
        var plan = Planner.Solve(district, new() { MaxIterations = 0 }, ct: TestContext.Current.CancellationToken);
        Assert.Empty(PlanChecker.Check(district, plan));
        Assert.Equal(9_360, plan.Unserved.Length + plan.Tours.Sum(tour => tour.Steps.Count(step => step is SweepStep)));
    }

    private static SweepProblem Weekly(SweepProblem town) => town with
    {
        Days = 5,
        ChoosesDays = true,
        Tasks = [.. town.Tasks.Select(task => task with { TimesPerWeek = 1 + (town.Graph.Network.ArcSegment[task.Arc] % 2) })],
    };
}
