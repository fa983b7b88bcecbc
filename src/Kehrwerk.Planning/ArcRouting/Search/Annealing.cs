namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Ruin and recreate under simulated annealing: a solution is ruined near one place and put together again; what comes out is
/// kept unless it is worse by more than a threshold drawn at the present temperature. One chain, used by one thread.
/// </summary>
internal sealed class Annealing<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    /// <summary>Rounds between two looks at the budget.</summary>
    public const int Block = 256;

    private const int OneFleetMoveIn = 25;

    private readonly SearchModel<TCosts> model;
    private readonly SeededRandom random;
    private readonly Ruin<TCosts> ruin;
    private readonly Recreate<TCosts> recreate;
    private readonly FleetMove<TCosts>? fleet;
    private readonly SearchSolution<TCosts> solution;

    private bool wantsAbsent;
    private int[] part = [];
    private long others;

    public Annealing(SearchModel<TCosts> model, ulong seed)
    {
        this.model = model;
        random = new(seed);
        ruin = new(model, random);
        recreate = new(model, random);
        fleet = FleetMove<TCosts>.IsUseful(model) ? new(model, random) : null;
        solution = new(model);
        Pool = new(model);
        Best = new(model);
    }

    public long Rounds { get; private set; }

    /// <summary>Of the present solution, with what is not in the chain's hands.</summary>
    public long Cost => solution.Cost + others;

    /// <summary>Of the best solution, with what is not in the chain's hands.</summary>
    public long BestCost => Best.Cost + others;

    /// <summary>The best solution, or best tours of its part, since the last <see cref="StartFrom"/>.</summary>
    public StopLists<TCosts> Best { get; }

    /// <summary>Tours of good solutions that the chain passed.</summary>
    public TourPool<TCosts> Pool { get; }

    /// <summary>
    /// Inserts every task where it costs least, near ones after each other, so that tours grow side by side: in the order of the problem,
    /// or where tasks may be left out from the start of the vehicles on.
    /// </summary>
    public void Construct()
    {
        Construct(() => recreate.PutAll(solution, model.IsPlain ? [.. Enumerable.Range(0, model.Tasks)] : new StartOrder<TCosts>(model).Tasks()));
    }

    /// <summary>Begins with given tours, by kind of vehicle and stops, and inserts what they leave out, if that is better than what is there.</summary>
    public void ConstructFrom(IEnumerable<(int Kind, int[] Stops)> tours)
    {
        Construct(() =>
        {
            foreach (var (kind, stops) in tours)
            {
                solution.Fill(kind, stops);
            }

            recreate.PutAllByCost(solution, new StartOrder<TCosts>(model).Tasks());
        });
    }

    private void Construct(Action method)
    {
        solution.Clear();
        method();
        KeepTimes();
        solution.Accept();
        if (solution.Cost < Best.Cost)
        {
            Best.CopyFrom(solution);
        }
    }

    // Waiting for others at sites can make a tour late that alone would be in time: it then loses the task that is missed least
    // for the way and time that it takes.
    private void KeepTimes()
    {
        while (!solution.Settle() && solution.LatestTour() is var late and >= 0)
        {
            var tour = solution[late];
            var least = tour[Enumerable.Range(1, tour.Count).Where(p => model.IsTask(tour[p])).MinBy(p => (double)model.Penalty[tour[p]] / Math.Max(1, tour.Route - tour.RouteWithout(p)))];
            int[] left = [.. tour.Stops[1..^1].ToArray().Where(stop => stop != least)];
            solution.MarkRemoved(least);
            solution.Set(late, left);
        }
    }

    /// <summary>Does with fewer tours where that succeeds before so much of the budget is used up. For plain problems.</summary>
    public void ReduceFleet(Cooling cooling, Func<long, double> usedUp, double until)
    {
        var block = 0;
        var goesOn = true;
        new FleetReduction<TCosts>(model, random, ruin, recreate).Apply(solution, cooling.Temperature(0.5), () =>
        {
            Rounds++;
            if (block++ % Block == 0)
            {
                goesOn = usedUp(Rounds) < until;
            }

            return goesOn;
        });
        Best.CopyFrom(solution);
    }

    public void StartFrom(StopLists<TCosts> start)
    {
        solution.Load(start);
        Best.CopyFrom(solution);
        (part, others) = ([], 0);
    }

    /// <summary>Works on some tours of a solution only; all other tasks are left to others. Of plain problems in which every task is served.</summary>
    /// <param name="tours">To work on.</param>
    /// <param name="cost">Of the whole solution.</param>
    public void StartFromPart(StopLists<TCosts> tours, long cost)
    {
        StartFrom(tours);
        part = [.. Enumerable.Range(0, model.Tasks).Where(task => solution.TourOf(task) >= 0)];
        others = cost - solution.Cost;
    }

    /// <summary>Adds the present tours to a list.</summary>
    public void AddTo(StopLists<TCosts> lists)
    {
        for (var t = 0; t < solution.Tours; t++)
        {
            if (solution[t].IsDriven)
            {
                lists.Add(solution[t].Kind, solution[t].Stops[1..^1]);
            }
        }
    }

    /// <summary>Cools down while the share of the budget that is used up rises.</summary>
    /// <param name="pause">Where it stops: at the end of the span, or before.</param>
    /// <param name="collect">Whether to keep good tours that are passed in the colder half.</param>
    public void Cool(Cooling cooling, Func<long, double> usedUp, CoolingSpan span, double pause, bool collect)
    {
        for (var share = usedUp(Rounds); share < pause; share = usedUp(Rounds))
        {
            var done = Math.Clamp((share - span.From) / (span.Until - span.From), 0, 1);
            RunBlock(cooling.Temperature(done), collect && done > 0.5);
        }
    }

    private void RunBlock(double temperature, bool collect)
    {
        var averageTrip = (double)(part.Length > 0 ? part.Length : model.Tasks) / Math.Max(1, solution.Trips);
        var goodEnough = BestCost + (long)(TourPool<TCosts>.Nearness * (BestCost - model.ServiceCost));
        for (var round = 0; round < Block; round++)
        {
            var before = solution.Cost;
            Change(averageTrip);
            if (!solution.Settle() || solution.Cost >= before - (temperature * Math.Log(random.Share())))
            {
                solution.Reject();
                continue;
            }

            if (collect && Cost <= goodEnough)
            {
                solution.AddChangedTo(Pool, Cost);
            }

            solution.Accept();
            if (solution.Cost < Best.Cost)
            {
                Best.CopyFrom(solution);
            }
        }

        Rounds += Block;
    }

    // Where tasks are left out, every second round makes room near one of them.
    private int Seed()
    {
        if (part.Length > 0)
        {
            return part[random.Below(part.Length)];
        }

        var task = random.Below(model.Tasks);
        for (var tries = 0; tries < 20 && solution.Penalty > 0 && wantsAbsent && solution.TourOf(task) >= 0; tries++)
        {
            task = random.Below(model.Tasks);
        }

        wantsAbsent = !wantsAbsent;
        return task;
    }

    private void Change(double averageTrip)
    {
        if (fleet is null || random.Below(OneFleetMoveIn) > 0 || !fleet.Apply(solution))
        {
            var removed = ruin.Apply(solution, Seed(), averageTrip, withAbsent: part.Length == 0);
            recreate.Apply(solution, removed);
        }
    }
}
