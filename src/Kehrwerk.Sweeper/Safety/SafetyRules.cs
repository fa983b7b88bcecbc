using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Safety;

/// <summary>How the vehicle stands to its supervision. Seconds count from the start of its program. Immutable.</summary>
internal sealed record SafetyStanding
{
    public SafetyMode Mode { get; init; }

    /// <inheritdoc cref="SafetyMemory"/>
    public uint Epoch { get; init; }

    /// <summary>The newest lease of that epoch; null before the first since the start.</summary>
    public uint? LeaseId { get; init; }

    /// <summary>When the vehicle sent the report that its newest permission answers; null: it has none.</summary>
    public double? HeldFromS { get; init; }

    /// <summary>How long the Centre lets that hold, seconds.</summary>
    public double ValidForS { get; init; }

    /// <summary>Somebody was on duty by the newest lease.</summary>
    public bool IsOnDuty { get; init; } = true;

    /// <summary>Why the last lease was not taken.</summary>
    public string? LeaseRefusal { get; init; }

    /// <summary>Its clock jumped since it held a lease.</summary>
    public bool HasJumped { get; init; }

    public uint MrcCount { get; init; }
    public string? MrcId { get; init; }
    public MrcCause? Cause { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>Braking to standstill or held there until a supervisor ends it.</summary>
    public bool IsAtRisk => Mode is SafetyMode.Mrm or SafetyMode.Mrc;

    public bool HasLease(double nowS, SupervisionRules rules) =>
        HeldFromS is { } fromS && nowS - fromS <= Math.Min(ValidForS, rules.LeaseTimeout.TotalSeconds);

    public static SafetyStanding From(SafetyMemory memory) => new()
    {
        Mode = memory.MrcId is null ? SafetyMode.Waiting : SafetyMode.Mrc,
        Epoch = memory.Epoch,
        MrcCount = memory.MrcCount,
        MrcId = memory.MrcId,
        Cause = Enum.TryParse<MrcCause>(memory.Cause, out var cause) ? cause : null,
        Since = memory.Since,
    };

    /// <summary>What of it outlives the program, put into what was remembered before.</summary>
    public SafetyMemory Into(SafetyMemory memory) =>
        memory with { Epoch = Epoch, MrcCount = MrcCount, MrcId = MrcId, Cause = Cause?.ToString(), Since = Since };
}

/// <summary>What the safety rules look at in one moment.</summary>
/// <param name="NowS">The vehicle's own time, seconds since the start of its program.</param>
/// <param name="Now">The same for people.</param>
/// <param name="IsIdle">No order, or nothing left of it.</param>
/// <param name="Limit">What of the vehicle itself asks for the minimal risk condition; null if nothing does.</param>
/// <param name="GoesOn">It is on its way to a safer place: that it stands there for a moment is not the end of the manoeuvre.</param>
internal readonly record struct SafetyMoment(double NowS, DateTimeOffset Now, bool IsStanding, bool IsIdle, bool IsDeactivated, MrcCause? Limit = null, bool GoesOn = false);

/// <summary>
/// When the vehicle may drive, when the minimal risk manoeuvre begins, and what ends it (safety profile, SP-LEASE, SP-EPOCH, SP-MODE).
/// Pure. It can only hold the vehicle: nothing here makes it go faster or go at all.
/// </summary>
internal static class SafetyRules
{
    /// <summary>Takes a lease, or says in <see cref="SafetyStanding.LeaseRefusal"/> why not.</summary>
    /// <param name="sentAtS">When the report was sent that the lease answers; null if the vehicle has sent no such report lately.</param>
    public static SafetyStanding Take(SafetyStanding at, Supervision lease, double? sentAtS, MapDeclaration map)
    {
        if (lease.Epoch < at.Epoch)
        {
            return at with { LeaseRefusal = Text($"its epoch {lease.Epoch} is older than {at.Epoch}, which was heard before: another Centre has taken over") };
        }

        if (lease.Epoch == at.Epoch && lease.LeaseId <= at.LeaseId)
        {
            // Late or twice: nothing is wrong, and nothing is new.
            return at;
        }

        if (lease.Map != map)
        {
            return at with { LeaseRefusal = $"it is for map {lease.Map.MapId} in {lease.Map.Frame}, the vehicle drives by {map.MapId} in {map.Frame}" };
        }

        if (sentAtS is not { } fromS)
        {
            return at with { LeaseRefusal = Text($"it answers report {lease.Heard.HeaderId}, which this vehicle has not sent lately") };
        }

        var taken = at with { Epoch = lease.Epoch, LeaseId = lease.LeaseId, IsOnDuty = lease.SupervisorOnDuty, LeaseRefusal = null };
        return lease.SupervisorOnDuty ? taken with { HeldFromS = fromS, ValidForS = lease.ValidForS, HasJumped = false } : taken;
    }

