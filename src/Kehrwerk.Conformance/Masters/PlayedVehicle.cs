using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance.Masters;

/// <summary>
/// A vehicle that the runner plays for a master control: takes orders, drives straight from node to node, does what its factsheet says,
/// and speaks the safety profile. It exists only on the link. Not thread-safe.
/// </summary>
internal sealed class PlayedVehicle
{
    private const double StepS = 0.5;
    // Quick, so that a base of some hundred metres does not take minutes; the factsheet says so.
    internal const double SpeedMps = 15;
    private const double WorkS = 3;
    private const double LeaseTimeoutS = 3;
    private const double ReportEveryS = 5;

    // The epoch of a first lease is shown only after a while, so that a master that does not wait for it is noticed.
    private const double ShowsEpochAfterS = 2;

    private readonly MasterSession session;
    private readonly Route route;
    private readonly List<(RobotAction Action, uint SequenceId, ActionStatus Status, string? Result)> actions = [];
    private readonly List<ActionState> instants = [];
    private readonly List<(uint HeaderId, DateTimeOffset At)> sent = [];
    private readonly List<(string Id, string MapId, StoredStatus Status)> zoneSets = [];
    private ImmutableArray<OrderNode> nodes = [];
    private ImmutableArray<OrderEdge> edges = [];
    private string lastNodeId;
    private uint lastSequenceId;
    private double x;
    private double y;
    private double alongM;
    private double workS;
    private double quietS;
    private double headingRad;
    private bool isDriving;
    private bool isPaused;
    private DateTimeOffset heldFrom;
    private DateTimeOffset reportedAt;
    private DateTimeOffset leasedAt;
    private uint epoch;
    private uint? leaseId;
    private Supervision? lease;
    private RobotError? refusal;
    private uint shown;

    public PlayedVehicle(MasterSession session, Route route)
    {
        (this.session, this.route) = (session, route);
        var start = route.Node(route.Start);
        (lastNodeId, x, y) = (start.NodeId, start.X, start.Y);
        Factsheet = PlayedFactsheet.Of(session.Vehicle, route, session.Now);
    }

    public Factsheet Factsheet { get; }
    public string OrderId { get; private set; } = "";
    public uint OrderUpdateId { get; private set; }
    public uint LastSequenceId => lastSequenceId;
    public (double X, double Y) Place => (x, y);
    public string LastNodeId => lastNodeId;
    public OperatingMode Mode { get; set; } = OperatingMode.Automatic;
    public bool IsIdle => nodes.IsEmpty && actions.TrueForAll(action => action.Status is ActionStatus.Finished or ActionStatus.Failed);

    /// <summary>Says nothing and hears nothing.</summary>
    public bool IsGone { get; set; }

    /// <summary>The next new order is refused with this error type.</summary>
    public string? RefusesNext { get; set; }

    /// <summary>Instant actions are not shown.</summary>
    public bool HidesInstants { get; set; }

    /// <summary>Asks leave to use a corridor; null: asks nothing.</summary>
    public EdgeRequest? Request { get; set; }

    /// <summary>Stands still for a while, whatever it is to do.</summary>
    public bool IsHeld { get; set; }

    public ImmutableArray<OrderEdge> EdgesAhead => edges;
    public string? EnabledZones => zoneSets.Find(set => set.Status == StoredStatus.Enabled).Id;

    public uint ShownEpoch => lease is not null && (session.Now - leasedAt).TotalSeconds >= ShowsEpochAfterS ? epoch : 0;
    public IReadOnlyList<(uint HeaderId, DateTimeOffset At)> Sent => sent;
    private bool HasLease => lease is { SupervisorOnDuty: true } && (session.Now - heldFrom).TotalSeconds <= LeaseTimeoutS;

    /// <summary>A master that gives no leases drives its vehicles without.</summary>
    private bool MayDrive => lease is null || HasLease;

    public void Begin()
    {
        Greet();
        session.Loop.Schedule(TimeSpan.FromSeconds(StepS), Step);
    }

    public void Greet()
    {
        Say(ConnectionState.Online);
        session.Publish(LinkTopic.Factsheet, Factsheet);
        Report();
    }

    public void Say(ConnectionState state) =>
        session.Publish(LinkTopic.Connection, new Connection { HeaderId = 0, Timestamp = session.Now, Vehicle = session.Vehicle, ConnectionState = state });

    /// <summary>Gives the order up, as on entering MANUAL.</summary>
    public void Clear()
    {
        (nodes, edges, alongM, isDriving) = ([], [], 0, false);
        for (var i = 0; i < actions.Count; i++)
        {
            actions[i] = IsEnded(actions[i].Status) ? actions[i] : actions[i] with { Status = ActionStatus.Failed };
        }
    }

