using Kehrwerk.Centre.Access;
using Xunit;

namespace Kehrwerk.Centre.Tests.Access;

public sealed class AccessTableTests
{
    [Fact]
    public void The_documentation_shows_the_table_of_the_program()
    {
        var shown = File.ReadAllLines(Path.Combine(Root(), "docs", "centre", "people.md"))
            .SkipWhile(line => !line.StartsWith("| command |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .ToList();

        Assert.Equal(["| command | " + string.Join(" | ", Roles.All) + " |", "| --- |" + string.Concat(Roles.All.Select(_ => " :-: |")), .. AccessTable.ByCommand().Select(row =>
            $"| {row.Command} | " + string.Join(" | ", Roles.All.Select(role => row.Roles.Contains(role) ? "x" : "·")) + " |")], shown);
    }

    [Fact]
    public void Every_command_has_its_row() =>
        Assert.Equal(Enum.GetValues<AccessCommand>().Except([AccessCommand.Nobody, AccessCommand.Anyone, AccessCommand.SignedIn]), AccessTable.ByCommand().Select(row => row.Command));

    [Fact]
    public void Only_a_supervisor_sets_a_vehicle_going_against_its_own_stop()
    {
        Assert.All([AccessCommand.ReleaseVehicle, AccessCommand.GrantRequest], command => Assert.Equal([Role.Supervisor], AccessTable.ByCommand().Single(row => row.Command == command).Roles));
    }

    [Theory]
    [InlineData("GET", "/people/unheard-of")]
    [InlineData("GET", "/unheard-of.css")]
    [InlineData("DELETE", "/people")]
    [InlineData("POST", "/_content/x")]
    public void What_is_not_in_the_table_is_found_for_nobody(string method, string route) => Assert.Empty(AccessTable.Find(method, route));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests read the documents: run them inside the repository.");
        }

        return folder.FullName;
    }
}
