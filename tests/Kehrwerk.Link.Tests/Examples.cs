using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Tests;

/// <summary>One plausible message per topic, the same as the approved samples.</summary>
internal static class Examples
{
    public static readonly VehicleId Vehicle = new("Kehrwerk", "S-001");

    private static readonly DateTimeOffset Time = new(2026, 3, 1, 4, 5, 6, 789, TimeSpan.Zero);

    public static Order Order { get; } = new()
    {
        HeaderId = 7,
        Timestamp = Time,
        Vehicle = Vehicle,
        OrderId = "2026-03-01-S-001-1",
        OrderUpdateId = 2,
        Nodes =
        [
            new("n17", 0, true, [], new(12.5, -3.25, "musterstadt")),
            new("n18", 2, true, [SweeperActions.TipHopper("a2"), SweeperActions.ChargeUntil("a3", 80)],
                new(112.5, -3.25, "musterstadt", Theta: 1.5, AllowedDeviationXY: new(1, 0.5, 0), AllowedDeviationTheta: 3.14)),
            new("n19", 4, false, []),
        ],
        Edges =
        [
            new("e5", 1, true, [SweeperActions.SweepKerb("a1", "e5:right", SweepSide.Right)], MaximumSpeed: 1.4, Length: 100,
                Trajectory: new([new(12.5, -3.25), new(60, 0, 1), new(112.5, -3.25)]) { KnotVector = [0, 0, 0.5, 1, 1] },
                Corridor: new(0.5, 0.25, CorridorReferencePoint.KinematicCenter, true, ReleaseLossBehavior.Stop)),
            new("e6", 3, false, [], EdgeDescriptor: "Kaiser-Wilhelm-Straße"),
        ],
    };

    public static InstantActions InstantActions { get; } = new()
    {
        HeaderId = 1,
        Timestamp = Time,
        Vehicle = Vehicle,
        Actions =
        [
            SweeperActions.Instant(SweeperActions.Deactivate, "i1"),
            SweeperActions.Cancel("i2", "2026-03-01-S-001-1"),
            SweeperActions.Instant("logReport", "i3", new("reason", "test"), new("lines", 12.5), new("all", true)),
        ],
    };

    public static State State { get; } = new()
    {
        HeaderId = 4711,
        Timestamp = Time,
        Vehicle = Vehicle,
        OrderId = "2026-03-01-S-001-1",
        OrderUpdateId = 2,
        LastNodeId = "n17",
        LastNodeSequenceId = 0,
        NodeStates = [new("n18", 2, true, new(112.5, -3.25, "musterstadt", 1.5)), new("n19", 4, false)],
        EdgeStates = [new("e5", 1, true), new("e6", 3, false, "Kaiser-Wilhelm-Straße", new([new(0, 0), new(1, 1)], 1))],
        MobileRobotPosition = new(50, -1.5, 0.1, "musterstadt", true, 0.95, 0.05),
        Velocity = new(1.39, 0, 0.01),
        Driving = true,
        Paused = false,
        NewBaseRequest = true,
        DistanceSinceLastNode = 37.5,
        ActionStates = [new("a1", ActionStatus.Running, SweeperActions.Sweep), new("a2", ActionStatus.Waiting)],
        InstantActionStates = [new("i0", ActionStatus.Finished, SweeperActions.StateRequest, "sent")],
        PowerSupply = new(81.5, false, 41_000, 402.1, -18.5, 99),
        OperatingMode = OperatingMode.Automatic,
        Errors =
        [
            new("WATER_LOW", ErrorLevel.Warning, "Little water left", "Fill at the depot")
            {
                ErrorReferences = [new("edgeId", "e5")],
                ErrorDescriptionTranslations = [new("de", "Wenig Wasser")],
                ErrorHintTranslations = [new("de", "Im Betriebshof füllen")],
            },
        ],
        Information = [new("mrc", InfoLevel.Info, "Minimal risk condition") { InfoReferences = [new("hazardLights", "on")] }],
        SweeperStatus = new(0.75, 410.5, 212, 123_456.7, 9_876.5, 31_000, Deactivated: true, new("e5", 37.5)),
        SafetyState = new(EmergencyStop.None, false),
        EdgeRequests = [new("r1", EdgeRequestType.Corridor, "e5", 1, RequestStatus.Requested)],
        ZoneRequests = [new("r2", ZoneRequestType.Access, "z1", "zones", RequestStatus.Granted)],
        ZoneActionStates = [new("z1-a", ActionStatus.Finished)],
        Maps = [new("musterstadt", "1", StoredStatus.Enabled)],
        ZoneSets = [new("zones", "musterstadt", StoredStatus.Disabled)],
        Loads = [new("l1", "box", "top", new(0, 0, 1, 0), new(1, 1, 1), 12)],
        PlannedPath = new(new([new(50, -1.5), new(112.5, -3.25)])) { TraversedNodes = ["n18"] },
        IntermediatePath = new([new(60, 0, Time.AddSeconds(7), 0.1)]),
    };

