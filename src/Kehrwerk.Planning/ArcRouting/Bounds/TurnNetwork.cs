namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// The network of any table, turn costs included. Each place is two nodes, where it is left and where it is entered, so that no way leads
/// over a place unless it is served. Between two entries b and c lies a link of cost max over all exits a of T(a, c) − T(a, b): having come
/// to b, from wherever, c cannot cost less. Most ways of the table are made of these; the others are direct links, of which only the
/// likely ones are in the network from the start (<see cref="DirectLinks"/>). No way becomes cheaper than the table says.
/// </summary>
internal static class TurnNetwork
{
    private const int Landmarks = 24;
    private const int Candidates = 24;
    private const int FirstDirect = 6;

    public static DeadheadNetwork Build(BoundProblem problem, CancellationToken ct)
    {
        // Nodes: home, sites (each both an exit and an entry), then the entries of tasks, then their exits.
        var sites = problem.Sites.Select(site => site.Place).Distinct().ToArray();
        var modes = problem.Tasks.SelectMany(task => task.Modes).ToArray();
        int[] taskEntries = [.. modes.Select(mode => mode.Entry).Distinct()];
        int[] taskExits = [.. modes.Select(mode => mode.Exit).Distinct()];
        var firstEntry = sites.Length + 1;
        var firstExit = firstEntry + taskEntries.Length;
        var nodeCount = firstExit + taskExits.Length;
        var nodeOfEntry = taskEntries.Select((place, i) => (place, i)).ToDictionary(p => p.place, p => firstEntry + p.i);
        var nodeOfExit = taskExits.Select((place, i) => (place, i)).ToDictionary(p => p.place, p => firstExit + p.i);

        // Home is entered from everywhere, or only from a site.
        var firstEntered = problem.EndsAtSite ? 1 : 0;
        int[] entryNodes = [.. Enumerable.Range(firstEntered, firstExit - firstEntered)];
        int[] exitNodes = [.. Enumerable.Range(0, firstEntry), .. Enumerable.Range(firstExit, taskExits.Length)];
        int[] placeOfNode = [-1, .. sites, .. taskEntries, .. taskExits];
        var rows = Array.ConvertAll(
            exitNodes, exit => Array.ConvertAll(entryNodes, entry => (int)Math.Min(Way(placeOfNode[exit], placeOfNode[entry]), CostTable.NoWay)));
        var terminals = new bool[nodeCount];
        var links = new List<DeadheadLink>();
        terminals[0] = !problem.EndsAtSite;
        for (var site = 1; site <= sites.Length; site++)
        {
            terminals[site] = true;
            if (problem.EndsAtSite)
            {
                links.Add(new(site, 0, (int)Math.Min(problem.ToEnd(placeOfNode[site]), CostTable.NoWay)));
            }
        }

        var between = BetweenEntries(rows, ct);
        for (var from = 0; from < between.Length; from++)
        {
            links.AddRange(between[from].Select(way => new DeadheadLink(entryNodes[from], entryNodes[way.To], way.Cost)));
        }

        // Home and the sites have all their links, so that there is a flow from the start.
        var all = sites.Length + 1 - firstEntered;
        for (var exit = 0; exit < rows.Length; exit++)
        {
            var isHub = exit <= sites.Length;
            links.AddRange(Direct(rows[exit], between, isHub ? int.MaxValue : FirstDirect).Where(to => isHub || to >= all)
                .Concat(isHub ? [] : Enumerable.Range(0, all))
                .Select(to => new DeadheadLink(exitNodes[exit], entryNodes[to], rows[exit][to])));
        }

        var tasks = Array.ConvertAll(problem.Tasks, task => MetricNetwork.NetworkTaskOf(task, place => nodeOfEntry[place], place => nodeOfExit[place]));
        return new()
        {
            NodeCount = nodeCount,
            Home = 0,
            IsTerminal = terminals,
            IsSymmetric = false,
            Links = [.. links],
            Tasks = tasks,
            Direct = new(rows, exitNodes, entryNodes, MostLeft(tasks, nodeCount)),
        };

        long Way(int from, int to) => from < 0
            ? to < 0 ? problem.Starts.Min(problem.ToEnd) : problem.ToStart(to)
            : to < 0 ? problem.ToEnd(from) : problem.Travel[from, to];
    }

    // How often each node is left by a direct link at most: as often as tasks end there; home and tip sites no more often than there are tasks.
    private static int[] MostLeft(NetworkTask[] tasks, int nodeCount)
    {
        var most = new int[nodeCount];
        most.AsSpan().Fill(tasks.Length);
        foreach (var task in tasks)
        {
            most[task.First.Exit] = most[task.Second.Exit] = 0;
        }

        foreach (var task in tasks)
        {
            most[task.First.Exit]++;
            most[task.Second.Exit] += task.First.Exit != task.Second.Exit ? 1 : 0;
        }

        return most;
    }

    // The nearest entries to which no way leads over a nearer one at the cost of the table.
    private static List<int> Direct(int[] row, (int To, int Cost)[][] between, int count)
    {
        var order = new int[row.Length];
        for (var e = 0; e < order.Length; e++)
        {
            order[e] = e;
        }

        var keys = row.AsSpan().ToArray();
        Array.Sort(keys, order);
        var best = new int[row.Length];
        best.AsSpan().Fill(int.MaxValue);
        var direct = new List<int>();
        foreach (var to in order)
        {
            if (best[to] > row[to])
            {
                if (direct.Count >= count)
                {
                    break;
                }

                direct.Add(to);
                best[to] = row[to];
            }

            foreach (var (next, cost) in between[to])
            {
                best[next] = Math.Min(best[next], best[to] + cost);
            }
        }

        return direct;
    }

    // For each entry the few nearest others, in the sense of the link's cost; those that lie behind another are left out.
    private static (int To, int Cost)[][] BetweenEntries(int[][] rows, CancellationToken ct)
    {
        var count = rows[0].Length;
        var step = Math.Max(1, rows.Length / Landmarks);
        var landmarks = rows.Where((_, index) => index % step == 0).ToArray();
        var near = new (int To, int Cost)[count][];
        var guess = new int[count];
        var order = new int[count];
        for (var from = 0; from < count; from++)
        {
            ct.ThrowIfCancellationRequested();
            guess.AsSpan().Clear();
            foreach (var row in landmarks)
            {
                for (var to = 0; to < count; to++)
                {
                    guess[to] = Math.Max(guess[to], row[to] - row[from]);
                }
            }

            for (var to = 0; to < count; to++)
            {
                order[to] = to;
            }

            Array.Sort(guess, order);
            near[from] = [.. order.Take(Candidates + 1).Where(to => to != from).Select(to => (to, rows.Max(row => Math.Max(0, row[to] - row[from]))))];
            Array.Sort(near[from], static (a, b) => a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost) : a.To.CompareTo(b.To));
        }

        var kept = new (int To, int Cost)[count][];
        for (var from = 0; from < count; from++)
        {
            var ways = new List<(int To, int Cost)>();
            foreach (var way in near[from])
            {
                if (way.Cost < DeadheadNetwork.NoWay && !ways.Exists(over => LiesBehind(over, way)))
                {
                    ways.Add(way);
                }
            }

            kept[from] = [.. ways];
        }

        return kept;

        bool LiesBehind((int To, int Cost) over, (int To, int Cost) way) =>
            over.Cost > 0 && Array.Exists(near[over.To], next => next.To == way.To && next.Cost > 0 && over.Cost + next.Cost <= way.Cost);
    }
}
