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
