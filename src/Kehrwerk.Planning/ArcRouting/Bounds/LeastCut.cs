namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Least cuts between two nodes of an undirected graph, by Dinic's method with blocking flows.</summary>
internal sealed class LeastCut(Support graph)
{
    private const double Empty = 1e-9;

    private readonly double[] free = new double[graph.Head.Length];
    private readonly int[] level = new int[graph.NodeCount];
    private readonly int[] next = new int[graph.NodeCount];
    private readonly int[] queue = new int[graph.NodeCount];
    private readonly List<int> path = [];

    /// <summary>Whether the node lies on the source's side of the cut found last: the smallest such side.</summary>
    public bool IsAtSource(int node) => level[node] >= 0;

    /// <summary>The weight of a least cut; where that is more than <paramref name="enough"/>, some number above it, and no cut.</summary>
    public double Between(int source, int sink, double enough = double.PositiveInfinity)
    {
        graph.Weight.AsSpan().CopyTo(free);
        var total = 0.0;
        while (total <= enough && Levels(source, sink))
        {
            graph.First.AsSpan(0, graph.NodeCount).CopyTo(next);
            double pushed;
            while (total <= enough && (pushed = Push(source, sink)) > 0)
            {
                total += pushed;
            }
        }

        return total;
    }

    private bool Levels(int source, int sink)
    {
        level.AsSpan().Fill(-1);
        level[source] = 0;
        queue[0] = source;
        var count = 1;
        for (var i = 0; i < count; i++)
        {
            var node = queue[i];
            for (var e = graph.First[node]; e < graph.First[node + 1]; e++)
            {
                if (free[e] > Empty && level[graph.Head[e]] < 0)
                {
                    level[graph.Head[e]] = level[node] + 1;
                    queue[count++] = graph.Head[e];
                }
            }
        }

        return level[sink] >= 0;
    }

    // One path of rising levels, by walking on and back; 0 when there is none left.
    private double Push(int source, int sink)
    {
        path.Clear();
        var node = source;
        while (node != sink)
        {
            if (next[node] < graph.First[node + 1])
            {
                var e = next[node];
                if (free[e] > Empty && level[graph.Head[e]] == level[node] + 1)
                {
                    path.Add(e);
                    node = graph.Head[e];
                }
                else
                {
                    next[node]++;
                }
            }
            else if (path.Count == 0)
            {
                return 0;
            }
            else
            {
                var back = path[^1];
                path.RemoveAt(path.Count - 1);
                node = graph.Head[graph.Pair[back]];
                next[node]++;
            }
        }

        var least = double.PositiveInfinity;
        foreach (var e in path)
        {
            least = Math.Min(least, free[e]);
        }

        foreach (var e in path)
        {
            free[e] -= least;
            free[graph.Pair[e]] += least;
        }

        return least;
    }
}
