namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Lower bounds on the cost of arc routing problems.</summary>
public static class LowerBound
{
    private const int SlopesEachWay = 40;
    private const int MostNewCuts = 200;

    /// <summary>
    /// A linear program over the deadhead on each link, to which cuts are added until none is violated: odd cuts where streets go
    /// both ways, then rings around the depot and cuts that ask for enough trips (Belenguer and Benavent 2003).
    /// </summary>
    /// <param name="rounds">Most rounds of cuts; the bound is valid after any number.</param>
    public static BoundResult Of(ArcProblem problem, int rounds = 1000, CancellationToken ct = default)
    {
        int[] capacity = [.. problem.Vehicles[0].Capacity];
        var network = DeadheadNetwork.Of(problem);
        var needs = new CutNeeds(network, capacity);
        var finder = new CutFinder(network, needs);
        var trips = 0;
        for (var r = 0; r < capacity.Length; r++)
        {
            trips = Math.Max(trips, TripBound.ByPacking(problem.Tasks.Select(t => t.Demand[r]).ToArray(), capacity[r]));
        }

        var tours = problem.Sites.IsEmpty ? trips : 1;
        using var program = new CutProgram(network);
        var inside = new bool[network.NodeCount];
        inside.AsSpan().Fill(true);
        inside[network.Home] = false;
        program.AddCut(Array.ConvertAll(inside, i => i ? 1.0 : 0), needs.Of(inside));
        var fixedCost = (long)tours * problem.Vehicles[0].TourCost + (problem.Sites.IsEmpty ? 0 : (long)trips * problem.Sites.Min(s => s.Cost));
        var service = problem.Tasks.Sum(t => (long)t.Modes.Min(m => m.Cost)) + fixedCost;

        long deadhead = 0, value = 0;
        var phase = network.IsSymmetric || needs.CountsParity ? 1 : 2;
        for (var round = 0; round < rounds; round++)
        {
            var solved = program.Solve(20, ct);
            if (solved is null)
            {
                break;
            }

            value = Math.Max(value, (long)Math.Ceiling(solved.Value - 1e-6) + fixedCost);
            if (phase == 1)
            {
                deadhead = value;
            }

            var cuts = finder.OddCuts(program);
            if (phase == 1 && cuts.Count == 0)
            {
                phase = 2;
                cuts = finder.Rings(Distances(network), 200);
                foreach (var back in new[] { true, false })
                {
                    Heights.AddSlopes(network, needs, program, Heights.FromTerminals(network, back), SlopesEachWay);
                }
            }

            if (phase == 2 && cuts.Count < 20)
            {
                cuts.AddRange(finder.LoadCuts(program, 100, round));
            }

            if (cuts.Count == 0)
            {
                break;
            }

            foreach (var cut in cuts.OrderByDescending(c => c.Missed).Skip(MostNewCuts))
            {
                finder.Forget(cut);
            }

            foreach (var cut in cuts.OrderByDescending(c => c.Missed).Take(MostNewCuts))
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
