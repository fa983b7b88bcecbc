using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Planning.Tests;

public sealed class ReplannerTests(ITestOutputHelper output)
{
    private static readonly ReplanOptions Repair = new() { TakesLeftOut = false, MaxIterations = 0 };

    private static Gen<(SweepProblem Problem, Plan Plan, double NowS, int Seed)> Moments { get; } = MomentsOf(RuledTowns.Random);

    private static Gen<(SweepProblem Problem, Plan Plan, double NowS, int Seed)> MomentsOf(Gen<SweepProblem> towns) =>
        from problem in towns
        from share in Gen.Double[0, 1]
        from seed in Gen.Int[0, 1_000_000]
        let plan = Planner.Solve(problem with { Days = 1 }, new() { MaxIterations = 100 })
        let endS = plan.Tours.SelectMany(tour => tour.Steps).Select(step => step.EndS).DefaultIfEmpty(0).Max()
        select (problem with { Days = 1 }, plan, share * Math.Min(endS, 40_000), seed);

    [Fact]
    public void Where_nothing_has_happened_every_vehicle_goes_on_as_planned() => Moments.Sample(
        moment =>
        {
            var (problem, plan, nowS, _) = moment;
            var state = DayState.At(problem, plan, 0, nowS);

            var rest = Replanner.Repair(problem, plan, 0, state, Repair);

            Assert.Equal(Kerbs(plan, state.Swept).Select(Text), Kerbs(rest, []).Select(Text));
            Assert.Equal("", string.Join('\n', PlanChecker.Check(problem, Joined(plan, rest, nowS))));
        },
        output.WriteLine,
        iter: 150,
        print: moment => $"at {moment.NowS:0} s");

    [Fact]
    public void What_is_left_of_a_day_can_be_planned_anew_at_any_moment() => Moments.Sample(
        moment =>
        {
            var (problem, plan, nowS, seed) = moment;
            var state = DayState.At(problem, plan, 0, nowS);

            var rest = Replanner.Repair(problem, plan, 0, state, new() { MaxIterations = 300, Seed = (ulong)seed });

            Assert.Equal("", string.Join('\n', PlanChecker.Check(problem, Joined(plan, rest, nowS))));
        },
        output.WriteLine,
        iter: 150,
        print: moment => $"at {moment.NowS:0} s");

    [Fact]
    public void Nobody_drives_over_what_is_closed_now_nor_sweeps_what_is_blocked() => Moments.Sample(
        moment =>
        {
            var (problem, plan, nowS, seed) = moment;
            var chance = new Random(seed);
            var state = DayState.At(problem, plan, 0, nowS);
            int[] closed = [.. Enumerable.Range(0, 3).Select(_ => chance.Next(problem.Graph.Network.ArcCount)).Where(arc => arc != problem.Depots[0].Arc)];
            state = state with
            {
                Closures = problem.Closures.Close(closed),
                Blocked = [.. problem.Tasks.Where(_ => chance.Next(10) == 0).Select(task => task.Kerb)],
            };

            var rest = Replanner.Repair(problem, plan, 0, state, new() { MaxIterations = 100 * chance.Next(2) });

            // Who has to take another way home may need the reserve and come too late, or cannot come home at all; it does nothing else then.
            var hurt = state.Vehicles.Where(v => v.IsOut && Kerbs(rest, []).All(tour => tour.Vehicle != v.Id)).Select(v => $"Vehicle {v.Id},").ToArray();
            Assert.Equal("", string.Join('\n', PlanChecker.Check(problem, Joined(plan, rest, nowS)).Where(text => !hurt.Any(text.StartsWith))));
            Assert.DoesNotContain(rest.Tours.SelectMany(tour => tour.Steps).OfType<DeadheadStep>().SelectMany(step => step.Arcs), arc => closed.Contains(arc));
            Assert.DoesNotContain(Kerbs(rest, []).SelectMany(tour => tour.Kerbs), kerb => state.Blocked.Contains(kerb) || closed.Contains(problem.Tasks.First(task => task.Kerb == kerb).Arc));
            Assert.Equal(
                Calendar.Of(problem).Due[0].Select(t => problem.Tasks[t].Kerb).Where(kerb => state.Blocked.Contains(kerb) && !state.Swept.Contains(kerb)),
                rest.Unserved.Where(task => task.Reason == UnservedReason.Blocked).Select(task => task.Kerb));
        },
        output.WriteLine,
        iter: 150,
        print: moment => $"at {moment.NowS:0} s");

