namespace Kehrwerk.Streets.Routing;

/// <summary>
/// The turn-expanded graph: its nodes (<em>states</em>) are arcs that are being driven, its edges are turns.
/// A restriction over several ways needs memory of where one came from; for those chains there are extra states of the
/// same arc, as in the automaton of Aho and Corasick (1975): a state stands for the longest tail of the drive that is
/// the beginning of a banned chain. State i with i &lt; ArcCount is arc i without memory. Immutable and thread-safe.
/// </summary>
public sealed class TurnGraph
{
    private readonly int[] stateArc;
    private readonly int[] firstTurn;
    private readonly int[] turnTo;
    private readonly int[] turnMs;
    private readonly int[] arcMs;
    private readonly int[][] statesOfArc;
    private readonly Lazy<StreetHierarchy> hierarchy;

    public TurnGraph(StreetNetwork network, TravelCosts costs)
    {
        Network = network;
        Costs = costs;
        hierarchy = new(() => new(this));
        arcMs = new int[network.ArcCount];
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            arcMs[arc] = costs.ArcMs(network, arc);
        }

        var memory = new ChainMemory(network);
        stateArc = memory.StateArcs();
        firstTurn = new int[stateArc.Length + 1];
        var to = new List<int>();
        var ms = new List<int>();
        for (var state = 0; state < stateArc.Length; state++)
        {
            var arc = stateArc[state];
            var node = network.ArcHead[arc];
            var isDeadEnd = IsDeadEnd(network, arc);
            for (var next = network.FirstOut[node]; next < network.FirstOut[node + 1]; next++)
            {
                var isUTurn = network.ArcReverse[arc] == next;
                if ((!isUTurn || isDeadEnd || costs.UTurnRule == UTurnRule.Everywhere) && memory.Next(state, next) is { } nextState)
                {
                    to.Add(nextState);
                    ms.Add(costs.TurnMs(network, arc, next));
                }
            }

            firstTurn[state + 1] = to.Count;
        }

        turnTo = [.. to];
        turnMs = [.. ms];
        statesOfArc = [.. Enumerable.Range(0, network.ArcCount).Select(arc => new[] { arc })];
        foreach (var extra in Enumerable.Range(network.ArcCount, stateArc.Length - network.ArcCount).GroupBy(s => stateArc[s]))
        {
            statesOfArc[extra.Key] = [extra.Key, .. extra];
        }
    }

    public StreetNetwork Network { get; }
    public TravelCosts Costs { get; }
    public int StateCount => stateArc.Length;

    /// <summary>The hierarchy for fast searches, built when it is first asked for.</summary>
    public StreetHierarchy Hierarchy => hierarchy.Value;
    internal bool HasHierarchy => hierarchy.IsValueCreated;

    /// <summary>The arc that is driven in each state.</summary>
    public ReadOnlySpan<int> StateArc => stateArc;
    /// <summary>Index of the first turn out of each state; one entry more than there are states.</summary>
    public ReadOnlySpan<int> FirstTurn => firstTurn;
    /// <summary>The state that each turn leads to.</summary>
    public ReadOnlySpan<int> TurnTo => turnTo;
    /// <summary>Milliseconds that each turn costs, the driving of arcs not included.</summary>
    public ReadOnlySpan<int> TurnMs => turnMs;
    /// <summary>Milliseconds to drive each arc.</summary>
    public ReadOnlySpan<int> ArcMs => arcMs;

    /// <summary>Every state in which this arc is driven; the one without memory first.</summary>
    public ReadOnlySpan<int> StatesOf(int arc) => statesOfArc[arc];

    /// <summary>The state in which an arc is driven after a state; null where there is no such turn.</summary>
    public int? StateAfter(int state, int arc)
    {
        foreach (var next in turnTo.AsSpan(firstTurn[state]..firstTurn[state + 1]))
        {
            if (stateArc[next] == arc)
            {
                return next;
            }
        }

        return null;
    }

    private static bool IsDeadEnd(StreetNetwork network, int arc)
    {
        var node = network.ArcHead[arc];
        return network.FirstOut[node + 1] - network.FirstOut[node] == 1 && network.ArcReverse[arc] == network.FirstOut[node];
    }

    /// <summary>The automaton over banned chains. A chain's proper beginnings of two arcs and more are its extra states.</summary>
    private sealed class ChainMemory
    {
        private readonly int arcCount;
        private readonly Dictionary<(int State, int Arc), int> continuation = [];
        private readonly HashSet<(int State, int Arc)> banned = [];
        private readonly List<int[]> beginnings = [];

        public ChainMemory(StreetNetwork network)
        {
            arcCount = network.ArcCount;
            foreach (var turn in network.BannedTurns)
            {
                var state = turn.Arcs[0];
                for (var i = 1; i < turn.Arcs.Count - 1; i++)
                {
                    if (!continuation.TryGetValue((state, turn.Arcs[i]), out var next))
                    {
                        next = arcCount + beginnings.Count;
                        beginnings.Add([.. turn.Arcs.Take(i + 1)]);
                        continuation.Add((state, turn.Arcs[i]), next);
                    }

                    state = next;
                }

                banned.Add((state, turn.Arcs[^1]));
            }
        }

        public int[] StateArcs() => [.. Enumerable.Range(0, arcCount), .. beginnings.Select(b => b[^1])];

        /// <summary>The state after driving <paramref name="arc"/> next, or null where a banned chain would end with it.</summary>
        public int? Next(int state, int arc)
        {
            int? next = null;
            foreach (var tail in Tails(state))
            {
                if (banned.Contains((tail, arc)))
                {
                    return null;
                }

                if (next is null && continuation.TryGetValue((tail, arc), out var longer))
                {
                    next = longer;
                }
            }

            return next ?? arc;
        }

        // The state itself and the states of all shorter tails of its chain, longest first.
        private IEnumerable<int> Tails(int state)
        {
            if (state < arcCount)
            {
                return [state];
            }

            var chain = beginnings[state - arcCount];
            return Enumerable.Range(0, chain.Length).Select(from => StateOf(chain[from..])).OfType<int>();
        }

        private int? StateOf(int[] chain)
        {
            var state = chain[0];
            foreach (var arc in chain[1..])
            {
                if (!continuation.TryGetValue((state, arc), out state))
                {
                    return null;
                }
            }

            return state;
        }
    }
}
