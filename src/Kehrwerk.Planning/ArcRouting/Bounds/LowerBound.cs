namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Lower bounds on the cost of arc routing problems.</summary>
public static class LowerBound
{
    public static int Slopes { get; set; } = 40;
    public static Action<string>? Trace { get; set; }

    public static BoundResult Of(ArcProblem problem, int rounds = 1000, CancellationToken ct = default)
    {
        int[] capacity = [.. problem.Capacity];
        var network = DeadheadNetwork.Of(problem);
        var needs = new CutNeeds(network, capacity);
        var finder = new CutFinder(network, needs);
        var trips = 0;
        for (var r = 0; r < capacity.Length; r++)
        {
            trips = Math.Max(trips, TripBound.ByPacking(problem.Tasks.Select(t => t.Demand[r]).ToArray(), capacity[r]));
        }

        var tours = problem.TipSites.IsEmpty ? trips : 1;
        Trace?.Invoke($"nodes {network.NodeCount} links {network.Links.Length} tasks {network.Tasks.Length} sym {network.IsSymmetric} trips {trips}");
        using var program = new CutProgram(network);
        var inside = new bool[network.NodeCount];
        inside.AsSpan().Fill(true);
        inside[network.Home] = false;
        program.AddCut(Array.ConvertAll(inside, i => i ? 1.0 : 0), needs.Of(inside));
        var fixedCost = (long)tours * problem.TourCost + (problem.TipSites.IsEmpty ? 0 : (long)trips * problem.TipSites.Min(s => s.Cost));
        var service = problem.Tasks.Sum(t => (long)t.Modes.Min(m => m.Cost)) + fixedCost;

        long deadhead = 0, value = 0;
        var phase = network.IsSymmetric || needs.CountsParity ? 1 : 2;
        var last = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var sv = Cpu(); var solved = program.Solve(20, ct);
            if (solved is null)
            {
                Trace?.Invoke("not solved");
                break;
            }

            value = Math.Max(value, (long)Math.Ceiling(solved.Value - 1e-6) + fixedCost);
            if (phase == 1)
            {
                deadhead = value;
            }

            last.Add(solved.Value);
            List<CutFinder.Cut> cuts;
            var sw = Cpu();
            cuts = finder.OddCuts(program);
            if (phase == 1 && cuts.Count == 0)
            {
                phase = 2;
                cuts = finder.Rings(Distances(network), 200);
                if (Slopes > 0) { var sl = Cpu(); var count = program.CutCount; foreach (var back in new[] { true, false }) Heights.AddSlopes(network, needs, program, Heights.FromTerminals(network, back), Slopes);
                Trace?.Invoke($"  slopes {program.CutCount - count} rows in {Cpu() - sl} ms"); }
                Trace?.Invoke($"  round {round}: deadhead {deadhead}, rings {cuts.Count}");
            }

            if (phase == 2 && cuts.Count < 20)
            {
                cuts.AddRange(finder.LoadCuts(program, 100, round));
            }

            Trace?.Invoke($"  round {round}: {solved + fixedCost:F2}, {cuts.Count} cuts, links {program.Links.Count} missed {(cuts.Count > 0 ? cuts.Max(c => c.Missed) : 0):F3}, rows {program.CutCount} solve {sw - sv} sep {Cpu() - sw} ms");
            if (cuts.Count == 0)
            {
                break;
            }

            foreach (var cut in cuts.OrderByDescending(c => c.Missed).Skip(200))
            {
                finder.Forget(cut);
            }

            foreach (var cut in cuts.OrderByDescending(c => c.Missed).Take(200))
            {
                inside.AsSpan().Clear();
                foreach (var node in cut.Nodes)
                {
                    inside[node] = true;
                }

                program.AddCut(Array.ConvertAll(inside, i => i ? 1.0 : 0), cut.Need);
            }
        }

        return new(trips, tours, service, deadhead, value);
    }

    internal static long Cpu() => (long)System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;

    private static int[] Distances(DeadheadNetwork network)
    {
        var distance = new int[network.NodeCount];
        distance.AsSpan().Fill(int.MaxValue);
        var open = new PriorityQueue<int, int>();
        var ways = network.Links.SelectMany(l => network.IsSymmetric ? new[] { (l.From, l.To, l.Cost), (l.To, l.From, l.Cost) } : [(l.From, l.To, l.Cost)])
            .Concat(network.Tasks.SelectMany(t => new[] { (t.First.Entry, t.First.Exit, t.First.Cost), (t.Second.Entry, t.Second.Exit, t.Second.Cost) })).ToLookup(w => w.Item1);
        distance[network.Home] = 0;
        open.Enqueue(network.Home, 0);
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

        return distance;
    }
}
