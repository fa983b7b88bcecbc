using System.Text.Json;
using Kehrwerk.Centre.Store;
using Xunit;
using static Kehrwerk.Tests.RunTests;

namespace Kehrwerk.Tests;

/// <summary>The running installation, ended without warning.</summary>
public sealed class KilledRunTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_shift_that_is_killed_again_and_again_loses_no_kerb_and_counts_none_twice()
    {
        const int seed = 3;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        string[] verb = [.. RunVerb(folder.Path, speed: 60), .. Shift];
        var before = new Dictionary<(string, string), DateTimeOffset>();

        for (var kill = 0; kill < 4; kill++)
        {
            using var process = Program.Start(verb);
            await Says(process, kill == 0 ? "A shift has started" : "goes on");
            Assert.False(process.WaitForExit(random.Next(500, 9000)), "The program ended before it was killed.");
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            var now = await Coverage(folder.Path);
            output.WriteLine($"killed with {now.Count} kerbs swept");
            Assert.All(before, swept => Assert.Equal(swept.Value, now[swept.Key]));
            before = now;
        }

        var last = await Program.Run(verb);

        Assert.True(last.ExitCode == 0, last.Errors);
        var result = JsonDocument.Parse(last.Output).RootElement;
        var swept = SweptIn(last.Output);
        Assert.Equal(swept.Distinct().Count(), swept.Count);
        Assert.Equal(result.GetProperty("kerbsPlanned").GetInt32(), swept.Count + result.GetProperty("missed").GetArrayLength());
        var after = await Coverage(folder.Path);
        Assert.All(before, kerb => Assert.Equal(kerb.Value, after[kerb.Key]));
        await using var store = CentreStore.Open(Path.Combine(folder.Path, "kehrwerk.db"));
        Assert.Null(store.VerifyRecord().Problem);
    }

    private static async Task<Dictionary<(string, string), DateTimeOffset>> Coverage(string data)
    {
        await using var store = CentreStore.Open(Path.Combine(data, "kehrwerk.db"));
        return store.Coverage().ToDictionary(c => (c.Mission, c.KerbKey), c => c.SweptAt);
    }
}
