using System.Text.Json;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The verbs instance, solve, check and bench on sweeping instances, run as a person runs them.</summary>
public sealed class SweepInstanceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_instance_of_a_town_is_made_solved_and_checked()
    {
        var data = Path.Combine(folder.Path, "data");
        await SmallTown.Import(data);
        var instance = Path.Combine(folder.Path, "town.json");
        var solution = Path.Combine(folder.Path, "town.solution.json");

        var made = await Program.Run("instance", "--data", data, "--kerbs", "30", "--vehicles", "2", "--seed", "3", "--out", instance);
        var solved = await Program.Run("solve", instance, "--rounds", "1000", "--solution", solution, "--json");
        var check = await Program.Run("check", instance, solution, "--json");

        Assert.Equal((0, 0, 0), (made.ExitCode, solved.ExitCode, check.ExitCode));
        Assert.Contains("town: 30 kerbs", made.Output, StringComparison.Ordinal);
        var verdict = JsonDocument.Parse(check.Output).RootElement;
        Assert.Equal(JsonDocument.Parse(solved.Output).RootElement.GetProperty("cost").GetInt64(), verdict.GetProperty("cost").GetInt64());
        Assert.Equal(0, verdict.GetProperty("violations").GetArrayLength());
    }

    [Fact]
    public async Task Too_many_kerbs_are_refused_and_no_file_is_left()
    {
        var data = Path.Combine(folder.Path, "data");
        await SmallTown.Import(data);
        var instance = Path.Combine(folder.Path, "town.json");

        var made = await Program.Run("instance", "--data", data, "--kerbs", "5000", "--out", instance);

        Assert.Equal(2, made.ExitCode);
        Assert.Contains("--kerbs: only ", made.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "town*"));
    }

    [Fact]
    public async Task A_broken_instance_is_named_with_its_place_in_the_file()
    {
        var instance = Path.Combine(folder.Path, "broken.json");
        await File.WriteAllTextAsync(instance, """{ "format": "kehrwerk-sweep-instance", "version": "one" }""", TestContext.Current.CancellationToken);

        var solved = await Program.Run("solve", instance, "--rounds", "1");

        Assert.Equal(2, solved.ExitCode);
        Assert.Contains("broken.json, line 1, $.version", solved.Errors, StringComparison.Ordinal);
    }
}
