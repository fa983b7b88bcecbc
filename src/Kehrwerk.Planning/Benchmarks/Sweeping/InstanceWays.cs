using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>What may follow an arc, and what it takes.</summary>
internal sealed class InstanceTurns
{
    private readonly int[] first;
    private readonly int[] to;
    private readonly int[] ms;

    public InstanceTurns(NetworkPart network)
    {
        var arcs = network.ArcFromNode.Length;
        var turn = new Dictionary<(int From, int To), int>();
        for (var i = 0; i < network.TurnMs.Length; i++)
        {
            turn.Add((network.TurnFromArc[i], network.TurnToArc[i]), network.TurnMs[i]);
        }

        var leaving = Enumerable.Range(0, arcs).ToLookup(arc => network.ArcFromNode[arc]);
        first = new int[arcs + 1];
        var (next, cost) = (new List<int>(), new List<int>());
        for (var arc = 0; arc < arcs; arc++)
        {
            foreach (var follower in leaving[network.ArcToNode[arc]])
            {
                if (turn.GetValueOrDefault((arc, follower)) is var takes and >= 0)
                {
                    next.Add(follower);
                    cost.Add(takes);
                }
            }

            first[arc + 1] = next.Count;
        }

        (to, ms) = ([.. next], [.. cost]);
    }

    public ReadOnlySpan<int> After(int arc) => to.AsSpan(first[arc]..first[arc + 1]);

    public ReadOnlySpan<int> Takes(int arc) => ms.AsSpan(first[arc]..first[arc + 1]);
}

/// <summary>Ways for the solver, by Dijkstra's algorithm over arcs.</summary>
internal sealed class InstanceWays(NetworkPart network)
{
    private readonly InstanceTurns turns = new(network);

    /// <summary>Times between places, each the end of its arc; the first so many are entered at the beginning of theirs.</summary>
    public CostTable Between(int[] arcs, int kerbs)
    {
        var table = new int[arcs.Length * arcs.Length];
        var isPlace = new bool[network.ArcFromNode.Length];
        Array.ForEach(arcs, arc => isPlace[arc] = true);
        var places = isPlace.Count(yes => yes);
        Parallel.ForEach(Enumerable.Range(0, arcs.Length).GroupBy(i => arcs[i]), from =>
        {
            var row = From(from.Key, isPlace, places);
            foreach (var i in from)
            {
                for (var j = 0; j < arcs.Length; j++)
                {
                    // At the end of a place's arc is already who comes from that arc.
                    var way = j < kerbs ? row[arcs[j]] : arcs[i] == arcs[j] ? 0 : row[arcs[j]] + (long)network.ArcTravelMs[arcs[j]];
                    table[(i * arcs.Length) + j] = (int)Math.Min(CostTable.NoWay, way);
                }
            }
        });
        return new(arcs.Length, table);
    }

    // From the end of an arc to the beginning of every place's, until all are found.
    private int[] From(int arc, bool[] isPlace, int places)
    {
        var least = new int[network.ArcFromNode.Length];
        Array.Fill(least, CostTable.NoWay);
        var queue = new PriorityQueue<int, int>();
        Leave(arc, 0);
        while (queue.TryDequeue(out var at, out var ms))
        {
            if (ms > least[at])
            {
                continue;
            }

            if (isPlace[at] && --places == 0)
            {
                break;
            }

            Leave(at, ms + network.ArcTravelMs[at]);
        }

        return least;

        void Leave(int from, int end)
        {
            var after = turns.After(from);
            var takes = turns.Takes(from);
            for (var i = 0; i < after.Length; i++)
            {
                var begin = end + takes[i];
                if (begin < least[after[i]])
                {
                    least[after[i]] = begin;
                    queue.Enqueue(after[i], begin);
                }
            }
        }
    }
}
