namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// Lower bounds on the cost of arc routing problems: what is trivial, then a linear program over the deadhead on each link, to which cuts are
/// added until none is violated (Belenguer and Benavent 2003, "A cutting plane algorithm for the capacitated arc routing problem"), then
/// one over trips that also keeps those cuts (Bode and Irnich 2012, "Cut-first branch-and-price-second for the capacitated arc-routing problem").
/// </summary>
public static class LowerBound
{
    /// <summary>The best bound that the budget allows; without one, the work ends when the method has no more to give.</summary>
    /// <param name="budget">Asked between two rounds; with <see cref="ArcSolver.Rounds"/> the bound is the same on every machine.</param>
    /// <param name="progress">Told whenever the bound has risen. Each result is valid.</param>
    /// <param name="ct">Ends the work soon; what is known by then is the result.</param>
    public static BoundResult Of(ArcProblem problem, SearchBudget? budget = null, IProgress<BoundResult>? progress = null, CancellationToken ct = default)
    {
        var relaxed = BoundProblem.Of(problem);
        var run = new BoundRun(relaxed, budget, progress, ct);
        try
        {
            run.Start();
            if (relaxed.Tasks.Length == 0 || relaxed.HasOtherWays)
            {
                return run.Result;
            }

            var network = DeadheadNetwork.Of(relaxed, ct);
            using var cuts = new CutLoop(relaxed, network, run);
            cuts.Run();
            if (run.HasHalfLeft())
            {
                using var trips = TripLoop.For(relaxed, network, cuts.Prices, run);
                trips?.Run(cuts.Violated);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // What is known so far stands.
        }

        return run.Result;
    }
}
