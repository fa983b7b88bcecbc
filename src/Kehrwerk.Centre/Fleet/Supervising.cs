using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>What a vehicle last said of its supervision.</summary>
/// <param name="Epoch">The highest epoch of a Centre that it has heard.</param>
/// <param name="MrcId">The minimal risk condition in which it is, or into which it is braking.</param>
public sealed record SafetyFacts(SafetyMode Mode, uint Epoch, string? MrcId, MrcCause? Cause, string? LeaseRefusal)
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
    /// <summary>A command of a person that is older has expired: what was meant then may be wrong now.</summary>
    private const double CommandValidForS = 10;

    /// <summary>So many events are known by id, so that a repeated one is not put on record twice.</summary>
    private const int KnownEvents = 64;

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

    public static void Take(Decision d, SafetyReport report)
    {
        var before = d.Twin.Safety;
        var now = new SafetyFacts(report.Mode, report.Epoch, report.MrcId, report.Cause, report.LeaseRefusal);
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

    /// <summary>Stores what the vehicle recorded and answers with a receipt, which goes out after it is stored.</summary>
    public static void Take(Decision d, EventMessage message)
    {
        var fault = !message.IsWhole() ? "the content does not fit its hash" : null;
        VehicleEvent? recorded = null;
        if (fault is null)
        {
            (recorded, fault) = LinkJson.Read<VehicleEvent>(Encoding.UTF8.GetBytes(message.Content));
            fault ??= recorded!.EventId != message.EventId || recorded.Vehicle != d.Twin.Id ? "the content is of another event or vehicle" : null;
        }

        if (fault is not null)
        {
            d.Note("eventRefused", $"{message.EventId}: {fault}");
        }
        else
        {
            d.Do(new TwinEffect.KeepEvent(message.EventId, recorded!.Occasions[0].At, message.Sha256, message.Content));
            if (!d.Twin.KnownEvents.Contains(message.EventId))
            {
                var what = string.Join(", ", recorded.Occasions.Select(o => $"{o.Occasion} {o.Code}").Distinct());
                d.Note("eventRecorded", $"{message.EventId}, SHA-256 {message.Sha256}{(recorded.Complete ? "" : ", incomplete")}: {what}", TwinRules.Vehicle);
                var known = d.Twin.KnownEvents.Add(message.EventId);
                d.Twin = d.Twin with { KnownEvents = known.Length > KnownEvents ? known.RemoveAt(0) : known };
            }
        }

        d.Do(new TwinEffect.Send(LinkTopic.EventReceipts, new EventReceipts
        {
            HeaderId = 0,
            Timestamp = d.Now,
            Vehicle = d.Twin.Id,
            Receipts = [new(message.EventId, fault is null, fault)],
        }));
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
        else if (risk is null)
        {
            d.Twin = d.Twin with { IsStopped = false };
            d.Command(SweeperActions.Activate, by);
        }
        else if (investigation is null)
        {
            d.Note("releaseRefused", $"{risk.MrcId}: without an investigation", by);
        }
        else
        {
            d.Twin = d.Twin with { IsStopped = false };
            var text = $"{risk.MrcId}: {investigation.Finding}. {investigation.Text} Then: {(investigation.CancelsOrder ? "cancel the order" : "go on")}";
            // Whole, since it is the document that the law asks for.
            d.Do(new TwinEffect.Note("mrcInvestigated", by, Record.ForeignText.Of(text, 2 * MrcInvestigation.MaxTextLength + 100)));
            d.Command(SweeperActions.EndMrc, by, investigation: new(risk.MrcId!, investigation.Finding, investigation.Text, investigation.CancelsOrder));
        }
    }

    /// <summary>
    /// A supervised vehicle refuses what does not come from the Centre whose lease it holds: until it has taken a lease of this epoch,
    /// only what holds it, or only asks, is sent.
    /// </summary>
    public static bool MustWait(Twin twin, PendingCommand command) =>
        twin.IsSupervised && twin.Safety?.Epoch != twin.Epoch && !PendingCommand.Holds(command.ActionType) && command.ActionType != SweeperActions.StateRequest;

    /// <summary>The action of a command as it is sent now, with the stamp that a supervised vehicle asks for.</summary>
    public static (PendingCommand Command, RobotAction Action) Sent(Twin twin, PendingCommand command, DateTimeOffset now)
    {
        var action = command.Investigation is { } investigation ? investigation.ToAction(command.ActionId) : command.ToAction();
        command = command with { SentAt = now, Sends = command.Sends + 1 };
        if (!twin.IsSupervised)
        {
            return (command, action);
        }

        var stamp = command.Stamp is { } first && !command.IsTimeless ? first : new CommandStamp(twin.Epoch, twin.LeaseId, CommandValidForS, command.By);
        return (command with { Stamp = stamp, FirstSentAt = command.FirstSentAt ?? now }, stamp.On(action));
    }

    /// <summary>Takes off the list what a person wanted too long ago, or of a run of the Centre that has ended.</summary>
    public static void DropExpired(Decision d)
    {
        bool HasExpired(PendingCommand command) => command is { IsTimeless: false, Stamp: { } stamp, FirstSentAt: { } at }
            && (stamp.Epoch != d.Twin.Epoch || d.Now - at > TimeSpan.FromSeconds(stamp.ValidForS));
        foreach (var command in d.Twin.Commands.Where(HasExpired))
        {
            d.Note("commandExpired", $"{command.ActionType}: the vehicle did not show it in time, it is not sent any more", command.By);
        }

        d.Twin = d.Twin with { Commands = d.Twin.Commands.RemoveAll(HasExpired) };
    }
}
