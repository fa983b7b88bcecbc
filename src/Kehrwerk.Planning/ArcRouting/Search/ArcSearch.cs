namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// The whole search: construct, then anneal again and again from the best solution, and after each time put together the best
/// that can be made of all good tours seen so far.
/// </summary>
internal sealed class ArcSearch<TCosts>(SearchModel<TCosts> model, SearchBudget budget, ArcSolverOptions options, IProgress<ArcProgress>? progress, CancellationToken ct)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private const double PaceShare = 0.01;
    private const double FleetShare = 0.02;
    private const double RoundsPerTaskAndCycle = 6_000;
    private const int MostCycles = 8;

    private readonly Annealing<TCosts>[] chains =
        [.. Enumerable.Range(0, options.Threads).Select(thread => new Annealing<TCosts>(model, unchecked((options.Seed * 1_000_003) + (ulong)thread)))];

    private readonly TourPool<TCosts> pool = new(model);
    private readonly StopLists<TCosts> best = new(model);
    private readonly Lock asking = new();
    private long least = long.MaxValue;

    public ArcSolution Run()
    {
        var first = chains[0];
        first.Construct();
        Keep(first.Best);
        if (model.IsPlain)
        {
            first.ReduceFleet(Cooling.For(model), _ => UsedUp(first), FleetShare);
        }

        Keep(first.Best);
        var cycles = Cycles(first);
        Keep(first.Best);
        for (var cycle = 0; cycle < cycles && UsedUp(first) < 1; cycle++)
        {
            var from = (double)cycle / cycles;
            var until = (double)(cycle + 1) / cycles;
            Parallel.ForEach(chains, chain =>
            {
                chain.StartFrom(best);
                chain.Cool(Cooling.For(model), _ => UsedUp(chain), from, until, collect: cycles > 1 && model.Tasks <= TourPool<TCosts>.MostTasks);
            });
            foreach (var chain in chains)
            {
                Keep(chain.Best);
            }

            if (cycle < cycles - 1 && model.Tasks <= TourPool<TCosts>.MostTasks)
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

    // Few long coolings for many tasks, several short ones for few: as many rounds for each task.
    private int Cycles(Annealing<TCosts> chain)
    {
        chain.Cool(Cooling.For(model), _ => UsedUp(chain), 0, PaceShare, collect: false);
        var share = UsedUp(chain);
        var rounds = share > 0 ? chain.Rounds / share : 0;
        return Math.Clamp((int)Math.Round(rounds / (RoundsPerTaskAndCycle * Math.Max(1, model.Tasks))), 1, MostCycles);
    }

    private void Recombine()
    {
        foreach (var chain in chains)
        {
            pool.AddAll(chain.Pool);
        }

        var combined = new SearchSolution<TCosts>(model);
        combined.Load(best);
        for (var tour = 0; tour < combined.Tours; tour++)
        {
            pool.Add(combined[tour], best.Cost);
        }

        var before = UsedUp(chains[0]);
        var found = pool.Combine();
        pool.AdaptTo(UsedUp(chains[0]) - before);
        if (found is not null)
        {
            if (combined.Load(found) && combined.Cost < best.Cost)
            {
                best.CopyFrom(combined);
            }
        }
    }

    private double UsedUp(Annealing<TCosts> chain)
    {
        lock (asking)
        {
            var rounds = chain.Rounds * chains.Length;
            least = Math.Min(least, chain.Best.Cost);
            var share = budget(rounds);
            share = ct.IsCancellationRequested || least <= options.KnownLowerBound?.Invoke() ? 1 : share;
            progress?.Report(new(rounds, least, share));
            return share;
        }
    }
}
