namespace Kehrwerk.Tests.Conformance;

/// <summary>A supervised vehicle that breaks one rule of the safety profile fails that rule and no other.</summary>
public sealed class UnsafeVehicleTests
{
    public static TheoryData<string> Profile => [.. UnsafeVehicles.OfProfile.Keys];

    [Theory]
    [MemberData(nameof(Profile))]
    public void A_vehicle_that_breaks_a_rule_of_the_profile_fails_just_that(string rule) =>
        BrokenVehicleTests.FailsJust(rule, UnsafeVehicles.OfProfile[rule](), isSupervised: true);
}
