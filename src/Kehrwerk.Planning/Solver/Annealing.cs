namespace Kehrwerk.Planning.Solver;

/// <summary>
/// How much worse a solution may be accepted: cooling from half of a task's mean cost to a hundredth of that, in cycles
/// whose length grows with the number of tasks, so that the search is worth its time whenever it is stopped.
/// </summary>
internal sealed class Annealing
{
    private const double LastShare = 0.01;
    private const int IterationsPerTask = 100;
    private const int LeastIterations = 5_000;

    private readonly double startHeat;
    private readonly double cooling;
    private readonly int cycle;
    private double heat;
    private int iteration;

    public Annealing(int maxIterations, double cost, int tasks)
    {
        startHeat = 0.5 * cost / Math.Max(1, tasks);
        cycle = Math.Max(1, Math.Min(maxIterations, LeastIterations + (IterationsPerTask * tasks)));
        cooling = Math.Pow(LastShare, 1.0 / cycle);
        heat = startHeat;
    }

    /// <summary>By how much the next solution may cost more, drawn anew each time.</summary>
    public double Allowance(SeededRandom random) => -heat * Math.Log(random.Share());

    public void Cool()
    {
        heat *= cooling;
        if (++iteration == cycle)
        {
            iteration = 0;
            heat = startHeat / 4;
        }
    }
}
