namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Looks for sets of nodes that a solution of the linear program leaves less often than every real solution does.</summary>
internal sealed class CutFinder(DeadheadNetwork network, CutNeeds needs, CancellationToken ct)
{
    private const double Violation = 0.01;

    // Where growing by the rule finds nothing, it is tried with ever more chance.
    private const int Attempts = 8;
    private const double NoiseStep = 0.25;

    private readonly HashSet<ulong> known = [];

    /// <summary>Nodes, how often they are left at least, and by how much that is missed.</summary>
    public readonly record struct Cut(int[] Nodes, int Need, double Missed);

    /// <summary>Sets that an odd number of streets to be served leads out of: some street there is travelled once more.</summary>
    public List<Cut> OddCuts(Usage usage)
    {
        var found = new List<Cut>();
        if (!needs.CountsParity)
        {
            return found;
        }

        var odd = new bool[network.NodeCount];
        foreach (var task in network.Tasks.Where(task => task.First.Entry != task.First.Exit))
        {
            odd[task.First.Entry] ^= true;
            odd[task.First.Exit] ^= true;
        }

        var support = Support.OfAll(network, usage);
        var deadheads = Support.OfDeadheads(network, usage);
        foreach (var threshold in new[] { 0, 0.1, 0.2 })
        {
            foreach (var part in Parts(deadheads, threshold))
            {
                if (part.Count(node => odd[node]) % 2 == 1)
                {
                    Judge(part, support, found);
                }
            }
        }

        if (found.Count == 0)
        {
            foreach (var side in CutTree.SidesBelow(deadheads, network.Home, 0.5 - (Violation / 2), ct))
            {
                if (side.Count(node => odd[node]) % 2 == 1)
                {
                    Judge(side, support, found);
                }
            }
        }

        return found;
    }

    public List<Cut> LoadCuts(Usage usage, int seeds, int round)
    {
        var found = new List<Cut>();
        var support = Support.OfAll(network, usage);
        foreach (var part in Parts(support, 0))
        {
            Judge(part, support, found);
        }

        foreach (var factor in new[] { 1.0, 1.1, 1.25, 1.5, 2, 3 })
        {
            ct.ThrowIfCancellationRequested();
            FractionalLoads(usage, support, factor, found);
        }

        var growth = new Growth(network, needs, support);
        for (var i = 0; i < seeds; i++)
        {
            ct.ThrowIfCancellationRequested();
            var seed = (int)(((long)round * seeds + i) % network.NodeCount);
            foreach (var nodes in growth.From(seed, Violation))
            {
                Judge(nodes, support, found);
            }
        }
        for (var attempt = 1; attempt <= Attempts && found.Count == 0; attempt++)
        {
            for (var seed = 0; seed < network.NodeCount; seed++)
            {
                ct.ThrowIfCancellationRequested();
                foreach (var nodes in growth.From(seed, Violation, NoiseStep * attempt))
                {
                    Judge(nodes, support, found);
                }
            }
        }

        if (found.Count == 0)
        {
            foreach (var side in CutTree.SidesBelow(support, network.Home, 1 - Violation, ct))
            {
                Judge(side, support, found);
            }
        }

        return found;
    }

    /// <summary>Districts that lie further away than some distance, and their pieces: what a first program starts with.</summary>
    public List<Cut> Rings(int[] distance, int rings)
    {
        var found = new List<Cut>();
        var neighbours = Support.Of(network.NodeCount, [.. network.Links.Select(l => (l.From, l.To, 1.0)), .. network.Tasks.Select(t => (t.First.Entry, t.First.Exit, 1.0))]);
        var empty = Support.Of(network.NodeCount, []);
        var levels = distance.Distinct().Order().ToArray();
        var step = Math.Max(1, levels.Length / rings);
        for (var l = 0; l < levels.Length; l += step)
        {
            foreach (var part in Parts(neighbours, 0, node => distance[node] > levels[l]))
            {
                Judge(part, empty, found);
            }
        }

        return found;
    }

