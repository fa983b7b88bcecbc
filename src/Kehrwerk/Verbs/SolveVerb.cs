using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Benchmarks;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.ArcRouting.Bounds;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk solve INSTANCE</c>: solves a benchmark instance of arc routing within a budget.</summary>
internal static class SolveVerb
{
    private const double UsualWallS = 60;

    public static Command Create()
    {
        var file = new Argument<string>("INSTANCE")
        {
            Description = "A benchmark file: CARP (NOMBRE : …), mixed CARP, mixed CARP with dumping sites and MAX_TRIP (NAME : …), or a sweeping instance ({ … }). The content tells which.",
        };
        var time = Seconds("--time", $"Stop after so many seconds of wall time. {UsualWallS:N0} where no budget is given.");
        var cpu = Seconds("--cpu", "Stop after so many seconds of processor time, all threads of the process together.");
        var rounds = Rounds();
        var seed = CommonOptions.Seed();
        var threads = Threads();
        var output = new Option<string?>("--solution") { Description = "Write the solution into this file; see docs/reference/arc-solution-format.md and sweep-instance-format.md.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command("solve", """
            Solve an instance of arc routing: who serves which street in which order at the least cost.

            The search takes the instance, not its name: the same effort goes into every file. It ends when the first of the
            given budgets is used up; only with --rounds alone does the same seed give the same solution on every machine.
            A lower bound is worked on first, or beside the search where that has several threads; a solution that costs no more
            is proven to be optimal and ends the search. The solution is checked before it is shown. Ctrl+C ends the search early and keeps the best solution so far.
            """)
        {
            file, time, cpu, rounds, seed, threads, output, json,
        };
        command.SetAction((parse, cancellation) =>
        {
            var instance = IBenchmark.Read(parse.GetValue(file)!);
            using var solutionFile = parse.GetValue(output) is { } path ? new PendingFile(path) : null;
            var (wallS, cpuS, limit) = (parse.GetValue(time), parse.GetValue(cpu), parse.GetValue(rounds));
            if (wallS is null && cpuS is null && limit is null)
            {
                wallS = UsualWallS;
            }

            // The tables of the problem are part of the search, as in the published measurements.
            var clock = new SearchClock();
            var problem = instance.ToProblem();
            using var bound = new BoundWork(problem, parse.GetValue(threads), wallS, cpuS, limit, cancellation);
            var options = new ArcSolverOptions { Seed = (ulong)parse.GetValue(seed), Threads = parse.GetValue(threads), KnownLowerBound = () => bound.Result.Value };
            var solution = Terminal.WithProgress("Solving", report => ArcSolver.Solve(
                problem,
                SearchClock.Rest(clock.Until(wallS, cpuS, limit)),
                options,
                report.For<ArcProgress>(p => (string.Create(CultureInfo.InvariantCulture, $"Solving: {p.Cost:N0}, {bound.Result.Describe(p.Cost)}"), Math.Min(1, p.Share))),
                cancellation));
            bound.End();
            var result = new SolveResult(
                instance.Name,
                solution.Cost,
                bound.Result.Value,
                Math.Round(clock.WallS, 3),
                Math.Round(clock.CpuS, 3),
                clock.Iterations,
                solution.Tours.Length,
                parse.GetValue(seed),
                options.Threads);

            solutionFile?.Keep(text => instance.Write(solution, text));
            Show(result, bound.Result, parse.GetValue(json));
            var verdict = instance.Check(solution, parse.GetValue(output) ?? "the solution");
            foreach (var violation in verdict.Violations)
            {
                Terminal.Complain(violation);
            }

            return Task.FromResult(!verdict.Violations.IsEmpty ? ExitCode.RuleBroken : cancellation.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Good);
        });
        return command;
    }

    public static Option<double?> Seconds(string name, string description) =>
        CommonOptions.OptionalNumber(name, description, "S", 0.01, 604_800);

    public static Option<long?> Rounds() =>
        CommonOptions.OptionalNumber("--rounds", "Stop after so many rounds of the search.", "N", 0, 1_000_000_000_000);

    public static Option<int> Threads() => CommonOptions.Number("--threads", "Threads of the search.", "N", 1, 64, 1);

    private static void Show(SolveResult result, BoundResult bound, bool asJson) => Console.WriteLine(asJson
        ? JsonSerializer.Serialize(result, VerbJson.Default.SolveResult)
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Instance}: {result.Cost:N0} in {result.Tours:N0} tours, {bound.Describe(result.Cost)}, after {result.Seconds:N1} s ({result.CpuSeconds:N1} s of processor time) and {result.Iterations:N0} rounds"));
}

/// <summary>What a search gave.</summary>
/// <param name="LowerBound">No solution costs less.</param>
/// <param name="CpuSeconds">Processor time of all threads of the process.</param>
internal sealed record SolveResult(
    string Instance, long Cost, long LowerBound, double Seconds, double CpuSeconds, long Iterations, int Tours, int Seed, int Threads);
