using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>The Centre's side of the safety profile, decision by decision.</summary>
public sealed class SupervisingTests
{
    private readonly TestShift shift = new TestShift().Sweep([GridTown.KerbBetween(1, 2).Id]);
    private readonly Twin twin;
    private State state;
    private DateTimeOffset now;
    private uint safetyHeader;

    public SupervisingTests()
    {
        shift.RunMinutes(0.5);
        (twin, state, now) = (shift.Twin, shift.LastState!, shift.Loop.Now);
    }

    [Fact]
    public void A_lease_answers_the_newest_report_and_is_not_given_twice_in_a_second()
    {
        var (first, lease) = Report(twin, 1);
        Assert.Equal((1u, twin.LeaseId + 1), (lease!.Epoch, lease.LeaseId));
        Assert.Equal((state.HeaderId, state.Timestamp), (lease.Heard.HeaderId, lease.Heard.Timestamp));
        Assert.Equal(new(GridTown.City.Fingerprint, "EPSG:25832"), lease.Map);
        Assert.True(lease.SupervisorOnDuty);
        var (second, none) = Report(first, 0.3);
        Assert.Null(none);
        var (_, next) = Report(second, 0.7);
        Assert.Equal(lease.LeaseId + 1, next!.LeaseId);
    }

    [Fact]
    public void A_report_that_was_overtaken_renews_nothing()
    {
        now = now.AddSeconds(5);
        var (_, effects) = TwinRules.Decide(twin, new TwinEvent.Reported(state with { HeaderId = state.HeaderId - 1, Timestamp = state.Timestamp.AddSeconds(-1) }), now, GridTown.Context);
        Assert.DoesNotContain(effects.OfType<TwinEffect.Send>(), send => send.Topic == LinkTopic.Supervision);
    }

    [Fact]
    public void A_lease_says_when_nobody_is_on_duty()
    {
        var (off, _) = TwinRules.Decide(twin, new TwinEvent.Ticked(IsSupervisorOnDuty: false), now, GridTown.Context);
        Assert.False(Report(off, 1).Lease!.SupervisorOnDuty);
    }

    [Theory]
    [InlineData(SafetyMode.Waiting, 1, false)]
    [InlineData(SafetyMode.Supervised, 1, true)]
    [InlineData(SafetyMode.Supervised, 0, false)]
    [InlineData(SafetyMode.Mrm, 1, false)]
    [InlineData(SafetyMode.Mrc, 1, false)]
    public void A_supervised_vehicle_is_ready_only_with_a_lease_of_this_epoch(SafetyMode mode, uint epoch, bool isReady) =>
        Assert.Equal(isReady, Tell(twin, mode, epoch).Twin.IsReady);

    [Fact]
    public void A_vehicle_that_goes_on_without_a_word_of_its_safety_gets_no_orders_after_15_s_and_people_see_why()
    {
        var supervised = Tell(twin, SafetyMode.Supervised).Twin;
        for (var i = 0; i < 12; i++)
        {
            // The same again and again, as it says it every 5 s.
            supervised = Tell(Report(supervised, 5).Twin, SafetyMode.Supervised).Twin;
            Assert.True(supervised.IsReady);
        }

        var silent = Report(Report(supervised, 15).Twin, 0.1).Twin;
        Assert.False(silent.IsReady);
        Assert.Contains(TwinView.Of(silent, GridTown.Context).Errors, error => error.Contains("safety profile", StringComparison.Ordinal));
        // Nor does a new connection make it ready.
        Assert.False((silent with { Link = LinkState.Connected, LinkSince = now }).IsReady);
        var again = Tell(silent, SafetyMode.Supervised).Twin;
        Assert.True(again.IsReady);
        Assert.DoesNotContain(TwinView.Of(again, GridTown.Context).Errors, error => error.Contains("safety profile", StringComparison.Ordinal));
    }

    [Fact]
    public void A_late_word_of_its_safety_does_not_make_a_silent_vehicle_ready()
    {
        var supervised = Tell(twin, SafetyMode.Supervised).Twin;
        var (late, sentAt) = (safetyHeader, now);
        supervised = Tell(Report(supervised, 5).Twin, SafetyMode.Supervised).Twin;
        var silent = Report(Report(supervised, 15).Twin, 0.1).Twin;
        Assert.False(Tell(silent, SafetyMode.Supervised, header: late, sentAt: sentAt).Twin.IsReady);
    }