    public static Visualization Visualization { get; } = new()
    {
        HeaderId = 9,
        Timestamp = Time,
        Vehicle = Vehicle,
        ReferenceStateHeaderId = 4711,
        MobileRobotPosition = new(50, -1.5, 0.1, "musterstadt", true),
        Velocity = new(1.39),
    };

    public static Connection Connection { get; } = new()
    {
        HeaderId = 0,
        Timestamp = Time,
        Vehicle = Vehicle,
        ConnectionState = ConnectionState.ConnectionBroken,
    };

    public static Factsheet Factsheet { get; } = new()
    {
        HeaderId = 0,
        Timestamp = Time,
        Vehicle = Vehicle,
        TypeSpecification = new("V20e", "SWEEPER", 1_300, ["NATURAL"], ["FREELY_NAVIGATING"], "compact electric sweeper")
        {
            MobileRobotKinematics = "THREE_WHEEL",
            SupportedZones = [ZoneType.Blocked, ZoneType.SpeedLimit],
        },
        PhysicalParameters = new(0.1, 11.1, 1.2, 1.5, 2.0, 2.0, 1.2, 4.5, 0.01, 0.8),
        ProtocolLimits = new(
            new(MaximumMessageLength: LinkJson.MaxBytes, MaximumIdLength: 64, IdNumericalOnly: false),
            new(OrderNodes: 500, OrderEdges: 499, StateErrors: 50),
            new(0.5, 0.2, 1, 1)),
        ProtocolFeatures = new(
            [new("order.edges.trajectory", ParameterSupport.Required, "the line to be driven")],
            [
                new(SweeperActions.Sweep, [ActionScope.Edge], true, true, "sweep the kerb of the edge")
                {
                    ActionParameters = [new(SweeperActions.KerbParameter, ValueDataType.String, "key of the kerb", false)],
                    BlockingTypes = [BlockingType.None],
                },
                new(SweeperActions.Deactivate, [ActionScope.Instant], false, false),
            ]),
        MobileRobotGeometry = new()
        {
            WheelDefinitions = [new("DRIVE", true, true, new(0.95, 0.5, 0), 0.7, 0.2)],
            Envelopes2d = [new("body", [new(-1, -0.6), new(3.5, -0.6), new(3.5, 0.6), new(-1, 0.6)])],
            Envelopes3d = [new("body3d", "STEP", "https://example.org/body.step")],
        },
        LoadSpecification = new()
        {
            LoadPositions = ["top"],
            LoadSets = [new("default", "box", new(0, 0, 1), new(1, 1), MaximumWeight: 10, MaximumSpeed: 2) { LoadPositions = ["top"] }],
        },
        MobileRobotConfiguration = new(new("192.0.2.7", "255.255.255.0", "192.0.2.1") { DnsServers = ["192.0.2.53"] }, new(15, 30, 90, 600))
        {
            Versions = [new("software", "0.1.0")],
        },
    };

    public static ZoneSet ZoneSet { get; } = new()
    {
        HeaderId = 3,
        Timestamp = Time,
        Vehicle = Vehicle,
        Content = new("musterstadt", "zones",
        [
            new("z1", ZoneType.SpeedLimit, [new(0, 0), new(10, 0), new(10, 10)], MaximumSpeed: 1.5),
            new("z2", ZoneType.Bidirected, [new(0, 0), new(10, 0), new(10, 10)], Direction: 0.5, Limitation: DirectionLimitation.Restricted),
            new("z3", ZoneType.Action, [new(0, 0), new(10, 0), new(10, 10)], EntryActions: [new("beep", BlockingType.None)],
                DuringActions: [], ExitActions: []),
            new("z4", ZoneType.Priority, [new(0, 0), new(10, 0), new(10, 10)], "market", PriorityFactor: 0.5),
        ]),
    };

    public static Responses Responses { get; } = new()
    {
        HeaderId = 5,
        Timestamp = Time,
        Vehicle = Vehicle,
        Items = [new("r1", GrantType.Granted, Time.AddSeconds(30)), new("r2", GrantType.Queued)],
    };

    public static Supervision Supervision { get; } = new()
    {
        HeaderId = 57,
        Timestamp = Time,
        Vehicle = Vehicle,
        Epoch = 3,
        LeaseId = 57,
        ValidForS = 3,
        SupervisorOnDuty = true,
        Heard = new(4711, Time.AddMilliseconds(-120)),
        Map = new("musterstadt", "EPSG:25832"),
    };

    public static SafetyReport Safety { get; } = new()
    {
        HeaderId = 12,
        Timestamp = Time,
        Vehicle = Vehicle,
        Mode = SafetyMode.Mrc,
        Epoch = 3,
        LeaseId = 57,
        LeaseAgeS = 4.2,
        LeaseTimeoutS = 3,
        LeaseRefusal = "its epoch 2 is older than 3, which was heard before: another Centre has taken over",
        MrcId = "mrc-1",
        Cause = MrcCause.LeaseLost,
        Since = Time.AddSeconds(-1.2),
        Announcements = [Announcement.WorkLights, Announcement.HazardLights, Announcement.MinimalRiskCondition],
        Shown = Shown.Of([Announcement.MinimalRiskCondition]),
        Map = new("musterstadt", "EPSG:25832"),
        EventsWaiting = 1,
    };

