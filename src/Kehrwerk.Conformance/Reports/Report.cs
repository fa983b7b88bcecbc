using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kehrwerk.Conformance.Reports;

/// <summary>What came of a check.</summary>
/// <param name="Subject">Whom it was about.</param>
/// <param name="TookS">By the runner's clock, seconds.</param>
public sealed record Report(Party Party, string Subject, DateTimeOffset At, double TookS, ImmutableArray<RuleResult> Results)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The parts of the standard that rules name, in its order; all of the profile is one.</summary>
    private static readonly (string Chapter, string Title, string Titel)[] Parts =
    [
        ("4", "4 Transport", "4 Transport"), ("6.1", "6.1 Orders", "6.1 Aufträge"), ("6.2", "6.2 Actions", "6.2 Aktionen"), ("6.3", "6.3 Maps", "6.3 Karten"), ("6.4", "6.4 Zones", "6.4 Zonen"),
        ("6.5", "6.5 Connection", "6.5 Verbindung"), ("6.6", "6.6 State", "6.6 Zustand"), ("6.9", "6.9 Requests", "6.9 Anfragen"), ("6.10", "6.10 Factsheet", "6.10 Factsheet"),
        ("7", "7 Messages", "7 Nachrichten"), ("SP", "Safety profile", "Sicherheitsprofil"),
    ];

    /// <summary>The results by part, in the order of the standard.</summary>
    public IEnumerable<IGrouping<string, RuleResult>> ByChapter =>
        Results.GroupBy(result => PartOf(result.Rule)).OrderBy(part => Array.FindIndex(Parts, known => known.Chapter == part.Key));

    public static string TitleOf(string part, bool isGerman) => Parts.First(known => known.Chapter == part) is var found && isGerman ? found.Titel : found.Title;

    private static string PartOf(Rule rule) => rule.IsOfProfile ? "SP" : rule.Chapter[0] != '6' ? rule.Chapter[..1] : string.Join('.', rule.Chapter.Split('.').Take(2));

    public bool IsPassed => Results.All(result => result.Outcome != Outcome.Fail);

    public int Count(Outcome outcome) => Results.Count(result => result.Outcome == outcome);

    public string Summary() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Subject}: {Count(Outcome.Pass)} rules pass, {Count(Outcome.Fail)} fail, {Count(Outcome.NotSupported)} not supported, {Count(Outcome.NotRun)} not run; {TookS:F0} s");

    /// <summary>For programs.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Party,
            Subject,
            Standard = "VDA 5050 3.0.0",
            At,
            TookS = Math.Round(TookS, 1),
            Pass = Count(Outcome.Pass),
            Fail = Count(Outcome.Fail),
            NotSupported = Count(Outcome.NotSupported),
            NotRun = Count(Outcome.NotRun),
            Rules = Results.Select(result => new
            {
                result.Rule.Id,
                result.Rule.Chapter,
                result.Rule.Sentence,
                result.Rule.Method,
                result.Outcome,
                result.Checks,
                result.Reason,
                result.Findings,
            }),
        },
        Format);

    /// <summary>The rules as a table, for the documents.</summary>
    public static string RulesAsMarkdown(IEnumerable<Rule> rules)
    {
        var text = new StringBuilder("| chapter | rule | sentence | checked by |\n| --- | --- | --- | --- |\n");
        foreach (var rule in rules)
        {
            var method = rule.Method switch { Method.Watch => "watching", Method.Scene => "provoking", _ => "provoking, with somebody at the vehicle" };
            text.Append(CultureInfo.InvariantCulture, $"| {rule.Chapter} | `{rule.Id}` | {rule.Sentence} | {method} |\n");
        }

        return text.ToString();
    }
}
