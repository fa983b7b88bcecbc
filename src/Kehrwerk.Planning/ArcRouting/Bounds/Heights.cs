namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// Cuts, all at once: give each node a height, 0 where loads are left. Whatever is served above some level takes its loads down through
/// that level; summed over all levels, tours go down at least so much. One row stands for as many cuts as there are levels.
/// </summary>
internal static class Heights
{
    /// <summary>Least deadhead from each node to a terminal, or from a terminal to it.</summary>
    public static int[] FromTerminals(DeadheadNetwork network, bool back)
    {
        var height = new int[network.NodeCount];
        height.AsSpan().Fill(int.MaxValue);
        var ways = network.Links.SelectMany(l => network.IsSymmetric ? new[] { (l.From, l.To, l.Cost), (l.To, l.From, l.Cost) } : [back ? (l.To, l.From, l.Cost) : (l.From, l.To, l.Cost)]).ToLookup(w => w.Item1);
        var open = new PriorityQueue<int, int>();
        for (var node = 0; node < height.Length; node++)
        {
            if (network.IsTerminal[node] || node == network.Home)
            {
                height[node] = 0;
                open.Enqueue(node, 0);
            }
        }

        while (open.TryDequeue(out var node, out var reached))
        {
            if (reached > height[node])
            {
                continue;
            }

            foreach (var (_, to, cost) in ways[node])
            {
                if (reached + cost < height[to])
                {
                    height[to] = reached + cost;
                    open.Enqueue(to, reached + cost);
                }
            }
        }

        if (network.Direct is { } table && !back)
        {
            // An exit is entered only by service: as high as the entries behind it allow.
            var entryAt = table.EntryNodes;
            for (var exit = 0; exit < table.Rows.Length; exit++)
            {
                var node = table.ExitNodes[exit];
                if (height[node] == int.MaxValue)
                {
                    var most = 0;
                    for (var e = 0; e < entryAt.Length; e++)
                    {
                        most = Math.Max(most, height[entryAt[e]] - table.Rows[exit][e]);
                    }

                    height[node] = most;
                }
            }
        }

        for (var node = 0; node < height.Length; node++)
        {
            height[node] = height[node] == int.MaxValue ? 0 : height[node];
        }

        return height;
    }

    public static void AddSlopes(DeadheadNetwork network, CutNeeds needs, CutProgram program, int[] height, int steps)
    {
        var top = height.Max();
        var neighbours = Support.Of(network.NodeCount, [.. network.Links.Select(l => (l.From, l.To, 1.0)), .. network.Tasks.Select(t => (t.First.Entry, t.First.Exit, 1.0))]);
        for (var step = 0; step < steps; step++)
        {
            var low = (int)((long)top * step / steps);
            var high = (int)((long)top * (step + 1) / steps);
            if (high <= low)
            {
                continue;
            }

            foreach (var part in Parts(network, neighbours, height, low))
            {
                Add(network, needs, program, height, part, low, high);
            }
        }
    }

    private static void Add(DeadheadNetwork network, CutNeeds needs, CutProgram program, int[] height, List<int> part, int low, int high)
    {
        var inside = new bool[height.Length];
        part.ForEach(node => inside[node] = true);
        var need = 0.0;
        var level = low;
        var scale = 1.0 / (high - low);
        var row = new double[height.Length];
        foreach (var node in part)
        {
            row[node] = (Math.Min(height[node], high) - low) * scale;
        }

        foreach (var group in part.GroupBy(node => height[node]).OrderBy(group => group.Key))
        {
            var next = Math.Min(group.Key, high);
            need += (double)(next - level) * needs.Of(inside);
            level = next;
            foreach (var node in group)
            {
                inside[node] = false;
            }

            if (level >= high)
            {
                break;
            }
        }

        program.AddCut(row, need * scale);
    }

    private static List<List<int>> Parts(DeadheadNetwork network, Support graph, int[] height, int low)
    {
        var parts = new List<List<int>>();
        var seen = new bool[graph.NodeCount];
        var open = new Stack<int>();
        for (var start = 0; start < seen.Length; start++)
        {
            if (seen[start] || height[start] <= low)
            {
                continue;
            }

            var part = new List<int>();
            seen[start] = true;
            open.Push(start);
            while (open.TryPop(out var node))
            {
                part.Add(node);
                for (var e = graph.First[node]; e < graph.First[node + 1]; e++)
                {
                    var next = graph.Head[e];
                    if (height[next] > low && !seen[next])
                    {
                        seen[next] = true;
                        open.Push(next);
                    }
                }
            }

            parts.Add(part);
        }

        return parts;
    }
}
