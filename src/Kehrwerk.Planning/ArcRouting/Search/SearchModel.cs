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
    private readonly NearLists near;

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
        near = new(problem, mostNear);
        NearCost = MeanNearCost();
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
    public int Near => near.Length;

    /// <summary>What serving all tasks costs at least; the rest of a solution's cost is deadhead and what tours and tips cost.</summary>
    public long ServiceCost { get; }

    /// <summary>Mean way between a task and each of the ten nearest: the scale of what changes of a solution cost. At least a little.</summary>
    public double NearCost { get; }

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
    public ReadOnlySpan<int> NearTo(int task) => near.Of(task);

    // Row by row of the table of travel; then the other order in squares that fit into the cache.
    private void FillLinks()
    {
        const int square = 32;
        var modes = TCosts.Modes;
        var ends = Ends();
        Span<int> costs = stackalloc int[modes * modes];
        for (var from = 0; from < Stops; from++)
        {
            for (var to = 0; to < Stops; to++)
            {
                for (var i = 0; i < modes; i++)
                {
                    var exit = ends[(from * modes) + i].Exit;
                    for (var j = 0; j < modes; j++)
                    {
                        var (entry, _, service) = ends[(to * modes) + j];
                        costs[(i * modes) + j] = exit < 0 || entry < 0 ? CostTable.NoWay : Math.Min(CostTable.NoWay, Problem.Travel[exit, entry] + service);
                    }
                }

                linkFrom[(from * Stops) + to] = TCosts.Link(costs);
            }
        }

        for (var firstTo = 0; firstTo < Stops; firstTo += square)
        {
            for (var firstFrom = 0; firstFrom < Stops; firstFrom += square)
            {
                for (var to = firstTo; to < Math.Min(Stops, firstTo + square); to++)
                {
                    for (var from = firstFrom; from < Math.Min(Stops, firstFrom + square); from++)
                    {
                        linkTo[(to * Stops) + from] = linkFrom[(from * Stops) + to];
                    }
                }
            }
        }
    }

    // Of every stop in every mode; places of −1 where it has no such mode.
    private (int Entry, int Exit, int Service)[] Ends()
    {
        var ends = new (int Entry, int Exit, int Service)[Stops * TCosts.Modes];
        Array.Fill(ends, (-1, -1, 0));
        for (var stop = 0; stop < Stops; stop++)
        {
            var of = ends.AsSpan(stop * TCosts.Modes, TCosts.Modes);
            if (stop < Tasks)
            {
                for (var i = 0; i < Problem.Tasks[stop].Modes.Length; i++)
                {
                    var mode = Problem.Tasks[stop].Modes[i];
                    of[i] = (mode.Entry, mode.Exit, mode.Cost);
                }
            }
            else
            {
                var (place, cost) = stop == Depot ? (Problem.Depot, 0) : (Problem.TipSites[stop - Depot - 1].Place, Problem.TipSites[stop - Depot - 1].Cost);
                of[0] = (place, place, cost);
            }
        }

        return ends;
    }

    private double MeanNearCost()
    {
        var sum = 0.0;
        var count = 0;
        for (var task = 0; task < Tasks; task++)
        {
            foreach (var way in near.WaysOf(task)[..Math.Min(10, Near)])
            {
                sum += way;
                count++;
            }
        }

        return Math.Max(0.5, sum / Math.Max(1, count));
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
