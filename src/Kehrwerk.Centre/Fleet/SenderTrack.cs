using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>What a report is, seen beside those before it.</summary>
internal enum ReportOrder
{
    /// <summary>The newest so far.</summary>
    Newest,

    /// <summary>Late, or here for the second time.</summary>
    Overtaken,

    /// <summary>The newest, after the vehicle's clock was set back or it started again with an earlier one.</summary>
    NewestBySetClock,
}

/// <summary>
/// The thread of reports that come under one vehicle's name: which is the newest, whether two vehicles use the name, and how far the
/// vehicle's clock is from the Centre's. Reports are put in order by the vehicle's own numbers and times; the Centre's clock only
/// measures how long something goes on. Immutable; a restart of the Centre begins a new one.
/// </summary>
public sealed record SenderTrack
{
    // A vehicle that reports more often than this is not known; events come in bursts.
    private const double MaxReportsPerS = 20;
    private const double MaxBurst = 20;

    // No sweeper is faster, and a position may jump a little when it is found anew.
    private const double MaxSpeedMps = 50;
    private const double MaxJumpM = 100;

    private const int RunThatIsAClock = 5;
    private const int MaxContradictions = 3;
    private const int MaxAlternations = 10;
    private static readonly TimeSpan SamePace = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Of the newest report.</summary>
    public required uint HeaderId { get; init; }

    /// <summary>Of the newest report, by the vehicle's clock.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>When the vehicle began to count as it does now, by its clock.</summary>
    public required DateTimeOffset Since { get; init; }

    private (double X, double Y)? Place { get; init; }

    // Overtaken reports since the newest one.
    private int OlderRun { get; init; }
    private uint OlderHeaderId { get; init; }
    private DateTimeOffset OlderSentAt { get; init; }
    private DateTimeOffset OlderAt { get; init; }
    private bool OlderProgressed { get; init; }
    private bool OlderContradicted { get; init; }

    // Within the window that began at this time, by the Centre's clock.
    private DateTimeOffset WindowBegan { get; init; }
    private int Contradictions { get; init; }
    private int Alternations { get; init; }

    // Vehicle's time minus the Centre's at arrival, the largest of this window and of the one before: that of the quickest report.
    private DateTimeOffset ClockWindowBegan { get; init; }
    private TimeSpan ClockOffsetNow { get; init; }
    private TimeSpan? ClockOffsetBefore { get; init; }

    /// <summary>How far the vehicle's clock is ahead of the Centre's, less the time of the quickest report on its way.</summary>
    public TimeSpan ClockOffset => ClockOffsetBefore is { } before && before > ClockOffsetNow ? before : ClockOffsetNow;

    /// <summary>Reports contradict each other as those of one vehicle cannot.</summary>
    public bool IsTwoVehicles => Contradictions >= MaxContradictions || Alternations >= MaxAlternations;

    /// <summary>Forgets what was suspicious: a person has looked.</summary>
    public SenderTrack Cleared() => this with { Contradictions = 0, Alternations = 0 };

    /// <param name="track">Null before the first report.</param>
    internal static (SenderTrack Track, ReportOrder Order) Take(SenderTrack? track, State state, DateTimeOffset now)
    {
        if (track is null)
        {
            return (Begin(state, now), ReportOrder.Newest);
        }

        var dt = (state.Timestamp - track.SentAt).TotalSeconds;
        var dh = (long)state.HeaderId - track.HeaderId;
        if (dt == 0 && dh == 0)
        {
            return (track, ReportOrder.Overtaken);
        }

        if (dt > 0 || (dt == 0 && dh is > 0 and <= (long)MaxBurst))
        {
            // A lower number is that of a program that started again, and has sent as many since.
            var contradicts = !IsPlausible(dh > 0 ? dh : state.HeaderId, dt) || track.IsTooFar(state, dt)
                || track.OlderContradicted;
            return (track.Newest(state, now, dh <= 0, contradicts), ReportOrder.Newest);
        }

        return track.Overtaken(state, now, dt, dh);
    }

