using System.Text;
using Sylvan.Data.Csv;

namespace Kehrwerk.Streets.Import;

/// <summary>One row of a CSV, by column name; a column that the file does not have is empty.</summary>
internal sealed class CsvRow(string path, int line, Dictionary<string, string> values)
{
    public int Line { get; } = line;

    public string Place { get; } = $"{path}, line {line}";

    public string this[string column] => values.GetValueOrDefault(column, "");

    public InputException Wrong(string problem, string remedy) => new(Place, problem, remedy);
}

/// <summary>Reads a CSV with a header line; <c>;</c> or <c>,</c> or tab between fields, UTF-8. Empty lines and lines that begin with # are passed over.</summary>
internal static class CsvTable
{
    public const int MaxBytes = 32 << 20;
    private const int MaxFieldBuffer = 1 << 16;
    private const int MaxColumns = 50;

    /// <summary>The bytes of a CSV file.</summary>
    /// <exception cref="InputException">There is no such file, or it is too large.</exception>
    public static byte[] Load(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? File.ReadAllBytes(path)
                : throw new InputException(path, $"The file is larger than {MaxBytes >> 20} MiB", "Give a CSV of streets and classes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }

    /// <param name="columns">Names of the columns; the first <paramref name="required"/> of them must be there.</param>
    /// <exception cref="InputException">It is no such CSV; the message names file and line.</exception>
    public static IEnumerable<CsvRow> Read(string path, byte[] content, string[] columns, int required)
    {
        using var text = new StreamReader(new MemoryStream(content, writable: false), new UTF8Encoding(false, throwOnInvalidBytes: true));
        var options = new CsvDataReaderOptions { BufferSize = MaxFieldBuffer, MaxBufferSize = MaxFieldBuffer, Comment = '\0', HeaderComparer = StringComparer.OrdinalIgnoreCase };
        using var csv = Try(path, 1, () => CsvDataReader.Create(text, options));
        var header = Enumerable.Range(0, Math.Min(csv.FieldCount, MaxColumns)).Select(i => csv.GetName(i).Trim()).ToArray();
        foreach (var column in columns.Take(required))
        {
            if (!header.Contains(column, StringComparer.OrdinalIgnoreCase))
            {
                throw new InputException($"{path}, line 1", $"The column '{column}' is missing", $"Begin the file with the header {string.Join(';', columns)}");
            }
        }

        while (Try(path, csv.RowNumber + 1, csv.Read))
        {
            // Comments are dropped here and not by the reader, which would not count their lines.
            if (csv.RowFieldCount > 0 && csv.GetString(0).StartsWith('#'))
            {
                continue;
            }

            var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < Math.Min(header.Length, csv.RowFieldCount); i++)
            {
                values[header[i]] = csv.GetString(i).Trim();
            }

            if (values.Values.Any(v => v.Length > 0))
            {
                yield return new(path, csv.RowNumber + 1, values);
            }
        }
    }

    private static T Try<T>(string path, int line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or CsvConfigurationException or DecoderFallbackException or InvalidDataException or IOException)
        {
            throw new InputException($"{path}, near line {line}", $"This is not a CSV that can be read: {e.Message.TrimEnd('.')}", "Save it as CSV in UTF-8 with ; between the fields", e);
        }
    }
}
