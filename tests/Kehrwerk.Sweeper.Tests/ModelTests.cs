using System.Text;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Tests;

public sealed class ModelTests
{
    private static readonly string Json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vehicles", "compact-v20e.json"));

    [Fact]
    public void The_model_file_beside_the_program_is_the_default()
    {
        var model = SweeperModel.Parse(Encoding.UTF8.GetBytes(Json), "file");
        Assert.Equal(SweeperModel.Default.BatteryWh, model.BatteryWh);
        Assert.Equal(5 / 3.6, model.SweepSpeedMps);
        Assert.Equal(1300.0 / 700, model.HopperLimitM3);
    }

    [Theory]
    [InlineData("\"waterL\": 425,", "", "field 'waterL'")]
    [InlineData("\"waterL\": 425", "\"waterL\": -1", "field 'waterL'")]
    [InlineData("\"waterL\": 425", "\"waterL\": \"full\"", "field 'waterL'")]
    [InlineData("\"waterL\": 425", "\"waterL\": 425, \"watrL\": 1", "field 'watrL'")]
    [InlineData("\"waterL\": 425", "\"waterL\" 425", "line ")]
    [InlineData("{ \"share\": 0.8, \"kw\": 22 }", "{ \"share\": 0, \"kw\": 22 }", "field 'chargeCurve'")]
    [InlineData("{ \"share\": 0.8, \"kw\": 22 }", "{ \"share\": 0.8, \"kw\": 0 }", "field 'chargeCurve[1].kw'")]
    [InlineData("\"sweepSpeedKmh\": 5", "\"sweepSpeedKmh\": 30", "field 'transitSpeedKmh'")]
    public void A_wrong_model_file_is_refused_with_file_and_field(string find, string replace, string place)
    {
        Assert.Contains(find, Json, StringComparison.Ordinal);
        var fault = Assert.Throws<InputException>(
            () => SweeperModel.Parse(Encoding.UTF8.GetBytes(Json.Replace(find, replace, StringComparison.Ordinal)), "my.json"));
        Assert.StartsWith("my.json", fault.Place, StringComparison.Ordinal);
        Assert.Contains(place, fault.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_file_is_named()
    {
        var fault = Assert.Throws<InputException>(() => SweeperModel.Load("no-such-model.json"));
        Assert.Equal("no-such-model.json", fault.Place);
    }

    [Fact]
    public void Charge_seconds_rise_from_0_and_follow_the_curve()
    {
        var model = SweeperModel.Default;
        var seconds = model.ChargeSecondsByPercent();
        Assert.Equal(101, seconds.Length);
        Assert.Equal(0, seconds[0]);
        Assert.All(Enumerable.Range(1, 100), percent => Assert.True(seconds[percent] > seconds[percent - 1]));
        // 44.8 kWh at 22 kW, then a taper from 22 to 4 kW over 11.2 kWh.
        Assert.Equal(44.8 / 22 * 3600, seconds[80], 6);
        Assert.Equal((44.8 / 22 * 3600) + (11.2 * Math.Log(22 / 4.0) / 18 * 3600), seconds[100], 6);
    }
}
