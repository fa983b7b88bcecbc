namespace Kehrwerk.Centre.Upkeep;

/// <summary>When a check counts, when the next is due, and how long its report is kept (AFGBV § 13; LAW: H1–H4).</summary>
public static class UpkeepRules
{
    /// <summary>LAW: H2.</summary>
    public const int FullEveryDays = 90;

    /// <summary>LAW: H4.</summary>
    public const int InspectionEveryMonths = 6;

    /// <summary>LAW: H3. Then a report is deleted.</summary>
    public const int KeptMonths = 6;

    /// <summary>So long before its day a check is shown as due soon; ours.</summary>
    public const int WarnDays = 14;

    public const int MaxTextLength = 500;

    /// <summary>Whether a vehicle may depart on a day: by its newest departure check, which must be of that day and without a defect.</summary>
    public static bool IsCleared(UpkeepReport? newestDeparture, DateOnly today) => newestDeparture is { IsPassed: true } && newestDeparture.Day == today;

    /// <summary>The last day until which a check of this day holds.</summary>
    public static DateOnly DueOn(CheckKind kind, DateOnly day) => kind switch
    {
        CheckKind.Departure => day,
        CheckKind.Full => day.AddDays(FullEveryDays),
        CheckKind.MainInspection => day.AddMonths(InspectionEveryMonths),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such check."),
    };

    /// <summary>Reports that were signed before then are to be deleted.</summary>
    public static DateTimeOffset KeptSince(DateTimeOffset now) => now.AddMonths(-KeptMonths);

    /// <summary>What is wrong with a report before it is signed, as a key of <c>UpkeepTexts</c>; null if nothing.</summary>
    public static string? Fault(UpkeepReport report, DateOnly today) =>
        report.Kind == CheckKind.Departure && !report.Items.Select(item => item.Item).SequenceEqual(Enum.GetValues<CheckItem>()) ? "Problem.Items"
        : report.Items.Any(item => !item.IsGood && item.Remark.Length == 0) ? "Problem.Defect"
        : report.Items.Select(item => item.Remark).Append(report.Remark).Append(report.DoneBy).Any(text => text.Length > MaxTextLength || text.Any(c => char.IsControl(c) && c != '\n')) ? "Problem.Text"
        : report.Kind == CheckKind.Departure ? (report.Day != today ? "Problem.Day" : report.IsPassed != report.Items.All(item => item.IsGood) ? "Problem.Items" : null)
        : report.Day > today || report.Day < today.AddMonths(-KeptMonths) ? "Problem.Day"
        : report.DoneBy.Length == 0 ? "Problem.DoneBy"
        : null;
}
