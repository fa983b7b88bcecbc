namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Puts tasks back one after the other, each where it costs least; now and then a place is overlooked (greedy insertion with
/// blinks: Christiaens and Vanden Berghe 2020). The direction of every task in the tour is the best for each place that is tried.
/// A task stays out where that costs less.
/// </summary>
internal sealed class Recreate<TCosts>(SearchModel<TCosts> model, SeededRandom random)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly long[] keys = new long[model.Tasks];
    private readonly PlaceFinder<TCosts> plain = new(model, random);
    private readonly LazyPlaceFinder<TCosts> lazy = new(model, random);
    private readonly SiteChoice<TCosts> sites = new(model);
    private readonly bool hasChoice = model.Problem.Tasks.Any(task => task.Penalty is not null);

    public void Apply(SearchSolution<TCosts> solution, Span<int> tasks)
    {
        Sort(solution, tasks);
        PutAll(solution, tasks);
    }

    /// <summary>Puts tasks back in the given order.</summary>
    public void PutAll(SearchSolution<TCosts> solution, ReadOnlySpan<int> tasks)
    {
        foreach (var task in tasks)
        {
            Put(solution, task, Find(solution, task));
        }

        ImproveSites(solution);
    }

    /// <summary>Puts tasks back in the given order, those first for which that costs little; what is in a tour already stays there.</summary>
    public void PutAllByCost(SearchSolution<TCosts> solution, ReadOnlySpan<int> tasks)
    {
        for (var most = model.NearCost / 2; ; most *= 2)
        {
            var isLast = most > int.MaxValue / 4;
            foreach (var task in tasks)
            {
                if (solution.TourOf(task) == SearchSolution<TCosts>.None && Find(solution, task) is var place
                    && (isLast || place.Cost - (long)model.LeastService[task] <= most))
                {
                    Put(solution, task, place);
                }
            }

            if (isLast)
            {
                break;
            }
        }

        ImproveSites(solution);
    }

    /// <summary>The same in a plain problem, with no more tours than that; returns the tasks that found no place.</summary>
    public ReadOnlySpan<int> ApplyWithin(SearchSolution<TCosts> solution, Span<int> tasks, int mostTours)
    {
        Sort(solution, tasks);
        var left = 0;
        foreach (var task in tasks)
        {
            var place = plain.Find(solution, task, mayBeginTour: solution.UsedTours < mostTours);
            if (place.Kind == PlaceKind.Nowhere)
            {
                tasks[left++] = task;
            }
            else
            {
                Put(solution, task, place);
            }
        }

        ImproveSites(solution);
        return tasks[..left];
    }

    internal void ImproveSites(SearchSolution<TCosts> solution)
    {
        if (model.Problem.Sites.Length > 0)
        {
            solution.ImproveSites(sites);
        }
    }

    internal Place Find(SearchSolution<TCosts> solution, int task) => model.IsPlain ? plain.Find(solution, task) : lazy.Find(solution, task);

    internal void Sort(SearchSolution<TCosts> solution, Span<int> tasks)
    {
        var order = random.Below(hasChoice ? 16 : 11);
        for (var i = 0; i < tasks.Length; i++)
        {
            keys[i] = order switch
            {
                < 4 => random.Below(int.MaxValue),
                < 8 => -model.Demand(tasks[i], 0),
                < 10 => -model.AloneCost[tasks[i]],
                < 11 => model.AloneCost[tasks[i]],
                _ => CostForWorth(solution, tasks[i]),
            };
        }

        keys.AsSpan(0, tasks.Length).Sort(tasks);
    }

    // What it costs to serve the task as things stand, in thousandths of what it costs to leave it out, give or take a third.
    private long CostForWorth(SearchSolution<TCosts> solution, int task) =>
        (long)(Find(solution, task).Cost * 1_000.0 / Math.Max(1, model.Penalty[task]) * (0.7 + (0.6 * random.Share())));

    internal void Put(SearchSolution<TCosts> solution, int task, Place place)
    {
        switch (place.Kind)
        {
            case PlaceKind.Nowhere:
                break;
            case PlaceKind.Gap:
                solution.Insert(place.Tour, place.Gap, task);
                break;
            case PlaceKind.TaskThenSite:
                solution.Insert(place.Tour, place.Gap, place.Site);
                solution.Insert(place.Tour, place.Gap, task);
                break;
            case PlaceKind.SiteThenTask:
                solution.Insert(place.Tour, place.Gap, task);
                solution.Insert(place.Tour, place.Gap, place.Site);
                break;
            default:
                var tour = solution.EmptyTour(place.Tour);
                Span<int> stops = [task, model.EndsAtSite ? model.LastStopAfter(model.Vehicles[place.Tour], task) : task];
                solution.Set(tour, model.EndsAtSite ? stops : stops[..1]);
                solution.MarkServed(task);
                break;
        }
    }
}

/// <summary>Where a task can be put.</summary>
/// <param name="Cost">By how much that raises the cost of the tours.</param>
/// <param name="Tour">Number of the tour; for a new one the kind of its vehicle.</param>
internal readonly record struct Place(int Cost, int Tour, int Gap, PlaceKind Kind, int Site)
{
    public static readonly Place None = new(int.MaxValue, 0, 0, PlaceKind.Nowhere, 0);
}

internal enum PlaceKind
{
    Nowhere,
    Gap,

    /// <summary>A new trip: the task, then a stop at a site.</summary>
    TaskThenSite,

    /// <summary>A new trip: a stop at a site, then the task.</summary>
    SiteThenTask,
    NewTour,
}
