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

    public Annealing(SearchModel<TCosts> model, ulong seed)
    {
        this.model = model;
        random = new(seed);
        ruin = new(model, random) { AverageRemoved = Tuning.Removed, LongestString = (int)Tuning.Longest };
        recreate = new(model, random) { NearFrom = (int)Tuning.NearFrom, NearTried = (int)Tuning.NearTried };
        solution = new(model);
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

            var temperature = unit * Hot * Math.Pow(Cold / Hot, share);
            averageTrip = AverageTrip();
            for (var i = 0; i < Block; i++)
            {
                var before = solution.Cost;
                var removed = ruin.Apply(solution, random.Below(model.Tasks), averageTrip);
                recreate.Apply(solution, removed);
                if (solution.Cost < before - (temperature * Math.Log(random.Share())))
                {
                    solution.Accept();
                    if (solution.Cost < bestCost)
                    {
                        bestCost = solution.Cost;
                        Best = solution.ToSolution();
                    }
                }
                else
                {
                    solution.Reject();
                }
            }

            Iterations += Block;
        }
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
