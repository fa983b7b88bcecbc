using System.Text.Json;
using CsCheck;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Planning.Tests;

public sealed class PlannerTests(ITestOutputHelper output)
{
    private static readonly PlannerOptions Quick = new() { MaxIterations = 200 };

    [Fact]
    public void The_checker_finds_nothing_in_plans_of_random_towns() => FindsNothing(Towns.Random, 250);

    [Fact]
    public void The_checker_finds_nothing_in_plans_of_random_towns_with_rules() => FindsNothing(RuledTowns.Random, 250);

    private void FindsNothing(Gen<SweepProblem> towns, int iterations) => towns.Sample(
        problem => Assert.Equal("", string.Join('\n', PlanChecker.Check(problem, Planner.Solve(problem, Quick, ct: TestContext.Current.CancellationToken)))),
        output.WriteLine,
        iter: iterations,
        threads: 2,
        print: Describe);

    [Fact]
    public void The_same_seed_gives_the_same_plan_to_the_byte_with_any_number_of_threads() =>
        RuledTowns.Random.Sample(
            problem => Assert.Equal(Json(Planner.Solve(problem, Quick)), Json(Planner.Solve(problem, Quick with { Threads = 3 }))),
            output.WriteLine,
            iter: 20,
            print: Describe);

    [Fact]
    public void Improvement_is_never_worse_than_construction() =>
        RuledTowns.Random.Sample(
            problem =>
            {
                var oneDay = problem with { Days = 1, Tasks = [.. problem.Tasks.Select(t => t with { Priority = 1 })] };
                var reports = new List<PlannerProgress>();
                Planner.Solve(oneDay, Quick with { MaxIterations = 750 }, new Collect(reports));
                Assert.Equal(1, reports[^1].Share);
                Assert.All(reports.Zip(reports.Skip(1)), pair => Assert.True(
                    pair.Second.CostS <= pair.First.CostS && pair.Second.Share >= pair.First.Share, $"{pair.First} then {pair.Second}"));
            },
            output.WriteLine,
            iter: 30,
            print: Describe);

