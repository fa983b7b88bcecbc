using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>What a vehicle last said of its supervision.</summary>
/// <param name="Epoch">The highest epoch of a Centre that it has heard.</param>
/// <param name="MrcId">The minimal risk condition in which it is, or into which it is braking.</param>
/// <param name="Shown">What it shows and lets hear to those around it; null where it does not say.</param>
/// <param name="Said">What it announces, a bit for each <see cref="Announcement"/>.</param>
public sealed record SafetyFacts(SafetyMode Mode, uint Epoch, string? MrcId, MrcCause? Cause, string? LeaseRefusal, Shown? Shown = null, uint Said = 0)
{
    public bool IsAtRisk => Mode is SafetyMode.Mrm or SafetyMode.Mrc;
}

/// <summary>What a supervisor found before a minimal risk condition is ended (AFGBV § 14 (3)); goes on record.</summary>
/// <param name="Finding">What triggered it, and whether it was needed.</param>
/// <param name="Text">What was looked at, and why the vehicle may go on.</param>
/// <param name="CancelsOrder">The order is given up; else the vehicle goes on with it.</param>
public sealed record Investigation(string Finding, string Text, bool CancelsOrder = false);

/// <summary>
/// The Centre's side of the safety profile for one vehicle (docs/link/safety-profile.md): gives leases, stamps commands, takes in
/// what the vehicle says of its safety and what it recorded.
/// </summary>
internal static class Supervising
{
    /// <summary>So many events are known by id and hash, so that a repeated one is not put on record twice.</summary>
    private const int KnownEvents = 64;

    private const int MostDisplayed = 100;

    /// <summary>Answers a report with a lease, unless the last one is still fresh.</summary>
    public static void Renew(Decision d)
    {
        var (twin, rules) = (d.Twin, d.Rules);
        if (twin.Facts is not { } facts || twin.Epoch == 0 || (d.Now >= twin.LeaseAt && d.Now - twin.LeaseAt < rules.LeaseEvery * 0.9))
        {
            return;
        }

        d.Twin = twin with { LeaseId = twin.LeaseId + 1, LeaseAt = d.Now };
        d.Do(new TwinEffect.Send(LinkTopic.Supervision, new Supervision
        {
            HeaderId = d.Twin.LeaseId,
            Timestamp = d.Now,
            Vehicle = twin.Id,
            Epoch = twin.Epoch,
            LeaseId = d.Twin.LeaseId,
            ValidForS = rules.LeaseValidFor.TotalSeconds,
            SupervisorOnDuty = twin.IsSupervisorOnDuty,
            Heard = new(facts.HeaderId, facts.SentAt),
            Map = new(d.City.City.Fingerprint, d.City.Streets.Frame.Name),
        }));
    }

    /// <summary>Time has passed since it last said anything of its safety.</summary>
    public static void Age(Decision d)
    {
        var isSilent = d.Twin.IsSupervised && d.Now - d.Twin.SafetyAt > d.Rules.SafetySilentAfter;
        if (isSilent != d.Twin.IsSafetySilent)
        {
            d.Twin = d.Twin with { IsSafetySilent = isSilent };
            d.ShowChange();
        }
    }

    public static void Take(Decision d, SafetyReport report)
    {
        // Late, or here for the second time. A program that started again counts anew, a clock that was set back does not count back.
        if (d.Twin.SafetyHeard is { } heard && report.HeaderId <= heard.HeaderId && report.Timestamp <= heard.SentAt)
        {
            return;
        }

        d.Twin = d.Twin with { SafetyHeard = (report.HeaderId, report.Timestamp), SafetyAt = d.Now, IsSafetySilent = false };
        var before = d.Twin.Safety;
        var now = new SafetyFacts(report.Mode, report.Epoch, report.MrcId, report.Cause, report.LeaseRefusal, Bounded(report.Shown), BitsOf(report.Announcements));
        if (now == before)
        {
            return;
        }

        d.Twin = d.Twin with { Safety = now, IsSupervised = true };
        d.ShowChange();
        if (now.IsAtRisk && now.MrcId != before?.MrcId)
        {
            d.Note("minimalRisk", $"{now.MrcId}: {now.Cause}", TwinRules.Vehicle);
        }

        if (now.Mode == SafetyMode.Mrc && (before?.Mode != SafetyMode.Mrc || now.MrcId != before.MrcId))
        {
            d.Note("minimalRiskCondition", $"{now.MrcId}: stands", TwinRules.Vehicle);
        }

        if (!now.IsAtRisk && before is { IsAtRisk: true })
        {
            d.Note("minimalRiskEnded", before.MrcId ?? "", TwinRules.Vehicle);
        }

        if (now.LeaseRefusal is { } refusal && refusal != before?.LeaseRefusal)
        {
            d.Note("leaseRefused", refusal, TwinRules.Vehicle);
        }

        d.SendDueCommands();
    }

