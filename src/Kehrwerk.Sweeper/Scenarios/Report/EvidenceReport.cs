using System.Globalization;
using System.Net;
using System.Text;

namespace Kehrwerk.Sweeper.Scenarios.Report;

/// <summary>What was run, for the head of the report.</summary>
public sealed record ReportHead(string Version, string Machine, DateTimeOffset At, long Seed)
{
    public double TookS { get; init; }

    /// <summary>Options that bring a run back, besides its name and seed.</summary>
    public string Command { get; init; } = "";
}

/// <summary>
/// The evidence as one page that needs nothing else: failures first, then what each scenario and each requirement of the law got, and what is not shown.
/// </summary>
/// <param name="records">All runs.</param>
/// <param name="shown">Runs with a trace, to be drawn: those that failed, and of each scenario the worst that passed.</param>
internal sealed class EvidenceReport(IReadOnlyList<Scenario> scenarios, IReadOnlyList<RunRecord> records, IReadOnlyList<RunRecord> shown, ReportHead head, bool german)
{
    private readonly StringBuilder html = new();
    private readonly CultureInfo culture = CultureInfo.GetCultureInfo(german ? "de-DE" : "en-GB");

    public string Write()
    {
        var title = Say("Nachweis aus Szenarien", "Evidence from scenarios");
        html.Append(culture, $"<!doctype html><html lang=\"{(german ? "de" : "en")}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{Style}</style></head><body><main>");
        html.Append(culture, $"<h1>{title}</h1>");
        WriteHead();
        WriteRuns(Say("Fehlgeschlagene Läufe", "Runs that failed"), shown.Where(run => run.IsFailed), Say("Kein Lauf schlug fehl.", "No run failed."));
        WriteSeeds();
        WriteScenarios();
        WriteRequirements();
        WriteRuns(Say("Unvermeidbare Kollisionen", "Unavoidable collisions"), shown.Where(run => run.Unavoidable is not null), Say("Keine.", "None."));
        WriteRuns(Say("Je Szenario der knappste bestandene Lauf", "Of each scenario the closest run that passed"), shown.Where(run => run.IsPassed), "");
        return html.Append("</main></body></html>").ToString();
    }

    private void WriteHead()
    {
        var (failed, unavoidable) = (records.Count(run => run.IsFailed), records.Count(run => run.Unavoidable is not null));
        html.Append(culture, $"<p>{records.Count:N0} {Say("Läufe", "runs")}, {records.Count(run => run.IsPassed):N0} {Say("bestanden", "passed")}, <strong>{failed:N0} {Say("fehlgeschlagen", "failed")}</strong>, {unavoidable:N0} {Say("mit unvermeidbarer Kollision (durch Rechnung vom Augenblick der Sichtbarkeit an; nie als bestanden gezählt)", "with an unavoidable collision (shown by calculation from the moment of visibility; never counted as passed)")}, {records.Count(NobodyMet):N0} {Say("ohne Begegnung (nie als bestanden gezählt)", "in which nobody was met (never counted as passed)")}.</p>");
        html.Append(culture, $"<p>Kehrwerk {Safe(head.Version)} · {head.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC · {Safe(head.Machine)} · {Say("Startwert", "seed")} {head.Seed} · {head.TookS:N0} s{(head.Command.Length > 0 ? $" · <strong>{Safe(head.Command)}</strong>" : "")}</p>");
        html.Append(culture, $"<p>{Say("Alles lief in der virtuellen Welt. Ein bestandener Lauf sagt etwas über das Programm in dieser Welt, nichts über ein wirkliches Fahrzeug.", "All of it ran in the virtual world. A run that passed says something about the program in that world, nothing about a real vehicle.")}</p>");
    }

    private static bool NobodyMet(RunRecord run) => !run.IsPassed && !run.IsFailed && run.Unavoidable is null;