    [Fact]
    public void The_others_take_over_what_a_broken_vehicle_was_to_do()
    {
        var problem = Towns.Grid(4, 4, vehicles: Towns.Fleet(3));
        var plan = Planner.Solve(problem, new() { MaxIterations = 2_000 }, ct: TestContext.Current.CancellationToken);
        var state = DayState.At(problem, plan, 0, 1_000);
        var broken = state.Vehicles[1];

        var rest = Replanner.Repair(problem, plan, 0, state with { Vehicles = [.. state.Vehicles.Where(v => v.Id != broken.Id)] }, Repair, ct: TestContext.Current.CancellationToken);

        Assert.Empty(rest.Unserved);
        Assert.DoesNotContain(rest.Tours, tour => tour.Vehicle == broken.Id);
        Assert.Equal(problem.Tasks.Select(task => task.Kerb).Except(state.Swept).Order(), Kerbs(rest, []).SelectMany(tour => tour.Kerbs).Order());
        foreach (var (vehicle, kerbs) in Kerbs(plan, state.Swept).Where(tour => tour.Vehicle != broken.Id))
        {
            // They keep their own kerbs in their order; the others come in between.
            Assert.Equal(kerbs, Kerbs(rest, []).Single(tour => tour.Vehicle == vehicle).Kerbs.Intersect(kerbs));
        }
    }

    [Fact]
    public void Who_is_home_again_when_a_break_is_due_has_it_before_it_leaves_anew()
    {
        var problem = Towns.Grid(4, 4, vehicles: [.. Towns.Fleet(1).Select(v => v with { Breaks = [new(4_000, 9_000, 900)] })]);
        var home = new VehicleState(problem.Vehicles[0].Id, 5_000, new(problem.Vehicles[0].BatteryWh, problem.Vehicles[0].WaterL, 0, 0)) { LeftS = 0, IdleSinceS = 5_000 };
        var state = new DayState { Vehicles = [home] };

        var rested = Replanner.Repair(problem, new([], []), 0, state with { Vehicles = [home with { IdleSinceS = 3_000 }] }, ct: TestContext.Current.CancellationToken);
        var rest = Replanner.Repair(problem, new([], []), 0, state, ct: TestContext.Current.CancellationToken);
        var newToday = Replanner.Repair(problem, new([], []), 0, state with { Vehicles = [home with { LeftS = null }] }, ct: TestContext.Current.CancellationToken);

        Assert.Equal(5_000, rested.Tours[0].Steps[0].StartS);
        Assert.Equal(5_900, rest.Tours[0].Steps[0].StartS);
        Assert.Equal(5_000, newToday.Tours[0].Steps[0].StartS);
        Assert.DoesNotContain(rest.Tours[0].Steps, step => step is BreakStep);
        Assert.Contains(newToday.Tours[0].Steps, step => step is BreakStep);
    }

    [Fact]
    public void A_hopper_that_is_full_is_tipped_before_the_next_kerb()
    {
        var problem = Towns.Grid(4, 4, vehicles: Towns.Fleet(1));
        var plan = Planner.Solve(problem, new() { MaxIterations = 500 }, ct: TestContext.Current.CancellationToken);
        var state = DayState.At(problem, plan, 0, 1_000);
        var full = state.Vehicles[0] with { Levels = state.Vehicles[0].Levels with { HopperM3 = 2 } };

        var rest = Replanner.Repair(problem, plan, 0, state with { Vehicles = [full] }, ct: TestContext.Current.CancellationToken);

        Assert.Empty(rest.Unserved);
        Assert.IsType<TipStep>(rest.Tours[0].Steps.First(step => step is not DeadheadStep));
    }

