using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>How one run of a scenario ended.</summary>
/// <param name="Seed">Draws its parameters and everything in its world: the same seed gives the same run.</param>
/// <param name="Drawn">Values of the scenario's parameters, in their order.</param>
/// <param name="Failures">What was expected and did not hold; empty: passed.</param>
/// <param name="Unavoidable">Why the collision of this run could not have been avoided, with the figures; null: none, or it could. Never counted as passed.</param>
/// <param name="WorstDistanceM">Least distance to anybody while the vehicle moved.</param>
/// <param name="WorstTtcS">Least time to collision; infinite where there was none.</param>
/// <param name="Trace">What happened when; only where it was asked for.</param>
internal sealed record RunRecord(
    string Scenario, long Seed, IReadOnlyList<double> Drawn, IReadOnlyList<Words> Failures, Words? Unavoidable, double WorstDistanceM, double WorstTtcS, double LastedS, RunTrace? Trace)
{
    /// <summary>Events that the vehicle's recorder sent, as they were sent; only with a trace.</summary>
    public IReadOnlyCollection<string> Events { get; init; } = [];

    /// <summary>Whom the scenario sends came within 10 m of the vehicle. A run in which nobody did shows nothing of it, and is not counted as passed.</summary>
    public bool HasMet { get; init; } = true;

    public bool IsPassed => Failures.Count == 0 && Unavoidable is null && HasMet;

    public bool IsFailed => Failures.Count > 0 && Unavoidable is null;
}

/// <summary>A box seen from above.</summary>
/// <param name="At">Its middle.</param>
internal readonly record struct Box(string Id, MapPoint At, double HeadingRad, double LengthM, double WidthM);

/// <summary>One moment of a run.</summary>
/// <param name="Behaviour">What the driving program is doing.</param>
/// <param name="DistanceM">To the nearest of the others.</param>
internal sealed record TraceMoment(double TimeS, Box Vehicle, double SpeedMps, double AccelerationMps2, double DistanceM, string Behaviour, IReadOnlyList<Box> Others)
{
    /// <summary>What the vehicle says to those around it, a bit for each <see cref="Link.Messages.Announcement"/>.</summary>
    public uint Announced { get; init; }
}

/// <summary>A run as it can be drawn.</summary>
/// <param name="Kerbs">Kerb lines of the scene.</param>
/// <param name="Moments">Every half second.</param>
/// <param name="Events">What the vehicle reported, asked and announced, and what touched it.</param>
internal sealed record RunTrace(IReadOnlyList<IReadOnlyList<MapPoint>> Kerbs, IReadOnlyList<TraceMoment> Moments, IReadOnlyList<(double TimeS, string Text)> Events);
