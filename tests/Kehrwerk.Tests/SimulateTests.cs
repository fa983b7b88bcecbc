using System.Text.Json;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The headless shift, run as a person runs it: the built program, a fresh data folder.</summary>
public sealed class SimulateTests
{
    [Fact]
    public async Task A_shift_sweeps_every_planned_kerb_or_says_why_and_breaks_no_limit()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);

        var run = await Program.Run("simulate", "--data", folder.Path, "--vehicles", "3", "--hours", "4", "--iterations", "500", "--json");

        Assert.Equal(0, run.ExitCode);
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(0, result.GetProperty("violations").GetArrayLength());
        var planned = result.GetProperty("kerbsPlanned").GetInt32();
        Assert.True(planned > 20, $"only {planned} kerbs planned");
        Assert.Equal(planned, result.GetProperty("kerbsSwept").GetInt32() + result.GetProperty("missed").GetArrayLength());
        Assert.True(result.GetProperty("kerbsSwept").GetInt32() > 0.9 * planned);
        Assert.All(result.GetProperty("missed").EnumerateArray(), missed => Assert.NotEmpty(missed.GetProperty("reason").GetString()!));
    }

    /// <summary>Through traffic, from the depot's gate to its bays and back, under the real Centre; twice, so that it is shown to be the same.</summary>
    [Fact]
    public async Task A_shift_driven_in_full_comes_to_its_end_and_the_same_seed_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        string[] verb = ["simulate", "--data", folder.Path, "--vehicles", "2", "--hours", "0.5", "--iterations", "100", "--drive", "full", "--traffic", "0.5", "--depot-fault", "charge1:dead", "--json"];

        var (run, again) = (await Program.Run(verb), await Program.Run(verb));

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(run.Output, again.Output);
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.True(result.GetProperty("kerbsSwept").GetInt32() > 0.8 * result.GetProperty("kerbsPlanned").GetInt32(), run.Output);
        Assert.All(result.GetProperty("byVehicle").EnumerateArray().Where(vehicle => vehicle.GetProperty("kerbsPlanned").GetInt32() > 0), vehicle => Assert.Equal(100, vehicle.GetProperty("batteryPercent").GetDouble(), 1.0));
        Assert.True(result.GetProperty("notes").GetProperty("bayFailed").GetInt32() > 0);
        Assert.All(result.GetProperty("world").GetProperty("vehicles").EnumerateArray().Where(vehicle => vehicle.GetProperty("drivenKm").GetDouble() > 0), vehicle =>
        {
            Assert.True(vehicle.GetProperty("sweptKm").GetDouble() > 0.3);
            Assert.InRange(vehicle.GetProperty("meanGapM").GetDouble(), 0.1, 0.3);
            Assert.Equal(0, vehicle.GetProperty("ownContacts").GetInt32());
        });
    }

    [Fact]
    public async Task Traffic_and_depot_faults_without_a_world_are_refused_and_a_wrong_fault_is_named()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);

        var light = await Program.Run("simulate", "--data", folder.Path, "--traffic", "2");
        var wrong = await Program.Run("simulate", "--data", folder.Path, "--drive", "full", "--depot-fault", "charge:sleepy");

        Assert.Equal(1, light.ExitCode);
        Assert.Contains("--drive full", light.Errors, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("charge:sleepy", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_does_not()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        string[] verb = ["simulate", "--data", folder.Path, "--vehicles", "2", "--hours", "3", "--iterations", "300", "--json", "--seed"];

        var first = await Program.Run([.. verb, "7"]);
        var again = await Program.Run([.. verb, "7"]);
        var other = await Program.Run([.. verb, "8"]);

        Assert.Equal(first.Output, again.Output);
        Assert.NotEqual(first.Output, other.Output);
    }
}