    /// <summary>Every run that did not pass, also those that are not drawn.</summary>
    private void WriteSeeds()
    {
        html.Append(culture, $"<h2>{Say("Alle Läufe, die nicht bestanden", "All runs that did not pass")}</h2><ul>");
        foreach (var group in records.Where(run => !run.IsPassed && !NobodyMet(run)).GroupBy(run => run.Scenario))
        {
            html.Append(culture, $"<li><code>{Safe(group.Key)}</code>: ");
            html.Append(string.Join(", ", group.Select(run => $"{run.Seed}{(run.IsFailed ? "" : Say(" (unvermeidbar)", " (unavoidable)"))}")));
            html.Append("</li>");
        }

        html.Append("</ul>");
    }

    private void WriteScenarios()
    {
        html.Append(culture, $"<h2>{Say("Szenarien", "Scenarios")}</h2><div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{Say("Szenarien", "Scenarios")}\"><table><thead><tr>");
        Heads(Say("Szenario", "Scenario"), Say("Läufe", "Runs"), Say("bestanden", "passed"), Say("fehlgeschlagen", "failed"), Say("unvermeidbar", "unavoidable"), Say("ohne Begegnung", "nobody met"), Say("kleinster Abstand, m", "least distance, m"), Say("kleinste TTC, s", "least TTC, s"), Say("Fehlerrate höchstens (95 %)", "failure rate at most (95 %)"), Say("nicht gezeigt", "not shown"));
        html.Append("</tr></thead><tbody>");
        foreach (var scenario in scenarios)
        {
            var runs = records.Where(run => run.Scenario == scenario.Name).ToArray();
            html.Append(culture, $"<tr><th scope=\"row\">{Safe(scenario.Title.In(german))}<br><code>{Safe(scenario.Name)}</code> {Safe(string.Join(' ', scenario.Shows))}</th>");
            Counts(runs);
            html.Append(culture, $"<td>{Figure(runs.Select(run => run.WorstDistanceM))}</td><td>{Figure(runs.Select(run => run.WorstTtcS))}</td>");
            html.Append(culture, $"<td>{Bound(runs)}</td><td class=\"text\">{Safe(scenario.NotShown.In(german))}</td></tr>");
        }

        html.Append("</tbody></table></div>");
    }

    private void WriteRequirements()
    {
        html.Append(culture, $"<h2>{Say("Anforderungen des Rechts", "Requirements of the law")}</h2><div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{Say("Anforderungen", "Requirements")}\"><table><thead><tr>");
        Heads(Say("Anforderung", "Requirement"), Say("Szenarien", "Scenarios"), Say("Läufe", "Runs"), Say("bestanden", "passed"), Say("fehlgeschlagen", "failed"), Say("unvermeidbar", "unavoidable"), Say("ohne Begegnung", "nobody met"), Say("Fehlerrate höchstens (95 %)", "failure rate at most (95 %)"));
        html.Append("</tr></thead><tbody>");
        foreach (var (id, words) in Requirements.All)
        {
            var of = scenarios.Where(scenario => scenario.Shows.Contains(id)).Select(scenario => scenario.Name).ToHashSet(StringComparer.Ordinal);
            var runs = records.Where(run => of.Contains(run.Scenario)).ToArray();
            html.Append(culture, $"<tr><th scope=\"row\">{id} {Safe(words.In(german))}</th><td class=\"text\">{(of.Count == 0 ? Say("<em>kein Szenario: nicht gezeigt</em>", "<em>no scenario: not shown</em>") : Safe(string.Join(", ", of)))}</td>");
            Counts(runs);
            html.Append(culture, $"<td>{Bound(runs)}</td></tr>");
        }

        html.Append("</tbody></table></div>");
    }