    [Fact]
    public void To_a_supervised_vehicle_commands_go_with_a_stamp()
    {
        var supervised = Tell(twin, SafetyMode.Supervised).Twin;
        var (_, effects) = Command(supervised, VehicleCommandKind.Resume);
        var stamp = CommandStamp.Of(SentAction(effects)!, out var fault);
        Assert.True(stamp is not null, fault);
        Assert.Equal((1u, supervised.LeaseId, "Ada"), (stamp.Epoch, stamp.LeaseId, stamp.By));
        // A plain vehicle gets what the standard knows.
        Assert.Empty(SentAction(Command(twin, VehicleCommandKind.Resume).Effects)!.ActionParameters);
    }

    [Fact]
    public void How_long_a_command_holds_is_a_rule()
    {
        var fast = new CityContext(GridTown.City, rules: new() { CommandValidFor = TimeSpan.FromSeconds(60) });
        var (resumed, effects) = TwinRules.Decide(Tell(twin, SafetyMode.Supervised).Twin, new TwinEvent.Commanded(VehicleCommandKind.Resume, "Ada"), now, fast);
        Assert.Equal(60, CommandStamp.Of(SentAction(effects)!, out _)!.ValidForS);
        Assert.Single(TwinRules.Decide(resumed, new TwinEvent.Ticked(), now.AddSeconds(50), fast).Twin.Commands);
        Assert.Empty(TwinRules.Decide(resumed, new TwinEvent.Ticked(), now.AddSeconds(61), fast).Twin.Commands);
    }

    [Fact]
    public void What_a_person_wanted_expires_and_a_stop_does_not()
    {
        var resumed = Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Resume).Twin;
        Assert.NotNull(SentAction(Tick(resumed, 3).Effects));
        var (expired, effects) = Tick(resumed, 20);
        Assert.Empty(expired.Commands);
        Assert.Null(SentAction(effects));
        Assert.Contains(effects.OfType<TwinEffect.Note>(), note => note is { Kind: "commandExpired", Who: "Ada" });

