using BenchmarkDotNet.Attributes;
using Kehrwerk.Planning;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Bench.Planning;

/// <summary>
/// A town of square blocks with every kerb due: to construct a plan (table of travel times included), and to improve it by
/// 1,000 rounds. The quality is in the figures of <see cref="PlanSummary"/>; <see cref="Improve"/> returns the deadhead in km.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class PlannerBenchmarks
{
    private SweepProblem problem = null!;

    /// <summary>Blocks along each side: 13 give 728 kerbs, 34 give 4,760.</summary>
    [Params(13, 34)]
    public int Blocks { get; set; }

    [GlobalSetup]
    public void Build() => problem = BlockTown.Problem(Blocks, vehicles: Blocks < 20 ? 6 : 20);

    [Benchmark]
    public int Construct() => Planner.Solve(problem, new() { MaxIterations = 0 }).Unserved.Length;

    [Benchmark]
    public double Improve() => PlanSummary.Of(problem, Planner.Solve(problem, new() { MaxIterations = 1_000 })).Total.DeadheadKm;
}

/// <summary>Square blocks of 100 m; the depot in a corner; vehicles as in <see cref="BenchCity"/>.</summary>
public static class BlockTown
{
    private const double BlockM = 100;

    public static SweepProblem Problem(int blocks, int vehicles)
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.4, 6.8)));
        var side = blocks + 1;
        for (var i = 0; i < side * side; i++)
        {
            builder.AddNode(i, PointOf(i, side));
        }

        for (var i = 0; i < side * side; i++)
        {
            foreach (var to in new[] { i % side < blocks ? i + 1 : -1, i / side < blocks ? i + side : -1 })
            {
                if (to >= 0)
                {
                    builder.AddSegment(new(i, to, [PointOf(i, side), PointOf(to, side)], builder.SegmentCount, 0, Directions.Both));
                }
            }
        }

        var network = builder.Build();
        return new()
        {
            Graph = new(network, new()),
            Depots = [new("Betriebshof", network.ArcReverse[0], vehicles, 2, 2, 3, 22.0 * vehicles)],
            Vehicles = [.. Enumerable.Range(1, vehicles).Select(BenchCity.Sweeper)],
            Tasks = [.. Enumerable.Range(0, network.ArcCount).Select(arc => new SweepTask(arc, arc, BlockM, BlockM * 0.00008, BlockM * 0.056, 7, 1 + (arc % 3)))],
        };
    }

    private static MapPoint PointOf(int node, int side) => new(node % side * BlockM, node / side * BlockM);
}
