using Kehrwerk.Streets;

namespace Kehrwerk.Planning;

/// <summary>What may be driven, read from the network arc by arc, for the checker: no graph, no search.</summary>
internal sealed class StreetRules
{
    private readonly SweepProblem problem;
    private readonly StreetNetwork network;
    private readonly ILookup<int, IReadOnlyList<int>> bannedByLastArc;

    public StreetRules(SweepProblem problem)
    {
        this.problem = problem;
        network = problem.Graph.Network;
        bannedByLastArc = network.BannedTurns.ToLookup(turn => turn.Arcs[^1], turn => turn.Arcs);
    }

    public bool IsArc(int arc) => arc >= 0 && arc < network.ArcCount;

    public double LengthM(int arc) => network.ArcLengthM[arc];

    public double DriveS(int arc) => problem.Graph.Costs.ArcMs(network, arc) / 1000.0;

    public double TurnS(int from, int to) => problem.Graph.Costs.TurnMs(network, from, to) / 1000.0;

    /// <summary>Why an arc may not be driven after those before, the latest last; null where it may.</summary>
    public string? WhyNot(List<int> driven, int arc)
    {
        var from = driven[^1];
        if (network.ArcHead[from] != network.ArcTail[arc])
        {
            return $"arc {arc} does not begin where arc {from} ends";
        }

        if (problem.Closures.Contains(arc))
        {
            return $"arc {arc} is closed";
        }

        if (network.ArcReverse[from] == arc && problem.Graph.Costs.UTurnRule == Streets.Routing.UTurnRule.DeadEndsOnly && !IsDeadEnd(from))
        {
            return $"turning back from arc {from} into arc {arc} is not allowed here";
        }

        foreach (var chain in bannedByLastArc[arc])
        {
            if (EndsWith(driven, chain))
            {
                return $"a turn restriction forbids the arcs {string.Join(", ", chain)} in this order";
            }
        }

        return null;
    }

    private bool IsDeadEnd(int arc)
    {
        var node = network.ArcHead[arc];
        for (var other = network.FirstOut[node]; other < network.FirstOut[node + 1]; other++)
        {
            if (other != network.ArcReverse[arc])
            {
                return false;
            }
        }

        return true;
    }

    // Whether the arcs driven are those of the chain, its last excepted.
    private static bool EndsWith(List<int> driven, IReadOnlyList<int> chain)
    {
        var before = chain.Count - 1;
        if (driven.Count < before)
        {
            return false;
        }

        for (var i = 0; i < before; i++)
        {
            if (driven[driven.Count - before + i] != chain[i])
            {
                return false;
            }
        }

        return true;
    }
}
