using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Costs by the modes of stops. One value is either the <em>link</em> between two stops, from each mode of the first to each mode
/// of the second; or what lies <em>ahead</em> of a stop: the least cost up to having served it, by mode; or what lies
/// <em>behind</em> it: the least cost after it to the end, by mode. Their (min, +) products evaluate any sequence with the
/// best mode of every stop (Vidal 2017, section 3). Sums are exact as long as real costs stay below <see cref="CostTable.NoWay"/>.
/// </summary>
internal interface IModeCosts<TSelf>
    where TSelf : unmanaged, IModeCosts<TSelf>
{
    /// <summary>The most modes that a stop may have.</summary>
    static abstract int Modes { get; }

    /// <summary>The link whose cost from mode i to mode j is given at i · <see cref="Modes"/> + j.</summary>
    static abstract TSelf Link(ReadOnlySpan<int> costs);

    /// <summary>The cost of a link from one mode to another.</summary>
    static abstract int CostOf(TSelf link, int fromMode, int toMode);

    /// <summary>Before the first and after the last stop: cost 0 in the depot's only mode.</summary>
    static abstract TSelf AtDepot { get; }

    /// <summary>What lies ahead of a stop, from what lies ahead of the one before and the link between.</summary>
    static abstract TSelf Ahead(TSelf aheadOfPrevious, TSelf link);

    /// <summary>What lies behind a stop, from the link to the next and what lies behind that.</summary>
    static abstract TSelf Behind(TSelf link, TSelf behindNext);

    /// <summary>Least cost of the sequence ahead, a new stop and the sequence behind.</summary>
    static abstract int Insert(TSelf aheadOfPrevious, TSelf linkIn, TSelf linkOut, TSelf behindNext);

    /// <summary>Least over the modes of a stop of what lies ahead plus what lies behind it.</summary>
    static abstract int Total(TSelf ahead, TSelf behind);

    /// <summary>The mode of a stop with the least total.</summary>
    static abstract int BestMode(TSelf ahead, TSelf behind);

    /// <summary>What is left of <paramref name="ahead"/> when the stop is served in that mode only.</summary>
    static abstract TSelf Only(TSelf ahead, int mode);
}

/// <summary>Costs where every stop has one mode.</summary>
internal readonly record struct OneMode(int Cost) : IModeCosts<OneMode>
{
    public static int Modes => 1;

    public static OneMode AtDepot => default;

    public static OneMode Link(ReadOnlySpan<int> costs) => new(costs[0]);

    public static int CostOf(OneMode link, int fromMode, int toMode) => link.Cost;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneMode Ahead(OneMode aheadOfPrevious, OneMode link) => new(aheadOfPrevious.Cost + link.Cost);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneMode Behind(OneMode link, OneMode behindNext) => new(link.Cost + behindNext.Cost);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Insert(OneMode aheadOfPrevious, OneMode linkIn, OneMode linkOut, OneMode behindNext) =>
        aheadOfPrevious.Cost + linkIn.Cost + linkOut.Cost + behindNext.Cost;

    public static int Total(OneMode ahead, OneMode behind) => ahead.Cost + behind.Cost;

    public static int BestMode(OneMode ahead, OneMode behind) => 0;

    public static OneMode Only(OneMode ahead, int mode) => ahead;
}

/// <summary>
/// Costs where stops have up to two modes; an absent mode costs <see cref="CostTable.NoWay"/>. Lanes of a link from a to b:
/// a₀b₀, a₁b₀, a₀b₁, a₁b₁. Lanes of what lies ahead: m₀, m₁, m₀, m₁; of what lies behind: m₀, m₀, m₁, m₁.
/// </summary>
internal readonly record struct TwoModes(Vector128<int> Lanes) : IModeCosts<TwoModes>
{
    public static int Modes => 2;

    public static TwoModes AtDepot => new(Vector128.Create(0, 0, 0, 0));

    public static TwoModes Link(ReadOnlySpan<int> costs) => new(Vector128.Create(costs[0], costs[2], costs[1], costs[3]));

    public static int CostOf(TwoModes link, int fromMode, int toMode) => link.Lanes[fromMode + (2 * toMode)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoModes Ahead(TwoModes aheadOfPrevious, TwoModes link)
    {
        var sum = aheadOfPrevious.Lanes + link.Lanes;
        return new(Vector128.Shuffle(Vector128.Min(sum, Vector128.Shuffle(sum, Vector128.Create(1, 0, 3, 2))), Vector128.Create(0, 2, 0, 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoModes Behind(TwoModes link, TwoModes behindNext)
    {
        var sum = link.Lanes + behindNext.Lanes;
        return new(Vector128.Shuffle(Vector128.Min(sum, Vector128.Shuffle(sum, Vector128.Create(2, 3, 0, 1))), Vector128.Create(0, 0, 1, 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Insert(TwoModes aheadOfPrevious, TwoModes linkIn, TwoModes linkOut, TwoModes behindNext)
    {
        var before = aheadOfPrevious.Lanes + linkIn.Lanes;
        before = Vector128.Min(before, Vector128.Shuffle(before, Vector128.Create(1, 0, 3, 2)));
        var after = linkOut.Lanes + behindNext.Lanes;
        after = Vector128.Min(after, Vector128.Shuffle(after, Vector128.Create(2, 3, 0, 1)));
        var total = before + Vector128.Shuffle(after, Vector128.Create(0, 0, 1, 1));
        return Vector128.Min(total, Vector128.Shuffle(total, Vector128.Create(2, 3, 0, 1))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Total(TwoModes ahead, TwoModes behind) =>
        Math.Min(ahead.Lanes[0] + behind.Lanes[0], ahead.Lanes[1] + behind.Lanes[2]);

    public static int BestMode(TwoModes ahead, TwoModes behind) => ahead.Lanes[0] + behind.Lanes[0] <= ahead.Lanes[1] + behind.Lanes[2] ? 0 : 1;

    public static TwoModes Only(TwoModes ahead, int mode)
    {
        var cost = ahead.Lanes[mode];
        return new(mode == 0
            ? Vector128.Create(cost, CostTable.NoWay, cost, CostTable.NoWay)
            : Vector128.Create(CostTable.NoWay, cost, CostTable.NoWay, cost));
    }
}
