using CsCheck;

namespace Kehrwerk.Link.Tests;

public class SweepResultTests
{
    [Theory]
    [InlineData("hopperFull;sweptM=12.50", "hopperFull", 12.5)]
    [InlineData("waterEmpty sweptM=3", "waterEmpty", 3)]
    [InlineData("sweptM=300.00", null, 300)]
    [InlineData("blocked by a car", "blocked", 0)]
    [InlineData("sweptM=-1", null, 0)]
    [InlineData("sweptM=NaN;sweptM=1e999", null, 0)]
    [InlineData("", null, 0)]
    [InlineData(null, null, 0)]
    public void What_a_vehicle_wrote_is_read(string? text, string? reason, double sweptM) =>
        Assert.Equal(new SweepResult(sweptM, reason), SweepResult.Parse(text));

    private static readonly string?[] Reasons = [null, SweepResult.HopperFull, SweepResult.WaterEmpty, SweepResult.BatteryLow];

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 3]).Sample((cm, reason) =>
        {
            var result = new SweepResult(cm / 100.0, Reasons[reason]);
            Assert.Equal(result, SweepResult.Parse(result.ToString()));
        });

    [Fact]
    public void Any_text_is_read_as_something() =>
        Gen.String.Sample(text => Assert.InRange(SweepResult.Parse(text).SweptM, 0, double.MaxValue));
}
