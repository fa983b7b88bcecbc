using System.Text.Json;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary>The certificate authority as a person uses it.</summary>
public sealed class PkiTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Pki => Path.Combine(folder.Path, "pki");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_authority_is_made_issues_lists_and_revokes()
    {
        await Good("create", "--name", "Trial of the city");
        var vehicle = await Good("issue", "vehicle", "kehrwerk/KW-01", "--days", "30");
        await Good("issue", "centre");
        await Good("issue", "broker", "--host", "127.0.0.1", "--host", "broker.example.org");
        Assert.All(vehicle.TrimEnd().Split('\n'), file => Assert.True(File.Exists(file), file));
        var before = await Good("list");
        Assert.Equal(3, before.TrimEnd().Split('\n').Length);

        await Good("revoke", "kehrwerk/KW-01");

        var list = JsonDocument.Parse(await Good("list", "--json")).RootElement.EnumerateArray().ToList();
        Assert.Equal(
            ["broker valid", "centre valid", "kehrwerk/KW-01 revoked"],
            list.Select(c => $"{c.GetProperty("name").GetString()} {c.GetProperty("state").GetString()!.ToLowerInvariant()}"));
    }

    [Theory]
    [InlineData("there is no authority", "issue", "vehicle", "kehrwerk/KW-01")]
    [InlineData("there is no authority", "list")]
    public async Task Without_an_authority_it_is_said_how_to_make_one(string about, params string[] verb)
    {
        var errors = await Bad(verb);
        Assert.Contains(about, errors, StringComparison.Ordinal);
        Assert.Contains("kehrwerk pki create", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_named_issued_or_revoked_is_told()
    {
        await Good("create");
        Assert.Contains("nothing is overwritten", await Bad("create"), StringComparison.Ordinal);
        Assert.Contains("ID 'KW-01'", await Bad("issue", "vehicle", "KW-01"), StringComparison.Ordinal);
        Assert.Contains("at most 64", await Bad("issue", "vehicle", new string('a', 40) + "/" + new string('b', 40)), StringComparison.Ordinal);
        Assert.Contains("--host a b", await Bad("issue", "broker", "--host", "a b"), StringComparison.Ordinal);
        Assert.Contains("pki list", await Bad("revoke", "4711"), StringComparison.Ordinal);
    }

    private async Task<string> Good(params string[] verb)
    {
        var run = await Program.Run(["pki", .. verb, "--pki", Pki]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output;
    }

    private async Task<string> Bad(params string[] verb)
    {
        var run = await Program.Run(["pki", .. verb, "--pki", Pki]);
        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        return run.Errors;
    }
}
