using Kehrwerk.Conformance;

namespace Kehrwerk.Tests.Conformance;

/// <summary>A vehicle that breaks one rule fails that rule and no other.</summary>
public sealed class BrokenVehicleTests
{
    public static TheoryData<string> Standard => [.. BrokenVehicles.OfStandard.Keys];

    [Theory]
    [MemberData(nameof(Standard))]
    public void A_vehicle_that_breaks_a_rule_of_the_standard_fails_just_that(string rule) =>
        FailsJust(rule, BrokenVehicles.OfStandard[rule](), isSupervised: false);

    [Fact]
    public void Each_rule_has_a_vehicle_that_breaks_it() => Assert.Equal(
        Rules.OfVehicle.Select(rule => rule.Id).Order(StringComparer.Ordinal),
        BrokenVehicles.OfStandard.Keys.Concat(UnsafeVehicles.OfProfile.Keys).Order(StringComparer.Ordinal));

    internal static void FailsJust(string rule, Action<Bend> bent, bool isSupervised)
    {
        var (results, _) = OwnVehicle.Check(isSupervised, (line, loop) =>
        {
            var bend = new Bend(line, loop);
            bent(bend);
            return bend;
        }, hasWill: rule != "connection.last-will");
        var failed = results.Where(result => result.Outcome == Outcome.Fail).ToList();
        Assert.True(failed.Count == 1 && failed[0].Rule.Id == rule, $"{failed.Count} failed; it is {OwnVehicleTests.Describe(results.First(result => result.Rule.Id == rule))}\n{string.Join('\n', failed.Select(OwnVehicleTests.Describe))}");
    }
}
