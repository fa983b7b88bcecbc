using CsCheck;
using Xunit;

namespace Kehrwerk.Centre.Tests.Traffic;

/// <summary>On random networks of mostly narrow streets nobody meets, nobody waits for ever; without the look ahead they do.</summary>
public sealed class TrafficPropertyTests
{
    private static readonly int[] Seeds = [.. Enumerable.Range(1, 12)];

    [Fact]
    public void Everybody_arrives_and_without_looking_ahead_some_wait_for_each_other_for_ever()
    {
        var runs = Array.ConvertAll(Seeds, seed => new RandomTraffic(seed));
        Assert.Equal([], runs.Select(run => run.Arrives()).OfType<string>());
        Assert.Contains(runs, run => run.WaysKept > 0);
        Assert.Contains(Seeds, seed => new RandomTraffic(seed, isBlind: true).Arrives(40) is not null);
    }

    [Fact]
    public void Everybody_arrives_after_closures_pauses_cuts_and_restarts() =>
        Gen.Int[0, 1_000_000].Sample(seed => new RandomTraffic(seed).ArrivesAfterTrouble(), iter: 6, threads: 1);

    [Fact]
    public void Whoever_does_not_arrive_waits_for_the_one_that_is_broken() =>
        Assert.Contains(Seeds.Take(6).Select(seed => new RandomTraffic(seed).ArrivesButBehindTheBroken()).ToList(), waiting => waiting > 0);
}
