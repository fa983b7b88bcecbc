using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>How often the vehicle speaks (VDA 5050 3.0.0, 6.6; safety profile, SP-TOPIC-4 and SP-MODE-1), by the runner's clock.</summary>
internal sealed class TimeWatch(VehicleSession session)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    // What the way through the broker and a program's own tick may add.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SupervisedEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);
    private DateTimeOffset? stateAt;
    private DateTimeOffset? stateSentAt;
    private DateTimeOffset? reportAt;

    public void See(Seen seen)
    {
        switch (seen.Content)
        {
            case State state:
                LookAtSilence();
                Interval(state);
                (stateAt, stateSentAt) = (seen.At, state.Timestamp);
                break;
            case SafetyReport:
                if (reportAt is { } last)
                {
                    session.Book.Check(ProfileRules.SafetyEvery, seen.At - last <= ReportEvery + Slack, $"{(seen.At - last).TotalSeconds:F1} s without a report on safety");
                }

                reportAt = seen.At;
                break;
            case Connection { ConnectionState: not ConnectionState.Online }:
                (stateAt, stateSentAt, reportAt) = (null, null, null);
                break;
            default:
                break;
        }
    }

    /// <summary>Looks whether a state is overdue; also called at the end of the run.</summary>
    public void LookAtSilence()
    {
        if (stateAt is not { } last || session.MayBeSilent)
        {
            return;
        }

        var silent = session.Now - last;
        session.Book.Check(VehicleRules.Heartbeat, silent <= Every + Slack, $"{silent.TotalSeconds:F1} s without a state");
        if (session.IsSupervised)
        {
            session.Book.Check(ProfileRules.TopicState, silent <= SupervisedEvery + Slack, $"{silent.TotalSeconds:F1} s without a state");
        }
    }

    private void Interval(State state)
    {
        if (session.Factsheet is { } factsheet && stateSentAt is { } last)
        {
            var least = factsheet.ProtocolLimits.Timing.MinimumStateInterval;
            var apart = (state.Timestamp - last).TotalSeconds;
            session.Book.Check(VehicleRules.Interval, least <= 0 || apart >= 0.9 * least, $"{apart:F2} s after the last one, minimumStateInterval is {least:F2} s");
        }
    }
}
