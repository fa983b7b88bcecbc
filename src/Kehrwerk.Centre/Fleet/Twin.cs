using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Planning;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Everything that the Centre knows of one vehicle and wants from it. Replaced whole by <see cref="TwinRules.Decide"/>.</summary>
public sealed record Twin
{
    public required VehicleId Id { get; init; }
    public required SweeperSpec Spec { get; init; }

    public LinkState Link { get; init; }

    /// <summary>When <see cref="Link"/> became what it is.</summary>
    public DateTimeOffset LinkSince { get; init; }

    /// <summary>What the broker last said of the vehicle's connection; a report that comes later overrules a broken one.</summary>
    public ConnectionState? Connection { get; init; }

    /// <summary>The instant action that a vehicle which is back has to show before it counts as connected.</summary>
    public string? Question { get; init; }

    /// <summary>The thread of its reports; null before the first.</summary>
    public SenderTrack? Sender { get; init; }

    /// <summary>The vehicle's clock is off by more than <see cref="CentreRules.ClockOffAfter"/>: shown, and requests are not granted.</summary>
    public bool IsClockOff { get; init; }

    /// <summary>The newest report, or null before the first.</summary>
    public VehicleFacts? Facts { get; init; }

    /// <summary>Name of the vehicle's series by its factsheet; empty before.</summary>
    public string Series { get; init; } = "";

    public Mission? Mission { get; init; }

    public OrderInFlight? Order { get; init; }

    /// <summary>Where the next order begins; null where it must be found by the report.</summary>
    public VehiclePlace? Place { get; init; }

    /// <summary>Instant actions that no state has shown yet, oldest first.</summary>
    public ImmutableArray<PendingCommand> Commands { get; init; } = [];

    /// <summary>A person paused it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>A person stopped it (deactivated, StVG § 1d (3)): no order until the vehicle has shown that it carried the release out.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Id of the action with which a person released it last, until the vehicle shows its end or is stopped again.</summary>
    public string? Release { get; init; }

    /// <summary>Why it waits for a person, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>Why it refused the last order, until it shows one; null if it did not.</summary>
    public string? Refusal { get; init; }

    /// <summary>It neither shows nor refuses the order in flight, for longer than that should take.</summary>
    public bool IsOrderUnanswered { get; init; }

    /// <summary>By its factsheet it keeps BLOCKED zones.</summary>
    public bool KeepsZones { get; init; }

    /// <summary>By its factsheet it can pass obstacles within a corridor, and asks before.</summary>
    public bool UsesCorridors { get; init; }

    /// <summary>What it can take by its factsheet.</summary>
    public VehicleLimits Limits { get; init; } = VehicleLimits.None;

    /// <summary>When an order was sent last.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>The closures that it does not show as enabled yet; null where all is well.</summary>
    public ZonesUnderWay? Zones { get; init; }

    /// <summary>Whether it can take the newest closures; null before that was asked.</summary>
    public ZoneCheck? ZoneCheck { get; init; }

    /// <summary>People's answers that no state has shown yet.</summary>
    public ImmutableArray<PendingAnswer> Answers { get; init; } = [];

    /// <summary>It is not asked to clear its instant actions before this time.</summary>
    public DateTimeOffset NotClearedBefore { get; init; }

    /// <summary>It is not asked for its factsheet before this time.</summary>
    public DateTimeOffset NotAskedBefore { get; init; }

    /// <summary>Counts the messages on topic <c>zoneSet</c>.</summary>
    public uint ZoneHeader { get; init; }

    /// <summary>Counts the messages on topic <c>responses</c>.</summary>
    public uint ResponseHeader { get; init; }

    /// <summary>Header id of the last message on <c>eventReceipts</c>.</summary>
    public uint ReceiptHeader { get; init; }

    public BayClaim? Bay { get; init; }

    /// <summary>By its factsheet it can be sent to a bay by its number.</summary>
    public bool UsesBays { get; init; }

