using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>Refuses what breaks a rule, with the place in the file.</summary>
internal sealed class FileRules(string source)
{
    public void Hold(bool condition, string path, string problem, string remedy)
    {
        if (!condition)
        {
            throw new InputException($"{source}, {path}", problem, remedy);
        }
    }

    public void InRange(string path, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new InputException($"{source}, {path}", $"it is {value}", $"Give a value from {least} to {most}");
        }
    }

    public void InRange(string path, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            throw new InputException(
                $"{source}, {path}", string.Create(CultureInfo.InvariantCulture, $"it is {value}"), string.Create(CultureInfo.InvariantCulture, $"Give a value from {least} to {most}"));
        }
    }

    public void Column(string path, ImmutableArray<int> values, int length, int least, int most)
    {
        if (values.Length != length)
        {
            throw new InputException($"{source}, {path}", $"it has {values.Length} values", $"Give {length}");
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < least || values[i] > most)
            {
                InRange($"{path}[{i}]", values[i], least, most);
            }
        }
    }

    public void Distinct(string path, IEnumerable<string> ids, string field = "id")
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, id) in ids.Index())
        {
            Hold(id.Length is > 0 and <= 100, $"{path}[{i}].{field}", "it is empty or longer than 100 characters", $"Give a short {field}");
            Hold(seen.Add(id), $"{path}[{i}].{field}", $"'{SweepFile.Shown(id)}' stands there twice", "Give every one its own");
        }
    }
}
