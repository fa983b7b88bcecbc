using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>Requests of the vehicle and the Centre's answers (VDA 5050 3.0.0, 6.4.3, 6.6.10, 6.9).</summary>
public sealed class RequestTests
{
    private static readonly Town Town = Town.Instance;

    [Fact]
    public void A_release_zone_is_asked_for_in_time_and_entered_only_when_granted()
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        var asked = Assert.Single(rig.State.ZoneRequests);
        Assert.Equal((ZoneRequestType.Access, "z", "a", RequestStatus.Requested), (asked.RequestType, asked.ZoneId, asked.ZoneSetId, asked.RequestStatus));
        Assert.True(rig.State.Driving);
        rig.RunUntil(state => !state.Driving);
        Assert.InRange(rig.State.MobileRobotPosition!.X, 95, 100 - 2.25);
        rig.Answer(asked.RequestId, GrantType.Queued);
        rig.Answer("another", GrantType.Granted);
        rig.Run(60);
        Assert.Equal((false, RequestStatus.Requested), (rig.State.Driving, rig.State.ZoneRequests[0].RequestStatus));

        rig.Answer(asked.RequestId, GrantType.Granted);
        Assert.Equal(RequestStatus.Granted, rig.State.ZoneRequests[0].RequestStatus);
        rig.RunUntil(state => state.MobileRobotPosition!.X > 125);
        Assert.Equal(RequestStatus.Granted, rig.State.ZoneRequests[0].RequestStatus);
        rig.RunUntil(state => state.MobileRobotPosition!.X > 153);
        Assert.Empty(rig.State.ZoneRequests);
        rig.RunUntilDone();
        Assert.Empty(rig.State.Errors);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_grant_in_time_lets_the_vehicle_drive_through_without_a_stop()
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        rig.Answer(rig.State.ZoneRequests[0].RequestId, GrantType.Granted, 600);
        var first = rig.States.Count;
        rig.RunUntil(state => state.LastNodeId == "n2");
        Assert.All(rig.States.Skip(first), state => Assert.True(state.Driving));
    }

    [Fact]
    public void A_rejected_request_leaves_the_state_and_is_made_anew_later_under_another_id()
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.Driving && !state.ZoneRequests.IsEmpty);
        var first = rig.State.ZoneRequests[0].RequestId;
        rig.Answer(first, GrantType.Rejected);
        rig.Run(1);
        Assert.Empty(rig.State.ZoneRequests);
        rig.Run(60);
        Assert.NotEqual(first, Assert.Single(rig.State.ZoneRequests).RequestId);
        Assert.False(rig.State.Driving);
        rig.Answer(first, GrantType.Granted);
        rig.Run(10);
        Assert.False(rig.State.Driving);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_grant_that_was_overtaken_by_its_revocation_is_not_taken(bool inOneStep)
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.Driving && !state.ZoneRequests.IsEmpty);
        var id = rig.State.ZoneRequests[0].RequestId;
        rig.Answer(id, GrantType.Revoked);
        rig.Run(inOneStep ? 0 : 1);
        rig.Answer(id, GrantType.Granted, 300);
        Assert.DoesNotContain(rig.State.ZoneRequests, request => request.RequestStatus == RequestStatus.Granted);
        rig.Run(20);
        Assert.Equal((false, true), (rig.State.Driving, rig.State.ZoneRequests.IsEmpty));
        rig.Run(20);
        Assert.NotEqual(id, Assert.Single(rig.State.ZoneRequests).RequestId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_release_that_ends_before_the_zone_keeps_the_vehicle_out(bool byLease)
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        var id = rig.State.ZoneRequests[0].RequestId;
        rig.Answer(id, GrantType.Granted, byLease ? 2 : null);
        rig.Run(1);
        if (!byLease)
        {
            rig.Answer(id, GrantType.Revoked);
        }

        rig.Run(2);
        Assert.Contains(rig.States, state => byLease
            ? state.ZoneRequests.Any(request => request.RequestStatus == RequestStatus.Expired)
            : state.ZoneRequests.IsEmpty);
        rig.RunUntil(state => !state.Driving);
        Assert.InRange(rig.State.MobileRobotPosition!.X, 0, 100 - 2.25);
        rig.Run(30);
        var again = Assert.Single(rig.State.ZoneRequests);
        Assert.Equal((false, RequestStatus.Requested), (again.RequestId == id, again.RequestStatus));
        Assert.False(rig.State.Driving);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public void A_grant_lasts_as_long_as_the_centre_says_however_far_its_clock_is_off(int hours)
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        rig.Program.SwitchMode(OperatingMode.Semiautomatic, handSpeedMps: 0);
        rig.Answer(rig.State.ZoneRequests[0].RequestId, GrantType.Granted, 20, TimeSpan.FromHours(hours));
        rig.Run(19);
        Assert.Equal(RequestStatus.Granted, rig.State.ZoneRequests[0].RequestStatus);
        rig.Run(2);
        Assert.Equal(RequestStatus.Expired, rig.State.ZoneRequests[0].RequestStatus);
    }

    [Theory]
    [InlineData(null, 7200, true)]
    [InlineData(1e12, 7200, true)]
    [InlineData(900.0, 899, true)]
    [InlineData(900.0, 901, false)]
    [InlineData(-1e10, 0.2, false)]
    public void Entry_into_a_zone_is_granted_for_as_long_as_the_answer_says_and_without_an_end_until_it_is_revoked(double? leaseS, double afterS, bool isGranted)
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        rig.Program.SwitchMode(OperatingMode.Semiautomatic, handSpeedMps: 0);
        var id = rig.State.ZoneRequests[0].RequestId;
        rig.Answer(id, GrantType.Granted, leaseS is > 1e11 ? (DateTimeOffset.MaxValue - rig.Now).TotalSeconds - 1 : leaseS);
        rig.Run(afterS);
        Assert.Equal(isGranted, rig.State.ZoneRequests[0].RequestStatus == RequestStatus.Granted);
        rig.Answer(id, GrantType.Revoked);
        rig.Run(1);
        Assert.NotEqual(RequestStatus.Granted, rig.State.ZoneRequests[0].RequestStatus);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(120.0)]
    [InlineData(1e10)]
    public void Leave_to_drive_beside_the_line_ends_after_half_a_minute_whatever_the_answer_says(double? leaseS)
    {
        var rig = Corridor(new(2, 0, ReleaseRequired: true));
        rig.RunUntil(state => !state.EdgeRequests.IsEmpty);
        rig.Program.SwitchMode(OperatingMode.Semiautomatic, handSpeedMps: 0);
        rig.Answer(rig.State.EdgeRequests[0].RequestId, GrantType.Granted, leaseS);
        rig.Run(29);
        Assert.Equal(RequestStatus.Granted, rig.State.EdgeRequests[0].RequestStatus);
        rig.Run(2);
        Assert.NotEqual(RequestStatus.Granted, rig.State.EdgeRequests[0].RequestStatus);
    }

    [Fact]
    public void A_lease_is_extended_by_a_further_grant()
    {
        var rig = Before(Release(null));
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        var id = rig.State.ZoneRequests[0].RequestId;
        rig.Answer(id, GrantType.Granted, 5);
        rig.Run(4);
        rig.Answer(id, GrantType.Granted, 300);
        rig.RunUntilDone();
        Assert.DoesNotContain(rig.States, state => state.ZoneRequests.Any(request => request.RequestStatus == RequestStatus.Expired));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ZoneLossBehavior.Stop)]
    public void A_release_that_is_lost_within_the_zone_stops_the_vehicle_until_it_is_granted_anew(ZoneLossBehavior? behavior)
    {
        var rig = Inside(Release(behavior), out var id);
        rig.Answer(id, GrantType.Revoked);
        Assert.Equal(RequestStatus.Revoked, rig.State.ZoneRequests[0].RequestStatus);
        rig.RunUntil(state => !state.Driving);
        rig.Run(2);
        var error = Assert.Single(rig.State.Errors);
        Assert.Equal((ErrorTypes.ReleaseLost, ErrorLevel.Critical), (error.ErrorType, error.ErrorLevel));
        Assert.Contains(new Reference("zoneId", "z"), error.ErrorReferences);
        var again = Assert.Single(rig.State.ZoneRequests);
        Assert.Equal((false, RequestStatus.Requested), (again.RequestId == id, again.RequestStatus));
        rig.Run(30);
        Assert.False(rig.State.Driving);
        rig.Answer(again.RequestId, GrantType.Granted);
        rig.Run(1);
        Assert.Empty(rig.State.Errors);
        rig.RunUntilDone();
        rig.AllMessagesAreValid();
    }

    [Theory]
    [InlineData(ZoneLossBehavior.Continue)]
    [InlineData(ZoneLossBehavior.Evacuate)]
    public void A_zone_that_says_so_is_driven_on_through_after_the_loss_with_a_warning(ZoneLossBehavior behavior)
    {
        var rig = Inside(Release(behavior), out var id);
        rig.Answer(id, GrantType.Granted, 1);
        rig.Run(3);
        Assert.True(rig.State.Driving);
        Assert.Equal((id, RequestStatus.Expired), (rig.State.ZoneRequests[0].RequestId, rig.State.ZoneRequests[0].RequestStatus));
        Assert.Equal(ErrorLevel.Warning, Assert.Single(rig.State.Errors).ErrorLevel);
        rig.RunUntilDone();
        Assert.Empty(rig.State.ZoneRequests);
        Assert.Empty(rig.State.Errors);
    }

    [Fact]
    public void Replanning_is_asked_for_with_the_way_through_the_zone()
    {
        var rig = Before(ZoneTests.Block("z", 100, 150) with { ZoneType = ZoneType.CoordinatedReplanning });
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        var asked = rig.State.ZoneRequests[0];
        Assert.Equal(ZoneRequestType.Replanning, asked.RequestType);
        Assert.InRange(asked.Trajectory!.ControlPoints[0].X, 96, 100);
        Assert.InRange(asked.Trajectory.ControlPoints[^1].X, 150, 154);
        rig.Answer(asked.RequestId, GrantType.Granted);
        rig.RunUntilDone();
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void An_intervention_takes_all_requests_back_and_makes_none()
    {
        var rig = Inside(Release(null), out _);
        rig.Program.SwitchMode(OperatingMode.Intervened);
        rig.Run(1);
        Assert.Empty(rig.State.ZoneRequests);
        rig.Run(20);
        Assert.Empty(rig.State.ZoneRequests);
        rig.Program.SwitchMode(OperatingMode.Automatic);
        rig.Run(2);
        Assert.False(rig.State.Driving);
        rig.Answer(Assert.Single(rig.State.ZoneRequests).RequestId, GrantType.Granted);
        rig.RunUntilDone();
    }

    [Fact]
    public void An_obstacle_is_passed_within_the_corridor_after_the_grant_and_a_second_look()
    {
        var rig = Corridor(new(2, 0, ReleaseRequired: true));
        rig.RunUntil(state => !state.EdgeRequests.IsEmpty);
        var asked = Assert.Single(rig.State.EdgeRequests);
        Assert.Equal((EdgeRequestType.Corridor, "1.0f", 1u, RequestStatus.Requested), (asked.RequestType, asked.EdgeId, asked.SequenceId, asked.RequestStatus));
        Assert.False(rig.State.Driving);
        rig.Run(60);
        Assert.Equal(ErrorLevel.Urgent, Assert.Single(rig.State.Errors).ErrorLevel);

        rig.Answer(asked.RequestId, GrantType.Granted, 120);
        Assert.False(rig.State.Driving);
        rig.RunUntil(state => state.MobileRobotPosition!.X > 152);
        Assert.Equal(1.5, rig.State.MobileRobotPosition!.Y, 6);
        Assert.True(rig.State.Velocity!.Vx <= 1.5);
        Assert.Equal(RequestStatus.Granted, rig.State.EdgeRequests[0].RequestStatus);
        rig.RunUntil(state => state.EdgeRequests.IsEmpty);
        Assert.Equal(0, rig.State.MobileRobotPosition!.Y, 6);
        Assert.All(rig.States, state => Assert.InRange(state.LastNodeId == "n1" ? state.MobileRobotPosition!.Y : 0, 0, 2));
        rig.RunUntilDone();
        Assert.Empty(rig.State.Errors);
        Assert.Equal(Town.LengthM("1.0f"), rig.Status.OdometerM, 6);
        rig.AllMessagesAreValid();
    }

    [Fact]
    public void A_vehicle_that_waits_with_its_brooms_down_takes_up_nothing_and_sweeps_on()
    {
        var rig = new Rig();
        rig.Program.Obstacle = new("1.0f", 150, 4, null);
        rig.Send(Town.Order("o1", 0, ["1.0f"], sweep: _ => true));
        rig.RunUntil(state => state.Errors.Any(error => error.ErrorType == "wayBlocked"));
        var before = rig.Status;
        rig.Run(300);
        Assert.Equal((before.HopperM3, before.WaterL), (rig.Status.HopperM3, rig.Status.WaterL));
        rig.Program.Obstacle = null;
        rig.RunUntilDone();
        Assert.Equal("sweptM=300.00", rig.Action("o1.sweep.1").ActionResult);
    }

    [Fact]
    public void What_changed_between_request_and_grant_is_not_driven_on_the_old_grant()
    {
        var rig = Corridor(new(2, 0, ReleaseRequired: true));
        rig.RunUntil(state => !state.EdgeRequests.IsEmpty);
        var id = rig.State.EdgeRequests[0].RequestId;
        rig.Program.Obstacle = new("1.0f", 150, 6, 1.8);
        rig.Answer(id, GrantType.Granted, 120);
        rig.Run(10);
        Assert.False(rig.State.Driving);
        Assert.NotEqual(id, Assert.Single(rig.State.EdgeRequests).RequestId);

        // Gone by itself: nothing is asked any more, the vehicle drives on along its line.
        rig.Program.Obstacle = null;
        rig.RunUntilDone();
        Assert.All(rig.States, state => Assert.Equal(0, state.LastNodeId == "n1" ? state.MobileRobotPosition!.Y : 0, 6));
    }

    [Fact]
    public void An_order_update_neither_ends_the_request_nor_the_pass()
    {
        var rig = Corridor(new(2, 0, ReleaseRequired: true));
        rig.RunUntil(state => !state.EdgeRequests.IsEmpty);
        var id = rig.State.EdgeRequests[0].RequestId;
        rig.Send(Town.Order("o1", 1, ["2.0f"], firstSequenceId: 2));
        rig.Run(5);
        Assert.Equal(id, Assert.Single(rig.State.EdgeRequests).RequestId);
        rig.Answer(id, GrantType.Granted, 120);
        rig.RunUntil(state => state.MobileRobotPosition!.X > 152);
        rig.Send(Town.Order("o1", 2, ["3.0f"], firstSequenceId: 4));
        rig.Run(1);
        Assert.Equal((1.5, id), (Math.Round(rig.State.MobileRobotPosition!.Y, 6), Assert.Single(rig.State.EdgeRequests).RequestId));
        rig.RunUntilDone();
        Assert.Equal("n4", rig.State.LastNodeId);
        foreach (var (one, next) in rig.States.Zip(rig.States.Skip(1)).Where(pair => pair.Second.LastNodeId == "n1"))
        {
            Assert.InRange(Math.Abs(next.MobileRobotPosition!.Y - one.MobileRobotPosition!.Y), 0, 1.5 / 6 * 1.5 + 1e-6);
        }
    }

    [Fact]
    public void A_vehicle_that_restarts_beside_its_line_is_still_there_and_one_that_is_put_elsewhere_is_not()
    {
        var rig = Corridor(new(2, 0, ReleaseRequired: true));
        rig.RunUntil(state => !state.EdgeRequests.IsEmpty);
        rig.Answer(rig.State.EdgeRequests[0].RequestId, GrantType.Granted, 120);
        rig.RunUntil(state => state.MobileRobotPosition!.X > 152);
        rig.Instant(SweeperActions.Cancel("c"));
        rig.RunUntilDone();
        var again = new Rig(start: _ => rig.Program.Condition);
        again.Tick(1);
        Assert.Equal(1.5, again.State.MobileRobotPosition!.Y, 6);
        again.Program.SwitchMode(OperatingMode.Manual);
        again.Tick(1);
        again.Program.MoveByHand("1.0f", 10);
        again.Tick(1);
        Assert.Equal(0, again.State.MobileRobotPosition!.Y, 6);
    }

    [Fact]
    public void A_vehicle_whose_order_is_cancelled_beside_its_line_returns_to_it_with_the_next()
    {
        var rig = Corridor(new(2, 0, ReleaseRequired: true));
        rig.RunUntil(state => !state.EdgeRequests.IsEmpty);
        rig.Answer(rig.State.EdgeRequests[0].RequestId, GrantType.Granted, 120);
        rig.RunUntil(state => state.MobileRobotPosition!.X > 152);
        rig.Instant(SweeperActions.Cancel("c"));
        rig.RunUntilDone();
        Assert.Empty(rig.State.EdgeRequests);
        Assert.Equal(1.5, rig.State.MobileRobotPosition!.Y, 6);
        rig.Send(Town.Order("o2", 0, ["1.0f"], start: ("here", new(rig.State.MobileRobotPosition.X, 1.5))));
        rig.RunUntil(state => state.MobileRobotPosition!.X > 175);
        Assert.Equal(0, rig.State.MobileRobotPosition!.Y, 6);
        var back = rig.States.Where(state => state.OrderId == "o2" && state.MobileRobotPosition!.Y > 0).ToList();
        Assert.All(back.Where(state => state.MobileRobotPosition!.X < 157), state => Assert.Equal(1.5, state.MobileRobotPosition!.Y, 6));
        Assert.All(back, state => Assert.True(state.Velocity!.Vx <= 1.5));
        rig.RunUntilDone();
    }

    [Theory]
    [InlineData(false, 2, true)]
    [InlineData(false, 1.4, false)]
    [InlineData(true, 2, false)]
    [InlineData(true, 2.2, true)]
    public void Without_a_required_release_the_corridor_alone_decides(bool byContour, double leftM, bool passes)
    {
        var rig = Corridor(new(leftM, 0, byContour ? CorridorReferencePoint.Contour : null));
        rig.Run(400);
        Assert.Equal(passes, rig.State.NodeStates.IsEmpty);
        Assert.Equal(!passes, rig.State.Errors.Any(error => error.ErrorType == "wayBlocked"));
        Assert.DoesNotContain(rig.States, state => !state.EdgeRequests.IsEmpty);
    }

    [Fact]
    public void A_leave_that_ends_beside_the_line_stops_the_vehicle_until_a_person_grants_it_anew()
    {
        var rig = Corridor(new(2, 0, ReleaseRequired: true));
        rig.RunUntil(state => !state.EdgeRequests.IsEmpty);
        rig.Answer(rig.State.EdgeRequests[0].RequestId, GrantType.Granted, 6);
        rig.RunUntil(state => state.EdgeRequests is [{ RequestStatus: RequestStatus.Expired }], withinS: 20);
        rig.RunUntil(state => !state.Driving, withinS: 5);
        rig.Run(20);
        Assert.InRange(rig.State.MobileRobotPosition!.Y, 0.1, 2);
        Assert.Equal(ErrorLevel.Critical, Assert.Single(rig.State.Errors).ErrorLevel);
        Assert.Equal(RequestStatus.Requested, rig.State.EdgeRequests[0].RequestStatus);
        rig.Answer(rig.State.EdgeRequests[0].RequestId, GrantType.Granted, 120);
        rig.RunUntilDone();
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_obstacle_on_the_way_of_the_pass_stops_the_vehicle_until_it_is_gone(bool isRemeasured)
    {
        var rig = Corridor(new(2, 0));
        var first = rig.Program.Obstacle;
        rig.RunUntil(state => state.MobileRobotPosition!.Y > 1);
        rig.Program.Obstacle = isRemeasured ? first! with { LengthM = 9 } : new("1.0f", 157, 2, 1.5);
        rig.RunUntil(state => !state.Driving, withinS: 5);
        var x = rig.State.MobileRobotPosition!.X;
        Assert.Equal("wayBlocked", Assert.Single(rig.State.Errors).ErrorType);
        rig.Run(60);
        Assert.Equal((x, "o1"), (rig.State.MobileRobotPosition!.X, rig.State.OrderId));
        rig.Program.Obstacle = first;
        rig.RunUntilDone();
        Assert.Empty(rig.State.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_pause_before_or_beside_an_obstacle_the_vehicle_looks_again_before_it_goes_on(bool isBeside)
    {
        var rig = Corridor(new(2, 0));
        rig.RunUntil(state => isBeside ? state.MobileRobotPosition!.Y > 1 : state.Errors.Any(error => error.ErrorType == "wayBlocked"));
        rig.Instant(SweeperActions.StartPause);
        rig.Run(10);
        var x = rig.State.MobileRobotPosition!.X;
        rig.Instant(SweeperActions.StopPause);
        rig.Tick(0.9);
        Assert.Equal(x, rig.State.MobileRobotPosition!.X);
        Assert.False(rig.State.Driving);
        rig.RunUntilDone();
        Assert.Equal("n2", rig.State.LastNodeId);
    }

    private static Zone Release(ZoneLossBehavior? behavior) => ZoneTests.Block("z", 100, 150) with { ZoneType = ZoneType.Release, ReleaseLossBehavior = behavior };

    private static Rig Before(Zone zone)
    {
        var rig = new Rig();
        rig.Enable("a", zone);
        rig.Send(Town.Order("o1", 0, ["1.0f", "2.0f"]));
        return rig;
    }

    private static Rig Inside(Zone zone, out string requestId)
    {
        var rig = Before(zone);
        rig.RunUntil(state => !state.ZoneRequests.IsEmpty);
        requestId = rig.State.ZoneRequests[0].RequestId;
        rig.Answer(requestId, GrantType.Granted);
        rig.RunUntil(state => state.MobileRobotPosition!.X > 110);
        return rig;
    }

    private static Rig Corridor(Corridor corridor)
    {
        var rig = new Rig();
        rig.Program.Obstacle = new("1.0f", 150, 4, 1.5);
        var order = Town.Order("o1", 0, ["1.0f"]);
        rig.Send(order with { Edges = [order.Edges[0] with { Corridor = corridor }] });
        return rig;
    }
}
