using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Kehrwerk.Planning.Benchmarks;

namespace Kehrwerk.Benchmarks;

/// <summary>What a benchmark does.</summary>
/// <param name="Budget">As the rows of finished runs name it.</param>
/// <param name="BudgetOptions">The same for the command line of a run.</param>
/// <param name="ExpectedS">How long a run takes, about; only for the progress bar. Null where that cannot be told.</param>
internal sealed record BenchPlan(
    ImmutableArray<BenchInstance> Instances, int Seeds, string Budget, ImmutableArray<string> BudgetOptions, double? ExpectedS, int Threads, int Jobs);

/// <summary>Runs what a benchmark's folder does not hold yet, several runs at once where asked, and collects the results in the folder.</summary>
internal sealed class BenchRunner(BenchPlan plan, BenchFolder folder)
{
    private readonly ConcurrentDictionary<BenchInstance, string> leftOut = [];
    private readonly ConcurrentDictionary<string, long> began = [];
    private int done;

    /// <summary>The instances that could not be solved, with what the run said about it.</summary>
    public IReadOnlyDictionary<BenchInstance, string> LeftOut => leftOut;

    /// <summary>Whether the solution of any run broke a rule.</summary>
    public bool IsRuleBroken { get; private set; }

    public bool IsOf(BenchRun run) => run.Budget == plan.Budget && run.Threads == plan.Threads && run.Seed <= plan.Seeds;

    /// <summary>Does all that is left to do, the first seed of every instance before the second of any, so that a table is whole early. Ends early when stopped.</summary>
    public void RunAll(Action<string, double> report, CancellationToken ct)
    {
        var known = folder.Runs.Where(IsOf).Select(run => (run.Set, run.Instance, run.Seed)).ToHashSet();
        var open = new ConcurrentQueue<(BenchInstance Instance, int Seed)>(
            from seed in Enumerable.Range(1, plan.Seeds)
            from instance in plan.Instances
            where !known.Contains((instance.Set, instance.Name, seed))
            select (instance, seed));
        var count = open.Count;
        var workers = Enumerable.Range(0, plan.Jobs).Select(_ => Task.Run(() => Work(open, ct), CancellationToken.None)).ToArray();
        while (!Task.WaitAll(workers, TimeSpan.FromMilliseconds(250)))
        {
            var running = began.ToArray();
            var inWork = plan.ExpectedS is { } expected ? running.Sum(run => Math.Min(1, Stopwatch.GetElapsedTime(run.Value).TotalSeconds / expected)) : 0;
            report($"{done} of {count} runs, {string.Join(", ", running.Select(run => run.Key).Order())}", (done + inWork) / Math.Max(1, count));
        }
    }

    private async Task Work(ConcurrentQueue<(BenchInstance Instance, int Seed)> open, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && open.TryDequeue(out var next))
        {
            var (instance, seed) = next;
            if (leftOut.ContainsKey(instance))
            {
                continue;
            }

            var name = $"{instance.Name} seed {seed}";
            began[name] = Stopwatch.GetTimestamp();
            await RunOne(instance, seed, ct);
            began.TryRemove(name, out _);
            Interlocked.Increment(ref done);
        }
    }

    private async Task RunOne(BenchInstance instance, int seed, CancellationToken ct)
    {
        var solution = folder.PlaceFor(instance.Set, instance.Name, seed);
        var outcome = await SolveProcess.Run(instance.File, plan.BudgetOptions, seed, plan.Threads, solution, ct);
        if (outcome.ExitCode == ExitCode.Stopped)
        {
            // What a run has when it is stopped is no result of its budget.
            File.Delete(solution);
            return;
        }

        if (outcome.Result is { } result)
        {
            folder.Take(
                new(instance.Set, instance.Name, seed, plan.Budget, plan.Threads, result.Cost, result.Seconds, result.CpuSeconds, result.Iterations, result.Tours),
                solution);
            return;
        }

        // A solution that breaks a rule is a fault of the solver: kept beside the good ones, for whoever looks for it.
        IsRuleBroken |= outcome.ExitCode == ExitCode.RuleBroken;
        leftOut[instance] = outcome.Complaints.Length > 0 ? outcome.Complaints : $"kehrwerk solve ended with exit code {outcome.ExitCode}";
    }
}
