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

    /// <summary>Nodes at which a load can be left: the sites, and home where a load may be brought there.</summary>
    public required bool[] IsTerminal { get; init; }

    /// <summary>Every link and every task goes either way at the same cost; then a link stands for both directions.</summary>
    public required bool IsSymmetric { get; init; }

    public required DeadheadLink[] Links { get; init; }

    /// <summary>In the order of <see cref="BoundProblem.Tasks"/>.</summary>
    public required NetworkTask[] Tasks { get; init; }

    /// <summary>Further links, which come into the linear program when they are wanted; null where all are there.</summary>
    public DirectLinks? Direct { get; init; }

    /// <summary>A tour may start without limit here and pay half of "no way" for each direction, so that flows always exist.</summary>
    public const int NoWay = CostTable.NoWay / 2;

    /// <param name="mode">2 · task, and 1 more for its second mode.</param>
    public NetworkMode ModeAt(int mode) => mode % 2 == 0 ? Tasks[mode / 2].First : Tasks[mode / 2].Second;

    /// <summary>How far one goes down from a node to another, where nodes have heights. A symmetric network counts the way up as well.</summary>
    public double Fall(int from, int to, double[] height)
    {
        var fall = height[from] - height[to];
        return IsSymmetric ? Math.Abs(fall) : Math.Max(0, fall);
    }

    /// <summary>A need to leave a set so often, as a sum of <see cref="Fall"/>: what leaves also comes in.</summary>
    public double CrossingsOf(double need) => IsSymmetric ? 2 * need : need;

    public static DeadheadNetwork Of(BoundProblem problem, CancellationToken ct) => MetricNetwork.TryBuild(problem, ct) ?? TurnNetwork.Build(problem, ct);
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

/// <summary>What a solution of a linear program uses: how often each link, and which share of each task in its second mode.</summary>
internal sealed record Usage(IReadOnlyList<DeadheadLink> Links, double[] LinkFlow, double[] SecondShare);

/// <summary>Cuts by heights of nodes, what goes down at least, and what a linear program pays for that; and its potential at each node.</summary>
internal sealed record CutPrices(double[][] Heights, double[] Needs, double[] Prices, double[] Potential);
