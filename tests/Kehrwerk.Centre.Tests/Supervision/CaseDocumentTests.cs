using System.Globalization;
using Kehrwerk.Centre.Cases;
using Xunit;

namespace Kehrwerk.Centre.Tests.Cases;

/// <summary>docs/centre/cases.md shows the rules as they are.</summary>
public sealed class CaseDocumentTests
{
    [Fact]
    public void The_table_of_the_document_is_the_table_of_the_code()
    {
        var expected = string.Join('\n', CaseRules.All.OrderBy(rule => rule.Class).ThenBy(rule => rule.Priority).ThenBy(rule => rule.Kind).Select(Row));

        var written = string.Join('\n', File.ReadLines(Path.Combine(Root(), "docs", "centre", "cases.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('`', StringComparison.Ordinal)));

        Assert.True(expected == written, "docs/centre/cases.md has to hold this table:\n" + expected);
    }

    private static string Row(CaseRule rule) => string.Join(' ', [
        "|", $"{rule.Class}", "|", $"{rule.Priority}".ToLowerInvariant(), "|", $"`{rule.Kind}`", "|", rule.When,
        "|", $"{Seconds(rule.OnS)} / {Seconds(rule.OffS)}",
        "|", rule.SuppressedBy.IsEmpty ? "–" : string.Join(", ", rule.SuppressedBy),
        "|", $"{(rule.TakeS is { } take ? Seconds(take) : "–")} / {(rule.DecideS is { } decide ? Seconds(decide) : "–")}",
        "|", string.Join(", ", rule.Actions), "|"]);

    private static string Seconds(double seconds) => seconds switch
    {
        0 => "0",
        >= 60 when seconds % 60 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
    };

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This test reads the documents: run it inside the repository.");
        }

        return folder.FullName;
    }
}
