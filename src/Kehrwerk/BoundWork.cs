using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Planning.ArcRouting.Bounds;

namespace Kehrwerk;

/// <summary>
/// Works on a lower bound within a small share of a search's budget: before the search where that has one thread, beside it where it has
/// more. What is known at any time may be asked from any thread.
/// </summary>
internal sealed class BoundWork : IDisposable
{
    // A bound that is tight ends the search early; where it is not, the search hardly misses this.
    private const double Share = 0.05;

    // What has to be loaded and compiled first takes most of the least time.
    private const double LeastS = 0.5;
    private const double MostShare = 0.4;
    private const long SearchRoundsForOne = 5_000;
    private const long LeastRounds = 20;
    private const double Patience = 1.5;
    private static readonly TimeSpan GuardEvery = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource stop;
    private readonly Task work;
    private readonly Timer? guard;
    private volatile BoundResult result = BoundResult.Nothing;

    public BoundWork(ArcProblem problem, int threads, double? wallS, double? cpuS, long? rounds, CancellationToken ct)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var seconds = Math.Min(wallS ?? double.PositiveInfinity, cpuS ?? double.PositiveInfinity);
        var share = Math.Clamp(LeastS / seconds, Share, MostShare);

        // Beside the search this is one thread of several that the processor time is counted of.
        var counted = threads == 1 ? 1 : threads + 1;
        var clock = new SearchClock();
        var budget = clock.Until(wallS * share, cpuS * share * counted, rounds is { } count ? Math.Max(LeastRounds, count / SearchRoundsForOne) : null);
        if (seconds < double.PositiveInfinity)
        {
            // One round may take longer than all shall.
            guard = new(_ => StopIf(budget(0) >= Patience), null, GuardEvery, GuardEvery);
        }

        work = Task.Run(() => LowerBound.Of(problem, budget, new Keeper(this), stop.Token), CancellationToken.None);
        if (threads == 1)
        {
            work.Wait(CancellationToken.None);
        }
    }

    /// <summary>The best bound so far.</summary>
    public BoundResult Result => result;

    /// <summary>Ends the work, once there is no search any more.</summary>
    public void End()
    {
        stop.Cancel();
        work.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        guard?.Dispose();
        stop.Cancel();
        work.Wait(CancellationToken.None);
    }

    private void StopIf(bool isOver)
    {
        if (isOver)
        {
            stop.Cancel();
        }
    }

    private sealed class Keeper(BoundWork owner) : IProgress<BoundResult>
    {
        public void Report(BoundResult value) => owner.result = value;
    }
}
