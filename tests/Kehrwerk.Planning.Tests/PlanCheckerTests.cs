using System.Collections.Immutable;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Planning.Tests;

/// <summary>Breaks a good plan in every way, one at a time, and expects the sentence that says so.</summary>
public sealed class PlanCheckerTests
{
    // Water for about 18 minutes and a battery for about an hour: every kind of step occurs in the plan.
    private static readonly SweepProblem Problem = Towns.Grid(4, 4, vehicles: Towns.Fleet(2, v => v with
    {
        WaterL = 75,
        HopperM3 = 0.2,
        BatteryWh = 6_000,
        ChargeSeconds = Towns.ChargeSeconds(6_000, 11_000),
    }));

    private static readonly Plan Good = Planner.Solve(Problem, new() { MaxIterations = 500, BalanceWeight = 20 });

    [Fact]
    public void A_good_plan_with_every_kind_of_step_is_accepted()
    {
        Assert.Empty(PlanChecker.Check(Problem, Good));
        Assert.Empty(Good.Unserved);
        foreach (var kind in new[] { typeof(SweepStep), typeof(DeadheadStep), typeof(TipStep), typeof(WashStep), typeof(FillWaterStep), typeof(ChargeStep) })
        {
            Assert.All(Good.Tours, tour => Assert.Contains(tour.Steps, step => step.GetType() == kind));
        }
    }

    [Fact]
    public void An_unknown_vehicle_is_found() =>
        Expect("the fleet has no such vehicle", Good with { Tours = [.. Good.Tours, Good.Tours[0] with { Vehicle = "X" }] });

    [Fact]
    public void A_day_outside_the_horizon_is_found() =>
        Expect("the day is not one of", WithTour(tour => tour with { Day = 1 }));

    [Fact]
    public void A_second_tour_of_the_same_vehicle_is_found() =>
        Expect("second tour for the same vehicle", Good with { Tours = [.. Good.Tours, Good.Tours[0]] });

    [Fact]
    public void An_empty_tour_is_found() =>
        Expect("the tour is empty", WithTour(tour => tour with { Steps = [] }));

    [Fact]
    public void A_kerb_that_is_neither_swept_nor_reported_is_found()
    {
        var kerb = Good.Tours[0].Steps.OfType<SweepStep>().First().Kerb;
        Expect($"kerb {kerb} is due, but neither swept nor reported", Good with { Tours = [Good.Tours[1]] });
    }

    [Fact]
    public void A_kerb_that_is_swept_and_reported_unserved_is_found()
    {
        var kerb = Good.Tours[0].Steps.OfType<SweepStep>().First().Kerb;
        Expect($"kerb {kerb} is due once, but swept by vehicle V1", Good with { Unserved = [new(kerb, 0, UnservedReason.NoTimeLeft)] });
    }

    [Fact]
    public void A_kerb_that_is_reported_twice_is_found() =>
        Expect("and reported unserved (TooLarge)", Good with { Unserved = [new(0, 0, UnservedReason.NoTimeLeft), new(0, 0, UnservedReason.TooLarge)] });

    [Fact]
    public void A_kerb_that_is_not_due_is_found() =>
        Expect("kerb 999 is not due", Good with { Unserved = [new(999, 0, UnservedReason.NoTimeLeft)] });

    [Fact]
    public void A_kerb_swept_that_does_not_exist_is_found() =>
        Expect("no such kerb is to be swept", WithStep<SweepStep>(s => s with { Kerb = 999 }));

    [Fact]
    public void A_leap_between_streets_is_found() =>
        Expect("does not begin where arc", WithStep<SweepStep>(s => s with { Kerb = (s.Kerb + 20) % Problem.Tasks.Length }));

    [Fact]
    public void A_missing_deadhead_is_found() =>
        Expect("does not begin where arc", WithTour(t => t with { Steps = t.Steps.Remove(t.Steps.OfType<DeadheadStep>().First(s => s.Arcs.Length > 0)) }));

    [Fact]
    public void An_arc_that_does_not_exist_is_found() =>
        Expect("there is no arc 12345", WithStep<DeadheadStep>(s => s with { Arcs = s.Arcs.Add(12345) }));

    [Fact]
    public void A_closed_arc_is_found()
    {
        var arc = Problem.Tasks.First(t => t.Kerb == Good.Tours[0].Steps.OfType<SweepStep>().First().Kerb).Arc;
        Expect($"arc {arc} is closed", Good, Problem with { Closures = Closures.None.Close(arc) });
    }

