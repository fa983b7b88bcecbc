using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Vda21;

/// <summary>The factsheet of a vehicle of 2.1 or 2.0 in the words of 3.0.0. It declares no zones. Pure.</summary>
internal static class FactsheetTranslation
{
    public static Factsheet Of(Factsheet21 old) => new()
    {
        HeaderId = old.HeaderId,
        Timestamp = old.Timestamp,
        Vehicle = old.Vehicle,
        TypeSpecification = Of(old.TypeSpecification),
        PhysicalParameters = Of(old.PhysicalParameters),
        ProtocolLimits = Of(old.ProtocolLimits),
        ProtocolFeatures = new(
            [.. old.ProtocolFeatures.OptionalParameters.Select(one => one with { Parameter = NewName(one.Parameter) })],
            [.. old.ProtocolFeatures.AgvActions.Select(Of)]),
        MobileRobotGeometry = new()
        {
            WheelDefinitions = old.AgvGeometry.WheelDefinitions,
            Envelopes2d = [.. old.AgvGeometry.Envelopes2d.Select(one => new Envelope2d(one.Set, one.PolygonPoints, one.Description))],
            Envelopes3d = [.. old.AgvGeometry.Envelopes3d.Select(one => new Envelope3d(one.Set, one.Format, one.Url))],
        },
        LoadSpecification = new()
        {
            LoadPositions = old.LoadSpecification.LoadPositions,
            LoadSets = [.. old.LoadSpecification.LoadSets.Select(Of)],
        },
        MobileRobotConfiguration = old.VehicleConfig is { } config ? new(config.Network) { Versions = config.Versions } : null,
    };

    /// <summary>Whether charging to a level, which is ours, is among what the vehicle declares.</summary>
    public static bool ChargesToLevel(Factsheet21 factsheet) => factsheet.ProtocolFeatures.AgvActions.Any(action =>
        action.ActionType == SweeperActions.StartCharging && action.ActionParameters.Any(parameter => parameter.Key == SweeperActions.UntilPercentParameter));

    private static TypeSpecification Of(TypeSpecification21 old) => new(
        old.SeriesName,
        old.AgvClass,
        old.MaxLoadMass,
        old.LocalizationTypes,
        [.. old.NavigationTypes.Select(type => type == "AUTONOMOUS" ? "FREELY_NAVIGATING" : type)],
        old.SeriesDescription)
    {
        MobileRobotKinematics = old.AgvKinematic switch
        {
            "DIFF" => "DIFFERENTIAL",
            "OMNI" => "OMNIDIRECTIONAL",
            "THREEWHEEL" => "THREE_WHEEL",
            var own => own,
        },
    };

    private static PhysicalParameters Of(PhysicalParameters21 old) => new(
        old.SpeedMin, old.SpeedMax, old.AccelerationMax, old.DecelerationMax, old.HeightMin ?? old.HeightMax, old.HeightMax, old.Width, old.Length);

    private static ProtocolLimits Of(ProtocolLimits21 old) => new(
        new(old.MaxStringLens.MsgLen, old.MaxStringLens.TopicSerialLen, old.MaxStringLens.TopicElemLen, old.MaxStringLens.IdLen, old.MaxStringLens.IdNumericalOnly, old.MaxStringLens.LoadIdLen),
        old.MaxArrayLens,
        new(old.Timing.MinOrderInterval, old.Timing.MinStateInterval, old.Timing.DefaultStateInterval, old.Timing.VisualizationInterval));

    /// <summary>2.1 does not tell whether an action can be paused or cancelled: nothing is promised.</summary>
    private static MobileRobotAction Of(AgvAction21 old) => new(
        OrderTranslation.NewTypeOf(old.ActionType),
        [.. old.ActionScopes.Select(scope => scope switch
        {
            ActionScope21.Instant => ActionScope.Instant,
            ActionScope21.Node => ActionScope.Node,
            _ => ActionScope.Edge,
        })],
        PauseAllowed: false,
        CancelAllowed: false,
        old.ActionDescription,
        old.ResultDescription)
    {
        ActionParameters = [.. old.ActionParameters.Select(one => new DeclaredParameter(one.Key, Of(one.ValueDataType), one.Description, one.IsOptional))],
        BlockingTypes = old.BlockingTypes,
    };

    private static ValueDataType Of(ValueDataType21 old) => old switch
    {
        ValueDataType21.Bool => ValueDataType.Bool,
        ValueDataType21.Number or ValueDataType21.Float => ValueDataType.Number,
        ValueDataType21.Integer => ValueDataType.Integer,
        ValueDataType21.String => ValueDataType.String,
        ValueDataType21.Object => ValueDataType.Object,
        _ => ValueDataType.Array,
    };

    private static LoadSet Of(LoadSet21 old) => new(
        old.SetName,
        old.LoadType,
        old.BoundingBoxReference,
        old.LoadDimensions,
        old.MaxWeight,
        old.MinLoadhandlingHeight,
        old.MaxLoadhandlingHeight,
        old.MinLoadhandlingDepth,
        old.MaxLoadhandlingDepth,
        old.MinLoadhandlingTilt,
        old.MaxLoadhandlingTilt,
        old.AgvSpeedLimit,
        old.AgvAccelerationLimit,
        old.AgvDecelerationLimit,
        old.PickTime,
        old.DropTime,
        old.Description)
    {
        LoadPositions = old.LoadPositions,
    };

    /// <summary>The full name of a field, each part of it by its new name.</summary>
    private static string NewName(string field) => string.Join('.', field.Split('.').Select(part => part switch
    {
        "maxSpeed" => "maximumSpeed",
        "maxHeight" => "maximumMobileRobotHeight",
        "minHeight" => "minimumLoadHandlingDeviceHeight",
        "maxRotationSpeed" => "maximumRotationSpeed",
        "rotationAllowed" => "reachOrientationBeforeEntering",
        "allowedDeviationXy" => "allowedDeviationXY",
        "corridorRefPoint" => "corridorReferencePoint",
        "nodeDescription" => "nodeDescriptor",
        "edgeDescription" => "edgeDescriptor",
        "actionDescription" => "actionDescriptor",
        "agvPosition" => "mobileRobotPosition",
        "batteryState" => "powerSupply",
        "reach" => "range",
        _ => part,
    }));
}
