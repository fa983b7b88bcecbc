using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>The vehicle's shape, in metres and radians from its control point.</summary>
public sealed record MobileRobotGeometry
{
    public ImmutableArray<WheelDefinition> WheelDefinitions { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Envelope2d> Envelopes2d { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Envelope3d> Envelopes3d { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="Type">An open list: DRIVE, CASTER, FIXED, MECANUM…</param>
public sealed record WheelDefinition(
    string Type,
    bool IsActiveDriven,
    bool IsActiveSteered,
    WheelPosition Position,
    double Diameter,
    double Width,
    double? CenterDisplacement = null,
    string? Constraints = null);

public sealed record WheelPosition(double X, double Y, double? Theta = null);

public sealed record Envelope2d(
    [property: JsonPropertyName("envelope2dId")] string Id, ImmutableArray<Vertex> Vertices, string? Description = null);

/// <param name="Url">Where the shape in <paramref name="Format"/> is to be had.</param>
public sealed record Envelope3d(
    [property: JsonPropertyName("envelope3dId")] string Id, string Format, string? Url = null, string? Description = null);

/// <summary>What the vehicle can carry. A sweeper carries no loads in the sense of the standard: both arrays are empty.</summary>
public sealed record LoadSpecification
{
    public ImmutableArray<string> LoadPositions { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<LoadSet> LoadSets { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>A kind of load: metres, kg, m/s, m/s², radians, seconds.</summary>
public sealed record LoadSet(
    string SetName,
    string LoadType,
    BoundingBoxReference? BoundingBoxReference = null,
    LoadDimensions? LoadDimensions = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MaximumWeight = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MinimumLoadhandlingHeight = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MaximumLoadhandlingHeight = null,
    double? MinimumLoadhandlingDepth = null,
    double? MaximumLoadhandlingDepth = null,
    double? MinimumLoadhandlingTilt = null,
    double? MaximumLoadhandlingTilt = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MaximumSpeed = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MaximumAcceleration = null,
    double? MaximumDeceleration = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? PickTime = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? DropTime = null,
    string? Description = null)
{
    public ImmutableArray<string> LoadPositions { get; init => field = value.IsDefault ? [] : value; } = [];
}
