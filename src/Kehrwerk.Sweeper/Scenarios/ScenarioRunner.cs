using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Driving;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>What a run over a catalogue gave, for whoever prints it.</summary>
public sealed record ScenarioFigures(
    string Name, string Title, IReadOnlyList<string> Shows, int Runs, int Passed, int Failed, int Unavoidable, int NobodyMet, double? LeastDistanceM, double? LeastTtcS, double FailureRateAtMost, IReadOnlyList<ScenarioFailure> Failures);

/// <summary>A run that failed, with the seed that brings it back.</summary>
public sealed record ScenarioFailure(long Seed, IReadOnlyList<string> Reasons);

/// <summary>How a catalogue is run.</summary>
/// <param name="Path">A scenario file or a folder of them; null: the catalogue that comes with the program.</param>
/// <param name="Only">Name of the only scenario; null: all.</param>
/// <param name="Worse">Flaws of the driving program: <c>noPredictions</c>, <c>halfRange</c>, <c>late</c>, <c>noGuard</c>.</param>
public sealed record ScenarioOptions(string? Path = null, string? Only = null, int Runs = 20, long Seed = 1, int Threads = 2, bool German = false, IReadOnlyList<string>? Worse = null);

/// <summary>Runs a catalogue, several runs at once; every run depends on nothing but its scenario and seed.</summary>
public static class ScenarioRunner
{
    /// <exception cref="InputException">A file, a name or a flaw cannot be used.</exception>
    public static (IReadOnlyList<ScenarioFigures> Figures, string Html) Run(ScenarioOptions options, Report.ReportHead head, CancellationToken cancellation)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var all = options.Path is null ? Catalogue.BuiltIn() : Catalogue.Load(options.Path);
        var chosen = options.Only is null ? all : [.. all.Where(scenario => scenario.Name == options.Only)];
        if (chosen.Count == 0)
        {
            throw new InputException("--only", $"There is no scenario '{options.Only}'", $"Give one of: {string.Join(", ", all.Select(scenario => scenario.Name))}");
        }

        var flaws = FlawsOf(options.Worse ?? []);
        var records = new RunRecord[chosen.Count * options.Runs];
        Parallel.For(0, records.Length, new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, i =>
        {
            var scenario = chosen[i / options.Runs];
            records[i] = ScenarioRun.Of(scenario, options.Seed + (i % options.Runs), flaws?.Invoke());
        });

        var shown = Shown(chosen, records).Select(record => ScenarioRun.Of(chosen.First(scenario => scenario.Name == record.Scenario), record.Seed, flaws?.Invoke(), traces: true)).ToList();
        var html = new Report.EvidenceReport(chosen, records, shown, head with { TookS = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, Command = CommandOf(options) }, options.German).Write();
        return ([.. chosen.Select(scenario => Figures(scenario, [.. records.Where(record => record.Scenario == scenario.Name)], options.German))], html);
    }

    /// <summary>Frames of one run, seen from above, as an SVG file.</summary>
    /// <param name="fromS">Time of the first; <paramref name="toS"/> of the last.</param>
    /// <exception cref="InputException">There is no such scenario, or the run does not last so long.</exception>
    public static string Strip(ScenarioOptions options, double fromS, double toS)
    {
        var all = options.Path is null ? Catalogue.BuiltIn() : Catalogue.Load(options.Path);
        var scenario = all.FirstOrDefault(scenario => scenario.Name == options.Only)
            ?? throw new InputException("--only", $"A strip is of one scenario, and there is none called '{options.Only}'", $"Give one of: {string.Join(", ", all.Select(scenario => scenario.Name))}");
        var run = ScenarioRun.Of(scenario, options.Seed, FlawsOf(options.Worse ?? [])?.Invoke(), traces: true);
        return run.LastedS > fromS
            ? Report.Strip.Draw(run.Trace!, fromS, Math.Min(toS, run.LastedS))
            : throw new InputException("--strip-from", FormattableString.Invariant($"The run lasts {run.LastedS:F0} s only"), "Give an earlier time");
    }

    /// <summary>To be drawn: what failed, the first of the unavoidable, and of each scenario the closest that passed.</summary>
    private static IEnumerable<RunRecord> Shown(IReadOnlyList<Scenario> scenarios, RunRecord[] records)
    {
        const int most = 40;
        return records.Where(run => run.IsFailed).Take(most)
            .Concat(records.Where(run => run.Unavoidable is not null).Take(most / 4))
            .Concat(scenarios.Select(scenario => records.Where(run => run.Scenario == scenario.Name && run.IsPassed).MinBy(run => run.WorstDistanceM)).OfType<RunRecord>());
    }

    private static ScenarioFigures Figures(Scenario scenario, RunRecord[] runs, bool german)
    {
        var (failed, unavoidable) = (runs.Count(run => run.IsFailed), runs.Count(run => run.Unavoidable is not null));
        var passed = runs.Where(run => run.IsPassed).ToArray();
        return new(
            scenario.Name, scenario.Title.In(german), scenario.Shows, runs.Length, passed.Length, failed, unavoidable, runs.Length - passed.Length - failed - unavoidable,
            Least(runs.Select(run => run.WorstDistanceM)), Least(runs.Select(run => run.WorstTtcS)),
            FailureBound.Upper(failed, passed.Length + failed),
            [.. runs.Where(run => run.IsFailed).Select(run => new ScenarioFailure(run.Seed, [.. run.Failures.Select(words => words.In(german))]))]);
    }

    /// <summary>What has to stand behind the name of a scenario to bring a run back.</summary>
    private static string CommandOf(ScenarioOptions options) =>
        (options.Path is null ? "" : $" --scenarios {options.Path}") + (options.Worse is { Count: > 0 } flaws ? $" --worse {string.Join(' ', flaws)}" : "");

    private static double? Least(IEnumerable<double> values) => values.DefaultIfEmpty(double.PositiveInfinity).Min() is var least && double.IsFinite(least) ? Math.Round(least, 2) : null;

    private static Func<Flaws>? FlawsOf(IReadOnlyList<string> names)
    {
        var flaws = new Flaws();
        foreach (var name in names)
        {
            flaws = name switch
            {
                "noPredictions" => flaws with { Predicts = false },
                "halfRange" => flaws with { RangeShare = 0.5 },
                "late" => flaws with { LateS = 0.5 },
                "noGuard" => flaws with { IsGuarded = false },
                _ => throw new InputException("--worse", $"'{name}' is no flaw", "Give noPredictions, halfRange, late or noGuard"),
            };
        }

        // A record's copy has memories of its own.
        return names.Count == 0 ? null : () => new(flaws.RangeShare, flaws.LateS, flaws.Predicts, flaws.IsGuarded);
    }
}