    /// <summary>What the passing of time brings.</summary>
    public static SafetyStanding Look(SafetyStanding at, SafetyMoment moment, SupervisionRules rules)
    {
        var hasLease = at.HasLease(moment.NowS, rules);
        return at.Mode switch
        {
            SafetyMode.Waiting or SafetyMode.Supervised when moment.IsDeactivated => Begin(at, MrcCause.Deactivated, moment),
            // A cause of its own: an investigation of what was before does not end it.
            SafetyMode.Mrm or SafetyMode.Mrc when moment.IsDeactivated && at.Cause != MrcCause.Deactivated => Begin(at, MrcCause.Deactivated, moment),
            SafetyMode.Waiting or SafetyMode.Supervised when moment.Limit is { } limit => Begin(at, limit, moment),
            SafetyMode.Mrm or SafetyMode.Mrc when moment.Limit is { } limit && Grade(limit) > Grade(at.Cause) => Begin(at, limit, moment),
            SafetyMode.Waiting when hasLease => at with { Mode = SafetyMode.Supervised },
            SafetyMode.Supervised when !hasLease && moment is { IsIdle: true, IsStanding: true } => at with { Mode = SafetyMode.Waiting },
            SafetyMode.Supervised when !hasLease => Begin(at, CauseOf(at), moment),
            SafetyMode.Mrm when moment is { IsStanding: true, GoesOn: false } => at with { Mode = SafetyMode.Mrc },
            _ => at,
        };
    }

    /// <summary>The vehicle's clock jumped: it cannot tell how old its lease is.</summary>
    public static SafetyStanding Jump(SafetyStanding at) => at with { HeldFromS = null, HasJumped = true };

    /// <summary>A supervisor ends the minimal risk condition; null with a reason where the vehicle cannot follow.</summary>
    /// <param name="impairment">What of the vehicle itself still keeps it from driving (AFGBV Anl. 1 no. 5); null if nothing does.</param>
    public static SafetyStanding? End(
        SafetyStanding at, MrcInvestigation investigation, SafetyMoment moment, SupervisionRules rules, string? impairment, out string? refusal)
    {
        refusal = at.Mode != SafetyMode.Mrc ? "noMrc: the vehicle is not in the minimal risk condition"
            : investigation.MrcId != at.MrcId ? $"otherMrc: the vehicle is in {at.MrcId}"
            : !at.HasLease(moment.NowS, rules) ? "unsupervised: the vehicle has no valid lease"
            : impairment is not null ? $"impaired: {impairment}"
            : null;
        return refusal is null ? at with { Mode = SafetyMode.Supervised, MrcId = null, Cause = null, Since = null } : null;
    }

    private static SafetyStanding Begin(SafetyStanding at, MrcCause cause, SafetyMoment moment) => at with
    {
        Mode = moment.IsStanding ? SafetyMode.Mrc : SafetyMode.Mrm,
        MrcCount = at.MrcCount + 1,
        MrcId = Text($"mrc-{at.MrcCount + 1}"),
        Cause = cause,
        Since = moment.Now,
    };

    /// <summary>A graver cause needs an investigation of its own; a deactivation is the gravest, only a person ends it.</summary>
    private static int Grade(MrcCause? cause) => cause switch { MrcCause.Deactivated => 3, MrcCause.Contact => 2, MrcCause.Fault => 1, _ => 0 };

    private static MrcCause CauseOf(SafetyStanding at) => at.HasJumped ? MrcCause.ClockJumped : at.IsOnDuty ? MrcCause.LeaseLost : MrcCause.NobodyOnDuty;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
