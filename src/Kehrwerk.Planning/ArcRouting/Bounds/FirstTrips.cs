namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Trips that serve every task, each time the nearest that still fits: what a linear program over trips can start from.</summary>
internal sealed class FirstTrips(DeadheadNetwork network, TripLoads loads)
{
    private readonly ILookup<int, (int To, int Link)> ways = network.Links
        .SelectMany((link, l) => network.IsSymmetric ? new[] { (link.From, (link.To, l)), (link.To, (link.From, l)) } : [(link.From, (link.To, l))])
        .ToLookup(way => way.Item1, way => way.Item2);

    private readonly ILookup<int, int> modesAt = network.Tasks
        .SelectMany((task, t) => new[] { (task.First.Entry, 2 * t), (task.Second.Entry, (2 * t) + 1) })
        .ToLookup(pair => pair.Item1, pair => pair.Item2);

    /// <returns>Fewer than serve every task where some cannot be reached.</returns>
    public List<Trip> Build()
    {
        var trips = new List<Trip>();
        var isServed = new bool[network.Tasks.Length];
        while (Array.IndexOf(isServed, false) >= 0)
        {
            var links = new List<int>();
            var served = new List<int>();
            var at = network.Home;
            var room = loads.Capacity;
            while (Walk(at, node => NextMode(node, isServed, room) >= 0, links) is { } entry)
            {
                var mode = NextMode(entry, isServed, room);
                served.Add(mode);
                isServed[mode / 2] = true;
                room -= loads.Load[mode / 2];
                at = mode % 2 == 0 ? network.Tasks[mode / 2].First.Exit : network.Tasks[mode / 2].Second.Exit;
            }

            if (served.Count == 0 || Walk(at, node => network.IsTerminal[node], links) is not { } end)
            {
                break;
            }

            trips.Add(new([.. served], [.. links], network.Home, end));
        }

        return trips;
    }

    // The largest that fits.
    private int NextMode(int node, bool[] isServed, int room) => modesAt[node]
        .Where(mode => !isServed[mode / 2] && loads.Load[mode / 2] <= room)
        .DefaultIfEmpty(-1)
        .MaxBy(mode => mode < 0 ? 0 : loads.Load[mode / 2]);

    private int? Walk(int from, Func<int, bool> isGoal, List<int> links)
    {
        var by = new Dictionary<int, (int Before, int Link)> { [from] = (-1, -1) };
        var final = new HashSet<int>();
        var open = new PriorityQueue<(int Node, int Before, int Link), long>();
        open.Enqueue((from, -1, -1), 0);
        while (open.TryDequeue(out var next, out var reached))
        {
            if (!final.Add(next.Node))
            {
                continue;
            }

            by[next.Node] = (next.Before, next.Link);
            if (isGoal(next.Node))
            {
                for (var node = next.Node; by[node].Before >= 0; node = by[node].Before)
                {
                    links.Add(by[node].Link);
                }

                return next.Node;
            }

            foreach (var (to, link) in ways[next.Node])
            {
                open.Enqueue((to, next.Node, link), reached + network.Links[link].Cost);
            }
        }

        return null;
    }
}
