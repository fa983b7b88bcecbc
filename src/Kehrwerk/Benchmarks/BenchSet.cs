using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Planning.Benchmarks;
using Kehrwerk.Planning.Benchmarks.Sweeping;
using Kehrwerk.Streets;

namespace Kehrwerk.Benchmarks;

/// <summary>An instance of a benchmark.</summary>
/// <param name="Set">The name of the folder it lies in.</param>
internal sealed record BenchInstance(string Set, string Name, string File);

/// <summary>Finds what a benchmark runs over.</summary>
internal static class BenchSet
{
    private const long MaxFileBytes = 32 << 20;

    /// <summary>Every instance below a folder, found by content, in the order of a person who counts: gdb2 before gdb10.</summary>
    /// <exception cref="InputException">There is none, or two have the same name in folders of the same name.</exception>
    public static ImmutableArray<BenchInstance> Instances(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException(folder, "there is no such folder", "Give a folder with benchmark instances");
        }

        var counting = StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);
        var instances = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(IsInstance)
            .Select(file => new BenchInstance(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))!, Path.GetFileNameWithoutExtension(file), file))
            .OrderBy(instance => instance.Set, counting)
            .ThenBy(instance => instance.Name, counting)
            .ToImmutableArray();
        var twice = instances.GroupBy(instance => (instance.Set, instance.Name)).FirstOrDefault(group => group.Count() > 1);
        return instances.IsEmpty
            ? throw new InputException(folder, "it holds no arc routing instance", "Give a folder with files that begin with NOMBRE : … or NAME : …")
            : twice is { } same
                ? throw new InputException(same.First().File, $"{same.Last().File} has the same name and set", "Rename one of them, or its folder")
                : instances;
    }

    /// <summary>The best known values of a file or, where none is named, of the first table found from a folder upwards.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static ImmutableDictionary<string, (long Best, long? LowerBound)> Published(string? file, string folder)
    {
        for (var at = new DirectoryInfo(folder); file is null && at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, BestKnownValues.FileName);
            file = File.Exists(candidate) ? candidate : null;
        }

        if (file is null)
        {
            return ImmutableDictionary<string, (long, long?)>.Empty;
        }

        try
        {
            using var text = new StreamReader(file);
            return BestKnownValues.ReadWithBounds(text, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"the file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }

    // Solutions are JSON as well; an instance begins with its format.
    private static bool IsSweepInstance(string file)
    {
        using var text = new StreamReader(file);
        var beginning = new char[100];
        return new string(beginning, 0, text.ReadBlock(beginning)).Contains(SweepInstance.FormatName, StringComparison.Ordinal);
    }

    private static bool IsInstance(string file)
    {
        if (new FileInfo(file).Length > MaxFileBytes)
        {
            return false;
        }

        using var text = new StreamReader(file);
        return ArcInstanceReader.Recognises(text) || IsSweepInstance(file);
    }
}