    /// <summary>What it holds of the narrow streets; null for nothing.</summary>
    public RoadClaim? Road { get; init; }

    /// <summary>The way it asked for was refused: it keeps to the announced one.</summary>
    public bool IsRoadRefused { get; init; }

    /// <summary>When it last asked for its way.</summary>
    public DateTimeOffset RoadAskedAt { get; init; }

    /// <summary>Who is in the way of what it asked for last; null where nobody is.</summary>
    public RoadWait? RoadWait { get; init; }

    /// <summary>Closed streets leave no way out behind what it would ask for.</summary>
    public bool IsShutIn { get; init; }

    /// <summary>It stands because another vehicle is in the way.</summary>
    public bool WaitsOnRoad => RoadWait is not null && IsReady && Facts is { Driving: false };

    /// <summary>By its factsheet, metres; before that longer than any sweeper.</summary>
    public double LengthM { get; init; } = UnknownLengthM;

    internal const double UnknownLengthM = 12;
    internal const double LeastLengthM = 2;
    internal const double MostLengthM = 20;

    /// <summary>Orders refused since the last one that was taken.</summary>
    public int Refusals { get; init; }

    /// <summary>No new order before this time.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Number of the next order or command; never used twice for a vehicle.</summary>
    public long NextNumber { get; init; } = 1;

    /// <summary>Counts the messages on topic <c>order</c>.</summary>
    public uint OrderHeader { get; init; }

    /// <summary>Counts the messages on topic <c>instantActions</c>.</summary>
    public uint CommandHeader { get; init; }

    /// <summary>Number of the Centre's run, from the store; 0: it gives no leases.</summary>
    public uint Epoch { get; init; }

    /// <summary>Number of the last lease.</summary>
    public uint LeaseId { get; init; }

    /// <summary>When it was given.</summary>
    public DateTimeOffset LeaseAt { get; init; }

    /// <summary>Somebody watches over the fleet.</summary>
    public bool IsSupervisorOnDuty { get; init; }

    /// <summary>It may depart today: its departure check is signed, or none is asked for here.</summary>
    public bool IsCleared { get; init; } = true;

    /// <summary>It is on record that the mission waits for the departure check.</summary>
    public bool IsHeldTold { get; init; }

    /// <summary>Its mission has not begun, and may not without the departure check of today (AFGBV § 13 (1) 2). What is under way comes home.</summary>
    public bool WaitsForCheck => !IsCleared && Order is null && Mission is { IsRunning: true } mission && mission.Steps.All(step => step.Status is StepStatus.Open);

    /// <summary>The vehicle keeps to the safety profile.</summary>
    public bool IsSupervised { get; init; }

    /// <summary>What it last said of that.</summary>
    public SafetyFacts? Safety { get; init; }

    /// <summary>When it last said anything of that, by the Centre's clock.</summary>
    public DateTimeOffset SafetyAt { get; init; }

    /// <summary>That is longer ago than <see cref="CentreRules.SafetySilentAfter"/>: it may not keep to the profile any more.</summary>
    public bool IsSafetySilent { get; init; }

    /// <summary>Number and vehicle's time of the newest report of that; null before the first, and after its clock was set back.</summary>
    public (uint HeaderId, DateTimeOffset SentAt)? SafetyHeard { get; init; }

    /// <summary>Ids and hashes of the last events that were put on record.</summary>
    public ImmutableArray<string> KnownEvents { get; init; } = [];

    /// <summary>A cancellation is on its way.</summary>
    public bool IsCancelling => Commands.Any(c => c.ActionType == SweeperActions.CancelOrder);

    /// <summary>A command of the same lane is on its way.</summary>
    internal bool Awaits(string actionType) => Commands.Any(c => c.Lane == PendingCommand.LaneOf(actionType));

    /// <summary>May be sent orders: nobody holds it and its report is fresh.</summary>
    public bool IsReady => !IsPaused && !IsStopped && Fault is null && Link == LinkState.Connected
        && Facts is { Deactivated: false, Paused: false, TakesOrders: true }
        && (!IsSupervised || (!IsSafetySilent && Safety is { Mode: SafetyMode.Supervised } && Safety.Epoch == Epoch));
}

