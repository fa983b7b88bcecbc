using Kehrwerk.Conformance;

namespace Kehrwerk.Tests.Conformance;

/// <summary>Our Centre keeps every rule of a master control; one that breaks a rule fails that rule and no other.</summary>
public sealed class OwnCentreTests
{
    public static TheoryData<string> Broken => [.. BrokenCentres.All.Keys];

    [Fact]
    public void Our_Centre_keeps_every_rule()
    {
        var (results, _) = OwnCentre.Check();
        OwnVehicleTests.Nothing(results.Where(result => result.Outcome != Outcome.Pass));
    }

    [Fact]
    public void With_nobody_at_the_Centre_only_what_a_person_brings_about_is_not_run()
    {
        var (results, _) = OwnCentre.Check(isAttended: false);
        string[] persons =
        [
            "master.response.base", "master.response.known", "master.response.lease", "master.zone.content", "master.zone.types", "master.zone.polygon", "master.zone.enabled",
            "sp.master.command.stamp",
        ];
        OwnVehicleTests.Nothing(results.Where(result => result.Outcome != (persons.Contains(result.Rule.Id) ? Outcome.NotRun : Outcome.Pass)));
        Assert.All(results.Where(result => result.Outcome == Outcome.NotRun), result => Assert.Contains("--attended", result.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_master_control_that_breaks_a_rule_fails_just_that(string rule)
    {
        var bent = BrokenCentres.All[rule]();
        var (results, _) = OwnCentre.Check((line, loop) =>
        {
            var bend = new Bend(line, loop);
            bent(bend);
            return bend;
        });
        var failed = results.Where(result => result.Outcome == Outcome.Fail).ToList();
        Assert.True(failed.Count == 1 && failed[0].Rule.Id == rule, $"{failed.Count} failed: {string.Join('\n', failed.Select(OwnVehicleTests.Describe))}");
    }

    [Fact]
    public void Each_rule_has_a_master_control_that_breaks_it() =>
        Assert.Equal(Rules.OfMaster.Select(rule => rule.Id).Order(StringComparer.Ordinal), BrokenCentres.All.Keys.Order(StringComparer.Ordinal));
}
