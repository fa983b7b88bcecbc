namespace Kehrwerk.Sweeper.Safety.Motion;

/// <summary>How the vehicle comes into the minimal risk condition.</summary>
internal enum MrmStrategy : byte { None, StopInLane, PullOver, ClearJunction }

/// <summary>What is known when a minimal risk manoeuvre begins.</summary>
/// <param name="KerbRoomM">Free length along the kerb ahead, m.</param>
/// <param name="SensesWell">Objects are seen, wheels and brakes do what they are told.</param>
/// <param name="RemainingS">How long it may go on at most, s.</param>
internal readonly record struct MrmFacts(bool IsInJunction, double KerbRoomM, bool IsLocalised, bool SensesWell, double RemainingS);

/// <summary>
/// Which strategy: the safest place that it can reach with what still works (StVG § 1d (4)). Pure. A vehicle that does not see or does not know where it is
/// stops where it is, also in a junction: going on blind endangers more than standing with hazard lights.
/// </summary>
internal static class MrmChoice
{
    /// <summary>Length of the vehicle and what it needs to come to the kerb at a slant, m.</summary>
    public const double KerbRoomM = 12;

    public const double PullOverS = 15, PullOverM = 40;
    public const double ClearS = 10, ClearM = 30;

    /// <summary>Speed on the way there, m/s.</summary>
    public const double GoingOnMps = 10 / 3.6;

    public static MrmStrategy Of(in MrmFacts facts) =>
        !facts.IsLocalised || !facts.SensesWell ? MrmStrategy.StopInLane
        : facts.IsInJunction && facts.RemainingS >= ClearS ? MrmStrategy.ClearJunction
        : !facts.IsInJunction && facts.KerbRoomM >= KerbRoomM && facts.RemainingS >= PullOverS ? MrmStrategy.PullOver
        : MrmStrategy.StopInLane;

    /// <summary>A strategy may go on: it has neither taken too long nor led too far.</summary>
    public static bool MayGoOn(MrmStrategy strategy, double forS, double forM) => strategy switch
    {
        MrmStrategy.PullOver => forS <= PullOverS && forM <= PullOverM,
        MrmStrategy.ClearJunction => forS <= ClearS && forM <= ClearM,
        _ => false,
    };
}
