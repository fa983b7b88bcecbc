using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Vda21;

/// <summary>From the vehicle (VDA 5050 2.1.0, 6.10.6). <c>zoneSetId</c> is not read: it has no counterpart.</summary>
internal sealed record State21 : Message21
{
    public required string OrderId { get; init; }

    public required uint OrderUpdateId { get; init; }

    public required string LastNodeId { get; init; }

    public required uint LastNodeSequenceId { get; init; }

    public required ImmutableArray<NodeState21> NodeStates { get; init; }

    public required ImmutableArray<EdgeState21> EdgeStates { get; init; }

    public AgvPosition21? AgvPosition { get; init; }

    public Velocity? Velocity { get; init; }

    public required bool Driving { get; init; }

    public bool? Paused { get; init; }

    public bool? NewBaseRequest { get; init; }

    public double? DistanceSinceLastNode { get; init; }

    /// <summary>Actions of the order and instant actions together.</summary>
    public required ImmutableArray<ActionState21> ActionStates { get; init; }

    public required BatteryState21 BatteryState { get; init; }

    public required OperatingMode21 OperatingMode { get; init; }

    public required ImmutableArray<Error21> Errors { get; init; }

    public ImmutableArray<Info21> Information { get; init => field = value.IsDefault ? [] : value; } = [];

    public required SafetyState21 SafetyState { get; init; }

    public ImmutableArray<Map21> Maps { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Load>? Loads { get; init; }

    /// <summary>Ours, as in <see cref="State"/>.</summary>
    public SweeperStatus? SweeperStatus { get; init; }

    /// <summary>Bounds what is kept of it (<see cref="Vehicle21"/>).</summary>
    internal override string? Fault()
    {
        var fault = TextBound.Fault("orderId", OrderId) ?? TextBound.Fault("sweeperStatus.place.edgeId", SweeperStatus?.Place?.EdgeId);
        for (var i = 0; i < ActionStates.Length && fault is null; i++)
        {
            fault = TextBound.Fault($"actionStates[{i}].actionId", ActionStates[i].ActionId) ?? TextBound.Fault($"actionStates[{i}].actionType", ActionStates[i].ActionType);
        }

        return fault ?? base.Fault();
    }
}

internal sealed record NodeState21(
    string NodeId, uint SequenceId, bool Released, ReportedNodePosition? NodePosition = null, string? NodeDescription = null);

internal sealed record EdgeState21(
    string EdgeId, uint SequenceId, bool Released, string? EdgeDescription = null, Trajectory? Trajectory = null);

internal sealed record AgvPosition21(
    double X,
    double Y,
    [property: JsonConverter(typeof(AngleConverter))] double Theta,
    string MapId,
    bool PositionInitialized,
    [property: JsonConverter(typeof(UnitIntervalConverter))] double? LocalizationScore = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? DeviationRange = null);

/// <summary>The schema forgets PAUSED, which the text has (table 2).</summary>
[JsonConverter(typeof(WireEnumConverter<ActionStatus21>))]
internal enum ActionStatus21
{
    Waiting,
    Initializing,
    Running,
    Paused,
    Finished,
    Failed,
}

internal sealed record ActionState21(
    string ActionId,
    ActionStatus21 ActionStatus,
    string? ActionType = null,
    string? ResultDescription = null,
    string? ActionDescription = null);

internal sealed record BatteryState21(
    [property: JsonConverter(typeof(PercentConverter))] double BatteryCharge,
    bool Charging,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? Reach = null,
    double? BatteryVoltage = null,
    [property: JsonConverter(typeof(PercentConverter))] double? BatteryHealth = null);

[JsonConverter(typeof(WireEnumConverter<OperatingMode21>))]
internal enum OperatingMode21
{
    Automatic,
    Semiautomatic,
    Manual,
    Service,
    Teachin,
}

[JsonConverter(typeof(WireEnumConverter<ErrorLevel21>))]
internal enum ErrorLevel21
{
    Warning,
    Fatal,
}

internal sealed record Error21(string ErrorType, ErrorLevel21 ErrorLevel, string? ErrorDescription = null, string? ErrorHint = null)
{
    public ImmutableArray<Reference> ErrorReferences { get; init => field = value.IsDefault ? [] : value; } = [];
}

internal sealed record Info21(string InfoType, InfoLevel InfoLevel, string? InfoDescription = null)
{
    public ImmutableArray<Reference> InfoReferences { get; init => field = value.IsDefault ? [] : value; } = [];
}

[JsonConverter(typeof(WireEnumConverter<EmergencyStop21>))]
internal enum EmergencyStop21
{
    /// <summary>The vehicle ends it by itself.</summary>
    Autoack,
    Manual,
    Remote,
    None,
}

internal sealed record SafetyState21([property: JsonPropertyName("eStop")] EmergencyStop21 EStop, bool FieldViolation);

internal sealed record Map21(string MapId, string MapVersion, StoredStatus MapStatus, string? MapDescription = null);

[JsonConverter(typeof(WireEnumConverter<ConnectionState21>))]
internal enum ConnectionState21
{
    Online,
    Offline,
    Connectionbroken,
}

/// <summary>From the vehicle, or from the broker as its last will (VDA 5050 2.1.0, 6.14).</summary>
internal sealed record Connection21 : Message21
{
    public required ConnectionState21 ConnectionState { get; init; }
}

/// <summary>From the vehicle (VDA 5050 2.1.0, 6.13).</summary>
internal sealed record Visualization21 : Message21
{
    public AgvPosition21? AgvPosition { get; init; }

    public Velocity? Velocity { get; init; }
}
