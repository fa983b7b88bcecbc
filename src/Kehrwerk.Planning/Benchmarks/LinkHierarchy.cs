using System.Numerics;
using System.Runtime.InteropServices;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>
/// Least travel costs for many starts at once. Node after node is taken out of the network, the one with the fewest neighbours first,
/// and its neighbours are joined past it (as in customisable contraction hierarchies: Dibbelt, Strasser and Wagner 2016). A least
/// way then climbs to nodes taken out later and descends again, and two sweeps over the nodes find it (as in PHAST: Delling,
/// Goldberg, Nowatzyk and Werneck 2011). Street networks come apart easily; a network at random does not, and is given up.
/// </summary>
internal sealed class LinkHierarchy
{
    // Starts that are swept together; a multiple of what a processor adds at once.
    private const int Lanes = 16;

    // By the order in which nodes were taken out: the joints of a rank with higher ranks lie at first[rank] up to first[rank + 1].
    private readonly int[] rankOf;
    private readonly int[] first;
    private readonly List<int> higher = [];
    private readonly List<Costs> joints = [];
    private readonly int[] best;

    private LinkHierarchy(int nodes, IEnumerable<LinkWay> ways, long maxPairs)
    {
        rankOf = new int[nodes];
        first = new int[nodes + 1];
        best = new int[nodes * Lanes];
        var neighbours = Enumerable.Range(0, nodes).Select(_ => new Dictionary<int, Costs>()).ToArray();
        foreach (var (from, to, cost) in ways.Where(way => way.From != way.To))
        {
            Join(neighbours, from, to, new(cost, CostTable.NoWay));
        }

        IsWhole = TakeOutAll(neighbours, maxPairs);
        for (var i = 0; i < higher.Count; i++)
        {
            higher[i] = rankOf[higher[i]];
        }
    }

    private bool IsWhole { get; }

    /// <summary>Costs from one node to another and back; <see cref="CostTable.NoWay"/> where there is no way.</summary>
    private readonly record struct Costs(int There, int Back);

    /// <summary>The hierarchy of a network, or null where more than so many pairs of neighbours would have to be joined.</summary>
    public static LinkHierarchy? Of(int nodes, IEnumerable<LinkWay> ways, long maxPairs) =>
        new LinkHierarchy(nodes, ways, maxPairs) is { IsWhole: true } hierarchy ? hierarchy : null;

    /// <summary>Fills a table, row by row, with the least costs between the nodes numbered below a count.</summary>
    public void Fill(int[] costs, int count)
    {
        for (var start = 0; start < count; start += Lanes)
        {
            FillRows(start, costs, count);
        }
    }

    // Both nodes know of the joint; the cheaper way counts.
    private static void Join(Dictionary<int, Costs>[] neighbours, int from, int to, Costs costs)
    {
        Improve(ref CollectionsMarshal.GetValueRefOrAddDefault(neighbours[from], to, out var isKnown), isKnown, costs);
        Improve(ref CollectionsMarshal.GetValueRefOrAddDefault(neighbours[to], from, out isKnown), isKnown, new(costs.Back, costs.There));

        static void Improve(ref Costs known, bool isKnown, Costs costs) =>
            known = isKnown ? new(Math.Min(known.There, costs.There), Math.Min(known.Back, costs.Back)) : costs;
    }

    private bool TakeOutAll(Dictionary<int, Costs>[] neighbours, long maxPairs)
    {
        var rank = 0;
        var pairs = 0L;
        var isOut = new bool[neighbours.Length];
        var open = new PriorityQueue<int, (int Degree, int Node)>(neighbours.Select((near, node) => (node, (near.Count, node))));
        while (open.TryDequeue(out var node, out var queued))
        {
            // Whoever gets another number of neighbours is queued again.
            if (isOut[node] || queued.Degree != neighbours[node].Count)
            {
                continue;
            }

            KeyValuePair<int, Costs>[] near = [.. neighbours[node]];
            pairs += (long)near.Length * (near.Length - 1) / 2;
            if (pairs > maxPairs)
            {
                return false;
            }

            foreach (var (neighbour, costs) in near)
            {
                higher.Add(neighbour);
                joints.Add(costs);
                neighbours[neighbour].Remove(node);
            }

            for (var i = 0; i < near.Length; i++)
            {
                for (var j = i + 1; j < near.Length; j++)
                {
                    var past = new Costs(Sum(near[i].Value.Back, near[j].Value.There), Sum(near[j].Value.Back, near[i].Value.There));
                    if (Math.Min(past.There, past.Back) < CostTable.NoWay)
                    {
                        Join(neighbours, near[i].Key, near[j].Key, past);
                    }
                }
            }

            foreach (var (neighbour, _) in near)
            {
                open.Enqueue(neighbour, (neighbours[neighbour].Count, neighbour));
            }

            isOut[node] = true;
            rankOf[node] = rank++;
            first[rank] = higher.Count;
        }

        return true;

        static int Sum(int one, int other) => Math.Min(one + other, CostTable.NoWay);
    }

    // Up to as many rows as there are lanes, from one on.
    private void FillRows(int start, int[] costs, int nodes)
    {
        var count = Math.Min(Lanes, nodes - start);
        best.AsSpan().Fill(CostTable.NoWay);
        for (var lane = 0; lane < count; lane++)
        {
            best[(rankOf[start + lane] * Lanes) + lane] = 0;
        }

        Climb();
        Descend();
        for (var to = 0; to < nodes; to++)
        {
            var row = best.AsSpan(rankOf[to] * Lanes, count);
            for (var lane = 0; lane < count; lane++)
            {
                costs[((start + lane) * nodes) + to] = row[lane];
            }
        }
    }

    private void Climb()
    {
        for (var rank = 0; rank + 1 < first.Length; rank++)
        {
            for (var joint = first[rank]; joint < first[rank + 1]; joint++)
            {
                Relax(higher[joint], rank, joints[joint].There);
            }
        }
    }

    private void Descend()
    {
        for (var rank = first.Length - 2; rank >= 0; rank--)
        {
            for (var joint = first[rank]; joint < first[rank + 1]; joint++)
            {
                Relax(rank, higher[joint], joints[joint].Back);
            }
        }
    }

    // The best costs to one rank, given those to another and the cost between. No sum of two exceeds an int.
    private void Relax(int to, int from, int cost)
    {
        if (cost == CostTable.NoWay)
        {
            return;
        }

        var known = best.AsSpan(to * Lanes, Lanes);
        ReadOnlySpan<int> over = best.AsSpan(from * Lanes, Lanes);
        var between = new Vector<int>(cost);
        for (var lane = 0; lane < Lanes; lane += Vector<int>.Count)
        {
            Vector.Min(new(known[lane..]), new Vector<int>(over[lane..]) + between).CopyTo(known[lane..]);
        }
    }
}
