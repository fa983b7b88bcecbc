using System.Globalization;
using System.Text;
using Kehrwerk.Planning.ArcRouting.Bounds;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>A lower bound of an instance beside what is published.</summary>
/// <param name="Set">The folder of the instance.</param>
/// <param name="BestKnown">The cost of the best published solution; null where none is known.</param>
/// <param name="Published">The best published lower bound.</param>
/// <param name="CpuSeconds">Processor time that the bound took, the table of ways not included.</param>
public sealed record BoundRow(string Set, string Instance, int Tasks, long? BestKnown, long? Published, BoundResult Bound, double CpuSeconds)
{
    /// <summary>Of the best known value to the bound, in percent.</summary>
    public double? Gap => BestKnown is { } best ? Bound.Gap(best) * 100 : null;

    /// <summary>Whether the bound says that there is no solution as good as one that is known.</summary>
    public bool IsWrong => Bound.Value > BestKnown;
}

/// <summary>Lower bounds as Markdown: a line for each set, then a table for each with a line for each instance.</summary>
public static class BoundTable
{
    /// <param name="about">Lines on how the bounds were made, shown above the tables.</param>
    public static string Markdown(IEnumerable<string> about, IReadOnlyList<BoundRow> rows)
    {
        var sets = rows.GroupBy(row => row.Set).ToList();
        var text = new StringBuilder("# Arc routing: lower bounds\n\n");
        foreach (var line in about)
        {
            text.Append(line).Append('\n');
        }

        text.Append("\n| set | instances | equal to the best known value | mean gap % | mean gap of published bounds % | mean seconds |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var set in sets)
        {
            text.Append(Line($"{set.Key} | {set.Count()} | {set.Count(r => r.Gap == 0)} | {Percent(set.Average(r => r.Gap))} | {Percent(set.Average(PublishedGap))} | {set.Average(r => r.CpuSeconds):F2}"));
        }

        foreach (var set in sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {set.Key}\n\n| instance | tasks | by flow | by cuts | by trips | published bound | best known | gap % | seconds |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            foreach (var row in set)
            {
                var bound = row.Bound;
                text.Append(Line(
                    $"{row.Instance} | {row.Tasks} | {bound.Deadhead:N0} | {bound.Cuts:N0} | {bound.Value:N0} | {Number(row.Published)} | {Number(row.BestKnown)} | {Percent(row.Gap)} | {row.CpuSeconds:F2}"));
            }
        }

        return text.ToString();
    }

    private static double? PublishedGap(BoundRow row) => (row.BestKnown - row.Published) * 100.0 / row.Published;

    private static string Line(FormattableString cells) => $"| {FormattableString.Invariant(cells)} |\n";

    private static string Number(long? value) => value is { } number ? number.ToString("N0", CultureInfo.InvariantCulture) : "–";

    private static string Percent(double? value) => value is { } percent ? percent.ToString("F2", CultureInfo.InvariantCulture) : "–";
}
