using System.Globalization;
using Kehrwerk.Portal.Pages;
using Microsoft.Extensions.Localization;

namespace Kehrwerk.Portal.Sweeping;

/// <summary>What is known of the sweeping in the words of the reader's language.</summary>
internal static class SweepWording
{
    /// <summary>How often and on which days of the week: <c>every Monday and Thursday</c>.</summary>
    public static string Pattern(this IStringLocalizer<PortalTexts> t, KerbSweeping sweeping)
    {
        if (sweeping.Next.IsEmpty)
        {
            return t["Sweep.Never"];
        }

        var days = sweeping.Next.Select(d => d.DayOfWeek).Distinct().OrderBy(d => ((int)d + 6) % 7).Select(CultureInfo.CurrentCulture.DateTimeFormat.GetDayName).ToList();
        var weeks = sweeping.Next.Length > 1 && days.Count == 1 ? (sweeping.Next[1].DayNumber - sweeping.Next[0].DayNumber) / 7 : 1;
        return days.Count == 7 ? t["Sweep.Daily"]
            : weeks <= 1 ? t["Sweep.Weekly", string.Join(", ", days)]
            : weeks == 2 ? t["Sweep.SecondWeek", days[0]]
            : t["Sweep.NthWeek", weeks, days[0]];
    }

    /// <summary>A day with its name: <c>Montag, 30.11.2026</c>.</summary>
    public static string DayName(DateOnly day) => $"{CultureInfo.CurrentCulture.DateTimeFormat.GetDayName(day.DayOfWeek)}, {Wording.Day(day)}";

    public static string Next(this IStringLocalizer<PortalTexts> t, KerbSweeping sweeping, DateOnly today) =>
        sweeping.UnderWay is { } vehicle ? t["Sweep.UnderWay", vehicle]
        : sweeping.Next is not [var next, ..] ? t["Sweep.Never"]
        : next == today ? t["Sweep.Today"]
        : DayName(next);

    public static string? Last(this IStringLocalizer<PortalTexts> t, KerbSweeping sweeping, TimeZoneInfo zone) =>
        sweeping.Last is { } last ? t["Sweep.LastBy", Wording.Moment(TimeZoneInfo.ConvertTime(last.At, zone)), last.Vehicle] : t["Sweep.NotOnRecord"];

    public static string? Unswept(this IStringLocalizer<PortalTexts> t, KerbSweeping sweeping, TimeZoneInfo zone)
    {
        if (sweeping.Unswept is not { } unswept)
        {
            return null;
        }

        var reason = t[$"Unswept.{unswept.Reason}"].Value;
        var at = Wording.Day(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(unswept.At, zone).DateTime));
        return unswept.LengthM is { } metres
            ? t["Sweep.PartUnswept", Math.Ceiling(metres).ToString("N0", CultureInfo.CurrentCulture), at, reason]
            : t["Sweep.Unswept", at, reason];
    }

    /// <summary>What the statute asks of the people along the kerb.</summary>
    public static string Obligation(this IStringLocalizer<PortalTexts> t, SweepingRules rules, KerbSweeping sweeping) =>
        rules.Obligations.TryGetValue(sweeping.Kerb.Class.Id, out var own)
            ? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "de" ? own.De : own.En
            : t[sweeping.Kerb.Class.TimesPerWeek > 0 ? "Obligation.City" : "Obligation.Owners"];
}
