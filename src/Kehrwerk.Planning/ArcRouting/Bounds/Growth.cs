using Kehrwerk.Planning.ArcRouting.Search;

namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Grows a set of nodes from one, each time by the node with which it is left least, and remembers where a load is missed most.</summary>
internal sealed class Growth(DeadheadNetwork network, CutNeeds needs, Support support)
{
    private readonly bool[] inside = new bool[support.NodeCount];
    private readonly double[] toInside = new double[support.NodeCount];
    private readonly int[] touched = new int[network.Tasks.Length];
    private readonly List<int> order = [];
    private readonly PriorityQueue<int, (double Rise, int Node)> frontier = new();
    private readonly double[] total = Totals(support);
    private readonly SeededRandom random = new(1);

    /// <param name="noise">How much worse a node may be and still come first, by chance.</param>
    public IEnumerable<int[]> From(int seed, double violation, double noise = 0)
    {
        if (network.IsTerminal[seed] || support.First[seed] == support.First[seed + 1])
        {
            yield break;
        }

        inside.AsSpan().Clear();
        toInside.AsSpan().Clear();
        touched.AsSpan().Clear();
        order.Clear();
        frontier.Clear();
        var sums = new long[needs.Capacity.Length];
        var count = 0;
        var crossing = 0.0;
        var best = new SortedDictionary<int, (double Missed, int Length)>();
        frontier.Enqueue(seed, (0, seed));
        while (frontier.TryDequeue(out var node, out _))
        {
            if (inside[node])
            {
                continue;
            }

            inside[node] = true;
            order.Add(node);
            crossing += total[node] - (2 * toInside[node]);
            for (var e = support.First[node]; e < support.First[node + 1]; e++)
            {
                var next = support.Head[e];
                toInside[next] += support.Weight[e];
                if (!inside[next] && !network.IsTerminal[next])
                {
                    frontier.Enqueue(next, (total[next] - (2 * toInside[next]) + (noise * random.Share()), next));
                }
            }

            foreach (var t in needs.TasksAt(node))
            {
                if (touched[t] == 0 && CutNeeds.Touches(network.Tasks[t], inside))
                {
                    touched[t] = 1;
                    count++;
                    for (var resource = 0; resource < sums.Length; resource++)
                    {
                        sums[resource] += network.Tasks[t].Demand[resource];
                    }
                }
            }

            var need = TripBound.BySum(sums, needs.Capacity, count);
            if (need - crossing > violation && (!best.TryGetValue(need, out var old) || need - crossing > old.Missed))
            {
                best[need] = (need - crossing, order.Count);
            }
        }

        foreach (var (_, length) in best.Values)
        {
            yield return [.. order[..length]];
        }
    }

    private static double[] Totals(Support support)
    {
        var totals = new double[support.NodeCount];
        for (var node = 0; node < totals.Length; node++)
        {
            for (var e = support.First[node]; e < support.First[node + 1]; e++)
            {
                totals[node] += support.Weight[e];
            }
        }

        return totals;
    }
}
