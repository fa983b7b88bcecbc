using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>What a vehicle is and can (VDA 5050 3.0.0, 6.10 and 7.10); retained. Lengths in metres, speeds in m/s.</summary>
public sealed record Factsheet : VdaMessage
{
    public required TypeSpecification TypeSpecification { get; init; }

    public required PhysicalParameters PhysicalParameters { get; init; }

    public required ProtocolLimits ProtocolLimits { get; init; }

    public required ProtocolFeatures ProtocolFeatures { get; init; }

    public required MobileRobotGeometry MobileRobotGeometry { get; init; }

    public required LoadSpecification LoadSpecification { get; init; }

    public MobileRobotConfiguration? MobileRobotConfiguration { get; init; }

    internal override string? Fault() =>
        TypeSpecification.MobileRobotKinematics is null ? "typeSpecification.mobileRobotKinematics: is missing" : base.Fault();
}

/// <summary>Class and abilities. Lists are open: the values of the standard are proposals.</summary>
/// <param name="MaximumLoadMass">kg.</param>
public sealed record TypeSpecification(
    string SeriesName,
    string MobileRobotClass,
    [property: JsonConverter(typeof(NonNegativeConverter))] double MaximumLoadMass,
    ImmutableArray<string> LocalizationTypes,
    ImmutableArray<string> NavigationTypes,
    string? SeriesDescription = null)
{
    /// <summary>DIFFERENTIAL, OMNIDIRECTIONAL, THREE_WHEEL…; must be given.</summary>
    public string? MobileRobotKinematics { get; init => field = value ?? field; }

    /// <summary>The name that the schema requires for it, against the text (7.10). Both are written, either is read.</summary>
    [JsonInclude]
    internal string? MobileRobotKinematic
    {
        get => MobileRobotKinematics;
        init => MobileRobotKinematics = value;
    }

    public ImmutableArray<ZoneType> SupportedZones { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>m/s, rad/s, m/s² and m.</summary>
public sealed record PhysicalParameters(
    [property: JsonConverter(typeof(NonNegativeConverter))] double MinimumSpeed,
    [property: JsonConverter(typeof(NonNegativeConverter))] double MaximumSpeed,
    [property: JsonConverter(typeof(NonNegativeConverter))] double MaximumAcceleration,
    double MaximumDeceleration,
    double MinimumHeight,
    double MaximumHeight,
    double Width,
    double Length,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MinimumAngularSpeed = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MaximumAngularSpeed = null);

/// <summary>What the vehicle can take; a missing value or 0 means no stated limit.</summary>
public sealed record ProtocolLimits(MaximumStringLengths MaximumStringLengths, MaximumArrayLengths MaximumArrayLengths, Timing Timing);

public sealed record MaximumStringLengths(
    uint? MaximumMessageLength = null,
    uint? MaximumTopicSerialLength = null,
    uint? MaximumTopicElementLength = null,
    uint? MaximumIdLength = null,
    bool? IdNumericalOnly = null,
    uint? MaximumLoadIdLength = null);

public sealed record MaximumArrayLengths(
    [property: JsonPropertyName("order.nodes")] uint? OrderNodes = null,
    [property: JsonPropertyName("order.edges")] uint? OrderEdges = null,
    [property: JsonPropertyName("node.actions")] uint? NodeActions = null,
    [property: JsonPropertyName("edge.actions")] uint? EdgeActions = null,
    [property: JsonPropertyName("actions.actionsParameters")] uint? ActionParameters = null,
    [property: JsonPropertyName("instantActions")] uint? InstantActions = null,
    [property: JsonPropertyName("trajectory.knotVector")] uint? TrajectoryKnotVector = null,
    [property: JsonPropertyName("trajectory.controlPoints")] uint? TrajectoryControlPoints = null,
    [property: JsonPropertyName("zoneSet.zones")] uint? ZoneSetZones = null,
    [property: JsonPropertyName("state.nodeStates")] uint? StateNodeStates = null,
    [property: JsonPropertyName("state.edgeStates")] uint? StateEdgeStates = null,
    [property: JsonPropertyName("state.loads")] uint? StateLoads = null,
    [property: JsonPropertyName("state.actionStates")] uint? StateActionStates = null,
    [property: JsonPropertyName("state.instantActionStates")] uint? StateInstantActionStates = null,
    [property: JsonPropertyName("state.zoneActionStates")] uint? StateZoneActionStates = null,
    [property: JsonPropertyName("state.errors")] uint? StateErrors = null,
    [property: JsonPropertyName("state.information")] uint? StateInformation = null,
    [property: JsonPropertyName("error.errorReferences")] uint? ErrorReferences = null,
    [property: JsonPropertyName("information.infoReferences")] uint? InfoReferences = null);

/// <summary>Seconds.</summary>
public sealed record Timing(
    [property: JsonConverter(typeof(NonNegativeConverter))] double MinimumOrderInterval,
    [property: JsonConverter(typeof(NonNegativeConverter))] double MinimumStateInterval,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? DefaultStateInterval = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? VisualizationInterval = null);

public sealed record ProtocolFeatures(
    ImmutableArray<OptionalParameter> OptionalParameters,
    ImmutableArray<MobileRobotAction> MobileRobotActions);

[JsonConverter(typeof(WireEnumConverter<ParameterSupport>))]
public enum ParameterSupport
{
    Supported,
    Required,
}

/// <param name="Parameter">Full name, for example <c>order.nodes.nodePosition.theta</c>.</param>
public sealed record OptionalParameter(string Parameter, ParameterSupport Support, string? Description = null);

[JsonConverter(typeof(WireEnumConverter<ActionScope>))]
public enum ActionScope
{
    Instant,
    Node,
    Edge,
    Zone,
}

[JsonConverter(typeof(WireEnumConverter<ValueDataType>))]
[SuppressMessage("Naming", "CA1720", Justification = "The words of the standard.")]
public enum ValueDataType
{
    Bool,
    Number,
    Integer,
    String,
    Object,
    Array,
}

/// <summary>An action that the vehicle can do.</summary>
/// <param name="PauseAllowed">
/// The text of the standard makes this and <paramref name="CancelAllowed"/> truth values, the schema strings:
/// <c>"true"</c> or <c>"false"</c> is written, both are read.
/// </param>
public sealed record MobileRobotAction(
    string ActionType,
    ImmutableArray<ActionScope> ActionScopes,
    [property: JsonConverter(typeof(TruthTextConverter))] bool PauseAllowed,
    [property: JsonConverter(typeof(TruthTextConverter))] bool CancelAllowed,
    string? ActionDescription = null,
    string? ActionResult = null)
{
    public ImmutableArray<DeclaredParameter> ActionParameters { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<BlockingType> BlockingTypes { get; init => field = value.IsDefault ? [] : value; } = [];
}

public sealed record DeclaredParameter(string Key, ValueDataType ValueDataType, string? Description = null, bool? IsOptional = null);

public sealed record MobileRobotConfiguration(
    NetworkConfiguration? Network = null,
    BatteryCharging? BatteryCharging = null)
{
    public ImmutableArray<VersionInfo> Versions { get; init => field = value.IsDefault ? [] : value; } = [];
}

public sealed record VersionInfo(string Key, string Value);

public sealed record NetworkConfiguration(string? LocalIpAddress = null, string? Netmask = null, string? DefaultGateway = null)
{
    public ImmutableArray<string> DnsServers { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> NtpServers { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>Percent (0 to 100) and seconds. Written by its name in the text; in the schema the name ends in a space by mistake.</summary>
public sealed record BatteryCharging(
    [property: JsonConverter(typeof(PercentConverter))] double? CriticalLowChargingLevel = null,
    [property: JsonConverter(typeof(PercentConverter))] double? MinimumDesiredChargingLevel = null,
    [property: JsonConverter(typeof(PercentConverter))] double? MaximumDesiredChargingLevel = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? MinimumChargingTime = null);
