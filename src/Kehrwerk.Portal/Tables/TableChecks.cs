using System.Collections.Immutable;
using System.Globalization;

namespace Kehrwerk.Portal.Tables;

/// <summary>Something in a table that keeps it from being taken.</summary>
/// <param name="Line">Line of the file, counted from 1; 0 where it is the whole file.</param>
/// <param name="Field">Column or property as the table names it, or empty.</param>
/// <param name="Value">What stands there, cut to 80 characters.</param>
/// <param name="Problem">What is wrong, and what to do.</param>
public sealed record ImportProblem(string File, long Line, string Field, string Value, string Problem)
{
    public override string ToString() =>
        $"{File}{(Line > 0 ? FormattableString.Invariant($", line {Line}") : "")}{(Field.Length > 0 ? $", {Field}" : "")}{(Value.Length > 0 ? $" '{Value}'" : "")}: {Problem}.";
}

/// <summary>Takes the rows of a table one by one and looks at them; collects problems with line, field and value.</summary>
internal abstract class TableChecks(string file, TableFormat format)
{
    private const int MaxProblems = 100;
    private const int MaxValue = 80;
    private const int MaxText = 120;

    private readonly ImmutableArray<ImportProblem>.Builder problems = ImmutableArray.CreateBuilder<ImportProblem>();

    public string File => file;
    public TableFormat Format => format;

    /// <summary>The rows come from a GeoJSON, and have a geometry instead of columns for it.</summary>
    public bool IsGeoJson { get; set; }

    public int ProblemCount { get; private set; }
    public bool IsHopeless => ProblemCount >= 100 * MaxProblems;

    /// <summary>The first hundred.</summary>
    public ImmutableArray<ImportProblem> Problems => problems.ToImmutable();

    /// <summary>Rows that the format leaves out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Whether the format reads this row at all.</summary>
    /// <param name="value">The value of a column.</param>
    public bool IsRead(Func<string, string> value)
    {
        var isRead = format.Only.All(o => value(o.Key) == o.Value) && !format.Except.Any(e => value(e.Key) == e.Value);
        LeftOut += isRead ? 0 : 1;
        return isRead;
    }

    public void Wrong(long line, string field, string value, string problem)
    {
        ProblemCount++;
        if (problems.Count < MaxProblems)
        {
            var shown = string.Concat(value.Take(MaxValue).Select(c => char.IsControl(c) ? '·' : c));
            problems.Add(new(file, line, field, shown, problem));
        }
    }

    /// <summary>Whether a CSV can hold what the mapping asks for; tells what is missing.</summary>
    public virtual bool FitsCsv() => true;

    /// <summary>Takes a row.</summary>
    /// <param name="geometry">The GeoJSON geometry; empty in a CSV, and where a feature has none.</param>
    public abstract void Take(long line, Func<string, string> value, ReadOnlySpan<byte> geometry);

    /// <summary>What stands in a field, without what does not belong in a text; empty where the mapping names no such field.</summary>
    protected string Text(long line, string? field, Func<string, string> value)
    {
        if (field is null)
        {
            return "";
        }

        var text = value(field).Trim();
        if (text.Contains('\uFFFD'))
        {
            Wrong(line, field, text, $"Letters are broken: the file is not {format.Encoding}; give its encoding in the mapping, often windows-1252");
        }
        else if (IsUtf8ReadAsLatin(text))
        {
            Wrong(line, field, text, $"Letters are broken: the file is UTF-8 and the mapping says {format.Encoding}; give utf-8");
        }
        else if (text.Any(char.IsControl))
        {
            Wrong(line, field, text, "Control characters do not belong here");
        }
        else if (text.Length > MaxText)
        {
            Wrong(line, field, text, $"The text is longer than {MaxText} characters; perhaps a quote is not closed, or the delimiter is another");
        }

        return text;
    }

    // Ã followed by what is the second byte of ä, ö, ü, ß or a capital umlaut, in Latin-1 or in Windows-1252.
    private static bool IsUtf8ReadAsLatin(string text) =>
        text.IndexOf('Ã') is >= 0 and var at && at + 1 < text.Length && text[at + 1] is '¤' or '¶' or '¼' or 'Ÿ' or '„' or '–' or 'œ' or '\u009F' or '\u0084' or '\u0096' or '\u009C';

    /// <summary>The coordinate in a field, or null, which is told as a problem.</summary>
    protected double? Number(long line, string field, string text)
    {
        text = text.Trim();
        // One comma is a decimal comma; in lists of coordinates nothing parts thousands.
        if (text.Length is > 0 and <= 30 && double.TryParse(text.Replace(',', '.'), NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        Wrong(line, field, text, "A coordinate is expected here; perhaps the columns are shifted");
        return null;
    }
}
