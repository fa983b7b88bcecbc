using System.Collections.Immutable;
using System.Text.Json;
using Kehrwerk.Streets;
using Xunit;

namespace Kehrwerk.Planning.Tests;

/// <summary>Windows, shifts, breaks, districts and several depots: what plans make of them, and that the checker misses none that is broken.</summary>
public sealed class PlanningRulesTests
{
    // A town of 9 × 2 blocks: the depot in the south-west, another in the north-east, between them a place to tip and fill.
    private static readonly SweepProblem Problem = TownOfTwoDepots();
    private static readonly Plan Good = Planner.Solve(Problem, new() { MaxIterations = 2_000 });

    [Fact]
    public void A_plan_with_waits_breaks_and_three_depots_is_accepted()
    {
        Assert.Empty(PlanChecker.Check(Problem, Good));
        Assert.Empty(Good.Unserved);
        Assert.All(Good.Tours, tour => Assert.Single(tour.Steps.OfType<BreakStep>()));
        Assert.Contains(Good.Tours, tour => Waits(tour).Any());
        Assert.Equal([0, 1], Good.Tours.Select(tour => tour.Steps.OfType<ChargeStep>().Last().Depot));
        Assert.Contains(Good.Tours.SelectMany(tour => tour.Steps).OfType<TipStep>(), tip => tip.Depot == 2);
    }

