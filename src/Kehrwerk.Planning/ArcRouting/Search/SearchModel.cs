using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// A problem as the search sees it: stops in flat tables. Stops 0 … <see cref="Tasks"/> − 1 are the tasks, then come the places
/// where vehicles start and end, then from <see cref="FirstSite"/> on the sites. The link to a stop contains the cost of serving it.
/// Immutable.
/// </summary>
internal sealed class SearchModel<TCosts>
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly TCosts[] linkTo;
    private readonly TCosts[] linkFrom;
    private readonly NearLists near;
    private readonly int[] serviceCost;
    private readonly int[] serviceTime;
    private readonly ImmutableArray<int> depots;

    public SearchModel(ArcProblem problem, int mostNear)
    {
        Problem = problem;
        Tasks = problem.Tasks.Length;
        Resources = problem.Resources;
        depots = [.. problem.Vehicles.SelectMany(v => new[] { v.Start, v.End }).Distinct()];
        FirstSite = Tasks + depots.Length;
        Stops = FirstSite + problem.Sites.Length;
        Demands = new int[Stops * Resources];
        for (var task = 0; task < Tasks; task++)
        {
            problem.Tasks[task].Demand.CopyTo(Demands, task * Resources);
        }

        Vehicles = [.. problem.Vehicles.Select(v => new SearchVehicle(v, StopOfDepot(v.Start), StopOfDepot(v.End), problem, Demands))];
        EndsAtSite = problem.EndsAtSite;
        LastStops = [.. Enumerable.Range(0, problem.Sites.Length).Where(s => EndsAtSite && problem.CanEndAt(problem.Sites[s])).Select(s => FirstSite + s)];
        Penalty = [.. problem.Tasks.Select(task => task.Penalty ?? SearchSolution<TCosts>.MustServe)];
        HasTimetable = problem.TravelTime is not null
            || problem.Tasks.Any(task => !task.Windows.IsEmpty)
            || problem.Vehicles.Any(v => !v.Breaks.IsEmpty);
        IsCostTime = problem.TravelTime is null && problem.Tasks.All(task => task.Modes.All(mode => mode.Time is null));
        TellsTravel = problem.TravelTime is null && problem.Tasks.All(task => task.Modes.All(mode => mode.Cost == task.Modes[0].Cost));
        HasBays = problem.Vehicles.Any(v => v.Battery?.FullBy is not null)
            || problem.Sites.Any(site => site.MaxPower < int.MaxValue || site.Bays.Any(bays => bays is > 0 and < ArcSite.Unlimited));
        IsPlain = PlainProblem.Is(problem);
        serviceCost = new int[Stops * TCosts.Modes];
        serviceTime = new int[Stops * TCosts.Modes];
        FillServices();
        LeastService = [.. problem.Tasks.Select(task => task.Modes.Min(mode => mode.Cost))];
        linkTo = new TCosts[Stops * Stops];
        linkFrom = new TCosts[Stops * Stops];
        FillLinks();
        near = new(problem, mostNear);
        NearCost = MeanNearCost();
        ServiceCost = problem.Tasks.Sum(task => (long)task.Modes.Min(mode => mode.Cost));
        AloneCost = [.. Enumerable.Range(0, Tasks).Select(task => Vehicles.Min(v => RouteAlone(v, task)))];
        IsPlain = PlainProblem.Is(problem) && Enumerable.Range(0, Tasks).All(CanBeServedAlone);
    }

    public ArcProblem Problem { get; }
    public int Tasks { get; }
    public int FirstSite { get; }
    public int Stops { get; }
    public int Resources { get; }
    public ImmutableArray<SearchVehicle> Vehicles { get; }

    /// <summary>Whether the last stop of every tour is a site.</summary>
    public bool EndsAtSite { get; }

    /// <summary>Sites at which a tour can end; empty where it need not end at one.</summary>
    public ImmutableArray<int> LastStops { get; }

    /// <summary>Whether times of day matter: windows, breaks, or times that are not costs.</summary>
    public bool HasTimetable { get; }

    /// <summary>Whether all that costs takes as long, so that a route's cost tells its time.</summary>
    public bool IsCostTime { get; }

    /// <summary>Whether a route's cost tells the time of its ways, since the cost of service does not depend on modes.</summary>
    public bool TellsTravel { get; }

    /// <summary>Whether tours may have to wait for each other at sites.</summary>
    public bool HasBays { get; }

    /// <summary>Whether the cost of a route is all that tells good tours from bad ones, apart from capacities and one limit of cost.</summary>
    public bool IsPlain { get; }

    /// <summary>What leaving out each task costs.</summary>
    public int[] Penalty { get; }

    /// <summary>How many near tasks each task knows.</summary>
    public int Near => near.Length;

    /// <summary>What serving all tasks costs at least; the rest of a solution's cost is deadhead and what tours and sites cost.</summary>
    public long ServiceCost { get; }

    /// <summary>Mean way between a task and each of the ten nearest: the scale of what changes of a solution cost. At least a little.</summary>
    public double NearCost { get; }

    /// <summary>Cost of the cheapest route that serves one task only.</summary>
    public int[] AloneCost { get; }

    /// <summary>Demands by stop, row by row.</summary>
    public int[] Demands { get; }

    /// <summary>Cost of serving each task in its cheapest mode.</summary>
    public int[] LeastService { get; }

    public bool IsTask(int stop) => stop < Tasks;

    public bool IsSite(int stop) => stop >= FirstSite;

    public ArcSite SiteOf(int stop) => Problem.Sites[stop - FirstSite];

    /// <summary>Links from every stop to this one, by the number of the first.</summary>
    public ReadOnlySpan<TCosts> LinksTo(int stop) => linkTo.AsSpan(stop * Stops, Stops);

    /// <summary>Links from this stop to every one, by the number of the second.</summary>
    public ReadOnlySpan<TCosts> LinksFrom(int stop) => linkFrom.AsSpan(stop * Stops, Stops);

    public TCosts Link(int from, int to) => linkTo[(to * Stops) + from];

    public int Demand(int stop, int resource) => Demands[(stop * Resources) + resource];

    /// <summary>The other tasks, nearest first, whichever of the two comes first.</summary>
    public ReadOnlySpan<int> NearTo(int task) => near.Of(task);

    public int StopOfDepot(int place) => Tasks + depots.IndexOf(place);

    /// <summary>Cost of a route that serves one task only; <see cref="CostTable.NoWay"/> or more where there is none.</summary>
    public int RouteAlone(SearchVehicle vehicle, int task)
    {
        var ahead = TCosts.Ahead(TCosts.AtDepot, Link(vehicle.StartStop, task));
        if (!EndsAtSite)
        {
            return TCosts.Total(ahead, TCosts.Behind(Link(task, vehicle.EndStop), TCosts.AtDepot));
        }

        var least = CostTable.NoWay;
        foreach (var last in LastStops)
        {
            least = Math.Min(least, TCosts.Total(ahead, TCosts.Behind(Link(task, last), TCosts.Behind(Link(last, vehicle.EndStop), TCosts.AtDepot))));
        }

        return least;
    }

    /// <summary>The site at which a tour ends best after a stop.</summary>
    public int LastStopAfter(SearchVehicle vehicle, int stop)
    {
        var (best, least) = (LastStops[0], int.MaxValue);
        foreach (var last in LastStops)
        {
            var cost = TCosts.Total(TCosts.AtDepot, TCosts.Behind(Link(stop, last), TCosts.Behind(Link(last, vehicle.EndStop), TCosts.AtDepot)));
            if (cost < least)
            {
                (best, least) = (last, cost);
            }
        }

        return best;
    }

    /// <summary>Time of travel over a link that is part of a tour.</summary>
    public int TravelTime(int from, int fromMode, int to, int toMode, TCosts link) => Problem.TravelTime is { } times
        ? times[ExitOf(from, fromMode), EntryOf(to, toMode)]
        : TCosts.CostOf(link, fromMode, toMode) - serviceCost[(to * TCosts.Modes) + toMode];

    public int ServiceTime(int task, int mode) => serviceTime[(task * TCosts.Modes) + mode];

    /// <summary>Time that a stop at a site takes besides its services.</summary>
    public int StopTime(int site) => Problem.TravelTime is null ? SiteOf(site).Cost : 0;

    private void FillServices()
    {
        for (var task = 0; task < Tasks; task++)
        {
            var modes = Problem.Tasks[task].Modes;
            for (var m = 0; m < modes.Length; m++)
            {
                serviceCost[(task * TCosts.Modes) + m] = modes[m].Cost;
                serviceTime[(task * TCosts.Modes) + m] = modes[m].Time ?? modes[m].Cost;
            }
        }

        for (var site = FirstSite; site < Stops; site++)
        {
            serviceCost[site * TCosts.Modes] = SiteOf(site).Cost;
        }
    }

    private int EntryOf(int stop, int mode) => stop < Tasks ? Problem.Tasks[stop].Modes[mode].Entry : PlaceOf(stop);

    private int ExitOf(int stop, int mode) => stop < Tasks ? Problem.Tasks[stop].Modes[mode].Exit : PlaceOf(stop);

    private int PlaceOf(int stop) => stop < FirstSite ? depots[stop - Tasks] : SiteOf(stop).Place;

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
                of[0] = (PlaceOf(stop), PlaceOf(stop), serviceCost[stop * TCosts.Modes]);
            }
        }

        return ends;
    }

    // By the only kind of vehicle of a plain problem.
    private bool CanBeServedAlone(int task)
    {
        var vehicle = Vehicles[0];
        return AloneCost[task] < CostTable.NoWay && AloneCost[task] <= vehicle.MaxTime
            && Enumerable.Range(0, Resources).All(r => Demand(task, r) <= vehicle.Capacity[r]);
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
}
