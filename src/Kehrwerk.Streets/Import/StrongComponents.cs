namespace Kehrwerk.Streets.Import;

/// <summary>Strongly connected components by Tarjan's algorithm (1972), without recursion: a city is deeper than the stack.</summary>
internal static class StrongComponents
{
    /// <param name="firstEdge">Index of the first edge out of each node; one entry more than there are nodes.</param>
    /// <param name="head">The node that each edge leads to.</param>
    /// <returns>The component of each node, 0 … <paramref name="count"/> - 1.</returns>
    public static int[] Of(ReadOnlySpan<int> firstEdge, ReadOnlySpan<int> head, out int count)
    {
        var nodes = firstEdge.Length - 1;
        // index: order of discovery from 1; low: the earliest open node that is known to be reachable.
        var (index, low, component) = (new int[nodes], new int[nodes], new int[nodes]);
        var nextEdge = firstEdge[..nodes].ToArray();
        var (open, path) = (new Stack<int>(), new Stack<int>());
        Array.Fill(component, -1);
        var visited = 0;
        count = 0;
        for (var root = 0; root < nodes; root++)
        {
            if (index[root] != 0)
            {
                continue;
            }

            Visit(root);
            while (path.TryPeek(out var node))
            {
                if (nextEdge[node] < firstEdge[node + 1])
                {
                    var next = head[nextEdge[node]++];
                    if (index[next] == 0)
                    {
                        Visit(next);
                    }
                    else if (component[next] < 0)
                    {
                        low[node] = Math.Min(low[node], index[next]);
                    }

                    continue;
                }

                path.Pop();
                if (path.TryPeek(out var before))
                {
                    low[before] = Math.Min(low[before], low[node]);
                }

                if (low[node] == index[node])
                {
                    int member;
                    do
                    {
                        member = open.Pop();
                        component[member] = count;
                    }
                    while (member != node);
                    count++;
                }
            }
        }

        return component;

        void Visit(int node)
        {
            index[node] = low[node] = ++visited;
            open.Push(node);
            path.Push(node);
        }
    }
}
