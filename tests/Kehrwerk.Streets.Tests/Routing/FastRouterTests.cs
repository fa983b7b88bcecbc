using CsCheck;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Streets.Tests.Routing;

public sealed class FastRouterTests
{
    [Fact]
    public void It_finds_the_times_of_the_plain_router_and_ways_that_take_them() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 60], Gen.Double[0, 1]).Sample(
            (seed, nodeCount, restrictionShare) =>
            {
                var (graph, random) = Graph(seed, nodeCount, restrictionShare);
                if (graph.StateCount == 0)
                {
                    return;
                }

                var hierarchy = new StreetHierarchy(graph);
                var times = new HierarchyTimes(hierarchy, Closures.None);
                Compare(new(times), new(graph), graph, Closures.None, random);
                var closures = Some(graph, random);
                Compare(new(new HierarchyTimes(hierarchy, closures)), new(graph, closures), graph, closures, random);
            },
            iter: 150);

    [Fact]
    public void Closing_opening_and_slowing_down_arcs_one_after_the_other_is_as_good_as_starting_anew() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[2, 60], Gen.Double[0, 1]).Sample(
            (seed, nodeCount, restrictionShare) =>
            {
                var (graph, random) = Graph(seed, nodeCount, restrictionShare);
                if (graph.StateCount == 0)
                {
                    return;
                }

                var closures = Some(graph, random);
                var times = new HierarchyTimes(new(graph), closures);
                var fast = new FastRouter(times);
                for (var i = 0; i < 8; i++)
                {
                    var arcs = Some(graph, random).Arcs.ToArray();
                    switch (random.Next(5))
                    {
                        case 0:
                            closures = closures.Lift(arcs);
                            times.Open(arcs);
                            break;
                        case 1:
                            closures = closures.Close(arcs[0]);
                            times.Close(arcs[0]);
                            break;
                        case 2:
                            closures = closures.Close(arcs);
                            times.Close(arcs);
                            break;
                        case 3:
                            closures = Closures.None.Close(arcs);
                            times.Set(closures);
                            break;
                        default:
                            var slowSeed = random.Next();
                            graph = new(RandomStreets.Create(seed, nodeCount, restrictionShare, slowSeed), graph.Costs);
                            if (random.Next(2) == 0)
                            {
                                times.SetAllArcMs(graph.ArcMs);
                            }

                            for (var arc = 0; arc < graph.Network.ArcCount; arc++)
                            {
                                times.SetArcMs(arc, graph.ArcMs[arc]);
                            }

                            break;
                    }

                    var anew = new HierarchyTimes(new(graph), closures);
                    Assert.Equal(anew.Up.Ms, times.Up.Ms);
                    Assert.Equal(anew.Down.Ms, times.Down.Ms);
                    Assert.Equal(anew.Up.Parts, times.Up.Parts);
                    Assert.Equal(anew.Down.Parts, times.Down.Parts);
                    Compare(fast, new(graph, closures), graph, closures, random);
                }
            },
            iter: 60);

    [Fact]
    public void An_update_and_a_query_for_a_time_do_not_allocate()
    {
        var graph = new TurnGraph(RandomStreets.Create(13, 300), new());
        var times = new HierarchyTimes(graph.Hierarchy, Closures.None);
        var fast = new FastRouter(times);
        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Work()
        {
            for (var arc = 0; arc < graph.Network.ArcCount; arc += 5)
            {
                times.Close(arc, arc + 1);
                fast.TimeMs(arc, 0);
                times.SetArcMs(arc, 100);
                times.Open(arc, arc + 1);
            }
        }
    }

    [Fact]
    public void The_time_of_an_arc_is_neither_negative_nor_endless()
    {
        var times = new HierarchyTimes(new(new TurnGraph(RandomStreets.Create(14, 20), new())), Closures.None);
        Assert.Throws<ArgumentOutOfRangeException>(() => times.SetArcMs(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => times.SetArcMs(0, HierarchyTimes.MaxArcMs + 1));
    }

    [Fact]
    public void The_order_holds_every_state_once_and_keeps_both_sides_of_a_cut_apart()
    {
        var graph = new TurnGraph(RandomStreets.Create(11, 400), new());
        Assert.Equal(Enumerable.Range(0, graph.StateCount), NestedDissection.Order(graph).Order());
        // Without separators the supergraph of so many states would be nearly complete.
        Assert.InRange(new StreetHierarchy(graph).EdgeCount, graph.StateCount, 15 * graph.StateCount);
    }

    [Fact]
    public void The_same_network_gives_the_same_order() =>
        Assert.Equal(
            NestedDissection.Order(new(RandomStreets.Create(12, 200), new())),
            NestedDissection.Order(new(RandomStreets.Create(12, 200), new())));

    private static (TurnGraph Graph, Random Random) Graph(int seed, int nodeCount, double restrictionShare)
    {
        var random = new Random(seed);
        var uTurns = random.Next(2) == 0 ? UTurnRule.Everywhere : UTurnRule.DeadEndsOnly;
        return (new(RandomStreets.Create(seed, nodeCount, restrictionShare), new(UTurnRule: uTurns)), random);
    }

    private static Closures Some(TurnGraph graph, Random random) =>
        Closures.None.Close(Enumerable.Range(0, 1 + (graph.Network.ArcCount / 15)).Select(_ => random.Next(graph.Network.ArcCount)));

    private static void Compare(FastRouter fast, PlainRouter plain, TurnGraph graph, Closures closures, Random random)
    {
        for (var i = 0; i < 40; i++)
        {
            var from = random.Next(graph.StateCount);
            var to = i % 8 == 0 ? graph.StateArc[from] : random.Next(graph.Network.ArcCount);
            var expected = plain.Find(from, to);
            var found = fast.Find(from, to);
            Assert.Equal(expected?.TimeMs, found?.TimeMs);
            Assert.Equal(expected?.TimeMs ?? TravelTable.Unreachable, fast.TimeMs(from, to));
            if (found is not null)
            {
                AssertDrivable(graph, closures, [graph.StateArc[from], .. found.Arcs, to], found.TimeMs);
            }
        }
    }

    // Judged by the network alone, without the turn graph's states.
    private static void AssertDrivable(TurnGraph graph, Closures closures, int[] arcs, int timeMs)
    {
        var network = graph.Network;
        var ms = 0;
        for (var i = 1; i < arcs.Length; i++)
        {
            Assert.Equal(network.ArcHead[arcs[i - 1]], network.ArcTail[arcs[i]]);
            Assert.False(closures.Contains(arcs[i]));
            ms += graph.Costs.TurnMs(network, arcs[i - 1], arcs[i]) + (i < arcs.Length - 1 ? graph.Costs.ArcMs(network, arcs[i]) : 0);
            if (graph.Costs.UTurnRule == UTurnRule.DeadEndsOnly && network.ArcReverse[arcs[i - 1]] == arcs[i])
            {
                Assert.Equal(1, network.FirstOut[network.ArcTail[arcs[i]] + 1] - network.FirstOut[network.ArcTail[arcs[i]]]);
            }
        }

        Assert.Equal(timeMs, ms);
        foreach (var banned in network.BannedTurns)
        {
            for (var i = 0; i + banned.Arcs.Count <= arcs.Length; i++)
            {
                Assert.False(arcs.AsSpan(i, banned.Arcs.Count).SequenceEqual([.. banned.Arcs]), "A banned chain of arcs is driven.");
            }
        }
    }
}