    private static uint BitsOf(System.Collections.Immutable.ImmutableArray<Announcement> said)
    {
        var bits = 0u;
        foreach (var one in said.IsDefault ? [] : said)
        {
            bits |= 1u << (int)one;
        }

        return bits;
    }

    /// <summary>A foreign vehicle's display may hold a text of any length; screens get a line.</summary>
    private static Shown? Bounded(Shown? shown) =>
        shown is null ? null : shown with { Display = new(Record.ForeignText.Of(shown.Display.De, MostDisplayed), Record.ForeignText.Of(shown.Display.En, MostDisplayed)) };

    /// <summary>Stores what the vehicle recorded and answers with a receipt, which goes out after it is stored.</summary>
    public static void Take(Decision d, EventMessage message)
    {
        var (recorded, fault) = Read(message, d.Twin.Id);
        if (fault is null)
        {
            d.Do(new TwinEffect.KeepEvent(message.EventId, recorded!.Occasions[0].At, message.Sha256, message.Content));
            var key = $"{message.EventId} {message.Sha256}";
            if (!d.Twin.KnownEvents.Contains(key))
            {
                var what = string.Join(", ", recorded.Occasions.Select(o => $"{o.Occasion} {o.Code}").Distinct());
                d.Note("eventRecorded", $"{message.EventId}, SHA-256 {message.Sha256}{(recorded.Complete ? "" : ", incomplete")}: {what}", TwinRules.Vehicle);
                var known = d.Twin.KnownEvents.Add(key);
                d.Twin = d.Twin with { KnownEvents = known.Length > KnownEvents ? known.RemoveAt(0) : known };
            }
        }

        d.Twin = d.Twin with { ReceiptHeader = d.Twin.ReceiptHeader + 1 };
        d.Do(new TwinEffect.Send(LinkTopic.EventReceipts, new EventReceipts
        {
            HeaderId = d.Twin.ReceiptHeader,
            Timestamp = d.Now,
            Vehicle = d.Twin.Id,
            Receipts = [new(message.EventId, fault is null, fault)],
        }));
    }

    /// <summary>Why an event is not taken, or null. Whoever receives it puts that on record, within the bounds of <see cref="BadMessages"/>.</summary>
    public static string? FaultOf(EventMessage message, VehicleId vehicle) => Read(message, vehicle).Fault is { } fault ? $"event {message.EventId}: {fault}" : null;

