using System.Globalization;
using CsCheck;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Tests;

public class SweeperTests
{
    [Fact]
    public void A_status_survives_the_way_through_a_state_in_any_culture()
    {
        var german = CultureInfo.GetCultureInfo("de-DE");
        var number = Gen.Double[0, 1e9];
        Gen.Select(number, number, number, number, number, number, Gen.Bool).Sample((m3, kg, water, odometer, swept, energy, off) =>
        {
            CultureInfo.CurrentCulture = german;
            var status = new SweeperStatus(m3, kg, water, odometer, swept, energy, off);
            var state = LinkJson.Read<State>(LinkJson.Serialize(Examples.State with { Information = [status.ToInfo()] })).Message!;
            Assert.Equal(status, SweeperStatus.Of(state));
        });
    }

    [Theory]
    [InlineData("hopperM3", null)]
    [InlineData("hopperM3", "full")]
    [InlineData("waterL", "-1")]
    [InlineData("waterL", "NaN")]
    [InlineData("sweptM", "1e999")]
    [InlineData("energyWh", "1,5")]
    public void A_status_that_makes_no_sense_is_not_taken(string key, string? value)
    {
        var info = new SweeperStatus(1, 2, 3, 4, 5, 6).ToInfo();
        var references = info.InfoReferences.RemoveAll(reference => reference.ReferenceKey == key);
        Assert.False(SweeperStatus.TryRead(info with { InfoReferences = value is null ? references : references.Add(new(key, value)) }, out _));
        Assert.True(SweeperStatus.TryRead(info, out _));
    }

    [Theory]
    [InlineData(SweepSide.Left)]
    [InlineData(SweepSide.Right)]
    public void A_kerb_to_sweep_is_read_back(SweepSide side)
    {
        Assert.True(SweeperActions.TryReadSweep(SweeperActions.SweepKerb("a", "k7", side), out var kerb, out var sideRead, out var fault));
        Assert.Equal(("k7", side, null), (kerb, sideRead, fault));
    }

    [Fact]
    public void A_sweep_without_a_side_is_refused_with_the_name_of_the_parameter()
    {
        var action = new RobotAction(SweeperActions.Sweep, "a", BlockingType.None) { ActionParameters = [new("kerb", "k7"), new("side", 1)] };
        Assert.False(SweeperActions.TryReadSweep(action, out _, out _, out var fault));
        Assert.Equal("parameter 'side' must be right or left", fault);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(100.5)]
    [InlineData("80")]
    public void Charging_until_nonsense_is_refused(object value)
    {
        var parameter = value is double number ? ParameterValue.FromNumber(number) : ParameterValue.FromText((string)value);
        var action = new RobotAction(SweeperActions.StartCharging, "a", BlockingType.Hard) { ActionParameters = [new("untilPercent", parameter)] };
        Assert.False(SweeperActions.TryReadUntilPercent(action, out _, out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Charging_without_a_level_is_charging_as_the_standard_has_it()
    {
        Assert.True(SweeperActions.TryReadUntilPercent(SweeperActions.Instant(SweeperActions.StartCharging, "a"), out var percent, out _));
        Assert.Null(percent);
        Assert.True(SweeperActions.TryReadUntilPercent(SweeperActions.ChargeUntil("a", 80), out percent, out _));
        Assert.Equal(80, percent);
    }
}
