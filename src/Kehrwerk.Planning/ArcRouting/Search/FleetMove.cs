namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Changes the vehicles at work: cuts a tour in two, drives two as one, or drives one with another kind of vehicle. Strings of a few tasks alone would rarely pay for
/// what a vehicle costs, or save it. Reuses its buffers.
/// </summary>
internal sealed class FleetMove<TCosts>(SearchModel<TCosts> model, SeededRandom random)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly List<int> driven = [];
    private int[] stops = new int[16];

    /// <summary>Whether there is a choice.</summary>
    public static bool IsUseful(SearchModel<TCosts> model) => !model.IsPlain && model.Vehicles.Sum(v => (long)v.MaxTours) > 1;

    /// <returns>Whether anything was changed.</returns>
    public bool Apply(SearchSolution<TCosts> solution)
    {
        driven.Clear();
        for (var t = 0; t < solution.Tours; t++)
        {
            if (solution[t].HasTasks)
            {
                driven.Add(t);
            }
        }

        if (driven.Count == 0)
        {
            return false;
        }

        var tour = driven[random.Below(driven.Count)];
        var kind = random.Below(model.Vehicles.Length);
        return random.Below(model.Vehicles.Length > 1 ? 3 : 2) switch
        {
            0 => solution.HasTourOf(kind) && Split(solution, tour, kind),
            1 => Join(solution, tour, driven[random.Below(driven.Count)]),
            _ => solution.HasTourOf(kind) && Exchange(solution, tour, kind),
        };
    }

    private bool Exchange(SearchSolution<TCosts> solution, int tour, int kind)
    {
        var count = solution[tour].Count;
        if (kind == solution[tour].Kind || solution[tour].Vehicle.Vehicle.IsOut || model.Vehicles[kind].Vehicle.IsOut)
        {
            return false;
        }

        MakeRoom(count);
        solution[tour].Stops[1..^1].CopyTo(stops);
        solution.Set(tour, []);
        solution.Set(solution.EmptyTour(kind), stops.AsSpan(0, count));
        return true;
    }

    // Somewhere in the middle half.
    private bool Split(SearchSolution<TCosts> solution, int tour, int kind)
    {
        var count = solution[tour].Count;
        var cut = (count / 4) + random.Below(1 + (count / 2));
        if (cut == 0 || cut >= count)
        {
            return false;
        }

        MakeRoom(count + 1);
        solution[tour].Stops[1..^1].CopyTo(stops);
        var vehicle = solution[tour].Vehicle;
        var newTour = solution.EmptyTour(kind);
        solution.Set(newTour, stops.AsSpan(cut, count - cut));
        if (model.EndsAtSite && !model.LastStops.Contains(stops[cut - 1]))
        {
            stops[cut] = model.LastStopAfter(vehicle, stops[cut - 1]);
            cut++;
        }

        solution.Set(tour, stops.AsSpan(0, cut));
        return true;
    }

    private bool Join(SearchSolution<TCosts> solution, int first, int second)
    {
        if (first == second || solution[second].Vehicle.Vehicle.IsOut)
        {
            return false;
        }

        var (count, more) = (solution[first].Count, solution[second].Count);
        MakeRoom(count + more);
        solution[first].Stops[1..^1].CopyTo(stops);
        solution[second].Stops[1..^1].CopyTo(stops.AsSpan(count));
        solution.Set(second, []);
        solution.Set(first, stops.AsSpan(0, count + more));
        return true;
    }

    private void MakeRoom(int count)
    {
        if (stops.Length < count)
        {
            stops = new int[2 * count];
        }
    }
}
