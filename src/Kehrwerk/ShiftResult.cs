using System.Collections.Immutable;

namespace Kehrwerk;

/// <summary>One vehicle at the end of a simulated shift.</summary>
internal sealed record VehicleResult(
    string Vehicle, int KerbsPlanned, int KerbsSwept, int KerbsMissed, double DrivenKm, double SweptKm, double BatteryPercent, DateTimeOffset? EndedAt);

internal sealed record MissedResult(string Kerb, string Street, string Vehicle, string Reason);

internal sealed record UnplannedResult(string Reason, int Kerbs, double Km);

/// <summary>A shift driven in full.</summary>
/// <param name="Released">Manoeuvres that the played supervisor released.</param>
/// <param name="MrcEnded">Minimal risk conditions that she ended; <paramref name="MrcCauses"/>: by cause.</param>
/// <param name="Resumed">Times that she let a vehicle go on that waited for a person.</param>
internal sealed record ShiftWorldResult(
    ImmutableArray<WorldResult> Vehicles, int Released, int MrcEnded, int Resumed, ImmutableSortedDictionary<string, int> MrcCauses);

/// <param name="OwnContacts">In which the vehicle moved itself.</param>
internal sealed record WorldResult(string Vehicle, double DrivenKm, double SweptKm, double? MeanGapM, int Contacts, int OwnContacts)
{
    public static WorldResult Of(Link.VehicleId id, Sweeper.WorldFigures figures) => new(
        id.ToString(), Math.Round(figures.DrivenKm, 3), Math.Round(figures.SweptKm, 3), figures.MeanGapM is { } gap ? Math.Round(gap, 3) : null, figures.Contacts, figures.OwnContacts);
}

/// <summary>The outcome of a simulated shift. Holds no wall-clock value, so the same settings give the same bytes.</summary>
internal sealed record ShiftResult
{
    public required string City { get; init; }
    public required string Fingerprint { get; init; }
    public required int Vehicles { get; init; }
    public required double Hours { get; init; }
    public required int Seed { get; init; }

    /// <summary>Seconds of simulated time until the last mission ended.</summary>
    public required double SimulatedS { get; init; }
    public required int KerbsDue { get; init; }
    public required int KerbsPlanned { get; init; }
    public required int KerbsSwept { get; init; }
    public required double SweptKerbKm { get; init; }
    public required ImmutableArray<UnplannedResult> Unplanned { get; init; }
    public required ImmutableArray<MissedResult> Missed { get; init; }
    public required ImmutableArray<VehicleResult> ByVehicle { get; init; }

    /// <summary>Notes of the twins by kind, e.g. how often a mission was adapted.</summary>
    public required ImmutableSortedDictionary<string, int> Notes { get; init; }

    /// <summary>What the cases asked of the person at the queue.</summary>
    public required CaseLoad Cases { get; init; }

    /// <summary>Messages published on the link.</summary>
    public required long Messages { get; init; }

    /// <summary>Every broken rule; empty when all is well.</summary>
    public required ImmutableArray<string> Violations { get; init; }

    /// <summary>What was seen in the world where the vehicles drove in full; null: they moved by figures.</summary>
    public ShiftWorldResult? World { get; init; }

    /// <summary>Metres along swept kerbs that were not reached, by reason.</summary>
    public required ImmutableSortedDictionary<string, double> MissedM { get; init; }

    /// <summary>Keys of the kerbs that were swept, in the order of keys.</summary>
    public required ImmutableArray<string> Swept { get; init; }
}
