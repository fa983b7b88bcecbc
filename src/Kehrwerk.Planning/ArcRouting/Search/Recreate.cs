using Kehrwerk.Planning.Solver;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Puts tasks back one after the other, each where it costs least; now and then a place is overlooked (greedy insertion with
/// blinks: Christiaens and Vanden Berghe 2020). The direction of every task in the tour is the best for each place that is tried.
/// </summary>
internal sealed class Recreate<TCosts>(SearchModel<TCosts> model, SeededRandom random)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private const int OneBlinkIn = 100;

    private readonly long[] keys = new long[model.Tasks];
    private int untilBlink = 1;
    private Place best;

    /// <summary>From so many tasks on, only gaps beside near tasks are tried first.</summary>
    public int NearFrom { get; init; } = 250;

    public int NearTried { get; init; } = 40;

    public void Apply(SearchSolution<TCosts> solution, Span<int> tasks)
    {
        Sort(tasks);
        ApplyInOrder(solution, tasks);
    }

    /// <summary>The same, the first task first.</summary>
    public void ApplyInOrder(SearchSolution<TCosts> solution, ReadOnlySpan<int> tasks)
    {
        foreach (var task in tasks)
        {
            FindPlace(solution, task);
            Put(solution, task);
        }

        if (model.HasTrips)
        {
            solution.ImproveTips();
        }
    }

    /// <summary>The same with no more tours than that; returns the tasks that found no place.</summary>
    public ReadOnlySpan<int> ApplyWithin(SearchSolution<TCosts> solution, Span<int> tasks, int mostTours)
    {
        Sort(tasks);
        var left = 0;
        foreach (var task in tasks)
        {
            FindPlace(solution, task, mayBeginTour: solution.UsedTours < mostTours);
            if (best.Kind == Kind.Nowhere)
            {
                tasks[left++] = task;
            }
            else
            {
                Put(solution, task);
            }
        }

        if (model.HasTrips)
        {
            solution.ImproveTips();
        }

        return tasks[..left];
    }

    internal void Sort(Span<int> tasks)
    {
        var order = random.Below(11);
        for (var i = 0; i < tasks.Length; i++)
        {
            keys[i] = order switch
            {
                < 4 => random.Below(int.MaxValue),
                < 8 => -model.Demand(tasks[i], 0),
                < 10 => -model.DepotCost[tasks[i]],
                _ => model.DepotCost[tasks[i]],
            };
        }

        keys.AsSpan(0, tasks.Length).Sort(tasks);
    }

    internal void FindPlace(SearchSolution<TCosts> solution, int task, bool mayBeginTour = true)
    {
        best = new(int.MaxValue, SearchSolution<TCosts>.None, 0, Kind.Nowhere, 0);
        if (model.Tasks >= NearFrom)
        {
            TryNearGaps(solution, task);
        }

        if (best.Kind == Kind.Nowhere)
        {
            TryAllGaps(solution, task);
        }

        if (model.HasTrips)
        {
            TryNewTrips(solution, task, everywhere: best.Kind == Kind.Nowhere);
        }

        if (mayBeginTour && model.DepotCost[task] + model.TourCost < best.Cost)
        {
            best = new(model.DepotCost[task] + model.TourCost, SearchSolution<TCosts>.None, 0, Kind.NewTour, 0);
        }
    }

    private void TryAllGaps(SearchSolution<TCosts> solution, int task)
    {
        var linksTo = model.LinksTo(task);
        var linksFrom = model.LinksFrom(task);
        for (var t = 0; t < solution.Tours; t++)
        {
            var tour = solution[t];
            if (tour.Count == 0)
            {
                continue;
            }

            var stops = tour.Stops;
            var ahead = tour.Ahead;
            var behind = tour.Behind;
            for (var trip = 0; trip < tour.Trips; trip++)
            {
                if (!tour.Fits(trip, task))
                {
                    continue;
                }

                var end = tour.TripEnd(trip);
                var limit = Math.Min(best.Cost + (long)tour.Cost, (long)model.MaxTourCost + 1);
                for (var gap = tour.TripStart(trip); gap < end; gap++)
                {
                    var cost = model.TourCost + TCosts.Insert(ahead[gap], linksTo[stops[gap]], linksFrom[stops[gap + 1]], behind[gap + 1]);
                    if (cost < limit && !Blinks())
                    {
                        limit = cost;
                        best = new(cost - tour.Cost, t, gap, Kind.Gap, 0);
                    }
                }
            }
        }
    }

    private void TryNearGaps(SearchSolution<TCosts> solution, int task)
    {
        var linksTo = model.LinksTo(task);
        var linksFrom = model.LinksFrom(task);
        foreach (var near in model.NearTo(task)[..Math.Min(NearTried, model.Near)])
        {
            var t = solution.TourOf(near);
            if (t < 0)
            {
                continue;
            }

            var tour = solution[t];
            var position = solution.PositionOf(near);
            if (!tour.Fits(tour.TripAt(position - 1), task))
            {
                continue;
            }

            var stops = tour.Stops;
            var ahead = tour.Ahead;
            var behind = tour.Behind;
            var limit = Math.Min(best.Cost + (long)tour.Cost, (long)model.MaxTourCost + 1);
            for (var gap = position - 1; gap <= position; gap++)
            {
                var cost = model.TourCost + TCosts.Insert(ahead[gap], linksTo[stops[gap]], linksFrom[stops[gap + 1]], behind[gap + 1]);
                if (cost < limit && !Blinks())
                {
                    limit = cost;
                    best = new(cost - tour.Cost, t, gap, Kind.Gap, 0);
                }
            }
        }
    }

    // A new trip of a tour: a tip before or after the task. Within a trip it is cut in two, so that both parts must fit.
    private void TryNewTrips(SearchSolution<TCosts> solution, int task, bool everywhere)
    {
        for (var t = 0; t < solution.Tours; t++)
        {
            var tour = solution[t];
            for (var trip = 0; trip < tour.Trips && tour.Count > 0; trip++)
            {
                var start = tour.TripStart(trip);
                var end = tour.TripEnd(trip);
                TryTip(tour, t, start, task, Kind.TaskThenTip);
                TryTip(tour, t, end - 1, task, Kind.TipThenTask);
                if (everywhere)
                {
                    for (var gap = start + 1; gap < end - 1; gap++)
                    {
                        if (PartFits(tour, start + 1, gap, task))
                        {
                            TryTip(tour, t, gap, task, Kind.TaskThenTip);
                        }

                        if (PartFits(tour, gap + 1, end - 1, task))
                        {
                            TryTip(tour, t, gap, task, Kind.TipThenTask);
                        }
                    }
                }
            }
        }
    }

    private bool PartFits(SearchTour<TCosts> tour, int first, int last, int task)
    {
        for (var r = 0; r < model.Resources; r++)
        {
            var load = model.Demand(task, r);
            for (var p = first; p <= last; p++)
            {
                load += model.Demand(tour[p], r);
            }

            if (load > model.Capacity[r])
            {
                return false;
            }
        }

        return true;
    }

    private void TryTip(SearchTour<TCosts> tour, int t, int gap, int task, Kind kind)
    {
        for (var tip = model.Depot + 1; tip < model.Stops; tip++)
        {
            var (first, second) = kind == Kind.TaskThenTip ? (task, tip) : (tip, task);
            var ahead = TCosts.Ahead(tour.Ahead[gap], model.Link(tour[gap], first));
            var cost = model.TourCost + TCosts.Insert(ahead, model.Link(first, second), model.Link(second, tour[gap + 1]), tour.Behind[gap + 1]);
            if (cost <= model.MaxTourCost && cost - tour.Cost < best.Cost && !Blinks())
            {
                best = new(cost - tour.Cost, t, gap, kind, tip);
            }
        }
    }

    internal void Put(SearchSolution<TCosts> solution, int task)
    {
        switch (best.Kind)
        {
            case Kind.Gap:
                solution.Insert(best.Tour, best.Gap, task);
                break;
            case Kind.TaskThenTip:
                solution.Insert(best.Tour, best.Gap, best.Tip);
                solution.Insert(best.Tour, best.Gap, task);
                break;
            case Kind.TipThenTask:
                solution.Insert(best.Tour, best.Gap, task);
                solution.Insert(best.Tour, best.Gap, best.Tip);
                break;
            default:
                var tour = solution.EmptyTour();
                if (model.HasTrips)
                {
                    solution.Set(tour, [task, BestTip(task)]);
                }
                else
                {
                    solution.Set(tour, [task]);
                }

                break;
        }
    }

    // Apart, so that only tasks with a tour of their own pay for the closure.
    private int BestTip(int task) => model.LastStops().MinBy(tip => AloneCost(task, tip));

    private int AloneCost(int task, int tip) =>
        TCosts.Total(
            TCosts.Ahead(TCosts.AtDepot, model.Link(model.Depot, task)),
            TCosts.Behind(model.Link(task, tip), TCosts.Behind(model.Link(tip, model.Depot), TCosts.AtDepot)));

    private bool Blinks()
    {
        if (--untilBlink > 0)
        {
            return false;
        }

        untilBlink = 1 + (int)(-Math.Log(random.Share()) * OneBlinkIn);
        return true;
    }

    private enum Kind { Nowhere, Gap, TaskThenTip, TipThenTask, NewTour }

    private readonly record struct Place(int Cost, int Tour, int Gap, Kind Kind, int Tip);
}