    [Fact]
    public void A_wrong_length_is_found() =>
        Expect("its length is given as", WithStep<DeadheadStep>(s => s with { LengthM = s.LengthM + 1 }));

    [Fact]
    public void A_sweep_that_is_too_fast_is_found() =>
        Expect("but takes", WithStep<SweepStep>(s => s with { DurationS = s.DurationS / 2 }));

    [Fact]
    public void A_deadhead_that_is_too_fast_is_found() =>
        Expect("but takes", WithStep<DeadheadStep>(s => s with { DurationS = s.DurationS - 1 }));

    [Fact]
    public void A_time_that_is_not_a_number_is_found() =>
        Expect("but takes", WithStep<SweepStep>(s => s with { DurationS = double.NaN }));

    [Fact]
    public void Steps_that_overlap_are_found() =>
        Expect("before the step before it ends", WithStep<SweepStep>(s => s with { StartS = s.StartS - 5 }));

    [Fact]
    public void A_tour_that_starts_before_the_shift_is_found() =>
        Expect("before the shift", WithTour(t => Shifted(t, 0, -10)));

    [Fact]
    public void A_pause_on_the_street_is_found() =>
        Expect("late without waiting for a bay", WithTour(t => Shifted(t, t.Steps.IndexOf(t.Steps.OfType<SweepStep>().Skip(3).First()), 10)));

    [Fact]
    public void A_tip_that_is_too_short_is_found() =>
        Expect("(Tip): it is given 100 s", WithStep<TipStep>(s => s with { DurationS = 100 }));

    [Fact]
    public void A_wash_that_is_too_short_is_found() =>
        Expect("(Wash): it is given 100 s", WithStep<WashStep>(s => s with { DurationS = 100 }));

    [Fact]
    public void A_charge_that_is_too_short_is_found() =>
        Expect("(Charge): it is given", WithStep<ChargeStep>(s => s with { DurationS = s.DurationS * 0.9 }));

    [Fact]
    public void A_charge_beyond_full_is_found() =>
        Expect("it charges from", WithStep<ChargeStep>(s => s with { After = s.After with { BatteryWh = 7_000 } }));

    [Fact]
    public void A_service_on_the_street_is_found() =>
        Expect("and not in the depot", WithTour(t => t with { Steps = t.Steps.Insert(2, new TipStep(t.Steps[1].EndS, 360, default)) }));

    [Theory]
    [InlineData("battery", 1, 0, 0, 0)]
    [InlineData("water", 0, 1, 0, 0)]
    [InlineData("hopper", 0, 0, 0.01, 0)]
    [InlineData("hopper", 0, 0, 0, 1)]
    public void A_wrong_level_is_found(string what, double wh, double l, double m3, double kg) =>
        Expect($"the {what} is given as", WithStep<SweepStep>(s => s with
        {
            After = new(s.After.BatteryWh + wh, s.After.WaterL + l, s.After.HopperM3 + m3, s.After.HopperKg + kg),
        }));

    [Fact]
    public void A_full_hopper_is_found()
    {
        Expect("and can hold 0.1", Good, WithVehicles(v => v with { HopperM3 = 0.1 }));
        Expect("and can hold 30 kg", Good, WithVehicles(v => v with { HopperKg = 30 }));
    }

    [Fact]
    public void An_empty_water_tank_is_found() =>
        Expect("the water would run out", Good, WithVehicles(v => v with { WaterL = 40 }));

    [Fact]
    public void A_missing_reserve_is_found() =>
        Expect("less than the reserve", Good, WithVehicles(v => v with { ReserveShare = 0.5 }));

    [Fact]
    public void A_shift_that_is_too_long_is_found() =>
        Expect("the shift lasts", Good, WithVehicles(v => v with { ShiftS = 600 }));

    [Fact]
    public void A_tour_that_does_not_end_in_the_depot_is_found() =>
        Expect("does not end in the depot", WithTour(t => t with { Steps = t.Steps[..^5] }));

    [Fact]
    public void An_untipped_hopper_is_found() =>
        Expect("ends with an untipped hopper", WithTour(t => t with { Steps = t.Steps.RemoveAt(Last<TipStep>(t)) }));

    [Fact]
    public void An_unwashed_hopper_is_found() =>
        Expect("ends with an unwashed hopper", WithTour(t => t with { Steps = t.Steps.RemoveAt(Last<WashStep>(t)) }));

