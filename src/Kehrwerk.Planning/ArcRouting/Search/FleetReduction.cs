namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Does with fewer tours. A tour is dissolved and its tasks are <em>absent</em> at first; ruin and recreate with one tour less
/// goes on until none is (Christiaens and Vanden Berghe 2020, their fleet minimisation). Tasks that were absent often count more.
/// Annealing opens a tour in a single round where that saves cost, but would need many worse ones to close one: hence this before it.
/// </summary>
internal sealed class FleetReduction<TCosts>(SearchModel<TCosts> model, SeededRandom random, Ruin<TCosts> ruin, Recreate<TCosts> recreate)
    where TCosts : unmanaged, IModeCosts<TCosts>
{
    private readonly long[] absences = new long[model.Tasks];
    private readonly StopLists<TCosts> complete = new(model);
    private readonly int[] pending = new int[model.Tasks];
    private int[] absent = [];

    /// <summary>Dissolves one tour after the other, as long as that succeeds; the solution is complete before and after.</summary>
    /// <param name="goOn">Asked before each round.</param>
    public void Apply(SearchSolution<TCosts> solution, double temperature, Func<bool> goOn)
    {
        var averageTrip = (double)model.Tasks / Math.Max(1, solution.Trips);
        for (complete.CopyFrom(solution); complete.Tours > FewestTours && goOn(); complete.CopyFrom(solution))
        {
            absent = Dissolve(solution, LeastAbsent(solution));
            while (absent.Length > 0 && goOn())
            {
                Round(solution, temperature, averageTrip);
            }

            if (absent.Length > 0)
            {
                solution.Load(complete);
                return;
            }
        }
    }

    private int FewestTours
    {
        get
        {
            var capacity = model.Vehicles[0].Capacity;
            var fewest = 1L;
            for (var r = 0; r < model.Resources && !model.EndsAtSite; r++)
            {
                var sum = 0L;
                for (var task = 0; task < model.Tasks; task++)
                {
                    sum += model.Demand(task, r);
                }

                fewest = Math.Max(fewest, capacity[r] == 0 ? 0 : (sum + capacity[r] - 1) / capacity[r]);
            }

            return (int)fewest;
        }
    }

    private void Round(SearchSolution<TCosts> solution, double temperature, double averageTrip)
    {
        var before = solution.Cost;
        var seed = random.Below(2) == 0 ? absent[random.Below(absent.Length)] : random.Below(model.Tasks);
        var removed = ruin.Apply(solution, seed, averageTrip, withAbsent: false);
        foreach (var task in absent)
        {
            solution.NoteAbsent(task);
        }

        removed.CopyTo(pending);
        absent.CopyTo(pending, removed.Length);
        var left = recreate.ApplyWithin(solution, pending.AsSpan(0, removed.Length + absent.Length), complete.Tours - 1);
        if (Weight(left) < Weight(absent) || (left.Length <= absent.Length && solution.Cost < before - (temperature * Math.Log(random.Share()))))
        {
            solution.Accept();
            absent = left.ToArray();
        }
        else
        {
            solution.Reject();
        }

        foreach (var task in absent)
        {
            absences[task]++;
        }
    }

    private long Weight(ReadOnlySpan<int> tasks)
    {
        var sum = 0L;
        foreach (var task in tasks)
        {
            sum += 1 + absences[task];
        }

        return sum;
    }

    private int LeastAbsent(SearchSolution<TCosts> solution)
    {
        var (best, least) = (-1, long.MaxValue);
        for (var t = 0; t < solution.Tours; t++)
        {
            var weight = 0L;
            foreach (var stop in solution[t].Stops)
            {
                weight += stop < model.Tasks ? 1 + absences[stop] : 0;
            }

            if (solution[t].Count > 0 && weight < least)
            {
                (best, least) = (t, weight);
            }
        }

        return best;
    }

    private int[] Dissolve(SearchSolution<TCosts> solution, int tour)
    {
        int[] tasks = [.. solution[tour].Stops.ToArray().Where(stop => stop < model.Tasks)];
        foreach (var task in tasks)
        {
            solution.MarkRemoved(task);
        }

        solution.Set(tour, []);
        solution.Accept();
        return tasks;
    }
}
