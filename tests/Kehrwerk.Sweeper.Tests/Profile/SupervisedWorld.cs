using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper.Recording;
using Kehrwerk.Sweeper.Safety;

namespace Kehrwerk.Sweeper.Tests.Profile;

/// <summary>
/// A supervised vehicle and a small Centre, written to the specification and not to our Centre, in one event loop. The vehicle's clock
/// ticks ten times a second, so that its movement can be seen as it is.
/// </summary>
internal sealed class SupervisedWorld
{
    public static readonly VehicleId Id = Rig.Id;
    private static readonly Town Town = Town.Instance;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(SweeperProgram.StepS);

    private readonly InMemoryBroker broker;
    private int nextAction;
    private uint nextHeader;

    /// <param name="skew">How far the vehicle's clock is off the Centre's.</param>
    public SupervisedWorld(
        int seed = 1,
        TimeSpan skew = default,
        Func<SweeperCondition, SweeperCondition>? start = null,
        IReadOnlyList<RecordedEvent>? unsent = null,
        SupervisionRules? rules = null,
        LinkConditions? conditions = null)
    {
        Loop = new(Rig.Begin, seed);
        broker = new(Loop, conditions ?? LinkConditions.Good);
        Centre = broker.Connect("centre");
        Vehicle = broker.Connect("vehicle");
        var fresh = SweeperCondition.Fresh(SweeperModel.Default, Town.Map, Town.DepotArc);
        Skew = skew;
        Program = new(
            Id, SweeperModel.Default, Town.Map, Town.MapId, Town.Settings with { Supervision = rules ?? new() }, start?.Invoke(fresh) ?? fresh, unsent);
        Listen<State>(LinkTopic.State, Hear);
        Listen<SafetyReport>(LinkTopic.Safety, report => Reports.Add(report));
        Listen<EventMessage>(LinkTopic.Events, Take);
        LinkTopic[] heard = [LinkTopic.Order, LinkTopic.InstantActions, LinkTopic.ZoneSet, LinkTopic.Responses, LinkTopic.Supervision, LinkTopic.EventReceipts];
        foreach (var topic in heard)
        {
            Vehicle.SubscribeAsync(Topics.Default.Of(Id, topic), message =>
            {
                Publish(Program.Receive(message, VehicleNow));
                return ValueTask.CompletedTask;
            }).AsTask().GetAwaiter().GetResult();
        }

        Vehicle.ConnectionChanged += isConnected =>
        {
            if (isConnected)
            {
                Publish(Program.Greet(VehicleNow));
            }
        };
        Publish(Program.Greet(VehicleNow));
        Loop.Schedule(Tick, Advance);
    }

    public EventLoop Loop { get; }
    public InMemoryClient Centre { get; }
    public InMemoryClient Vehicle { get; }
    public SweeperProgram Program { get; }

    /// <summary>Can be changed while the world runs: the vehicle's clock is set.</summary>
    public TimeSpan Skew { get; set; }

    public DateTimeOffset VehicleNow => Loop.Now + Skew;
    public SafetyMemory Safety => Program.Condition.Safety!;
    public bool IsAtRisk => Safety.MrcId is not null;

    /// <summary>By the way that it covers, m/s.</summary>
    public double SpeedMps { get; private set; }

    public List<State> States { get; } = [];
    public State State => States[^1];
    public List<SafetyReport> Reports { get; } = [];
    public SafetyReport Report => Reports[^1];
    public List<LinkMessage> Sent { get; } = [];
    public List<EventMessage> Events { get; } = [];
    public List<EventOrder> EventOrders { get; } = [];

    /// <summary>What the Centre says in its leases.</summary>
    public uint Epoch { get; set; } = 1;
    public uint LeaseId { get; set; }
    public bool GivesLeases { get; set; } = true;
    public bool IsOnDuty { get; set; } = true;
    public bool GivesReceipts { get; set; } = true;
    public MapDeclaration Map { get; set; } = new(Town.MapId, Town.Map.Frame.Name);

    public void Run(double seconds) => Loop.RunFor(TimeSpan.FromSeconds(seconds));

