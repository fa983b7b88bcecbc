using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>
/// Who drives (VDA 5050 3.0.0, 6.6.6). Orders are taken in <see cref="Automatic"/>, <see cref="Semiautomatic"/> and <see cref="Intervened"/>.
/// </summary>
[JsonConverter(typeof(WireEnumConverter<OperatingMode>))]
public enum OperatingMode
{
    Startup,
    Automatic,
    Semiautomatic,
    Intervened,
    Manual,
    Service,
    TeachIn,
}

/// <summary>
/// What a vehicle says of itself, at least every 30 s and on every event (VDA 5050 3.0.0, 6.6 and 7.8).
/// An optional array that is empty is left out on the wire, but for <see cref="Loads"/>.
/// </summary>
public sealed record State : VdaMessage
{
    /// <summary>The current or the last finished order; empty if there was none.</summary>
    public required string OrderId { get; init; }

    public required uint OrderUpdateId { get; init; }

    /// <summary>The node reached last; empty if there was none.</summary>
    public required string LastNodeId { get; init; }

    public required uint LastNodeSequenceId { get; init; }

    /// <summary>What is still to be passed; empty when idle.</summary>
    public required ImmutableArray<NodeState> NodeStates { get; init; }

    public required ImmutableArray<EdgeState> EdgeStates { get; init; }

    public MobileRobotPosition? MobileRobotPosition { get; init; }

    public Velocity? Velocity { get; init; }

    public required bool Driving { get; init; }

    public bool? Paused { get; init; }

    /// <summary>True: the end of the base is near; the vehicle will slow down if no new base comes.</summary>
    public bool? NewBaseRequest { get; init; }

    /// <summary>Metres.</summary>
    public double? DistanceSinceLastNode { get; init; }

    /// <summary>The actions of the order, finished ones too, until the next order is accepted.</summary>
    public required ImmutableArray<ActionState> ActionStates { get; init; }

    /// <summary>All instant actions received, until <c>clearInstantActions</c>.</summary>
    public required ImmutableArray<ActionState> InstantActionStates { get; init; }

    public ImmutableArray<ActionState> ZoneActionStates { get; init => field = value.IsDefault ? [] : value; } = [];

    public required PowerSupply PowerSupply { get; init; }

    public required OperatingMode OperatingMode { get; init; }

    public required ImmutableArray<RobotError> Errors { get; init; }

    public ImmutableArray<RobotInfo> Information { get; init => field = value.IsDefault ? [] : value; } = [];

    public required SafetyState SafetyState { get; init; }

    public ImmutableArray<EdgeRequest> EdgeRequests { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<ZoneRequest> ZoneRequests { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<StoredMap> Maps { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<StoredZoneSet> ZoneSets { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Null: the vehicle cannot tell. Empty: it carries nothing.</summary>
    public ImmutableArray<Load>? Loads { get; init; }

    public PlannedPath? PlannedPath { get; init; }

    public IntermediatePath? IntermediatePath { get; init; }

    /// <summary>Ours, beside the fields of the standard; null: the vehicle does not tell.</summary>
    public SweeperStatus? SweeperStatus { get; init; }

    internal override string? Fault() => TextBound.Fault("sweeperStatus.place.edgeId", SweeperStatus?.Place?.EdgeId) ?? base.Fault();
}

/// <param name="Released">True: part of the base; false: part of the horizon.</param>
public sealed record NodeState(
    string NodeId,
    uint SequenceId,
    bool Released,
    ReportedNodePosition? NodePosition = null,
    string? NodeDescriptor = null);

/// <summary>Metres on a map, heading in radians.</summary>
public sealed record ReportedNodePosition(
    double X, double Y, string MapId, [property: JsonConverter(typeof(AngleConverter))] double? Theta = null);

/// <param name="Released">True: part of the base; false: part of the horizon.</param>
public sealed record EdgeState(
    string EdgeId, uint SequenceId, bool Released, string? EdgeDescriptor = null, Trajectory? Trajectory = null);

/// <summary>Where the vehicle is: metres and radians (-π to π) on a map.</summary>
/// <param name="Localized">False: x, y and theta cannot be trusted.</param>
/// <param name="LocalizationScore">0 (unknown) to 1 (known).</param>
/// <param name="DeviationRange">Metres.</param>
public sealed record MobileRobotPosition(
    double X,
    double Y,
    [property: JsonConverter(typeof(AngleConverter))] double Theta,
    string MapId,
    bool Localized,
    [property: JsonConverter(typeof(UnitIntervalConverter))] double? LocalizationScore = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? DeviationRange = null);

/// <summary>m/s and rad/s in the vehicle's own coordinates: x ahead, y to the left.</summary>
public sealed record Velocity(double? Vx = null, double? Vy = null, double? Omega = null);

/// <summary>The life of an action (VDA 5050 3.0.0, 6.6.9).</summary>
[JsonConverter(typeof(WireEnumConverter<ActionStatus>))]
public enum ActionStatus
{
    Waiting,
    Initializing,
    Running,
    Paused,
    Retriable,
    Finished,
    Failed,
}

public sealed record ActionState(
    string ActionId,
    ActionStatus ActionStatus,
    string? ActionType = null,
    string? ActionResult = null,
    string? ActionDescriptor = null)
{
    [JsonIgnore]
    public bool IsEnded => ActionStatus is ActionStatus.Finished or ActionStatus.Failed;
}

/// <param name="StateOfCharge">Percent, 0 to 100.</param>
/// <param name="Range">Metres that the vehicle can still drive.</param>
/// <param name="BatteryVoltage">V.</param>
/// <param name="BatteryCurrent">A.</param>
/// <param name="BatteryHealth">Percent, 0 to 100.</param>
public sealed record PowerSupply(
    [property: JsonConverter(typeof(PercentConverter))] double StateOfCharge,
    bool Charging,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? Range = null,
    double? BatteryVoltage = null,
    double? BatteryCurrent = null,
    [property: JsonConverter(typeof(PercentConverter))] double? BatteryHealth = null);

[JsonConverter(typeof(WireEnumConverter<EmergencyStop>))]
public enum EmergencyStop
{
    None,

    /// <summary>To be acknowledged at the vehicle.</summary>
    Manual,

    /// <summary>To be acknowledged remotely.</summary>
    Remote,
}

/// <param name="FieldViolation">Something is in the protective field.</param>
public sealed record SafetyState(EmergencyStop ActiveEmergencyStop, bool FieldViolation);