/// <summary>An instant action on its way.</summary>
/// <param name="By">Who gave it, or <see cref="TwinRules.Centre"/>.</param>
/// <param name="OrderId">For a cancellation: the order that is to go.</param>
/// <param name="About">For a zone set: its id.</param>
/// <param name="Sends">How often it was sent.</param>
public sealed record PendingCommand(
    string ActionId, string ActionType, string By, DateTimeOffset SentAt, string? OrderId = null, string? About = null, int Sends = 0)
{
    internal RobotAction ToAction() =>
        OrderId is { } order ? SweeperActions.Cancel(ActionId, order)
        : About is { } about ? SweeperActions.Instant(ActionType, ActionId, new ActionParameter(SweeperActions.ZoneSetIdParameter, about))
        : SweeperActions.Instant(ActionType, ActionId);

    /// <summary>
    /// Commands of one lane follow each other: the next is sent when the state has shown the one before. Only what holds the vehicle
    /// does not wait: it takes the place of what would let it go.
    /// </summary>
    internal string Lane => LaneOf(ActionType);

    /// <summary>For <c>endMrc</c>.</summary>
    public MrcInvestigation? Investigation { get; init; }

    /// <summary>What it was sent with to a supervised vehicle.</summary>
    public CommandStamp? Stamp { get; init; }

    /// <summary>When it was given; null where it was stored before this was kept.</summary>
    public DateTimeOffset? GivenAt { get; init; }

    /// <summary>As right later as it was at first: it only holds the vehicle, or the Centre itself wants it.</summary>
    internal bool IsTimeless => Holds(ActionType) || By == TwinRules.Centre;

    /// <summary>Makes the vehicle stand.</summary>
    internal static bool Holds(string actionType) => actionType is SweeperActions.Deactivate or SweeperActions.StartPause;

    internal static string LaneOf(string actionType) => actionType switch
    {
        SweeperActions.StartPause or SweeperActions.StopPause => "pause",
        SweeperActions.Deactivate or SweeperActions.Activate or SweeperActions.EndMrc => "stop",
        _ => actionType,
    };
}

/// <summary>A vehicle's place at a bay of the depot, or in the queue for one.</summary>
public sealed record BayClaim(DepotService Kind, bool IsGranted, DateTimeOffset AskedAt, int Number = 0);

/// <summary>What a vehicle last said of itself, in the Centre's terms.</summary>
public sealed record VehicleFacts
{
    public required uint HeaderId { get; init; }

    /// <summary>By the vehicle's clock.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>By the Centre's clock: when it came, earlier by what this report took longer on its way than others.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    public string OrderId { get; init; } = "";
    public uint OrderUpdateId { get; init; }
    public string LastNodeId { get; init; } = "";
    public uint LastNodeSequenceId { get; init; }

    /// <summary>Metres driven since the last node.</summary>
    public double SinceNodeM { get; init; }

    /// <summary>Null where the vehicle does not know its place.</summary>
    public MapPoint? Position { get; init; }

    /// <summary>The edge on which it says to be, and metres from its start; null where it does not say.</summary>
    public (string EdgeId, double OffsetM)? Edge { get; init; }

    /// <summary>Radians counter-clockwise from east.</summary>
    public double HeadingRad { get; init; }
    public double SpeedMps { get; init; }

    /// <summary>Nothing left of its order: no node, no edge, no action.</summary>
    public bool IsIdle { get; init; }
    public bool Driving { get; init; }
    public bool Paused { get; init; }
    public bool Deactivated { get; init; }
    public bool Charging { get; init; }
    public EmergencyStop EmergencyStop { get; init; }

    public OperatingMode Mode { get; init; }

    /// <summary>Its operating mode lets it take orders, and no fatal error keeps it from that.</summary>
    public bool TakesOrders { get; init; }

