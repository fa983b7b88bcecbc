using System.Globalization;

namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>What every solution of a problem costs at least, and the values of the arguments that lead there, each at least the one before.</summary>
/// <param name="Trips">Loads that are carried away at least.</param>
/// <param name="Tours">Tours that are needed at least.</param>
/// <param name="Service">Least cost of all services, of tipping and of the tours themselves, without any travel.</param>
/// <param name="Deadhead">With the least travel that links the services and reaches the depot, by flow (and matching where streets go both ways).</param>
/// <param name="Cuts">With what the loads ask for at the borders of districts.</param>
/// <param name="Value">With what it takes to make trips of it, none of which holds too much. The bound: no solution costs less.</param>
public sealed record BoundResult(int Trips, int Tours, long Service, long Deadhead, long Cuts, long Value)
{
    /// <summary>What is known before any work: costs are not negative.</summary>
    public static BoundResult Nothing { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>How far above the bound a cost is, as a share of the bound: no better solution can save more than that.</summary>
    public double Gap(long cost) => Value <= 0 ? (cost == Value ? 0 : double.PositiveInfinity) : (double)(cost - Value) / Value;

    /// <summary>What the bound says of a solution's cost, for people.</summary>
    public string Describe(long cost) => cost <= Value ? "proven optimal"
        : Value <= 0 ? "no lower bound yet"
        : string.Create(CultureInfo.InvariantCulture, $"at most {Gap(cost) * 100:0.0#} % above the best (lower bound {Value:N0})");
}
