using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>The kinds of zones (VDA 5050 3.0.0, 6.4.1).</summary>
[JsonConverter(typeof(WireEnumConverter<ZoneType>))]
public enum ZoneType
{
    Blocked,
    LineGuided,
    Release,
    CoordinatedReplanning,
    SpeedLimit,
    Action,
    Priority,
    Penalty,
    Directed,
    Bidirected,
}

[JsonConverter(typeof(WireEnumConverter<DirectionLimitation>))]
public enum DirectionLimitation
{
    Soft,
    Restricted,

    /// <summary>Only for <see cref="ZoneType.Directed"/>.</summary>
    Strict,
}

/// <summary>What a vehicle inside a <see cref="ZoneType.Release"/> zone does when its release ends (6.4.1.1). Without one it stops.</summary>
[JsonConverter(typeof(WireEnumConverter<ZoneLossBehavior>))]
[SuppressMessage("Naming", "CA1716", Justification = "The words of the standard.")]
public enum ZoneLossBehavior
{
    Stop,
    Continue,
    Evacuate,
}

/// <summary>Zones of one map, sent from centre to vehicle (VDA 5050 3.0.0, 6.4 and 7.6).</summary>
public sealed record ZoneSet : VdaMessage
{
    [JsonPropertyName("zoneSet")]
    public required ZoneSetContent Content { get; init; }

    internal override string? Fault()
    {
        for (var i = 0; i < Content.Zones.Length; i++)
        {
            if ((Content.Zones[i].Fault() ?? TextBound.Fault("zoneId", Content.Zones[i].ZoneId)) is { } fault)
            {
                return $"zoneSet.zones[{i}].{fault}";
            }
        }

        return TextBound.Fault("zoneSet.zoneSetId", Content.ZoneSetId) ?? TextBound.Fault("zoneSet.mapId", Content.MapId) ?? base.Fault();
    }
}

public sealed record ZoneSetContent(string MapId, string ZoneSetId, ImmutableArray<Zone> Zones, string? ZoneSetDescriptor = null);

/// <summary>One polygon, in metres, with the fields that its type asks for.</summary>
/// <param name="MaximumSpeed">m/s; for <see cref="ZoneType.SpeedLimit"/>.</param>
/// <param name="PriorityFactor">0 to 1; for <see cref="ZoneType.Priority"/>.</param>
/// <param name="PenaltyFactor">0 to 1; for <see cref="ZoneType.Penalty"/>.</param>
/// <param name="Direction">Radians; for <see cref="ZoneType.Directed"/> and <see cref="ZoneType.Bidirected"/>, with <paramref name="Limitation"/>.</param>
/// <param name="ReleaseLossBehavior">For <see cref="ZoneType.Release"/>; the schema does not know it, the text does.</param>
/// <param name="EntryActions">With the two below for <see cref="ZoneType.Action"/>; empty if nothing is to be done.</param>
public sealed record Zone(
    string ZoneId,
    ZoneType ZoneType,
    ImmutableArray<Vertex> Vertices,
    string? ZoneDescriptor = null,
    double? MaximumSpeed = null,
    [property: JsonConverter(typeof(UnitIntervalConverter))] double? PriorityFactor = null,
    [property: JsonConverter(typeof(UnitIntervalConverter))] double? PenaltyFactor = null,
    double? Direction = null,
    DirectionLimitation? Limitation = null,
    ImmutableArray<ZoneAction>? EntryActions = null,
    ImmutableArray<ZoneAction>? DuringActions = null,
    ImmutableArray<ZoneAction>? ExitActions = null,
    ZoneLossBehavior? ReleaseLossBehavior = null)
{
    /// <summary>The names that the text gives the limitation (6.4.1.2, 7.6); the schema calls both <c>limitation</c>. All are read, and the fitting one is written too.</summary>
    [JsonInclude]
    internal DirectionLimitation? DirectedLimitation
    {
        get => ZoneType == ZoneType.Directed ? Limitation : null;
        init => Limitation ??= value;
    }

    [JsonInclude]
    internal DirectionLimitation? BidirectedLimitation
    {
        get => ZoneType == ZoneType.Bidirected ? Limitation : null;
        init => Limitation ??= value;
    }

    public DirectionLimitation? Limitation { get; init; } = Limitation;

    internal string? Fault() => this switch
    {
        { Vertices.Length: < 3 } => "vertices: a zone needs three or more",
        { ZoneType: ZoneType.SpeedLimit, MaximumSpeed: null } => "maximumSpeed: missing, SPEED_LIMIT needs it",
        { ZoneType: ZoneType.Priority, PriorityFactor: null } => "priorityFactor: missing, PRIORITY needs it",
        { ZoneType: ZoneType.Penalty, PenaltyFactor: null } => "penaltyFactor: missing, PENALTY needs it",
        { ZoneType: ZoneType.Directed or ZoneType.Bidirected, Direction: null } => "direction: missing, a directed zone needs it",
        { ZoneType: ZoneType.Directed or ZoneType.Bidirected, Limitation: null } => "limitation: missing, a directed zone needs it",
        { ZoneType: ZoneType.Bidirected, Limitation: DirectionLimitation.Strict } => "limitation: BIDIRECTED knows SOFT and RESTRICTED only",
        { ZoneType: ZoneType.Action, EntryActions: null } => "entryActions: missing, ACTION needs it",
        { ZoneType: ZoneType.Action, DuringActions: null } => "duringActions: missing, ACTION needs it",
        { ZoneType: ZoneType.Action, ExitActions: null } => "exitActions: missing, ACTION needs it",
        _ => null,
    };
}

public sealed record Vertex(double X, double Y);

/// <summary>An action bound to a zone: it gets its id from the vehicle that enters.</summary>
public sealed record ZoneAction(string ActionType, BlockingType BlockingType, string? ActionDescriptor = null, bool? Retriable = null)
{
    public ImmutableArray<ActionParameter> ActionParameters { get; init => field = value.IsDefault ? [] : value; } = [];
}
