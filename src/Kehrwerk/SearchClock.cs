using System.Diagnostics;
using Kehrwerk.Planning.ArcRouting;

namespace Kehrwerk;

/// <summary>
/// Measures a search from its creation on: wall time, processor time of the whole process over all its threads, and rounds.
/// The planning library has no clock; this is what its <see cref="SearchBudget"/> asks. May be asked from several threads.
/// </summary>
internal sealed class SearchClock
{
    private readonly long began = Stopwatch.GetTimestamp();
    private readonly TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
    private long iterations;

    public double WallS => Stopwatch.GetElapsedTime(began).TotalSeconds;

    public double CpuS => (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;

    public long Iterations => Interlocked.Read(ref iterations);

    /// <summary>A budget that is used up when the first of its limits is reached; null for no such limit.</summary>
    public SearchBudget Until(double? wallS, double? cpuS, long? rounds) => done =>
    {
        Interlocked.Exchange(ref iterations, Math.Max(done, Iterations));
        return Math.Max(
            Math.Max(wallS is { } wall ? WallS / wall : 0, cpuS is { } cpu ? CpuS / cpu : 0),
            rounds is { } count ? ArcSolver.Rounds(count)(done) : 0);
    };

    /// <summary>What is left of a budget by now, as the budget of what begins now: none of it is used up at first.</summary>
    public static SearchBudget Rest(SearchBudget budget)
    {
        var used = budget(0);
        return done => used >= 1 ? 1 : (budget(done) - used) / (1 - used);
    }
}
