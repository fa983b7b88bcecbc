using Kehrwerk.Conformance;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Kehrwerk.Streets.Routing;
using Xunit;

namespace Kehrwerk.Tests.Conformance;

/// <summary>The route of a check that is taken from a city, and what the command line says of it.</summary>
public sealed class CityRouteTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    public void The_route_of_a_city_leads_once_round_from_the_depot_by_turns_that_may_be_taken(int kerbKm)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "town.osm");
        DemoCity.Write(file, new DemoCityOptions(KerbKm: kerbKm, Addresses: 100));
        var city = CityImporter.Import(file, new ImportOptions { Name = "Town" });
        var map = city.Streets;

        var route = CityRoute.Of(city, mayBeginElsewhere: false);

        Assert.Null(route.Fault());
        Assert.Equal(city.Fingerprint, route.MapId);
        Assert.Equal(map.NodeKey(map.ArcHead[city.Depot.Arc]), route.Start);
        var arcs = route.Edges.Select(edge => map.FindArc(edge.EdgeId)!.Value).ToList();
        Assert.Equal(city.Depot.Arc, arcs[^1]);
        Assert.Equal(arcs.Count, arcs.Select(arc => map.ArcHead[arc]).Distinct().Count());
        var graph = new TurnGraph(map, new TravelCosts());
        Assert.All(arcs.Zip([.. arcs.Skip(1), arcs[0]]), turn => Assert.NotNull(graph.StateAfter(turn.First, turn.Second)));
        Assert.NotEmpty(route.EdgeActions);
        Assert.All(route.EdgeActions, action => Assert.Contains(city.Kerbs, kerb => map.ArcKey(kerb.Arc) == action.At && kerb.Key == action.Parameters.First(given => given.Key == "kerb").Value.AsText));
    }

    [Theory]
    [InlineData("either --route FILE or --data DIR", "--vehicle", "a/b", "--centre")]
    [InlineData("either --route FILE or --data DIR", "--vehicle", "a/b", "--centre", "--route", "r.json", "--data", "d")]
    [InlineData("there is no such data folder", "--vehicle", "a/b", "--centre", "--data", "/no/such/folder")]
    [InlineData("there is no rule 'nonsense'", "--centre", "--list", "--rules=-nonsense")]
    public async Task What_cannot_be_checked_is_said(string expected, params string[] arguments)
    {
        var result = await Program.Run(["conform", .. arguments]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_can_be_left_out()
    {
        var listed = await Program.Run("conform", "--centre", "--list", "--rules=master.order,-master.order.m");
        Assert.Contains("`master.order.edges`", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("`master.order.map`", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("`master.update", listed.Output, StringComparison.Ordinal);
    }
}
