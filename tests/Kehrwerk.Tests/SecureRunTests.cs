using System.Diagnostics;
using Kehrwerk.Centre.Store;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The running installation with certificates, and what the configuration of an external broker says.</summary>
public sealed class SecureRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int port = Ports.FirstOfThree();

    private string Issued => Path.Combine(folder.Path, "pki", "issued");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_vehicle_with_a_certificate_sweeps_and_a_revoked_one_is_on_record()
    {
        await SmallTown.Import(folder.Path);
        await Pki("create");
        await Pki("issue", "broker", "--host", "127.0.0.1");
        await Pki("issue", "centre");
        await Pki("issue", "vehicle", "kehrwerk/KW-01");
        await Pki("issue", "vehicle", "kehrwerk/KW-02");
        await Pki("revoke", "kehrwerk/KW-02");

        var run = Program.Run(
            "run", "--data", folder.Path, "--secure-listen", $"127.0.0.1:{port + 2}", "--port", $"{port}", "--no-sweepers", "--supervisor", "always", "--departure-check", "off", "--vehicles", "1",
            "--hours", "0.3", "--iterations", "100", "--speed", "40", "--lease-timeout", "60", "--until-done");
        using var good = Sweeper("KW-01");
        using var revoked = Sweeper("KW-02");
        var ended = await run;
        good.Kill();
        revoked.Kill();

        Assert.True(ended.ExitCode == 0, ended.Errors);
        await using var store = CentreStore.Open(Path.Combine(folder.Path, "kehrwerk.db"));
        Assert.NotEmpty(store.Coverage());
        Assert.Contains(store.Record(), entry => entry.Kind == "linkRefused" && entry.Text.Contains("CN=kehrwerk/KW-02 is revoked", StringComparison.Ordinal));
        Assert.Null(store.VerifyRecord().Problem);
    }

    [Fact]
    public async Task A_certificate_that_is_missing_is_named_with_how_to_issue_it()
    {
        await SmallTown.Import(folder.Path);
        string[] verb = ["run", "--data", folder.Path, "--secure-listen", $"127.0.0.1:{port + 2}", "--port", $"{port}", "--vehicles", "1"];
        Assert.Contains("kehrwerk pki issue broker --host HOST", (await Program.Run(verb)).Errors, StringComparison.Ordinal);
        await Pki("create");
        await Pki("issue", "broker", "--host", "127.0.0.1");
        Assert.Contains("kehrwerk pki issue centre", (await Program.Run(verb)).Errors, StringComparison.Ordinal);
        await Pki("issue", "centre");
        var run = await Program.Run(verb);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("kehrwerk pki issue vehicle kehrwerk/KW-01", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "one of --broker-port", "run", "--secure-listen", "127.0.0.1:8883", "--broker-port", "1883")]
    [InlineData(1, "--broker-log needs --broker", "run", "--broker-log", "mosquitto.log")]
    [InlineData(1, "--vda21 goes with --speed 1 only", "run", "--vda21", "--speed", "2")]
    [InlineData(2, "--secure-listen 8883", "run", "--secure-listen", "8883")]
    [InlineData(2, "must not leave this machine", "run", "--broker", "192.0.2.1:1883")]
    [InlineData(1, "TLS needs all three", "sweeper", "--ca", "authority.crt")]
    public async Task Options_that_do_not_go_together_are_told(int exitCode, string about, params string[] verb)
    {
        var run = await Program.Run([.. verb, "--data", folder.Path]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(about, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_of_mosquitto_names_the_files_and_each_vehicles_topics()
    {
        await Pki("create");
        await Pki("issue", "broker", "--host", "broker.example.org");
        var output = Path.Combine(folder.Path, "mosquitto");
        var run = await Program.Run("broker", "mosquitto", "--out", output, "--listen", "127.0.0.1:8883", "--pki", Path.Combine(folder.Path, "pki"), "--vda21");
        Assert.True(run.ExitCode == 0, run.Errors);
        var configuration = await File.ReadAllTextAsync(Path.Combine(output, "mosquitto.conf"), TestContext.Current.CancellationToken);
        Assert.Contains("listener 8883 127.0.0.1\n", configuration, StringComparison.Ordinal);
        Assert.Contains($"certfile {Issued}/broker.crt\n", configuration, StringComparison.Ordinal);
        var rules = await File.ReadAllTextAsync(Path.Combine(output, "acl"), TestContext.Current.CancellationToken);
        Assert.Contains("pattern write vda5050/v3/%u/state\n", rules, StringComparison.Ordinal);
        Assert.Contains("pattern write uagv/v2/%u/state\n", rules, StringComparison.Ordinal);
    }

    private async Task Pki(params string[] verb)
    {
        var run = await Program.Run(["pki", .. verb, "--pki", Path.Combine(folder.Path, "pki")]);
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    private Process Sweeper(string serial)
    {
        var own = Path.Combine(Issued, "kehrwerk@" + serial);
        var sweeper = Program.Start(
            "sweeper", "--data", folder.Path, "--broker", $"127.0.0.1:{port + 2}", "--serial", serial, "--speed", "40", "--lease-timeout", "60",
            "--ca", Path.Combine(folder.Path, "pki", "authority.crt"), "--certificate", own + ".crt", "--key", own + ".key");
        // Nobody reads what it says; it must not wait for that.
        sweeper.OutputDataReceived += (_, _) => { };
        sweeper.ErrorDataReceived += (_, _) => { };
        sweeper.BeginOutputReadLine();
        sweeper.BeginErrorReadLine();
        return sweeper;
    }
}
