using System.Text;
using CsCheck;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.Benchmarks.Sweeping;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Planning.Tests.Benchmarks.Sweeping;

/// <summary>
/// A street of three nodes, driven both ways: arcs 0: 0→1, 1: 1→2, 2: 2→1, 3: 1→0. Each arc takes 10 s; the turn from 0 back into 3 is forbidden, from
/// 1 back into 2 takes 5 s. The depot lies at the end of arc 3.
/// </summary>
public sealed class SweepInstanceTests
{
    private static SweepInstance Street { get; } = new()
    {
        Format = SweepInstance.FormatName,
        Version = 1,
        Name = "street",
        Origin = "made by hand",
        Network = new()
        {
            Nodes = 3,
            ArcFromNode = [0, 1, 2, 1],
            ArcToNode = [1, 2, 1, 0],
            ArcLengthCm = [5_000, 5_000, 5_000, 5_000],
            ArcTravelMs = [10_000, 10_000, 10_000, 10_000],
            TurnFromArc = [0, 1],
            TurnToArc = [3, 2],
            TurnMs = [-1, 5_000],
        },
        Kerbs =
        [
            new("a", 0, 30_000, 10, 10, 10, 100, [], null, 500_000),
            new("b", 2, 30_000, 10, 10, 10, 100, [new(100_000, 200_000)], null, null),
        ],
        Sites = [new("depot", 3, 1_000, 1, 1, 1, 22_000)],
        Vehicles =
        [
            new()
            {
                Id = "v",
                Count = 1,
                StartArc = 3,
                EndArc = 3,
                ShiftStartMs = 0,
                ShiftMs = 1_000_000,
                HopperCm3 = 100,
                HopperG = 100,
                TankMl = 100,
                BatteryJ = 10_000,
                UsableJ = 8_000,
                ChargeMsToPercent = [.. Enumerable.Range(0, 101).Select(percent => percent * 1_000)],
                ChargePowerW = 11_000,
                TravelPowerW = 100,
                StandPowerW = 10,
                TipMs = 20_000,
                FillMs = 5_000,
                ConnectMs = 1_000,
                Breaks = [],
            },
        ],
    };

    // Out over arc 0 swept for 30 s and arc 1 in 10 s, back after 5 s at 45; waits for 100, sweeps to 130; home over arc 3 at 140, ready at 141, tips to 161.
    [Fact]
    public void The_street_is_solved_as_by_hand()
    {
        var solution = Solve(Street);

        Assert.Equal(161_000, solution.Cost);
        Assert.Empty(solution.Unserved);
        Assert.Equal([0, 100_000, 140_000], solution.Tours[0].Stops.Select(stop => stop.Start));
    }

    [Fact]
    public void A_solution_is_written_and_read_and_passes_the_checker()
    {
        using var file = new TemporaryFile();
        using (var text = new StreamWriter(file.Path))
        {
            SweepSolution.From(Street, Solve(Street)).Write(text);
        }

        var verdict = SweepInstanceChecker.Check(Street, SweepSolution.Read(file.Path), file.Path);

        Assert.Empty(verdict.Violations);
        Assert.Equal(161_000, verdict.Cost);
    }

