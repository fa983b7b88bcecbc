namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// The whole search: construct, find out which temperatures suit the problem, then anneal again and again from the best
/// solution, and after each time put together the best that can be made of all good tours seen so far.
/// </summary>
internal sealed class ArcSearch<TCosts>(SearchModel<TCosts> model, SearchBudget budget, ArcSolverOptions options, IProgress<ArcProgress>? progress, CancellationToken ct)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private const double ScoutShare = 0.05;
    private const double RoundsPerTaskAndCycle = 6_000;
    private const int MostCycles = 8;

    private readonly Annealing<TCosts>[] chains =
        [.. Enumerable.Range(0, options.Threads).Select(thread => new Annealing<TCosts>(model, unchecked((options.Seed * 1_000_003) + (ulong)thread)))];

    private readonly TourPool<TCosts> pool = new(model);
    private readonly StopLists<TCosts> best = new(model);
    private readonly Lock asking = new();

    public ArcSolution Run()
    {
        var first = chains[0];
        first.Construct();
        Keep(first.Best);
        var cooling = Scout(first);
        Keep(first.Best);
        var cycles = Cycles(first);
        for (var cycle = 0; cycle < cycles && UsedUp(first.Rounds) < 1; cycle++)
        {
            var from = ScoutShare + ((1 - ScoutShare) * cycle / cycles);
            var until = ScoutShare + ((1 - ScoutShare) * (cycle + 1) / cycles);
            Parallel.ForEach(chains, chain =>
            {
                chain.StartFrom(best);
                chain.Cool(cooling, UsedUp, from, until);
            });
            foreach (var chain in chains)
            {
                Keep(chain.Best);
            }

            if (cycle < cycles - 1)
            {
                Recombine();
            }
        }

        var solution = new SearchSolution<TCosts>(model);
        solution.Load(best);
        return solution.ToSolution();
    }

    private void Keep(StopLists<TCosts> found)
    {
        if (found.Cost < best.Cost)
        {
            best.CopyFrom(found);
        }
    }

    // A quick cooling over a wide range. The deadhead that it meets at each temperature tells where solutions take shape
    // and where they are frozen: the search spends its time between the two.
    private Cooling Scout(Annealing<TCosts> chain)
    {
        const double LooseExcess = 0.05;
        const double FrozenExcess = 0.0015;
        const int Steps = 24;
        var perTask = Math.Max(1.0, chain.Cost - model.ServiceCost) / Math.Max(1, model.Tasks);
        var wide = new Cooling(1.5 * perTask, 0.004 * perTask);
        var sum = new double[Steps];
        var count = new int[Steps];
        chain.Cool(wide, UsedUp, 0, ScoutShare, (temperature, cost) =>
        {
            var step = Math.Clamp((int)(Steps * Math.Log(temperature / wide.Hot) / Math.Log(wide.Cold / wide.Hot)), 0, Steps - 1);
            sum[step] += cost - model.ServiceCost;
            count[step]++;
        });
        var frozen = (double)chain.Best.Cost - model.ServiceCost;
        var hot = FirstBelow(frozen * (1 + LooseExcess), 0.25);
        var cold = FirstBelow(frozen * (1 + FrozenExcess), 0.02);
        return new(hot, Math.Min(cold, hot / 4));

        double FirstBelow(double deadhead, double otherwise)
        {
            for (var step = 0; step < Steps; step++)
            {
                if (count[step] > 0 && sum[step] / count[step] <= deadhead)
                {
                    return wide.Temperature((step + 0.5) / Steps);
                }
            }

            return otherwise * perTask;
        }
    }

    // Few long coolings for many tasks, several short ones for few: as many rounds for each task.
    private int Cycles(Annealing<TCosts> chain)
    {
        var share = UsedUp(chain.Rounds);
        var rounds = share > 0 ? chain.Rounds / share : 0;
        return Math.Clamp((int)Math.Round(rounds / (RoundsPerTaskAndCycle * Math.Max(1, model.Tasks))), 1, MostCycles);
    }

    private void Recombine()
    {
        foreach (var chain in chains)
        {
            pool.AddAll(chain.Pool);
        }

        if (pool.Combine() is { } tours)
        {
            var combined = new SearchSolution<TCosts>(model);
            foreach (var stops in tours)
            {
                combined.Set(combined.EmptyTour(), stops);
            }

            if (combined.Cost < best.Cost)
            {
                best.CopyFrom(combined);
            }
        }
    }

    private double UsedUp(long roundsOfChain)
    {
        lock (asking)
        {
            var rounds = roundsOfChain * chains.Length;
            var share = ct.IsCancellationRequested ? 1 : budget(rounds);
            progress?.Report(new(rounds, best.Cost, share));
            return share;
        }
    }
}
