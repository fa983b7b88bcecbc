using System.Collections.Immutable;

namespace Kehrwerk.Streets.Import;

/// <summary>Counts what an import takes and leaves out, by reason. Reasons are ours, never text of the file, so that there are few.</summary>
internal sealed class ImportTally
{
    private const int MaxWarnings = 1000;
    private readonly SortedDictionary<string, (int Count, double LengthM)> taken = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (int Count, double LengthM)> leftOut = new(StringComparer.Ordinal);
    private readonly List<string> warnings = [];
    private int warningsCut;

    public void Take(string what, int count = 1, double lengthM = 0) => Add(taken, what, count, lengthM);

    public void LeaveOut(string why, int count = 1, double lengthM = 0) => Add(leftOut, why, count, lengthM);

    public void Warn(string text)
    {
        if (warnings.Count < MaxWarnings)
        {
            warnings.Add(text);
        }
        else
        {
            warningsCut++;
        }
    }

    public ImportReport ToReport() =>
        new(Counts(taken), Counts(leftOut), [.. warnings, .. warningsCut > 0 ? [$"{warningsCut} more warnings are not shown."] : Array.Empty<string>()]);

    private static void Add(SortedDictionary<string, (int Count, double LengthM)> counts, string what, int count, double lengthM)
    {
        if (count > 0)
        {
            var (before, beforeM) = counts.GetValueOrDefault(what);
            counts[what] = (before + count, beforeM + lengthM);
        }
    }

    private static ImmutableArray<ImportCount> Counts(SortedDictionary<string, (int Count, double LengthM)> counts) =>
        [.. counts.Select(c => new ImportCount(c.Key, c.Value.Count, c.Value.LengthM))];
}
