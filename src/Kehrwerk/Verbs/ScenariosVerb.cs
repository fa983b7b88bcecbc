using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Scenarios;
using Kehrwerk.Sweeper.Scenarios.Report;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk scenarios</c>: the self-driving sweeper in the situations of the catalogue, as evidence.</summary>
internal static class ScenariosVerb
{
    public static Command Create()
    {
        var only = new Option<string?>("--only") { Description = "Only this scenario.", HelpName = "NAME" };
        var files = new Option<string?>("--scenarios") { Description = "A scenario file or a folder of them, instead of the catalogue.", HelpName = "PATH" };
        var runs = CommonOptions.Number("--runs", "Runs of each scenario.", "N", 1, 1_000_000, 20);
        var seed = CommonOptions.Seed();
        var threads = CommonOptions.Number("--threads", "Runs at once.", "N", 1, 64, Environment.ProcessorCount);
        var report = new Option<string?>("--report") { Description = "Write the evidence to DIR/evidence.de.html or .en.html.", HelpName = "DIR" };
        var worse = new Option<string[]>("--worse") { Description = "Make the driving program worse, to see what the safety layer is worth: noPredictions, halfRange, late, noGuard.", HelpName = "FLAW", AllowMultipleArgumentsPerToken = true };
        var language = new Option<string>("--language") { Description = "Of the report: de or en.", HelpName = "LANGUAGE", DefaultValueFactory = _ => "de" };
        language.AcceptOnlyFromAmong("de", "en");
        var strip = new Option<string?>("--strip") { Description = "Draw six frames of the run with --seed of the scenario of --only, seen from above, to an SVG file, and do nothing else.", HelpName = "FILE" };
        var stripFrom = CommonOptions.Number("--strip-from", "Time of the first frame of --strip, seconds.", "S", 0.0, 3600, 0);
        var stripTo = CommonOptions.Number("--strip-to", "Time of the last.", "S", 0.0, 3600, 3600);
        var json = CommonOptions.Json();
        var command = new Command("scenarios", "Drive the virtual sweeper through the catalogue of situations, with parameters drawn by seed, and say what held.")
        {
            only, files, runs, seed, threads, report, worse, language, strip, stripFrom, stripTo, json,
        };
        command.SetAction((parse, cancellation) =>
        {
            var began = Stopwatch.GetTimestamp();
            var options = new ScenarioOptions(
                parse.GetValue(files), parse.GetValue(only), parse.GetValue(runs), parse.GetValue(seed), parse.GetValue(threads), parse.GetValue(language) == "de", parse.GetValue(worse));
            if (parse.GetValue(strip) is { } picture)
            {
                var (fromS, toS) = (parse.GetValue(stripFrom), parse.GetValue(stripTo));
                File.WriteAllText(
                    picture, fromS < toS ? ScenarioRunner.Strip(options, fromS, toS) : throw new InputException("--strip-from", "The first frame comes after the last", "Give the earlier time first"));
                return Task.FromResult(ExitCode.Good);
            }

            var folder = parse.GetValue(report) is { } path ? Directory.CreateDirectory(path).FullName : null;
            var head = new ReportHead(
                typeof(ScenariosVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
                $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} × {RuntimeInformation.ProcessArchitecture}", TimeProvider.System.GetUtcNow(), options.Seed);
            var (figures, html) = ScenarioRunner.Run(options, head, cancellation);
            var tookS = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (folder is not null)
            {
                File.WriteAllText(Path.Combine(folder, $"evidence.{parse.GetValue(language)}.html"), html);
            }

            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(figures, VerbJson.Default.IReadOnlyListScenarioFigures));
            }
            else
            {
                Print(figures, tookS);
            }

            return Task.FromResult(figures.All(scenario => scenario.Failed == 0) ? ExitCode.Good : ExitCode.RuleBroken);
        });
        return command;
    }

    private static void Print(IReadOnlyList<ScenarioFigures> figures, double tookS)
    {
        foreach (var scenario in figures)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{scenario.Name,-24} {scenario.Runs,6} runs {scenario.Passed,6} passed {scenario.Failed,5} failed {scenario.Unavoidable,4} unavoidable {scenario.NobodyMet,4} nobody met   least {scenario.LeastDistanceM,5:F2} m {scenario.LeastTtcS,5:F2} s   fails at most {100 * scenario.FailureRateAtMost:F2} %"));
            foreach (var failure in scenario.Failures.Take(3))
            {
                Console.WriteLine($"    seed {failure.Seed}: {string.Join("; ", failure.Reasons)}");
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Sum(scenario => scenario.Runs):N0} runs, {figures.Sum(scenario => scenario.Passed):N0} passed, {figures.Sum(scenario => scenario.Failed):N0} failed, {figures.Sum(scenario => scenario.Unavoidable):N0} with an unavoidable collision, {figures.Sum(scenario => scenario.NobodyMet):N0} in which nobody was met, in {tookS:N0} s"));
    }
}