    public static VehicleEvent Event { get; } = new()
    {
        HeaderId = 0,
        Timestamp = Time,
        Vehicle = Vehicle,
        EventId = "S-001-20260301T040456589Z",
        Vin = "KEHRWERK00000S001",
        SoftwareVersion = "0.1.0",
        Complete = true,
        Occasions = [new(Occasion.Disturbance, Time, "LeaseLost", "The supervision lease ran out"), new(Occasion.Intervention, Time.AddSeconds(4), "endMrc", "by Ada")],
        ReferenceSystem = "EPSG:4258",
        Drives = new(17, Time.AddMinutes(-20)),
        Activations = new(19, Time.AddMinutes(-30)),
        Deactivations = new(19, Time),
        Releases = new(0),
        Series = new()
        {
            TimeS = [-0.1, 0, 0.1],
            Latitude = [51.4312345, 51.4312345, 51.4312346],
            Longitude = [6.7612345, 6.7612346, 6.7612347],
            HeightM = [31.2, 31.2, 31.2],
            SpeedMps = [1.39, 1.39, 1.24],
            AccelerationMps2 = [0, 0, -1.5],
            LateralMps2 = [0, 0.1, 0.1],
            LatencyS = [0.2, 0.2, 0.2],
            ReceivedBytesPerS = [320, 320, 0],
            VoltageV = [402.1, 402.1, 402],
            TemperatureC = [8.5, 8.5, 8.5],
            IlluminanceLux = [120, 120, 120],
            Wiper = [0, 0, 0],
        },
        Changes =
        [
            new(-0.1, EventChangeKind.SafetySystem, "supervision", "Supervised"),
            new(0, EventChangeKind.SafetySystem, "supervision", "Mrm", "LeaseLost"),
            new(0, EventChangeKind.Lights, "HazardLights", "on"),
            new(0.1, EventChangeKind.Monitoring, "BatteryLow", "on"),
        ],
        Received = [new(-0.1, "supervision", "broker", 320, "application/json", EventMessage.HashOf("x"), "x")],
        NotMeasured = ["rain"],
    };

    public static EventMessage EventMessage { get; } = MessageOf(Event);

    public static EventReceipts EventReceipts { get; } = new()
    {
        HeaderId = 4,
        Timestamp = Time,
        Vehicle = Vehicle,
        Receipts = [new("S-001-20260301T040456589Z", true), new("S-001-20260301T030000000Z", false, "the content does not fit its hash")],
    };

    private static EventMessage MessageOf(VehicleEvent content)
    {
        var text = System.Text.Encoding.UTF8.GetString(LinkJson.Serialize(content));
        return new() { HeaderId = 2, Timestamp = Time, Vehicle = Vehicle, EventId = content.EventId, Sha256 = Messages.EventMessage.HashOf(text), Content = text };
    }

    public static byte[] Write(LinkTopic topic) => topic switch
    {
        LinkTopic.Order => LinkJson.Serialize(Order),
        LinkTopic.InstantActions => LinkJson.Serialize(InstantActions),
        LinkTopic.State => LinkJson.Serialize(State),
        LinkTopic.Visualization => LinkJson.Serialize(Visualization),
        LinkTopic.Connection => LinkJson.Serialize(Connection),
        LinkTopic.Factsheet => LinkJson.Serialize(Factsheet),
        LinkTopic.ZoneSet => LinkJson.Serialize(ZoneSet),
        LinkTopic.Responses => LinkJson.Serialize(Responses),
        LinkTopic.Supervision => LinkJson.Serialize(Supervision),
        LinkTopic.Safety => LinkJson.Serialize(Safety),
        LinkTopic.Events => LinkJson.Serialize(EventMessage),
        LinkTopic.EventReceipts => LinkJson.Serialize(EventReceipts),
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    /// <summary>Reads a message of the topic; gives its bytes written anew, or the error.</summary>
    public static (byte[]? Rewritten, string? Error) Reread(LinkTopic topic, ReadOnlySpan<byte> json) => topic switch
    {
        LinkTopic.Order => Reread<Order>(json),
        LinkTopic.InstantActions => Reread<InstantActions>(json),
        LinkTopic.State => Reread<State>(json),
        LinkTopic.Visualization => Reread<Visualization>(json),
        LinkTopic.Connection => Reread<Connection>(json),
        LinkTopic.Factsheet => Reread<Factsheet>(json),
        LinkTopic.ZoneSet => Reread<ZoneSet>(json),
        LinkTopic.Responses => Reread<Responses>(json),
        LinkTopic.Supervision => Reread<Supervision>(json),
        LinkTopic.Safety => Reread<SafetyReport>(json),
        LinkTopic.Events => Reread<EventMessage>(json),
        LinkTopic.EventReceipts => Reread<EventReceipts>(json),
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    public static (byte[]? Rewritten, string? Error) Reread<T>(ReadOnlySpan<byte> json)
        where T : VdaMessage
    {
        var result = LinkJson.Read<T>(json);
        return result.IsOk ? (LinkJson.Serialize(result.Message), null) : (null, result.Error);
    }
}
