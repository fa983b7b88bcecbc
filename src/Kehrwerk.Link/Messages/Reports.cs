using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>How bad an error is (VDA 5050 3.0.0, 6.6.5.1).</summary>
[JsonConverter(typeof(WireEnumConverter<ErrorLevel>))]
public enum ErrorLevel
{
    /// <summary>The order goes on.</summary>
    Warning,

    /// <summary>Someone must look at it now; the order goes on.</summary>
    Urgent,

    /// <summary>The order cannot go on; another one could.</summary>
    Critical,

    /// <summary>Nothing goes on until a person acts.</summary>
    Fatal,
}

public sealed record RobotError(
    string ErrorType,
    ErrorLevel ErrorLevel,
    string? ErrorDescription = null,
    string? ErrorHint = null)
{
    public ImmutableArray<Reference> ErrorReferences { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Translation> ErrorDescriptionTranslations { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<Translation> ErrorHintTranslations { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>The error types that the standard names (VDA 5050 3.0.0, 6.6.5.4). The list is open: a vehicle may send others.</summary>
public static class ErrorTypes
{
    public const string UnsupportedParameter = "UNSUPPORTED_PARAMETER";
    public const string NoOrderToCancel = "NO_ORDER_TO_CANCEL";
    public const string ValidationFailure = "VALIDATION_FAILURE";
    public const string InvalidOrderAction = "INVALID_ORDER_ACTION";
    public const string InvalidInstantAction = "INVALID_INSTANT_ACTION";
    public const string OutdatedOrderUpdate = "OUTDATED_ORDER_UPDATE";
    public const string SameOrderUpdateId = "SAME_ORDER_UPDATE_ID";
    public const string OrderUpdateFollowingCancel = "ORDER_UPDATE_FOLLOWING_CANCEL";
    public const string OutsideOfCorridor = "OUTSIDE_OF_CORRIDOR";
    public const string InsufficientMemory = "INSUFFICIENT_MEMORY";
    public const string DuplicateMap = "DUPLICATE_MAP";
    public const string BlockedZoneViolation = "BLOCKED_ZONE_VIOLATION";
    public const string DuplicateZoneSet = "DUPLICATE_ZONE_SET";
    public const string ReleaseLost = "RELEASE_LOST";
    public const string ZoneActionConflict = "ZONE_ACTION_CONFLICT";
    public const string NodeUnreachable = "NODE_UNREACHABLE";
    public const string LocalizationError = "LOCALIZATION_ERROR";
    public const string NoRouteToTarget = "NO_ROUTE_TO_TARGET";
    public const string OtherOrderActive = "OTHER_ORDER_ACTIVE";
    public const string StartNodeOutOfRange = "START_NODE_OUT_OF_RANGE";
    public const string MobileRobotNotAvailable = "MOBILE_ROBOT_NOT_AVAILABLE";
    public const string UnknownMapId = "UNKNOWN_MAP_ID";

    /// <summary>Too many instant actions in the state; <c>clearInstantActions</c> makes room (7.8).</summary>
    public const string InstantActionStatesFull = "INSTANT_ACTION_STATES_FULL";
}

/// <summary>Ties an error or information to what it is about, for example <c>edgeId</c> or <c>actionId</c>.</summary>
public sealed record Reference(string ReferenceKey, string ReferenceValue);

/// <param name="TranslationKey">Language by ISO 639-1.</param>
public sealed record Translation(string TranslationKey, string TranslationValue);

[JsonConverter(typeof(WireEnumConverter<InfoLevel>))]
public enum InfoLevel
{
    Info,
    Debug,
}

/// <summary>Something worth showing. The standard forbids a centre to decide by it (7.8 <c>information</c>).</summary>
public sealed record RobotInfo(string InfoType, InfoLevel InfoLevel, string? InfoDescriptor = null)
{
    public ImmutableArray<Reference> InfoReferences { get; init => field = value.IsDefault ? [] : value; } = [];
}

[JsonConverter(typeof(WireEnumConverter<RequestStatus>))]
public enum RequestStatus
{
    Requested,
    Granted,
    Revoked,
    Expired,
}

[JsonConverter(typeof(WireEnumConverter<EdgeRequestType>))]
public enum EdgeRequestType
{
    Corridor,
}

/// <summary>The vehicle asks for leave to use the corridor of an edge (VDA 5050 3.0.0, 6.6.10); the answer is a <see cref="Response"/>.</summary>
public sealed record EdgeRequest(
    string RequestId, EdgeRequestType RequestType, string EdgeId, uint SequenceId, RequestStatus RequestStatus);

[JsonConverter(typeof(WireEnumConverter<ZoneRequestType>))]
public enum ZoneRequestType
{
    Access,
    Replanning,
}

public sealed record ZoneRequest(
    string RequestId,
    ZoneRequestType RequestType,
    string ZoneId,
    string ZoneSetId,
    RequestStatus RequestStatus,
    Trajectory? Trajectory = null);

[JsonConverter(typeof(WireEnumConverter<StoredStatus>))]
public enum StoredStatus
{
    Enabled,
    Disabled,
}

/// <summary>A map that the vehicle holds.</summary>
public sealed record StoredMap(string MapId, string MapVersion, StoredStatus MapStatus, string? MapDescriptor = null);

/// <summary>A zone set that the vehicle holds.</summary>
public sealed record StoredZoneSet(string ZoneSetId, string MapId, StoredStatus ZoneSetStatus);

/// <param name="Weight">kg.</param>
public sealed record Load(
    string? LoadId = null,
    string? LoadType = null,
    string? LoadPosition = null,
    BoundingBoxReference? BoundingBoxReference = null,
    LoadDimensions? LoadDimensions = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? Weight = null);

/// <summary>Centre of the underside of a load: metres and radians in the vehicle's coordinates.</summary>
public sealed record BoundingBoxReference(double X, double Y, double Z, double? Theta = null);

/// <summary>Metres.</summary>
public sealed record LoadDimensions(
    [property: JsonConverter(typeof(NonNegativeConverter))] double Length,
    [property: JsonConverter(typeof(NonNegativeConverter))] double Width,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? Height = null);

/// <summary>The curve that the vehicle is going to drive within its order.</summary>
public sealed record PlannedPath(Trajectory Trajectory)
{
    /// <summary>Node ids passed on it.</summary>
    public ImmutableArray<string> TraversedNodes { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>When the vehicle expects to be where, as far as its sensors reach.</summary>
public sealed record IntermediatePath(ImmutableArray<Waypoint> Polyline);

/// <summary>Metres, radians, and the expected time of arrival.</summary>
public sealed record Waypoint(
    double X, double Y, DateTimeOffset Eta, [property: JsonConverter(typeof(AngleConverter))] double? Theta = null);
