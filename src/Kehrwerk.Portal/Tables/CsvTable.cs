using System.Text;
using Sylvan.Data.Csv;

namespace Kehrwerk.Portal.Tables;

/// <summary>A CSV whose columns a mapping names, read row by row.</summary>
internal static class CsvTable
{
    private const int FieldBuffer = 1 << 16;
    private const int MaxColumns = 200;

    public static void Read(Stream file, TableChecks checks)
    {
        var format = checks.Format;
        using var text = new StreamReader(file, format.TextEncoding ?? Encoding.UTF8, detectEncodingFromByteOrderMarks: true, FieldBuffer);
        var line = 1L;
        try
        {
            using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                Delimiter = format.Delimiter[0],
                HasHeaders = format.Header.Length == 0,
                BufferSize = FieldBuffer,
                MaxBufferSize = FieldBuffer,
                Comment = '\0',
            });
            Read(csv, checks, ref line);
        }
        catch (Exception e) when (e is FormatException or CsvConfigurationException or InvalidDataException or IOException or ArgumentException)
        {
            checks.Wrong(line, "", "", $"This is no CSV that can be read: {e.Message.TrimEnd('.')}; check delimiter and quotes");
        }
    }

    private static void Read(CsvDataReader csv, TableChecks checks, ref long line)
    {
        var format = checks.Format;
        var names = format.Header.Length > 0 ? format.Header : [.. Enumerable.Range(0, Math.Min(csv.FieldCount, MaxColumns)).Select(i => csv.GetName(i).Trim().TrimStart('\uFEFF'))];
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            columns.TryAdd(names[i], i);
        }

        var missing = format.Columns.Concat(format.Only.Keys).Concat(format.Except.Keys).Where(f => !columns.ContainsKey(f)).ToArray();
        foreach (var name in missing)
        {
            checks.Wrong(1, name, "", $"There is no such column; the file has {string.Join(", ", names.Take(30))}");
        }

        if (checks.FitsCsv() && missing.Length == 0)
        {
            Rows(csv, checks, names.Length, columns, ref line);
        }
    }

    private static void Rows(CsvDataReader csv, TableChecks checks, int width, Dictionary<string, int> columns, ref long line)
    {
        var hasHeader = checks.Format.Header.Length == 0;
        while (!checks.IsHopeless && csv.Read())
        {
            line = csv.RowNumber + (hasHeader ? 1 : 0);
            if (csv.RowFieldCount == 1 && csv.GetString(0).Trim().Length == 0)
            {
                continue;
            }

            if (csv.RowFieldCount != width)
            {
                checks.Wrong(line, "", "", FormattableString.Invariant($"The row has {csv.RowFieldCount} fields and the header {width}; a delimiter is missing or too much, or stands inside a field without quotes"));
                continue;
            }

            string Value(string column) => csv.GetString(columns[column]);
            if (checks.IsRead(Value))
            {
                checks.Take(line, Value, []);
            }
        }
    }
}
