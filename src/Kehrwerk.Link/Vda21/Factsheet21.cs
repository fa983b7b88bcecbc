using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Vda21;

/// <summary>From the vehicle (VDA 5050 2.1.0, 6.15).</summary>
internal sealed record Factsheet21 : Message21
{
    public required TypeSpecification21 TypeSpecification { get; init; }

    public required PhysicalParameters21 PhysicalParameters { get; init; }

    public required ProtocolLimits21 ProtocolLimits { get; init; }

    public required ProtocolFeatures21 ProtocolFeatures { get; init; }

    public required AgvGeometry21 AgvGeometry { get; init; }

    public required LoadSpecification21 LoadSpecification { get; init; }

    public VehicleConfig21? VehicleConfig { get; init; }
}

internal sealed record TypeSpecification21(
    string SeriesName,
    string AgvKinematic,
    string AgvClass,
    [property: JsonConverter(typeof(NonNegativeConverter))] double MaxLoadMass,
    ImmutableArray<string> LocalizationTypes,
    ImmutableArray<string> NavigationTypes,
    string? SeriesDescription = null);

internal sealed record PhysicalParameters21(
    [property: JsonConverter(typeof(NonNegativeConverter))] double SpeedMin,
    [property: JsonConverter(typeof(NonNegativeConverter))] double SpeedMax,
    [property: JsonConverter(typeof(NonNegativeConverter))] double AccelerationMax,
    double DecelerationMax,
    double HeightMax,
    double Width,
    double Length,
    double? HeightMin = null);

/// <summary>The arrays' lengths go by the same names in 3.0.</summary>
internal sealed record ProtocolLimits21(MaxStringLens21 MaxStringLens, MaximumArrayLengths MaxArrayLens, Timing21 Timing);

internal sealed record MaxStringLens21(
    uint? MsgLen = null,
    uint? TopicSerialLen = null,
    uint? TopicElemLen = null,
    uint? IdLen = null,
    bool? IdNumericalOnly = null,
    uint? LoadIdLen = null);

internal sealed record Timing21(
    [property: JsonConverter(typeof(NonNegativeConverter))] double MinOrderInterval,
    [property: JsonConverter(typeof(NonNegativeConverter))] double MinStateInterval,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? DefaultStateInterval = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? VisualizationInterval = null);

internal sealed record ProtocolFeatures21(ImmutableArray<OptionalParameter> OptionalParameters, ImmutableArray<AgvAction21> AgvActions);

[JsonConverter(typeof(WireEnumConverter<ActionScope21>))]
internal enum ActionScope21
{
    Instant,
    Node,
    Edge,
}

[JsonConverter(typeof(WireEnumConverter<ValueDataType21>))]
internal enum ValueDataType21
{
    Bool,
    Number,
    Integer,
    Float,
    String,
    Object,
    Array,
}

internal sealed record AgvAction21(
    string ActionType, ImmutableArray<ActionScope21> ActionScopes, string? ActionDescription = null, string? ResultDescription = null)
{
    public ImmutableArray<DeclaredParameter21> ActionParameters { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<BlockingType> BlockingTypes { get; init => field = value.IsDefault ? [] : value; } = [];
}

internal sealed record DeclaredParameter21(string Key, ValueDataType21 ValueDataType, string? Description = null, bool? IsOptional = null);

internal sealed record AgvGeometry21
{
    public ImmutableArray<WheelDefinition> WheelDefinitions { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Envelope2d21> Envelopes2d { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Envelope3d21> Envelopes3d { get; init => field = value.IsDefault ? [] : value; } = [];
}

internal sealed record Envelope2d21(string Set, ImmutableArray<Vertex> PolygonPoints, string? Description = null);

/// <summary>Its description is not read: the schema makes it a number by mistake, and nobody needs it.</summary>
internal sealed record Envelope3d21(string Set, string Format, string? Url = null);

internal sealed record LoadSpecification21
{
    public ImmutableArray<string> LoadPositions { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<LoadSet21> LoadSets { get; init => field = value.IsDefault ? [] : value; } = [];
}

internal sealed record LoadSet21(
    string SetName,
    string LoadType,
    BoundingBoxReference? BoundingBoxReference = null,
    LoadDimensions? LoadDimensions = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MaxWeight = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MinLoadhandlingHeight = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MaxLoadhandlingHeight = null,
    double? MinLoadhandlingDepth = null,
    double? MaxLoadhandlingDepth = null,
    double? MinLoadhandlingTilt = null,
    double? MaxLoadhandlingTilt = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? AgvSpeedLimit = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? AgvAccelerationLimit = null,
    double? AgvDecelerationLimit = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? PickTime = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? DropTime = null,
    string? Description = null)
{
    public ImmutableArray<string> LoadPositions { get; init => field = value.IsDefault ? [] : value; } = [];
}

internal sealed record VehicleConfig21(NetworkConfiguration? Network = null)
{
    public ImmutableArray<VersionInfo> Versions { get; init => field = value.IsDefault ? [] : value; } = [];
}
