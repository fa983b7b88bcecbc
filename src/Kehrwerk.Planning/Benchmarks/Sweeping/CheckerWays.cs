using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>
/// Ways for the checker, apart from those of the solver: straight from the columns of the file, node by node, corrected until nothing changes
/// (Bellman and Ford, first in, first out).
/// </summary>
internal sealed class CheckerWays : IInstanceWays
{
    private readonly NetworkPart network;
    private readonly List<int>[] leaving;
    private readonly Dictionary<long, int> turnMs = [];

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
            turnMs[Key(pair.First, pair.Second)] = ms;
        }
    }

    public int[] From(int arc)
    {
        var begins = new int[network.ArcFromNode.Length];
        Array.Fill(begins, CostTable.NoWay);
        var isWaiting = new bool[begins.Length];
        var waiting = new Queue<int>();
        Correct(arc, 0);
        while (waiting.TryDequeue(out var at))
        {
            isWaiting[at] = false;
            Correct(at, begins[at] + network.ArcTravelMs[at]);
        }

        return begins;

        void Correct(int from, int end)
        {
            foreach (var next in leaving[network.ArcToNode[from]])
            {
                var turn = turnMs.GetValueOrDefault(Key(from, next));
                if (turn >= 0 && end + turn < begins[next])
                {
                    begins[next] = end + turn;
                    if (!isWaiting[next])
                    {
                        isWaiting[next] = true;
                        waiting.Enqueue(next);
                    }
                }
            }
        }
    }

    private static long Key(int from, int to) => ((long)from << 32) | (uint)to;
}
