using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Work;
using Kehrwerk.Sweeper.Zones;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>What a sweeper of a model is and can (VDA 5050 3.0.0, 7.10).</summary>
internal static class SweeperFactsheet
{
    /// <param name="isSupervised">By the safety profile.</param>
    public static Factsheet Of(VehicleId id, SweeperModel model, bool isSupervised, DateTimeOffset now) => new()
    {
        HeaderId = 0,
        Timestamp = now,
        Vehicle = id,
        TypeSpecification = new(
            model.Name, "CARRIER", model.HopperKg, ["NATURAL"], ["VIRTUAL_LINE_GUIDED"], model.Description)
        {
            MobileRobotKinematics = "THREE_WHEEL",
            SupportedZones = ZoneShelf.Supported,
        },
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
            new(
                OrderNodes: OrderRules.MaxNodes,
                OrderEdges: OrderRules.MaxNodes - 1,
                InstantActions: InstantDesk.Capacity,
                ZoneSetZones: ZoneShelf.MaxZones,
                StateInstantActionStates: InstantDesk.Capacity,
                StateErrors: ErrorLog.Capacity + StateReport.MaxConditions),
            new(MinimumOrderInterval: 0, MinimumStateInterval: 0, DefaultStateInterval: 1)),
        ProtocolFeatures = new(
            [.. Optional.Select(parameter => new OptionalParameter(parameter, ParameterSupport.Supported))],
            isSupervised ? [.. Actions, EndMrc] : [.. Actions, Activate]),
        MobileRobotGeometry = new() { Envelopes2d = [Outline(model)] },
        LoadSpecification = new(),
    };

    private static readonly ImmutableArray<string> Optional =
    [
        "order.orderDescription",
        "order.nodes.nodeDescriptor",
        "order.nodes.nodePosition",
        "order.nodes.nodePosition.allowedDeviationXY",
        "order.nodes.actions.actionDescriptor",
        "order.nodes.actions.actionParameters",
        "order.nodes.actions.retriable",
        "order.edges.edgeDescriptor",
        "order.edges.maximumSpeed",
        "order.edges.maximumMobileRobotHeight",
        "order.edges.length",
        "order.edges.corridor",
        "order.edges.corridor.corridorReferencePoint",
        "order.edges.corridor.releaseRequired",
        "order.edges.actions.actionDescriptor",
        "order.edges.actions.actionParameters",
        "responses.leaseExpiry",
        "zoneSet.zoneSetDescriptor",
        "zoneSet.zones.zoneDescriptor",
        "zoneSet.zones.releaseLossBehavior",
    ];

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
            ActionParameters = [new(SweeperActions.UntilPercentParameter, ValueDataType.Number, "State of charge at which it ends, above 0 to 100", IsOptional: true), Bay],
            BlockingTypes = [BlockingType.Hard, BlockingType.Soft, BlockingType.None],
        },
        AtOnce(SweeperActions.StopCharging, "Ends charging"),
        AtOnce(SweeperActions.EnableZoneSet, "Uses a stored zone set, and no other of its map", SweeperActions.ZoneSetIdParameter),
        AtOnce(SweeperActions.EnableMap, "Uses a stored map; the vehicle has one", SweeperActions.MapIdParameter, SweeperActions.MapVersionParameter),
        AtOnce(SweeperActions.ClearInstantActions, "Drops ended instant actions from the state"),
        Instant(SweeperActions.StartPause, "Halts, keeps the order"),
        Instant(SweeperActions.StopPause, "Goes on with the order"),
        Instant(SweeperActions.CancelOrder, "Halts and gives up the order") with
        {
            ActionParameters = [new(SweeperActions.OrderIdParameter, ValueDataType.String, "Only this order", IsOptional: true)],
        },
        Instant(SweeperActions.StateRequest, "Sends the state"),
        Instant(SweeperActions.FactsheetRequest, "Sends the factsheet"),
        Instant(SweeperActions.DeleteZoneSet, "Drops a stored zone set that is not enabled", SweeperActions.ZoneSetIdParameter),
        Instant(SweeperActions.DeleteMap, "Fails: the only map is in use", SweeperActions.MapIdParameter, SweeperActions.MapVersionParameter),
        Instant(SweeperActions.Retry, "Tries an action again that is RETRIABLE", SweeperActions.ActionIdParameter),
        Instant(SweeperActions.SkipRetry, "Lets an action fail that is RETRIABLE", SweeperActions.ActionIdParameter),
        Instant(SweeperActions.LogReport, "Stores a log of what happened last", SweeperActions.ReasonParameter) with { ActionResult = "Name of the log" },
        Instant(SweeperActions.StartHibernation, "Gives up the order, halts and sends nothing more") with
        {
            ActionParameters = [new(SweeperActions.WakeUpTimeParameter, ValueDataType.String, "When it wakes by itself, ISO 8601", IsOptional: true)],
        },
        Instant(SweeperActions.StopHibernation, "Ends the hibernation"),
        Instant(SweeperActions.Shutdown, "Leaves the broker; the vehicle must be idle"),
        Instant(SweeperActions.InitializePosition, "Sets the last node, where the pose is the one that the vehicle finds itself") with
        {
            ActionParameters =
            [
                new("x", ValueDataType.Number), new("y", ValueDataType.Number), new("theta", ValueDataType.Number),
                new(SweeperActions.MapIdParameter, ValueDataType.String), new("lastNodeId", ValueDataType.String),
            ],
        },
        Instant(SweeperActions.Deactivate, "Brakes into the minimal risk condition and stays there"),
    ];

    private static readonly MobileRobotAction Activate = Instant(SweeperActions.Activate, "Ends the deactivation");

    private static readonly MobileRobotAction EndMrc = Instant(SweeperActions.EndMrc, "Ends the minimal risk condition after an investigation (safety profile)") with
    {
        ActionParameters =
        [
            new("mrcId", ValueDataType.String, "The condition that was investigated"),
            new("finding", ValueDataType.String, "What triggered it, and whether it was needed"),
            new("text", ValueDataType.String, "What was looked at"),
            new("then", ValueDataType.String, "continue or cancel"),
        ],
    };

    private static DeclaredParameter Bay => new(SweeperActions.BayParameter, ValueDataType.Integer, "Number of the bay, from 1", IsOptional: true);

    private static MobileRobotAction AtDepot(string type, string description) =>
        new(type, [ActionScope.Node], PauseAllowed: true, CancelAllowed: true, description) { ActionParameters = [Bay], BlockingTypes = [BlockingType.Hard, BlockingType.Soft] };

    private static MobileRobotAction AtOnce(string type, string description, params ReadOnlySpan<string> parameters) =>
        new(type, [ActionScope.Node, ActionScope.Instant], PauseAllowed: false, CancelAllowed: true, description)
        {
            ActionParameters = Texts(parameters),
            BlockingTypes = [BlockingType.None, BlockingType.Soft, BlockingType.Single, BlockingType.Hard],
        };

    private static MobileRobotAction Instant(string type, string description, params ReadOnlySpan<string> parameters) =>
        new(type, [ActionScope.Instant], PauseAllowed: false, CancelAllowed: false, description)
        {
            ActionParameters = Texts(parameters),
            BlockingTypes = [BlockingType.None],
        };

    private static ImmutableArray<DeclaredParameter> Texts(ReadOnlySpan<string> keys)
    {
        var texts = ImmutableArray.CreateBuilder<DeclaredParameter>();
        foreach (var key in keys)
        {
            texts.Add(new(key, ValueDataType.String));
        }

        return texts.ToImmutable();
    }

    /// <summary>The contour by which zones are entered: a rectangle around the vehicle's reference point.</summary>
    private static Envelope2d Outline(SweeperModel model) => new(
        "contour",
        [
            new(model.LengthM / 2, model.WidthM / 2), new(-model.LengthM / 2, model.WidthM / 2),
            new(-model.LengthM / 2, -model.WidthM / 2), new(model.LengthM / 2, -model.WidthM / 2),
        ]);
}
