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
    private const double TripShare = 0.4;
    private const double RoundsPerTaskAndCycle = 6_000;
    private const int MostCycles = 8;
    private const int MostShared = 3;

    private readonly Annealing<TCosts>[] chains =
        [.. Enumerable.Range(0, options.Threads).Select(thread => new Annealing<TCosts>(model, unchecked((options.Seed * 1_000_003) + (ulong)thread)))];

    private readonly Cooling cooling = Cooling.For(model, options.Start is not null);
    private readonly TourPool<TCosts> pool = new(model);
    private readonly StopLists<TCosts> best = new(model);
    private readonly Lock asking = new();
    private long least = long.MaxValue;
    private long earlierRounds;

    public ArcSolution Run()
    {
        var first = chains[0];
        Begin(first);
        Keep(first.Best);
        var begin = UsedUp(first);
        var cycles = Math.Clamp((int)Math.Round(RoundsPerTask(first, begin) / RoundsPerTaskAndCycle), 1, MostCycles);
        Keep(first.Best);
        var combines = cycles > 1 && model.Tasks <= TourPool<TCosts>.MostTasks;
        for (var cycle = 1; cycle <= cycles && UsedUp(first) < 1; cycle++)
        {
            var span = new CoolingSpan(begin + ((1 - begin) * (cycle - 1) / cycles), begin + ((1 - begin) * cycle / cycles));
            Cool(span, collect: combines, isShared: cycles <= MostShared && SharedCooling<TCosts>.IsUseful(model, chains.Length));
            if (combines && cycle < cycles)
            {
                Recombine();
            }
        }

        var solution = new SearchSolution<TCosts>(model);
        solution.Load(best);
        return solution.ToSolution();
    }

    private void Begin(Annealing<TCosts> chain)
    {
        if (options.Start is { } start)
        {
            chain.ConstructFrom(new TourRepair<TCosts>(model).ToursOf(start));
            return;
        }

        chain.Construct();
        Keep(chain.Best);
        if (model.IsPlain)
        {
            chain.ReduceFleet(cooling, _ => UsedUp(chain), FleetShare);
        }
        else if (model.Tasks > 0 && (!model.EndsAtSite || !model.LastStops.IsEmpty) && model.Vehicles.All(v => !v.Vehicle.IsOut))
        {
            RouteFirst(chain);
        }
    }

    // Each chain cools by itself; or, where there is little time for the size of the problem, all share one cooling.
    private void Cool(CoolingSpan span, bool collect, bool isShared)
    {
        if (isShared)
        {
            Keep(new SharedCooling<TCosts>(model, chains, cooling, UsedUp).Run(best, span, collect));
            return;
        }

        Parallel.ForEach(chains, chain =>
        {
            chain.StartFrom(best);
            chain.Cool(cooling, _ => UsedUp(chain), span, span.Until, collect);
        });
        foreach (var chain in chains)
        {
            Keep(chain.Best);
        }
    }

    private void Keep(StopLists<TCosts> found)
    {
        if (found.Cost < best.Cost)
        {
            best.CopyFrom(found);
        }
    }

    // One route past all, cut into trips; and, where that is worth while, trips that are searched for by themselves.
    private void RouteFirst(Annealing<TCosts> chain)
    {
        var (tours, tasks) = new RouteFirst<TCosts>(model).Build();
        chain.ConstructFrom(tours);
        Keep(chain.Best);
        if (TripProblem.Of(model.Problem, tasks) is not { } trips)
        {
            return;
        }

        var cost = best.Cost;
        SearchBudget part = rounds =>
        {
            earlierRounds = rounds;
            return budget(rounds) / TripShare;
        };
        var found = new ArcSearch<TCosts>(new(trips.Problem, model.Near), part, options with { KnownLowerBound = null, Start = null }, new Relay(progress, cost), ct).Run();
        chain.ConstructFrom(new TripPacking<TCosts>(model).Pack(trips.TripsOf(found)).Tours);
    }

    // Of a search for a part: what it finds is not a cost of the whole.
    private sealed class Relay(IProgress<ArcProgress>? progress, long cost) : IProgress<ArcProgress>
    {
        public void Report(ArcProgress value) => progress?.Report(new(value.Iterations, cost, value.Share * TripShare));
    }

    // What the rest of the budget allows.
    private double RoundsPerTask(Annealing<TCosts> chain, double begin)
    {
        var before = chain.Rounds;
        var span = new CoolingSpan(begin, Math.Min(1, begin + PaceShare));
        chain.Cool(cooling, _ => UsedUp(chain), span, span.Until, collect: false);
        var share = UsedUp(chain) - begin;
        return share > 0 ? (chain.Rounds - before) / share * (1 - begin) / Math.Max(1, model.Tasks) : 0;
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
        if (found is not null && combined.Load(found) && combined.Cost < best.Cost)
        {
            best.CopyFrom(combined);
        }
    }

    private double UsedUp(Annealing<TCosts> chain)
    {
        lock (asking)
        {
            var rounds = earlierRounds + (chain.Rounds * chains.Length);
            least = Math.Min(least, chain.BestCost);
            var share = budget(rounds);
            share = ct.IsCancellationRequested || least <= options.KnownLowerBound?.Invoke() ? 1 : share;
            progress?.Report(new(rounds, least, share));
            return share;
        }
    }
}
