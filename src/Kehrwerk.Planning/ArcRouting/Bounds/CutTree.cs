namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// All least cuts of an undirected graph below a limit, as a tree (Gusfield 1990, "Very simple methods for all pairs network flow analysis"):
/// taking away the edge above a node leaves the two sides of a least cut. Pairs that only cuts above the limit part stay together.
/// </summary>
internal static class CutTree
{
    /// <summary>The side below each tree edge that is a cut of less than <paramref name="limit"/>.</summary>
    public static IEnumerable<List<int>> SidesBelow(Support graph, int root, double limit, CancellationToken ct)
    {
        var count = graph.NodeCount;
        var group = GroupsJoinedBy(graph, limit);
        if (group.Max() == 0)
        {
            yield break;
        }

        var groups = group.Max() + 1;
        var merged = Support.Of(groups, [.. Pairs(graph, group)]);
        var cut = new LeastCut(merged);
        var rootGroup = group[root];
        var parent = new int[groups];
        var value = new double[groups];
        parent.AsSpan().Fill(rootGroup);
        value.AsSpan().Fill(double.PositiveInfinity);
        for (var s = 0; s < groups; s++)
        {
            if (s == rootGroup)
            {
                continue;
            }

            ct.ThrowIfCancellationRequested();
            var t = parent[s];
            var weight = cut.Between(s, t, limit);
            if (weight >= limit)
            {
                continue;
            }

            value[s] = weight;
            for (var i = 0; i < groups; i++)
            {
                if (i != s && i != rootGroup && parent[i] == t && cut.IsAtSource(i))
                {
                    parent[i] = s;
                }
            }

            if (t != rootGroup && cut.IsAtSource(parent[t]))
            {
                parent[s] = parent[t];
                parent[t] = s;
                value[s] = value[t];
                value[t] = weight;
            }
        }

        var children = new List<int>[groups];
        for (var g = 0; g < groups; g++)
        {
            children[g] = [];
        }

        for (var g = 0; g < groups; g++)
        {
            if (g != rootGroup)
            {
                children[parent[g]].Add(g);
            }
        }

        var members = new List<int>[groups];
        for (var g = 0; g < groups; g++)
        {
            members[g] = [];
        }

        for (var node = 0; node < count; node++)
        {
            members[group[node]].Add(node);
        }

        for (var g = 0; g < groups; g++)
        {
            if (g == rootGroup || value[g] >= limit)
            {
                continue;
            }

            var side = new List<int>();
            var open = new Stack<int>([g]);
            while (open.TryPop(out var below))
            {
                side.AddRange(members[below]);
                children[below].ForEach(open.Push);
            }

            yield return side;
        }
    }

    private static IEnumerable<(int, int, double)> Pairs(Support graph, int[] group)
    {
        for (var node = 0; node < graph.NodeCount; node++)
        {
            for (var e = graph.First[node]; e < graph.First[node + 1]; e++)
            {
                if (node < graph.Head[e])
                {
                    yield return (group[node], group[graph.Head[e]], graph.Weight[e]);
                }
            }
        }
    }

    private static int[] GroupsJoinedBy(Support graph, double limit)
    {
        var group = new int[graph.NodeCount];
        group.AsSpan().Fill(-1);
        var groups = 0;
        var open = new Stack<int>();
        for (var start = 0; start < group.Length; start++)
        {
            if (group[start] >= 0)
            {
                continue;
            }

            group[start] = groups;
            open.Push(start);
            while (open.TryPop(out var node))
            {
                for (var e = graph.First[node]; e < graph.First[node + 1]; e++)
                {
                    if (graph.Weight[e] >= limit && group[graph.Head[e]] < 0)
                    {
                        group[graph.Head[e]] = groups;
                        open.Push(graph.Head[e]);
                    }
                }
            }

            groups++;
        }

        return group;
    }
}