    public void Take(Order order)
    {
        if (order.OrderId == OrderId && order.OrderUpdateId <= OrderUpdateId)
        {
            return;
        }

        var isNew = order.OrderId != OrderId;
        if (order.Nodes.IsEmpty || order.Edges.Length != order.Nodes.Length - 1 || (isNew && !IsIdle) || (isNew && RefusesNext is not null) || Mode is not (OperatingMode.Automatic or OperatingMode.Semiautomatic or OperatingMode.Intervened))
        {
            refusal = new(order.Edges.Length != order.Nodes.Length - 1 ? ErrorTypes.ValidationFailure : isNew && !IsIdle ? ErrorTypes.OtherOrderActive : RefusesNext ?? ErrorTypes.MobileRobotNotAvailable, ErrorLevel.Warning, "The conformance check refuses this order")
            {
                ErrorReferences = [new("orderId", order.OrderId), new("orderUpdateId", FormattableString.Invariant($"{order.OrderUpdateId}"))],
            };
            session.Refused(order);
            RefusesNext = null;
            Report();
            return;
        }

        refusal = null;
        (OrderId, OrderUpdateId) = (order.OrderId, order.OrderUpdateId);
        if (isNew)
        {
            actions.Clear();
            (lastNodeId, lastSequenceId, alongM) = (order.Nodes[0].NodeId, order.Nodes[0].SequenceId, 0);
        }

        var known = actions.Select(action => action.Action.ActionId).ToHashSet(StringComparer.Ordinal);
        nodes = [.. nodes.Where(node => node.Released), .. order.Nodes.Skip(1)];
        edges = [.. edges.Where(edge => edge.Released), .. order.Edges];
        actions.RemoveAll(action => action.Status == ActionStatus.Waiting && action.SequenceId > order.Nodes[0].SequenceId);
        known.IntersectWith(actions.Select(action => action.Action.ActionId));
        foreach (var (list, sequence) in order.Nodes.Select(node => (node.Actions, node.SequenceId)).Concat(order.Edges.Select(edge => (edge.Actions, edge.SequenceId))))
        {
            actions.AddRange(list.Where(action => known.Add(action.ActionId)).Select(action => (action, sequence, ActionStatus.Waiting, (string?)null)));
        }

        Report();
    }

    public void Take(InstantActions message)
    {
        foreach (var action in message.Actions.Where(action => instants.TrueForAll(known => known.ActionId != action.ActionId)))
        {
            if (!HidesInstants)
            {
                var isDone = Do(action);
                instants.Add(new(action.ActionId, isDone ? ActionStatus.Finished : ActionStatus.Failed, action.ActionType));
            }
        }

        Report();
    }

    public void Take(Supervision given)
    {
        leasedAt = given.Epoch > epoch ? session.Now : leasedAt;
        (lease, epoch, leaseId) = (given, Math.Max(epoch, given.Epoch), given.LeaseId);
        heldFrom = sent.FirstOrDefault(state => state.HeaderId == given.Heard.HeaderId) is { At: var at } && at != default ? at : heldFrom;
    }

    public void Take(ZoneSet set)
    {
        if (!zoneSets.Exists(known => known.Id == set.Content.ZoneSetId))
        {
            zoneSets.Add((set.Content.ZoneSetId, set.Content.MapId, StoredStatus.Disabled));
        }

        Report();
    }

    public void Report()
    {
        if (IsGone)
        {
            return;
        }

        var headerId = session.PeekHeader(LinkTopic.State);
        sent.Add((headerId, session.Now));
        session.Publish(LinkTopic.State, new State
        {
            HeaderId = 0,
            Timestamp = session.Now,
            Vehicle = session.Vehicle,
            OrderId = OrderId,
            OrderUpdateId = OrderUpdateId,
            LastNodeId = lastNodeId,
            LastNodeSequenceId = lastSequenceId,
            NodeStates = [.. nodes.Select(node => new NodeState(node.NodeId, node.SequenceId, node.Released))],
            EdgeStates = [.. edges.Select(edge => new EdgeState(edge.EdgeId, edge.SequenceId, edge.Released))],
            MobileRobotPosition = new(x, y, headingRad, route.MapId, Localized: true),
            Velocity = new(Vx: isDriving ? SpeedMps : 0),
            Driving = isDriving,
            Paused = isPaused,
            NewBaseRequest = !nodes.IsEmpty && nodes.Count(node => node.Released) <= 1,
            DistanceSinceLastNode = alongM,
            ActionStates = [.. actions.Select(action => new ActionState(action.Action.ActionId, action.Status, action.Action.ActionType, action.Result))],
            InstantActionStates = [.. instants],
            PowerSupply = new(80, Charging: false),
            OperatingMode = Mode,
            Errors = refusal is null ? [] : [refusal],
            SweeperStatus = new(0.1, 70, 200, alongM, 0, 30_000),
            SafetyState = new(EmergencyStop.None, FieldViolation: false),
            Loads = [],
            Maps = [new(route.MapId, "1", StoredStatus.Enabled)],
            ZoneSets = [.. zoneSets.Select(set => new StoredZoneSet(set.Id, set.MapId, set.Status))],
            EdgeRequests = Request is null ? [] : [Request],
        });
    }

