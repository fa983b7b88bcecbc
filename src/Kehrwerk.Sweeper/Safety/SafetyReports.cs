using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Safety;

/// <summary>Puts the profile's report together, and says the same in the words of VDA 5050 for those who know only that.</summary>
internal static class SafetyReports
{
    /// <summary>Error type while a minimal risk manoeuvre or condition lasts.</summary>
    public const string MinimalRisk = "minimalRisk";

    public static SafetyReport Of(VehicleId id, SafetyLayer layer, Announcing outside, uint eventsWaiting, DateTimeOffset now)
    {
        var at = layer.Standing;
        return new()
        {
            HeaderId = 0,
            Timestamp = now,
            Vehicle = id,
            Mode = at.Mode,
            Epoch = at.Epoch,
            LeaseId = at.LeaseId,
            LeaseAgeS = layer.LeaseAgeS,
            LeaseTimeoutS = layer.Rules.LeaseTimeout.TotalSeconds,
            LeaseRefusal = at.LeaseRefusal,
            MrcId = at.MrcId,
            Cause = at.Cause,
            Since = at.Since,
            Announcements = outside.Now,
            Shown = Shown.Of(outside.Now),
            Map = layer.Map,
            EventsWaiting = eventsWaiting,
        };
    }

    public static RobotError? ErrorOf(SafetyStanding at) => at.IsAtRisk
        ? new(MinimalRisk, ErrorLevel.Fatal, Words(at.Cause), "Investigate, then end it with endMrc") { ErrorReferences = [new("mrcId", at.MrcId!)] }
        : null;

    public static string Words(MrcCause? cause) => cause switch
    {
        MrcCause.LeaseLost => "Minimal risk condition: the supervision lease ran out",
        MrcCause.NobodyOnDuty => "Minimal risk condition: no supervisor was on duty",
        MrcCause.Deactivated => "Minimal risk condition: deactivated by the Technische Aufsicht",
        MrcCause.ClockJumped => "Minimal risk condition: the vehicle's clock jumped, the age of its lease was not known",
        MrcCause.SystemLimit => "Minimal risk condition: the limit of what the vehicle may do by itself",
        MrcCause.Fault => "Minimal risk condition: its self-monitoring found a fault",
        MrcCause.Contact => "Minimal risk condition: something has touched the vehicle",
        _ => "Minimal risk condition",
    };
}
