namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// Cuts, all at once: give each node a height, 0 where loads are left. Whatever is served above some level takes its loads down through
/// that level; summed over all levels, tours go down at least so much. One row stands for as many cuts as there are levels.
/// </summary>
internal static class Heights
{
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
