using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>A scene cannot go on; what it has not checked is not run.</summary>
internal sealed class SceneEnd(string why) : Exception(why);

/// <summary>
/// The runner as the master control of one vehicle: what the vehicle said last, orders along the route, instant actions, leases.
/// </summary>
internal sealed class VehicleSession : Session
{
    /// <summary>So long a vehicle may take to answer, seconds.</summary>
    public const double AnswerS = 15;

    private readonly Dictionary<string, Order> orders = new(StringComparer.Ordinal);
    private readonly HashSet<string> baseActions = new(StringComparer.Ordinal);
    private readonly string run;
    private int nextOrder;
    private int nextAction;

    public VehicleSession(EventLoop loop, ITransport line, Topics topics, VehicleId vehicle, Route route, IAttendant attendant, double driveLimitS)
        : base(loop, line, topics, vehicle)
    {
        (Route, Attendant, DriveLimitS, Place) = (route, attendant, driveLimitS, route.Start);
        // Ids of an earlier run must not come again.
        run = "conform-" + loop.Now.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture);
        (Leases, Errors) = (new(this), new(this));
    }

    public Route Route { get; }
    public IAttendant Attendant { get; }

    /// <summary>The longest that driving two edges may take, seconds.</summary>
    public double DriveLimitS { get; }

    /// <summary>The node of the route on which the vehicle stands when it is idle; null where it stopped within an edge.</summary>
    public string? Place { get; set; }

    public LeaseGiver Leases { get; }
    public ErrorWatch Errors { get; }
    public State? LastState { get; private set; }
    public State State => LastState ?? throw new SceneEnd("The vehicle has sent no state");
    public Factsheet? Factsheet { get; private set; }
    public Connection? Connection { get; private set; }
    public SafetyReport? Safety { get; private set; }
    public bool IsSupervised => Safety is not null;

    /// <summary>All states, newest last.</summary>
    public List<State> States { get; } = [];

    public List<SafetyReport> Reports { get; } = [];
    public List<Connection> Connections { get; } = [];
    public List<EventMessage> Events { get; } = [];
    public int Factsheets { get; private set; }

    /// <summary>When the last state came, by the runner's clock.</summary>
    public DateTimeOffset StateAt { get; private set; }

    /// <summary>The vehicle was told to sleep or to leave: its silence is meant.</summary>
    public bool MayBeSilent { get; set; }

    /// <summary>The newest message of each order that was sent.</summary>
    public IReadOnlyDictionary<string, Order> Orders => orders;

    /// <summary>Receipts are given for recorded events.</summary>
    public bool GivesReceipts { get; set; } = true;

    public bool IsIdle => State.NodeStates.IsEmpty && State.EdgeStates.IsEmpty && State.ActionStates.All(action => action.IsEnded);
    public bool Stands => IsIdle && !State.Driving;
    public bool IsAutomatic => State.OperatingMode is OperatingMode.Automatic or OperatingMode.Semiautomatic;

    public bool IsReady => Stands && IsAutomatic && State.Paused != true && State.Errors.All(error => error.ErrorLevel != ErrorLevel.Fatal)
        && (!IsSupervised || Safety!.Mode == SafetyMode.Supervised);

    public bool Declares(string actionType, ActionScope scope = ActionScope.Instant) => Factsheet?.ProtocolFeatures.MobileRobotActions
        .Any(action => action.ActionType == actionType && action.ActionScopes.Contains(scope)) == true;

    public bool DeclaresField(string parameter) => Factsheet?.ProtocolFeatures.OptionalParameters.Any(declared => declared.Parameter == parameter) == true;

    public bool Supports(ZoneType zone) => Factsheet?.TypeSpecification.SupportedZones.Contains(zone) == true;

    public ActionState? Instant(string id) => LastState?.InstantActionStates.FirstOrDefault(action => action.ActionId == id);

    public ActionState? Action(string id) => LastState?.ActionStates.FirstOrDefault(action => action.ActionId == id);

    public bool HasError(string type) => LastState?.Errors.Any(error => error.ErrorType == type) == true;

    /// <summary>Whether an action belongs to the base of an order that was sent: it must not vanish.</summary>
    public bool IsBaseAction(string orderId, string actionId) => baseActions.Contains(orderId + "\n" + actionId);

    /// <summary>Ends the scene where something does not hold that it needs.</summary>
    public static void Need(bool holds, string why)
    {
        if (!holds)
        {
            throw new SceneEnd(why);
        }
    }

    public string NewOrderId() => string.Create(CultureInfo.InvariantCulture, $"{run}-o{++nextOrder}");

    public string NewActionId() => string.Create(CultureInfo.InvariantCulture, $"{run}-a{++nextAction}");

    /// <summary>
    /// A new order along the route from where the vehicle stands. Optional fields are only those that the vehicle declares (7.1.1).
    /// </summary>
    /// <param name="edges">How many edges it has.</param>
    /// <param name="released">How many of them are the base; null: all.</param>
    public Order NewOrder(int edges, int? released = null) => OrderAlong(NewOrderId(), Route.Way(Place ?? throw new SceneEnd("The vehicle stands within an edge"), edges), released);

    public Order OrderAlong(string orderId, ImmutableArray<RouteEdge> way, int? released = null, uint updateId = 0, uint first = 0)
    {
        var isFree = released ?? way.Length;
        return new()
        {
            HeaderId = 0,
            Timestamp = Now,
            Vehicle = Vehicle,
            OrderId = orderId,
            OrderUpdateId = updateId,
            SupervisionEpoch = IsSupervised ? Leases.Epoch : null,
            Nodes = [.. way.Select(edge => edge.To).Prepend(way[0].From).Select((node, i) => Node(node, first + (2 * (uint)i), i <= isFree))],
            Edges = [.. way.Select((edge, i) => new OrderEdge(
                edge.EdgeId, first + (2 * (uint)i) + 1, i < isFree, [], DeclaresField("order.edges.maximumSpeed") ? edge.MaximumSpeed : null))],
        };
    }

    /// <summary>The next edges of an order's way after its base, as an update that begins with the last node of the base.</summary>
    public Order Update(Order before, int edges, int? released = null)
    {
        var stitch = before.Nodes.Last(node => node.Released);
        var update = OrderAlong(before.OrderId, Route.Way(stitch.NodeId, edges), released, before.OrderUpdateId + 1, stitch.SequenceId);
        return update with { Nodes = update.Nodes.SetItem(0, stitch) };
    }

    public OrderNode Node(string nodeId, uint sequenceId, bool released)
    {
        var place = Route.Node(nodeId);
        return new(nodeId, sequenceId, released, [], DeclaresField("order.nodes.nodePosition") ? new(place.X, place.Y, Route.MapId) : null);
    }

    public void Send(Order order)
    {
        orders[order.OrderId] = order;
        foreach (var action in order.Nodes.Where(node => node.Released).SelectMany(node => node.Actions)
            .Concat(order.Edges.Where(edge => edge.Released).SelectMany(edge => edge.Actions)))
        {
            baseActions.Add(order.OrderId + "\n" + action.ActionId);
        }

        Publish(LinkTopic.Order, order);
    }

    /// <summary>Sends an order that must be refused: it is not remembered.</summary>
    public void SendWrong(Order order) => Publish(LinkTopic.Order, order);

    /// <summary>Sends an instant action, stamped where the vehicle is supervised.</summary>
    public string Do(string actionType, params ImmutableArray<ActionParameter> parameters) =>
        Do(SweeperActions.Instant(actionType, NewActionId(), parameters));

    public string Do(RobotAction action, CommandStamp? stamp = null, bool isStamped = true)
    {
        var sent = isStamped && IsSupervised ? (stamp ?? Leases.Stamp()).On(action) : action;
        Publish(LinkTopic.InstantActions, new InstantActions { HeaderId = 0, Timestamp = Now, Vehicle = Vehicle, Actions = [sent] });
        return action.ActionId;
    }

    /// <summary>Sends an instant action and waits until it has ended; null if it does not.</summary>
    public async Task<ActionState?> Done(string actionType, double withinS = AnswerS, params ImmutableArray<ActionParameter> parameters)
    {
        var id = Do(actionType, parameters);
        return await Ended(id, withinS);
    }

    public async Task<ActionState?> Ended(string id, double withinS = AnswerS) =>
        await Until(() => Instant(id) is { IsEnded: true }, withinS) ? Instant(id) : null;

    /// <summary>Whether the vehicle shows an order's ids.</summary>
    public bool Has(Order order) => LastState is { } state && state.OrderId == order.OrderId && state.OrderUpdateId == order.OrderUpdateId;

    public Task<bool> Taken(Order order) => Until(() => Has(order), AnswerS);

    /// <summary>Sends an order and ends the scene if it is not taken.</summary>
    public async Task Start(Order order)
    {
        Send(order);
        Need(await Taken(order), "The vehicle did not take an order of this scene");
    }

    /// <summary>Waits until the order is done; the vehicle then stands at its last node.</summary>
    public async Task Finish(Order order)
    {
        Need(await Until(() => Stands && Has(order) && State.LastNodeSequenceId == order.Nodes[^1].SequenceId, DriveLimitS * Math.Max(1, order.Edges.Length)), "The vehicle did not come to the end of an order of this scene");
        Place = order.Nodes[^1].NodeId;
    }

    protected override bool IsOwn(LinkTopic topic) => !Topics.IsFromVehicle(topic);

    protected override void Hear(Seen seen)
    {
        switch (seen.Content)
        {
            case State state:
                (LastState, StateAt) = (state, Now);
                States.Add(state);
                Leases.Answer(state);
                break;
            case Factsheet factsheet:
                Factsheet = factsheet;
                Factsheets++;
                break;
            case Connection connection:
                Connection = connection;
                Connections.Add(connection);
                break;
            case SafetyReport report:
                Safety = report;
                Reports.Add(report);
                break;
            case EventMessage recorded:
                Events.Add(recorded);
                if (GivesReceipts)
                {
                    Receipt(recorded);
                }

                break;
            default:
                break;
        }
    }

    public void Receipt(EventMessage recorded) => Publish(LinkTopic.EventReceipts, new EventReceipts
    {
        HeaderId = 0,
        Timestamp = Now,
        Vehicle = Vehicle,
        Receipts = [new(recorded.EventId, recorded.IsWhole(), recorded.IsWhole() ? null : "The content does not fit its hash")],
    });
}
