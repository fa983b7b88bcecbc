using Xunit;

namespace Kehrwerk.Streets.Tests.Import;

/// <summary>Real extracts beside the repository; tests over them are skipped where they are not there.</summary>
internal static class RealData
{
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    public static string Osm(string file)
    {
        var path = Path.GetFullPath(Path.Combine(Root(), "..", "shared", "data", "osm", file));
        if (!File.Exists(path))
        {
            Assert.Skip($"{file} needs ../shared/data, which is not here");
        }

        return path;
    }
}