    private static bool IsEnded(ActionStatus status) => status is ActionStatus.Finished or ActionStatus.Failed;

    private void Step()
    {
        session.Loop.Schedule(TimeSpan.FromSeconds(StepS), Step);
        if (IsGone)
        {
            return;
        }

        if ((session.Now - reportedAt).TotalSeconds >= ReportEveryS || ShownEpoch != shown)
        {
            Safety();
        }

        Work();
        Move();
        quietS += StepS;
        if (quietS >= 1)
        {
            quietS = 0;
            Report();
        }
    }

    private void Safety()
    {
        (reportedAt, shown) = (session.Now, ShownEpoch);
        session.Publish(LinkTopic.Safety, new SafetyReport
        {
            HeaderId = 0,
            Timestamp = session.Now,
            Vehicle = session.Vehicle,
            Mode = HasLease ? SafetyMode.Supervised : SafetyMode.Waiting,
            Epoch = ShownEpoch,
            LeaseId = leaseId,
            LeaseTimeoutS = LeaseTimeoutS,
            Announcements = [],
            Map = lease?.Map ?? new(route.MapId, "unknown"),
            EventsWaiting = 0,
        });
    }

    /// <summary>Actions of the node on which it stands take a while each, one after the other.</summary>
    private void Work()
    {
        var index = isDriving ? -1 : actions.FindIndex(action => action.SequenceId == lastSequenceId && !IsEnded(action.Status));
        if (index < 0 || isPaused)
        {
            workS = 0;
            return;
        }

        workS += StepS;
        var isDone = workS >= WorkS;
        actions[index] = actions[index] with { Status = isDone ? ActionStatus.Finished : ActionStatus.Running };
        workS = isDone ? 0 : workS;
    }

    private void Move()
    {
        var isHeld = isPaused || IsHeld || !MayDrive || Mode != OperatingMode.Automatic || actions.Exists(action => action.SequenceId == lastSequenceId && !IsEnded(action.Status));
        isDriving = !isHeld && nodes is [{ Released: true }, ..];
        if (!isDriving)
        {
            return;
        }

        var (node, edge) = (nodes[0], edges[0]);
        SetActions(edge.SequenceId, ActionStatus.Running, null);
        var place = node.NodePosition is { } given ? (given.X, given.Y) : route.Nodes.FirstOrDefault(known => known.NodeId == node.NodeId) is { } known ? (known.X, known.Y) : (x, y);
        var leftM = Math.Sqrt(Math.Pow(place.Item1 - x, 2) + Math.Pow(place.Item2 - y, 2));
        var stepM = SpeedMps * StepS;
        headingRad = leftM > 0 ? Math.Atan2(place.Item2 - y, place.Item1 - x) : headingRad;
        alongM += Math.Min(stepM, leftM);
        if (leftM > stepM)
        {
            (x, y) = (x + ((place.Item1 - x) * stepM / leftM), y + ((place.Item2 - y) * stepM / leftM));
            return;
        }

        (x, y) = place;
        SetActions(edge.SequenceId, ActionStatus.Finished, new SweepResult(alongM).ToString());
        (lastNodeId, lastSequenceId, alongM) = (node.NodeId, node.SequenceId, 0);
        (nodes, edges) = (nodes.RemoveAt(0), edges.RemoveAt(0));
        isDriving = nodes is [{ Released: true }, ..];
        Report();
    }

    private void SetActions(uint sequenceId, ActionStatus status, string? result)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            actions[i] = actions[i].SequenceId == sequenceId && !IsEnded(actions[i].Status) ? actions[i] with { Status = status, Result = result } : actions[i];
        }
    }

    private bool Do(RobotAction action)
    {
        var set = zoneSets.FindIndex(known => known.Id == action[SweeperActions.ZoneSetIdParameter]?.AsText);
        switch (action.ActionType)
        {
            case SweeperActions.StartPause or SweeperActions.StopPause:
                isPaused = action.ActionType == SweeperActions.StartPause;
                return true;
            case SweeperActions.CancelOrder:
                var isActive = !IsIdle && (action[SweeperActions.OrderIdParameter]?.AsText ?? OrderId) == OrderId;
                if (isActive)
                {
                    Clear();
                }

                return isActive;
            case SweeperActions.FactsheetRequest:
                session.Publish(LinkTopic.Factsheet, Factsheet);
                return true;
            case SweeperActions.ClearInstantActions:
                instants.Clear();
                return true;
            case SweeperActions.EnableZoneSet when set >= 0:
                for (var i = 0; i < zoneSets.Count; i++)
                {
                    zoneSets[i] = zoneSets[i] with { Status = i == set ? StoredStatus.Enabled : StoredStatus.Disabled };
                }

                return true;
            case SweeperActions.DeleteZoneSet when set >= 0 && zoneSets[set].Status == StoredStatus.Disabled:
                zoneSets.RemoveAt(set);
                return true;
            default:
                return action.ActionType == SweeperActions.StateRequest;
        }
    }
}
