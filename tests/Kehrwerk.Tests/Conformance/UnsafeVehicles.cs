using System.Collections.Immutable;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using static Kehrwerk.Tests.Conformance.Break;

namespace Kehrwerk.Tests.Conformance;

/// <summary>For each rule of the safety profile a supervised vehicle that breaks it, and no other.</summary>
internal static class UnsafeVehicles
{
    public static Dictionary<string, Func<Action<Bend>>> OfProfile { get; } = new(StringComparer.Ordinal)
    {
        ["sp.topic.version"] = () => bend => bend.Hears = (topic, message) => topic == LinkTopic.Supervision ? Bend.Text(message, "\"profileVersion\":\"2.0.0\"", "\"profileVersion\":\"1.0.0\"") : message,
        ["sp.topic.retained"] = () => bend => bend.Hears = (topic, message) =>
        {
            if (topic == LinkTopic.Order && message.Retain)
            {
                // When it has a lease again.
                bend.Whisper(topic, message with { Retain = false }, afterS: 3);
                return null;
            }

            return message;
        },
        ["sp.topic.state"] = () => Idle(20, 22.5, _ => null),
        ["sp.lease.ids"] = () => Leases(() =>
        {
            uint last = 0;
            return (_, lease) => lease with { LeaseId = last = lease.Epoch > 1 || lease.LeaseId > last ? lease.LeaseId : last + 1 };
        }),
        ["sp.lease.heard"] = () => Leases((_, lease) => lease.Heard.HeaderId >= 100_000 ? lease with { Heard = lease.Heard with { HeaderId = lease.Heard.HeaderId - 100_000 } } : lease),
        ["sp.lease.valid-for"] = () => Leases((_, lease) => lease with { ValidForS = 3 }),
        ["sp.lease.duty"] = () => Leases((_, lease) => lease with { SupervisorOnDuty = true }),
        ["sp.lease.no-order"] = () => Renames(ErrorTypes.MobileRobotNotAvailable, "no valid supervision lease"),
        ["sp.lease.lost"] = () => Reports(report => report is { Cause: MrcCause.LeaseLost, Since: { } since } ? report with { Since = since.AddSeconds(2) } : report),
        ["sp.lease.map"] = () => Leases((_, lease) => lease with { Map = lease.Map with { MapId = OwnRoute.Instance.MapId } }),
        ["sp.lease.only-permits"] = () => Idle(20, 25, state => state with { Driving = true }),
        ["sp.epoch.old"] = () => Leases(() =>
        {
            uint highest = 0;
            return (_, lease) => lease with { Epoch = highest = Math.Max(highest, lease.Epoch) };
        }),
        ["sp.epoch.new"] = SlowEpoch,
        ["sp.epoch.order"] = () => Renames(ErrorTypes.MobileRobotNotAvailable, "The order is of epoch"),
        ["sp.mode.report"] = Quiet,
        ["sp.mode.mrc-id"] = () => OtherId("mrc-3", "mrc-1"),
        ["sp.mode.stays"] = WakesAtLease,
        ["sp.mode.stands"] = StaysInMrm,
        ["sp.mode.keeps-order"] = () => States(state => IsAtRisk(state) && !state.Driving ? state with { OrderId = "" } : state),
        ["sp.mode.shown"] = () => States(state => state with { SafetyState = state.SafetyState with { ActiveEmergencyStop = EmergencyStop.None } }),
        ["sp.command.once"] = PausesAgain,
        ["sp.command.stop"] = () => Hears<InstantActions>(LinkTopic.InstantActions, (bend, message) => message.Actions.Any(action => action.ActionType == SweeperActions.StartPause && CommandStamp.Of(action, out _) is null) ? null : message),
        ["sp.command.unstamped"] = () => OtherWords("unstamped"),
        ["sp.command.epoch"] = () => OtherWords("epoch"),
        ["sp.command.expired"] = () => OtherWords("expired"),
        ["sp.command.error"] = () => States(state => state with { Errors = [.. state.Errors.Where(error => error.ErrorDescription?.Contains("was refused", StringComparison.Ordinal) != true)] }),
        ["sp.deactivate.mrm"] = () => Reports(report => report.MrcId == "mrc-3" ? report with { Cause = MrcCause.LeaseLost } : report),
        ["sp.deactivate.own-id"] = () => OtherId("mrc-2", "mrc-1"),
        ["sp.deactivate.awake"] = () => Ends(SweeperActions.StartHibernation, ActionStatus.Failed, ActionStatus.Finished),
        ["sp.end.no-mrc"] = () => OtherWords("noMrc"),
        ["sp.end.other"] = () => OtherWords("otherMrc"),
        ["sp.end.incomplete"] = () => OtherWords("incomplete"),
        ["sp.end.unsupervised"] = () => OtherWords("unsupervised"),
        ["sp.end.continue"] = () => Then("continue", "cancel"),
        ["sp.end.cancel"] = () => Then("cancel", "continue", times: 1),
        ["sp.end.only"] = EndsByActivate,
        ["sp.out.setting-off"] = () => Silent(Announcement.SettingOff),
        ["sp.out.shown"] = () => Reports(report => report with { Shown = new(LightBands.Steady, OutsideSound.None, new("", "")) }),
        ["sp.out.hazard"] = () => Silent(Announcement.HazardLights),
        ["sp.event.sent"] = () => Events((_, content) => content with { Series = content.Series with { TimeS = [.. content.Series.TimeS.Select(second => second + 5)] } }),
        ["sp.event.not-measured"] = () => Events((_, content) => content with { NotMeasured = [] }),
        ["sp.event.hash"] = () =>
        {
            var count = 0;
            return Says<EventMessage>(LinkTopic.Events, (_, message) => count++ == 0 ? message with { Sha256 = new string('0', 64) } : message);
        },
        ["sp.event.repeated"] = () =>
        {
            var sent = new HashSet<string>();
            return bend => bend.Says = (topic, message) => topic != LinkTopic.Events ? message
                : Bend.Read<EventMessage>(message) is var recorded && sent.Add(recorded.Sha256) ? bend.Numbered(topic, message, recorded) : null;
        },
        ["sp.event.receipt"] = RepeatsForEver,
    };

