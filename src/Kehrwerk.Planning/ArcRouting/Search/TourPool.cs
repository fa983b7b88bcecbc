using Google.OrTools.LinearSolver;
using MipSolver = Google.OrTools.LinearSolver.Solver;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Tours of good solutions, each set of tasks once at its least cost. The best solution that can be put together from them is
/// found as a set partitioning problem (Foster and Ryan 1976; in heuristics: Subramanian, Uchoa and Ochi 2013).
/// </summary>
internal sealed class TourPool<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    /// <summary>Tours are taken from solutions whose deadhead exceeds the best by no more than this share.</summary>
    public const double Nearness = 0.015;

    /// <summary>With more tasks too many tours are good ones, and combining them takes too long.</summary>
    public const int MostTasks = 600;

    private const int MostKept = 20_000;
    private const int MostNodes = 50;
    private const double ShareToSpend = 0.01;

    private readonly SearchModel<TCosts> model;
    private readonly ulong[] key;
    private readonly Dictionary<ulong, PooledTour> tours = [];
    private int columnLimit = 500;

    public TourPool(SearchModel<TCosts> model)
    {
        this.model = model;
        var random = new SeededRandom(1);
        key = [.. Enumerable.Range(0, model.Stops).Select(_ => random.NextBits())];
    }

    /// <summary>Adds a tour of a solution with that cost.</summary>
    public void Add(SearchTour<TCosts> tour, long solutionCost)
    {
        if (tour.HasTasks)
        {
            Add(tour.Kind, tour.Stops[1..^1], tour.Cost, solutionCost);
        }
    }

    public void AddAll(TourPool<TCosts> other)
    {
        foreach (var tour in other.tours.Values)
        {
            Add(tour.Kind, tour.Stops, tour.Cost, tour.SolutionCost);
        }
    }

    /// <summary>The best solution that was found from tours of the pool, its cost not yet known; null where none was found.</summary>
    public StopLists<TCosts>? Combine()
    {
        PooledTour[] columns = [.. tours.Values.OrderBy(t => t.SolutionCost).ThenBy(t => t.Order).Take(columnLimit)];
        using var solver = MipSolver.CreateSolver("SCIP");
        Constraint[] served = [.. Enumerable.Range(0, model.Tasks).Select(_ => solver.MakeConstraint(1, 1))];
        var chosen = new Variable[columns.Length];
        for (var c = 0; c < columns.Length; c++)
        {
            chosen[c] = solver.MakeBoolVar("");
            solver.Objective().SetCoefficient(chosen[c], columns[c].Cost);
            foreach (var stop in columns[c].Stops)
            {
                if (stop < model.Tasks)
                {
                    served[stop].SetCoefficient(chosen[c], 1);
                }
            }
        }

        LimitFleet(solver, columns, chosen);
        for (var task = 0; task < model.Tasks; task++)
        {
            // What may be left out may be left out here as well, at the same cost.
            if (model.Problem.Tasks[task].Penalty is { } penalty)
            {
                var leftOut = solver.MakeBoolVar("");
                solver.Objective().SetCoefficient(leftOut, penalty);
                served[task].SetCoefficient(leftOut, 1);
            }
        }

        solver.SetSolverSpecificParametersAsString($"limits/nodes = {MostNodes}");
        if (solver.Solve() is not (MipSolver.ResultStatus.OPTIMAL or MipSolver.ResultStatus.FEASIBLE))
        {
            return null;
        }

        var combined = new StopLists<TCosts>(model);
        foreach (var (column, _) in columns.Zip(chosen).Where(pair => pair.Second.SolutionValue() > 0.5))
        {
            combined.Add(column.Kind, column.Stops);
        }

        return combined;
    }

    private void LimitFleet(MipSolver solver, PooledTour[] columns, Variable[] chosen)
    {
        for (var kind = 0; kind < model.Vehicles.Length; kind++)
        {
            if (model.Vehicles[kind].MaxTours < int.MaxValue)
            {
                var fleet = solver.MakeConstraint(0, model.Vehicles[kind].MaxTours);
                for (var c = 0; c < columns.Length; c++)
                {
                    fleet.SetCoefficient(chosen[c], columns[c].Kind == kind ? 1 : 0);
                }
            }
        }
    }

    /// <summary>Considers fewer tours next time if the last combination took too large a share of the budget, and more if it took little time.</summary>
    public void AdaptTo(double share)
    {
        if (share > ShareToSpend)
        {
            columnLimit = Math.Max(100, columnLimit / 2);
        }
        else if (share > 0 && share < ShareToSpend / 4)
        {
            columnLimit = Math.Min(4_000, 2 * columnLimit);
        }
    }

    private void Add(int kind, ReadOnlySpan<int> stops, int cost, long solutionCost)
    {
        var set = unchecked((ulong)kind * 0x9E3779B97F4A7C15);
        foreach (var stop in stops)
        {
            set ^= stop < model.Tasks ? key[stop] : 0;
        }

        if (!tours.TryGetValue(set, out var known))
        {
            MakeRoom();
            tours.Add(set, new(kind, stops.ToArray(), cost, solutionCost, tours.Count));
        }
        else if (cost < known.Cost || solutionCost < known.SolutionCost)
        {
            tours[set] = new(kind, cost < known.Cost ? stops.ToArray() : known.Stops, Math.Min(cost, known.Cost), Math.Min(solutionCost, known.SolutionCost), known.Order);
        }
    }

    private void MakeRoom()
    {
        if (tours.Count == MostKept)
        {
            foreach (var (set, _) in tours.OrderBy(t => t.Value.SolutionCost).ThenBy(t => t.Value.Order).Skip(MostKept / 2).ToArray())
            {
                tours.Remove(set);
            }
        }
    }

    private sealed record PooledTour(int Kind, int[] Stops, int Cost, long SolutionCost, int Order);
}