    [Fact]
    public void A_battery_that_is_not_full_at_the_end_is_found() =>
        Expect("not fully charged", WithTour(t => t with { Steps = t.Steps.RemoveAt(Last<ChargeStep>(t)) }));

    [Fact]
    public void A_charge_that_ends_after_the_day_is_found() =>
        Expect("after the day", WithTour(t => Shifted(t, Last<ChargeStep>(t), 86_400)));

    [Fact]
    public void Two_vehicles_in_one_bay_are_found()
    {
        // Both do the same at the same time.
        var twin = Good with { Tours = [Good.Tours[0], Good.Tours[0] with { Vehicle = "V2" }] };
        var one = Problem with { Depots = [Problem.Depots[0] with { Tips = 1, Washes = 1, WaterPoints = 1, Chargers = 1 }] };
        foreach (var kind in new[] { "tip", "wash", "water point", "charger" })
        {
            Expect($"use the {kind}, of which there is 1", twin, one);
        }
    }

    [Fact]
    public void An_overdrawn_grid_is_found()
    {
        var twin = Good with { Tours = [Good.Tours[0], Good.Tours[0] with { Vehicle = "V2" }] };
        Expect("V1, V2 draw 44 kW together, and the grid gives 40 kW", twin, Problem with { Depots = [Problem.Depots[0] with { GridLimitKw = 40 }] });
    }

    [Fact]
    public void A_banned_turn_and_a_turn_back_are_found()
    {
        // 0──1──2   the depot lies at the end of 0→1
        //    │
        //    3
        (double, double)[] points = [(0, 0), (100, 0), (200, 0), (100, -100)];
        (int, int, Streets.Directions)[] streets = [(0, 1, Streets.Directions.Both), (1, 2, Streets.Directions.Both), (1, 3, Streets.Directions.Both)];
        var free = Towns.Network(points, streets);
        var banned = Towns.Network(points, streets, [([2, 1, 3], false), ([3, 1, 2], false)]);
        var problem = new SweepProblem
        {
            Graph = new(free, new()),
            Depots = [Towns.Depot(free.Arc(0, 1))],
            Vehicles = Towns.Fleet(1),
            Tasks = [Towns.Task(free, 0, free.Arc(1, 2)), Towns.Task(free, 1, free.Arc(2, 1)), Towns.Task(free, 2, free.Arc(1, 3))],
        };
        var plan = Planner.Solve(problem, new() { MaxIterations = 100 }, ct: TestContext.Current.CancellationToken);
        Assert.Empty(PlanChecker.Check(problem, plan));
        Expect("a turn restriction forbids the arcs", plan, problem with { Graph = new(banned, new()) });

        var onlyBack = problem with { Tasks = [Towns.Task(free, 0, free.Arc(1, 0))] };
        var turningBack = Planner.Solve(
            onlyBack with { Graph = new(free, new(UTurnRule: UTurnRule.Everywhere)) }, ct: TestContext.Current.CancellationToken);
        Expect("turning back from arc", turningBack, onlyBack);
    }

    private static void Expect(string sentence, Plan plan, SweepProblem? problem = null) =>
        Assert.Contains(PlanChecker.Check(problem ?? Problem, plan), violation => violation.Contains(sentence, StringComparison.Ordinal));

    private static Plan WithTour(Func<Tour, Tour> change) => Good with { Tours = Good.Tours.SetItem(0, change(Good.Tours[0])) };

    private static Plan WithStep<T>(Func<T, T> change)
        where T : TourStep => WithTour(tour =>
        {
            // The second of its kind where there is one: not at the very start.
            var step = tour.Steps.OfType<T>().Take(2).Last();
            return tour with { Steps = tour.Steps.Replace(step, change(step)) };
        });

    private static SweepProblem WithVehicles(Func<SweeperSpec, SweeperSpec> change) =>
        Problem with { Vehicles = [.. Problem.Vehicles.Select(change)] };

    private static int Last<T>(Tour tour)
        where T : TourStep => tour.Steps.LastIndexOf(tour.Steps.OfType<T>().Last());

    private static Tour Shifted(Tour tour, int fromStep, double byS) =>
        tour with { Steps = [.. tour.Steps.Select((step, i) => i < fromStep ? step : step with { StartS = step.StartS + byS })] };
}
