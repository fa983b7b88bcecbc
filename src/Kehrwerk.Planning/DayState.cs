using System.Collections.Immutable;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Planning;

/// <summary>How a day stands at some moment: what <see cref="Replanner"/> makes a new plan from. Immutable.</summary>
public sealed record DayState
{
    /// <summary>All vehicles of the problem that are in service, each once; who is missing here, such as a broken one, does nothing more today.</summary>
    public required ImmutableArray<VehicleState> Vehicles { get; init; }

    /// <summary>Kerbs that have been swept, or will have been when the vehicle is ready that is sweeping now.</summary>
    public ImmutableHashSet<int> Swept { get; init; } = [];

    /// <summary>Kerbs that cannot be swept today, although the street can be driven.</summary>
    public ImmutableHashSet<int> Blocked { get; init; } = [];

    /// <summary>Arcs that cannot be driven from now on.</summary>
    public Closures Closures { get; init; } = Closures.None;

    /// <summary>
    /// The state if everything has gone as planned: who is in the middle of a step finishes it first, and sweeps the kerb that it is on its way
    /// to or waits for, or does what it has come to the depot for.
    /// </summary>
    /// <param name="nowS">Seconds of the plan's clock.</param>
    public static DayState At(SweepProblem problem, Plan plan, int day, double nowS)
    {
        var tours = plan.Tours.Where(tour => tour.Day == day).ToDictionary(tour => tour.Vehicle);
        var vehicles = ImmutableArray.CreateBuilder<VehicleState>(problem.Vehicles.Length);
        var swept = ImmutableHashSet.CreateBuilder<int>();
        var arcOfKerb = problem.Tasks.ToDictionary(task => task.Kerb, task => task.Arc);
        foreach (var vehicle in problem.Vehicles)
        {
            var state = new VehicleState(vehicle.Id, nowS, new(vehicle.BatteryWh, vehicle.WaterL, 0, 0)) { Depot = vehicle.Depot, IdleSinceS = vehicle.StartS };
            var begun = tours.TryGetValue(vehicle.Id, out var tour) ? Begun(tour, nowS) : [];
            foreach (var (number, step) in begun.Index())
            {
                state = state.After(step, tour!.Steps.ElementAtOrDefault(number + 1), problem.Depots, arcOfKerb);
                if (step is SweepStep sweep)
                {
                    swept.Add(sweep.Kerb);
                }
            }

            vehicles.Add(begun.Length == 0 ? state : state with
            {
                LeftS = begun[0].StartS,
                ReadyS = Math.Max(nowS, begun[^1].EndS),
                IsOut = begun.Length < tour!.Steps.Length,
                IdleSinceS = begun[^1].EndS,
                Doing = [.. begun.OfType<DepotStep>().Where(step => step.EndS > nowS)],
                BreaksTaken = begun.OfType<BreakStep>().Count(),
            });
        }

        return new() { Vehicles = vehicles.MoveToImmutable(), Swept = swept.ToImmutable(), Closures = problem.Closures };
    }

    /// <summary>The steps of a tour that are done, or go on as planned.</summary>
    internal static ImmutableArray<TourStep> Begun(Tour tour, double nowS)
    {
        var begun = tour.Steps.Count(step => step.StartS <= nowS);
        while (begun > 0 && begun < tour.Steps.Length && (GoesOn(tour.Steps[begun - 1], tour.Steps[begun]) || (tour.Steps[begun - 1].EndS < nowS && tour.Steps[begun] is SweepStep)))
        {
            begun++;
        }

        return tour.Steps[..begun];
    }

    private static bool GoesOn(TourStep step, TourStep next) => step switch
    {
        _ when next is BreakStep => true,
        SweepStep => false,
        DeadheadStep => next is SweepStep,
        BreakStep => false,
        _ => next is not (SweepStep or DeadheadStep),
    };
}

/// <summary>Where one vehicle stands.</summary>
/// <param name="Id">Its <see cref="SweeperSpec.Id"/>.</param>
/// <param name="ReadyS">When it can take new orders: now, or at the end of the arc or step that it is on; seconds of the plan's clock.</param>
/// <param name="Levels">What it holds then.</param>
public sealed record VehicleState(string Id, double ReadyS, Levels Levels)
{
    /// <summary>The depot that it has left last, or where it is; index in <see cref="SweepProblem.Depots"/>.</summary>
    public int Depot { get; init; }

    /// <summary>Arcs driven since it left that depot, at the end of the last of which it is ready; empty in the depot.</summary>
    public ImmutableArray<int> Driven { get; init; } = [];

    /// <summary>How many of its breaks it has had.</summary>
    public int BreaksTaken { get; init; }

    /// <summary>When its tour began, from which its shift counts; null if it has not yet.</summary>
    public double? LeftS { get; init; }

    /// <summary>Whether it still has to come home, tip, wash and charge, whatever else it does.</summary>
    public bool IsOut { get; init; }

    /// <summary>Since when it has had nothing to do, where it is not out; seconds of the plan's clock. Breaks that fit in there count as taken.</summary>
    public double IdleSinceS { get; init; }

    /// <summary>What it does at a depot before it is ready: the bays are in use until then.</summary>
    public ImmutableArray<DepotStep> Doing { get; init; } = [];

    /// <summary>Its state in the problem's graph. A vehicle that did not drive by the rules stands at the end of its last arc as well.</summary>
    internal int StateIn(SweepProblem problem)
    {
        var state = problem.Depots[Depot].Arc;
        foreach (var arc in Driven)
        {
            state = problem.Graph.StateAfter(state, arc) ?? arc;
        }

        return state;
    }

    /// <summary>A deadhead leads to the kerb that is swept next, or else to a depot, be it for nothing but to turn there.</summary>
    internal VehicleState After(TourStep step, TourStep? next, ImmutableArray<Depot> depots, Dictionary<int, int> arcOfKerb)
    {
        var after = this with { Levels = step.After };
        return step switch
        {
            SweepStep sweep => after with { Driven = Driven.Add(arcOfKerb[sweep.Kerb]) },
            DeadheadStep deadhead when next is SweepStep => after with { Driven = Driven.AddRange(deadhead.Arcs) },
            DeadheadStep deadhead => after with { Driven = [], Depot = DepotAt(Driven.AddRange(deadhead.Arcs)) },
            DepotStep service => after with { Driven = [], Depot = service.Depot },
            _ => after,
        };

        int DepotAt(ImmutableArray<int> driven) => driven.IsEmpty ? Depot : depots.Index().First(depot => depot.Item.Arc == driven[^1]).Index;
    }
}
