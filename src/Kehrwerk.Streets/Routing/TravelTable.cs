namespace Kehrwerk.Streets.Routing;

/// <summary>
/// Travel times from many arcs to many arcs, milliseconds, in one flat array. As everywhere, a time runs from the end of the
/// one arc to the start of the other, turns included; from an arc to itself it is the way round. Ways are not kept:
/// a router gives them when they are asked for. Immutable and thread-safe.
/// </summary>
public sealed class TravelTable
{
    /// <summary>The time between places that no way joins.</summary>
    public const int Unreachable = int.MaxValue;

    /// <summary>The greatest table that is built: 6,000 × 6,000 entries, 144 MB.</summary>
    public const int MaxEntries = 6000 * 6000;

    // Up to so many rows plain searches are quicker than building a hierarchy first, or than bringing one that is there up to date.
    private const int PlainRows = 64;
    private const int PlainRowsWithHierarchy = 4;

    private readonly int[] timeMs;

    private TravelTable(int fromCount, int toCount)
    {
        if ((long)fromCount * toCount > MaxEntries)
        {
            throw new ArgumentException(
                $"A table of {fromCount:N0} by {toCount:N0} arcs would have more than {MaxEntries:N0} entries. Ask for it in parts, or for fewer arcs.");
        }

        FromCount = fromCount;
        ToCount = toCount;
        timeMs = GC.AllocateUninitializedArray<int>(fromCount * toCount);
    }

    public int FromCount { get; }
    public int ToCount { get; }

    /// <summary>Milliseconds from the from-arc with that index to the to-arc with that index, or <see cref="Unreachable"/>.</summary>
    public int TimeMs(int fromIndex, int toIndex) => Row(fromIndex)[toIndex];

    /// <summary>Milliseconds from one from-arc to every to-arc, in the order in which they were given.</summary>
    public ReadOnlySpan<int> Row(int fromIndex) => timeMs.AsSpan(checked(fromIndex * ToCount), ToCount);

    /// <summary>The table from each of <paramref name="arcs"/> to each of them.</summary>
    /// <inheritdoc cref="Build(TurnGraph, Closures, IReadOnlyList{int}, IReadOnlyList{int}, int, CancellationToken)"/>
    public static TravelTable Build(
        TurnGraph graph, Closures closures, IReadOnlyList<int> arcs, int threads = 1, CancellationToken ct = default) =>
        Build(graph, closures, arcs, arcs, threads, ct);

    /// <summary>
    /// The table from each of one list of arcs to each of another. Arcs may be repeated. A large table is made by the graph's
    /// hierarchy, which is built when it is first needed; a small one by plain searches. Both give the same times.
    /// Where it matters how a first arc was reached, a state of it (<see cref="TurnGraph.StatesOf"/>) may be given in its place.
    /// </summary>
    /// <param name="threads">How many threads work on it; the result is the same for any number.</param>
    /// <exception cref="ArgumentException">The table would have more than <see cref="MaxEntries"/> entries.</exception>
    public static TravelTable Build(
        TurnGraph graph,
        Closures closures,
        IReadOnlyList<int> fromArcs,
        IReadOnlyList<int> toArcs,
        int threads = 1,
        CancellationToken ct = default) =>
        fromArcs.Count <= (graph.HasHierarchy ? PlainRowsWithHierarchy : PlainRows)
            ? BuildPlainly(graph, closures, fromArcs, toArcs, threads, ct)
            : Build(new HierarchyTimes(graph.Hierarchy, closures), fromArcs, toArcs, threads, ct);

    /// <summary>
    /// The table by times that are at hand already: the quickest way to a new table after a closure is to keep the
    /// <see cref="HierarchyTimes"/>, close the arc in them, and build the table again.
    /// </summary>
    /// <inheritdoc cref="Build(TurnGraph, Closures, IReadOnlyList{int}, IReadOnlyList{int}, int, CancellationToken)"/>
    public static TravelTable Build(
        HierarchyTimes times, IReadOnlyList<int> fromArcs, IReadOnlyList<int> toArcs, int threads = 1, CancellationToken ct = default)
    {
        var table = new TravelTable(fromArcs.Count, toArcs.Count);
        var sweep = new TableSweep(times, toArcs);

        // Starts that are neighbours in the hierarchy climb the same ranks, so they share a batch.
        var rankOf = times.Hierarchy.RankOf;
        var ranks = new int[fromArcs.Count];
        var order = new int[fromArcs.Count];
        for (var i = 0; i < order.Length; i++)
        {
            (ranks[i], order[i]) = (rankOf[fromArcs[i]], i);
        }

        Array.Sort(ranks, order);
        var batches = order.Chunk(TableSweep.BatchSize).ToArray();
        Parallel.For(
            0,
            batches.Length,
            Work(threads, ct),
            () => new TableSweep.Labels(times.Hierarchy),
            (batch, _, labels) =>
            {
                var rows = batches[batch];
                sweep.Run(Array.ConvertAll(rows, row => fromArcs[row]), rows, labels, table.timeMs);
                return labels;
            },
            _ => { });
        return table;
    }

    /// <summary>The same table by one plain search per row.</summary>
    internal static TravelTable BuildPlainly(
        TurnGraph graph, Closures closures, IReadOnlyList<int> fromArcs, IReadOnlyList<int> toArcs, int threads, CancellationToken ct)
    {
        var table = new TravelTable(fromArcs.Count, toArcs.Count);
        Parallel.For(
            0,
            fromArcs.Count,
            Work(threads, ct),
            () => new TimesToTargets(graph, closures, toArcs),
            (from, _, search) =>
            {
                search.Find(fromArcs[from], table.timeMs.AsSpan(from * toArcs.Count, toArcs.Count));
                return search;
            },
            _ => { });
        return table;
    }

    private static ParallelOptions Work(int threads, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return new() { MaxDegreeOfParallelism = threads, CancellationToken = ct };
    }
}
