using Kehrwerk.Planning.ArcRouting.Search;

namespace Kehrwerk.Planning.ArcRouting;

/// <summary>How to search.</summary>
public sealed record ArcSolverOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads to use, 1–64. The solution is the same on every machine for the same seed, threads and rounds.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// A solution to start from, of this problem or of one that it was before: what does not fit any more is put elsewhere. It is changed
    /// little by little; what a change of vehicle costs says <see cref="ArcVehicle.TaskCost"/>.
    /// </summary>
    public ArcSolution? Start { get; init; }

    /// <summary>A cost that no solution goes below, as far as that is known by now. The search ends when it has come down to it.</summary>
    public Func<long>? KnownLowerBound { get; init; }
}

/// <summary>Where a search stands.</summary>
/// <param name="Iterations">Rounds done, over all threads.</param>
/// <param name="Cost">Of the best solution so far.</param>
/// <param name="Share">Of the budget that is used up, 0–1.</param>
public readonly record struct ArcProgress(long Iterations, long Cost, double Share);

/// <summary>
/// How much of the search's budget is used up after so many rounds: 0 at the start, 1 or more when it must end. Never falls.
/// <see cref="Rounds"/> counts; a caller may as well measure time, and then the result depends on the machine's speed.
/// </summary>
public delegate double SearchBudget(long iterations);

/// <summary>Solves arc routing problems.</summary>
public static class ArcSolver
{
    /// <summary>A budget of so many rounds.</summary>
    public static SearchBudget Rounds(long rounds) => iterations => rounds <= 0 ? 1 : (double)iterations / rounds;

    /// <summary>The best solution that the search finds within its budget; it serves every task.</summary>
    /// <exception cref="Streets.InputException">A task cannot be served at all; the message names it.</exception>
    public static ArcSolution Solve(
        ArcProblem problem, SearchBudget budget, ArcSolverOptions? options = null, IProgress<ArcProgress>? progress = null, CancellationToken ct = default)
    {
        options ??= new();
        var order = TaskOrder.Of(problem);
        problem = order.Apply(problem);
        options = options with { Start = options.Start is { } start ? order.Apply(start) : null };
        return order.Restore(problem.Tasks.All(task => task.Modes.Length == 1)
            ? Solve<OneMode>(problem, budget, options, progress, ct)
            : Solve<TwoModes>(problem, budget, options, progress, ct));
    }

    private const int MostNear = 200;

    private static ArcSolution Solve<TCosts>(
        ArcProblem problem, SearchBudget budget, ArcSolverOptions options, IProgress<ArcProgress>? progress, CancellationToken ct)
        where TCosts : unmanaged, IModeCosts<TCosts> =>
        new ArcSearch<TCosts>(new(problem, MostNear), budget, options, progress, ct).Run();
}
