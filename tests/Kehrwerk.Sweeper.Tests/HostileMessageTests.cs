using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Tests;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>Messages of a Centre that is broken or hostile: each reader of the vehicle, met in the middle of its work.</summary>
public sealed class HostileMessageTests
{
    // What the longest order that is taken can make a state grow to, with room.
    private const int LongestState = LinkJson.MaxBytes;

    private static readonly Town Town = Town.Instance;

    private static readonly Gen<(LinkTopic Topic, byte[] Payload)> Hostile = Gen.OneOf(
        With(LinkTopic.Order,
            Town.Order("o1", 1, ["2.0f", "3.0f"], firstSequenceId: 2, sweep: _ => true),
            Town.Order("o1", 1, ["2.0f"], released: 0, firstSequenceId: 2),
            Town.Order("o2", 0, ["1.0f", "2.0f"], atNode: new Dictionary<int, ImmutableArray<RobotAction>> { [1] = [SweeperActions.TipHopper("t"), SweeperActions.ChargeUntil("c", 90)] })),
        With(LinkTopic.InstantActions,
            Actions(SweeperActions.Instant(SweeperActions.StartPause, "a1"), SweeperActions.Cancel("a2", "o1"), SweeperActions.Instant(SweeperActions.Deactivate, "a3")),
            Actions(SweeperActions.Instant(SweeperActions.StartCharging, "a4", new ActionParameter(SweeperActions.UntilPercentParameter, 80)), SweeperActions.Instant("logReport", "a5", new ActionParameter("reason", "test"))),
            Actions(new CommandStamp(1, 1, 10, "Ada").On(SweeperActions.Instant(SweeperActions.StopPause, "a6")), SweeperActions.Instant("startHibernation", "a7"), SweeperActions.Instant("initializePosition", "a8", new("x", 12.0), new("y", 0.0), new("theta", 0.0), new("mapId", Town.MapId), new("lastNodeId", "n1")))),
        With(LinkTopic.ZoneSet, new ZoneSet
        {
            HeaderId = 0,
            Timestamp = Rig.Begin,
            Vehicle = Rig.Id,
            Content = new(Town.MapId, "z", [
                new("z1", ZoneType.Blocked, [new(100, 150), new(200, 150), new(200, 190)]),
                new("z2", ZoneType.SpeedLimit, [new(10, -5), new(90, -5), new(90, 5)]) { MaximumSpeed = 1 },
            ]),
        }),
        With(LinkTopic.Responses, new Responses
        {
            HeaderId = 0,
            Timestamp = Rig.Begin,
            Vehicle = Rig.Id,
            Items = [new("r1", GrantType.Granted, Rig.Begin.AddSeconds(60)), new("r2", GrantType.Queued)],
        }),
        With(LinkTopic.Supervision, new Supervision
        {
            HeaderId = 1,
            Timestamp = Rig.Begin,
            Vehicle = Rig.Id,
            Epoch = 1,
            LeaseId = 1,
            ValidForS = 3,
            SupervisorOnDuty = true,
            Heard = new(1, Rig.Begin),
            Map = new(Town.MapId, Town.Map.Frame.Name),
        }),
        With(LinkTopic.EventReceipts, new EventReceipts { HeaderId = 0, Timestamp = Rig.Begin, Vehicle = Rig.Id, Receipts = [new("S1-x", true), new("S1-y", false, "damaged")] }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_comes_in_the_vehicle_goes_on_says_valid_states_and_names_what_it_refuses(bool isSupervised) =>
        Hostile.Array[1, 3].Sample(
            hits =>
            {
                var rig = new Rig(settings: Town.Settings with { Supervision = isSupervised ? new() : null });
                rig.Send(Town.Order("o1", 0, ["1.0f"], sweep: _ => true));
                rig.Run(12);
                foreach (var (topic, payload) in hits)
                {
                    rig.Receive(topic, payload);
                    NamesWhatItRefuses(rig, topic, payload);
                    rig.Run(2);
                }

                rig.Run(20);
                Assert.All(rig.Sent, message => Assert.True(message.Payload.Length <= LongestState));
                rig.AllMessagesAreValid();
                // It still hears a stop.
                rig.Instant(SweeperActions.Deactivate);
                if (rig.Program.Condition.Deactivated)
                {
                    rig.Run(20);
                    Assert.True(rig.State.Velocity?.Vx is null or 0);
                }
                else
                {
                    Assert.Fail("It does not hear a stop any more.");
                }
            },
            iter: 150);

    private static void NamesWhatItRefuses(Rig rig, LinkTopic topic, byte[] payload)
    {
        if (IsAsleep(rig) || topic is not (LinkTopic.Order or LinkTopic.InstantActions or LinkTopic.ZoneSet))
        {
            return;
        }

        var isReadable = topic switch
        {
            LinkTopic.Order => LinkJson.Read<Order>(payload).IsOk,
            LinkTopic.InstantActions => LinkJson.Read<InstantActions>(payload).IsOk,
            _ => LinkJson.Read<ZoneSet>(payload).IsOk,
        };
        if (!isReadable)
        {
            Assert.True(
                rig.State.Errors.Any(error => error.ErrorType == ErrorTypes.ValidationFailure),
                $"{topic} cannot be read and is not refused: {System.Text.Encoding.UTF8.GetString(payload)}; {rig.State.OperatingMode}, {string.Join(", ", rig.State.Errors.Select(error => error.ErrorType))}");
        }
        else if (topic == LinkTopic.Order)
        {
            var order = LinkJson.Read<Order>(payload).Message!;
            Assert.True(
                (rig.State.OrderId, rig.State.OrderUpdateId) == (order.OrderId, order.OrderUpdateId) || !rig.State.Errors.IsEmpty,
                $"Order {order.OrderId}/{order.OrderUpdateId} was neither taken nor refused.");
        }
    }

    /// <summary>A message before may have sent it to sleep, or off.</summary>
    private static bool IsAsleep(Rig rig) => rig.Sent.FindLast(message => message.Topic.EndsWith("/connection", StringComparison.Ordinal)) is { } last
        && LinkJson.Read<Connection>(last.Payload.Span).Message!.ConnectionState != ConnectionState.Online;

    private static InstantActions Actions(params ImmutableArray<RobotAction> actions) => new() { HeaderId = 5, Timestamp = Rig.Begin, Vehicle = Rig.Id, Actions = actions };

    private static Gen<(LinkTopic Topic, byte[] Payload)> With<T>(LinkTopic topic, params T[] valid)
        where T : VdaMessage =>
        HostileJson.Of([.. valid.Select(message => LinkJson.Serialize(message with { Timestamp = Rig.Begin.AddSeconds(12) }))]).Select(payload => (topic, payload));
}