    [Fact]
    public void A_plan_can_be_written_and_read_again()
    {
        var json = JsonSerializer.Serialize(Good);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Plan>(json)));
        Assert.DoesNotContain("\"Depot\":0", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_outside_its_windows_is_found() =>
        Expect("lies in none of its windows", Good, WithTasks(task => task with { Windows = [new(80_000, 86_400)] }));

    [Fact]
    public void A_wait_for_a_window_that_binds_nobody_is_found() =>
        Expect("late without waiting", Good, WithTasks(task => task with { OutsideCost = task.Windows.IsEmpty ? null : 1 }));

    [Fact]
    public void A_wait_past_the_begin_of_a_window_is_found()
    {
        var tour = Good.Tours.First(tour => Waits(tour).Any());
        var first = Waits(tour).First();
        Expect("late without waiting", With(tour, tour with { Steps = [.. tour.Steps.Select((step, i) => i < first ? step : step with { StartS = step.StartS + 60 })] }));
    }

    [Fact]
    public void A_break_that_is_not_taken_is_found() =>
        Expect("break 1 is due since 3000 s and is not taken", With(Good.Tours[0], Good.Tours[0] with { Steps = [.. Good.Tours[0].Steps.Where(step => step is not BreakStep)] }));

    [Fact]
    public void A_break_at_the_wrong_time_is_found()
    {
        Expect("has to begin from 3000 to 3001 s", Good, WithVehicles(v => v with { Breaks = [v.Breaks[0] with { LatestS = 3_001 }] }));
        Expect("has to begin from 9000 to 10000 s", Good, WithVehicles(v => v with { Breaks = [new(9_000, 10_000, 900)] }));
    }

    [Fact]
    public void A_break_that_is_too_short_is_found() =>
        Expect("it is given 900 s, but takes 1800 s", Good, WithVehicles(v => v with { Breaks = [v.Breaks[0] with { DurationS = 1_800 }] }));

    [Fact]
    public void A_break_that_nobody_has_is_found() =>
        Expect("the vehicle has no break", Good, WithVehicles(v => v with { Breaks = [] }));

    [Fact]
    public void A_kerb_of_another_district_is_found() =>
        Expect("lies in the district 'Ost', which the vehicle does not serve", Good, WithVehicles(v => v with { Districts = ["West"] }));

    [Fact]
    public void A_tour_before_its_shift_is_found() =>
        Expect("before the shift at 2000 s", Good, WithVehicles(v => v with { StartS = 2_000 }));

    [Fact]
    public void A_service_at_another_depot_than_is_stated_is_found()
    {
        Expect("and not in the depot Nord", WithSteps<TipStep>(tip => tip with { Depot = 1 - (tip.Depot % 2) }));
        Expect("there is no depot 7", WithSteps<TipStep>(tip => tip with { Depot = 7 }));
    }

    [Fact]
    public void A_tour_from_or_to_another_depot_than_its_own_is_found()
    {
        Expect("does not begin where arc", Good, WithVehicles(v => v with { Depot = 1 - v.Depot }));
        var (tour, tip) = TipAway();
        Expect($"does not end in the depot {Problem.Depots[tour == Good.Tours[0] ? 0 : 1].Name}", With(tour, tour with { Steps = tour.Steps[..(tour.Steps.IndexOf(tip) + 1)] }));
    }

    [Fact]
    public void A_service_that_a_depot_does_not_have_is_found() =>
        Expect("use the tip, of which there is 0", Good, Problem with { Depots = Problem.Depots.SetItem(2, Problem.Depots[2] with { Tips = 0 }) });

    [Fact]
    public void Bays_are_counted_by_depot()
    {
        // The same at the same time at two depots takes no bay twice.
        var one = Problem with { Depots = [.. Problem.Depots.Select(depot => depot with { Chargers = Math.Min(1, depot.Chargers) })] };
        var plan = Planner.Solve(one, new() { MaxIterations = 200 }, ct: TestContext.Current.CancellationToken);
        Assert.Empty(PlanChecker.Check(one, plan));
    }

    [Fact]
    public void What_nobody_may_or_can_sweep_is_left_out_with_its_reason()
    {
        var problem = WithTasks(task => task.Kerb switch
        {
            0 => task with { District = "Nirgendwo" },
            1 => task with { Windows = [new(0, 30)] },
            2 => task with { Windows = [new(80_000, 86_400)] },
            _ => task,
        });
        problem = problem with { Vehicles = [.. problem.Vehicles.Select(v => v with { Districts = ["West", "Ost"] })] };
        var plan = Planner.Solve(problem, new() { MaxIterations = 100 }, ct: TestContext.Current.CancellationToken);
        Assert.Empty(PlanChecker.Check(problem, plan));
        Assert.Equal(
            [new(0, 0, UnservedReason.NoVehicleForDistrict), new(1, 0, UnservedReason.OutsideWindows), new(2, 0, UnservedReason.OutsideWindows)],
            plan.Unserved);
    }

    [Fact]
    public void A_vehicle_waits_for_hours_rather_than_leave_out_the_last_kerb()
    {
        var grid = Towns.Grid(3, 3, vehicles: Towns.Fleet(1));
        var problem = grid with { Tasks = [.. grid.Tasks.Select(task => task.Kerb == 5 ? task with { Windows = [new(25_000, 27_000)] } : task)] };
        var plan = Planner.Solve(problem, new() { MaxIterations = 500 }, ct: TestContext.Current.CancellationToken);
        Assert.Empty(PlanChecker.Check(problem, plan));
        Assert.Empty(plan.Unserved);
    }

    [Fact]
    public void A_soft_window_is_kept_where_that_costs_less()
    {
        // One street may be swept at the end only, or at a price.
        var grid = Towns.Grid(4, 4, vehicles: Towns.Fleet(1));
        SweepProblem Priced(double cost) => grid with { Tasks = [.. grid.Tasks.Select(task => task.Kerb < 6 ? task with { Windows = [new(2_000, 86_400)], OutsideCost = cost } : task)] };
        double OutsideHours(double cost) => PlanSummary.Of(Priced(cost), Planner.Solve(Priced(cost), new() { MaxIterations = 2_000 })).Total.OutsideHours;
        Assert.Equal(0, OutsideHours(100), 9);
        Assert.True(OutsideHours(0) > 0);
    }

    [Fact]
    public void A_rest_of_a_day_keeps_bays_that_are_in_use_at_their_own_depot()
    {
        var (tour, tip) = TipAway();
        var state = DayState.At(Problem, Good, 0, tip.StartS + 1);
        var vehicle = state.Vehicles.Single(v => v.Id == tour.Vehicle);
        Assert.Equal(2, vehicle.Doing[0].Depot);
        Assert.Equal((2, 0), (vehicle.Depot, vehicle.Driven.Length));
        var rest = Replanner.Repair(Problem, Good, 0, state, ct: TestContext.Current.CancellationToken);
        Assert.Empty(rest.Unserved);
        Assert.All(state.Vehicles, v => Assert.Equal(1 - v.BreaksTaken, rest.Tours.Single(other => other.Vehicle == v.Id).Steps.OfType<BreakStep>().Count()));
    }

    [Fact]
    public void What_makes_such_a_problem_unusable_is_named()
    {
        Refused("kerb 0: end of a window is 5", WithTasks(task => task with { Windows = [new(10, 5)] }));
        Refused("kerb 0: begin of a window is 15", WithTasks(task => task with { Windows = [new(10, 20), new(15, 30)] }));
        Refused("kerb 0: cost of sweeping outside its windows is -1", WithTasks(task => task with { OutsideCost = -1 }));
        Refused("vehicle V1: latest begin of a break is 5", WithVehicles(v => v with { Breaks = [new(10, 5, 60)] }));
        Refused("vehicle V1: start of the shift is 90000", WithVehicles(v => v with { StartS = 90_000 }));
        Refused("vehicle V1: depot is 3", WithVehicles(v => v with { Depot = 3 }));
        Refused("depot Annahmestelle: number of chargers is 0", WithVehicles(v => v with { Depot = 2 }));
        Refused("depot Nord: another depot lies at the end of the same arc", Problem with { Depots = [Problem.Depots[0], Problem.Depots[1] with { Arc = Problem.Depots[0].Arc }] });
        Refused("grid limit of Nord", Problem with { Depots = Problem.Depots.SetItem(1, Problem.Depots[1] with { GridLimitKw = 11 }) });
    }

    private static SweepProblem TownOfTwoDepots()
    {
        var grid = Towns.Grid(10, 3, vehicles: Towns.Fleet(2, v => v with { HopperM3 = 0.1, Breaks = [new(3_000, 9_000, 900)] }));
        var network = grid.Graph.Network;
        return grid with
        {
            Depots =
            [
                grid.Depots[0],
                Towns.Depot(network.Arc(28, 29)) with { Name = "Nord" },
                new("Annahmestelle", network.Arc(13, 14), 0, 1, 0, 1, 0),
            ],
            Vehicles = [grid.Vehicles[0] with { Districts = ["West"] }, grid.Vehicles[1] with { Depot = 1, Districts = ["Ost"] }],
            Tasks = [.. grid.Tasks.Select(task => task with
            {
                District = network.ArcTail[task.Arc] % 10 < 5 ? "West" : "Ost",
                Windows = network.ArcTail[task.Arc] % 5 == 1 ? [new(6_000, 12_000)] : [],
            })],
        };
    }

    private static (Tour Tour, TipStep Tip) TipAway() =>
        Good.Tours.SelectMany(tour => tour.Steps.OfType<TipStep>().Where(tip => tip.Depot == 2).Select(tip => (tour, tip))).First();

    // Steps before which a tour waits for a window.
    private static IEnumerable<int> Waits(Tour tour) =>
        Enumerable.Range(1, tour.Steps.Length - 1).Where(i => tour.Steps[i] is SweepStep sweep && sweep.StartS > tour.Steps[i - 1].EndS + 0.01);

    private static Plan With(Tour old, Tour changed) => Good with { Tours = Good.Tours.Replace(old, changed) };

    private static Plan WithSteps<T>(Func<T, T> change)
        where T : TourStep => Good with { Tours = [.. Good.Tours.Select(tour => tour with { Steps = [.. tour.Steps.Select(step => step is T one ? change(one) : step)] })] };

    private static SweepProblem WithTasks(Func<SweepTask, SweepTask> change) => Problem with { Tasks = [.. Problem.Tasks.Select(change)] };

    private static SweepProblem WithVehicles(Func<SweeperSpec, SweeperSpec> change) => Problem with { Vehicles = [.. Problem.Vehicles.Select(change)] };

    private static void Expect(string sentence, Plan plan, SweepProblem? problem = null) =>
        Assert.Contains(PlanChecker.Check(problem ?? Problem, plan), violation => violation.Contains(sentence, StringComparison.Ordinal));

    private static void Refused(string message, SweepProblem problem) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Planner.Solve(problem)).Message, StringComparison.Ordinal);
}
