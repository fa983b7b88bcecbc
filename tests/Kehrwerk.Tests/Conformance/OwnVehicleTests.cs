using Kehrwerk.Conformance;

namespace Kehrwerk.Tests.Conformance;

/// <summary>Our own sweeper keeps every rule of the runner, in the deterministic world.</summary>
public sealed class OwnVehicleTests
{
    [Fact]
    public void Our_sweeper_keeps_every_rule()
    {
        var (results, _) = OwnVehicle.Check(isSupervised: true);
        Nothing(results.Where(result => result.Outcome != Outcome.Pass));
    }

    [Fact]
    public void Our_sweeper_without_supervision_keeps_every_rule_of_the_standard()
    {
        var (results, _) = OwnVehicle.Check(isSupervised: false);
        Nothing(results.Where(result => result.Outcome != (result.Rule.IsOfProfile ? Outcome.NotSupported : Outcome.Pass) && result.Rule.Id != "error.fatal-stops"));
    }

    internal static void Nothing(IEnumerable<RuleResult> results)
    {
        var described = results.Select(Describe).ToList();
        Assert.True(described.Count == 0, string.Join('\n', described));
    }

    internal static string Describe(RuleResult result) =>
        $"{result.Rule.Id} ({result.Rule.Chapter}): {result.Outcome} {result.Reason}{string.Join("; ", result.Findings.Select(finding => $"{finding.At:mm:ss.f} {finding.Text}"))}";
}
