using Google.OrTools.LinearSolver;
using Kehrwerk.Planning.Solver;
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

    private const int MostKept = 100_000;
    private const int MostColumns = 1_500;
    private const int MostNodes = 100;

    private readonly SearchModel<TCosts> model;
    private readonly ulong[] key;
    private readonly Dictionary<ulong, PooledTour> tours = [];

    public TourPool(SearchModel<TCosts> model)
    {
        this.model = model;
        var random = new SeededRandom(1);
        key = [.. Enumerable.Range(0, model.Stops).Select(_ => random.NextBits())];
    }

    /// <summary>Adds the tours that the last round changed.</summary>
    public void AddChanged(SearchSolution<TCosts> solution)
    {
        foreach (var tour in solution.Changed)
        {
            if (solution[tour].Count > 0)
            {
                Add(solution[tour].Stops[1..^1], solution[tour].Cost, solution.Cost);
            }
        }
    }

    public void AddAll(SearchSolution<TCosts> solution)
    {
        for (var tour = 0; tour < solution.Tours; tour++)
        {
            if (solution[tour].Count > 0)
            {
                Add(solution[tour].Stops[1..^1], solution[tour].Cost, solution.Cost);
            }
        }
    }

    public void AddAll(TourPool<TCosts> other)
    {
        foreach (var tour in other.tours.Values)
        {
            Add(tour.Stops, tour.Cost, tour.SolutionCost);
        }
    }

    /// <summary>Stops of the tours of the best solution that was found from the pool; null where none was found.</summary>
    public int[][]? Combine()
    {
        PooledTour[] columns = [.. tours.Values.OrderBy(t => t.SolutionCost).ThenBy(t => t.Order).Take(MostColumns)];
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

        solver.SetSolverSpecificParametersAsString($"limits/nodes = {MostNodes}");
        return solver.Solve() is MipSolver.ResultStatus.OPTIMAL or MipSolver.ResultStatus.FEASIBLE
            ? [.. columns.Where((_, c) => chosen[c].SolutionValue() > 0.5).Select(t => t.Stops)]
            : null;
    }

    private void Add(ReadOnlySpan<int> stops, int cost, long solutionCost)
    {
        var set = 0UL;
        foreach (var stop in stops)
        {
            set ^= stop < model.Tasks ? key[stop] : 0;
        }

        if (!tours.TryGetValue(set, out var known))
        {
            MakeRoom();
            tours.Add(set, new(stops.ToArray(), cost, solutionCost, tours.Count));
        }
        else if (cost < known.Cost || solutionCost < known.SolutionCost)
        {
            tours[set] = new(cost < known.Cost ? stops.ToArray() : known.Stops, Math.Min(cost, known.Cost), Math.Min(solutionCost, known.SolutionCost), known.Order);
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

    private sealed record PooledTour(int[] Stops, int Cost, long SolutionCost, int Order);
}
