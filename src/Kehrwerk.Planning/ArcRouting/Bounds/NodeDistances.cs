namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Least ways through a network, to or from one or several nodes (Dijkstra).</summary>
internal static class NodeDistances
{
    /// <summary>From home over links and tasks; <see cref="int.MaxValue"/> where only a direct link leads.</summary>
    public static int[] FromHome(DeadheadNetwork network)
    {
        var distance = new int[network.NodeCount];
        distance.AsSpan().Fill(int.MaxValue);
        distance[network.Home] = 0;
        var tasks = network.Tasks.SelectMany(task => new[] { task.First, task.Second }).Select(mode => new DeadheadLink(mode.Entry, mode.Exit, mode.Cost));
        Spread(distance, Both(network).Concat(tasks));
        return distance;
    }

    /// <summary>Least deadhead from each node to a terminal, or from a terminal to it.</summary>
    public static int[] FromTerminals(DeadheadNetwork network, bool back)
    {
        var height = new int[network.NodeCount];
        height.AsSpan().Fill(int.MaxValue);
        for (var node = 0; node < height.Length; node++)
        {
            if (network.IsTerminal[node] || node == network.Home)
            {
                height[node] = 0;
            }
        }

        Spread(height, network.IsSymmetric || !back ? Both(network) : network.Links.Select(link => new DeadheadLink(link.To, link.From, link.Cost)));
        if (network.Direct is { } table && !back)
        {
            // An exit is entered only by service: as high as the entries behind it allow.
            for (var exit = 0; exit < table.Rows.Length; exit++)
            {
                var node = table.ExitNodes[exit];
                if (height[node] == int.MaxValue)
                {
                    height[node] = table.EntryNodes.Select((entry, e) => height[entry] - table.Rows[exit][e]).Append(0).Max();
                }
            }
        }

        for (var node = 0; node < height.Length; node++)
        {
            height[node] = height[node] == int.MaxValue ? 0 : height[node];
        }

        return height;
    }

    private static IEnumerable<DeadheadLink> Both(DeadheadNetwork network) =>
        network.IsSymmetric ? network.Links.Concat(network.Links.Select(link => new DeadheadLink(link.To, link.From, link.Cost))) : network.Links;

    private static void Spread(int[] distance, IEnumerable<DeadheadLink> links)
    {
        var ways = links.ToLookup(link => link.From);
        var open = new PriorityQueue<int, int>();
        for (var node = 0; node < distance.Length; node++)
        {
            if (distance[node] < int.MaxValue)
            {
                open.Enqueue(node, distance[node]);
            }
        }

        while (open.TryDequeue(out var node, out var reached))
        {
            if (reached > distance[node])
            {
                continue;
            }

            foreach (var (_, to, cost) in ways[node])
            {
                if (reached + cost < distance[to])
                {
                    distance[to] = reached + cost;
                    open.Enqueue(to, distance[to]);
                }
            }
        }
    }
}
