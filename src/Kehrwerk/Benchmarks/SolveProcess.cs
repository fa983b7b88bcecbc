using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Verbs;

namespace Kehrwerk.Benchmarks;

/// <summary>
/// One run of <c>kehrwerk solve</c> as a process of its own. That makes a run exactly what a person gets who calls the verb,
/// start of the runtime and compilation included, and the system's count of its processor time is its own, however many run at once.
/// </summary>
internal static class SolveProcess
{
    /// <param name="Result">Null where the run failed.</param>
    /// <param name="Complaints">What it wrote to standard error.</param>
    internal sealed record Outcome(int ExitCode, SolveResult? Result, string Complaints);

    /// <summary>Runs it; when cancelled the process is ended, with the exit code <see cref="ExitCode.Stopped"/>.</summary>
    /// <param name="budget">The options that bound it, such as <c>--cpu 60</c>.</param>
    public static async Task<Outcome> Run(string instanceFile, IEnumerable<string> budget, int seed, int threads, string solutionFile, CancellationToken ct)
    {
        using var process = Process.Start(Command([
            "solve", instanceFile, .. budget, "--seed", Number(seed), "--threads", Number(threads), "--solution", solutionFile, "--json"]))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            var result = process.ExitCode == ExitCode.Good ? JsonSerializer.Deserialize(await output, VerbJson.Default.SolveResult) : null;
            return new(process.ExitCode, result, (await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            return new(ExitCode.Stopped, null, "");
        }
    }

    // This very program: its own file, or the runtime with the program's assembly as first argument.
    private static ProcessStartInfo Command(string[] arguments)
    {
        var host = Environment.ProcessPath!;
        var isRuntime = Path.GetFileNameWithoutExtension(host) == "dotnet";
        return new(host, isRuntime ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
