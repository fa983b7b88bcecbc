using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Benchmarks;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk check INSTANCE SOLUTION</c>: judges a solution file, whoever made it.</summary>
internal static class CheckVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("INSTANCE") { Description = "The benchmark file." };
        var answer = new Argument<string>("SOLUTION") { Description = "The solution; see docs/reference/arc-solution-format.md and sweep-instance-format.md." };
        var json = CommonOptions.Json();
        var command = new Command("check", $"""
            Check a solution of an arc routing instance against the instance's file, independently of the solver.

            Every required link served once and in its direction, capacity, tour limit, dumping, ways, cost. The number of
            tours is free, as in the published values. Of a sweeping instance all its rules: times, windows, breaks, loads,
            battery, bays, fleet. The exit code is {ExitCode.Good}, or {ExitCode.RuleBroken} where a rule is broken.
            """)
        {
            file, answer, json,
        };
        command.SetAction(parse =>
        {
            var instance = IBenchmark.Read(parse.GetValue(file)!);
            var (verdict, statedCost, tours) = instance.Check(parse.GetValue(answer)!);
            if (parse.GetValue(json))
            {
                var result = new CheckResult(instance.Name, verdict.Cost, statedCost, tours, verdict.Violations);
                Console.WriteLine(JsonSerializer.Serialize(result, VerbJson.Default.CheckResult));
            }
            else if (verdict.Violations.IsEmpty)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{instance.Name}: {verdict.Cost:N0} in {tours:N0} tours, every rule is kept"));
            }

            foreach (var violation in verdict.Violations)
            {
                Terminal.Complain(violation);
            }

            return verdict.Violations.IsEmpty ? ExitCode.Good : ExitCode.RuleBroken;
        });
        return command;
    }
}

/// <summary>The verdict on a solution.</summary>
/// <param name="Cost">Of its tours by the instance's file; null where that cannot be told.</param>
/// <param name="StatedCost">What its file claims.</param>
internal sealed record CheckResult(string Instance, long? Cost, long StatedCost, int Tours, ImmutableArray<string> Violations);
