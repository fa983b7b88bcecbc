using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Planning;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>
/// A plain vehicle for tests, written to the standard and not to our sweeper: it drives at two fixed speeds, works its actions,
/// and reports each second. What a test needs to go wrong can be set.
/// </summary>
internal sealed class TestVehicle
{
    private readonly EventLoop loop;
    private readonly InMemoryBroker broker;
    private readonly SweeperSpec spec;
    private readonly City city;
    private InMemoryClient client = null!;
    private uint header;
    private bool isDead;
    private string orderId = "";
    private uint updateId;
    private string lastNode;
    private uint lastSequence;
    private int arc;
    private double offsetM;
    private double edgeFromM;
    private List<OrderNode> nodes = [];
    private List<OrderEdge> edges = [];
    private readonly Dictionary<string, (ActionStatus Status, string? Result, string Type)> actions = [];
    private readonly Dictionary<string, string> instant = [];
    private readonly List<RobotError> errors = [];
    private (RobotAction Action, double LeftS)? work;
    private bool cancels;

    public TestVehicle(EventLoop loop, InMemoryBroker broker, VehicleId id, SweeperSpec spec, City city)
    {
        (this.loop, this.broker, Id, this.spec, this.city) = (loop, broker, id, spec, city);
        arc = city.Depot.Arc;
        offsetM = city.Streets.ArcLengthM[arc];
        lastNode = city.Streets.NodeKey(city.Streets.ArcHead[arc]);
        Levels = new(spec.BatteryWh, spec.WaterL, 0, 0);
    }

    public VehicleId Id { get; }
    public Levels Levels { get; set; }
    public double DirtM3PerM { get; set; } = 0.00008;
    public bool IsPaused { get; private set; }
    public bool IsDeactivated { get; private set; }

    /// <summary>So many orders are refused yet.</summary>
    public int RefusalsLeft { get; set; }

    /// <summary>It neither takes nor refuses orders.</summary>
    public bool IsDeafToOrders { get; set; }

    /// <summary>What it declares when it starts, and refuses to take more of; null: it declares nothing.</summary>
    public Factsheet? Factsheet { get; set; }

    /// <summary>Not one of our sweepers: it tells no levels.</summary>
    public bool IsForeign { get; set; }

    /// <summary>What it shows for people.</summary>
    public ImmutableArray<RobotInfo> Information { get; set; } = [];

    /// <summary>What it tells of a sweep that it has finished; null: nothing.</summary>
    public Func<RobotAction, string?>? TellsOfSweep { get; set; }

    /// <summary>Results with which its next services at the depot fail.</summary>
    public Queue<string> ServiceFailures { get; } = [];

    public InMemoryClient Client => client;

    public (int Arc, double OffsetM) Place => (arc, offsetM);

    /// <summary>Every order that came in, repetitions too.</summary>
    public List<(DateTimeOffset At, Order Order)> Orders { get; } = [];

