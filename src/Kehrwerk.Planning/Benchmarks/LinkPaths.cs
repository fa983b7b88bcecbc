using System.Collections.Immutable;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>
/// Least travel costs between chosen nodes of an instance: one Dijkstra search from each, which ends when all of them are reached.
/// Of parallel links the cheapest is found without being looked for.
/// </summary>
internal sealed class LinkPaths
{
    // Ways out of node n lie at firstOut[n] up to firstOut[n + 1].
    private readonly int[] firstOut;
    private readonly int[] head;
    private readonly int[] cost;
    private readonly int[] best;
    private readonly PriorityQueue<int, int> open = new();

    private LinkPaths(Dictionary<int, int> indexOf, ImmutableArray<ArcLink> links)
    {
        firstOut = new int[indexOf.Count + 1];
        foreach (var (from, _, _) in Ways(indexOf, links))
        {
            firstOut[from + 1]++;
        }

        for (var node = 0; node < indexOf.Count; node++)
        {
            firstOut[node + 1] += firstOut[node];
        }

        head = new int[firstOut[^1]];
        cost = new int[firstOut[^1]];
        var next = firstOut.AsSpan(0, indexOf.Count).ToArray();
        foreach (var (from, to, way) in Ways(indexOf, links))
        {
            head[next[from]] = to;
            cost[next[from]++] = way;
        }

        best = new int[indexOf.Count];
    }

    /// <param name="places">Nodes of the instance, each once; the table numbers them in this order.</param>
    /// <param name="links">Their costs sum to less than <see cref="CostTable.NoWay"/>, which the reader has seen to.</param>
    public static CostTable Between(ImmutableArray<int> places, ImmutableArray<ArcLink> links)
    {
        // The chosen nodes come first, so that a row of the table is the start of the labels.
        var indexOf = new Dictionary<int, int>();
        foreach (var node in places.Concat(links.SelectMany(link => (int[])[link.From, link.To])))
        {
            indexOf.TryAdd(node, indexOf.Count);
        }

        var paths = new LinkPaths(indexOf, links);
        var costs = new int[places.Length * places.Length];
        for (var from = 0; from < places.Length; from++)
        {
            paths.Search(from, places.Length);
            paths.best.AsSpan(0, places.Length).CopyTo(costs.AsSpan(from * places.Length));
        }

        return new(places.Length, costs);
    }

    private static IEnumerable<(int From, int To, int Cost)> Ways(Dictionary<int, int> indexOf, ImmutableArray<ArcLink> links)
    {
        foreach (var link in links)
        {
            yield return (indexOf[link.From], indexOf[link.To], link.TraversalCost);
            if (!link.IsOneWay)
            {
                yield return (indexOf[link.To], indexOf[link.From], link.TraversalCost);
            }
        }
    }

    // Settled are the nodes numbered below the count; labels of others may not be final.
    private void Search(int start, int count)
    {
        var wanted = count;
        best.AsSpan().Fill(CostTable.NoWay);
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
            for (var way = firstOut[node]; way < firstOut[node + 1]; way++)
            {
                var through = reached + cost[way];
                if (through < best[head[way]])
                {
                    best[head[way]] = through;
                    open.Enqueue(head[way], through);
                }
            }
        }
    }
}
