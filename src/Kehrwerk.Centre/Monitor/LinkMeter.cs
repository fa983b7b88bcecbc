using System.Text.Json.Serialization;

namespace Kehrwerk.Centre.Monitor;

/// <summary>How good a link is, in a word.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LinkGrade>))]
public enum LinkGrade { None, Poor, Fair, Good }

/// <summary>What came of a vehicle's reports within the last minute.</summary>
/// <param name="Heard">Reports that came.</param>
/// <param name="Lost">Reports that are missing by their numbers.</param>
/// <param name="LateS">How much later than the quickest one report in twenty came at least, seconds.</param>
/// <param name="GapS">The longest time without a report, seconds; up to now.</param>
/// <param name="BytesPerS">Of all that came, bytes a second.</param>
public sealed record LinkFigures(LinkGrade Grade, int Heard, int Lost, double LateS, double GapS, double BytesPerS)
{
    public static readonly LinkFigures Nothing = new(LinkGrade.None, 0, 0, 0, 0, 0);
}

/// <summary>
/// Measures the link of one vehicle by the reports of the last minute: by their numbers which are missing, by their times which came late.
/// The bounds of the grades are ours. Where the Centre's clock runs faster than the world's, network and machine do not: bounds of time grow with it. Not thread-safe.
/// </summary>
/// <param name="speed">How fast the Centre's clock runs against real time.</param>
public sealed class LinkMeter(double speed = 1)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>More reports than this are not kept, oldest first.</summary>
    public const int MostKept = 240;

    // A step of the numbers that is larger is no loss: the vehicle's program began anew.
    private const int MostMissing = 100;

    // Poor, fair: share of reports that are missing, seconds late, seconds without one.
    private static readonly (double Lost, double LateS, double GapS) Poor = (0.05, 1, 3.5), Fair = (0.01, 0.3, 2.2);

    private readonly Queue<(DateTimeOffset At, uint Header, TimeSpan OnItsWay, int Bytes)> reports = new();

    /// <param name="at">When it came, by the Centre's clock.</param>
    /// <param name="header">Its number.</param>
    /// <param name="sentAt">When it was sent, by the vehicle's clock: only differences count.</param>
    public void Hear(DateTimeOffset at, uint header, DateTimeOffset sentAt, int bytes)
    {
        reports.Enqueue((at, header, at - sentAt, bytes));
        while (reports.Count > MostKept)
        {
            reports.Dequeue();
        }
    }

    public LinkFigures Figures(DateTimeOffset now)
    {
        while (reports.Count > 0 && now - reports.Peek().At > Window)
        {
            reports.Dequeue();
        }

        if (reports.Count == 0)
        {
            return LinkFigures.Nothing;
        }

        var kept = reports.ToArray();
        var (lost, gap, bytes) = (0, now - kept[^1].At, kept[0].Bytes);
        for (var i = 1; i < kept.Length; i++)
        {
            var step = (long)kept[i].Header - kept[i - 1].Header;
            lost += step is > 1 and <= MostMissing ? (int)step - 1 : 0;
            gap = kept[i].At - kept[i - 1].At > gap ? kept[i].At - kept[i - 1].At : gap;
            bytes += kept[i].Bytes;
        }

        var quickest = kept.Min(report => report.OnItsWay);
        var late = kept.Select(report => report.OnItsWay - quickest).Order().ElementAt((int)(0.95 * (kept.Length - 1))).TotalSeconds;
        var spanS = Math.Max(1, (now - kept[0].At).TotalSeconds);
        var share = (double)lost / (lost + kept.Length);
        return new(Grade(share, late / Math.Max(1, speed), gap.TotalSeconds / Math.Max(1, speed), gap.TotalSeconds), kept.Length, lost, Math.Round(late, 2), Math.Round(gap.TotalSeconds, 1), Math.Round(bytes / spanS));
    }

    // A gap of the world's time counts in fast time too, once it is longer than a report is due.
    private static LinkGrade Grade(double lost, double lateS, double realGapS, double gapS) =>
        lost > Poor.Lost || lateS > Poor.LateS || (gapS > Poor.GapS && realGapS > Fair.LateS) ? LinkGrade.Poor
        : lost > Fair.Lost || lateS > Fair.LateS || (gapS > Fair.GapS && realGapS > Fair.LateS) ? LinkGrade.Fair
        : LinkGrade.Good;
}
