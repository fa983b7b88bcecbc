namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// What a solution of the linear program uses, as an undirected graph: per pair of nodes half of all that goes between them, deadhead and
/// service. As flow is conserved, that is what leaves a set of nodes. Adjacent pairs lie at First[v] up to First[v + 1].
/// </summary>
internal sealed class Support
{
    private const double Negligible = 1e-7;

    private Support(int[] first, int[] head, double[] weight, int[] pair)
    {
        First = first;
        Head = head;
        Weight = weight;
        Pair = pair;
    }

    public int[] First { get; }

    public int[] Head { get; }

    public double[] Weight { get; }

    /// <summary>Where the same pair lies seen from the other node.</summary>
    public int[] Pair { get; }

    public int NodeCount => First.Length - 1;

    public static Support OfAll(DeadheadNetwork network, Usage usage)
    {
        var uses = Deadheads(network, usage);
        for (var t = 0; t < network.Tasks.Length; t++)
        {
            var (task, share) = (network.Tasks[t], usage.SecondShare[t]);
            uses.Add((task.First.Entry, task.First.Exit, (1 - share) / 2));
            uses.Add((task.Second.Entry, task.Second.Exit, share / 2));
        }

        return Of(network.NodeCount, uses);
    }

    public static Support OfDeadheads(DeadheadNetwork network, Usage usage) => Of(network.NodeCount, Deadheads(network, usage));

    public static Support Of(int nodes, List<(int A, int B, double Weight)> uses)
    {
        var first = new int[nodes + 1];
        foreach (var (a, b, weight) in uses)
        {
            if (a != b && weight > Negligible)
            {
                first[a + 1]++;
                first[b + 1]++;
            }
        }

        for (var node = 0; node < nodes; node++)
        {
            first[node + 1] += first[node];
        }

        var next = first.AsSpan(0, nodes).ToArray();
        var head = new int[first[^1]];
        var weights = new double[head.Length];
        var pair = new int[head.Length];
        foreach (var (a, b, weight) in uses)
        {
            if (a != b && weight > Negligible)
            {
                head[next[a]] = b;
                head[next[b]] = a;
                weights[next[a]] = weights[next[b]] = weight;
                pair[next[a]] = next[b];
                pair[next[b]++] = next[a]++;
            }
        }

        return new(first, head, weights, pair);
    }

    public static List<(int A, int B, double Weight)> Deadheads(DeadheadNetwork network, Usage usage)
    {
        var uses = new List<(int, int, double)>();
        for (var l = 0; l < usage.Links.Count; l++)
        {
            uses.Add((usage.Links[l].From, usage.Links[l].To, usage.LinkFlow[l] / 2));
        }

        return uses;
    }
}