    private static SenderTrack Begin(State state, DateTimeOffset now) => new()
    {
        HeaderId = state.HeaderId,
        SentAt = state.Timestamp,
        Since = state.Timestamp,
        Place = PlaceOf(state),
        WindowBegan = now,
        ClockWindowBegan = now,
        ClockOffsetNow = state.Timestamp - now,
    };

    private (SenderTrack, ReportOrder) Overtaken(State state, DateTimeOffset now, double dt, long dh)
    {
        var progresses = GoesOnFromOlder(state, now);
        var run = progresses ? OlderRun + 1 : 1;
        if (run >= RunThatIsAClock)
        {
            // Nothing newer has come in between: not a slow network, but a clock that was set back.
            return (Begin(state, now) with { WindowBegan = WindowBegan, Contradictions = Contradictions, Alternations = Alternations }, ReportOrder.NewestBySetClock);
        }

        // What was sent before the vehicle began to count anew may have any number.
        var contradicts = state.Timestamp >= Since && (dh >= 0 || !IsPlausible(dh, dt));
        return (this with
        {
            OlderRun = run,
            OlderHeaderId = state.HeaderId,
            OlderSentAt = state.Timestamp,
            OlderAt = now,
            OlderProgressed = OlderProgressed || progresses,
            OlderContradicted = OlderContradicted || contradicts,
        }, ReportOrder.Overtaken);
    }

    /// <summary>
    /// It follows the overtaken report before it as a living sender's would: by its number, and as much later by its own clock as by ours.
    /// What a network has mixed up comes at any pace.
    /// </summary>
    private bool GoesOnFromOlder(State state, DateTimeOffset now) =>
        OlderAt != default && state.HeaderId > OlderHeaderId && state.HeaderId - OlderHeaderId <= 3 && state.Timestamp > OlderSentAt
        && (state.Timestamp - OlderSentAt - (now - OlderAt)).Duration() <= SamePace;

    private SenderTrack Newest(State state, DateTimeOffset now, bool beganAnew, bool contradicts)
    {
        var isNewWindow = now - WindowBegan > Window;
        var isNewClockWindow = now - ClockWindowBegan > Window;
        var offset = state.Timestamp - now;
        return this with
        {
            HeaderId = state.HeaderId,
            SentAt = state.Timestamp,
            Since = beganAnew ? state.Timestamp : Since,
            Place = PlaceOf(state) ?? Place,
            OlderRun = 0,
            OlderProgressed = false,
            OlderContradicted = false,
            WindowBegan = isNewWindow ? now : WindowBegan,
            Contradictions = (isNewWindow ? 0 : Contradictions) + (contradicts ? 1 : 0),
            Alternations = (isNewWindow ? 0 : Alternations) + (OlderProgressed ? 1 : 0),
            ClockWindowBegan = isNewClockWindow ? now : ClockWindowBegan,
            ClockOffsetBefore = isNewClockWindow ? ClockOffsetNow : ClockOffsetBefore,
            ClockOffsetNow = isNewClockWindow || offset > ClockOffsetNow ? offset : ClockOffsetNow,
        };
    }

    private static bool IsPlausible(long reports, double seconds) => Math.Abs(reports) <= MaxBurst + (MaxReportsPerS * Math.Abs(seconds));

    private bool IsTooFar(State state, double seconds) =>
        Place is { } last && PlaceOf(state) is { } place
        && Math.Sqrt(Math.Pow(place.X - last.X, 2) + Math.Pow(place.Y - last.Y, 2)) > MaxJumpM + (MaxSpeedMps * seconds);

    private static (double X, double Y)? PlaceOf(State state) =>
        state.MobileRobotPosition is { Localized: true } place ? (place.X, place.Y) : null;
}
