using System.Globalization;

namespace Kehrwerk.Centre.Record;

/// <summary>Times as people enter them: by the clock on the wall of the Centre.</summary>
public static class WallTime
{
    private static readonly string[] OnTheWall = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];
    private static readonly string[] Anywhere = ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz"];

    /// <summary>Reads <c>2026-03-14</c>, <c>2026-03-14T18:00</c>, <c>2026-03-14T18:00:30</c>, and the latter two with <c>Z</c> or an offset behind them.</summary>
    /// <returns>False where it is none of these, or a time of day that the clocks leave out.</returns>
    public static bool TryRead(string text, TimeZoneInfo zone, out DateTimeOffset at)
    {
        if (DateTime.TryParseExact(text, OnTheWall, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1 and < 9999)
        {
            at = zone.IsInvalidTime(local) ? default : new(local, zone.GetUtcOffset(local));
            return at != default;
        }

        return DateTimeOffset.TryParseExact(text, Anywhere, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at) && at.Year is > 1 and < 9999;
    }
}
