using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>The scenarios that come with Kehrwerk (folder <c>catalogue</c>), and those of a user's folder.</summary>
internal static class Catalogue
{
    private const string Folder = "catalogue/";

    public static IReadOnlyList<Scenario> BuiltIn()
    {
        var assembly = typeof(Catalogue).Assembly;
        var scenarios = new List<Scenario>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            scenarios.Add(ScenarioFile.Parse(memory.ToArray(), name));
        }

        return scenarios;
    }

    /// <param name="path">A scenario file, or a folder of them.</param>
    /// <exception cref="InputException">One of them cannot be read or used.</exception>
    public static IReadOnlyList<Scenario> Load(string path)
    {
        try
        {
            var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal).ToArray() : [path];
            var scenarios = files.Select(file => ScenarioFile.Parse(File.ReadAllBytes(file), file)).ToArray();
            if (scenarios.GroupBy(scenario => scenario.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                throw new InputException(path, $"Two scenarios are called '{twice.Key}'", "Give each a name of its own");
            }

            return files.Length > 0
                ? scenarios
                : throw new InputException(path, "The folder holds no scenario", "Put files that end in .json there");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"The scenario cannot be read ({fault.Message})", "Check the path and the permissions", fault);
        }
    }
}