    [Fact]
    public void Who_comes_to_a_charger_but_not_home_charges_there_and_goes_on()
    {
        var grid = Towns.Grid(6, 6, 600, Towns.Fleet(1));
        int[] arcs = [grid.Graph.Network.Arc(34, 35), grid.Graph.Network.Arc(33, 34)];
        var problem = grid with { Depots = [grid.Depots[0], Towns.Depot(arcs[0]) with { Name = "Nord" }] };
        var kerb = problem.Tasks.First(task => task.Arc == problem.Graph.Network.Arc(35, 29)).Kerb;
        var state = new DayState
        {
            // A few hundred watt-hours above the reserve: the 6 km home take more than two thousand.
            Vehicles = [new("V1", 1_000, new(11_700, 425, 0, 0)) { Driven = [arcs[1]], LeftS = 0, IsOut = true }],
            Swept = [.. problem.Tasks.Select(task => task.Kerb).Where(other => other != kerb)],
        };
        var plan = new Plan([new("V1", 0, [new ChargeStep(1_200, 1_000, new(30_000, 425, 0, 0)) { Depot = 1 }, new SweepStep(kerb, 2_300, 432, new(29_000, 396, 0.048, 33.6))])], []);

        var rest = Replanner.Repair(problem, plan, 0, state, ct: TestContext.Current.CancellationToken);

        Assert.Empty(rest.Unserved);
        Assert.Equal([typeof(ChargeStep), typeof(SweepStep), typeof(TipStep), typeof(WashStep), typeof(ChargeStep)], rest.Tours.Single().Steps.Where(step => step is not DeadheadStep).Select(step => step.GetType()));
        Assert.Equal(1, rest.Tours[0].Steps.OfType<ChargeStep>().First().Depot);
    }

    [Fact]
    public void Who_has_stood_at_home_for_the_time_of_a_break_needs_no_other()
    {
        var problem = Towns.Grid(3, 3, vehicles: Towns.Fleet(1, v => v with { Breaks = [new(3_600, 7_200, 900)] }));
        var state = DayState.At(problem, new([], []), 0, 10_000);

        var rest = Replanner.Repair(problem, new([], []), 0, state, ct: TestContext.Current.CancellationToken);

        Assert.Empty(rest.Unserved);
        Assert.DoesNotContain(rest.Tours[0].Steps, step => step is BreakStep);
        Assert.Empty(PlanChecker.Check(problem, rest));
    }

    [Fact]
    public void A_state_that_names_an_unknown_vehicle_is_refused()
    {
        var problem = Towns.Grid(2, 2);
        var state = new DayState { Vehicles = [new("V9", 0, new(1, 1, 0, 0))] };

        Assert.Contains("V9", Assert.Throws<InputException>(() => Replanner.Repair(problem, new([], []), 0, state, ct: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<(string Vehicle, ImmutableArray<int> Kerbs)> Kerbs(Plan plan, ImmutableHashSet<int> without) =>
        [.. plan.Tours
            .Select(tour => (tour.Vehicle, Kerbs: tour.Steps.OfType<SweepStep>().Select(step => step.Kerb).Where(kerb => !without.Contains(kerb)).ToImmutableArray()))
            .Where(tour => !tour.Kerbs.IsEmpty)];

    private static string Text((string Vehicle, ImmutableArray<int> Kerbs) tour) => $"{tour.Vehicle}: {string.Join(' ', tour.Kerbs)}";

    // What had been begun when the plan was made anew, and the rest.
    private static Plan Joined(Plan plan, Plan rest, double nowS)
    {
        var begun = plan.Tours.Select(tour => tour with { Steps = DayState.Begun(tour, nowS) }).Where(tour => !tour.Steps.IsEmpty);
        return new(
            [.. begun.Concat(rest.Tours).GroupBy(tour => tour.Vehicle).Select(tours => new Tour(tours.Key, 0, [.. tours.SelectMany(tour => tour.Steps)]))],
            rest.Unserved);
    }
}
