using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Kehrwerk.Conformance.Reports;

/// <summary>A report as one HTML file without scripts or outside parts, in English or German, for light and dark screens and for paper.</summary>
public static class HtmlReport
{
    // Contrast of each colour against its ground is at least 4.5 : 1 (WCAG 2.1 AA); an outcome is said by a word, never by colour alone.
    private const string Style = """
        :root{color-scheme:light dark;--ground:#fff;--text:#16202c;--line:#8a94a3;--soft:#f1f4f8;--pass:#0b5d2a;--fail:#a4121b;--other:#4a5563;--link:#0b4f9e}
        @media (prefers-color-scheme:dark){:root{--ground:#12181f;--text:#e8edf3;--line:#6d7988;--soft:#1c252f;--pass:#7fdca0;--fail:#ff9a9f;--other:#b5c0cd;--link:#8fc0ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1.5rem;max-width:75rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
        h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.2rem;margin-top:2rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:600}dd{margin:0}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%}
        th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top}
        th:first-child,td:first-child{width:9rem}th:nth-child(3),td:nth-child(3){width:9rem}th:nth-child(4),td:nth-child(4){width:35%}
        thead th{background:var(--soft)}tbody th{font-weight:400}
        td code{overflow-wrap:anywhere}
        .pass{color:var(--pass);font-weight:600}.fail{color:var(--fail);font-weight:700}.notSupported,.notRun{color:var(--other);font-weight:600}
        a{color:var(--link)}ul{margin:.25rem 0 0;padding-left:1.2rem}
        @media print{body{max-width:none}}
        """;

    // Umlauts stay readable.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Of(Report report, bool isGerman)
    {
        var say = isGerman ? Words.German : Words.English;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="{(isGerman ? "de" : "en")}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text($"{say.Title}: {report.Subject}")}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{Text($"{say.Title}: {report.Subject}")}</h1>
            <p class="{(report.IsPassed ? "pass" : "fail")}">{Text(report.IsPassed ? say.Passed : say.Failed)}</p>
            <dl>
            <dt>{say.Standard}</dt><dd>VDA 5050 3.0.0{(report.Results.Any(result => result.Rule.IsOfProfile) ? ", " + say.Profile : "")}</dd>
            <dt>{say.When}</dt><dd><time datetime="{report.At:yyyy-MM-ddTHH:mm:ssZ}">{report.At:yyyy-MM-dd HH:mm:ss} UTC</time>, {report.TookS:F0} s</dd>
            {string.Concat(Enum.GetValues<Outcome>().Select(outcome => $"<dt>{Text(say.Of(outcome))}</dt><dd>{report.Count(outcome)}</dd>\n"))}</dl>

            """);
        var failed = report.Results.Where(result => result.Outcome == Outcome.Fail).ToList();
        if (failed.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{say.WhatFailed}</h2>\n<ul>\n");
            failed.ForEach(result => page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{Text(result.Rule.Id)}\">{Text(result.Rule.Chapter)}: {Text(Sentence(result.Rule, isGerman))}</a></li>\n"));
            page.Append("</ul>\n");
        }

        foreach (var chapter in report.ByChapter)
        {
            Table(page, Report.TitleOf(chapter.Key, isGerman), [.. chapter], say, isGerman);
        }

        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void Table(StringBuilder page, string heading, ImmutableArray<RuleResult> results, Words say, bool isGerman)
    {
        page.Append(CultureInfo.InvariantCulture, $"""
            <h2>{Text(heading)}</h2>
            <div class="scroll" role="region" aria-label="{Text(heading)}" tabindex="0">
            <table>
            <thead><tr><th scope="col">{say.Chapter}</th><th scope="col">{say.Rule}</th><th scope="col">{say.Result}</th><th scope="col">{say.Seen}</th></tr></thead>
            <tbody>

            """);
        foreach (var result in results)
        {
            var name = result.Outcome.ToString();
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr id="{Text(result.Rule.Id)}">
                <td>{Text(result.Rule.Chapter)}</td>
                <th scope="row">{Text(Sentence(result.Rule, isGerman))}<br><code>{Text(result.Rule.Id)}</code></th>
                <td class="{char.ToLowerInvariant(name[0])}{name[1..]}">{Text(say.Of(result.Outcome))}</td>
                <td lang="en">{Details(result, isGerman)}</td>
                </tr>

                """);
        }

        page.Append("</tbody>\n</table>\n</div>\n");
    }

    private static string Details(RuleResult result, bool isGerman) => result.Outcome switch
    {
        Outcome.Fail => $"<ul>{string.Concat(result.Findings.Select(finding => string.Create(CultureInfo.InvariantCulture, $"<li>{finding.At:HH:mm:ss.f}: {Text(finding.Text)}</li>")))}</ul>",
        Outcome.Pass => string.Create(CultureInfo.GetCultureInfo(isGerman ? "de-DE" : "en-GB"), $"{result.Checks:N0} ×"),
        _ => Text(result.Reason ?? ""),
    };

    private static string Sentence(Rule rule, bool isGerman) => isGerman ? rule.Satz : rule.Sentence;

    /// <summary>What a vehicle sent may stand in a finding: nothing of it becomes markup.</summary>
    private static string Text(string text) => Encoder.Encode(text);

    private sealed record Words(
        string Title, string Passed, string Failed, string Standard, string Profile, string When, string WhatFailed, string Chapter,
        string Rule, string Result, string Seen, string Pass, string Fail, string NotSupported, string NotRun)
    {
        public static Words English { get; } = new(
            "Conformance report", "No rule failed.", "Rules failed.", "Checked against", "safety profile 1.0.0", "When", "What failed", "Chapter",
            "Rule", "Result", "Seen", "pass", "fail", "not supported", "not run");

        public static Words German { get; } = new(
            "Konformitätsbericht", "Keine Regel verletzt.", "Regeln verletzt.", "Geprüft gegen", "Sicherheitsprofil 1.0.0", "Wann", "Was verletzt wurde", "Kapitel",
            "Regel", "Ergebnis", "Gesehen", "bestanden", "verletzt", "nicht unterstützt", "nicht geprüft");

        public string Of(Outcome outcome) => outcome switch { Outcome.Pass => Pass, Outcome.Fail => Fail, Outcome.NotSupported => NotSupported, _ => NotRun };
    }
}
