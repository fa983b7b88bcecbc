using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Vda21;

/// <summary>
/// Reports of a vehicle of 2.1 or 2.0 in the words of 3.0.0. Pure; docs/link/vda5050-2.1.md has the table. Which of the actions are instant
/// actions only <see cref="Vehicle21"/> knows.
/// </summary>
internal static class StateTranslation
{
    /// <param name="sent">The order sent last, to complete references by it.</param>
    public static State Of(State21 old, OrderSent? sent) => new()
    {
        HeaderId = old.HeaderId,
        Timestamp = old.Timestamp,
        Vehicle = old.Vehicle,
        OrderId = old.OrderId,
        OrderUpdateId = old.OrderUpdateId,
        LastNodeId = old.LastNodeId,
        LastNodeSequenceId = old.LastNodeSequenceId,
        NodeStates = [.. old.NodeStates.Select(node => new NodeState(node.NodeId, node.SequenceId, node.Released, node.NodePosition, node.NodeDescription))],
        EdgeStates = [.. old.EdgeStates.Select(edge => new EdgeState(edge.EdgeId, edge.SequenceId, edge.Released, edge.EdgeDescription, edge.Trajectory))],
        MobileRobotPosition = Of(old.AgvPosition),
        Velocity = old.Velocity,
        Driving = old.Driving,
        Paused = old.Paused,
        NewBaseRequest = old.NewBaseRequest,
        DistanceSinceLastNode = old.DistanceSinceLastNode,
        ActionStates = [.. old.ActionStates.Select(Of)],
        InstantActionStates = [],
        PowerSupply = new(
            old.BatteryState.BatteryCharge, old.BatteryState.Charging, old.BatteryState.Reach, old.BatteryState.BatteryVoltage, null, old.BatteryState.BatteryHealth),
        OperatingMode = old.OperatingMode switch
        {
            OperatingMode21.Automatic => OperatingMode.Automatic,
            OperatingMode21.Semiautomatic => OperatingMode.Semiautomatic,
            OperatingMode21.Manual => OperatingMode.Manual,
            OperatingMode21.Service => OperatingMode.Service,
            _ => OperatingMode.TeachIn,
        },
        Errors = [.. old.Errors.Select(error => Of(error, sent)), .. AutomaticStop(old.SafetyState)],
        Information = [.. old.Information.Select(info => new RobotInfo(info.InfoType, info.InfoLevel, info.InfoDescription) { InfoReferences = info.InfoReferences })],
        SafetyState = new(
            old.SafetyState.EStop switch
            {
                EmergencyStop21.Manual => EmergencyStop.Manual,
                EmergencyStop21.Remote => EmergencyStop.Remote,
                _ => EmergencyStop.None,
            },
            old.SafetyState.FieldViolation),
        Maps = [.. old.Maps.Select(map => new StoredMap(map.MapId, map.MapVersion, map.MapStatus, map.MapDescription))],
        Loads = old.Loads,
        SweeperStatus = old.SweeperStatus,
    };

    public static ActionState Of(ActionState21 action) => new(
        action.ActionId,
        action.ActionStatus switch
        {
            ActionStatus21.Waiting => ActionStatus.Waiting,
            ActionStatus21.Initializing => ActionStatus.Initializing,
            ActionStatus21.Running => ActionStatus.Running,
            ActionStatus21.Paused => ActionStatus.Paused,
            ActionStatus21.Finished => ActionStatus.Finished,
            _ => ActionStatus.Failed,
        },
        action.ActionType is { } type ? OrderTranslation.NewTypeOf(type) : null,
        action.ResultDescription,
        action.ActionDescription);

    public static Connection Of(Connection21 old) => new()
    {
        HeaderId = old.HeaderId,
        Timestamp = old.Timestamp,
        Vehicle = old.Vehicle,
        ConnectionState = old.ConnectionState switch
        {
            ConnectionState21.Online => ConnectionState.Online,
            ConnectionState21.Offline => ConnectionState.Offline,
            _ => ConnectionState.ConnectionBroken,
        },
    };

    /// <param name="stateHeaderId">Of the newest state, which 3.0.0 asks for.</param>
    public static Visualization Of(Visualization21 old, uint stateHeaderId) => new()
    {
        HeaderId = old.HeaderId,
        Timestamp = old.Timestamp,
        Vehicle = old.Vehicle,
        ReferenceStateHeaderId = stateHeaderId,
        MobileRobotPosition = Of(old.AgvPosition),
        Velocity = old.Velocity,
    };

    public static string? Value(ImmutableArray<Reference> references, string key) => references.FirstOrDefault(reference => reference.ReferenceKey == key)?.ReferenceValue;

    private static MobileRobotPosition? Of(AgvPosition21? place) =>
        place is null ? null : new(place.X, place.Y, place.Theta, place.MapId, place.PositionInitialized, place.LocalizationScore, place.DeviationRange);

    private static RobotError Of(Error21 error, OrderSent? sent)
    {
        var type = error.ErrorType switch
        {
            "validationError" => ErrorTypes.ValidationFailure,
            "orderError" => Value(error.ErrorReferences, "actionId") is null ? ErrorTypes.UnsupportedParameter : ErrorTypes.InvalidOrderAction,
            "orderUpdateError" => ErrorTypes.OutdatedOrderUpdate,
            "noRouteError" => ErrorTypes.NoRouteToTarget,
            "noOrderToCancel" => ErrorTypes.NoOrderToCancel,
            "instantActionError" => ErrorTypes.InvalidInstantAction,
            var own => own,
        };
        return new(type, error.ErrorLevel == ErrorLevel21.Fatal ? ErrorLevel.Fatal : ErrorLevel.Warning, error.ErrorDescription, error.ErrorHint)
        {
            ErrorReferences = Completed(error.ErrorReferences, sent),
        };
    }

    /// <summary>2.1 lets a vehicle name a refused order by topic and header alone (7.1); 3.0.0 goes by its ids.</summary>
    private static ImmutableArray<Reference> Completed(ImmutableArray<Reference> references, OrderSent? sent) =>
        sent is { } order && Value(references, "topic") == "order" && Value(references, "orderId") is null
            && Value(references, "headerId") == order.HeaderId.ToString(CultureInfo.InvariantCulture)
            ? [.. references, new("orderId", order.OrderId), new("orderUpdateId", order.UpdateId.ToString(CultureInfo.InvariantCulture))]
            : references;

    /// <summary>A stop that the vehicle ends by itself is none of the two of 3.0.0, but it is not nothing.</summary>
    private static IEnumerable<RobotError> AutomaticStop(SafetyState21 safety) =>
        safety.EStop == EmergencyStop21.Autoack ? [new("emergencyStop", ErrorLevel.Warning, "An emergency stop holds the vehicle, which ends it by itself (AUTOACK)")] : [];
}
