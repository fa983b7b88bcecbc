using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Kehrwerk.Faults;

/// <summary>What one seed led to. Holds no wall-clock value.</summary>
/// <param name="Broken">What did not hold; null where all did.</param>
/// <param name="Digest">Over every message and fault: the same for the same run.</param>
internal sealed record SeedResult(int Seed, string? Broken, string Digest, double SimulatedS, long Events, long Messages, long Lost, int KerbsSwept, int KerbsMissed)
{
    /// <summary>What the cases of this run asked of the person at the queue.</summary>
    public required CaseLoad Cases { get; init; }
}

/// <summary>What many seeds led to.</summary>
internal sealed record FaultResult
{
    public required string Profile { get; init; }
    public required int FirstSeed { get; init; }
    public required int Seeds { get; init; }
    public required double SimulatedS { get; init; }
    public required long Events { get; init; }
    public required long Messages { get; init; }
    public required long Lost { get; init; }
    public required int KerbsSwept { get; init; }
    public required int KerbsMissed { get; init; }

    /// <summary>The cases of all seeds.</summary>
    public required CaseLoad Cases { get; init; }

    /// <summary>Over the digests of all seeds.</summary>
    public required string Digest { get; init; }

    /// <summary>Seeds at which something did not hold, lowest first.</summary>
    public required ImmutableArray<SeedResult> Failures { get; init; }

    /// <param name="results">In the order of their seeds.</param>
    public static FaultResult Of(FaultProfile profile, int firstSeed, IReadOnlyList<SeedResult> results) => new()
    {
        Profile = profile.Name,
        FirstSeed = firstSeed,
        Seeds = results.Count,
        SimulatedS = results.Sum(r => r.SimulatedS),
        Events = results.Sum(r => r.Events),
        Messages = results.Sum(r => r.Messages),
        Lost = results.Sum(r => r.Lost),
        KerbsSwept = results.Sum(r => r.KerbsSwept),
        KerbsMissed = results.Sum(r => r.KerbsMissed),
        Cases = CaseLoad.Sum([.. results.Select(r => r.Cases)]),
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(results.Select(r => r.Digest)))).AsSpan(0, 8)),
        Failures = [.. results.Where(r => r.Broken is not null)],
    };
}

/// <summary>Runs seeds of one profile, several at a time; the result does not depend on how many.</summary>
internal static class FaultRun
{
    public static SeedResult One(FaultStage stage, FaultProfile profile, int seed, TextWriter? text = null, CancellationToken cancellation = default)
    {
        using var world = new FaultWorld(stage, profile, seed, text);
        var broken = world.Run(cancellation);
        return new(
            seed, broken, world.Journal.Digest(), (world.Loop.Now - FaultWorld.Start).TotalSeconds, world.Loop.Executed, world.Broker.Published, world.Broker.Lost,
            world.Store.SweptKerbs.Count, world.Store.MissedKerbs.Count)
        {
            Cases = CaseLoad.Of(world.Store, FaultWorld.Start, world.Loop.Now),
        };
    }

    public static FaultResult Many(FaultStage stage, FaultProfile profile, int firstSeed, int seeds, Action<string, double> progress, CancellationToken cancellation)
    {
        var results = new SeedResult[seeds];
        var done = 0;
        Parallel.For(0, seeds, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            results[i] = One(stage, profile, firstSeed + i, cancellation: cancellation);
            progress("Seeds", (double)Interlocked.Increment(ref done) / seeds);
        });
        return FaultResult.Of(profile, firstSeed, results);
    }
}