        var stopped = Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Stop).Twin;
        Assert.Equal(SweeperActions.Deactivate, SentAction(Tick(stopped, 200).Effects)!.ActionType);
    }

    [Fact]
    public void A_release_that_could_not_be_sent_expires_too_and_nothing_drives_off_beside_the_mechanic()
    {
        var serviced = Next(1) with { OperatingMode = OperatingMode.Service };
        var stopped = Tell(Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Stop).Twin, SafetyMode.Mrc).Twin with { Commands = [] };
        var held = TwinRules.Decide(stopped, new TwinEvent.Reported(serviced), now, GridTown.Context).Twin with { Commands = [] };
        var (waiting, none) = Command(held, VehicleCommandKind.Release, new("needed", "The way is free."));
        Assert.Null(SentAction(none));
        Assert.Equal(SweeperActions.EndMrc, waiting.Commands.Single().ActionType);

        now = now.AddSeconds(11);
        var (after, effects) = TwinRules.Decide(waiting, new TwinEvent.Reported(Next(1) with { OperatingMode = OperatingMode.Automatic }), now, GridTown.Context);
        Assert.DoesNotContain(after.Commands, command => command.ActionType == SweeperActions.EndMrc);
        Assert.NotEqual(SweeperActions.EndMrc, SentAction(effects)?.ActionType);
        Assert.Contains(Tick(waiting, 0).Effects.OfType<TwinEffect.Note>(), note => note is { Kind: "commandExpired", Who: "Ada" });

        // What was stored before its time was kept is not sent either.
        var old = waiting with { Commands = [waiting.Commands.Single() with { GivenAt = null }] };
        Assert.Empty(Tick(old, -11).Twin.Commands);
    }

    [Fact]
    public void After_a_restart_a_persons_command_of_the_time_before_is_not_sent_and_a_stop_is()
    {
        var resumed = Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Resume).Twin;
        Assert.Null(SentAction(Restart(resumed)));
        var stopped = Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Stop).Twin;
        Assert.Equal(SweeperActions.Deactivate, SentAction(Restart(stopped))!.ActionType);
    }

    [Fact]
    public void A_release_needs_an_investigation_and_goes_on_record_whole_before_it_is_sent()
    {
        var stopped = Tell(Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Stop).Twin, SafetyMode.Mrc).Twin with { Commands = [] };
        var (held, refused) = Command(stopped, VehicleCommandKind.Release);
        Assert.True(held.IsStopped);
        Assert.Null(SentAction(refused));

        var text = new string('x', MrcInvestigation.MaxTextLength);
        var (_, effects) = Command(stopped, VehicleCommandKind.Release, new("needed", text));
        var investigation = MrcInvestigation.Of(SentAction(effects)!, out var fault);
        Assert.True(investigation is not null, fault);
        Assert.Equal(("mrc-1", "needed", text, false), (investigation.MrcId, investigation.Finding, investigation.Text, investigation.CancelsOrder));
        Assert.Contains(effects.OfType<TwinEffect.Note>(), note => note is { Kind: "mrcInvestigated", Who: "Ada" } && note.Text.Contains(text, StringComparison.Ordinal));
    }

    private static readonly Investigation Found = new("needed", "The way is free.");

    private Twin Stopped() => Tell(Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Stop).Twin, SafetyMode.Mrc).Twin with { Commands = [] };

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Show(Twin from, string actionId, ActionStatus status, bool deactivated) => TwinRules.Decide(
        from,
        new TwinEvent.Reported(Next(1) with { InstantActionStates = [new(actionId, status)], SweeperStatus = state.SweeperStatus! with { Deactivated = deactivated } }),
        now,
        GridTown.Context);

    [Theory]
    [InlineData(ActionStatus.Finished, false)]
    [InlineData(ActionStatus.Failed, true)]
    public void A_stop_is_over_when_the_vehicle_has_carried_the_release_out_and_not_before(ActionStatus end, bool staysStopped)
    {
        var (released, effects) = Command(Stopped(), VehicleCommandKind.Release, Found);
        Assert.True(released.IsStopped);
        var id = SentAction(effects)!.ActionId;
        Assert.Equal("releaseRefused", Assert.Single(Command(released, VehicleCommandKind.Release, Found).Effects.OfType<TwinEffect.Note>(), note => note.Kind != "command").Kind);
        var (shown, none) = Show(released, id, ActionStatus.Running, deactivated: false);
        Assert.True(shown.IsStopped);
        Assert.Null(SentAction(none));
        Assert.Equal(staysStopped, Show(shown, id, end, deactivated: staysStopped).Twin.IsStopped);
        Assert.True(Tick(released, 11).Twin.IsStopped);
    }

    [Fact]
    public void A_stop_after_a_release_is_not_ended_by_it()
    {
        var (released, effects) = Command(Stopped(), VehicleCommandKind.Release, Found);
        var again = Command(released, VehicleCommandKind.Stop).Twin;
        Assert.True(Show(again, SentAction(effects)!.ActionId, ActionStatus.Finished, deactivated: false).Twin.IsStopped);
    }

    [Fact]
    public void With_a_release_that_gives_the_order_up_nothing_is_ordered_until_a_person_resumes()
    {
        var (released, effects) = Command(Stopped(), VehicleCommandKind.Release, Found with { CancelsOrder = true });
        var actions = effects.OfType<TwinEffect.Send>().Select(send => send.Message).OfType<InstantActions>().Select(message => message.Actions[0]).ToList();
        Assert.Equal([SweeperActions.EndMrc, SweeperActions.StartPause], actions.Select(action => action.ActionType));
        var free = Tell(Show(released, actions[0].ActionId, ActionStatus.Finished, deactivated: false).Twin, SafetyMode.Supervised).Twin;
        Assert.Equal((false, true, false), (free.IsStopped, free.IsPaused, free.IsReady));
        Assert.False(Command(free, VehicleCommandKind.Resume).Twin.IsPaused);
    }

    [Fact]
    public void A_page_asks_for_the_investigation_already_while_the_vehicle_brakes() =>
        Assert.Equal("mrc-1", TwinView.Of(Tell(twin, SafetyMode.Mrm).Twin, GridTown.Context).MrcId);

    [Fact]
    public void A_late_or_doubled_report_of_the_safety_is_not_believed_and_one_of_a_new_program_is()
    {
        var before = Tell(twin, SafetyMode.Supervised).Twin;
        var atRisk = Tell(before, SafetyMode.Mrc).Twin;
        foreach (var header in (uint[])[1, 2])
        {
            var (after, effects) = Tell(atRisk, SafetyMode.Supervised, header: header);
            Assert.Equal(SafetyMode.Mrc, after.Safety!.Mode);
            Assert.Empty(effects.OfType<TwinEffect.Note>());
        }

        now = now.AddSeconds(1);
        Assert.Equal(SafetyMode.Supervised, Tell(atRisk, SafetyMode.Supervised, header: 1).Twin.Safety!.Mode);
        now = now.AddSeconds(-60);
        Assert.Equal(SafetyMode.Supervised, Tell(atRisk, SafetyMode.Supervised).Twin.Safety!.Mode);
        Assert.Equal(SafetyMode.Supervised, Tell(atRisk with { SafetyHeard = null }, SafetyMode.Supervised, header: 1).Twin.Safety!.Mode);
    }

    [Fact]
    public void A_stop_is_not_overtaken_by_its_release()
    {
        var stopped = Command(Tell(twin, SafetyMode.Supervised).Twin, VehicleCommandKind.Stop).Twin;
        var (after, effects) = Command(stopped, VehicleCommandKind.Release, new("a", "b"));
        Assert.True(after.IsStopped);
        Assert.Contains(effects.OfType<TwinEffect.Note>(), note => note.Kind == "releaseRefused");
    }

    [Fact]
    public void An_event_is_kept_and_then_acknowledged_and_one_that_is_hurt_is_not()
    {
        var good = Event();
        var (after, effects) = TwinRules.Decide(twin, new TwinEvent.EventCame(good), now, GridTown.Context);
        Assert.Equal(good.Content, Assert.Single(effects.OfType<TwinEffect.KeepEvent>()).Content);
        Assert.True(Receipt(effects).Kept);
        Assert.Equal(StoreBatch.Between(twin, after, effects, now, GridTown.Context).Events.Single().Sha256, good.Sha256);
        // The receipt got lost: it comes again, is acknowledged again, and stands on record once.
        var (_, again) = TwinRules.Decide(after, new TwinEvent.EventCame(good), now, GridTown.Context);
        Assert.True(Receipt(again).Kept);
        Assert.DoesNotContain(again.OfType<TwinEffect.Note>(), note => note.Kind == "eventRecorded");

        var other = Hashed(good, good.Content.Replace("needed", "needless", StringComparison.Ordinal));
        var (_, whole) = TwinRules.Decide(after, new TwinEvent.EventCame(other), now, GridTown.Context);
        Assert.Contains(whole.OfType<TwinEffect.Note>(), note => note.Kind == "eventRecorded" && note.Text.Contains(other.Sha256, StringComparison.Ordinal));

        foreach (var bad in (EventMessage[])[good with { Content = good.Content.Replace("needed", "needled", StringComparison.Ordinal) }, good with { EventId = "another" }, Hashed(good, "{}")])
        {
            var (_, refused) = TwinRules.Decide(twin, new TwinEvent.EventCame(bad), now, GridTown.Context);
            Assert.Empty(refused.OfType<TwinEffect.KeepEvent>());
            Assert.False(Receipt(refused).Kept);
            Assert.NotNull(Receipt(refused).Reason);
            // It is told by who received it, who bounds that: a twin would write as many entries as bad messages come.
            Assert.Empty(refused.OfType<TwinEffect.Note>());
            Assert.Contains(Receipt(refused).Reason!, Supervising.FaultOf(bad, twin.Id), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_position_on_another_map_is_not_used_and_told_once()
    {
        var elsewhere = Next(1) with { MobileRobotPosition = state.MobileRobotPosition! with { MapId = "another-town" } };
        var (after, effects) = TwinRules.Decide(twin, new TwinEvent.Reported(elsewhere), now, GridTown.Context);
        Assert.Null(after.Facts!.Position);
        Assert.Contains(after.Facts.Errors, error => error.Contains("another-town", StringComparison.Ordinal));
        Assert.Single(effects.OfType<TwinEffect.Note>(), note => note.Kind == "otherMap");
        state = elsewhere;
        Assert.DoesNotContain(TwinRules.Decide(after, new TwinEvent.Reported(Next(1)), now, GridTown.Context).Effects.OfType<TwinEffect.Note>(), note => note.Kind == "otherMap");
    }

    private static EventMessage Hashed(EventMessage message, string content) => message with { Content = content, Sha256 = EventMessage.HashOf(content) };

    private static EventReceipt Receipt(IEnumerable<TwinEffect> effects) =>
        Assert.Single(((EventReceipts)effects.OfType<TwinEffect.Send>().Single(send => send.Topic == LinkTopic.EventReceipts).Message).Receipts);

    /// <summary>But for the question that a vehicle is asked when it is back.</summary>
    private static RobotAction? SentAction(IEnumerable<TwinEffect> effects) =>
        effects.OfType<TwinEffect.Send>().Where(send => send.Topic == LinkTopic.InstantActions).Select(send => ((InstantActions)send.Message).Actions[0])
            .SingleOrDefault(action => action.ActionType != SweeperActions.StateRequest);

    private EventMessage Event()
    {
        var content = System.Text.Encoding.UTF8.GetString(LinkJson.Serialize(new VehicleEvent
        {
            HeaderId = 0,
            Timestamp = now,
            Vehicle = twin.Id,
            EventId = "T-1-20260302T050000000Z",
            Vin = "KEHRWERK000000T01",
            SoftwareVersion = "1",
            Complete = true,
            Occasions = [new(Occasion.Intervention, now, "deactivate", "needed")],
            ReferenceSystem = "EPSG:4258",
            Drives = new(1),
            Activations = new(1),
            Deactivations = new(1),
            Releases = new(0),
            Series = new() { TimeS = [0], Latitude = [51], Longitude = [7], SpeedMps = [0], AccelerationMps2 = [0], LateralMps2 = [0], LatencyS = [0], ReceivedBytesPerS = [0] },
            Changes = [],
            Received = [],
        }));
        return new() { HeaderId = 0, Timestamp = now, Vehicle = twin.Id, EventId = "T-1-20260302T050000000Z", Sha256 = EventMessage.HashOf(content), Content = content };
    }

    private State Next(double seconds)
    {
        now = now.AddSeconds(seconds);
        return state = state with { HeaderId = state.HeaderId + 1, Timestamp = state.Timestamp.AddSeconds(seconds) };
    }

    private (Twin Twin, Supervision? Lease) Report(Twin from, double afterS)
    {
        var (after, effects) = TwinRules.Decide(from, new TwinEvent.Reported(Next(afterS)), now, GridTown.Context);
        return (after, (Supervision?)effects.OfType<TwinEffect.Send>().SingleOrDefault(send => send.Topic == LinkTopic.Supervision)?.Message);
    }

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Tell(Twin from, SafetyMode mode, uint epoch = 1, uint? header = null, DateTimeOffset? sentAt = null) => TwinRules.Decide(
        from,
        new TwinEvent.SafetyReported(new()
        {
            HeaderId = header ?? ++safetyHeader,
            Timestamp = sentAt ?? now,
            Vehicle = twin.Id,
            Mode = mode,
            Epoch = epoch,
            LeaseTimeoutS = 3,
            MrcId = mode is SafetyMode.Mrm or SafetyMode.Mrc ? "mrc-1" : null,
            Announcements = [],
            Map = new(GridTown.City.Fingerprint, "EPSG:25832"),
            EventsWaiting = 0,
        }),
        now,
        GridTown.Context);

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Command(Twin from, VehicleCommandKind kind, Investigation? investigation = null) =>
        TwinRules.Decide(from, new TwinEvent.Commanded(kind, "Ada", investigation), now, GridTown.Context);

    private (Twin Twin, IReadOnlyList<TwinEffect> Effects) Tick(Twin from, double afterS) =>
        TwinRules.Decide(from, new TwinEvent.Ticked(), now.AddSeconds(afterS), GridTown.Context);

    /// <summary>The Centre starts again in its next epoch, hears the vehicle, and a while passes.</summary>
    private List<TwinEffect> Restart(Twin before)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(TwinMemory.Of(before), StoreJson.Default.TwinMemory);
        var memory = System.Text.Json.JsonSerializer.Deserialize(json, StoreJson.Default.TwinMemory)!;
        var recalled = memory.Recall(shift.Fleet[0], before.Mission) with { Epoch = 2 };
        var (started, first) = TwinRules.Decide(recalled, new TwinEvent.Restarted(), now, GridTown.Context);
        var (heard, second) = TwinRules.Decide(started, new TwinEvent.Reported(Next(1)), now, GridTown.Context);
        var (shown, third) = Tell(heard, SafetyMode.Supervised, epoch: 2);
        var (_, last) = Tick(shown, 1);
        return [.. first, .. second, .. third, .. last.Where(effect => !first.Concat(second).Concat(third).Any(e => e is TwinEffect.Send { Topic: LinkTopic.InstantActions }))];
    }
}
