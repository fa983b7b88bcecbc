using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kehrwerk.Conformance;
using Kehrwerk.Conformance.Reports;
using Route = Kehrwerk.Conformance.Route;

namespace Kehrwerk.Tests.Conformance;

/// <summary>Rules and their documents agree; what people read of a check is whole, and safe to open.</summary>
public sealed partial class ReportTests
{
    internal static string Root { get; } = FindRoot();

    [Fact]
    public void Every_rule_stands_in_the_document_as_it_is_and_no_other()
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs", "link", "conformance.md"));
        var rows = Report.RulesAsMarkdown(Rules.All).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToHashSet();
        var written = text.Split('\n').Where(line => RuleRow().IsMatch(line)).ToHashSet();
        Assert.True(rows.SetEquals(written), $"write the tables anew with 'kehrwerk conform --list': missing {string.Join('\n', rows.Except(written))}, too many {string.Join('\n', written.Except(rows))}");
    }

    [Fact]
    public void Ids_are_unique_and_sentences_stand_in_both_languages()
    {
        Assert.Equal(Rules.All.Length, Rules.All.Select(rule => rule.Id).Distinct().Count());
        Assert.All(Rules.All, rule => Assert.True(rule.Sentence.EndsWith('.') && rule.Satz.EndsWith('.') && rule.Sentence != rule.Satz, rule.Id));
    }

    [Fact]
    public void Every_sentence_of_the_profile_that_a_rule_names_exists()
    {
        var profile = File.ReadAllText(Path.Combine(Root, "docs", "link", "safety-profile.md"));
        Assert.All(Rules.All.Where(rule => rule.IsOfProfile), rule => Assert.True(rule.Chapter == "SP-MODE (table)" || profile.Contains($"**{rule.Chapter}**", StringComparison.Ordinal), rule.Chapter));
    }

    [Fact]
    public void Every_chapter_of_the_standard_that_a_rule_names_exists() =>
        Assert.All(Rules.All.Where(rule => !rule.IsOfProfile), rule => Assert.Contains(rule.Chapter, Chapters));

    [Theory]
    [InlineData(false, "en", "not supported")]
    [InlineData(true, "de", "nicht unterstützt")]
    public void The_page_is_well_formed_has_a_language_and_shows_what_a_vehicle_said_as_text(bool isGerman, string language, string word)
    {
        var html = HtmlReport.Of(Sample("<script>alert('x')</script> & \"quoted\""), isGerman);
        var page = XDocument.Parse(html.Replace("<!doctype html>", "", StringComparison.Ordinal).Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal)
            .Replace("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "", StringComparison.Ordinal).Replace("<br>", "<br/>", StringComparison.Ordinal));
        Assert.Equal(language, page.Root!.Attribute("lang")!.Value);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains(word, html, StringComparison.Ordinal);
        Assert.All(page.Descendants("th"), head => Assert.NotNull(head.Attribute("scope")));
        Assert.Equal(Rules.OfVehicle.Length, page.Descendants("tr").Count(row => row.Attribute("id") is not null));
    }

    [Fact]
    public void The_report_for_programs_counts_and_names_each_rule()
    {
        using var json = JsonDocument.Parse(Sample("x").ToJson());
        Assert.Equal(Rules.OfVehicle.Length, json.RootElement.GetProperty("rules").GetArrayLength());
        Assert.Equal(1, json.RootElement.GetProperty("fail").GetInt32());
        Assert.Equal("fail", json.RootElement.GetProperty("rules")[0].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("nonsense", "")]
    [InlineData("""{"mapId":"m","start":"a","nodes":[{"nodeId":"a","x":0,"y":0}],"edges":[]}""", "at least 4")]
    [InlineData("""{"mapId":"m","start":"a","nodes":[{"nodeId":"a","x":0,"y":0},{"nodeId":"b","x":9,"y":0},{"nodeId":"c","x":9,"y":9},{"nodeId":"d","x":0,"y":9}],"edges":[{"edgeId":"1","from":"a","to":"b"}]}""", "no edge leads on from node 'b'")]
    [InlineData("""{"mapId":"m","start":"z","speed":3,"nodes":[],"edges":[]}""", "speed")]
    public void A_route_that_cannot_be_driven_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<RouteException>(() => Route.Read(System.Text.Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_route_of_the_reference_can_be_read()
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs", "reference", "route-file.md"));
        var route = Route.Read(System.Text.Encoding.UTF8.GetBytes(text.Split("```json")[1].Split("```")[0]));
        Assert.Equal((4, 4, 1, 1), (route.Nodes.Length, route.Edges.Length, route.NodeActions.Length, route.EdgeActions.Length));
    }

    [Fact]
    public async Task Our_sweeper_keeps_the_rules_over_a_real_broker_too()
    {
        var run = await Program.Run("conform", "--self", "--speed", "1", "--rules", "factsheet,cancel.nothing");
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Errors);
        Assert.Contains(" 0 fail, 0 not supported, 0 not run", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conform", "--vehicle", "a/b", "--route", "route.json")]
    [InlineData("conform")]
    [InlineData("conform", "--self", "--lang", "fr")]
    public async Task A_vehicle_is_not_moved_by_a_wrong_command_line(params string[] arguments) =>
        Assert.Equal(1, (await Program.Run(arguments)).ExitCode);

    private static Report Sample(string finding) => new(Party.Vehicle, "acme/<S-1>", new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 61, [.. Rules.OfVehicle.Select((rule, i) => i switch
    {
        0 => new RuleResult(rule, Outcome.Fail, 3, null, [new(new(2026, 1, 2, 3, 4, 6, TimeSpan.Zero), finding)]),
        1 => new(rule, Outcome.NotSupported, 0, "not declared", []),
        2 => new(rule, Outcome.NotRun, 0, "no occasion", []),
        _ => new(rule, Outcome.Pass, 7, null, []),
    })]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.GetEnvironmentVariable("KEHRWERK_SOURCE") ?? throw new InvalidOperationException("These tests read the documents: run them inside the repository.");
    }

    [GeneratedRegex(@"^\| [0-9A-Z][^|]* \| `[a-z.0-9-]+` \| .* \| (watching|provoking)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RuleRow();

    /// <summary>Headings of VDA5050_EN.md, tag 3.0.0, that rules name.</summary>
    private static readonly string[] Chapters =
    [
        "4.1", "6.1.1", "6.1.2", "6.1.2.1", "6.1.3", "6.1.3.1", "6.1.3.2", "6.1.4", "6.1.4.1", "6.1.4.2", "6.1.4.3", "6.1.4.4", "6.1.4.5", "6.1.4.6", "6.1.4.7", "6.1.4.8", "6.1.4.9",
        "6.1.4.10", "6.2", "6.2.1", "6.2.2", "6.2.3", "6.2.3.2", "6.3.2", "6.3.4", "6.4", "6.4.1.1", "6.4.1.2", "6.4.2", "6.4.3", "6.4.5", "6.5", "6.6", "6.6.1", "6.6.2", "6.6.5.1", "6.6.5.4", "6.6.6", "6.6.7",
        "6.6.8", "6.6.9", "6.6.9.1", "6.6.10", "6.9", "6.10", "7", "7.1.1", "7.1.2", "7.2", "7.3", "7.5", "7.6", "7.8", "7.10",
    ];
}
