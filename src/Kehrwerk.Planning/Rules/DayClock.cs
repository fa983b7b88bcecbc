using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Planning.Benchmarks.Sweeping;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Rules;

/// <summary>Times of day of a rules file on the plan's clock, which begins when the plan's day does.</summary>
/// <param name="source">The file as the person knows it.</param>
internal sealed class DayClock(string source, string dayStarts)
{
    private const double DayS = 86_400;

    private readonly double startS = TimeOfDay(source, "$.dayStarts", dayStarts);

    /// <summary>Seconds of the plan's clock, 0 to less than 86,400.</summary>
    public double Seconds(string path, string time) => (TimeOfDay(source, path, time) - startS + DayS) % DayS;

    /// <summary>Periods of the day as windows, rising and apart; one that lies across the begin of the plan's day is two.</summary>
    public ImmutableArray<DayWindow> Windows(string path, ImmutableArray<PeriodRule> periods)
    {
        var parts = new List<DayWindow>();
        foreach (var (i, period) in periods.Index())
        {
            var from = Seconds($"{path}[{i}].from", period.From);
            var until = Seconds($"{path}[{i}].until", period.Until);
            if (from == until)
            {
                throw new InputException($"{source}, {path}[{i}]", "it ends when it begins", "Give a period, or leave the rule out for any time");
            }

            parts.AddRange(until > from ? [new(from, until)] : until == 0 ? [new(from, DayS)] : [new(0, until), new(from, DayS)]);
        }

        var windows = new List<DayWindow>();
        foreach (var part in parts.OrderBy(part => part.FromS))
        {
            if (windows.Count > 0 && part.FromS <= windows[^1].UntilS)
            {
                windows[^1] = windows[^1] with { UntilS = Math.Max(windows[^1].UntilS, part.UntilS) };
            }
            else
            {
                windows.Add(part);
            }
        }

        return [.. windows];
    }

    private static double TimeOfDay(string source, string path, string time) =>
        TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given)
            ? given.ToTimeSpan().TotalSeconds
            : throw new InputException($"{source}, {path}", $"'{SweepFile.Shown(time)}' is no time of day", "Give it as HH:MM, from 00:00 to 23:59");
}
