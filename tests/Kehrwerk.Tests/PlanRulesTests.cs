using System.Text.Json;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary><c>kehrwerk plan</c> with a rules file and with chosen days, run as a person runs it.</summary>
public sealed class PlanRulesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_example_plans_Musterstadt_from_two_depots_with_breaks()
    {
        var map = Path.Combine(folder.Path, "musterstadt.osm.pbf");
        await Program.Run("demo-city", map);
        await Program.Run("import", map, "--data", folder.Path);

        var run = await Program.Run(
            "plan", "--data", folder.Path, "--vehicles", "4", "--iterations", "500", "--json",
            "--rules", Path.Combine(AppContext.BaseDirectory, "examples", "planning-rules", "musterstadt.json"));

        Assert.True(run.ExitCode == 0, run.Errors);
        var tours = JsonDocument.Parse(run.Output).RootElement.GetProperty("tours").EnumerateArray().ToArray();
        var lastCharges = tours.Select(tour => tour.GetProperty("steps").EnumerateArray().Last(step => step.GetProperty("step").GetString() == "charge"));
        Assert.Equal([0, 1], lastCharges.Select(charge => charge.TryGetProperty("depot", out var depot) ? depot.GetInt32() : 0).Distinct().Order());
        Assert.Contains(tours, tour => tour.GetProperty("steps").EnumerateArray().Any(step => step.GetProperty("step").GetString() == "break"));
    }

    [Fact]
    public async Task Days_chosen_with_the_tours_take_less_deadhead_than_zones()
    {
        await SmallTown.Import(folder.Path);
        string[] plan = ["plan", "--data", folder.Path, "--days", "5", "--vehicles", "1", "--iterations", "1000", "--json"];

        var zones = await Program.Run(plan);
        var chosen = await Program.Run([.. plan, "--choose-days"]);

        Assert.True((zones.ExitCode, chosen.ExitCode) == (0, 0), zones.Errors + chosen.Errors);
        Assert.Equal(Sweeps(zones), Sweeps(chosen));
        Assert.True(DeadheadM(chosen) < DeadheadM(zones), $"{DeadheadM(chosen)} m, by zones {DeadheadM(zones)} m");
    }

    [Fact]
    public async Task A_rules_file_that_cannot_be_used_is_named_with_its_place()
    {
        await SmallTown.Import(folder.Path);
        var rules = Path.Combine(folder.Path, "rules.json");
        await File.WriteAllTextAsync(
            rules, """{ "format": "kehrwerk-planning-rules", "version": 1, "dayStarts": "05:00", "vehicles": [{ "ids": ["KW-77"] }] }""", TestContext.Current.CancellationToken);

        var wrong = await Program.Run("plan", "--data", folder.Path, "--rules", rules);
        var missing = await Program.Run("plan", "--data", folder.Path, "--rules", "no-such-rules.json");

        Assert.Equal((2, 2), (wrong.ExitCode, missing.ExitCode));
        Assert.Contains("rules.json, $.vehicles[0].ids[0]: 'KW-77'", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("no-such-rules.json", missing.Errors, StringComparison.Ordinal);
    }

    private static int Sweeps(Program.Result run) => Steps(run, "sweep").Count();

    private static double DeadheadM(Program.Result run) => Steps(run, "deadhead").Sum(step => step.GetProperty("lengthM").GetDouble());

    private static IEnumerable<JsonElement> Steps(Program.Result run, string kind) => JsonDocument.Parse(run.Output).RootElement.GetProperty("tours").EnumerateArray()
        .SelectMany(tour => tour.GetProperty("steps").EnumerateArray()).Where(step => step.GetProperty("step").GetString() == kind);
}
