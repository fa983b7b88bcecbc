namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// Loads in whole units of which a trip holds few enough for dynamic programming: of the resource that asks for the most trips, rounded
/// down. A task that would take nothing takes one unit, and a trip holds as many units more. What fits really fits in these units.
/// </summary>
internal sealed class TripLoads
{
    private TripLoads(int[] load, int capacity)
    {
        Load = load;
        Capacity = capacity;
        Total = load.Sum(l => (long)l);
    }

    /// <summary>By task, at least 1.</summary>
    public int[] Load { get; }

    public int Capacity { get; }

    public long Total { get; }

    /// <param name="most">Units that a trip may hold at most, apart from the additional ones.</param>
    public static TripLoads Of(BoundProblem problem, int most)
    {
        var resource = Enumerable.Range(0, problem.Capacity.Length)
            .MaxBy(r => problem.Tasks.Sum(task => (double)task.Demand[r]) / Math.Max(1, problem.Capacity[r]));
        var demand = problem.Tasks.Select(task => problem.Capacity.Length == 0 ? 0 : task.Demand[resource]).ToArray();
        var capacity = problem.Capacity.Length == 0 ? 0 : problem.Capacity[resource];
        var unit = Math.Max(Divisor(demand), (capacity + most - 1) / most);
        unit = Math.Max(1, unit);
        var load = Array.ConvertAll(demand, d => Math.Max(1, d / unit));
        return new(load, (capacity / unit) + demand.Count(d => d < unit));
    }

    private static int Divisor(int[] demand)
    {
        var divisor = 0;
        foreach (var d in demand)
        {
            for (var (a, b) = (divisor, d); ; (a, b) = (b, a % b))
            {
                if (b == 0)
                {
                    divisor = a;
                    break;
                }
            }
        }

        return divisor;
    }
}
