using Google.OrTools.LinearSolver;
using Kehrwerk.Planning.Solver;
#pragma warning disable
namespace Kehrwerk.Planning.ArcRouting.Search;

internal sealed class PooledTour { public int[] Stops; public int Cost; public long Solution; }

internal sealed class TourPool
{
    private readonly ulong[] zobrist;
    private readonly Dictionary<ulong, PooledTour> tours = [];
    public TourPool(int stops)
    {
        var r = new SeededRandom(12345);
        zobrist = new ulong[stops];
        for (var i = 0; i < stops; i++) { zobrist[i] = ((ulong)r.Below(int.MaxValue) << 33) ^ ((ulong)r.Below(int.MaxValue) << 11) ^ (ulong)r.Below(int.MaxValue); }
    }
    public int Count => tours.Count;
    public void Add(ReadOnlySpan<int> stops, int cost, long solution)
    {
        var h = 0UL;
        foreach (var s in stops) { h ^= zobrist[s]; }
        if (tours.TryGetValue(h, out var t))
        {
            if (cost < t.Cost) { t.Cost = cost; t.Stops = stops.ToArray(); }
            if (solution < t.Solution) { t.Solution = solution; }
        }
        else
        {
            tours.Add(h, new() { Stops = stops.ToArray(), Cost = cost, Solution = solution });
            if (tours.Count > 200000)
            {
                foreach (var k in tours.OrderByDescending(p => p.Value.Solution).Take(100000).Select(p => p.Key).ToList()) { tours.Remove(k); }
            }
        }
    }
    public List<PooledTour>? Combine(int tasks, long bound)
    {
        var columns = tours.Values.OrderBy(t => t.Solution).Take((int)Tuning.SpColumns).ToList();
        using var solver = Google.OrTools.LinearSolver.Solver.CreateSolver(Tuning.Sp == 2 ? "SAT" : Tuning.Sp == 3 ? "HIGHS" : "SCIP");
        var rows = new Constraint[tasks];
        for (var i = 0; i < tasks; i++) { rows[i] = solver.MakeConstraint(1, 1); }
        var x = new Variable[columns.Count];
        var objective = solver.Objective();
        for (var c = 0; c < x.Length; c++)
        {
            x[c] = solver.MakeBoolVar("");
            objective.SetCoefficient(x[c], columns[c].Cost);
            foreach (var s in columns[c].Stops) { if (s < tasks) rows[s].SetCoefficient(x[c], 1); }
        }
        objective.SetMinimization();
        if (Tuning.SpCut > 0)
        {
            var cut = solver.MakeConstraint(double.NegativeInfinity, bound - 1);
            for (var c = 0; c < x.Length; c++) { cut.SetCoefficient(x[c], columns[c].Cost); }
        }
        if (Tuning.SpNodes > 0) { solver.SetSolverSpecificParametersAsString($"limits/nodes = {Tuning.SpNodes}"); }
        solver.SetTimeLimit((long)(Tuning.SpSeconds * 1000));
        solver.SetNumThreads(1);
        var status = solver.Solve();
        if (Environment.GetEnvironmentVariable("SPLOG") is not null) { Console.Error.WriteLine($"  {columns.Count} columns {status} {solver.WallTime()} ms bound {objective.BestBound()}"); }
        if (status is not (Google.OrTools.LinearSolver.Solver.ResultStatus.OPTIMAL or Google.OrTools.LinearSolver.Solver.ResultStatus.FEASIBLE)) { return null; }
        return columns.Where((_, c) => x[c].SolutionValue() > 0.5).ToList();
    }
}