    [Fact]
    public void A_stop_that_is_too_early_is_named_with_file_tour_and_kerb()
    {
        var solution = SweepSolution.From(Street, Solve(Street));
        var early = solution with { Tours = [solution.Tours[0] with { Stops = solution.Tours[0].Stops.SetItem(1, new("b", null, 44_999, [])) }] };

        var violations = SweepInstanceChecker.Check(Street, early, "s.json").Violations;

        Assert.Contains("s.json: tour 1, stop 2 (kerb b): it begins at 44999, but cannot be reached before 45000", violations);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "$.version", "it is 2")]
    [InlineData("\"nodes\":3", "\"nodes\":\"x\"", "line 1, $.network.nodes", "the JSON cannot be used")]
    [InlineData("\"nodes\":3,", "", "$.network", "missing required")]
    [InlineData("\"nodes\":3", "\"nodes\":3,\"more\":1", "$.network.more", "the JSON cannot be used")]
    [InlineData("\"arcToNode\":[1,2,1,0]", "\"arcToNode\":[1,2,1,7]", "$.network.arcToNode[3]", "it is 7")]
    [InlineData("\"arcToNode\":[1,2,1,0]", "\"arcToNode\":[1,2,1]", "$.network.arcToNode", "it has 3 values")]
    [InlineData("\"turnToArc\":[3,2]", "\"turnToArc\":[2,2]", "$.network.turnToArc[0]", "arc 2 does not begin where arc 0 ends")]
    [InlineData("\"id\":\"b\"", "\"id\":\"a\"", "$.kerbs[1].id", "'a' stands there twice")]
    [InlineData("\"arc\":2", "\"arc\":9", "$.kerbs[1].arc", "it is 9")]
    [InlineData("\"sweepMs\":30000", "\"sweepMs\":9000", "$.kerbs[0].sweepMs", "less than the time to travel")]
    [InlineData("\"untilMs\":200000", "\"untilMs\":99999", "$.kerbs[1].windows[0].untilMs", "it is 99999")]
    [InlineData("\"tipBays\":1", "\"tipBays\":0", "$.sites", "none has a bay to tip")]
    [InlineData("\"usableJ\":8000", "\"usableJ\":10001", "$.vehicles[0].usableJ", "it is 10001")]
    public void What_is_wrong_in_a_file_is_named_with_its_place(string right, string wrong, string place, string problem)
    {
        using var text = new StringWriter();
        Street.Write(text);
        var json = text.ToString();
        var at = json.IndexOf(right, StringComparison.Ordinal);
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, json[..at] + wrong + json[(at + right.Length)..]);

        var error = Assert.Throws<InputException>(() => SweepInstanceReader.Read(file.Path));

        Assert.Contains($"{place}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"format\":1}")]
    [InlineData("[]")]
    public void What_is_no_instance_is_refused(string json)
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, json);

        Assert.Throws<InputException>(() => SweepInstanceReader.Read(file.Path));
    }

    [Fact]
    public void A_solution_that_speaks_of_an_unknown_kerb_is_refused_with_its_place()
    {
        var solution = SweepSolution.From(Street, Solve(Street)) with { Unserved = ["c"] };

        var error = Assert.Throws<InputException>(() => SweepInstanceChecker.Check(Street, solution, "s.json"));

        Assert.Contains("s.json, $.unserved[0]: the instance street has no kerb 'c'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ways_of_the_checker_are_those_of_the_solver() =>
        RandomNetwork.Sample(
            network =>
            {
                var arcs = Enumerable.Range(0, network.ArcFromNode.Length).ToArray();
                int[] places = [.. arcs, .. arcs];
                var table = new InstanceWays(network).Between(places, arcs.Length);
                var ways = new CheckerWays(network);
                foreach (var from in arcs)
                {
                    foreach (var to in arcs)
                    {
                        Assert.Equal(ways.Between(from, to, toEnd: false), table[from, to]);
                        Assert.Equal(ways.Between(from, to, toEnd: true), table[from, arcs.Length + to]);
                    }
                }
            },
            iter: 300);

    [Fact]
    public void An_instance_made_from_a_city_repeats_to_the_byte_and_can_be_solved()
    {
        var city = Musterstadt();
        var problem = SweepProblem.ForCity(city, new TurnGraph(city.Streets, new()), Towns.Fleet(3));
        var order = new InstanceOrder("muster", 40, 7, "a test");

        var (one, other) = (SweepInstanceMaker.Make(city, problem, order), SweepInstanceMaker.Make(city, problem, order));
        var solution = Solve(one);

        Assert.Equal(Text(one), Text(other));
        Assert.Equal(40, one.Kerbs.Length);
        Assert.Contains(one.Kerbs, kerb => kerb.Windows.Length > 0);
        Assert.Empty(SweepInstanceChecker.Check(one, SweepSolution.From(one, solution), "s.json").Violations);
        Assert.NotEqual(Text(one), Text(SweepInstanceMaker.Make(city, problem, order with { Seed = 8 })));
    }

    [Fact]
    public void More_kerbs_than_the_city_has_are_refused()
    {
        var city = Musterstadt();
        var problem = SweepProblem.ForCity(city, new TurnGraph(city.Streets, new()), Towns.Fleet(3));

        var error = Assert.Throws<InputException>(() => SweepInstanceMaker.Make(city, problem, new("muster", 5_999, 1, "a test")));

        Assert.Contains("--kerbs: only ", error.Message, StringComparison.Ordinal);
    }

    private static Gen<NetworkPart> RandomNetwork { get; } =
        from nodes in Gen.Int[2, 6]
        from arcs in Gen.Select(Gen.Int[0, nodes - 1], Gen.Int[0, nodes - 1], Gen.Int[0, 50]).Array[1, 14]
        from turns in Gen.Select(Gen.Int[0, 13], Gen.Int[0, 13], Gen.Int[-1, 9]).Array[0, 12]
        let allowed = turns.Where(t => t.Item1 < arcs.Length && t.Item2 < arcs.Length && arcs[t.Item1].Item2 == arcs[t.Item2].Item1).DistinctBy(t => (t.Item1, t.Item2)).ToArray()
        select new NetworkPart
        {
            Nodes = nodes,
            ArcFromNode = [.. arcs.Select(arc => arc.Item1)],
            ArcToNode = [.. arcs.Select(arc => arc.Item2)],
            ArcLengthCm = [.. arcs.Select(_ => 100)],
            ArcTravelMs = [.. arcs.Select(arc => arc.Item3)],
            TurnFromArc = [.. allowed.Select(turn => turn.Item1)],
            TurnToArc = [.. allowed.Select(turn => turn.Item2)],
            TurnMs = [.. allowed.Select(turn => turn.Item3)],
        };

    private static ArcSolution Solve(SweepInstance instance) =>
        ArcSolver.Solve(instance.ToProblem(), ArcSolver.Rounds(1_000), ct: TestContext.Current.CancellationToken);

    private static string Text(SweepInstance instance)
    {
        using var text = new StringWriter();
        instance.Write(text);
        return text.ToString();
    }

    private static City Musterstadt()
    {
        using var osm = new TemporaryFile(".osm");
        DemoCity.Write(osm.Path, new DemoCityOptions { KerbKm = 10, Addresses = 100 });
        return CityImporter.Import(osm.Path, new());
    }

    private sealed class TemporaryFile(string ending = ".json") : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"kehrwerk-{Guid.NewGuid():N}{ending}");

        public void Dispose() => File.Delete(Path);
    }
}