    [Fact]
    public void A_town_of_some_hundred_kerbs_is_swept_in_full_tanks()
    {
        // 36 km need 1,728 l of water: 18 tanks, by 6 vehicles that start with a full one.
        var problem = Towns.Grid(10, 10, vehicles: Towns.Fleet(6, v => v with { WaterL = 100 }));

        var plan = Planner.Solve(problem, new() { MaxIterations = 20_000 }, ct: TestContext.Current.CancellationToken);

        Assert.Empty(PlanChecker.Check(problem, plan));
        Assert.Empty(plan.Unserved);
        Assert.InRange(plan.Tours.Sum(tour => 1 + tour.Steps.Count(step => step is FillWaterStep)), 18, 19);
        Assert.Equal(Json(plan), Json(Planner.Solve(problem, new() { MaxIterations = 20_000 }, ct: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void A_ring_is_swept_without_any_detour()
    {
        // 0──1   The depot lies at the end of 3→0; the four streets of the ring are one-way, so the best tour
        // │  │   is once around: nothing but the four turns is left to deadhead.
        // 3──2
        var network = Towns.Network(
            [(0, 100), (100, 100), (100, 0), (0, 0)],
            (0, 1, Directions.Forward), (1, 2, Directions.Forward), (2, 3, Directions.Forward), (3, 0, Directions.Forward));
        var problem = new SweepProblem
        {
            Graph = new(network, new()),
            Depots = [Towns.Depot(network.Arc(3, 0))],
            Vehicles = Towns.Fleet(1),
            Tasks = [Towns.Task(network, 7, network.Arc(2, 3)), Towns.Task(network, 5, network.Arc(0, 1)), Towns.Task(network, 6, network.Arc(1, 2)), Towns.Task(network, 8, network.Arc(3, 0))],
        };
        var plan = SolveWell(problem);
        var steps = Assert.Single(plan.Tours).Steps;
        Assert.Equal([5, 6, 7, 8], steps.OfType<SweepStep>().Select(s => s.Kerb));
        Assert.All(steps.OfType<DeadheadStep>(), s => Assert.Equal((0, 0.0, 2.0), (s.Arcs.Length, s.LengthM, s.DurationS)));
        Assert.Equal((4 * 72) + (4 * 2) + 360 + 600, steps.Last(s => s is WashStep).EndS, 0.01);
    }

    [Fact]
    public void Both_kerbs_of_a_one_way_street_are_two_passes_over_the_same_arc()
    {
        var network = Towns.Network(
            [(0, 100), (100, 100), (100, 0), (0, 0)],
            (0, 1, Directions.Forward), (1, 2, Directions.Forward), (2, 3, Directions.Forward), (3, 0, Directions.Forward));
        var arc = network.Arc(1, 2);
        var problem = new SweepProblem
        {
            Graph = new(network, new()),
            Depots = [Towns.Depot(network.Arc(3, 0))],
            Vehicles = Towns.Fleet(1),
            Tasks = [Towns.Task(network, 1, arc), Towns.Task(network, 2, arc)],
        };
        var steps = Assert.Single(SolveWell(problem).Tours).Steps;
        Assert.Equal([1, 2], steps.OfType<SweepStep>().Select(s => s.Kerb).Order());

        // To the first kerb, once around to the second, and home: one, three and two arcs.
        Assert.Equal([1, 3, 2], steps.OfType<DeadheadStep>().Select(s => s.Arcs.Length));
    }

    [Fact]
    public void Small_towns_are_planned_to_the_optimum() =>
        Gen.Select(Gen.Int[2, 3], Gen.Int[3, 4], Gen.Int[0, 1000]).Sample(
            (columns, rows, pick) =>
            {
                var grid = Towns.Grid(columns, rows, vehicles: Towns.Fleet(1));
                var chance = new Random(pick);
                var problem = grid with { Tasks = [.. grid.Tasks.OrderBy(_ => chance.Next()).Take(6)] };
                var plan = SolveWell(problem, 500);
                Assert.Equal(BestTourS(problem), plan.Tours[0].Steps.Last(s => s is WashStep).EndS, 0.01);
            },
            output.WriteLine,
            iter: 40);

    [Fact]
    public void Every_vehicle_works_where_there_is_work_for_all()
    {
        var problem = Towns.Grid(10, 10, vehicles: Towns.Fleet(4));
        var plan = SolveWell(problem, 2_000);
        var endS = plan.Tours.Select(t => t.Steps.Last(s => s is WashStep).EndS).ToArray();
        Assert.Equal(4, endS.Length);
        Assert.True(endS.Min() > 0.7 * endS.Max(), string.Join(" ", endS));
    }

    [Fact]
    public void A_small_hopper_is_tipped_in_between()
    {
        var plan = SolveWell(Towns.Grid(4, 4, vehicles: Towns.Fleet(1, v => v with { HopperM3 = 0.1 })));
        Assert.Empty(plan.Unserved);
        Assert.True(plan.Tours[0].Steps.Count(s => s is TipStep) >= 4);
        Assert.DoesNotContain(plan.Tours[0].Steps, s => s is FillWaterStep);
    }

    [Fact]
    public void A_small_tank_is_filled_in_between()
    {
        var plan = SolveWell(Towns.Grid(4, 4, vehicles: Towns.Fleet(1, v => v with { WaterL = 60 })));
        Assert.Empty(plan.Unserved);
        Assert.True(plan.Tours[0].Steps.Count(s => s is FillWaterStep) >= 3);
        Assert.Single(plan.Tours[0].Steps, s => s is TipStep);
    }

    [Fact]
    public void A_small_battery_is_charged_in_between_no_more_than_is_needed()
    {
        var problem = Towns.Grid(4, 4, vehicles: Towns.Fleet(1, v => v with { BatteryWh = 6_000, ChargeSeconds = Towns.ChargeSeconds(6_000, 11_000) }));
        var plan = SolveWell(problem);
        var charges = plan.Tours[0].Steps.OfType<ChargeStep>().ToArray();
        Assert.Empty(plan.Unserved);
        Assert.True(charges.Length >= 2);
        Assert.True(charges[^2].After.BatteryWh < 6_000);
        Assert.Equal(6_000, charges[^1].After.BatteryWh);
    }

    [Fact]
    public void With_one_bay_of_each_kind_vehicles_wait_for_each_other()
    {
        var grid = Towns.Grid(5, 5, vehicles: Towns.Fleet(4, v => v with { WaterL = 60, HopperM3 = 0.15 }));
        SolveWell(grid with { Depots = [grid.Depots[0] with { Chargers = 1, Tips = 1, Washes = 1, WaterPoints = 1 }] });
        SolveWell(grid with { Depots = [grid.Depots[0] with { GridLimitKw = 22 }] });
    }

    [Fact]
    public void When_the_final_charges_do_not_fit_into_the_day_less_is_swept()
    {
        // One charger with 2 kW: a vehicle that has used 20 kWh charges for ten hours.
        var slow = Towns.Fleet(4, v => v with { ChargeSeconds = Towns.ChargeSeconds(56_000, 2_000), ChargePowerKw = 2 });
        var grid = Towns.Grid(9, 9, vehicles: slow);
        var plan = SolveWell(grid with { Depots = [grid.Depots[0] with { Chargers = 1 }] }, 20);
        Assert.NotEmpty(plan.Unserved);
        Assert.NotEmpty(plan.Tours);
    }

    [Fact]
    public void A_short_shift_leaves_out_the_less_urgent_and_says_so()
    {
        var grid = Towns.Grid(5, 5, vehicles: Towns.Fleet(1, v => v with { ShiftS = 5_000 }));
        var problem = grid with { Tasks = [.. grid.Tasks.Select(t => t with { Priority = t.Kerb % 3 == 0 ? 1 : 2 })] };
        var plan = SolveWell(problem, 500);
        Assert.NotEmpty(plan.Unserved);
        Assert.All(plan.Unserved, task => Assert.Equal(UnservedReason.NoTimeLeft, task.Reason));
        Assert.All(plan.Unserved, task => Assert.NotEqual(0, task.Kerb % 3));
    }

    [Fact]
    public void A_closed_street_is_left_out_as_not_reachable_and_never_entered()
    {
        var grid = Towns.Grid(4, 4);
        var closed = grid.Graph.Network.Arc(5, 6);
        var plan = SolveWell(grid with { Closures = Closures.None.Close(closed) });
        Assert.Equal([new UnservedTask(closed, 0, UnservedReason.NotReachable)], plan.Unserved);
        Assert.DoesNotContain(plan.Tours.SelectMany(t => t.Steps).OfType<DeadheadStep>(), s => s.Arcs.Contains(closed));
    }

    [Fact]
    public void A_depot_that_cannot_be_reached_leaves_out_everything()
    {
        var grid = Towns.Grid(3, 3);
        var plan = SolveWell(grid with { Closures = Closures.None.Close(grid.Depots[0].Arc) });
        Assert.Empty(plan.Tours);
        Assert.Equal(grid.Tasks.Length, plan.Unserved.Length);
    }

    [Fact]
    public void A_street_without_a_way_back_is_left_out()
    {
        // 0══1──▶2   the depot lies at the end of 0→1
        var network = Towns.Network([(0, 0), (100, 0), (200, 0)], (0, 1, Directions.Both), (1, 2, Directions.Forward));
        var problem = new SweepProblem
        {
            Graph = new(network, new(UTurnRule: UTurnRule.Everywhere)),
            Depots = [Towns.Depot(network.Arc(0, 1))],
            Vehicles = Towns.Fleet(1),
            Tasks = [Towns.Task(network, 1, network.Arc(1, 2)), Towns.Task(network, 2, network.Arc(1, 0))],
        };
        var plan = SolveWell(problem);
        Assert.Equal([new UnservedTask(1, 0, UnservedReason.NotReachable)], plan.Unserved);
        Assert.Single(plan.Tours);
    }

    [Fact]
    public void A_kerb_that_no_vehicle_can_hold_is_left_out_as_too_large()
    {
        var grid = Towns.Grid(3, 3);
        var plan = SolveWell(grid with { Tasks = grid.Tasks.SetItem(4, grid.Tasks[4] with { MassKg = 1_400 }) });
        Assert.Equal([new UnservedTask(4, 0, UnservedReason.TooLarge)], plan.Unserved);
    }

    [Fact]
    public void Of_unequal_vehicles_each_keeps_its_own_limits()
    {
        var fleet = Towns.Fleet(2).SetItem(0, Towns.Sweeper("small") with { HopperM3 = 0.05, WaterL = 30, SweepSpeedMps = 1, ShiftS = 7_200 });
        SolveWell(Towns.Grid(5, 5, vehicles: fleet));
    }

    [Fact]
    public void No_task_means_no_tour()
    {
        var plan = SolveWell(Towns.Grid(3, 3) with { Tasks = [] });
        Assert.Empty(plan.Tours);
        Assert.Empty(plan.Unserved);
    }

    [Fact]
    public void A_cancelled_search_still_gives_a_good_plan()
    {
        using var cancel = new CancellationTokenSource();
        var problem = Towns.Grid(5, 5);
        var plan = Planner.Solve(problem, new() { MaxIterations = int.MaxValue / 4 }, new CancelAfter(cancel, 5), cancel.Token);
        Assert.Empty(PlanChecker.Check(problem, plan));
        Assert.Empty(plan.Unserved);
    }

    [Fact]
    public void The_summary_adds_up_what_the_steps_say()
    {
        var problem = Towns.Grid(4, 4, vehicles: Towns.Fleet(3, v => v with { WaterL = 60 }));
        var plan = SolveWell(problem);
        var summary = PlanSummary.Of(problem, plan);
        var steps = plan.Tours.SelectMany(t => t.Steps).ToArray();
        Assert.Equal(3, summary.ByVehicle.Length);
        Assert.Equal(problem.Tasks.Length, summary.Total.Kerbs);
        Assert.Equal(problem.Tasks.Sum(t => t.LengthM) / 1000, summary.Total.KerbKm, 9);
        Assert.Equal(steps.OfType<DeadheadStep>().Sum(s => s.LengthM) / 1000, summary.Total.DeadheadKm, 9);
        Assert.Equal(steps.Count(s => s is FillWaterStep), summary.Total.WaterFills);
        Assert.Equal(steps.Count(s => s is ChargeStep), summary.Total.Charges);
        Assert.Equal(plan.Tours.Sum(t => t.Steps.Last(s => s is WashStep).EndS) / 3600, summary.Total.Hours, 9);
        var chargedWh = plan.Tours.Sum(t => t.Steps.Select((s, i) => s is ChargeStep ? s.After.BatteryWh - t.Steps[i - 1].After.BatteryWh : 0).Sum());
        Assert.Equal(chargedWh / 1000, summary.Total.EnergyKwh, 6);
    }

    internal static string Describe(SweepProblem problem) =>
        $"{problem.Tasks.Length} tasks, {problem.Vehicles.Length} vehicles, {problem.Days} days, {problem.Graph.Network.BannedTurns.Count} banned turns";

    private static Plan SolveWell(SweepProblem problem, int iterations = 300)
    {
        var plan = Planner.Solve(problem, new() { MaxIterations = iterations });
        Assert.Empty(PlanChecker.Check(problem, plan));
        return plan;
    }

    private static string Json(Plan plan) => JsonSerializer.Serialize(plan);

    // Every order of the tasks, with plain shortest ways; tip and wash at the end.
    private static double BestTourS(SweepProblem problem)
    {
        var router = new PlainRouter(problem.Graph);
        var vehicle = problem.Vehicles[0];
        var best = double.MaxValue;
        Extend(problem.Depots[0].Arc, [.. problem.Tasks], 0);
        return best + problem.Tasks.Sum(t => Math.Ceiling(t.LengthM / vehicle.SweepSpeedMps * 1000) / 1000) + vehicle.TipS + vehicle.WashS;

        void Extend(int from, SweepTask[] left, double travelS)
        {
            if (left.Length == 0)
            {
                best = Math.Min(best, from == problem.Depots[0].Arc ? travelS : travelS + WayS(from, problem.Depots[0].Arc) + (problem.Graph.ArcMs[problem.Depots[0].Arc] / 1000.0));
            }

            foreach (var task in left)
            {
                Extend(task.Arc, [.. left.Where(t => t != task)], travelS + WayS(from, task.Arc));
            }
        }

        double WayS(int from, int to) => router.Find(from, to)!.TimeMs / 1000.0;
    }

    private sealed class Collect(List<PlannerProgress> reports) : IProgress<PlannerProgress>
    {
        public void Report(PlannerProgress value) => reports.Add(value);
    }

    private sealed class CancelAfter(CancellationTokenSource cancel, int reports) : IProgress<PlannerProgress>
    {
        private int count;

        public void Report(PlannerProgress value)
        {
            if (++count >= reports)
            {
                cancel.Cancel();
            }
        }
    }
}
