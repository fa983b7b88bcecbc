namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// A problem as the search sees it: stops in flat tables. Stops 0 … <see cref="Tasks"/> − 1 are the tasks, then comes the depot,
/// then the tip sites. The link to a stop contains the cost of serving it. Immutable.
/// </summary>
internal sealed class SearchModel<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly TCosts[] linkTo;
    private readonly TCosts[] linkFrom;
    private readonly int[] demand;
    private readonly int[] capacity;
    private readonly int[] near;

    public SearchModel(ArcProblem problem, int mostNear)
    {
        Problem = problem;
        Tasks = problem.Tasks.Length;
        Depot = Tasks;
        Stops = Tasks + 1 + problem.TipSites.Length;
        Resources = problem.Capacity.Length;
        MaxTourCost = problem.MaxTourCost ?? int.MaxValue;
        TourCost = problem.TourCost;
        capacity = [.. problem.Capacity];
        demand = new int[Stops * Resources];
        for (var task = 0; task < Tasks; task++)
        {
            problem.Tasks[task].Demand.CopyTo(demand, task * Resources);
        }

        linkTo = new TCosts[Stops * Stops];
        linkFrom = new TCosts[Stops * Stops];
        FillLinks();
        Near = Math.Clamp(Math.Min(mostNear, Tasks - 1), 0, Tasks);
        near = Nearest();
        ServiceCost = problem.Tasks.Sum(task => (long)task.Modes.Min(mode => mode.Cost));
        DepotCost = [.. Enumerable.Range(0, Tasks).Select(AloneCost)];
    }

    public ArcProblem Problem { get; }
    public int Tasks { get; }
    public int Depot { get; }
    public int Stops { get; }
    public int Resources { get; }
    public int MaxTourCost { get; }
    public int TourCost { get; }

    /// <summary>Whether tours are shifts of several trips.</summary>
    public bool HasTrips => Stops > Tasks + 1;

    /// <summary>How many near tasks each task knows.</summary>
    public int Near { get; }

    /// <summary>What serving all tasks costs at least; the rest of a solution's cost is deadhead and what tours and tips cost.</summary>
    public long ServiceCost { get; }

    /// <summary>Cost of a tour that serves one task only.</summary>
    public int[] DepotCost { get; }

    public bool IsTip(int stop) => stop > Depot;

    /// <summary>Links from every stop to this one, by the number of the first.</summary>
    public ReadOnlySpan<TCosts> LinksTo(int stop) => linkTo.AsSpan(stop * Stops, Stops);

    /// <summary>Links from this stop to every one, by the number of the second.</summary>
    public ReadOnlySpan<TCosts> LinksFrom(int stop) => linkFrom.AsSpan(stop * Stops, Stops);

    public TCosts Link(int from, int to) => linkTo[(to * Stops) + from];

    public int Demand(int stop, int resource) => demand[(stop * Resources) + resource];

    public ReadOnlySpan<int> Demand(int stop) => demand.AsSpan(stop * Resources, Resources);

    public ReadOnlySpan<int> Capacity => capacity;

    /// <summary>The other tasks, nearest first, whichever of the two comes first.</summary>
    public ReadOnlySpan<int> NearTo(int task) => near.AsSpan(task * Near, Near);

    private void FillLinks()
    {
        Span<int> costs = stackalloc int[TCosts.Modes * TCosts.Modes];
        for (var to = 0; to < Stops; to++)
        {
            for (var from = 0; from < Stops; from++)
            {
                for (var i = 0; i < TCosts.Modes; i++)
                {
                    for (var j = 0; j < TCosts.Modes; j++)
                    {
                        costs[(i * TCosts.Modes) + j] = Cost(from, i, to, j);
                    }
                }

                linkTo[(to * Stops) + from] = linkFrom[(from * Stops) + to] = TCosts.Link(costs);
            }
        }
    }

    private int Cost(int from, int fromMode, int to, int toMode)
    {
        if (fromMode >= ModesOf(from) || toMode >= ModesOf(to))
        {
            return CostTable.NoWay;
        }

        var (entry, service) = to < Tasks
            ? (Problem.Tasks[to].Modes[toMode].Entry, Problem.Tasks[to].Modes[toMode].Cost)
            : (PlaceOf(to), IsTip(to) ? Problem.TipSites[to - Depot - 1].Cost : 0);
        var exit = from < Tasks ? Problem.Tasks[from].Modes[fromMode].Exit : PlaceOf(from);
        return Math.Min(CostTable.NoWay, Problem.Travel[exit, entry] + service);
    }

    private int ModesOf(int stop) => stop < Tasks ? Problem.Tasks[stop].Modes.Length : 1;

    private int PlaceOf(int stop) => stop == Depot ? Problem.Depot : Problem.TipSites[stop - Depot - 1].Place;

    // The cost of serving the task itself does not make it far.
    private int[] Nearest()
    {
        var nearest = new int[Tasks * Near];
        Parallel.For(
            0,
            Tasks,
            () => (Distance: new int[Tasks], Order: new int[Tasks]),
            (task, _, buffer) =>
            {
                for (var other = 0; other < Tasks; other++)
                {
                    buffer.Order[other] = other;
                    buffer.Distance[other] = other == task ? int.MaxValue : Math.Min(Travel(task, other), Travel(other, task));
                }

                Array.Sort(buffer.Distance, buffer.Order);
                buffer.Order.AsSpan(0, Near).CopyTo(nearest.AsSpan(task * Near));
                return buffer;
            },
            _ => { });
        return nearest;
    }

    private int Travel(int from, int to)
    {
        var least = CostTable.NoWay;
        foreach (var leaving in Problem.Tasks[from].Modes)
        {
            foreach (var entering in Problem.Tasks[to].Modes)
            {
                least = Math.Min(least, Problem.Travel[leaving.Exit, entering.Entry]);
            }
        }

        return least;
    }

    private int AloneCost(int task)
    {
        var least = int.MaxValue;
        foreach (var last in LastStops())
        {
            var ahead = TCosts.Ahead(TCosts.AtDepot, Link(Depot, task));
            var behind = last == Depot ? TCosts.AtDepot : TCosts.Behind(Link(last, Depot), TCosts.AtDepot);
            least = Math.Min(least, TCosts.Total(ahead, TCosts.Behind(Link(task, last), behind)));
        }

        return least;
    }

    /// <summary>Where the last trip of a tour can end: at a tip site, or at the depot where there are none.</summary>
    public IEnumerable<int> LastStops() => HasTrips ? Enumerable.Range(Depot + 1, Stops - Depot - 1) : [Depot];
}
