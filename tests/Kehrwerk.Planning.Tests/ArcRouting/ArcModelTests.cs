using Kehrwerk.Planning.ArcRouting;
using Xunit;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>What the search makes of single rules of the model. Places 0 – 3 lie on a line, ten apart; vehicles start and end at 0.</summary>
public sealed class ArcModelTests
{
    private static ArcVehicle Vehicle { get; } = new() { Start = 0, End = 0, Capacity = [10], ServiceTime = [2] };

    [Fact]
    public void A_stop_at_a_site_takes_as_long_as_it_costs_where_cost_is_time()
    {
        var problem = Problem([Task(2)], Vehicle with { MaxTime = 65 }) with { Services = [new("tip", [0]) { IsDoneLast = true }], Sites = [new(1, 19, [ArcSite.Unlimited])] };

        Assert.Equal([0], Solve(problem).Unserved);
        Assert.Empty(Solve(problem with { Vehicles = [Vehicle with { MaxTime = 66 }] }).Unserved);
    }

    [Fact]
    public void A_vehicle_that_starts_nearly_full_tips_before_its_first_task()
    {
        var problem = Problem([Task(3), Task(3)], Vehicle with { Used = [9] }) with { Services = [new("tip", [0])], Sites = [new(1, 0, [ArcSite.Unlimited])] };

        var solution = Solve(problem);

        Assert.Empty(solution.Unserved);
        Assert.Empty(ArcChecker.Check(problem, solution).Violations);
    }

    [Fact]
    public void Nobody_charges_where_there_is_too_little_power()
    {
        var vehicle = Vehicle with { Capacity = [65], TravelUse = [1_000], Battery = new(0, 65, [.. Enumerable.Range(0, 101)], 20) };
        var problem = Problem([Task(3, demand: 0), Task(2, demand: 0), Task(1, demand: 10)], vehicle) with
        {
            Services = [new("charge", [0]) { IsCharge = true }],
            Sites = [new(1, 0, [1]) { MaxPower = 19 }],
        };

        Assert.All(Solve(problem).Tours, tour => Assert.Empty(tour.Services));
        Assert.Empty(ArcChecker.Check(problem, Solve(problem)).Violations);
    }

    [Fact]
    public void Without_a_site_for_what_is_done_last_all_is_left_out()
    {
        var problem = Problem([Task(1), Task(2)], Vehicle with { TourCost = 5 }) with { Services = [new("tip", [0]) { IsDoneLast = true }] };

        Assert.Equal([0, 1], Solve(problem).Unserved);
    }

    [Theory]
    [InlineData(11, 10)]
    [InlineData(1, 4)]
    public void What_cannot_be_served_is_left_out_and_the_rest_is_served(int demand, int place)
    {
        var problem = Problem([Task(1), new([new(place, place, 5)], [demand])], Vehicle);
        var ways = Enumerable.Range(0, 25).Select(i => i / 5 == 4 || i % 5 == 4 ? CostTable.NoWay : 10 * Math.Abs((i / 5) - (i % 5)));

        var solution = Solve(problem with { Travel = new(5, [.. ways]), Tasks = place == 4 ? problem.Tasks : [Task(1), Task(2, demand)] });

        Assert.Equal([1], solution.Unserved);
        Assert.Equal(25 + ArcTask.MustServe, solution.Cost);
    }

    [Fact]
    public void A_task_whose_service_costs_more_than_it_takes_is_served_in_time()
    {
        var dear = new ArcTask([new TaskMode(1, 1, 500) { Time = 5 }], [1]);

        Assert.Empty(Solve(Problem([dear, Task(1)], Vehicle with { MaxTime = 30, Count = 1 })).Unserved);
    }

    [Fact]
    public void A_task_is_served_while_the_vehicle_would_wait_for_the_window_of_another()
    {
        var late = Task(1) with { Windows = [new(80, 90)] };

        Assert.Empty(Solve(Problem([late, Task(1), Task(1)], Vehicle with { MaxTime = 100, Count = 1 })).Unserved);
    }

    [Theory]
    [InlineData(50, 50, 0)]
    [InlineData(100, 0, 100)]
    [InlineData(33, 0, 33)]
    [InlineData(1, 0, 1)]
    public void Charging_takes_the_time_between_two_levels(int before, int after, int time) =>
        Assert.Equal(time, new ArcBattery(0, 100, [.. Enumerable.Range(0, 101)], 1).TimeBetween(before, after));

    [Fact]
    public void Charging_time_between_whole_percents_is_linear_and_rounded_up() =>
        Assert.Equal(4, new ArcBattery(0, 300, [.. Enumerable.Range(0, 101).Select(percent => 10 * percent)], 1).TimeBetween(1, 0));

    private static ArcTask Task(int place, int demand = 1) => new([new(place, place, 5)], [demand]);

    private static ArcProblem Problem(ArcTask[] tasks, ArcVehicle vehicle) => new()
    {
        Tasks = [.. tasks],
        Travel = new(4, [.. Enumerable.Range(0, 16).Select(i => 10 * Math.Abs((i / 4) - (i % 4)))]),
        Vehicles = [vehicle],
    };

    private static ArcSolution Solve(ArcProblem problem) => ArcSolver.Solve(problem, ArcSolver.Rounds(2_000), ct: TestContext.Current.CancellationToken);
}
