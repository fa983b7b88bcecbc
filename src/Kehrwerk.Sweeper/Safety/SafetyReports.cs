using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving;

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

    /// <summary>The nearest sure objects around a vehicle that asks for a manoeuvre.</summary>
    public static ImmutableArray<SeenObject> SeenBy(SelfDriving? self)
    {
        const double withinM = 40;
        const int most = 20;
        if (self is null)
        {
            return [];
        }

        var state = self.Pilot.State;
        var near = new List<(double Squared, SeenObject Object)>();
        foreach (ref readonly var track in self.Pilot.Tracks)
        {
            var squared = Math.Pow(track.X - state.X, 2) + Math.Pow(track.Y - state.Y, 2);
            if (track.IsSure && squared < withinM * withinM)
            {
                near.Add((squared, new(
                    (SeenKind)track.Class, Math.Round(track.X, 2), Math.Round(track.Y, 2), Math.Round(Math.IEEERemainder(track.HeadingRad, 2 * Math.PI), 3), state.BlockedBy == track.Id,
                    Math.Round(track.LengthM, 1), Math.Round(track.WidthM, 1), Math.Round(track.IsStanding ? 0 : track.SpeedMps, 1))));
            }
        }

        return [.. near.OrderBy(one => one.Squared).Take(most).Select(one => one.Object)];
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
