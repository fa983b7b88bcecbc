using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Planning.Rules;

/// <summary>
/// What a planner prescribes beyond map and fleet: depots, districts, windows, shifts. The file is described in
/// <c>docs/reference/planning-rules.md</c>. Immutable; <see cref="PlanningRulesReader"/> reads it.
/// </summary>
public sealed record PlanningRules
{
    public const string FormatName = "kehrwerk-planning-rules";
    public const int FormatVersion = 1;

    public required string Format { get; init; }
    public required int Version { get; init; }

    /// <summary>When the plan's day begins, <c>HH:MM</c>; it ends at the same time the day after.</summary>
    public required string DayStarts { get; init; }

    public ImmutableArray<DepotRule> Depots { get => OrNone(field); init; }
    public ImmutableArray<DistrictRule> Districts { get => OrNone(field); init; }
    public ImmutableArray<WindowRule> Windows { get => OrNone(field); init; }
    public ImmutableArray<VehicleRule> Vehicles { get => OrNone(field); init; }

    internal static ImmutableArray<T> OrNone<T>(ImmutableArray<T> values) => values.IsDefault ? [] : values;
}

/// <summary>A further depot, or a place with some bays.</summary>
public sealed record DepotRule
{
    public required string Name { get; init; }

    /// <summary>Longitude and latitude, degrees.</summary>
    public required ImmutableArray<double> Position { get; init; }

    public int Chargers { get; init; }
    public int Tips { get; init; }
    public int Washes { get; init; }
    public int WaterPoints { get; init; }
    public double GridLimitKw { get; init; }
}

/// <summary>A part of the city.</summary>
public sealed record DistrictRule
{
    public required string Name { get; init; }

    /// <summary>The <c>coordinates</c> of a GeoJSON polygon: rings of longitude and latitude, the outer one first.</summary>
    public required ImmutableArray<ImmutableArray<ImmutableArray<double>>> Polygon { get; init; }
}

/// <summary>When kerbs may be swept, or should. A kerb is meant that fits every list that is not empty.</summary>
public sealed record WindowRule
{
    public ImmutableArray<string> Streets { get => PlanningRules.OrNone(field); init; }

    /// <summary>Kinds of street as in OpenStreetMap.</summary>
    public ImmutableArray<string> Highways { get => PlanningRules.OrNone(field); init; }

    /// <summary>Ids of cleaning classes.</summary>
    public ImmutableArray<string> Classes { get => PlanningRules.OrNone(field); init; }

    public ImmutableArray<string> Districts { get => PlanningRules.OrNone(field); init; }

    public required ImmutableArray<PeriodRule> Times { get; init; }

    /// <summary>See <see cref="SweepTask.OutsideCost"/>.</summary>
    public double? OutsideCost { get; init; }
}

/// <summary>A period of the day, <c>HH:MM</c>, over midnight where it ends before it begins.</summary>
public sealed record PeriodRule(string From, string Until);

/// <summary>What holds for some vehicles.</summary>
public sealed record VehicleRule
{
    /// <summary>Their serial numbers; empty for all that no other rule names.</summary>
    public ImmutableArray<string> Ids { get => PlanningRules.OrNone(field); init; }

    /// <summary>Name of their depot; the city's own where not given.</summary>
    public string? Depot { get; init; }

    public ShiftRule? Shift { get; init; }
    public ImmutableArray<BreakRule> Breaks { get => PlanningRules.OrNone(field); init; }
    public ImmutableArray<string> Districts { get => PlanningRules.OrNone(field); init; }
}

public sealed record ShiftRule(string From, double Hours);

public sealed record BreakRule(string Earliest, string Latest, double Minutes);

/// <summary>The JSON of planning rules: camel case, nothing unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PlanningRules))]
internal sealed partial class PlanningRulesJson : JsonSerializerContext;
