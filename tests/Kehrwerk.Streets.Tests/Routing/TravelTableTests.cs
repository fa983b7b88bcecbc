using CsCheck;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Streets.Tests.Routing;

public sealed class TravelTableTests
{
    [Fact]
    public void A_table_holds_the_times_of_the_plain_router() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[2, 40], Gen.Int[1, 3]).Sample(
            (seed, nodeCount, threads) =>
            {
                var streets = RandomStreets.Create(seed, nodeCount);
                var random = new Random(seed);
                var graph = new TurnGraph(streets, new(UTurnRule: random.Next(2) == 0 ? UTurnRule.Everywhere : UTurnRule.DeadEndsOnly));
                var closures = Closures.None.Close(Enumerable.Range(0, streets.ArcCount / 12).Select(_ => random.Next(streets.ArcCount)));
                int[] from = [.. Enumerable.Range(0, 21).Select(_ => random.Next(graph.StateCount))];
                int[] to = [.. Enumerable.Range(0, 9).Select(_ => random.Next(streets.ArcCount)), graph.StateArc[from[0]]];
                var ct = TestContext.Current.CancellationToken;
                var plain = TravelTable.BuildPlainly(graph, closures, from, to, threads, ct);
                var swept = TravelTable.Build(new HierarchyTimes(graph.Hierarchy, closures), from, to, threads, ct);
                var router = new PlainRouter(graph, closures);
                for (var i = 0; i < from.Length; i++)
                {
                    for (var j = 0; j < to.Length; j++)
                    {
                        var expected = router.Find(from[i], to[j])?.TimeMs ?? TravelTable.Unreachable;
                        Assert.Equal(expected, plain.TimeMs(i, j));
                        Assert.Equal(expected, swept.TimeMs(i, j));
                    }
                }
            },
            iter: 120);

    [Fact]
    public void After_closures_a_table_by_the_same_times_is_that_of_the_plain_router() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[2, 40]).Sample(
            (seed, nodeCount) =>
            {
                var streets = RandomStreets.Create(seed, nodeCount);
                var random = new Random(seed);
                var graph = new TurnGraph(streets, new());
                int[] arcs = [.. Enumerable.Range(0, 12).Select(_ => random.Next(streets.ArcCount))];
                var times = new HierarchyTimes(graph.Hierarchy, Closures.None);
                var closures = Closures.None;
                var ct = TestContext.Current.CancellationToken;
                for (var i = 0; i < 4; i++)
                {
                    var arc = random.Next(streets.ArcCount);
                    closures = i == 3 ? Closures.None : closures.Close(arc, arcs[i]);
                    times.Set(closures);
                    var table = TravelTable.Build(times, arcs, arcs, 1, ct);
                    var plain = TravelTable.BuildPlainly(graph, closures, arcs, arcs, 1, ct);
                    var few = TravelTable.Build(graph, closures, arcs, arcs, 1, ct);
                    for (var row = 0; row < arcs.Length; row++)
                    {
                        Assert.Equal(plain.Row(row), table.Row(row));
                        Assert.Equal(plain.Row(row), few.Row(row));
                    }
                }
            },
            iter: 60);

    [Fact]
    public void The_number_of_threads_does_not_change_a_table()
    {
        var streets = RandomStreets.Create(7, 200);
        var graph = new TurnGraph(streets, new());
        int[] arcs = [.. Enumerable.Range(0, streets.ArcCount)];
        var one = TravelTable.Build(graph, Closures.None, arcs, 1, TestContext.Current.CancellationToken);
        var four = TravelTable.Build(graph, Closures.None, arcs, 4, TestContext.Current.CancellationToken);
        for (var i = 0; i < arcs.Length; i++)
        {
            Assert.Equal(one.Row(i), four.Row(i));
        }
    }

    [Fact]
    public void A_table_too_large_for_memory_is_refused()
    {
        var graph = new TurnGraph(RandomStreets.Create(1, 5), new());
        var error = Assert.Throws<ArgumentException>(
            () => TravelTable.Build(graph, Closures.None, new int[6001], 1, TestContext.Current.CancellationToken));
        Assert.Contains("Ask for it in parts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_can_be_cancelled()
    {
        var graph = new TurnGraph(RandomStreets.Create(1, 5), new());
        Assert.Throws<OperationCanceledException>(() => TravelTable.Build(graph, Closures.None, [0, 1], 1, new CancellationToken(true)));
    }

    [Fact]
    public void An_empty_table_has_no_rows()
    {
        var table = TravelTable.Build(new TurnGraph(RandomStreets.Create(1, 5), new()), Closures.None, [], 1, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (table.FromCount, table.ToCount));
    }
}
