using System.Collections.Immutable;
using System.Text.Json;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>
/// A sweeping problem on a real network, as a file states it: <c>docs/reference/sweep-instance-format.md</c>. Times are milliseconds on the
/// clock of the shift, all numbers whole. <see cref="SweepInstanceReader"/> reads and checks it. Immutable.
/// </summary>
public sealed partial record SweepInstance
{
    public const string FormatName = "kehrwerk-sweep-instance";
    public const int FormatVersion = 1;

    public required string Format { get; init; }
    public required int Version { get; init; }
    public required string Name { get; init; }

    /// <summary>Where it comes from: map, licence, command.</summary>
    public required string Origin { get; init; }

    public required NetworkPart Network { get; init; }
    public required ImmutableArray<KerbPart> Kerbs { get; init; }
    public required ImmutableArray<SitePart> Sites { get; init; }
    public required ImmutableArray<VehiclePart> Vehicles { get; init; }

    public void Write(TextWriter text) => text.Write(JsonSerializer.Serialize(this, SweepJson.Default.SweepInstance) + "\n");
}

/// <summary>
/// The network by columns: arc i leads from <see cref="ArcFromNode"/>[i] to <see cref="ArcToNode"/>[i]. After an arc every arc may follow that
/// leaves its last node, at no cost, unless it is named in a turn.
/// </summary>
public sealed record NetworkPart
{
    public required int Nodes { get; init; }
    public required ImmutableArray<int> ArcFromNode { get; init; }
    public required ImmutableArray<int> ArcToNode { get; init; }
    public required ImmutableArray<int> ArcLengthCm { get; init; }

    /// <summary>Time to travel the arc without sweeping.</summary>
    public required ImmutableArray<int> ArcTravelMs { get; init; }

    public required ImmutableArray<int> TurnFromArc { get; init; }
    public required ImmutableArray<int> TurnToArc { get; init; }

    /// <summary>What the turn takes; −1 where it is forbidden.</summary>
    public required ImmutableArray<int> TurnMs { get; init; }
}

/// <summary>A kerb that is to be swept once, by driving its arc from end to end.</summary>
/// <param name="VolumeCm3">Sweepings on it.</param>
/// <param name="EnergyJ">What sweeping it takes.</param>
/// <param name="Windows">When it may be swept, or should; empty for any time. Rising and apart.</param>
/// <param name="OutsideMsPer1000">
/// Null for windows that hold without exception; else what 1,000 ms of sweeping outside them cost, and nobody waits for them.
/// </param>
/// <param name="PenaltyMs">What leaving it out costs; null where it must be swept if it can.</param>
public sealed record KerbPart(
    string Id, int Arc, int SweepMs, int VolumeCm3, int MassG, int WaterMl, int EnergyJ, ImmutableArray<WindowPart> Windows, int? OutsideMsPer1000, int? PenaltyMs);

/// <summary>A period, its end included.</summary>
public readonly record struct WindowPart(int FromMs, int UntilMs);

/// <summary>A place with services, at the end of its arc.</summary>
/// <param name="StopMs">What each stop takes besides the services.</param>
/// <param name="TipBays">How many vehicles can tip at once; 0 where none can. So for the others.</param>
/// <param name="MaxPowerW">What all chargers together may draw.</param>
public sealed record SitePart(string Id, int Arc, int StopMs, int TipBays, int FillBays, int ChargeBays, int MaxPowerW);

/// <summary>Vehicles that are alike. They start at the end of one arc and end at the end of one.</summary>
public sealed record VehiclePart
{
    public required string Id { get; init; }
    public required int Count { get; init; }
    public required int StartArc { get; init; }
    public required int EndArc { get; init; }
    public required int ShiftStartMs { get; init; }

    /// <summary>The most time from start to end.</summary>
    public required int ShiftMs { get; init; }

    public required int HopperCm3 { get; init; }
    public required int HopperG { get; init; }
    public required int TankMl { get; init; }

    /// <summary>Content of a full battery, and what of it may be used.</summary>
    public required int BatteryJ { get; init; }
    public required int UsableJ { get; init; }

    /// <summary>Time from empty to each whole percent of a full battery: 101 rising values from 0.</summary>
    public required ImmutableArray<int> ChargeMsToPercent { get; init; }

    public required int ChargePowerW { get; init; }

    /// <summary>Drawn on the way when it does not sweep, and during services.</summary>
    public required int TravelPowerW { get; init; }
    public required int StandPowerW { get; init; }
    public required int TipMs { get; init; }
    public required int FillMs { get; init; }
    public required int ConnectMs { get; init; }
    public required ImmutableArray<BreakPart> Breaks { get; init; }
}

/// <summary>A break after the first stop that ends at or after the earliest time, begun by the latest.</summary>
public readonly record struct BreakPart(int EarliestMs, int LatestMs, int DurationMs);
