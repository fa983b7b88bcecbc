using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Tests;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>A vehicle program in the test town with a clock that the test turns. All that it publishes is kept and checked against the schemas.</summary>
internal sealed class Rig
{
    public static readonly DateTimeOffset Begin = new(2026, 5, 4, 4, 0, 0, TimeSpan.Zero);
    public static readonly VehicleId Id = new("kehrwerk", "S1");

    private int nextAction;
    private uint nextHeader;

    public Rig(SweeperModel? model = null, Func<SweeperCondition, SweeperCondition>? start = null, SweeperSettings? settings = null)
    {
        Model = model ?? SweeperModel.Default;
        var fresh = SweeperCondition.Fresh(Model, Town.Instance.Map, Town.Instance.DepotArc);
        Program = new(Id, Model, Town.Instance.Map, Town.MapId, settings ?? Town.Instance.Settings, start?.Invoke(fresh) ?? fresh);
        Take(Program.Greet(Now));
    }

    public SweeperModel Model { get; }
    public SweeperProgram Program { get; }
    public DateTimeOffset Now { get; private set; } = Begin;
    public List<LinkMessage> Sent { get; } = [];
    public List<State> States { get; } = [];
    public State State => States[^1];
    public SweeperStatus Status => State.SweeperStatus!;
    public double SecondsSinceBegin => (Now - Begin).TotalSeconds;

    /// <summary>Sends an order as a Centre does that counts its messages.</summary>
    public void Send(Order order) => Receive(LinkTopic.Order, LinkJson.Serialize(order with { HeaderId = nextHeader++, Timestamp = Now }));

    public string Instant(string actionType, params ImmutableArray<ActionParameter> parameters)
    {
        var id = $"i{nextAction++}";
        Instant(SweeperActions.Instant(actionType, id, parameters));
        return id;
    }

    public void Instant(RobotAction action) =>
        Receive(LinkTopic.InstantActions, LinkJson.Serialize(new InstantActions { HeaderId = nextHeader++, Timestamp = Now, Vehicle = Id, Actions = [action] }));

    /// <summary>Sends a zone set and enables it.</summary>
    public void Enable(string zoneSetId, params ImmutableArray<Zone> zones)
    {
        Send(zoneSetId, zones);
        Instant(SweeperActions.EnableZoneSet, new ActionParameter(SweeperActions.ZoneSetIdParameter, zoneSetId));
    }

    public void Send(string zoneSetId, params ImmutableArray<Zone> zones) => Receive(LinkTopic.ZoneSet, LinkJson.Serialize(
        new ZoneSet { HeaderId = 0, Timestamp = Now, Vehicle = Id, Content = new(Town.MapId, zoneSetId, zones) }));

    public void Answer(string requestId, GrantType grant, double? leaseS = null, TimeSpan skew = default) => Receive(LinkTopic.Responses, LinkJson.Serialize(
        new Responses { HeaderId = 0, Timestamp = Now + skew, Vehicle = Id, Items = [new(requestId, grant, leaseS is { } s ? Now.AddSeconds(s) + skew : null)] }));

    public void Receive(LinkTopic topic, byte[] payload) => Receive(new LinkMessage(Topics.Default.Of(Id, topic), payload));

    public void Receive(LinkMessage message) => Take(Program.Receive(message, Now));

    public void Run(double seconds)
    {
        for (var end = Now.AddSeconds(seconds); Now < end;)
        {
            Tick(Math.Min(1, (end - Now).TotalSeconds));
        }
    }

    /// <summary>Lets time pass by whole seconds until the state is as wanted; fails if it is not within the limit.</summary>
    public void RunUntil(Func<State, bool> wanted, double withinS = 3600)
    {
        for (var end = Now.AddSeconds(withinS); !wanted(State);)
        {
            Assert.True(Now < end, $"Not reached within {withinS} s; last node {State.LastNodeId}, errors: {string.Join("; ", State.Errors)}");
            Tick(1);
        }
    }

    public void RunUntilDone() => RunUntil(state => state.NodeStates.IsEmpty && state.ActionStates.All(action => action.IsEnded) && !state.Driving);

    public void Tick(double seconds)
    {
        Now += TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        Take(Program.Advance(Now));
    }

    public ActionState Action(string id) => State.ActionStates.Concat(State.InstantActionStates).Single(action => action.ActionId == id);

    public void AllMessagesAreValid()
    {
        // One of about each length is enough: states of consecutive seconds differ in numbers only.
        foreach (var message in Sent.DistinctBy(message => (message.Topic, message.Payload.Length / 16)))
        {
            Assert.True(Topics.Default.TryParse(message.Topic, out _, out var topic));
            Assert.Empty(OfficialSchemas.Faults(topic, message.Payload.ToArray()));
        }
    }

    private void Take(IReadOnlyList<LinkMessage> messages)
    {
        foreach (var message in messages)
        {
            Sent.Add(message);
            if (Topics.Default.TryParse(message.Topic, out _, out var topic) && topic == LinkTopic.State)
            {
                var read = LinkJson.Read<State>(message.Payload.Span);
                Assert.True(read.IsOk, read.Error);
                States.Add(read.Message);
            }
        }
    }
}