    public void Judge(IEnumerable<int> nodes, Support support, List<Cut> found)
    {
        var inside = new bool[network.NodeCount];
        foreach (var node in nodes)
        {
            inside[node] = true;
        }

        if (inside[network.Home])
        {
            for (var node = 0; node < inside.Length; node++)
            {
                inside[node] = !inside[node];
            }
        }

        var crossing = 0.0;
        for (var node = 0; node < inside.Length; node++)
        {
            for (var e = support.First[node]; inside[node] && e < support.First[node + 1]; e++)
            {
                crossing += inside[support.Head[e]] ? 0 : support.Weight[e];
            }
        }

        var need = needs.Of(inside);
        if (need - crossing > Violation && known.Add(Fingerprint(inside)))
        {
            found.Add(new([.. Enumerable.Range(0, inside.Length).Where(node => inside[node])], need, need - crossing));
        }
    }

    public void Forget(Cut cut)
    {
        var inside = new bool[network.NodeCount];
        foreach (var node in cut.Nodes)
        {
            inside[node] = true;
        }

        known.Remove(Fingerprint(inside));
    }

    private static ulong Fingerprint(bool[] inside)
    {
        var sum = 0UL;
        for (var node = 0; node < inside.Length; node++)
        {
            if (inside[node])
            {
                var mixed = (ulong)(node + 1) * 0x9E3779B97F4A7C15;
                mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
                mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
                sum += mixed ^ (mixed >> 31);
            }
        }

        return sum;
    }

    private IEnumerable<List<int>> Parts(Support graph, double threshold, Func<int, bool>? isWanted = null)
    {
        var seen = new bool[graph.NodeCount];
        var open = new Stack<int>();
        for (var start = 0; start < seen.Length; start++)
        {
            if (seen[start] || (isWanted is not null && !isWanted(start)))
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
                    if (graph.Weight[e] > threshold && !seen[graph.Head[e]] && (isWanted is null || isWanted(graph.Head[e])))
                    {
                        seen[graph.Head[e]] = true;
                        open.Push(graph.Head[e]);
                    }
                }
            }

            if (!part.Contains(network.Home) || isWanted is null)
            {
                yield return part;
            }
        }
    }

    // The set whose load, not rounded, is carried out least: a least cut, as each task's load is split over its ends and itself.
    private void FractionalLoads(Usage usage, Support support, double factor, List<Cut> found)
    {
        for (var resource = 0; resource < needs.Capacity.Length; resource++)
        {
            var capacity = (double)needs.Capacity[resource];
            if (capacity <= 0)
            {
                continue;
            }

            var source = network.NodeCount;
            var sink = source + 1;
            var uses = Support.Deadheads(network, usage);
            var pull = new double[network.NodeCount];
            for (var t = 0; t < network.Tasks.Length; t++)
            {
                var (task, share) = (network.Tasks[t], usage.SecondShare[t]);
                var half = factor * task.Demand[resource] / (2 * capacity);
                pull[task.First.Entry] += half / 2;
                pull[task.First.Exit] += half / 2;
                pull[task.Second.Entry] += half / 2;
                pull[task.Second.Exit] += half / 2;
                uses.Add((task.First.Entry, task.First.Exit, Math.Max(0, ((1 - share) / 2) - (half / 2))));
                uses.Add((task.Second.Entry, task.Second.Exit, Math.Max(0, (share / 2) - (half / 2))));
            }

            for (var node = 0; node < pull.Length; node++)
            {
                uses.Add(network.IsTerminal[node] ? (node, sink, 1e6) : (source, node, pull[node]));
            }

            var cut = new LeastCut(Support.Of(network.NodeCount + 2, uses));
            cut.Between(source, sink);
            var side = Enumerable.Range(0, network.NodeCount).Where(cut.IsAtSource).ToArray();
            if (side.Length > 0)
            {
                Judge(side, support, found);
                var kept = Support.Of(network.NodeCount, [.. InSide(support, [.. side])]);
                foreach (var part in Parts(kept, 0, new HashSet<int>(side).Contains))
                {
                    Judge(part, support, found);
                }
            }
        }
    }

    private static IEnumerable<(int, int, double)> InSide(Support support, HashSet<int> side)
    {
        foreach (var node in side)
        {
            for (var e = support.First[node]; e < support.First[node + 1]; e++)
            {
                if (node < support.Head[e] && side.Contains(support.Head[e]))
                {
                    yield return (node, support.Head[e], support.Weight[e]);
                }
            }
        }
    }
}
