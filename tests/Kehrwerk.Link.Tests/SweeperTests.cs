using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Tests;

public class SweeperTests
{
    [Fact]
    public void A_status_survives_the_way_through_a_state()
    {
        var number = Gen.Double[0, 1e9];
        Gen.Select(number, number, number, number, number, number, Gen.Bool, number).Sample((m3, kg, water, odometer, swept, energy, off, offset) =>
        {
            var status = new SweeperStatus(m3, kg, water, odometer, swept, energy, off, new("e5", offset));
            Assert.Equal(status, LinkJson.Read<State>(LinkJson.Serialize(Examples.State with { SweeperStatus = status })).Message!.SweeperStatus);
        }, iter: 100);
    }

    [Fact]
    public void A_status_may_leave_out_what_a_vehicle_does_not_know()
    {
        var read = Read("""{"hopperM3": 1, "hopperKg": 2, "waterL": 3, "odometerM": 4, "sweptM": 5, "later": [7]}""");
        Assert.Equal((new SweeperStatus(1, 2, 3, 4, 5), null), (read.Message?.SweeperStatus, read.Error));
        Assert.Null(LinkJson.Read<State>(LinkJson.Serialize(Examples.State with { SweeperStatus = null })).Message!.SweeperStatus);
    }

    [Theory]
    [InlineData("hopperM3", null)]
    [InlineData("hopperM3", "\"1\"")]
    [InlineData("waterL", "-1")]
    [InlineData("waterL", "\"NaN\"")]
    [InlineData("sweptM", "1e999")]
    [InlineData("odometerM", "1000000001")]
    [InlineData("energyWh", "true")]
    [InlineData("deactivated", "\"true\"")]
    [InlineData("place", "\"e5\"")]
    [InlineData("place", """{"edgeId": "e5"}""")]
    [InlineData("place", """{"edgeId": "e5", "offsetM": -1}""")]
    [InlineData("place", """{"edgeId": null, "offsetM": 1}""")]
    public void A_status_that_makes_no_sense_is_refused_with_the_name_of_the_field(string field, string? value)
    {
        var status = JsonNode.Parse("""{"hopperM3": 1, "hopperKg": 2, "waterL": 3, "odometerM": 4, "sweptM": 5}""")!.AsObject();
        status.Remove(field);
        var json = status.ToJsonString();
        var read = Read(value is null ? json : $"{json[..^1]}, \"{field}\": {value}}}");
        Assert.False(read.IsOk);
        Assert.Contains("sweeperStatus", read.Error, StringComparison.Ordinal);
        Assert.Contains(field, read.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edge_of_a_status_is_bounded_as_every_id()
    {
        var read = Read($$$"""{"hopperM3": 1, "hopperKg": 2, "waterL": 3, "odometerM": 4, "sweptM": 5, "place": {"edgeId": "{{{new string('e', 201)}}}", "offsetM": 1}}""");
        Assert.Equal("sweeperStatus.place.edgeId: 201 characters are more than 200", read.Error);
    }

    private static ReadResult<State> Read(string status)
    {
        var state = JsonNode.Parse(LinkJson.Serialize(Examples.State with { SweeperStatus = null }))!.ToJsonString();
        return LinkJson.Read<State>(Encoding.UTF8.GetBytes($"{state[..^1]}, \"sweeperStatus\": {status}}}"));
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
