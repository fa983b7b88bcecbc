using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks.Sweeping;

/// <summary>Reads the JSON files of instances, solutions and planning rules, with messages that name the place in the file.</summary>
internal static class SweepFile
{
    private const long MaxFileBytes = 64 << 20;
    private const string InstanceFormat = "docs/reference/sweep-instance-format.md";

    /// <param name="see">Where the format is described.</param>
    public static T Read<T>(string path, JsonTypeInfo<T> type, string see = InstanceFormat)
        where T : class
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length <= MaxFileBytes
                ? Read(file, path, type, see)
                : throw new InputException(path, $"{file.Length:N0} bytes are too many", $"Give a file of at most {MaxFileBytes >> 20} MiB");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"the file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }

    /// <param name="source">The file as the person knows it.</param>
    /// <param name="see">Where the format is described.</param>
    public static T Read<T>(Stream json, string source, JsonTypeInfo<T> type, string see = InstanceFormat)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InputException(source, "it is null", "Give an object");
        }
        catch (JsonException e)
        {
            var line = e.LineNumber is { } number ? $", line {number + 1}" : "";
            throw new InputException(
                $"{source}{line}, {e.Path ?? "$"}", $"the JSON cannot be used: {Shown(e.Message.Split(" Path:")[0]).TrimEnd('.')}", $"See {see}", e);
        }
    }

    /// <summary>Text from a file, fit for a message.</summary>
    public static string Shown(string text) => new([.. (text.Length > 160 ? text[..160] + "…" : text).Select(c => char.IsControl(c) ? '?' : c)]);
}
