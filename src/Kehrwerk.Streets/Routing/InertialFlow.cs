namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Cuts a set of nodes in two where few arcs cross (Schild and Sommer 2015): along each of eight directions the outer
/// quarters of the nodes are taken as source and sink of a flow, and the cut of the greatest flow that is smallest for the
/// size of its smaller side wins. Reuses its buffers: one instance per thread.
/// </summary>
internal sealed class InertialFlow
{
    private static readonly (double X, double Y)[] Sweeps = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2)];

    private readonly StreetNetwork network;

    // The undirected graph of nodes: firstEdge, head, the index of the same edge seen from its other end, and how many
    // states of the turn graph drive along it in either direction.
    private readonly int[] firstEdge;
    private readonly int[] head;
    private readonly int[] twin;
    private readonly int[] capacity;

    private readonly int[] flow;
    private readonly int[] reachedBy;
    private readonly int[] stamp;
    private readonly byte[] terminal;
    private readonly int[] queue;
    private int stampNow;

    public InertialFlow(TurnGraph graph)
    {
        network = graph.Network;
        var capacities = new SortedDictionary<(int From, int To), int>();
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var (tail, head) = (network.ArcTail[arc], network.ArcHead[arc]);
            if (tail != head)
            {
                foreach (var pair in new[] { (tail, head), (head, tail) })
                {
                    capacities[pair] = capacities.GetValueOrDefault(pair) + graph.StatesOf(arc).Length;
                }
            }
        }

        firstEdge = new int[network.NodeCount + 1];
        head = new int[capacities.Count];
        twin = new int[capacities.Count];
        capacity = new int[capacities.Count];
        var indices = new Dictionary<(int, int), int>(capacities.Count);
        foreach (var ((from, to), count) in capacities)
        {
            var edge = indices.Count;
            indices.Add((from, to), edge);
            (head[edge], capacity[edge]) = (to, count);
            firstEdge[from + 1] = edge + 1;
            if (indices.TryGetValue((to, from), out var other))
            {
                (twin[edge], twin[other]) = (other, edge);
            }
        }

        for (var node = 0; node < network.NodeCount; node++)
        {
            firstEdge[node + 1] = Math.Max(firstEdge[node], firstEdge[node + 1]);
        }

        flow = new int[head.Length];
        reachedBy = new int[network.NodeCount];
        stamp = new int[network.NodeCount];
        terminal = new byte[network.NodeCount];
        queue = new int[network.NodeCount];
    }

    /// <summary>
    /// Reorders <paramref name="nodes"/>, all of cell <paramref name="id"/>, so that each connected part of them is in one
    /// stretch. Returns the ends of the stretches.
    /// </summary>
    public List<int> SplitIntoConnectedParts(Span<int> nodes, int[] cell, int id)
    {
        var ends = new List<int>();
        stampNow++;
        var tail = 0;
        foreach (var start in nodes)
        {
            if (stamp[start] == stampNow)
            {
                continue;
            }

            stamp[start] = stampNow;
            var at = tail;
            queue[tail++] = start;
            for (; at < tail; at++)
            {
                for (var edge = firstEdge[queue[at]]; edge < firstEdge[queue[at] + 1]; edge++)
                {
                    var next = head[edge];
                    if (cell[next] == id && stamp[next] != stampNow)
                    {
                        stamp[next] = stampNow;
                        queue[tail++] = next;
                    }
                }
            }

            ends.Add(tail);
        }

        queue.AsSpan(0, tail).CopyTo(nodes);
        return ends;
    }

    /// <summary>
    /// Reorders <paramref name="nodes"/>, two or more and all of cell <paramref name="id"/>, so that one side of the cut comes first.
    /// Returns the size of that side, which is never 0 nor all.
    /// </summary>
    public int Cut(Span<int> nodes, int[] cell, int id)
    {
        var keys = new double[nodes.Length];
        var sorted = new int[nodes.Length];
        var best = Array.Empty<int>();
        var (bestSide, bestScore) = (0, double.PositiveInfinity);
        foreach (var (x, y) in Sweeps)
        {
            nodes.CopyTo(sorted);
            for (var i = 0; i < sorted.Length; i++)
            {
                var point = network.NodePoint[sorted[i]];
                keys[i] = (x * point.X) + (y * point.Y);
            }

            Array.Sort(keys, sorted);
            var side = MinimumCut(sorted, cell, id, ref bestScore);
            if (side > 0)
            {
                (best, bestSide) = ([.. sorted], side);
            }
        }

        best.CopyTo(nodes);
        return bestSide;
    }

    // Reorders the nodes so that the side of the source comes first and returns its size, or 0 where the cut is no better than the best.
    private int MinimumCut(int[] nodes, int[] cell, int id, ref double bestScore)
    {
        var quarter = Math.Max(1, nodes.Length / 4);
        foreach (var node in nodes)
        {
            terminal[node] = 0;
            flow.AsSpan(firstEdge[node], firstEdge[node + 1] - firstEdge[node]).Clear();
        }

        foreach (var node in nodes.AsSpan(0, quarter))
        {
            terminal[node] = 1;
        }

        foreach (var node in nodes.AsSpan(nodes.Length - quarter))
        {
            terminal[node] = 2;
        }

        var total = 0;
        while (Reach(nodes.AsSpan(0, quarter), cell, id) is var last && last >= 0)
        {
            total += Augment(last);
            if (total / (nodes.Length / 2.0) >= bestScore)
            {
                return 0;
            }
        }

        var reached = Array.FindAll(nodes, node => stamp[node] == stampNow);
        var score = total / (double)Math.Min(reached.Length, nodes.Length - reached.Length);
        if (score >= bestScore)
        {
            return 0;
        }

        bestScore = score;
        int[] all = [.. reached, .. nodes.Where(node => stamp[node] != stampNow)];
        all.CopyTo(nodes, 0);
        return reached.Length;
    }

    // Breadth-first over edges with room left; the sink that was reached, or -1 with the source's side stamped.
    private int Reach(ReadOnlySpan<int> sources, int[] cell, int id)
    {
        stampNow++;
        var tail = 0;
        foreach (var source in sources)
        {
            stamp[source] = stampNow;
            reachedBy[source] = -1;
            queue[tail++] = source;
        }

        for (var at = 0; at < tail; at++)
        {
            var node = queue[at];
            for (var edge = firstEdge[node]; edge < firstEdge[node + 1]; edge++)
            {
                var next = head[edge];
                if (cell[next] != id || stamp[next] == stampNow || flow[edge] >= capacity[edge])
                {
                    continue;
                }

                stamp[next] = stampNow;
                reachedBy[next] = edge;
                if (terminal[next] == 2)
                {
                    return next;
                }

                queue[tail++] = next;
            }
        }

        return -1;
    }

    private int Augment(int sink)
    {
        var room = int.MaxValue;
        for (var node = sink; reachedBy[node] >= 0; node = head[twin[reachedBy[node]]])
        {
            room = Math.Min(room, capacity[reachedBy[node]] - flow[reachedBy[node]]);
        }

        for (var node = sink; reachedBy[node] >= 0; node = head[twin[reachedBy[node]]])
        {
            flow[reachedBy[node]] += room;
            flow[twin[reachedBy[node]]] -= room;
        }

        return room;
    }
}
