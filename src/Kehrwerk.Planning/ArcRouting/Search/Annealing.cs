using Kehrwerk.Planning.Solver;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Ruin and recreate under simulated annealing: a solution is ruined near one place and put together again; what comes out is
/// kept unless it is worse by more than a threshold drawn at the present temperature, which falls as the budget is used up.
/// </summary>
internal sealed class Annealing<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private static double Hot => Tuning.Hot; private static double Cold => Tuning.Cold;
    private readonly SearchModel<TCosts> model;
    private readonly SeededRandom random;
    private readonly Ruin<TCosts> ruin;
    private readonly Recreate<TCosts> recreate;
    private readonly SearchSolution<TCosts> solution;
    private double averageTrip = 1;
    private double sumDelta, countDelta, logDelta, zeroDelta, lessDelta, rejected, logged;
    private bool collecting;
    private int lastCycle;
    private readonly TourPool pool;

    public Annealing(SearchModel<TCosts> model, ulong seed)
    {
        this.model = model;
        random = new(seed);
        ruin = new(model, random) { AverageRemoved = Tuning.Removed, LongestString = (int)Tuning.Longest };
        recreate = new(model, random) { NearFrom = (int)Tuning.NearFrom, NearTried = (int)Tuning.NearTried };
        solution = new(model);
        pool = new(model.Stops);
        int[] tasks = [.. Enumerable.Range(0, model.Tasks)];
        recreate.Apply(solution, tasks);
        solution.Accept();
        Best = solution.ToSolution();
    }

    public ArcSolution Best { get; private set; }

    public long Iterations { get; private set; }

    public void Run(SearchBudget budget, IProgress<ArcProgress>? progress, CancellationToken ct)
    {
        const int Block = 256;
        var service = 0.0;
        foreach (var t in model.Problem.Tasks) { service += t.Modes.Min(m => m.Cost); }
        var unit = (solution.Cost - service) / model.Tasks;
        var bestCost = solution.Cost;
        while (!ct.IsCancellationRequested)
        {
            var share = budget(Iterations);
            progress?.Report(new(Iterations, bestCost, share));
            if (share >= 1)
            {
                break;
            }

            var cycles = Math.Max(1, (int)Tuning.Cycles);
            var cycle = (int)(share * cycles);
            if (cycle != lastCycle)
            {
                lastCycle = cycle;
                if (Tuning.Sp > 0)
                {
                    Recombine(ref bestCost);
                }
            }

            var local = (share * cycles) - cycle;
            var hot = cycle == 0 ? Hot : Tuning.Reheat;
            var temperature = unit * hot * Math.Pow(Cold / hot, local);
            collecting = Tuning.Sp > 0 && local > Tuning.CollectFrom;
            averageTrip = AverageTrip();
            for (var i = 0; i < Block; i++)
            {
                var before = solution.Cost;
                var removed = ruin.Apply(solution, random.Below(model.Tasks), averageTrip);
                recreate.Apply(solution, removed);
                var delta = solution.Cost - before; if (delta > 0) { sumDelta += delta; countDelta++; logDelta += Math.Log(delta);} else if (delta == 0) zeroDelta++; else lessDelta++;
                if (solution.Cost < before - (temperature * Math.Log(random.Share())))
                {
                    if (collecting && solution.Cost < bestCost * (1 + Tuning.CollectGap)) { solution.Collect(pool); }
                    solution.Accept();
                    if (solution.Cost < bestCost)
                    {
                        bestCost = solution.Cost;
                        Best = solution.ToSolution();
                    }
                }
                else
                {
                    rejected++;
                    solution.Reject();
                }
            }

            Iterations += Block;
            if (Environment.GetEnvironmentVariable("TLOG") is not null && share * 20 > logged)
            {
                logged++;
                Console.Error.WriteLine($"share {share:F2} unit {unit:F1} T {temperature:F2} T/unit {temperature/unit:F4} meanD {sumDelta / countDelta:F1} geoD {Math.Exp(logDelta/countDelta):F1} T/meanD {temperature/(sumDelta / countDelta):F4} worse {countDelta} equal {zeroDelta} better {lessDelta} rejected {rejected} cur {solution.Cost} best {bestCost}");
                sumDelta = countDelta = logDelta = zeroDelta = lessDelta = rejected = 0;
            }
        }
    }

    private void Recombine(ref long bestCost)
    {
        var chosen = pool.Combine(model.Tasks, bestCost);
        if (Environment.GetEnvironmentVariable("SPLOG") is not null) { Console.Error.WriteLine($"SP pool {pool.Count} best {bestCost} -> {chosen?.Sum(c => (long)c.Cost)}  it {Iterations}"); }
        if (chosen is null || chosen.Sum(c => (long)c.Cost) >= bestCost) { if (Tuning.FromBest > 0) { solution.Load(Best); } return; }
        for (var t = 0; t < solution.Tours; t++) { solution.Set(t, []); }
        foreach (var c in chosen) { solution.Set(solution.EmptyTour(), c.Stops); }
        solution.Accept();
        if (solution.Cost < bestCost) { bestCost = solution.Cost; Best = solution.ToSolution(); }
    }

    private double AverageTrip()
    {
        var trips = 0;
        for (var t = 0; t < solution.Tours; t++)
        {
            if (solution[t].Count > 0) { trips += solution[t].Trips; }
        }

        return (double)model.Tasks / Math.Max(1, trips);
    }
}
