using Xunit;

namespace Kehrwerk.Planning.Tests.Benchmarks;

/// <summary>The published benchmark files beside the repository; tests over them are skipped where they are not there.</summary>
internal static class PublishedInstances
{
    /// <summary>Every instance file, all sets.</summary>
    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Folder(), "*.*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".dat" or ".txt").Order(StringComparer.Ordinal);

    public static string File(string set, string name) => Path.Combine(Folder(), set, name);

    /// <summary>Instance and number of required links of every row of the table of best known values that states one.</summary>
    public static Dictionary<string, int> RequiredCounts() => System.IO.File.ReadLines(Path.Combine(Folder(), "BKS.tsv"))
        .Skip(1)
        .Select(line => line.Split('\t'))
        .Where(fields => fields[5].Length > 0)
        .ToDictionary(fields => fields[1], fields => int.Parse(fields[5], System.Globalization.CultureInfo.InvariantCulture));

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "..", "shared", "data", "carp");
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")) && Directory.Exists(data))
            {
                return Path.GetFullPath(data);
            }
        }

        Assert.Skip("This test needs ../shared/data/carp, which is not here");
        return "";
    }
}
