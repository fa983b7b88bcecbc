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

    [Theory]
    [InlineData("sweptM=90.00;missed=12.0-18.5:parkedVehicle;missed=40.0-41.5:madeWay", 2)]
    [InlineData("missed=5-5:obstacle;missed=9-3:obstacle;missed=-3-4:obstacle;missed=1-2;missed=:x;missed=a-b:c", 0)]
    [InlineData("missed=1-1e9:obstacle", 0)]
    public void Missed_stretches_are_read_where_they_can_be(string text, int count) =>
        Assert.Equal(count, SweepResult.Parse(text).Missed is { IsDefault: false } missed ? missed.Length : 0);

    [Fact]
    public void Missed_stretches_are_read_back_and_no_more_than_a_bound()
    {
        var told = new SweepResult(3, SweepResult.WaterEmpty) { Missed = [new(1, 2.5, MissedReasons.ParkedVehicle), new(4, 9, MissedReasons.Broom)] };
        var read = SweepResult.Parse(told.ToString());
        Assert.Equal(told.Missed, read.Missed.AsEnumerable());
        Assert.Equal((told.SweptM, told.Reason), (read.SweptM, read.Reason));

        var many = string.Join(';', Enumerable.Range(0, 100).Select(i => $"missed={i}-{i + 1}:obstacle"));
        Assert.Equal(SweepResult.MostMissed, SweepResult.Parse(many).Missed.Length);
    }

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
