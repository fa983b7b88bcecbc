using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>
/// Ways for the checker, apart from those of the solver: straight from the columns of the file, one search for each way that a solution drives, with the
/// driving of the last arc counted where it is driven.
/// </summary>
internal sealed class CheckerWays
{
    private readonly NetworkPart network;
    private readonly List<int>[] leaving;
    private readonly Dictionary<(int From, int To), int> turnMs = [];

    public CheckerWays(NetworkPart network)
    {
        this.network = network;
        leaving = [.. Enumerable.Range(0, network.Nodes).Select(_ => new List<int>())];
        for (var arc = 0; arc < network.ArcFromNode.Length; arc++)
        {
            leaving[network.ArcFromNode[arc]].Add(arc);
        }

        foreach (var (pair, ms) in network.TurnFromArc.Zip(network.TurnToArc).Zip(network.TurnMs))
        {
            turnMs.Add(pair, ms);
        }
    }

    /// <summary>From the end of one arc to the beginning of another, or to its end; <see cref="CostTable.NoWay"/> where there is no way.</summary>
    public int Between(int from, int to, bool toEnd)
    {
        if (toEnd && from == to)
        {
            return 0;
        }

        // The queue holds arcs by the time at which they begin; an arc is done when it leaves the queue first.
        var isDone = new HashSet<int>();
        var queue = new PriorityQueue<int, long>();
        EnqueueAfter(from, 0);
        while (queue.TryDequeue(out var arc, out var begin))
        {
            if (arc == to)
            {
                return (int)Math.Min(CostTable.NoWay, begin + (toEnd ? network.ArcTravelMs[arc] : 0));
            }

            if (isDone.Add(arc))
            {
                EnqueueAfter(arc, begin + network.ArcTravelMs[arc]);
            }
        }

        return CostTable.NoWay;

        void EnqueueAfter(int arc, long end)
        {
            foreach (var next in leaving[network.ArcToNode[arc]])
            {
                if (!turnMs.TryGetValue((arc, next), out var turn) || turn >= 0)
                {
                    queue.Enqueue(next, end + turn);
                }
            }
        }
    }
}
