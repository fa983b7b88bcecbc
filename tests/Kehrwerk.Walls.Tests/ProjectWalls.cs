using System.Xml.Linq;
using Xunit;

namespace Kehrwerk.Walls.Tests;

/// <summary>The walls of the house: which project may know which, and which libraries come into it.</summary>
public sealed class ProjectWalls
{
    private sealed record Room(string[] Knows, string[] Libraries);

    // Every project of src/ stands here. A new line, or a new word in one, is a decision: say why in docs/decisions/.
    private static readonly Dictionary<string, Room> Allowed = new()
    {
        ["Kehrwerk.Streets"] = new([], ["OsmSharp", "NetTopologySuite", "ProjNET", "SharpZipLib", "Sylvan.Data.Csv"]),
        ["Kehrwerk.Planning"] = new(["Kehrwerk.Streets"], ["Google.OrTools"]),
        ["Kehrwerk.Link"] = new([], ["MQTTnet", "Microsoft.Extensions.Logging.Abstractions"]),
        ["Kehrwerk.Conformance"] = new(["Kehrwerk.Link"], []),
        ["Kehrwerk.Sweeper"] = new(["Kehrwerk.Streets", "Kehrwerk.Link"], ["Microsoft.Extensions.Logging.Abstractions"]),
        ["Kehrwerk.Web"] = new([], []),
        ["Kehrwerk.Centre"] = new(
            ["Kehrwerk.Streets", "Kehrwerk.Planning", "Kehrwerk.Link", "Kehrwerk.Web"],
            ["Microsoft.Orleans", "Dapper", "Microsoft.Data.Sqlite", "Microsoft.AspNetCore.Identity", "Microsoft.EntityFrameworkCore"]),
        // Official lists are CSV or GeoJSON; the atlas is a database of its own.
        ["Kehrwerk.Portal"] = new(["Kehrwerk.Streets", "Kehrwerk.Web"], ["Sylvan.Data.Csv", "NetTopologySuite", "Dapper", "Microsoft.Data.Sqlite"]),
        ["Kehrwerk"] = new(
            ["Kehrwerk.Streets", "Kehrwerk.Planning", "Kehrwerk.Link", "Kehrwerk.Conformance", "Kehrwerk.Sweeper", "Kehrwerk.Web", "Kehrwerk.Centre", "Kehrwerk.Portal"],
            ["System.CommandLine", "Spectre.Console"]),
    };

    public static TheoryData<string> Projects => [.. ProjectFiles().Select(file => Path.GetFileNameWithoutExtension(file))];

    [Fact]
    public void Every_project_has_its_place_in_the_table() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), ProjectFiles().Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_whom_the_design_allows(string project)
    {
        var known = References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!);

        Assert.Empty(known.Except(Allowed[project].Knows));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_the_libraries_it_is_meant_to(string project)
    {
        var libraries = Allowed[project].Libraries;

        Assert.DoesNotContain(
            References(project, "PackageReference"),
            package => !libraries.Any(l => package == l || package.StartsWith(l + ".", StringComparison.Ordinal)));
    }

    private static string[] ProjectFiles() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"))
            .Descendants(kind)
            .Select(reference => ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/'));
}
