using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>The least cost of a problem with a handful of tasks, by trying every order, mode, tip and division into tours.</summary>
internal sealed class ExactOptimum
{
    private readonly ArcProblem problem;
    private readonly long[] bestTour;

    private ExactOptimum(ArcProblem problem)
    {
        this.problem = problem;
        bestTour = new long[1 << problem.Tasks.Length];
        Array.Fill(bestTour, long.MaxValue);
        Extend(0, problem.Vehicles[0].Start, new int[problem.Resources], problem.Vehicles[0].TourCost);
    }

    /// <returns>The least cost; null where some task cannot be served.</returns>
    public static long? Of(ArcProblem problem) => new ExactOptimum(problem).LeastPartition();

    private void Extend(int served, int place, int[] load, long cost)
    {
        if (served != 0)
        {
            Close(served, place, cost);
        }

        for (var task = 0; task < problem.Tasks.Length; task++)
        {
            if ((served & (1 << task)) == 0)
            {
                Serve(task, served, place, load, cost);
                foreach (var site in served == 0 ? [] : problem.Sites)
                {
                    Serve(task, served, site.Place, new int[load.Length], cost + problem.Travel[place, site.Place] + site.Cost);
                }
            }
        }
    }

    private void Serve(int task, int served, int place, int[] load, long cost)
    {
        int[] loaded = [.. load.Zip(problem.Tasks[task].Demand, (l, d) => l + d)];
        if (loaded.Zip(problem.Vehicles[0].Capacity).Any(pair => pair.First > pair.Second))
        {
            return;
        }

        foreach (var mode in problem.Tasks[task].Modes)
        {
            Extend(served | (1 << task), mode.Exit, loaded, cost + problem.Travel[place, mode.Entry] + mode.Cost);
        }
    }

    private void Close(int served, int place, long cost)
    {
        var end = problem.Sites.IsEmpty
            ? problem.Travel[place, problem.Vehicles[0].Start]
            : problem.Sites.Min(site => problem.Travel[place, site.Place] + site.Cost + problem.Travel[site.Place, problem.Vehicles[0].Start]);
        if (cost + end - problem.Vehicles[0].TourCost <= (problem.Vehicles[0].MaxTime ?? long.MaxValue))
        {
            bestTour[served] = Math.Min(bestTour[served], cost + end);
        }
    }

    private long? LeastPartition()
    {
        var least = new long[bestTour.Length];
        for (var set = 1; set < least.Length; set++)
        {
            least[set] = long.MaxValue;
            for (var tour = set; tour > 0; tour = (tour - 1) & set)
            {
                if (bestTour[tour] < long.MaxValue && least[set ^ tour] < long.MaxValue)
                {
                    least[set] = Math.Min(least[set], bestTour[tour] + least[set ^ tour]);
                }
            }
        }

        return least[^1] == long.MaxValue ? null : least[^1];
    }
}