    /// <summary>Its operating mode lets the Centre send instant actions (table 10).</summary>
    public bool MayAct => Mode is OperatingMode.Automatic or OperatingMode.Semiautomatic;

    public ImmutableArray<StoredZoneSet> ZoneSets { get; init; } = [];

    /// <summary>What it asks leave for.</summary>
    public ImmutableArray<VehicleRequest> Requests { get; init; } = [];

    /// <summary>Percent.</summary>
    public double BatteryPercent { get; init; }

    /// <summary>Null where the vehicle does not tell hopper and water.</summary>
    public Levels? Levels { get; init; }

    /// <summary>Type of the action that runs now, a depot service before sweeping; empty where none does.</summary>
    public string RunningAction { get; init; } = "";

    public ImmutableArray<string> Errors { get; init; } = [];

    /// <param name="late">How much longer it took on its way than others.</param>
    internal static VehicleFacts Of(State state, SweeperSpec spec, DateTimeOffset now, TimeSpan late)
    {
        var status = state.SweeperStatus;
        return new()
        {
            HeaderId = state.HeaderId,
            SentAt = state.Timestamp,
            KnownAt = now - late,
            OrderId = state.OrderId,
            OrderUpdateId = state.OrderUpdateId,
            LastNodeId = state.LastNodeId,
            // Without a last node its number says nothing (7.8).
            LastNodeSequenceId = state.LastNodeId.Length > 0 ? state.LastNodeSequenceId : 0,
            SinceNodeM = state.DistanceSinceLastNode ?? 0,
            Position = state.MobileRobotPosition is { Localized: true } p ? new MapPoint(p.X, p.Y) : null,
            Edge = status?.Place is { } place ? (place.EdgeId, place.OffsetM) : null,
            HeadingRad = state.MobileRobotPosition?.Theta ?? 0,
            SpeedMps = Math.Sqrt(Math.Pow(state.Velocity?.Vx ?? 0, 2) + Math.Pow(state.Velocity?.Vy ?? 0, 2)),
            IsIdle = state.NodeStates.IsEmpty && state.EdgeStates.IsEmpty && AllEnded(state.ActionStates),
            Driving = state.Driving,
            Paused = state.Paused ?? false,
            Deactivated = status?.Deactivated ?? false,
            Charging = state.PowerSupply.Charging,
            EmergencyStop = state.SafetyState.ActiveEmergencyStop,
            Mode = state.OperatingMode,
            TakesOrders = state.OperatingMode is (OperatingMode.Automatic or OperatingMode.Semiautomatic or OperatingMode.Intervened)
                && !state.Errors.Any(e => e.ErrorLevel == ErrorLevel.Fatal),
            ZoneSets = state.ZoneSets,
            Requests = state.EdgeRequests.IsEmpty && state.ZoneRequests.IsEmpty ? [] : [.. VehicleRequest.Of(state)],
            BatteryPercent = state.PowerSupply.StateOfCharge,
            Levels = status is null
                ? null
                : new Levels(
                    status.EnergyWh ?? (spec.BatteryWh * state.PowerSupply.StateOfCharge / 100),
                    status.WaterL, status.HopperM3, status.HopperKg),
            RunningAction = Running(state.ActionStates),
            Errors = state.Errors.IsEmpty ? [] : [.. state.Errors.Select(e => e.ErrorDescription is { Length: > 0 } text ? $"{e.ErrorType}: {text}" : e.ErrorType)],
        };
    }

    private static bool AllEnded(ImmutableArray<ActionState> actions)
    {
        foreach (var action in actions)
        {
            if (!action.IsEnded)
            {
                return false;
            }
        }

        return true;
    }

    private static string Running(ImmutableArray<ActionState> actions)
    {
        var running = "";
        foreach (var action in actions)
        {
            if (action.ActionStatus is ActionStatus.Running or ActionStatus.Initializing && running is "" or SweeperActions.Sweep)
            {
                running = action.ActionType ?? running;
            }
        }

        return running;
    }
}
