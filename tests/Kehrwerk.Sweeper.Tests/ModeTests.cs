using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>Operating modes, sleep and farewell (VDA 5050 3.0.0, 6.6.6, 6.6.7, table 4).</summary>
public sealed class ModeTests
{
    private static readonly Town Town = Town.Instance;

    [Theory]
    [InlineData(OperatingMode.Manual, "n1")]
    [InlineData(OperatingMode.Service, "")]
    [InlineData(OperatingMode.TeachIn, "")]
    [InlineData(OperatingMode.Startup, "")]
    public void A_mode_that_takes_the_vehicle_from_the_Centre_clears_the_order_and_takes_no_other(OperatingMode mode, string lastNodeId)
    {
        var rig = Driving();
        rig.Program.SwitchMode(mode);
        rig.RunUntil(state => state.OperatingMode == mode, withinS: 20);

        // Not one state shows the mode with an order, or no order without the mode (6.6.7).
        Assert.All(rig.States.Where(state => state.OrderId == "o1"), state => Assert.Equal(state.OperatingMode == mode, state.NodeStates.IsEmpty));
        Assert.All(rig.State.ActionStates, action => Assert.Equal(ActionStatus.Failed, action.ActionStatus));
        Assert.Equal(("o1", 0u, lastNodeId, false), (rig.State.OrderId, rig.State.OrderUpdateId, rig.State.LastNodeId, rig.State.Driving));

        rig.Send(Town.Order("o2", 0, ["1.0f"]));
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((ErrorTypes.MobileRobotNotAvailable, ErrorLevel.Warning), (error.ErrorType, error.ErrorLevel));
        Assert.Contains(new Reference("orderId", "o2"), error.ErrorReferences);
        Assert.Equal(ActionStatus.Failed, rig.Action(rig.Instant(SweeperActions.StartCharging)).ActionStatus);
        Assert.Equal(ActionStatus.Finished, rig.Action(rig.Instant(SweeperActions.StateRequest)).ActionStatus);

        rig.Program.SwitchMode(OperatingMode.Automatic);
        rig.Run(60);
        Assert.Equal((OperatingMode.Automatic, false), (rig.State.OperatingMode, rig.State.Driving));
        Assert.DoesNotContain(rig.State.Errors, e => e.ErrorType == ErrorTypes.MobileRobotNotAvailable);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void An_intervention_halts_keeps_the_order_takes_updates_and_goes_on_after_it()
    {
        var rig = Driving();
        rig.Program.SwitchMode(OperatingMode.Intervened);
        rig.RunUntil(state => !state.Driving);
        Assert.Equal(OperatingMode.Intervened, rig.State.OperatingMode);
        Assert.Equal(ActionStatus.Paused, rig.Action("o1.sweep.1").ActionStatus);
        Assert.Equal(3, rig.State.NodeStates.Length);
        Assert.Equal(ActionStatus.Failed, rig.Action(rig.Instant(SweeperActions.StopPause)).ActionStatus);

        rig.Send(Town.Order("o1", 1, ["4.0f"], firstSequenceId: 6));
        Assert.Equal(1u, rig.State.OrderUpdateId);
        rig.Run(60);
        Assert.False(rig.State.Driving);
        rig.Program.SwitchMode(OperatingMode.Automatic);
        rig.RunUntilDone();
        Assert.Equal("n1", rig.State.LastNodeId);
        Assert.Equal("sweptM=300.00", rig.Action("o1.sweep.1").ActionResult);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void An_order_can_be_cancelled_during_an_intervention()
    {
        var rig = Driving();
        rig.Program.SwitchMode(OperatingMode.Intervened);
        rig.Run(10);
        rig.Instant(SweeperActions.Cancel("c"));
        rig.Run(2);
        Assert.Equal(ActionStatus.Finished, rig.Action("c").ActionStatus);
        Assert.Empty(rig.State.NodeStates);
    }

    [Fact]
    public void In_semiautomatic_mode_a_person_sets_the_speed()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        rig.Program.SwitchMode(OperatingMode.Semiautomatic, handSpeedMps: 2);
        rig.Run(30);
        Assert.Equal((OperatingMode.Semiautomatic, 2.0), (rig.State.OperatingMode, rig.State.Velocity!.Vx));
        rig.Program.SwitchMode(OperatingMode.Semiautomatic, handSpeedMps: 0);
        rig.Run(10);
        Assert.False(rig.State.Driving);
        rig.Program.SwitchMode(OperatingMode.Semiautomatic, handSpeedMps: 3);
        rig.RunUntilDone();
        Assert.Equal("n3", rig.State.LastNodeId);
    }

    [Fact]
    public void A_vehicle_that_was_moved_by_hand_forgets_its_last_node_and_is_told_a_new_one()
    {
        var rig = new Rig();
        Assert.Throws<InvalidOperationException>(() => rig.Program.MoveByHand("3.0f", 50));
        rig.Program.SwitchMode(OperatingMode.Manual);
        rig.Run(1);
        rig.Program.MoveByHand("1.0f", 50);
        rig.Run(1);
        Assert.Equal("n1", rig.State.LastNodeId);
        rig.Program.MoveByHand("3.0f", 50);
        rig.Run(1);
        Assert.Equal(("", 250.0), (rig.State.LastNodeId, rig.State.MobileRobotPosition!.X));
        rig.Program.SwitchMode(OperatingMode.Automatic);

        Assert.Equal(ActionStatus.Failed, rig.Action(Initialize(rig, 10, "n3")).ActionStatus);
        Assert.Equal(ActionStatus.Failed, rig.Action(Initialize(rig, 0, "n1")).ActionStatus);
        Assert.Equal(ActionStatus.Finished, rig.Action(Initialize(rig, 0, "n3")).ActionStatus);
        Assert.Equal("n3", rig.State.LastNodeId);

        static string Initialize(Rig rig, double offM, string lastNodeId) => rig.Instant(
            SweeperActions.InitializePosition,
            new ActionParameter("x", rig.State.MobileRobotPosition!.X + offM),
            new ActionParameter("y", rig.State.MobileRobotPosition.Y),
            new ActionParameter("theta", rig.State.MobileRobotPosition.Theta),
            new ActionParameter("mapId", Town.MapId),
            new ActionParameter("lastNodeId", lastNodeId));
    }

    [Fact]
    public void A_hibernating_vehicle_stands_without_an_order_is_silent_and_hears_only_what_wakes_it()
    {
        var rig = Driving();
        var sleep = rig.Instant(SweeperActions.StartHibernation);
        Assert.Equal(ActionStatus.Running, rig.Action(sleep).ActionStatus);
        rig.Run(20);
        Assert.Equal((ActionStatus.Finished, false), (rig.Action(sleep).ActionStatus, rig.State.Driving));
        Assert.Empty(rig.State.NodeStates);
        Assert.Equal(ConnectionState.Hibernating, Last(rig));

        var states = rig.States.Count;
        rig.Send(Town.Order("o2", 0, ["1.0f"]));
        rig.Instant(SweeperActions.StateRequest);
        rig.Run(60);
        Assert.Equal(states, rig.States.Count);

        var wake = rig.Instant(SweeperActions.StopHibernation);
        Assert.Equal((ConnectionState.Online, ActionStatus.Finished), (Last(rig), rig.Action(wake).ActionStatus));
        Assert.Equal("o1", rig.State.OrderId);
        rig.Run(10);
        Assert.True(rig.States.Count > states + 8);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_vehicle_wakes_by_itself_at_the_time_that_was_set()
    {
        var rig = new Rig();
        Assert.Equal(ActionStatus.Failed, rig.Action(rig.Instant(SweeperActions.StartHibernation, new ActionParameter("wakeUpTime", "soon"))).ActionStatus);
        rig.Instant(SweeperActions.StartHibernation, new ActionParameter("wakeUpTime", rig.Now.AddSeconds(100).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture)));
        rig.Run(99);
        Assert.Equal(ConnectionState.Hibernating, Last(rig));
        rig.Run(2);
        Assert.Equal(ConnectionState.Online, Last(rig));
    }

    [Fact]
    public void Only_an_idle_vehicle_shuts_down_and_then_it_is_offline()
    {
        var rig = Driving();
        Assert.Equal(ActionStatus.Failed, rig.Action(rig.Instant(SweeperActions.Shutdown)).ActionStatus);
        rig.RunUntilDone();
        var last = rig.Instant(SweeperActions.Shutdown);
        Assert.Equal((ActionStatus.Finished, ConnectionState.Offline, true), (rig.Action(last).ActionStatus, Last(rig), rig.Program.IsShutDown));
        var sent = rig.Sent.Count;
        rig.Instant(SweeperActions.StateRequest);
        Assert.Equal(sent, rig.Sent.Count);
    }

    [Fact]
    public void A_log_is_stored_and_its_name_is_the_result()
    {
        var rig = Driving();
        var id = rig.Instant(SweeperActions.LogReport, new ActionParameter("reason", "noise at the brush"));
        Assert.Equal(ActionStatus.Running, rig.Action(id).ActionStatus);
        var log = rig.Program.TakeLog()!;
        Assert.Contains("noise at the brush", log.Text, StringComparison.Ordinal);
        Assert.Contains("order o1/0 taken", log.Text, StringComparison.Ordinal);
        rig.Program.LogStored(log.Name, isStored: true);
        rig.Run(1);
        Assert.Equal((ActionStatus.Finished, log.Name), (rig.Action(id).ActionStatus, rig.Action(id).ActionResult));

        var full = rig.Instant(SweeperActions.LogReport);
        rig.Program.LogStored(rig.Program.TakeLog()!.Name, isStored: false);
        rig.Run(1);
        Assert.Equal(ActionStatus.Failed, rig.Action(full).ActionStatus);
    }

    [Fact]
    public async Task A_vehicle_in_the_loop_that_is_shut_down_leaves_the_broker_without_a_last_will()
    {
        var loop = new EventLoop(Rig.Begin, 1);
        var broker = new InMemoryBroker(loop, LinkConditions.Good);
        var program = new SweeperProgram(Rig.Id, SweeperModel.Default, Town.Map, Town.MapId, Town.Settings, SweeperCondition.Fresh(SweeperModel.Default, Town.Map, Town.DepotArc));
        var seen = new List<ConnectionState>();
        var centre = broker.Connect("centre");
        await centre.SubscribeAsync(Topics.Default.Of(Rig.Id, LinkTopic.Connection), message =>
        {
            seen.Add(LinkJson.Read<Connection>(message.Payload.Span).Message!.ConnectionState);
            return ValueTask.CompletedTask;
        }, TestContext.Current.CancellationToken);
        var sweeper = new SweeperInLoop(loop, program, broker.Connect("S1", SweeperProgram.LastWillOf(Rig.Id, Topics.Default, loop.Now)), Topics.Default);
        sweeper.Start();
        loop.RunFor(TimeSpan.FromSeconds(3));
        Send(SweeperActions.LogReport);
        loop.RunFor(TimeSpan.FromSeconds(3));
        Send(SweeperActions.Shutdown);
        loop.RunFor(TimeSpan.FromSeconds(30));

        Assert.Equal([ConnectionState.Online, ConnectionState.Offline], seen);
        Assert.Single(sweeper.Logs);

        void Send(string type) => centre.Publish(new(Topics.Default.Of(Rig.Id, LinkTopic.InstantActions), LinkJson.Serialize(new InstantActions
        {
            HeaderId = 0,
            Timestamp = loop.Now,
            Vehicle = Rig.Id,
            Actions = [SweeperActions.Instant(type, type)],
        })));
    }

    private static ConnectionState Last(Rig rig) =>
        LinkJson.Read<Connection>(rig.Sent.Last(message => message.Topic.EndsWith("/connection", StringComparison.Ordinal)).Payload.Span).Message!.ConnectionState;

    private static Rig Driving()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f", "3.0f"], sweep: i => i == 0));
        rig.Run(60);
        Assert.True(rig.State.Driving);
        return rig;
    }
}
