using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>
/// The best published value of each instance: a table with tabs between the columns, of which <c>instance</c> and <c>BKS</c> are read,
/// and <c>LB</c>, a published lower bound, where there is one.
/// </summary>
public static class BestKnownValues
{
    /// <summary>The name of such a table beside the instances.</summary>
    public const string FileName = "BKS.tsv";

    /// <param name="source">The file as the person knows it.</param>
    /// <exception cref="InputException">It is no such table; the message names the line.</exception>
    public static ImmutableDictionary<string, long> Read(TextReader text, string source) => ReadWithBounds(text, source).ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Best);

    /// <summary>The same with the published lower bounds; null where a line has none.</summary>
    public static ImmutableDictionary<string, (long Best, long? LowerBound)> ReadWithBounds(TextReader text, string source)
    {
        var header = (text.ReadLine() ?? "").Split('\t', StringSplitOptions.TrimEntries);
        var (name, value) = (Array.IndexOf(header, "instance"), Array.IndexOf(header, "BKS"));
        if (name < 0 || value < 0)
        {
            throw new InputException($"{source}, line 1", "the columns instance and BKS are missing", "Begin the file with a header that names them, with tabs between");
        }

        var bound = Array.IndexOf(header, "LB");
        var values = ImmutableDictionary.CreateBuilder<string, (long Best, long? LowerBound)>();
        for (var line = 2; text.ReadLine() is { } content; line++)
        {
            if (string.IsNullOrWhiteSpace(content))
            {
                continue;
            }

            var fields = content.Split('\t', StringSplitOptions.TrimEntries);
            if (fields.Length <= Math.Max(name, value)
                || !long.TryParse(fields[value], NumberStyles.None, CultureInfo.InvariantCulture, out var best)
                || best == 0)
            {
                throw new InputException($"{source}, line {line}", "there is no whole number above 0 in the column BKS", "Write the best known value, with tabs between the columns");
            }

            long? least = bound >= 0 && bound < fields.Length && long.TryParse(fields[bound], NumberStyles.None, CultureInfo.InvariantCulture, out var lb) ? lb : null;
            if (!values.TryAdd(fields[name], (best, least)))
            {
                throw new InputException($"{source}, line {line}", $"{fields[name]} has a value already", "Keep one line for each instance");
            }
        }

        return values.ToImmutable();
    }
}
