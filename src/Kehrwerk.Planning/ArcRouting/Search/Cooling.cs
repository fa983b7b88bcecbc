namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>Temperatures of an annealing, in units of cost: from hot to cold, geometrically.</summary>
internal readonly record struct Cooling(double Hot, double Cold)
{
    private const double HotShare = 3;
    private const double WarmShare = 0.5;
    private const double ColdShare = 0.12;

    /// <summary>Temperatures in terms of the mean way between near tasks: what a move that goes wrong in a small way costs.</summary>
    /// <param name="isWarm">Whether there is a good solution to start from, which is not to be destroyed.</param>
    public static Cooling For<TCosts>(SearchModel<TCosts> model, bool isWarm)
        where TCosts : unmanaged, IModeCosts<TCosts> =>
        new((isWarm ? WarmShare : HotShare) * model.NearCost, ColdShare * model.NearCost);

    /// <param name="done">Share of the cooling that is done, 0–1.</param>
    public double Temperature(double done) => Hot * Math.Pow(Cold / Hot, done);
}

/// <summary>The shares of the budget between which a cooling lasts, 0–1.</summary>
internal readonly record struct CoolingSpan(double From, double Until);