    public void RunUntil(Func<bool> isDone, double withinS = 600)
    {
        for (var end = Loop.Now.AddSeconds(withinS); !isDone();)
        {
            Assert.True(Loop.Now < end, $"Not reached within {withinS} s; {Report.Mode}, errors: {string.Join("; ", State.Errors.Select(e => e.ErrorDescription))}");
            Run(0.1);
        }
    }

    /// <summary>Drives on the town's ring until well under way.</summary>
    public SupervisedWorld Drive(Func<int, bool>? sweep = null)
    {
        Run(1);
        Send(Town.Order("o1", 0, ["1.0f", "2.0f", "3.0f", "4.0f"], sweep: sweep));
        return this;
    }

    /// <summary>Sends an order as a Centre does that counts its messages.</summary>
    public void Send(Order order) => Publish(LinkTopic.Order, LinkJson.Serialize(
        order with { HeaderId = nextHeader++, Timestamp = Loop.Now, SupervisionEpoch = order.SupervisionEpoch ?? Epoch }));

    /// <summary>A command with the stamp of now.</summary>
    public string Command(string type, string by = "Ada", params ImmutableArray<ActionParameter> parameters) =>
        Command(SweeperActions.Instant(type, $"c{nextAction++}", parameters), new CommandStamp(Epoch, LeaseId, 10, by));

    public string Command(RobotAction action, CommandStamp? stamp)
    {
        var stamped = stamp is null ? action : stamp.On(action);
        Publish(LinkTopic.InstantActions, LinkJson.Serialize(new InstantActions { HeaderId = nextHeader++, Timestamp = Loop.Now, Vehicle = Id, Actions = [stamped] }));
        return action.ActionId;
    }

    public string EndMrc(string? mrcId = null, bool cancels = false, string by = "Ada") => Command(
        new MrcInvestigation(mrcId ?? Safety.MrcId ?? "none", "link lost, needed", "camera looked at, nobody near", cancels).ToAction($"c{nextAction++}"),
        new CommandStamp(Epoch, LeaseId, 10, by));

    public ActionState Action(string id) => State.InstantActionStates.Single(action => action.ActionId == id);

    public void Publish(LinkTopic topic, byte[] payload) => Centre.Publish(new(Topics.Default.Of(Id, topic), payload));

    public Supervision LeaseFor(State state) => new()
    {
        HeaderId = LeaseId,
        Timestamp = Loop.Now,
        Vehicle = Id,
        Epoch = Epoch,
        LeaseId = LeaseId,
        ValidForS = 3,
        SupervisorOnDuty = IsOnDuty,
        Heard = new(state.HeaderId, state.Timestamp),
        Map = Map,
    };

    private void Hear(State state)
    {
        States.Add(state);
        if (GivesLeases)
        {
            LeaseId++;
            Publish(LinkTopic.Supervision, LinkJson.Serialize(LeaseFor(state)));
        }
    }

    private void Take(EventMessage message)
    {
        Events.Add(message);
        if (GivesReceipts)
        {
            Publish(LinkTopic.EventReceipts, LinkJson.Serialize(new EventReceipts
            {
                HeaderId = 0,
                Timestamp = Loop.Now,
                Vehicle = Id,
                Receipts = [new(message.EventId, message.IsWhole())],
            }));
        }
    }

    private void Advance()
    {
        var before = Program.Condition.OdometerM;
        Publish(Program.Advance(VehicleNow));
        SpeedMps = (Program.Condition.OdometerM - before) / SweeperProgram.StepS;
        EventOrders.AddRange(Program.TakeEventOrders());
        Loop.Schedule(Tick, Advance);
    }

    private void Publish(IReadOnlyList<LinkMessage> messages)
    {
        foreach (var message in messages)
        {
            Sent.Add(message);
            Vehicle.Publish(message);
        }
    }

    private void Listen<T>(LinkTopic topic, Action<T> take)
        where T : VdaMessage =>
        Centre.SubscribeAsync(Topics.Default.Of(Id, topic), message =>
        {
            var read = LinkJson.Read<T>(message.Payload.Span);
            Assert.True(read.IsOk, read.Error);
            take(read.Message);
            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();
}
