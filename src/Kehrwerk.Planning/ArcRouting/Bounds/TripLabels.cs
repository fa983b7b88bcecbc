namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// Cheapest beginnings of trips, or ends of trips, at given prices, by dynamic programming over load and node: within a load by deadheading (Dijkstra), from load to load by
/// service. A trip may serve a task more than once, but not twice in a row, for which each node keeps two labels with different last tasks
/// (Houck et al. 1980; on the network itself Letchford and Oukil 2009, "Exploiting sparsity in pricing routines for the capacitated arc routing problem").
/// </summary>
internal sealed class TripLabels
{
    private const int None = -1;

    private readonly DeadheadNetwork network;
    private readonly bool back;
    private readonly int[] load;
    private readonly int levels;
    private readonly int nodes;
    private readonly int[] firstLink;
    private readonly (int To, int Link)[] links;
    private readonly int[] firstMode;
    private readonly (int Exit, int Task, int Mode)[] modes;

    // Two labels for each load and node; the better one first.
    private readonly double[] cost;
    private readonly int[] last;
    private readonly int[] before;
    private readonly int[] step;
    private readonly bool[] isFinal;
    private readonly PriorityQueue<int, double> open = new();

    /// <param name="back">From where trips end back to where they start.</param>
    public TripLabels(DeadheadNetwork network, TripLoads loads, bool back)
    {
        this.network = network;
        this.back = back;
        load = loads.Load;
        levels = loads.Capacity + 1;
        nodes = network.NodeCount;
        var ways = network.Links.Select((link, l) => (link.From, link.To, Link: l));
        if (network.IsSymmetric)
        {
            ways = ways.Concat(network.Links.Select((link, l) => (link.To, link.From, l)));
        }
        else if (back)
        {
            ways = network.Links.Select((link, l) => (link.To, link.From, l));
        }

        (firstLink, links) = ByNode(ways.Select(way => (way.From, (way.To, way.Link))));
        var served = network.Tasks
            .SelectMany((_, t) => network.Tasks[t].HasTwoModes ? new[] { 2 * t, (2 * t) + 1 } : [2 * t])
            .Select(mode => (Mode: network.ModeAt(mode), Task: mode / 2, Side: mode % 2))
            .Select(m => back ? (m.Mode.Exit, (m.Mode.Entry, m.Task, m.Side)) : (m.Mode.Entry, (m.Mode.Exit, m.Task, m.Side)));
        (firstMode, modes) = ByNode(served);
        cost = new double[levels * nodes * 2];
        last = new int[cost.Length];
        before = new int[cost.Length];
        step = new int[cost.Length];
        isFinal = new bool[cost.Length];
    }

    public double CostOf(int label) => cost[label];

    /// <summary>The task that a label served last; −1 for none.</summary>
    public int LastOf(int label) => last[label];

    /// <param name="linkPrice">By link, not negative.</param>
    /// <param name="modePrice">By task and mode, 2 · task + mode.</param>
    public void Run(double[] linkPrice, double[] modePrice, CancellationToken ct)
    {
        cost.AsSpan().Fill(double.PositiveInfinity);
        last.AsSpan().Fill(None);
        isFinal.AsSpan().Clear();
        for (var node = 0; node < nodes; node++)
        {
            if ((node == network.Home && !back) || network.IsTerminal[node])
            {
                Reach(0, node, 0, None, None, None);
            }
        }

        for (var level = 0; level < levels; level++)
        {
            ct.ThrowIfCancellationRequested();
            Spread(level, linkPrice, modePrice);
        }
    }

    /// <summary>What a label did, the last first: links by their number, modes (2 · task + mode) behind them.</summary>
    /// <returns>The node where it began.</returns>
    public int Trace(int label, List<int> usedLinks, List<int> served)
    {
        while (before[label] != None)
        {
            if (step[label] < network.Links.Length)
            {
                usedLinks.Add(step[label]);
            }
            else
            {
                served.Add(step[label] - network.Links.Length);
            }

            label = before[label];
        }

        return (label >> 1) % nodes;
    }

    private void Spread(int level, double[] linkPrice, double[] modePrice)
    {
        open.Clear();
        var from = LabelOf(level, 0);
        for (var label = from; label < from + (2 * nodes); label++)
        {
            if (cost[label] < double.PositiveInfinity)
            {
                open.Enqueue(label >> 1, cost[label]);
            }
        }

        while (open.TryDequeue(out var cell, out var reached))
        {
            var label = cell << 1;
            label += isFinal[label] ? 1 : 0;
            if (isFinal[label] || cost[label] != reached)
            {
                continue;
            }

            isFinal[label] = true;
            var node = cell % nodes;
            for (var e = firstLink[node]; e < firstLink[node + 1]; e++)
            {
                var (to, link) = links[e];
                Reach(level, to, reached + linkPrice[link], last[label], label, link);
            }

            for (var m = firstMode[node]; m < firstMode[node + 1]; m++)
            {
                var (exit, task, mode) = modes[m];
                if (task != last[label] && level + load[task] < levels)
                {
                    Place(level + load[task], exit, reached + modePrice[(2 * task) + mode], task, label, network.Links.Length + (2 * task) + mode);
                }
            }
        }
    }

    private void Reach(int level, int node, double price, int task, int from, int by)
    {
        if (Place(level, node, price, task, from, by) && from != None)
        {
            open.Enqueue((level * nodes) + node, price);
        }
    }

    // A label that is not final moves down when a better one with another last task comes; a final one is never bettered.
    private bool Place(int level, int node, double price, int task, int from, int by)
    {
        var first = LabelOf(level, node);
        var second = first + 1;
        if (price >= cost[second] || (task == last[first] && price >= cost[first]))
        {
            return false;
        }

        if (price < cost[first])
        {
            if (task != last[first])
            {
                (cost[second], last[second], before[second], step[second]) = (cost[first], last[first], before[first], step[first]);
            }

            second = first;
        }

        (cost[second], last[second], before[second], step[second]) = (price, task, from, by);
        return true;
    }

    /// <summary>The better of two; the other one follows.</summary>
    public int LabelOf(int level, int node) => 2 * ((level * nodes) + node);

    private (int[] First, T[] Items) ByNode<T>(IEnumerable<(int Node, T Item)> pairs)
    {
        var groups = pairs.ToLookup(pair => pair.Node, pair => pair.Item);
        var first = new int[nodes + 1];
        var items = new List<T>();
        for (var node = 0; node < nodes; node++)
        {
            items.AddRange(groups[node]);
            first[node + 1] = items.Count;
        }

        return (first, [.. items]);
    }
}
