using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>How to plan anew.</summary>
public sealed record ReplanOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Rounds of improvement, 0–1,000,000,000. With 0 each vehicle keeps its kerbs in their order and only what falls out is put elsewhere. A few
    /// thousand bring back most of what then finds no place, and take less than a second for a city.
    /// </summary>
    public int MaxIterations { get; init; } = 2_000;

    /// <summary>The budget of the improvement instead of <see cref="MaxIterations"/>.</summary>
    public SearchBudget? Budget { get; init; }

    /// <summary>What it counts to give a kerb to another vehicle than planned, seconds, 0–100,000: so much time a change must save.</summary>
    public double ChangeS { get; init; } = 60;

    /// <summary>See <see cref="PlannerOptions.BalanceWeight"/>.</summary>
    public double BalanceWeight { get; init; } = 1;

    /// <summary>Whether to take in what the plan had left out where that has become possible.</summary>
    public bool TakesLeftOut { get; init; } = true;

    public int Threads { get; init; } = 1;
}

/// <summary>
/// Plans the rest of a day anew, from where the vehicles are and what they hold: after a closure, a blocked kerb, a broken vehicle, a hopper that
/// is full before its time. Vehicles keep what they were to do and in which order as far as that still works. A vehicle that is out and cannot
/// come home any more gets no tour.
/// </summary>
public static class Replanner
{
    /// <summary>
    /// The rest of one day. Its tours begin where and when each vehicle is ready; its <see cref="Plan.Unserved"/> names what is due, not yet swept and
    /// in none of them.
    /// </summary>
    /// <param name="plan">What was planned; days other than <paramref name="day"/> do not matter.</param>
    /// <exception cref="InputException">The problem, the state or an option is out of bounds; the message names it.</exception>
    public static Plan Repair(
        SweepProblem problem, Plan plan, int day, DayState state, ReplanOptions? options = null, IProgress<ArcProgress>? progress = null, CancellationToken ct = default)
    {
        options ??= new();
        problem = problem with { Closures = state.Closures };
        ProblemRules.Require(problem);
        ProblemRules.InRange("planner", "number of rounds", options.MaxIterations, 0, 1_000_000_000, "");
        ProblemRules.InRange("planner", "cost of a change", options.ChangeS, 0, 100_000, "s");
        ProblemRules.InRange("planner", "balance weight", options.BalanceWeight, 0, 20, "");
        ProblemRules.InRange("planner", "number of threads", options.Threads, 1, 64, "");
        Require(problem, day, state);

        // Who cannot come home any more stays where it is; somebody has to look after it.
        var router = new PlainRouter(problem.Graph, problem.Closures);
        state = state with { Vehicles = [.. state.Vehicles.Where(v => CanComeHome(v))] };
        var planned = PlannedVehicles(plan, day);
        var toSweep = DueOn(problem, plan, day).Where(t => !state.Swept.Contains(problem.Tasks[t].Kerb)).ToImmutableArray();
        var blocked = toSweep.Where(t => state.Blocked.Contains(problem.Tasks[t].Kerb)).ToImmutableArray();
        var left = options.TakesLeftOut ? [] : toSweep.Where(t => !planned.ContainsKey(problem.Tasks[t].Kerb) && !state.Blocked.Contains(problem.Tasks[t].Kerb)).ToImmutableArray();
        if (state.Vehicles.IsEmpty)
        {
            return new([], [.. toSweep.Select(t => new UnservedTask(problem.Tasks[t].Kerb, day, blocked.Contains(t) ? UnservedReason.Blocked : UnservedReason.NoTimeLeft)).OrderBy(task => task.Kerb)]);
        }

        var rest = DayProblem.OfRest(problem, day, [.. toSweep.Except(blocked).Except(left)], state, planned, options);
        var solution = ArcSolver.Solve(
            rest.Arcs,
            options.Budget ?? ArcSolver.Rounds(options.MaxIterations),
            new() { Seed = options.Seed, Threads = options.Threads, Start = Start(problem, plan, day, state, rest) },
            progress,
            ct);
        var reasons = plan.Unserved.Where(task => task.Day == day).ToDictionary(task => task.Kerb, task => task.Reason);
        UnservedTask[] unserved =
        [
            .. blocked.Select(t => new UnservedTask(problem.Tasks[t].Kerb, day, UnservedReason.Blocked)),
            .. left.Select(t => new UnservedTask(problem.Tasks[t].Kerb, day, reasons.GetValueOrDefault(problem.Tasks[t].Kerb, UnservedReason.NoTimeLeft))),
            .. solution.Unserved.Select(task => new UnservedTask(rest.KerbOf(task).Kerb, day, UnservedReason.NoTimeLeft)),
            .. rest.Unservable,
        ];
        return new(new PlanWriter(problem, rest).Write(solution), [.. unserved.OrderBy(task => task.Kerb)]);

        bool CanComeHome(VehicleState vehicle)
        {
            var home = problem.Depots[problem.Vehicles.First(v => v.Id == vehicle.Id).Depot].Arc;
            var state = vehicle.StateIn(problem);
            return problem.Graph.StateArc[state] == home || router.Find(state, home) is not null;
        }
    }

