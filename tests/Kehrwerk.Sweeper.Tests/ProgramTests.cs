using CsCheck;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Tests;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>What holds for a vehicle whatever it is told, and however its time passes.</summary>
public sealed class ProgramTests
{
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void How_often_it_is_called_does_not_change_what_happens() => Gen.Int[1, 1700].Array[5, 40].Sample(
        pausesMs =>
        {
            var steady = Round(new Rig());
            var uneven = Round(new Rig());
            var i = 0;
            for (var second = 1; second <= 120; second++)
            {
                steady.Tick(1);
                for (var toGoMs = 1000; toGoMs > 0; i++)
                {
                    var pauseMs = Math.Min(toGoMs, pausesMs[i % pausesMs.Length]);
                    toGoMs -= pauseMs;
                    uneven.Tick(pauseMs / 1000.0);
                }

                Assert.Equal(steady.Now, uneven.Now);
                if (steady.Program.Condition != uneven.Program.Condition)
                {
                    return false;
                }
            }

            return steady.States.Count == uneven.States.Count;

            static Rig Round(Rig rig)
            {
                rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f", "3.0f", "4.0f"], sweep: i => i == 2));
                return rig;
            }
        },
        iter: 10);

    [Fact]
    public void The_same_messages_give_the_same_bytes()
    {
        Assert.Equal(Run(), Run());

        static List<string> Run()
        {
            var rig = new Rig();
            rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], sweep: _ => true));
            rig.Run(40);
            rig.Instant(SweeperActions.StartPause);
            rig.Run(10);
            rig.Instant(SweeperActions.StopPause);
            rig.Run(200);
            return rig.Sent.ConvertAll(message => message.Topic + Convert.ToBase64String(message.Payload.Span));
        }
    }

    [Fact]
    public void Whatever_it_is_told_its_levels_and_its_way_stay_possible()
    {
        string[] arcs = ["1.0f", "1.0b", "2.0f", "2.0b", "3.0f", "3.0b", "4.0f", "4.0b"];
        string[] instants =
        [
            SweeperActions.StartPause, SweeperActions.StopPause, SweeperActions.CancelOrder, SweeperActions.Deactivate,
            SweeperActions.Activate, SweeperActions.StopCharging, SweeperActions.StartCharging, SweeperActions.StartHibernation, SweeperActions.StopHibernation,
        ];
        var drive = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 7].Select(i => arcs[i]).Array[0, 4], Gen.Int[0, 5], Gen.Bool, (id, chosen, first, sweeps) => (Action<Rig>)(rig =>
        {
            // Half of the orders go on from where the vehicle is, the others are as they come.
            var known = Town.NodeBefore(arcs[0]) == rig.State.LastNodeId || first > 2;
            rig.Send(Town.Order($"o{id}", rig.State.OrderId == $"o{id}" ? (uint)rig.States.Count : 0, known ? Linked(rig.State.LastNodeId, chosen.Length) : chosen, firstSequenceId: rig.State.OrderId == $"o{id}" && !rig.State.NodeStates.IsEmpty ? rig.State.NodeStates[^1].SequenceId : 0, sweep: _ => sweeps));
        }));
        var mode = Gen.Select(Gen.Enum<OperatingMode>(), Gen.Bool, (one, stays) => (Action<Rig>)(rig =>
        {
            rig.Program.SwitchMode(one, handSpeedMps: 2);
            rig.Run(5);
            rig.Program.SwitchMode(stays ? one : OperatingMode.Automatic, handSpeedMps: 3);
        }));
        var zone = Gen.Select(Gen.OneOf(ZoneType.Blocked, ZoneType.Release, ZoneType.SpeedLimit), Gen.Int[0, 290], Gen.Bool, (type, x, grants) => (Action<Rig>)(rig =>
        {
            rig.Enable($"z{rig.States.Count}", ZoneTests.Block("z", x, x + 10) with { ZoneType = type, MaximumSpeed = 1 });
            rig.Run(20);
            foreach (var request in rig.State.ZoneRequests)
            {
                rig.Answer(request.RequestId, grants ? GrantType.Granted : GrantType.Rejected, 30);
            }
        }));
        var instant = Gen.Int[0, 8].Select(i => (Action<Rig>)(rig => rig.Instant(instants[i])));
        var wait = Gen.Int[1, 90].Select(seconds => (Action<Rig>)(rig => rig.Run(seconds)));
        Gen.Frequency((4, drive), (2, instant), (4, wait), (1, mode), (1, zone)).Array[5, 30].Sample(
            steps =>
            {
                var rig = new Rig(start: fresh => fresh with { WaterL = 8, EnergyWh = 600, HopperM3 = SweeperModel.Default.HopperLimitM3 - 0.03 });
                var before = rig.Program.Condition;
                foreach (var step in steps)
                {
                    step(rig);
                    var now = rig.Program.Condition;
                    Assert.InRange(now.EnergyWh, 0, rig.Model.BatteryWh);
                    Assert.InRange(now.WaterL, 0, rig.Model.WaterL);
                    Assert.InRange(now.HopperM3, 0, rig.Model.HopperLimitM3);
                    Assert.InRange(now.SweptM, 0, now.OdometerM);
                    Assert.True(now.OdometerM >= before.OdometerM && now.SweptM >= before.SweptM);
                    Assert.Null(now.Fault(rig.Model, Town.Map));
                    before = now;
                }

                if (OfficialSchemas.AreHere)
                {
                    rig.AllMessagesAreValid();
                }

                // Between two states the vehicle is never farther than it can have driven.
                foreach (var (one, next) in rig.States.Zip(rig.States.Skip(1)))
                {
                    var wayM = next.SweeperStatus!.OdometerM - one.SweeperStatus!.OdometerM;
                    var movedM = new Streets.MapPoint(one.MobileRobotPosition!.X, one.MobileRobotPosition.Y)
                        .DistanceTo(new(next.MobileRobotPosition!.X, next.MobileRobotPosition.Y));
                    Assert.True(movedM <= wayM + 0.02, $"It moved {movedM} m over a way of {wayM} m.");
                    Assert.True(next.Velocity!.Vx <= rig.Model.TransitSpeedMps + 1e-9);
                }
            },
            iter: 30);
    }

    [Fact]
    public void A_restarted_vehicle_has_no_order_but_stands_where_it_stood()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"], sweep: _ => true));
        rig.Run(50);
        var last = rig.State;
        var condition = rig.Program.Condition;

        var again = new Rig(start: _ => condition);
        Assert.Equal(("", "n1"), (again.State.OrderId, again.State.LastNodeId));
        Assert.Equal(last.MobileRobotPosition!.X, again.State.MobileRobotPosition!.X, 9);
        Assert.Equal(last.SweeperStatus, again.Status);
        again.Run(60);
        Assert.Equal(condition.OffsetM, again.Program.Condition.OffsetM);

        var here = new Streets.MapPoint(again.State.MobileRobotPosition.X, again.State.MobileRobotPosition.Y);
        again.Send(Town.Order("o2", 0, ["1.0f"], start: ("here", here)));
        again.RunUntilDone();
        Assert.Equal("n2", again.State.LastNodeId);
    }

    [Fact]
    public void A_clock_that_is_set_does_not_move_the_vehicle()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f"]));
        rig.Run(10);
        var odometerM = rig.Status.OdometerM;
        rig.Tick(86_400);
        rig.Tick(-86_400);
        Assert.Equal(odometerM, rig.Program.Condition.OdometerM);
        rig.RunUntilDone();
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    [Fact]
    public void A_state_comes_every_second_and_at_every_event()
    {
        var rig = new Rig();
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        rig.RunUntilDone();
        var times = rig.States.ConvertAll(state => state.Timestamp);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 0, 1));
        var reached = rig.States.First(state => state.LastNodeId == "n2");
        Assert.True(reached.DistanceSinceLastNode < 1);
    }

    // A way of so many arcs around the town from a node.
    private static List<string> Linked(string nodeId, int count)
    {
        var ring = new[] { "1.0f", "2.0f", "3.0f", "4.0f" };
        var first = Math.Max(0, Array.FindIndex(ring, arc => Town.NodeBefore(arc) == nodeId));
        return [.. Enumerable.Range(first, count).Select(i => ring[i % 4])];
    }
}
