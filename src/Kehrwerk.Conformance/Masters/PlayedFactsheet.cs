using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance.Masters;

/// <summary>What the played vehicle declares: little, so that a master control that does not read it is noticed.</summary>
internal static class PlayedFactsheet
{
    public static Factsheet Of(VehicleId id, Route route, DateTimeOffset now) => new()
    {
        HeaderId = 0,
        Timestamp = now,
        Vehicle = id,
        TypeSpecification = new("conformance-check", "CARRIER", 100, ["NATURAL"], ["VIRTUAL_LINE_GUIDED"]) { MobileRobotKinematics = "DIFFERENTIAL", SupportedZones = [ZoneType.Blocked] },
        PhysicalParameters = new(0, PlayedVehicle.SpeedMps, 1, 2, 2, 2, 1.2, 3),
        ProtocolLimits = new(new(MaximumIdLength: 100), new(OrderNodes: 8, OrderEdges: 7, NodeActions: 10, EdgeActions: 10, InstantActions: 10, ZoneSetZones: 200), new(MinimumOrderInterval: 0, MinimumStateInterval: 0, DefaultStateInterval: 1)),
        ProtocolFeatures = new(
            [new("order.nodes.nodePosition", ParameterSupport.Required), new("order.nodes.nodePosition.allowedDeviationXY", ParameterSupport.Supported)],
            [
                .. Instants.Select(type => new MobileRobotAction(type, [ActionScope.Instant], PauseAllowed: false, CancelAllowed: false) { BlockingTypes = [BlockingType.None] }),
                .. route.NodeActions.DistinctBy(action => action.ActionType).Select(action => Of(action, ActionScope.Node)),
                .. route.EdgeActions.DistinctBy(action => action.ActionType).Select(action => Of(action, ActionScope.Edge)),
            ]),
        MobileRobotGeometry = new(),
        LoadSpecification = new(),
    };

    private static readonly ImmutableArray<string> Instants =
    [
        SweeperActions.StartPause, SweeperActions.StopPause, SweeperActions.CancelOrder, SweeperActions.StateRequest, SweeperActions.FactsheetRequest,
        SweeperActions.ClearInstantActions, SweeperActions.EnableZoneSet, SweeperActions.DeleteZoneSet, SweeperActions.Deactivate, SweeperActions.EndMrc,
    ];

    private static MobileRobotAction Of(RouteAction action, ActionScope scope) => new(action.ActionType, [scope], PauseAllowed: true, CancelAllowed: true)
    {
        BlockingTypes = [action.BlockingType],
        ActionParameters = [.. action.Parameters.Select(parameter => new DeclaredParameter(parameter.Key, ValueDataType.String))],
    };
}
