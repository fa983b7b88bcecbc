using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>
/// The least cost of a problem with a handful of tasks by trying everything: which tasks are served, by which vehicle, in which order, and with
/// which stops at sites between them. Tours do not meet, so bays are not looked at.
/// </summary>
internal sealed class RichOptimum
{
    private readonly ArcProblem problem;
    private readonly int mostSites;
    private readonly long?[] best;
    private readonly List<int> stops = [];
    private PlainTour tour;

    private RichOptimum(ArcProblem problem)
    {
        this.problem = problem;
        mostSites = problem.Sites.Length == 0 ? 0 : problem.Tasks.Length <= 2 ? 2 : 1;
        best = new long?[1 << problem.Tasks.Length];
        tour = new(problem, 0);
    }

    public static long Of(ArcProblem problem)
    {
        var optimum = new RichOptimum(problem);
        var all = 1 << problem.Tasks.Length;
        var least = new long?[all];
        least[0] = 0;
        for (var kind = 0; kind < problem.Vehicles.Length; kind++)
        {
            least = optimum.WithKind(kind, least);
        }

        return Enumerable.Range(0, all).Min(served => least[served] + Penalty(problem, served)) ?? long.MaxValue;
    }

    private static long Penalty(ArcProblem problem, int served) =>
        problem.Tasks.Select((task, t) => (served & (1 << t)) != 0 ? 0L : task.Penalty ?? ArcTask.MustServe).Sum();

    private long?[] WithKind(int kind, long?[] least)
    {
        var vehicle = problem.Vehicles[kind];
        tour = new(problem, kind);
        Array.Clear(best);
        Extend(0, 0);
        for (var t = 0; t < Math.Min(vehicle.Count ?? int.MaxValue, vehicle.IsOut ? int.MaxValue : problem.Tasks.Length); t++)
        {
            var more = vehicle.IsOut ? new long?[least.Length] : [.. least];
            for (var set = 0; set < least.Length; set++)
            {
                for (var part = set; part >= 0; part = part == 0 ? -1 : (part - 1) & set)
                {
                    Keep(ref more[set], least[set ^ part] + (part > 0 || vehicle.IsOut ? best[part] : null));
                }
            }

            least = more;
        }

        return least;
    }

    private void Extend(int served, int sites)
    {
        if (served > 0 || problem.Vehicles.Any(v => v.IsOut))
        {
            Keep(ref best[served], tour.Cost(stops));
        }

        for (var task = 0; task < problem.Tasks.Length; task++)
        {
            if ((served & (1 << task)) == 0)
            {
                With(task, served | (1 << task), 0);
            }
        }

        for (var site = 0; site < problem.Sites.Length && sites < mostSites; site++)
        {
            if (sites == 0 || stops[^1] != -1 - site)
            {
                With(-1 - site, served, sites + 1);
            }
        }
    }

    private void With(int stop, int served, int sites)
    {
        stops.Add(stop);
        Extend(served, sites);
        stops.RemoveAt(stops.Count - 1);
    }

    private static void Keep(ref long? least, long? cost) => least = cost is null || least < cost ? least : cost;
}