    private static bool IsAtRisk(State state) => state.Errors.Any(error => error.ErrorType == "minimalRisk");

    private static Action<Bend> Leases(Func<Bend, Supervision, Supervision> change) => Hears(LinkTopic.Supervision, change);

    private static Action<Bend> Leases(Func<Func<Bend, Supervision, Supervision>> make) => Leases(make());

    private static Action<Bend> Reports(Func<SafetyReport, SafetyReport> change) => Says<SafetyReport>(LinkTopic.Safety, (_, report) => change(report));

    private static Action<Bend> Silent(Announcement what) => Reports(report => report with { Announcements = [.. report.Announcements.Where(said => said != what)] });

    private static Action<Bend> Events(Func<Bend, VehicleEvent, VehicleEvent> change) => Says<EventMessage>(LinkTopic.Events, (bend, message) =>
    {
        var content = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(message.Content)).Message!;
        var text = Encoding.UTF8.GetString(LinkJson.Serialize(change(bend, content)));
        return message with { Content = text, Sha256 = EventMessage.HashOf(text) };
    });

    private static Action<Bend> OtherWords(string code) => States(state => state with
    {
        InstantActionStates = [.. state.InstantActionStates.Select(action => action.ActionResult?.StartsWith($"refused: {code}", StringComparison.Ordinal) == true ? action with { ActionResult = "no" } : action)],
    });

    /// <summary>Changes states while it has stood without an order for so long, seconds.</summary>
    private static Action<Bend> Idle(double fromS, double toS, Func<State, State?> change)
    {
        double? since = null;
        return States((bend, state) =>
        {
            since = state.NodeStates.IsEmpty && state.OrderId.Length > 0 ? since ?? bend.AtS : null;
            return bend.AtS - since > fromS && bend.AtS - since < toS ? change(state) : state;
        });
    }

    /// <summary>Says nothing of its safety for 10 s while it stands without an order.</summary>
    private static Action<Bend> Quiet()
    {
        double? since = null;
        return bend => bend.Says = (topic, message) =>
        {
            if (topic == LinkTopic.State && Bend.Read<State>(message) is var state)
            {
                since = state.NodeStates.IsEmpty && state.OrderId.Length > 0 ? since ?? bend.AtS : null;
            }

            return topic == LinkTopic.Safety && bend.AtS - since is > 20 and < 30 ? null : message;
        };
    }

    private static Action<Bend> SlowEpoch()
    {
        uint? first = null;
        double? since = null;
        return Says<SafetyReport>(LinkTopic.Safety, (bend, report) =>
        {
            first ??= report.Epoch > 0 ? report.Epoch : null;
            since ??= report.Epoch > first ? bend.AtS : null;
            return bend.AtS - since < 8 ? report with { Epoch = first!.Value } : report;
        });
    }

    /// <summary>Gives one condition the id of another, and takes that id when it is ended.</summary>
    private static Action<Bend> OtherId(string own, string said)
    {
        var isOwn = false;
        return bend =>
        {
            bend.Says = (topic, message) =>
            {
                switch (topic)
                {
                    case LinkTopic.Safety when Bend.Read<SafetyReport>(message) is var report:
                        isOwn = report.MrcId == own;
                        return isOwn ? Bend.With(message, report with { MrcId = said }) : message;
                    case LinkTopic.State:
                        return Bend.Text(message, $"\"referenceValue\":\"{own}\"", $"\"referenceValue\":\"{said}\"");
                    default:
                        return message;
                }
            };
            bend.Hears = (topic, message) => topic == LinkTopic.InstantActions && isOwn ? Bend.Text(message, $"\"value\":\"{said}\"", $"\"value\":\"{own}\"") : message;
        };
    }

    /// <summary>Ends its condition by itself once leases come again.</summary>
    private static Action<Bend> WakesAtLease()
    {
        SafetyReport? last = null;
        var isDone = false;
        return Both(
            Reports(report => last = report),
            Leases((bend, lease) =>
            {
                if (!isDone && last is { Mode: SafetyMode.Mrc, Cause: MrcCause.LeaseLost })
                {
                    isDone = true;
                    bend.Whisper(LinkTopic.InstantActions, BrokenVehicles.Command(bend, EndIt(last, lease)), afterS: 2.5);
                }

                return lease;
            }));
    }

    private static RobotAction EndIt(SafetyReport at, Supervision lease) =>
        new CommandStamp(lease.Epoch, lease.LeaseId, 10, "itself").On(new MrcInvestigation(at.MrcId!, "itself", "itself").ToAction("own-end"));

    private static Action<Bend> StaysInMrm()
    {
        double? since = null;
        return Says<SafetyReport>(LinkTopic.Safety, (bend, report) =>
        {
            since ??= report.Mode == SafetyMode.Mrc ? bend.AtS : null;
            return report.Mode == SafetyMode.Mrc && bend.AtS - since < 70 ? report with { Mode = SafetyMode.Mrm } : report;
        });
    }

    private static Action<Bend> PausesAgain()
    {
        var ids = new HashSet<string>();
        return Hears<InstantActions>(LinkTopic.InstantActions, (_, message) => message with
        {
            Actions = [.. message.Actions.Select(action => action.ActionType == SweeperActions.StartPause && !ids.Add(action.ActionId) ? action with { ActionId = action.ActionId + "-again" } : action)],
        });
    }

    private static Action<Bend> Then(string from, string to, int times = int.MaxValue)
    {
        var count = 0;
        return bend => bend.Hears = (topic, message) =>
            topic == LinkTopic.InstantActions && Encoding.UTF8.GetString(message.Payload.Span).Contains($"\"value\":\"{from}\"", StringComparison.Ordinal) && count++ < times
                ? Bend.Text(message, $"\"value\":\"{from}\"", $"\"value\":\"{to}\"") : message;
    }

    private static Action<Bend> EndsByActivate()
    {
        SafetyReport? last = null;
        Supervision? lease = null;
        return bend =>
        {
            Reports(report => last = report)(bend);
            bend.Hears = (topic, message) =>
            {
                lease = topic == LinkTopic.Supervision && LinkJson.Read<Supervision>(message.Payload.Span).Message is { } newest ? newest : lease;
                if (topic == LinkTopic.InstantActions && last?.MrcId is not null && Bend.Read<InstantActions>(message).Actions[0].ActionType == SweeperActions.Activate)
                {
                    bend.Whisper(topic, BrokenVehicles.Command(bend, EndIt(last, lease!)), afterS: 0.5);
                }

                return message;
            };
        };
    }

    private static Action<Bend> RepeatsForEver()
    {
        LinkMessage? last = null;
        return bend =>
        {
            bend.Says = (topic, message) => topic == LinkTopic.Events ? bend.Numbered(topic, last = message, Bend.Read<EventMessage>(message)) : message;
            bend.Hears = (topic, message) =>
            {
                if (topic == LinkTopic.EventReceipts && last is { } again)
                {
                    bend.Loop.Schedule(TimeSpan.FromSeconds(12), () => bend.Say(bend.Numbered(LinkTopic.Events, again, Bend.Read<EventMessage>(again))));
                }

                return message;
            };
        };
    }
}
