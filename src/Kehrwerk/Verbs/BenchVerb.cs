using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Kehrwerk.Benchmarks;
using Kehrwerk.Planning.Benchmarks;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk bench carp FOLDER</c>: how far from the best known values the solver stays, over whole sets of instances.</summary>
internal static class BenchVerb
{
    public static Command Create() => new("bench", "Measure the planner against published benchmarks.") { Carp(), BenchBoundsVerb.Create() };

    private static Command Carp()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Instances of arc routing, in this folder and those below it. Each folder is a set." };
        var time = SolveVerb.Seconds("--time", "Seconds of wall time for each run.");
        var cpu = SolveVerb.Seconds("--cpu", "Seconds of processor time for each run, all its threads together.");
        var rounds = SolveVerb.Rounds();
        var seeds = CommonOptions.Number("--seeds", "Runs of each instance, with the seeds 1 to N.", "N", 1, 1_000, 5);
        var threads = SolveVerb.Threads();
        var jobs = CommonOptions.Number("--jobs", "Runs at the same time. With --time they need a processor for each of their threads.", "N", 1, 64, 1);
        var output = new Option<string>("--out")
        {
            Description = "Keep runs, best solutions and table in this folder; what it holds already is not done again.",
            DefaultValueFactory = _ => "carp-results",
            HelpName = "FOLDER",
        };
        var values = Values();
        var command = new Command("carp", $"""
            Solve every instance of a folder several times and compare with the best known values.

            Each run is a process of its own, "kehrwerk solve", so that its processor time is counted exactly, also with
            several at once. Every finished run is kept: the same command again goes on where it was ended.
            The table goes to standard output and, with all else, into the folder of --out. Budget: one of --time, --cpu, --rounds.
            """)
        {
            folder, time, cpu, rounds, seeds, threads, jobs, output, values,
        };
        command.Validators.Add(result =>
        {
            if (new Option[] { time, cpu, rounds }.Count(option => result.GetResult(option) is not null) != 1)
            {
                result.AddError("Give one budget: --time S, --cpu S or --rounds N.");
            }
        });
        command.SetAction((parse, cancellation) =>
        {
            var (wallS, cpuS, limit) = (parse.GetValue(time), parse.GetValue(cpu), parse.GetValue(rounds));
            var amount = string.Create(CultureInfo.InvariantCulture, $"{wallS ?? cpuS ?? limit}");
            var kind = wallS is not null ? "time" : cpuS is not null ? "cpu" : "rounds";
            var plan = new BenchPlan(
                BenchSet.Instances(parse.GetValue(folder)!),
                parse.GetValue(seeds),
                $"{kind} {amount}",
                ["--" + kind, amount],
                wallS ?? cpuS / parse.GetValue(threads),
                parse.GetValue(threads),
                parse.GetValue(jobs));
            var bestKnown = BenchSet.Published(parse.GetValue(values), parse.GetValue(folder)!).ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Best);
            if (wallS is not null && plan.Threads * plan.Jobs > Environment.ProcessorCount)
            {
                Terminal.Note($"{plan.Jobs} runs with {plan.Threads} threads each share {Environment.ProcessorCount} processors: the wall time of --time is less than it seems.");
            }

            using var results = BenchFolder.Open(parse.GetValue(output)!);
            var runner = new BenchRunner(plan, results);
            Terminal.WithProgress("Benchmark", report =>
            {
                runner.RunAll(report, cancellation);
                return true;
            });
            var code = Conclude(plan, runner, results, bestKnown);
            return Task.FromResult(cancellation.IsCancellationRequested ? ExitCode.Stopped : code);
        });
        return command;
    }

    public static Option<string?> Values() =>
        new("--bks") { Description = $"Best known values; where not given, {BestKnownValues.FileName} from FOLDER upwards.", HelpName = "FILE" };

    private static int Conclude(BenchPlan plan, BenchRunner runner, BenchFolder results, ImmutableDictionary<string, long> bestKnown)
    {
        foreach (var (instance, reason) in runner.LeftOut)
        {
            Terminal.Complain($"{instance.Set}/{instance.Name} is left out. {reason}");
        }

        var runs = plan.Instances
            .SelectMany(instance => results.Runs.Where(run => runner.IsOf(run) && run.Set == instance.Set && run.Instance == instance.Name).OrderBy(run => run.Seed))
            .ToList();
        var table = BenchTable.Markdown(About(plan, runner), runs, bestKnown);
        results.WriteTable(table);
        Console.Write(table);
        return runner.IsRuleBroken ? ExitCode.RuleBroken : runs.Count == 0 ? ExitCode.BadInput : ExitCode.Good;
    }

    private static IEnumerable<string> About(BenchPlan plan, BenchRunner runner)
    {
        yield return Machine();
        yield return "";
        yield return $"Each run: `kehrwerk solve INSTANCE {string.Join(' ', plan.BudgetOptions)} --threads {plan.Threads}`, seeds 1 to {plan.Seeds}, {plan.Jobs} at a time.";
        if (runner.LeftOut.Count > 0)
        {
            yield return "";
            yield return $"Left out, for no run gave a solution: {string.Join(", ", runner.LeftOut.Keys.Select(instance => $"{instance.Set}/{instance.Name}").Order(StringComparer.Ordinal))}.";
        }
    }

    /// <summary>Today, and on what.</summary>
    public static string Machine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeProvider.System.GetLocalNow():yyyy-MM-dd} · {Environment.ProcessorCount} processors{Processor()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");

    // The name that the processor gives itself, where the system tells it.
    private static string Processor()
    {
        const string Names = "/proc/cpuinfo";
        var line = File.Exists(Names) ? File.ReadLines(Names).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "" : $" ({line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()})";
    }
}
