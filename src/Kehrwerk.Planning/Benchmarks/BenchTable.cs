using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>The results of a benchmark as Markdown: a line for each set, then a table for each with a line for each instance.</summary>
public static class BenchTable
{
    /// <summary>All runs of an instance.</summary>
    /// <param name="Gap">Of the mean to the best known value, in percent; null where none is known.</param>
    /// <param name="BestGap">Of the best run.</param>
    private sealed record Row(string Set, string Instance, long? BestKnown, int Seeds, double Mean, long Best, double? Gap, double? BestGap);

    /// <param name="about">Lines on how the runs were made, shown above the tables.</param>
    /// <param name="runs">In the order in which the instances shall stand.</param>
    public static string Markdown(IEnumerable<string> about, IReadOnlyList<BenchRun> runs, ImmutableDictionary<string, long> bestKnown)
    {
        var rows = runs.GroupBy(run => (run.Set, run.Instance)).Select(group => RowOf([.. group], bestKnown)).ToList();
        var sets = rows.GroupBy(row => row.Set).ToList();
        var text = new StringBuilder("# Arc routing: gaps to the best known values\n\n");
        foreach (var line in about)
        {
            text.Append(line).Append('\n');
        }

        text.Append("\n| set | instances | mean gap % | gap of the best runs % | at the best known value | below it |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var set in sets)
        {
            text.Append(Line(
                $"{set.Key} | {set.Count()} | {Percent(set.Average(r => r.Gap))} | {Percent(set.Average(r => r.BestGap))} | {set.Count(r => r.BestGap == 0)} | {set.Count(r => r.BestGap < 0)}"));
        }

        foreach (var set in sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {set.Key}\n\n| instance | best known | seeds | mean | best | mean gap % |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
            foreach (var row in set)
            {
                // In bold what is better than anything published.
                var best = row.BestGap < 0 ? $"**{Number(row.Best)}**" : Number(row.Best);
                text.Append(Line($"{row.Instance} | {Number(row.BestKnown)} | {row.Seeds} | {row.Mean:N1} | {best} | {Percent(row.Gap)}"));
            }

            text.Append(Line($"mean of the set | | | | | {Percent(set.Average(r => r.Gap))}"));
        }

        return text.ToString();
    }

    private static Row RowOf(IReadOnlyList<BenchRun> runs, ImmutableDictionary<string, long> bestKnown)
    {
        var (mean, best) = (runs.Average(run => run.Cost), runs.Min(run => run.Cost));
        long? known = bestKnown.TryGetValue(runs[0].Instance, out var value) ? value : null;
        return new(runs[0].Set, runs[0].Instance, known, runs.Count, mean, best, Gap(mean), Gap(best));

        double? Gap(double cost) => (cost - known) / known * 100;
    }

    private static string Line(FormattableString cells) => $"| {FormattableString.Invariant(cells)} |\n";

    private static string Number(long? value) => value is { } number ? number.ToString("N0", CultureInfo.InvariantCulture) : "–";

    private static string Percent(double? value) => value is { } percent ? percent.ToString("F3", CultureInfo.InvariantCulture) : "–";
}
