using Kehrwerk.Planning.Solver;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>Temperatures of an annealing, in units of cost: from hot to cold, geometrically.</summary>
internal readonly record struct Cooling(double Hot, double Cold)
{
    /// <param name="done">Share of the cooling that is done, 0–1.</param>
    public double Temperature(double done) => Hot * Math.Pow(Cold / Hot, done);
}

/// <summary>
/// Ruin and recreate under simulated annealing: a solution is ruined near one place and put together again; what comes out is
/// kept unless it is worse by more than a threshold drawn at the present temperature. One chain, used by one thread.
/// </summary>
internal sealed class Annealing<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    /// <summary>Rounds between two looks at the budget.</summary>
    public const int Block = 256;

    private readonly SearchModel<TCosts> model;
    private readonly SeededRandom random;
    private readonly Ruin<TCosts> ruin;
    private readonly Recreate<TCosts> recreate;
    private readonly SearchSolution<TCosts> solution;

    public Annealing(SearchModel<TCosts> model, ulong seed)
    {
        this.model = model;
        random = new(seed);
        ruin = new(model, random);
        recreate = new(model, random);
        solution = new(model);
        Pool = new(model);
        Best = new(model);
    }

    public long Rounds { get; private set; }

    public long Cost => solution.Cost;

    /// <summary>The best solution since the last <see cref="StartFrom"/>.</summary>
    public StopLists<TCosts> Best { get; }

    /// <summary>Tours of good solutions that the chain passed.</summary>
    public TourPool<TCosts> Pool { get; }

    public void Construct()
    {
        int[] tasks = [.. Enumerable.Range(0, model.Tasks)];
        recreate.Apply(solution, tasks);
        solution.Accept();
        Best.CopyFrom(solution);
    }

    public void StartFrom(StopLists<TCosts> start)
    {
        solution.Load(start);
        Best.CopyFrom(solution);
    }

    /// <summary>Cools down while the share of the budget that is used up rises to <paramref name="until"/>.</summary>
    /// <param name="passed">Told the temperature and the cost after each block of rounds.</param>
    public void Cool(Cooling cooling, Func<long, double> usedUp, double from, double until, Action<double, long>? passed = null)
    {
        for (var share = usedUp(Rounds); share < until; share = usedUp(Rounds))
        {
            var done = Math.Clamp((share - from) / (until - from), 0, 1);
            var temperature = cooling.Temperature(done);
            RunBlock(temperature, collect: done > 0.5);
            passed?.Invoke(temperature, solution.Cost);
        }
    }

    private void RunBlock(double temperature, bool collect)
    {
        var averageTrip = solution.AverageTrip;
        var goodEnough = Best.Cost + (long)(TourPool<TCosts>.Nearness * (Best.Cost - model.ServiceCost));
        for (var round = 0; round < Block; round++)
        {
            var before = solution.Cost;
            var removed = ruin.Apply(solution, random.Below(model.Tasks), averageTrip);
            recreate.Apply(solution, removed);
            if (solution.Cost >= before - (temperature * Math.Log(random.Share())))
            {
                solution.Reject();
                continue;
            }

            if (collect && solution.Cost <= goodEnough)
            {
                Pool.AddChanged(solution);
            }

            solution.Accept();
            if (solution.Cost < Best.Cost)
            {
                Best.CopyFrom(solution);
            }
        }

        Rounds += Block;
    }
}
