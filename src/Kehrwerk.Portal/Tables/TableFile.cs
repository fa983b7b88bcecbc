using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Tables;

/// <summary>Reads a table from a file, CSV or GeoJSON; the first character tells which.</summary>
internal static class TableFile
{
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static void Read(string path, TableChecks checks)
    {
        using var file = Open(path);
        var first = file.ReadByte();
        while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF)
        {
            first = file.ReadByte();
        }

        file.Position = 0;
        if (first == '{')
        {
            GeoJsonTable.Read(file, checks);
        }
        else
        {
            CsvTable.Read(file, checks);
        }
    }

    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(path, $"The file cannot be opened: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }
}
