using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kehrwerk.Faults;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk simulate --faults</c>: many short shifts in a small town, each with other faults by its seed.</summary>
internal static class SimulateFaults
{
    /// <summary>More do not find enough to sweep there.</summary>
    public const int MaxVehicles = 6;

    public const int UsualVehicles = 2;

    /// <param name="profile">Name or file.</param>
    /// <param name="trace">Where the messages and faults of one seed are written; null: nowhere.</param>
    public static int Run(string profile, int seed, int seeds, int vehicles, string? trace, bool json, CancellationToken cancellation)
    {
        if (trace is not null && seeds != 1)
        {
            throw new InputException("--trace", $"It tells the story of one seed, not of {seeds}", "Give --seed N without --seeds");
        }

        var faults = FaultProfile.Load(profile);
        var stage = FaultStage.Small(vehicles);
        var began = Stopwatch.GetTimestamp();
        var result = Terminal.WithProgress("Seeds", progress => trace is null
            ? FaultRun.Many(stage, faults, seed, seeds, progress, cancellation)
            : Trace(stage, faults, seed, trace, cancellation));
        var tookS = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, VerbJson.Default.FaultResult));
        }
        else
        {
            Print(result, profile, vehicles);
        }

        Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{seeds:N0} seeds in {tookS:N1} s, {1000 * tookS / seeds:N1} ms each."));
        return result.Failures.IsEmpty ? ExitCode.Good : ExitCode.RuleBroken;
    }

    private static FaultResult Trace(FaultStage stage, FaultProfile faults, int seed, string file, CancellationToken cancellation)
    {
        try
        {
            using var text = new StreamWriter(file, append: false, new UTF8Encoding(false));
            return FaultResult.Of(faults, seed, [FaultRun.One(stage, faults, seed, text, cancellation)]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"The trace cannot be written: {fault.Message}", "Give another file", fault);
        }
    }

    private static void Print(FaultResult result, string profile, int vehicles)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {result.Profile}: {result.Seeds:N0} seeds from {result.FirstSeed}, {result.Failures.Length:N0} of them failed
              {result.SimulatedS / 3600:N1} h simulated, {result.Events:N0} events, {result.Messages:N0} messages, {result.Lost:N0} lost; {result.KerbsSwept:N0} kerbs swept, {result.KerbsMissed:N0} missed
              {result.Cases.Raised:N0} cases, {result.Cases.Decided:N0} decided, {result.Cases.PerPersonIn10Min:N2} per person and 10 min, at most {result.Cases.PeakIn10Min:N0} in 10 min, {result.Cases.Floods:N0} floods, {result.Cases.Escalated:N0} escalated
              digest {result.Digest}
            """));
        const int shown = 20;
        foreach (var failure in result.Failures.Take(shown))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"! seed {failure.Seed}: {failure.Broken}"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    again, with every message: kehrwerk simulate --faults {profile} --seed {failure.Seed} --vehicles {vehicles} --trace seed-{failure.Seed}.txt"));
        }

        if (result.Failures.Length > shown)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {result.Failures.Length - shown:N0} more"));
        }
    }
}
