using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Kehrwerk.Portal.Sweeping;

/// <summary>On which days the city's kerbs are due.</summary>
/// <param name="From">The first day of the span.</param>
/// <param name="DaysOfKerb">For each kerb, by its index in the city, days after <paramref name="From"/>, rising; empty where the city does not sweep it.</param>
public sealed record SweepCalendar(DateOnly From, ImmutableArray<ImmutableArray<int>> DaysOfKerb);

/// <summary>The last time that a kerb was swept.</summary>
/// <param name="Vehicle">By which vehicle, as people read it.</param>
public sealed record LastSweep(DateTimeOffset At, string Vehicle);

/// <summary>Why a kerb, or a part of it, was not swept when it was its turn.</summary>
public enum UnsweptReason
{
    Other,
    ParkedVehicles,
    Obstacle,
    Closed,
    NotReachable,
    NoTimeLeft,
    Frost,
}

/// <summary>A kerb that was not swept when it was its turn.</summary>
/// <param name="LengthM">How much of it, metres; null: all.</param>
public sealed record Unswept(UnsweptReason Reason, DateTimeOffset At, double? LengthM);

/// <summary>What is on record of the sweeping, by the index of the kerb.</summary>
public sealed record SweepFacts
{
    public static SweepFacts None { get; } = new();

    public FrozenDictionary<int, LastSweep> Swept { get; init; } = FrozenDictionary<int, LastSweep>.Empty;

    /// <summary>Kerbs that a vehicle is to sweep in the shift that runs now, and which.</summary>
    public FrozenDictionary<int, string> UnderWay { get; init; } = FrozenDictionary<int, string>.Empty;

    /// <summary>The last time that it was not swept.</summary>
    public FrozenDictionary<int, Unswept> Unswept { get; init; } = FrozenDictionary<int, Unswept>.Empty;

    /// <summary>Kerbs of streets that are closed now.</summary>
    public FrozenSet<int> Closed { get; init; } = FrozenSet<int>.Empty;
}
