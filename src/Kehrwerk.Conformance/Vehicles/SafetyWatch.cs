using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>What must hold of a supervised vehicle at any time (safety profile).</summary>
internal sealed class SafetyWatch(VehicleSession session)
{
    // So long a state may lag behind the report of the same moment.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);
    private const double SettingOffS = 0.85;

    private readonly HashSet<string> mrcIds = new(StringComparer.Ordinal);
    private SafetyReport? last;
    private DateTimeOffset? riskSince;
    private DateTimeOffset? settingOffSince;
    private DateTimeOffset? idleSince;
    private bool? wasDriving;

    public void See(Seen seen)
    {
        switch (seen.Content)
        {
            case SafetyReport report:
                Take(report);
                break;
            case State state when session.IsSupervised:
                Take(state);
                break;
            case EventMessage recorded:
                Take(recorded);
                break;
            default:
                break;
        }
    }

    private static bool IsAtRisk(SafetyReport? report) => report is { Mode: SafetyMode.Mrm or SafetyMode.Mrc };

    private void Take(SafetyReport report)
    {
        if (IsAtRisk(report))
        {
            var isNew = report.MrcId is not null && report.MrcId != last?.MrcId;
            if (!IsAtRisk(last) || isNew)
            {
                session.Book.Check(ProfileRules.MrcIds, report.MrcId is { } id && mrcIds.Add(id), $"{report.Mode} with mrcId {report.MrcId ?? "none"}, which is missing or was used before");
            }

            session.Book.Check(ProfileRules.Hazard, report.Announcements.Contains(Announcement.HazardLights), $"{report.Mode} without HAZARD_LIGHTS");
        }

        if (report.Shown is { } shown)
        {
            var isTold = report.Announcements.All(one => one == Announcement.HazardLights) || (shown.Display.De.Length > 0 && shown.Display.En.Length > 0);
            session.Book.Check(
                ProfileRules.ShownFits,
                isTold && (!IsAtRisk(report) || shown.LightBands == LightBands.Flashing) && (!report.Announcements.Contains(Announcement.Reversing) || IsAtRisk(report) || shown.Sound == OutsideSound.Beep),
                $"{report.Mode}, {string.Join(", ", report.Announcements)}: shown is {shown.LightBands}, {shown.Sound}, '{shown.Display.De}', '{shown.Display.En}'");
        }

        riskSince = IsAtRisk(report) ? riskSince ?? report.Timestamp : null;
        settingOffSince = report.Announcements.Contains(Announcement.SettingOff) ? settingOffSince ?? report.Timestamp : null;
        last = report;
    }

    private void Take(State state)
    {
        if (IsAtRisk(last) && state.Timestamp - riskSince > Slack)
        {
            session.Book.Check(
                ProfileRules.MrcShown,
                state.SafetyState.ActiveEmergencyStop == EmergencyStop.Remote && state.Errors.Any(error => error is { ErrorType: "minimalRisk", ErrorLevel: ErrorLevel.Fatal }
                    && error.ErrorReferences.Any(reference => reference == new Reference("mrcId", last!.MrcId ?? ""))),
                $"{last!.Mode}, and the state shows {state.SafetyState.ActiveEmergencyStop} and {string.Join(", ", state.Errors.Select(error => error.ErrorType))}");
        }

        var isIdle = state.NodeStates.IsEmpty && state.EdgeStates.IsEmpty && state.OperatingMode == OperatingMode.Automatic;
        if (wasDriving == false && state.Driving && !isIdle)
        {
            // Said by the vehicle's own clock in both messages.
            session.Book.Check(ProfileRules.SettingOff, settingOffSince is { } since && (state.Timestamp - since).TotalSeconds >= SettingOffS,
                $"it drives, and SETTING_OFF was {(settingOffSince is { } at ? $"announced {(state.Timestamp - at).TotalSeconds:F1} s before" : "not announced")}");
        }

        wasDriving = state.Driving;
        idleSince = isIdle ? idleSince ?? state.Timestamp : null;
        if (isIdle && state.Timestamp - idleSince > Slack)
        {
            session.Book.Check(ProfileRules.LeaseStill, !state.Driving, $"without an order the vehicle drives");
        }
    }

    private void Take(EventMessage recorded)
    {
        if (!session.Book.Check(ProfileRules.EventWhole, recorded.IsWhole(), $"event {recorded.EventId}: the hash does not fit the content"))
        {
            return;
        }

        var read = LinkJson.Read<VehicleEvent>(System.Text.Encoding.UTF8.GetBytes(recorded.Content));
        if (read.Message is { } content)
        {
            var series = content.Series;
            (string Name, bool IsEmpty)[] optional =
            [
                ("height", series.HeightM.IsEmpty), ("voltage", series.VoltageV.IsEmpty), ("temperature", series.TemperatureC.IsEmpty),
                ("illuminance", series.IlluminanceLux.IsEmpty), ("wiper", series.Wiper.IsEmpty),
            ];
            var empty = optional.Count(field => field.IsEmpty);
            session.Book.Check(ProfileRules.EventSensors, empty == 0 || !content.NotMeasured.IsEmpty, $"event {recorded.EventId} lacks {string.Join(", ", optional.Where(field => field.IsEmpty).Select(field => field.Name))} and names nothing in notMeasured");
        }
    }
}
