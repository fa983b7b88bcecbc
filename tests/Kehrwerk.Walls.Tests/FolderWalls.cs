using System.Text.RegularExpressions;
using Xunit;

namespace Kehrwerk.Walls.Tests;

/// <summary>Walls inside projects, which the compiler cannot hold: words that must not occur below a folder.</summary>
public sealed class FolderWalls
{
    // Folder of src/, what may not be named there, why.
    public static TheoryData<string, string, string> Forbidden => new()
    {
        { "Kehrwerk.Streets", @"\bSystem\.Net\b|\bMicrosoft\.(AspNetCore|Data|Extensions)\b", "Streets is pure: no network, no database, no host" },
        { "Kehrwerk.Planning", @"\bSystem\.Net\b|\bMicrosoft\.(AspNetCore|Data|Extensions)\b", "Planning is pure: no network, no database, no host" },
        { "Kehrwerk.Streets", @"\bTimeProvider\b|\bStopwatch\b", "Streets has no clock" },
        { "Kehrwerk.Planning", @"\bTimeProvider\b|\bStopwatch\b", "Planning has no clock" },
        { "Kehrwerk.Sweeper/Driving", @"\bSweeper\.World\b|\bVirtual(World|Platform)\b|\bTruth\b", "the driving program knows the world by its sensors only" },
        { "Kehrwerk.Sweeper/Safety", @"\bSweeper\.World\b|\bVirtual(World|Platform)\b|\bTruth\b", "the safety layer knows the world by its sensors only" },
        { "Kehrwerk.Sweeper/Sensing", @"\bSweeper\.(World|Driving|Scenarios)\b", "the contract between hardware and program knows neither" },
        { "Kehrwerk.Sweeper/Safety/Motion", @"\bSweeper\.Driving\b", "the safety layer stands apart from the driving program" },
        { "Kehrwerk.Sweeper/Safety/Health", @"\bSweeper\.Driving\b", "the safety layer stands apart from the driving program" },
        { "Kehrwerk.Sweeper/World", @"\bSweeper\.(Driving|Scenarios)\b", "the world does not know who drives in it" },
        { ".", @"\bDateTime(Offset)?\.(Utc)?Now\b", "time comes from TimeProvider, so that a simulated clock can drive everything" },
        { ".", @"\bRandom\.Shared\b|\bnew Random\(\)", "chance comes from a seeded generator, so that a run can be repeated" },
        { ".", @"\basync void\b", "nobody can await it, and its exceptions end the process" },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Nothing_forbidden_is_named(string folder, string pattern, string reason)
    {
        var regex = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(10));

        var found = from source in Repository.Sources(folder)
                    from line in source.Text.Split('\n').Index()
                    where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal) && regex.IsMatch(line.Item)
                    select $"{source.Path}:{line.Index + 1}: {reason}";

        Assert.Empty(found);
    }
}
