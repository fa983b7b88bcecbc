using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Kehrwerk.Conformance;

namespace Kehrwerk.Tests.Conformance;

/// <summary>Each normative sentence of VDA 5050 3.0.0 stands in docs/link/vda5050-sentences.md with what checks it, and what it names exists.</summary>
public sealed partial class SentenceTests
{
    private static readonly ImmutableArray<string> Kinds = ["rule", "schema", "inside", "none", "open"];
    private static readonly ImmutableArray<string> Words = ["shall", "must", "required", "only", "fact", "table", "figure"];
    private static readonly ImmutableArray<string> Bound = ["vehicle", "master", "both", "people"];

    private static string Text { get; } = File.ReadAllText(Path.Combine(ReportTests.Root, "docs", "link", "vda5050-sentences.md"));

    private static ImmutableArray<Row> Rows { get; } = [.. Text.Split('\n').Where(line => ChapterRow().IsMatch(line)).Select(Row.Of)];

    [Fact]
    public void Each_row_is_whole()
    {
        Assert.NotEmpty(Rows);
        Assert.All(Rows, row => Assert.True(
            Kinds.Contains(row.Kind) && Words.Contains(row.Word) && Bound.Contains(row.Binds) && row.Sentence.EndsWith('.') && row.By.Length > 0, row.ToString()));
        Assert.All(Rows.Where(row => row.Kind is "rule" or "schema" or "inside"), row => Assert.True(row.Names.Length > 0 && row.By == string.Join(", ", row.Names.Select(name => $"`{name}`")), row.ToString()));
    }

    /// <summary>Sentences with <i>shall</i> or <i>must</i> in each chapter of VDA5050_EN.md, tag 3.0.0, split at full stops, list items and table breaks.</summary>
    [Fact]
    public void No_sentence_with_shall_or_must_is_left_out() => Assert.Equal(
        Counted.OrderBy(chapter => chapter.Key, StringComparer.Ordinal),
        Rows.Where(row => row.Word is "shall" or "must").GroupBy(row => row.Chapter).Select(chapter => KeyValuePair.Create(chapter.Key, chapter.Count())).OrderBy(chapter => chapter.Key, StringComparer.Ordinal));

    [Fact]
    public void Each_rule_that_is_named_exists()
    {
        var rules = Rules.All.Select(rule => rule.Id).ToHashSet();
        Assert.All(Rows.Where(row => row.Kind is "rule" or "schema"), row => Assert.All(row.Names, id => Assert.Contains(id, rules)));
    }

    [Fact]
    public void Each_rule_of_the_standard_stands_for_a_sentence()
    {
        var named = Rows.Where(row => row.Kind is "rule" or "schema").SelectMany(row => row.Names).ToHashSet();
        Assert.All(Rules.All.Where(rule => !rule.IsOfProfile), rule => Assert.Contains(rule.Id, named));
    }

    /// <summary>Whom a sentence binds is whom its rules check.</summary>
    [Fact]
    public void A_sentence_is_checked_at_whom_it_binds() => Assert.All(Rows.Where(row => row.Kind is "rule" or "schema" && row.Binds is "vehicle" or "master"), row =>
        Assert.True(row.Names.Any(id => Rules.All.Single(rule => rule.Id == id).Party == (row.Binds == "vehicle" ? Party.Vehicle : Party.MasterControl)), row.ToString()));

    [Fact]
    public void Each_test_class_that_is_named_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(ReportTests.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => TestClass().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.All(Rows.Where(row => row.Kind == "inside"), row => Assert.All(row.Names, name => Assert.Contains(name, tests)));
    }

    [Fact]
    public void The_counts_at_the_top_are_those_of_the_rows()
    {
        foreach (var kind in Kinds)
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {kind} | {Rows.Count(row => row.Kind == kind)} |"), Text, StringComparison.Ordinal);
        }

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| all | {Rows.Length} | {Rows.Count(row => row.Word is "shall" or "must")} of them"), Text, StringComparison.Ordinal);
    }

    /// <summary>Descriptors are for people (7.3, 7.6, 7.8): neither Centre nor sweeper reads one, but to pass it on in the state or to show it.</summary>
    [Fact]
    public void Nothing_is_decided_by_a_text_for_people()
    {
        string[] passesOn = ["StateReport.cs", "ActionEntry.cs", "VehicleRequest.cs"];
        foreach (var project in (string[])["Kehrwerk.Centre", "Kehrwerk.Sweeper", "Kehrwerk.Planning"])
        {
            var folder = Path.Combine(ReportTests.Root, "src", project);
            var readers = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => DescriptorRead().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName).ToList();
            Assert.Empty(readers.Except(passesOn));
        }
    }

    /// <summary>Chapter and number.</summary>
    private static readonly Dictionary<string, int> Counted = """
        1:1 2:1 3.7:1 4.1:2 4.2:1 5.2:1 5.4:1 6.1.1:6 6.1.2:5 6.1.2.1:1 6.1.3:8 6.1.3.1:7 6.1.3.2:3 6.1.4:1 6.1.4.1:3 6.1.4.2:3 6.1.4.3:3 6.1.4.4:5
        6.1.4.5:6 6.1.4.6:4 6.1.4.7:3 6.1.4.8:3 6.1.4.9:3 6.1.4.10:3 6.1.5:6 6.2:1 6.2.1:4 6.2.2:5 6.2.3:4 6.2.3.1:13 6.2.3.3:1 6.3:2 6.3.1:5
        6.3.2:2 6.3.3:8 6.3.4:3 6.3.5:3 6.4:2 6.4.1.1:8 6.4.1.2:7 6.4.2:8 6.4.3:26 6.4.4:4 6.4.5:3 6.5:2 6.6:4 6.6.1:1 6.6.2:9 6.6.4:1 6.6.5.1:3
        6.6.5.4:1 6.6.6:15 6.6.7:8 6.6.8:1 6.6.9:4 6.6.9.1:4 6.6.10:11 6.8:7 6.9:14 6.10:1 7.1.1:5 7.1.2:2 7.1.3:1 7.1.4:1 7.3:26 7.5:1 7.6:5 7.7:1
        7.8:25 7.10:5
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split(':')).ToDictionary(entry => entry[0], entry => int.Parse(entry[1], CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\| [1-7](\.\d+)* \| ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ChapterRow();

    [GeneratedRegex(@"class (\w+Tests)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\.((Node|Edge|Map|Info|Zone|ZoneSet|Action)Descriptor|OrderDescription)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DescriptorRead();

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();

    private sealed record Row(string Chapter, string Binds, string Word, string Sentence, string Kind, string By)
    {
        public ImmutableArray<string> Names { get; } = [.. Name().Matches(By).Select(match => match.Groups[1].Value)];

        public static Row Of(string line)
        {
            var cells = line.Trim('|', ' ').Split(" | ");
            Assert.True(cells.Length == 6, line);
            return new(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]);
        }
    }
}
