using System.Globalization;
using System.Text;

namespace Kehrwerk.Portal.Sweeping;

/// <summary>A day in a calendar.</summary>
/// <param name="Id">Stays the same when the file is read again.</param>
public sealed record CalendarDay(string Id, DateOnly Day, string Summary, string Description);

/// <summary>Writes days as iCalendar (RFC 5545), to be subscribed to.</summary>
internal static class CalendarFile
{
    // Octets of a line without its break (RFC 5545, 3.1).
    private const int LineOctets = 75;

    public static string Write(string name, DateTimeOffset now, IEnumerable<CalendarDay> days)
    {
        var file = new StringBuilder();
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string[] head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kehrwerk//Portal//DE", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", $"X-WR-CALNAME:{Text(name)}", $"NAME:{Text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D"];
        foreach (var line in head)
        {
            Fold(file, line);
        }

        foreach (var day in days)
        {
            // An event of a whole day ends with the beginning of the next, and takes nobody's time.
            string[] lines =
            [
                "BEGIN:VEVENT",
                $"UID:{day.Id}",
                $"DTSTAMP:{stamp}",
                $"DTSTART;VALUE=DATE:{day.Day:yyyyMMdd}",
                $"DTEND;VALUE=DATE:{day.Day.AddDays(1):yyyyMMdd}",
                $"SUMMARY:{Text(day.Summary)}",
                .. day.Description.Length > 0 ? [$"DESCRIPTION:{Text(day.Description)}"] : Array.Empty<string>(),
                "TRANSP:TRANSPARENT",
                "END:VEVENT",
            ];
            foreach (var line in lines)
            {
                Fold(file, line);
            }
        }

        Fold(file, "END:VCALENDAR");
        return file.ToString();
    }

    private static string Text(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    // A character is never cut in two.
    private static void Fold(StringBuilder file, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LineOctets)
            {
                file.Append("\r\n ");
                octets = 1;
            }

            file.Append(rune);
            octets += rune.Utf8SequenceLength;
        }

        file.Append("\r\n");
    }
}
