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

    private readonly int[] timeMs;

    private TravelTable(int fromCount, int toCount, int[] timeMs)
    {
        FromCount = fromCount;
        ToCount = toCount;
        this.timeMs = timeMs;
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

    /// <summary>The table from each of one list of arcs to each of another. Arcs may be repeated.</summary>
    /// <param name="threads">How many threads work on it; the result is the same for any number.</param>
    /// <exception cref="ArgumentException">The table would have more than <see cref="MaxEntries"/> entries.</exception>
    public static TravelTable Build(
        TurnGraph graph,
        Closures closures,
        IReadOnlyList<int> fromArcs,
        IReadOnlyList<int> toArcs,
        int threads = 1,
        CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if ((long)fromArcs.Count * toArcs.Count > MaxEntries)
        {
            throw new ArgumentException(
                $"A table of {fromArcs.Count:N0} by {toArcs.Count:N0} arcs would have more than {MaxEntries:N0} entries. Ask for it in parts, or for fewer arcs.",
                nameof(fromArcs));
        }

        var timeMs = new int[fromArcs.Count * toArcs.Count];
        var work = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = ct };
        Parallel.For(
            0,
            fromArcs.Count,
            work,
            () => new TimesToTargets(graph, closures, toArcs),
            (from, _, search) =>
            {
                search.Find(fromArcs[from], timeMs.AsSpan(from * toArcs.Count, toArcs.Count));
                return search;
            },
            _ => { });
        return new(fromArcs.Count, toArcs.Count, timeMs);
    }
}