    private static void Require(SweepProblem problem, int day, DayState state)
    {
        ProblemRules.InRange("state", "day", day, 0, problem.Days - 1, "");
        foreach (var group in state.Vehicles.GroupBy(v => v.Id))
        {
            if (group.Count() > 1 || problem.Vehicles.All(v => v.Id != group.Key))
            {
                throw new InputException("state", $"vehicle {group.Key} is there {group.Count()} times, and {problem.Vehicles.Count(v => v.Id == group.Key)} times in the problem", "Give each vehicle of the problem at most once");
            }
        }

        foreach (var vehicle in state.Vehicles)
        {
            ProblemRules.InRange($"state of vehicle {vehicle.Id}", "time when it is ready", vehicle.ReadyS, 0, 86_400, "s");
            ProblemRules.InRange($"state of vehicle {vehicle.Id}", "depot", vehicle.Depot, 0, problem.Depots.Length - 1, "");
            if (vehicle.Driven.Any(arc => arc < 0 || arc >= problem.Graph.Network.ArcCount))
            {
                throw new InputException($"state of vehicle {vehicle.Id}", "it has driven an arc that is not in the streets", $"Arcs are numbered 0 to {problem.Graph.Network.ArcCount - 1}");
            }
        }
    }

    // Where days are chosen, what may be swept on that day and is not planned for another.
    private static IEnumerable<int> DueOn(SweepProblem problem, Plan plan, int day)
    {
        var planned = plan.Tours.Where(tour => tour.Day != day).SelectMany(tour => tour.Steps.OfType<SweepStep>().Select(step => (step.Kerb, tour.Day))).ToHashSet();
        return Calendar.Of(problem).Visits
            .Where(visit => visit.Days.Contains(day) && !visit.Days.Any(other => planned.Contains((problem.Tasks[visit.Task].Kerb, other))))
            .Select(visit => visit.Task).Order();
    }

    private static Dictionary<int, string> PlannedVehicles(Plan plan, int day)
    {
        var vehicleOf = new Dictionary<int, string>();
        foreach (var tour in plan.Tours.Where(tour => tour.Day == day))
        {
            foreach (var sweep in tour.Steps.OfType<SweepStep>())
            {
                vehicleOf[sweep.Kerb] = tour.Vehicle;
            }
        }

        return vehicleOf;
    }

    // What is left of the plan's tours, with a stop at the depot wherever there are services or the vehicle only turns there.
    private static ArcSolution Start(SweepProblem problem, Plan plan, int day, DayState state, DayProblem rest)
    {
        var arcOfKerb = problem.Tasks.ToDictionary(task => task.Kerb, task => task.Arc);
        var taskOf = Enumerable.Range(0, rest.Visits.Length).ToDictionary(task => rest.KerbOf(task).Kerb);
        var readyS = state.Vehicles.ToDictionary(v => v.Id, v => v.ReadyS);
        var kindOf = rest.Kinds.Index().ToDictionary(kind => kind.Item.State!.Id, kind => kind.Index);
        var tours = ImmutableArray.CreateBuilder<ArcTour>();
        foreach (var tour in plan.Tours.Where(tour => tour.Day == day && kindOf.ContainsKey(tour.Vehicle)))
        {
            var stops = ImmutableArray.CreateBuilder<ArcStop>();
            var at = new VehicleState(tour.Vehicle, 0, new(0, 0, 0, 0)) { Depot = problem.Vehicles.First(v => v.Id == tour.Vehicle).Depot };
            foreach (var (number, step) in tour.Steps.Index())
            {
                at = at.After(step, tour.Steps.ElementAtOrDefault(number + 1), problem.Depots, arcOfKerb);
                if (step is SweepStep sweep)
                {
                    if (taskOf.TryGetValue(sweep.Kerb, out var task))
                    {
                        stops.Add(ArcStop.Serve(task, 0));
                    }
                }
                else if (step is DepotStep or DeadheadStep && at.Driven.IsEmpty && step.StartS >= readyS[tour.Vehicle] && (stops.Count == 0 || stops[^1] != ArcStop.Visit(at.Depot)))
                {
                    stops.Add(ArcStop.Visit(at.Depot));
                }
            }

            tours.Add(new(kindOf[tour.Vehicle], stops.ToImmutable(), []));
        }

        return new(0, tours.ToImmutable(), []);
    }
}
