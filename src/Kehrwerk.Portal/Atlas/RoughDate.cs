using System.Globalization;

namespace Kehrwerk.Portal.Atlas;

/// <summary>
/// A date as plans name it: a year, a quarter, a month or a day, written <c>2027</c>, <c>2027-Q3</c>, <c>2027-09</c>, <c>2027-09-30</c>.
/// </summary>
/// <param name="Quarter">1–4, or 0.</param>
/// <param name="Month">1–12, or 0.</param>
/// <param name="Day">1–31, or 0.</param>
public readonly record struct RoughDate(int Year, int Quarter = 0, int Month = 0, int Day = 0)
{
    /// <summary>The last day that it can mean: after it, what was expected is overdue.</summary>
    public DateOnly LastDay =>
        Day > 0 ? new(Year, Month, Day)
        : new DateOnly(Year, Month > 0 ? Month : Quarter > 0 ? 3 * Quarter : 12, 1).AddMonths(1).AddDays(-1);

    /// <summary>Reads one of the four forms; years from 1990 to 2100.</summary>
    public static bool TryParse(string text, out RoughDate date)
    {
        date = default;
        var parts = text.Split('-');
        if (parts.Length > 3 || parts[0].Length != 4 || !Number(parts[0], 1990, 2100, out var year))
        {
            return false;
        }

        if (parts.Length == 1)
        {
            date = new(year);
            return true;
        }

        if (parts.Length == 2 && parts[1] is ['Q' or 'q', >= '1' and <= '4'])
        {
            date = new(year, Quarter: parts[1][1] - '0');
            return true;
        }

        if (!Number(parts[1], 1, 12, out var month))
        {
            return false;
        }

        var day = 0;
        if (parts.Length == 3 && !Number(parts[2], 1, DateTime.DaysInMonth(year, month), out day))
        {
            return false;
        }

        date = new(year, 0, month, day);
        return true;
    }

    /// <summary>As it is stored and read.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Year:0000}{(Quarter > 0 ? $"-Q{Quarter}" : "")}{(Month > 0 ? $"-{Month:00}" : "")}{(Day > 0 ? $"-{Day:00}" : "")}");

    /// <summary>As a person of this culture writes it; for a quarter the caller's text with <c>{0}</c> quarter and <c>{1}</c> year.</summary>
    public string ToText(CultureInfo culture, string quarterForm) =>
        Day > 0 ? LastDay.ToString("d", culture)
        : Month > 0 ? new DateOnly(Year, Month, 1).ToString("MMMM yyyy", culture)
        : Quarter > 0 ? string.Format(culture, quarterForm, Quarter, Year)
        : Year.ToString(CultureInfo.InvariantCulture);

    private static bool Number(string text, int from, int to, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= from && number <= to;
}
