namespace Kehrwerk.Planning.ArcRouting;

/// <summary>Least costs from leaving one place to entering another, for places numbered from 0. Row by row; immutable.</summary>
public sealed class CostTable
{
    /// <summary>Cost where there is no way. Small enough that a few can be added without overflow.</summary>
    public const int NoWay = 1 << 28;

    private readonly int[] costs;

    /// <param name="places">Number of places.</param>
    /// <param name="costs">Costs of 0 to <see cref="NoWay"/>, <paramref name="places"/>² of them; from i to j at i · places + j. Not copied.</param>
    public CostTable(int places, int[] costs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(costs.Length, places * places);
        Places = places;
        this.costs = costs;
    }

    public int Places { get; }

    public int this[int from, int to] => costs[(from * Places) + to];
}
