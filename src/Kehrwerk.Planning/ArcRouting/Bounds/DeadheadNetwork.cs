namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// A sparse graph that stands for the travel table: from the exit of a task to the entry of another there is a way along the links that
/// costs no more than the table says, so what is true of all closed walks through this graph is true of all tours. Any two tours differ
/// only in the flow on links and in the modes. Made by <see cref="MetricNetwork"/> or <see cref="TurnNetwork"/>.
/// </summary>
internal sealed class DeadheadNetwork
{
    public required int NodeCount { get; init; }

    /// <summary>The node that every tour leaves and comes back to.</summary>
    public required int Home { get; init; }

    /// <summary>Nodes at which a load can be left: home where a tour is one trip, else the tip sites.</summary>
    public required bool[] IsTerminal { get; init; }

    /// <summary>Every link and every task goes either way at the same cost; then a link stands for both directions.</summary>
    public required bool IsSymmetric { get; init; }

    public required DeadheadLink[] Links { get; init; }

    /// <summary>In the order of <see cref="ArcProblem.Tasks"/>.</summary>
    public required NetworkTask[] Tasks { get; init; }

    /// <summary>Further links, which come into the linear program when they are wanted; null where all are there.</summary>
    public DirectLinks? Direct { get; init; }

    /// <summary>A tour may start without limit here and pay half of "no way" for each direction, so that flows always exist.</summary>
    public const int NoWay = CostTable.NoWay / 2;

    public static DeadheadNetwork Of(ArcProblem problem, CancellationToken ct) => MetricNetwork.TryBuild(problem, ct) ?? TurnNetwork.Build(problem, ct);
}

/// <summary>The links from every exit to every entry.</summary>
/// <param name="Rows">Cost by exit and entry.</param>
/// <param name="MostLeft">By node, how often it is left over these links at most in any solution.</param>
internal sealed record DirectLinks(int[][] Rows, int[] ExitNodes, int[] EntryNodes, int[] MostLeft);

internal readonly record struct DeadheadLink(int From, int To, int Cost);

/// <summary>A task as a pair of nodes per mode; where there is one mode only, it stands twice.</summary>
internal sealed record NetworkTask(NetworkMode First, NetworkMode Second, bool HasTwoModes, int[] Demand)
{
    /// <summary>Whether both modes join the same two nodes, so that a cut that the task crosses in one mode is crossed in the other.</summary>
    public bool JoinsSameNodes { get; } =
        (First.Entry == Second.Entry && First.Exit == Second.Exit) || (First.Entry == Second.Exit && First.Exit == Second.Entry);
}

internal readonly record struct NetworkMode(int Entry, int Exit, int Cost);
