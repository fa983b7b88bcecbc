using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kehrwerk.Planning;

/// <summary>Who sweeps what, in which order, on which day; and what is left over, with the reason. Immutable; can be written as JSON.</summary>
public sealed record Plan(ImmutableArray<Tour> Tours, ImmutableArray<UnservedTask> Unserved);

/// <summary>
/// What one vehicle does on one day, from its depot back to it. Steps follow each other without a gap in place;
/// a wait for a bay, or for the window of a kerb, is a gap in time before its step.
/// </summary>
/// <param name="Vehicle">The vehicle's <see cref="SweeperSpec.Id"/>.</param>
/// <param name="Day">0 is the first day of the horizon.</param>
public sealed record Tour(string Vehicle, int Day, ImmutableArray<TourStep> Steps);

/// <summary>What the vehicle holds.</summary>
public readonly record struct Levels(double BatteryWh, double WaterL, double HopperM3, double HopperKg);

/// <summary>One piece of a tour.</summary>
/// <param name="StartS">Seconds of the plan's clock, from 0 on each day.</param>
/// <param name="After">Levels at the end of the step.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "step")]
[JsonDerivedType(typeof(SweepStep), "sweep")]
[JsonDerivedType(typeof(DeadheadStep), "deadhead")]
[JsonDerivedType(typeof(TipStep), "tip")]
[JsonDerivedType(typeof(WashStep), "wash")]
[JsonDerivedType(typeof(FillWaterStep), "fillWater")]
[JsonDerivedType(typeof(ChargeStep), "charge")]
[JsonDerivedType(typeof(BreakStep), "break")]
public abstract record TourStep(double StartS, double DurationS, Levels After)
{
    [JsonIgnore]
    public double EndS => StartS + DurationS;
}

/// <summary>Sweeps one kerb over its whole length.</summary>
public sealed record SweepStep(int Kerb, double StartS, double DurationS, Levels After) : TourStep(StartS, DurationS, After);

/// <summary>
/// Drives without sweeping: over <paramref name="Arcs"/>, between the end of the step before and the start of the next;
/// the turns at both ends are part of its duration. To a depot it includes the depot's arc.
/// </summary>
public sealed record DeadheadStep(ImmutableArray<int> Arcs, double LengthM, double StartS, double DurationS, Levels After) : TourStep(StartS, DurationS, After);

/// <summary>Something done at a depot.</summary>
public abstract record DepotStep(double StartS, double DurationS, Levels After) : TourStep(StartS, DurationS, After)
{
    /// <summary>Which one, index in <see cref="SweepProblem.Depots"/>; not written where it is the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Depot { get; init; }
}

/// <summary>Empties the hopper.</summary>
public sealed record TipStep(double StartS, double DurationS, Levels After) : DepotStep(StartS, DurationS, After);

/// <summary>Washes the hopper.</summary>
public sealed record WashStep(double StartS, double DurationS, Levels After) : DepotStep(StartS, DurationS, After);

/// <summary>Fills the water tank.</summary>
public sealed record FillWaterStep(double StartS, double DurationS, Levels After) : DepotStep(StartS, DurationS, After);

/// <summary>Charges up to the level in <see cref="TourStep.After"/>.</summary>
public sealed record ChargeStep(double StartS, double DurationS, Levels After) : DepotStep(StartS, DurationS, After);

/// <summary>Stands still where it is: see <see cref="ShiftBreak"/>.</summary>
public sealed record BreakStep(double StartS, double DurationS, Levels After) : TourStep(StartS, DurationS, After);

/// <summary>A task that the plan leaves out.</summary>
public sealed record UnservedTask(int Kerb, int Day, UnservedReason Reason);

[JsonConverter(typeof(JsonStringEnumConverter<UnservedReason>))]
public enum UnservedReason
{
    /// <summary>No vehicle has time for it left in its shift.</summary>
    NoTimeLeft,
    /// <summary>It cannot be reached from a depot or left again, e.g. for a closure.</summary>
    NotReachable,
    /// <summary>It alone would exceed what a vehicle can hold or drive.</summary>
    TooLarge,
    /// <summary>It was reported that it cannot be swept on that day.</summary>
    Blocked,
    /// <summary>It lies in a district that no vehicle serves.</summary>
    NoVehicleForDistrict,
    /// <summary>No vehicle can sweep it within its windows and be back by the end of its shift.</summary>
    OutsideWindows,
}
