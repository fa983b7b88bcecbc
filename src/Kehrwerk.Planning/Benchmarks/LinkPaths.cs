using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>A way along a link, between nodes numbered from 0.</summary>
internal readonly record struct LinkWay(int From, int To, int Cost);

/// <summary>
/// Least travel costs between chosen nodes of an instance: by a <see cref="LinkHierarchy"/> where the network allows one, which takes
/// a second for 8,000 required links, else by a search with Dijkstra's algorithm from each, which takes ten.
/// </summary>
internal static class LinkPaths
{
    // Joining as many takes half a second. The street networks of 10,000 nodes among the published instances need 20,000 to 60,000.
    private const long MaxPairs = 5_000_000;

    /// <param name="places">Nodes of the instance, each once; the table numbers them in this order.</param>
    /// <param name="links">Their costs sum to less than <see cref="CostTable.NoWay"/>, which the reader has seen to.</param>
    /// <param name="maxPairs">See <see cref="LinkHierarchy.Of"/>; 0 for Dijkstra's algorithm.</param>
    public static CostTable Between(ImmutableArray<int> places, ImmutableArray<ArcLink> links, long maxPairs = MaxPairs)
    {
        // The chosen nodes come first, so that a row of the table is the start of the labels.
        var indexOf = new Dictionary<int, int>();
        foreach (var node in places.Concat(links.SelectMany(link => (int[])[link.From, link.To])))
        {
            indexOf.TryAdd(node, indexOf.Count);
        }

        var ways = new List<LinkWay>(2 * links.Length);
        foreach (var link in links)
        {
            ways.Add(new(indexOf[link.From], indexOf[link.To], link.TraversalCost));
            if (!link.IsOneWay)
            {
                ways.Add(new(indexOf[link.To], indexOf[link.From], link.TraversalCost));
            }
        }

        var costs = new int[places.Length * places.Length];
        if (LinkHierarchy.Of(indexOf.Count, ways, maxPairs) is { } hierarchy)
        {
            hierarchy.Fill(costs, places.Length);
        }
        else
        {
            SearchFromEach(indexOf.Count, ways, costs, places.Length);
        }

        return new(places.Length, costs);
    }

    private static void SearchFromEach(int nodes, List<LinkWay> ways, int[] costs, int count)
    {
        // Ways out of node n lie at firstOut[n] up to firstOut[n + 1].
        LinkWay[] sorted = [.. ways.OrderBy(way => way.From)];
        var firstOut = new int[nodes + 1];
        foreach (var way in sorted)
        {
            firstOut[way.From + 1]++;
        }

        for (var node = 0; node < nodes; node++)
        {
            firstOut[node + 1] += firstOut[node];
        }

        var best = new int[nodes];
        var open = new PriorityQueue<int, int>();
        for (var start = 0; start < count; start++)
        {
            Search(start);
            best.AsSpan(0, count).CopyTo(costs.AsSpan(start * count));
        }

        // Ends when the nodes numbered below the count are settled; labels of others may not be final.
        void Search(int start)
        {
            var wanted = count;
            Array.Fill(best, CostTable.NoWay);
            best[start] = 0;
            open.Clear();
            open.Enqueue(start, 0);
            while (wanted > 0 && open.TryDequeue(out var node, out var reached))
            {
                if (reached > best[node])
                {
                    continue;
                }

                // A node is settled once: its label falls strictly before it enters the queue again.
                wanted -= node < count ? 1 : 0;
                foreach (var (_, to, cost) in sorted.AsSpan(firstOut[node]..firstOut[node + 1]))
                {
                    if (reached + cost < best[to])
                    {
                        best[to] = reached + cost;
                        open.Enqueue(to, best[to]);
                    }
                }
            }
        }
    }
}
