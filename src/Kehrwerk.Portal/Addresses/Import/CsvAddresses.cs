using System.Text;
using Sylvan.Data.Csv;

namespace Kehrwerk.Portal.Addresses.Import;

/// <summary>Addresses of a CSV whose columns a mapping names. Read row by row.</summary>
internal static class CsvAddresses
{
    private const int FieldBuffer = 1 << 16;
    private const int MaxColumns = 200;

    public static AddressImport Read(Stream file, RowChecks checks)
    {
        var mapping = checks.Mapping;
        using var text = new StreamReader(file, AddressMapping.TextEncoding(mapping.Encoding) ?? Encoding.UTF8, detectEncodingFromByteOrderMarks: true, FieldBuffer);
        var line = 1L;
        try
        {
            using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                Delimiter = mapping.Delimiter[0],
                HasHeaders = mapping.Header.Length == 0,
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

        return checks.Result();
    }

    private static void Read(CsvDataReader csv, RowChecks checks, ref long line)
    {
        var mapping = checks.Mapping;
        var names = mapping.Header.Length > 0 ? mapping.Header : [.. Enumerable.Range(0, Math.Min(csv.FieldCount, MaxColumns)).Select(i => csv.GetName(i).Trim().TrimStart('\uFEFF'))];
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            columns.TryAdd(names[i], i);
        }

        var missing = mapping.Fields.All().Concat(mapping.Only.Keys).Concat(mapping.Except.Keys).Where(f => !columns.ContainsKey(f)).ToArray();
        foreach (var name in missing)
        {
            checks.Wrong(1, name, "", $"There is no such column; the file has {string.Join(", ", names.Take(30))}");
        }

        if (mapping.Fields.X is null || mapping.Fields.Y is null)
        {
            checks.Wrong(0, "", "", "The mapping names no columns 'x' and 'y' for the coordinates; a CSV needs them");
        }
        else if (missing.Length == 0)
        {
            Rows(csv, checks, names.Length, columns, ref line);
        }
    }

    private static void Rows(CsvDataReader csv, RowChecks checks, int width, Dictionary<string, int> columns, ref long line)
    {
        var hasHeader = checks.Mapping.Header.Length == 0;
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
                checks.Take(line, Value);
            }
        }
    }
}
