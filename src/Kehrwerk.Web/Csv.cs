using System.Globalization;
using System.Text;

namespace Kehrwerk.Web;

/// <summary>Rows for spreadsheets, by RFC 4180: separated by commas, ended by CR LF.</summary>
public static class Csv
{
    public static string Row(params ReadOnlySpan<string> cells)
    {
        var row = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            row.Append(i > 0 ? "," : "").Append(Cell(cells[i]));
        }

        return row.Append("\r\n").ToString();
    }

    /// <summary>Text from outside must not become a formula where a person opens it; numbers stay numbers.</summary>
    private static string Cell(string text)
    {
        var isFormula = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        var safe = isFormula ? '\'' + text : text;
        return safe.AsSpan().IndexOfAny([',', '"', '\r', '\n']) >= 0 ? '"' + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : safe;
    }
}
