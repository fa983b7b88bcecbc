namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// The network of a table in which passing a place costs nothing: all least ways of a street network without turn costs. The places become
/// nodes, and links are those pairs between which no other place lies. It says exactly what the table says.
/// </summary>
internal static class MetricNetwork
{
    /// <returns>Null where the table knows turn costs, that is, where a way over a place may cost less than the table says.</returns>
    public static DeadheadNetwork? TryBuild(BoundProblem problem, CancellationToken ct)
    {
        var places = PlacesOf(problem);
        var nodeOf = MergeWithoutDistance(problem.Travel, places, out var first);
        if (nodeOf is null || Skeleton(problem.Travel, first, ct) is not { } links)
        {
            return null;
        }

        var tasks = Array.ConvertAll(problem.Tasks, task => NetworkTaskOf(task, place => nodeOf[place], place => nodeOf[place]));
        var home = nodeOf[problem.Starts[0]];
        var isApart = problem.EndsAtSite || problem.Starts is not [var start] || problem.Ends is not [var end] || start != end;
        var terminals = new bool[first.Length + 1];
        if (isApart)
        {
            // Home is apart from the places: tours come back only from a site, or from several ends; others may pass the place.
            home = first.Length;
            links.AddRange(problem.Starts.Select(place => new DeadheadLink(home, nodeOf[place], 0)));
            links.AddRange(problem.EndsAtSite
                ? problem.Sites.Select(site => new DeadheadLink(nodeOf[site.Place], home, (int)Math.Min(problem.ToEnd(site.Place), DeadheadNetwork.NoWay)))
                : problem.Ends.Select(place => new DeadheadLink(nodeOf[place], home, 0)));
        }

        terminals[home] = !problem.EndsAtSite;
        foreach (var site in problem.Sites)
        {
            terminals[nodeOf[site.Place]] = true;
        }

        var symmetric = !isApart
            && tasks.All(task => task.JoinsSameNodes && task.First.Cost == task.Second.Cost && (task.HasTwoModes || task.First.Entry == task.First.Exit))
            && IsSymmetric(problem.Travel, first);
        return new()
        {
            NodeCount = first.Length + (isApart ? 1 : 0),
            Home = home,
            IsTerminal = terminals,
            IsSymmetric = symmetric,
            Links = [.. symmetric ? links.Where(link => link.From < link.To) : links],
            Tasks = tasks,
        };
    }

    // Starts first, then ends, sites and ends of tasks, each place once.
    private static int[] PlacesOf(BoundProblem problem) =>
        [.. problem.Starts
            .Concat(problem.Ends)
            .Concat(problem.Sites.Select(site => site.Place))
            .Concat(problem.Tasks.SelectMany(task => task.Modes).SelectMany(mode => (int[])[mode.Entry, mode.Exit]))
            .Distinct()];

    public static NetworkTask NetworkTaskOf(BoundTask task, Func<int, int> entryNode, Func<int, int> exitNode)
    {
        var modes = task.Modes.Select(mode => new NetworkMode(entryNode(mode.Entry), exitNode(mode.Exit), mode.Cost)).Distinct().ToArray();
        return new(modes[0], modes[^1], modes.Length > 1, task.Demand);
    }

    // Places at no distance of each other, there and back, are one node: a link of cost 0 would let the flow wander for nothing.
    private static Dictionary<int, int>? MergeWithoutDistance(CostTable travel, int[] places, out int[] first)
    {
        var nodeOf = new Dictionary<int, int>();
        var firsts = new List<int>();
        foreach (var place in places)
        {
            if (travel[place, place] != 0)
            {
                first = [];
                return null;
            }

            if (nodeOf.ContainsKey(place))
            {
                continue;
            }

            foreach (var other in places)
            {
                if (other == place || (!nodeOf.ContainsKey(other) && travel[place, other] == 0 && travel[other, place] == 0))
                {
                    nodeOf.Add(other, firsts.Count);
                    if (places.Any(third => travel[place, third] != travel[other, third] || travel[third, place] != travel[third, other]))
                    {
                        first = [];
                        return null;
                    }
                }
            }

            firsts.Add(place);
        }

        first = [.. firsts];
        return nodeOf;
    }

    private static List<DeadheadLink>? Skeleton(CostTable travel, int[] places, CancellationToken ct)
    {
        var count = places.Length;
        var links = new List<DeadheadLink>();
        var order = new int[count];
        var cost = new int[count];
        var neighbours = new List<int>();
        for (var from = 0; from < count; from++)
        {
            ct.ThrowIfCancellationRequested();
            for (var to = 0; to < count; to++)
            {
                order[to] = to;
                cost[to] = travel[places[from], places[to]];
            }

            // A place is reached over a nearer neighbour, or is one itself.
            var keys = cost.AsSpan().ToArray();
            Array.Sort(keys, order);
            neighbours.Clear();
            foreach (var to in order)
            {
                if (to == from || cost[to] >= CostTable.NoWay)
                {
                    continue;
                }

                var covered = false;
                foreach (var over in neighbours)
                {
                    if (cost[over] + travel[places[over], places[to]] <= cost[to])
                    {
                        covered = true;
                        break;
                    }
                }

                if (!covered)
                {
                    neighbours.Add(to);
                    links.Add(new(from, to, cost[to]));
                }
            }
        }

        // If no link shortens any way, every way through the network costs what the table says.
        var row = new int[count];
        for (var from = 0; from < count; from++)
        {
            for (var to = 0; to < count; to++)
            {
                row[to] = travel[places[from], places[to]];
            }

            foreach (var link in links)
            {
                if (row[link.From] + link.Cost < row[link.To])
                {
                    return null;
                }
            }
        }

        AddWaysWhereThereIsNone(travel, places, links);
        return links;
    }

    // What the table calls no way leads over home, at half the cost there and half the cost back.
    private static void AddWaysWhereThereIsNone(CostTable travel, int[] places, List<DeadheadLink> links)
    {
        for (var place = 1; place < places.Length; place++)
        {
            if (places.Any(other => travel[places[place], other] >= DeadheadNetwork.NoWay))
            {
                links.Add(new(place, 0, DeadheadNetwork.NoWay));
            }

            if (places.Any(other => travel[other, places[place]] >= DeadheadNetwork.NoWay))
            {
                links.Add(new(0, place, DeadheadNetwork.NoWay));
            }
        }
    }

    private static bool IsSymmetric(CostTable travel, int[] places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (travel[places[i], places[j]] != travel[places[j], places[i]])
                {
                    return false;
                }
            }
        }

        return true;
    }
}