    public void Start()
    {
        isDead = false;
        var will = new Connection { HeaderId = 0, Timestamp = loop.Now, Vehicle = Id, ConnectionState = ConnectionState.ConnectionBroken };
        client = broker.Connect(Id.Serial, new(Topics.Default.Of(Id, LinkTopic.Connection), LinkJson.Serialize(will)));
        var mine = client;
        Listen<Order>(LinkTopic.Order, TakeOrder);
        Listen<InstantActions>(LinkTopic.InstantActions, TakeInstant);
        Send(LinkTopic.Connection, LinkJson.Serialize(will with { ConnectionState = ConnectionState.Online }));
        if (Factsheet is { } sheet)
        {
            Send(LinkTopic.Factsheet, LinkJson.Serialize(sheet with { Timestamp = loop.Now }));
        }

        Second();

        void Second()
        {
            if (!isDead && ReferenceEquals(mine, client))
            {
                Live();
                Report();
                loop.Schedule(TimeSpan.FromSeconds(1), Second);
            }
        }

        void Listen<T>(LinkTopic topic, Action<T> take)
            where T : VdaMessage =>
            client.SubscribeAsync(Topics.Default.Of(Id, topic), message =>
            {
                if (!isDead && ReferenceEquals(mine, client))
                {
                    take(LinkJson.Read<T>(message.Payload.Span).Message!);
                }

                return ValueTask.CompletedTask;
            }).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The program ends as by kill -9: it forgets its order, the vehicle stays where it is.</summary>
    public void Kill()
    {
        isDead = true;
        client.Kill();
        (orderId, updateId, header, work, cancels) = ("", 0, 0, null, false);
        (nodes, edges) = ([], []);
        actions.Clear();
        instant.Clear();
        errors.Clear();
        IsPaused = false;
    }

    /// <summary>A person drives it elsewhere while its program is down.</summary>
    public void Move(int toArc, double toOffsetM) => (arc, offsetM, lastNode, lastSequence) = (toArc, toOffsetM, "", 0);

    private bool IsIdle => nodes.Count == 0 && actions.Values.All(a => a.Status is ActionStatus.Finished or ActionStatus.Failed);

    private MapPoint Position
    {
        get
        {
            var streets = city.Streets;
            return streets.NodePoint[streets.ArcTail[arc]].Towards(streets.NodePoint[streets.ArcHead[arc]], offsetM / streets.ArcLengthM[arc]);
        }
    }

    private void TakeOrder(Order order)
    {
        Orders.Add((loop.Now, order));
        if (IsDeafToOrders)
        {
            return;
        }

        if (order.OrderId == orderId && order.OrderUpdateId <= updateId)
        {
            return;
        }

        if (RefusalsLeft > 0)
        {
            RefusalsLeft--;
            Refuse(order, ErrorTypes.ValidationFailure);
            return;
        }

        if (Factsheet is { ProtocolLimits.MaximumArrayLengths: { OrderNodes: > 0 and var most } } && (order.Nodes.Length > most || (order.OrderId == orderId ? nodes.Count(n => n.Released) : 0) + order.Nodes.Length - 1 > most))
        {
            Refuse(order, ErrorTypes.InsufficientMemory);
            return;
        }

        if (order.OrderId == orderId)
        {
            var end = nodes.FindLast(n => n.Released);
            if (order.Nodes[0].SequenceId != (end?.SequenceId ?? lastSequence))
            {
                Refuse(order, ErrorTypes.ValidationFailure);
                return;
            }

            foreach (var dropped in edges.Where(e => !e.Released).SelectMany(e => e.Actions))
            {
                actions.Remove(dropped.ActionId);
            }

            nodes.RemoveAll(n => !n.Released);
            edges.RemoveAll(e => !e.Released);
        }
        else
        {
            var first = order.Nodes[0].NodePosition!;
            if (!IsIdle || IsDeactivated || new MapPoint(first.X, first.Y).DistanceTo(Position) > 5)
            {
                Refuse(order, IsIdle ? ErrorTypes.StartNodeOutOfRange : ErrorTypes.OtherOrderActive);
                return;
            }

            (orderId, lastNode, lastSequence) = (order.OrderId, order.Nodes[0].NodeId, order.Nodes[0].SequenceId);
            actions.Clear();
            edgeFromM = order.Nodes[0].NodeId == "here" ? offsetM : 0;
            Begin(order.Nodes[0].Actions);
        }

        updateId = order.OrderUpdateId;
        nodes.AddRange(order.Nodes.Skip(1));
        edges.AddRange(order.Edges);
        foreach (var action in order.Edges.SelectMany(e => e.Actions).Concat(order.Nodes.SelectMany(n => n.Actions)))
        {
            actions.TryAdd(action.ActionId, (ActionStatus.Waiting, null, action.ActionType));
        }

        errors.Clear();
        Report();
    }

    private void Refuse(Order order, string type)
    {
        errors.Add(new(type, ErrorLevel.Warning) { ErrorReferences = [new("orderId", order.OrderId), new("orderUpdateId", $"{order.OrderUpdateId}")] });
        Report();
    }

    private void TakeInstant(InstantActions message)
    {
        foreach (var action in message.Actions.Where(a => instant.TryAdd(a.ActionId, a.ActionType)))
        {
            (IsPaused, IsDeactivated, cancels) = action.ActionType switch
            {
                SweeperActions.StartPause => (true, IsDeactivated, cancels),
                SweeperActions.StopPause => (false, IsDeactivated, cancels),
                SweeperActions.Deactivate => (IsPaused, true, cancels),
                SweeperActions.Activate => (IsPaused, false, cancels),
                SweeperActions.CancelOrder => (IsPaused, IsDeactivated, true),
                _ => (IsPaused, IsDeactivated, cancels),
            };
        }

        if (message.Actions.FirstOrDefault(a => a.ActionType == SweeperActions.ClearInstantActions) is { } clear)
        {
            instant.Clear();
            instant.Add(clear.ActionId, clear.ActionType);
        }

        if (cancels)
        {
            cancels = false;
            work = null;
            (nodes, edges) = ([], []);
            foreach (var (id, action) in actions.Where(a => a.Value.Status is not (ActionStatus.Finished or ActionStatus.Failed)).ToList())
            {
                actions[id] = (ActionStatus.Failed, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cancelled sweptM={(action.Status == ActionStatus.Running ? offsetM - edgeFromM : 0):F1}"), action.Type);
            }
        }

        Report();
    }

    private void Live()
    {
        if (IsPaused || IsDeactivated)
        {
            return;
        }

        if (work is { } doing)
        {
            Work(doing.Action, doing.LeftS - 1);
            return;
        }

        var leftS = 1.0;
        while (leftS > 0 && nodes is [{ Released: true }, ..] && work is null)
        {
            leftS = Drive(leftS);
        }
    }

    private double Drive(double forS)
    {
        var edge = edges[0];
        var streets = city.Streets;
        var next = streets.FindArc(edge.EdgeId)!.Value;
        offsetM = next == arc ? offsetM : 0;
        arc = next;
        var isAtStart = lastNode != "here" || lastSequence != edge.SequenceId - 1;
        if (isAtStart && edgeFromM > 0 && offsetM >= streets.ArcLengthM[arc])
        {
            edgeFromM = 0;
        }

        if (offsetM >= streets.ArcLengthM[arc])
        {
            offsetM = 0;
        }

        var sweep = edge.Actions.FirstOrDefault(a => actions[a.ActionId].Status is ActionStatus.Waiting or ActionStatus.Running);
        var speedMps = sweep is null ? spec.TransitSpeedMps : spec.SweepSpeedMps;
        var m = Math.Min(forS * speedMps, streets.ArcLengthM[arc] - offsetM);
        var s = m / speedMps;
        offsetM += m;
        Levels = Levels with { BatteryWh = Levels.BatteryWh - (s / 3600 * (sweep is null ? spec.TransitPowerW : spec.SweepPowerW)) };
        if (sweep is not null)
        {
            actions[sweep.ActionId] = (ActionStatus.Running, null, sweep.ActionType);
            Levels = Levels with
            {
                WaterL = Math.Max(0, Levels.WaterL - (s / 60 * spec.WaterLPerMin)),
                HopperM3 = Math.Min(spec.HopperM3, Levels.HopperM3 + (m * DirtM3PerM)),
            };
            if (Levels.HopperM3 >= spec.HopperM3 || Levels.WaterL <= 0)
            {
                var reason = Levels.WaterL <= 0 ? "waterEmpty" : "hopperFull";
                actions[sweep.ActionId] = (ActionStatus.Failed, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reason} sweptM={offsetM - edgeFromM:F1}"), sweep.ActionType);
            }
        }

        if (offsetM >= streets.ArcLengthM[arc] - 1e-9)
        {
            if (sweep is not null && actions[sweep.ActionId].Status == ActionStatus.Running)
            {
                actions[sweep.ActionId] = (ActionStatus.Finished, TellsOfSweep?.Invoke(sweep), sweep.ActionType);
            }

            offsetM = streets.ArcLengthM[arc];
            edgeFromM = 0;
            (lastNode, lastSequence) = (nodes[0].NodeId, nodes[0].SequenceId);
            var reached = nodes[0];
            nodes.RemoveAt(0);
            edges.RemoveAt(0);
            Begin(reached.Actions);
        }

        return forS - s;
    }

    private void Begin(ImmutableArray<RobotAction> atNode)
    {
        if (atNode is [var action, ..])
        {
            var forS = action.ActionType switch
            {
                SweeperActions.Tip => spec.TipS,
                SweeperActions.WashHopper => spec.WashS,
                SweeperActions.FillWater => spec.FillWaterS,
                _ => Math.Max(1, 90 * (action[SweeperActions.UntilPercentParameter]!.Value.AsNumber!.Value - (100 * Levels.BatteryWh / spec.BatteryWh))),
            };
            work = (action, forS);
        }
    }

    private void Work(RobotAction action, double leftS)
    {
        if (ServiceFailures.TryDequeue(out var failure))
        {
            actions[action.ActionId] = (ActionStatus.Failed, failure, action.ActionType);
            work = null;
            return;
        }

        actions[action.ActionId] = (leftS > 0 ? ActionStatus.Running : ActionStatus.Finished, null, action.ActionType);
        work = leftS > 0 ? (action, leftS) : null;
        if (leftS <= 0)
        {
            Levels = action.ActionType switch
            {
                SweeperActions.Tip => Levels with { HopperM3 = 0, HopperKg = 0 },
                SweeperActions.FillWater => Levels with { WaterL = spec.WaterL },
                SweeperActions.StartCharging => Levels with { BatteryWh = spec.BatteryWh * action[SweeperActions.UntilPercentParameter]!.Value.AsNumber!.Value / 100 },
                _ => Levels,
            };
        }
    }

    private void Report()
    {
        var position = Position;
        Send(LinkTopic.State, LinkJson.Serialize(new State
        {
            HeaderId = ++header,
            Timestamp = loop.Now,
            Vehicle = Id,
            OrderId = orderId,
            OrderUpdateId = updateId,
            LastNodeId = lastNode,
            LastNodeSequenceId = lastSequence,
            NodeStates = [.. nodes.Select(n => new NodeState(n.NodeId, n.SequenceId, n.Released))],
            EdgeStates = [.. edges.Select(e => new EdgeState(e.EdgeId, e.SequenceId, e.Released))],
            MobileRobotPosition = new(position.X, position.Y, Math.IEEERemainder(city.Streets.EndHeadingRad(arc), 2 * Math.PI), city.Fingerprint, true),
            Driving = nodes is [{ Released: true }, ..] && work is null && !IsPaused && !IsDeactivated,
            Paused = IsPaused,
            DistanceSinceLastNode = offsetM >= city.Streets.ArcLengthM[arc] ? 0 : offsetM - edgeFromM,
            ActionStates = [.. actions.Select(a => new ActionState(a.Key, a.Value.Status, a.Value.Type, a.Value.Result))],
            InstantActionStates = [.. instant.Select(a => new ActionState(a.Key, ActionStatus.Finished, a.Value))],
            PowerSupply = new(Math.Clamp(100 * Levels.BatteryWh / spec.BatteryWh, 0, 100), work?.Action.ActionType == SweeperActions.StartCharging),
            OperatingMode = OperatingMode.Automatic,
            Errors = [.. errors],
            Information = Information,
            SweeperStatus = IsForeign ? null : new(Levels.HopperM3, Levels.HopperM3 * 300, Levels.WaterL, 0, 0, Math.Max(0, Levels.BatteryWh), IsDeactivated),
            SafetyState = new(EmergencyStop.None, false),
        }));
    }

    private void Send(LinkTopic topic, byte[] payload)
    {
        if (!isDead)
        {
            client.PublishAsync(new(Topics.Default.Of(Id, topic), payload, Topics.QosOf(topic), Topics.IsRetained(topic))).AsTask().GetAwaiter().GetResult();
        }
    }
}
