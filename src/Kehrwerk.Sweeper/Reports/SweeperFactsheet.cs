using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Orders;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>What a sweeper of a model is and can (VDA 5050 3.0.0, 7.10).</summary>
internal static class SweeperFactsheet
{
    public static Factsheet Of(VehicleId id, SweeperModel model, DateTimeOffset now) => new()
    {
        HeaderId = 0,
        Timestamp = now,
        Vehicle = id,
        TypeSpecification = new(
            model.Name, "CARRIER", model.HopperKg, ["NATURAL"], ["VIRTUAL_LINE_GUIDED"], model.Description)
        { MobileRobotKinematics = "THREE_WHEEL" },
        PhysicalParameters = new(
            MinimumSpeed: 0,
            MaximumSpeed: model.MaxSpeedMps,
            MaximumAcceleration: model.AccelerationMps2,
            MaximumDeceleration: model.DeactivationBrakingMps2,
            MinimumHeight: model.HeightM,
            MaximumHeight: model.HeightM,
            model.WidthM,
            model.LengthM),
        ProtocolLimits = new(
            new(MaximumMessageLength: LinkJson.MaxBytes),
            new(OrderNodes: OrderRules.MaxNodes, OrderEdges: OrderRules.MaxNodes - 1, InstantActions: Work.InstantDesk.Capacity, StateErrors: ErrorLog.Capacity + StateReport.MaxConditions),
            new(MinimumOrderInterval: 0, MinimumStateInterval: 0, DefaultStateInterval: 1)),
        ProtocolFeatures = new(
            [new("order.edges.maximumSpeed", ParameterSupport.Supported), new("order.nodes.nodePosition", ParameterSupport.Supported)],
            Actions),
        MobileRobotGeometry = new(),
        LoadSpecification = new(),
    };

    private static readonly ImmutableArray<MobileRobotAction> Actions =
    [
        new(SweeperActions.Sweep, [ActionScope.Edge], PauseAllowed: true, CancelAllowed: true, "Sweeps a kerb along the edge", "Metres swept, and why it ended early")
        {
            ActionParameters =
            [
                new(SweeperActions.KerbParameter, ValueDataType.String, "Key of the kerb"),
                new(SweeperActions.SideParameter, ValueDataType.String, "right or left of the direction of travel"),
            ],
            BlockingTypes = [BlockingType.None],
        },
        AtDepot(SweeperActions.Tip, "Empties the hopper"),
        AtDepot(SweeperActions.WashHopper, "Washes the hopper"),
        AtDepot(SweeperActions.FillWater, "Fills the water tank"),
        AtDepot(SweeperActions.StartCharging, "Charges up to a state of charge") with
        {
            ActionScopes = [ActionScope.Node, ActionScope.Instant],
            ActionParameters = [new(SweeperActions.UntilPercentParameter, ValueDataType.Number, "State of charge at which it ends, above 0 to 100", IsOptional: true)],
            BlockingTypes = [BlockingType.Hard, BlockingType.None],
        },
        AtDepot(SweeperActions.StopCharging, "Ends charging") with
        {
            ActionScopes = [ActionScope.Node, ActionScope.Instant],
            BlockingTypes = [BlockingType.Hard, BlockingType.None],
        },
        Instant(SweeperActions.StartPause, "Halts, keeps the order"),
        Instant(SweeperActions.StopPause, "Goes on with the order"),
        Instant(SweeperActions.CancelOrder, "Halts and gives up the order") with
        {
            ActionParameters = [new(SweeperActions.OrderIdParameter, ValueDataType.String, "Only this order", IsOptional: true)],
        },
        Instant(SweeperActions.StateRequest, "Sends the state"),
        Instant(SweeperActions.FactsheetRequest, "Sends the factsheet"),
        Instant(SweeperActions.ClearInstantActions, "Drops ended instant actions from the state"),
        Instant(SweeperActions.Deactivate, "Brakes into the minimal risk condition and stays there"),
        Instant(SweeperActions.Activate, "Ends the deactivation"),
    ];

    private static MobileRobotAction AtDepot(string type, string description) =>
        new(type, [ActionScope.Node], PauseAllowed: true, CancelAllowed: true, description) { BlockingTypes = [BlockingType.Hard] };

    private static MobileRobotAction Instant(string type, string description) =>
        new(type, [ActionScope.Instant], PauseAllowed: false, CancelAllowed: false, description) { BlockingTypes = [BlockingType.None] };
}