    private static (VehicleEvent? Recorded, string? Fault) Read(EventMessage message, VehicleId vehicle)
    {
        if (!message.IsWhole())
        {
            return (null, "the content does not fit its hash");
        }

        var (recorded, fault) = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(message.Content));
        return fault is not null ? (null, fault)
            : recorded!.EventId != message.EventId || recorded.Vehicle != vehicle ? (null, "the content is of another event or vehicle")
            : (recorded, null);
    }

    /// <summary>A person lets a stopped vehicle go on. Under supervision that ends its minimal risk condition, and needs an investigation.</summary>
    public static void Release(Decision d, string by, Investigation? investigation)
    {
        var risk = d.Twin.Safety is { IsAtRisk: true } safety ? safety : null;
        if (risk is null && d.Twin is { IsSupervised: true, IsStopped: true })
        {
            // Else the release would overtake the stop.
            d.Note("releaseRefused", "the vehicle has not yet shown that it is in the minimal risk condition", by);
        }
        else if (d.Twin.Commands.Any(command => command.ActionId == d.Twin.Release))
        {
            d.Note("releaseRefused", "a release is already on its way", by);
        }
        else if (risk is null)
        {
            d.Command(SweeperActions.Activate, by);
            d.Twin = d.Twin with { Release = d.Twin.Commands[^1].ActionId };
        }
        else if (investigation is null)
        {
            d.Note("releaseRefused", $"{risk.MrcId}: without an investigation", by);
        }
        else
        {
            var text = $"{risk.MrcId}: {investigation.Finding}. {investigation.Text} Then: {(investigation.CancelsOrder ? "cancel the order" : "go on")}";
            // Whole, since it is the document that the law asks for.
            d.Do(new TwinEffect.Note("mrcInvestigated", by, Record.ForeignText.Of(text, 2 * MrcInvestigation.MaxTextLength + 100)));
            d.Command(SweeperActions.EndMrc, by, investigation: new(risk.MrcId!, investigation.Finding, investigation.Text, investigation.CancelsOrder));
            d.Twin = d.Twin with { Release = d.Twin.Commands[^1].ActionId };
            if (investigation.CancelsOrder)
            {
                // Else the Centre would order the same again at once: a person resumes.
                d.Twin = d.Twin with { IsPaused = true };
                d.Command(SweeperActions.StartPause, by);
            }
        }
    }

    /// <summary>A stop is over when the vehicle shows that it has carried its release out; refused or expired, it stays stopped.</summary>
    public static void TakeRelease(Decision d, State state)
    {
        if (d.Twin.Release is { } release && state.InstantActionStates.FirstOrDefault(action => action.ActionId == release) is { IsEnded: true } shown)
        {
            d.Twin = d.Twin with { Release = null, IsStopped = d.Twin.IsStopped && shown.ActionStatus != ActionStatus.Finished };
        }
    }

    /// <summary>
    /// A supervised vehicle refuses what does not come from the Centre whose lease it holds: until it has taken a lease of this epoch,
    /// only what holds it, or only asks, is sent.
    /// </summary>
    public static bool MustWait(Twin twin, PendingCommand command) =>
        twin.IsSupervised && twin.Safety?.Epoch != twin.Epoch && !PendingCommand.Holds(command.ActionType) && command.ActionType != SweeperActions.StateRequest;

    /// <summary>The action of a command as it is sent now, with the stamp that a supervised vehicle asks for.</summary>
    public static (PendingCommand Command, RobotAction Action) Sent(Twin twin, PendingCommand command, DateTimeOffset now, TimeSpan validFor)
    {
        var action = command.Investigation is { } investigation ? investigation.ToAction(command.ActionId) : command.ToAction();
        command = command with { SentAt = now, Sends = command.Sends + 1 };
        if (!twin.IsSupervised)
        {
            return (command, action);
        }

        var stamp = command.Stamp is { } first && !command.IsTimeless ? first : new CommandStamp(twin.Epoch, twin.LeaseId, validFor.TotalSeconds, command.By);
        return (command with { Stamp = stamp }, stamp.On(action));
    }

    /// <summary>Takes off the list what a person wanted too long ago, sent or still held back, or of a run of the Centre that has ended.</summary>
    public static void DropExpired(Decision d)
    {
        bool HasExpired(PendingCommand command) => !command.IsTimeless
            && (command.GivenAt is not { } at || d.Now - at > d.Rules.CommandValidFor || (command.Stamp is { } stamp && stamp.Epoch != d.Twin.Epoch));
        foreach (var command in d.Twin.Commands.Where(HasExpired))
        {
            d.Note("commandExpired", $"{command.ActionType}: {(command.Sends == 0 ? "it could not be sent" : "the vehicle did not show it")} in time, it is not sent any more", command.By);
        }

        d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAll(HasExpired) };
    }
}
