using CsCheck;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk.Planning.Tests.ArcRouting;

/// <summary>Random problems that are small enough to be solved by trying everything.</summary>
internal static class SmallProblems
{
    private const int Places = 9;

    private static Gen<TaskMode> Mode { get; } = Gen.Select(Gen.Int[1, Places - 1], Gen.Int[1, Places - 1], Gen.Int[0, 9], (entry, exit, cost) => new TaskMode(entry, exit, cost));

    private static Gen<ArcTask> Task { get; } =
        Gen.Select(Mode.Array[1, 2], Gen.Int[0, 6], Gen.Int[0, 4], (modes, volume, mass) => new ArcTask([.. modes], [volume, mass]));

    private static Gen<ArcSite> Tip { get; } = Gen.Select(Gen.Int[0, Places - 1], Gen.Int[0, 9], (place, cost) => new ArcSite(place, cost, [ArcSite.Unlimited]));

    /// <summary>Up to four tasks with one or two modes, two resources, ways that differ by direction; with or without tip sites.</summary>
    public static Gen<ArcProblem> Any { get; } = With(Shortest);

    /// <summary>The same, but a way over a third place may be shorter than the direct one, as it needs another turn there.</summary>
    public static Gen<ArcProblem> WithTurns { get; } = With(lengths => lengths);

    private static Gen<ArcProblem> With(Func<int[], int[]> table) =>
        from lengths in Gen.Int[0, 30].Array[Places * Places]
        from tasks in Task.Array[1, 4]
        from tips in Tip.Array[0, 2]
        from tourCost in Gen.Int[0, 10]
        from limit in Gen.Int[150, 400]
        select new ArcProblem
        {
            Tasks = [.. tasks],
            Travel = new(Places, table(lengths)),
            Vehicles = [new() { Start = 0, End = 0, Capacity = [10, 6], TourCost = tourCost, MaxTime = tips.Length > 0 ? limit : null }],
            Services = tips.Length > 0 ? [new("tip", [0, 1]) { IsDoneLast = true }] : [],
            Sites = [.. tips],
        };

    // Least ways after Floyd and Warshall: a table of travel obeys the triangle inequality.
    private static int[] Shortest(int[] lengths)
    {
        for (var via = 0; via < Places; via++)
        {
            for (var from = 0; from < Places; from++)
            {
                for (var to = 0; to < Places; to++)
                {
                    var through = lengths[(from * Places) + via] + lengths[(via * Places) + to];
                    lengths[(from * Places) + to] = from == to ? 0 : Math.Min(lengths[(from * Places) + to], through);
                }
            }
        }

        return lengths;
    }
}
