using Kehrwerk.Planning.ArcRouting;
using Xunit;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>
/// Places 0 – 3 lie on a line, ten apart. The depot is at 0, a site at 1, task 0 leads from 1 to 2, task 1 from 3 to 2. One vehicle tips at the
/// site and charges there; the way uses one unit of energy in each unit of time.
/// </summary>
public sealed class ArcCheckerTests
{
    private static ArcVehicle Vehicle { get; } = new()
    {
        Start = 0,
        End = 0,
        Capacity = [5, 100],
        Count = 1,
        TourCost = 7,
        MaxTime = 200,
        TravelUse = [0, 1_000],
        StandCost = 500,
        ServiceTime = [6, 2],
        Battery = new(1, 100, [.. Enumerable.Range(0, 101)], 10),
        Breaks = [new(20, 40, 5)],
    };

    private static ArcProblem Problem { get; } = new()
    {
        Tasks =
        [
            new([new(1, 2, 12)], [3, 12]) { Windows = [new(15, 40)] },
            new([new(3, 2, 14)], [4, 14]) { Windows = [new(0, 40)], CostOutside = 2_000 },
        ],
        Travel = new(4, [.. Enumerable.Range(0, 16).Select(i => 10 * Math.Abs((i / 4) - (i % 4)))]),
        Vehicles = [Vehicle],
        Services = [new("tip", [0]) { IsDoneLast = true }, new("charge", [1]) { IsCharge = true }],
        Sites = [new(1, 3, [1, 1]) { MaxPower = 10 }],
    };

    // Out at 0, waits at place 1 from 10 to 15, serves to 27, break to 32; site at 42, ready at 45, tips to 51, charges what is missing
    // (42 used down to 30 in 12 + 2) to 65; task 1 from 85 to 99, all outside its window; site at 109, ready 112, tips to 118, home at 128.
    private static ArcTour Tour { get; } = new(
        0,
        [ArcStop.Serve(0, 0, 15), ArcStop.Visit(0, 42), ArcStop.Serve(1, 0, 85), ArcStop.Visit(0, 109)],
        [new(1, 0, 45, 6, 0), new(1, 1, 51, 14, 20), new(3, 0, 112, 6, 0)]);

    // 7 for the tour, 60 of ways, 26 of service, 6 for stops, half of 36 standing (5 wait, 5 break, 26 services), 28 outside the window.
    private static ArcSolution Good { get; } = new(145, [Tour], []);

    [Fact]
    public void A_good_solution_has_no_violation()
    {
        var verdict = ArcChecker.Check(Problem, Good);

        Assert.Empty(verdict.Violations);
        Assert.Equal(145, verdict.Cost);
    }

    [Fact]
    public void A_wrong_cost_is_named() => Violates("states a cost of 144, but costs 145", Good with { Cost = 144 });

    [Fact]
    public void A_task_served_twice_is_named() => Violates("tour 1 serves task 0, which tour 1 serves already", WithStop(2, ArcStop.Serve(0, 0, 85)));

    [Fact]
    public void A_task_forgotten_is_named() => Violates("task 1 is neither served nor listed as left out", Good with { Tours = [Tour with { Stops = Tour.Stops.RemoveAt(2) }] });

    [Fact]
    public void A_task_left_out_and_served_is_named() => Violates("task 1 is listed as left out, but tour 1 serves it", Good with { Unserved = [1] });

    [Fact]
    public void A_mode_that_does_not_exist_is_named() => Violates("tour 1, stop 1 (task 0): it has no mode 1", WithStop(0, ArcStop.Serve(0, 1, 15)));

    [Fact]
    public void A_task_that_does_not_exist_is_named() => Violates("tour 1, stop 1: task 2 does not exist", WithStop(0, ArcStop.Serve(2, 0, 15)));

    [Fact]
    public void A_stop_too_early_is_named() => Violates("tour 1, stop 3 (task 1): it begins at 84, but cannot be reached before 85", WithStop(2, ArcStop.Serve(1, 0, 84)));

    [Fact]
    public void A_service_outside_its_window_is_named() => Violates("it is served from 14 to 26, which lies in none", WithStop(0, ArcStop.Serve(0, 0, 14)));

    [Fact]
    public void A_service_too_early_is_named() => Violates("the service 'tip' begins at 44, but cannot before 45", WithService(0, new(1, 0, 44, 6, 0)));

    [Fact]
    public void A_service_too_short_is_named() => Violates("the service 'tip' lasts 5, but takes 6", WithService(0, new(1, 0, 45, 5, 0)));

    [Fact]
    public void A_charge_too_short_is_named() => Violates("from 32 used to 20 used lasts 13, but takes 14", WithService(1, new(1, 1, 51, 13, 20)));

    [Fact]
    public void A_missing_last_service_is_named() => Violates("tour 1 ends without the service 'tip'", Good with { Tours = [Tour with { Services = Tour.Services.RemoveAt(2) }] });

    [Fact]
    public void A_hopper_too_full_is_named() =>
        Violates("stop 4 (site 0): when it is reached, 7 of resource 0 are used up", Good with { Tours = [Tour with { Services = Tour.Services.RemoveAt(0) }] });

    [Fact]
    public void An_empty_battery_is_named() => Violates("stop 2 (site 0): when it is reached, 102 of resource 1", Good, Problem with { Vehicles = [Vehicle with { Used = [0, 70], Capacity = [5, 99] }] });

    [Fact]
    public void A_tour_too_long_is_named() => Violates("tour 1 takes 128, more than the 127", Good, Problem with { Vehicles = [Vehicle with { MaxTime = 127 }] });

    [Fact]
    public void Too_many_tours_are_named() => Violates("vehicle 0 makes 2 tours, but there may be only 1", Good with { Tours = [Tour, Tour] });

    [Fact]
    public void A_vehicle_that_does_not_come_home_is_named() =>
        Violates("is out 2 times, but only 1 tours lead home", Good, Problem with { Vehicles = [Vehicle with { IsOut = true, Count = 2 }] });

    [Fact]
    public void A_vehicle_that_may_not_serve_a_task_is_named() =>
        Violates("stop 1 (task 0): vehicle 0 may not serve it", Good, Problem with { Vehicles = [Vehicle with { TaskCost = [CostTable.NoWay, 0] }] });

    [Fact]
    public void A_break_too_late_is_named() =>
        Violates("break 1 comes after it, at 27, but has to begin by 26", Good, Problem with { Vehicles = [Vehicle with { Breaks = [new(20, 26, 5)] }] });

    [Fact]
    public void Two_vehicles_in_one_bay_are_named() =>
        Violates("2 vehicles have the service 'charge' at 51, but there are 1 bays", Good with { Tours = [Tour, Tour] });

    [Fact]
    public void Too_much_power_is_named() => Violates("draw 10, but there are 9", Good, Problem with { Sites = [Problem.Sites[0] with { MaxPower = 9 }] });

    private static void Violates(string expected, ArcSolution solution, ArcProblem? problem = null) =>
        Assert.Contains(ArcChecker.Check(problem ?? Problem, solution).Violations, violation => violation.Contains(expected, StringComparison.Ordinal));

    private static ArcSolution WithStop(int index, ArcStop stop) => Good with { Tours = [Tour with { Stops = Tour.Stops.SetItem(index, stop) }] };

    private static ArcSolution WithService(int index, SiteService service) => Good with { Tours = [Tour with { Services = Tour.Services.SetItem(index, service) }] };
}