    private void WriteRuns(string title, IEnumerable<RunRecord> runs, string none)
    {
        html.Append(culture, $"<h2>{title}</h2>");
        var any = false;
        foreach (var run in runs)
        {
            any = true;
            var scenario = scenarios.First(known => known.Name == run.Scenario);
            html.Append(culture, $"<section><h3>{Safe(scenario.Title.In(german))}</h3><p><code>kehrwerk scenarios --only {Safe(run.Scenario)} --runs 1 --seed {run.Seed}{Safe(head.Command)}</code></p><ul>");
            foreach (var failure in run.Failures.Concat(run.Unavoidable is { } why ? [why] : []))
            {
                html.Append(culture, $"<li>{Safe(failure.In(german))}</li>");
            }

            html.Append("</ul><p>");
            html.Append(Safe(string.Join(" · ", scenario.Parameters.Zip(run.Drawn, (parameter, value) => Number($"{parameter.Name} {value:0.##} {parameter.Unit}")))));
            html.Append("</p>");
            if (run.Trace is { Moments.Count: > 0 } trace)
            {
                html.Append(Drawing.FromAbove(trace, Say($"{scenario.Title.De} von oben", $"{scenario.Title.En} from above")));
                html.Append(Drawing.OverTime(trace, Say("Geschwindigkeit und Abstand über der Zeit", "Speed and distance over time"), Say("km/h", "km/h"), Say("Abstand, m", "distance, m")));
                html.Append("<ol class=\"events\">");
                foreach (var (timeS, text) in trace.Events)
                {
                    html.Append(culture, $"<li>{timeS:F1} s: {Safe(text)}</li>");
                }

                html.Append("</ol>");
            }

            html.Append("</section>");
        }

        if (!any)
        {
            html.Append(culture, $"<p>{none}</p>");
        }
    }

    private void Counts(RunRecord[] runs) =>
        html.Append(culture, $"<td>{runs.Length:N0}</td><td>{runs.Count(run => run.IsPassed):N0}</td><td>{runs.Count(run => run.IsFailed):N0}</td><td>{runs.Count(run => run.Unavoidable is not null):N0}</td><td>{runs.Count(NobodyMet):N0}</td>");

    private string Bound(RunRecord[] runs)
    {
        var judged = runs.Count(run => run.IsPassed || run.IsFailed);
        return judged == 0 ? "–" : Number($"{100 * FailureBound.Upper(runs.Count(run => run.IsFailed), judged):0.###} %");
    }

    private string Figure(IEnumerable<double> values)
    {
        var least = values.DefaultIfEmpty(double.PositiveInfinity).Min();
        return double.IsFinite(least) ? Number($"{least:F2}") : "–";
    }

    private void Heads(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            html.Append(culture, $"<th scope=\"col\">{name}</th>");
        }
    }

    private string Say(string de, string en) => german ? de : en;

    private string Number(FormattableString text) => text.ToString(culture);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #b6bcc4; --soft: #eef0f3; --bad: #b3261e; --good: #1f5fae; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #15181c; --line: #59616b; --soft: #23282e; --bad: #ff8a80; --good: #8ab4f8; } }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: right; vertical-align: top; }
        th[scope=row], td.text { text-align: left; font-weight: normal; min-width: 14rem; }
        thead th { text-align: left; }
        section { border-top: 1px solid var(--line); margin-top: 1.5rem; }
        svg { display: block; width: 100%; background: var(--soft); margin: .5rem 0; }
        svg text { fill: var(--ink); font-size: 11px; }
        .kerb { fill: none; stroke: var(--ink); stroke-width: 1.5; }
        .way { fill: none; stroke: var(--good); stroke-width: 1.5; }
        .ghost { fill: none; stroke: var(--good); stroke-opacity: .45; }
        .vehicle { fill: var(--good); }
        .other { fill: var(--bad); }
        .other-way { fill: none; stroke: var(--bad); stroke-dasharray: 4 3; }
        .series { fill: none; stroke: var(--good); stroke-width: 1.5; }
        .event { stroke: var(--bad); stroke-opacity: .6; }
        .events { font-size: .9rem; columns: 2 24rem; }
        """;
}
