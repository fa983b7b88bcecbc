namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>Where the work on a bound stands: what is known so far, and whether to go on.</summary>
internal sealed class BoundRun
{
    // Linear programs are solved to about 1e-7 of their values; what is less than this above a whole number is taken to be it.
    private const double Doubt = 1e-6;

    private readonly BoundProblem problem;
    private readonly SearchBudget? budget;
    private readonly IProgress<BoundResult>? progress;
    private readonly CostStep step;
    private long rounds;

    public BoundRun(BoundProblem problem, SearchBudget? budget, IProgress<BoundResult>? progress, CancellationToken ct)
    {
        this.problem = problem;
        this.budget = budget;
        this.progress = progress;
        Stop = ct;
        step = CostStep.Of(problem);
        var trips = 0;
        for (var r = 0; r < problem.Capacity.Length; r++)
        {
            trips = Math.Max(trips, TripBound.ByPacking(problem.Tasks.Select(task => task.Demand[r]).ToArray(), problem.Capacity[r]));
        }

        trips = Math.Max(trips, Math.Min(1, problem.Tasks.Length));
        Result = new(trips, problem.Sites.Length == 0 ? trips : Math.Min(1, trips), 0, 0, 0, 0);
    }

    public CancellationToken Stop { get; }

    public BoundResult Result { get; private set; }

    /// <summary>Cost of tours and tips, as many as are needed at least; not part of any linear program.</summary>
    public long FixedCost => ((long)Result.Tours * problem.TourCost)
        + (problem.EndsAtSite ? (long)Result.Trips * problem.Sites.Min(site => site.Cost) : 0);

    /// <summary>Begins with what holds without any travel.</summary>
    public void Start()
    {
        var service = problem.Tasks.Sum(task => (long)task.Modes.Min(mode => mode.Cost)) + FixedCost;
        Set(Result with { Service = service, Deadhead = service, Cuts = service, Value = step.RoundUp(service) });
    }

    /// <summary>Whether there shall be one more round; counts it.</summary>
    public bool GoesOn() => !Stop.IsCancellationRequested && !(budget?.Invoke(rounds++) >= 1);

    /// <summary>Whether it is worth while to begin with what gives nothing for a while.</summary>
    public bool HasHalfLeft() => !Stop.IsCancellationRequested && !(budget?.Invoke(rounds) > 0.5);

    /// <summary>The bound that a linear program's value stands for: what it costs to serve every task, unless it were less to leave one out that may not be.</summary>
    public long BoundOf(double value) => Math.Min(ArcTask.MustServe, step.RoundUp(Math.Min(ArcTask.MustServe, value + FixedCost - (Doubt * Math.Max(1, value * 1e-3)))));

    public void TakeDeadhead(double value) => Set(Result with { Deadhead = Math.Max(Result.Deadhead, BoundOf(value)) });

    public void TakeCuts(double value) => Set(Result with { Cuts = Math.Max(Result.Cuts, BoundOf(value)) });

    public void TakeTrips(double value) => Set(Result with { Value = Math.Max(Result.Value, BoundOf(value)) });

    /// <summary>More tours than the loads ask for, since a tour has a limit: as many as the bound is long.</summary>
    /// <returns>Whether that is more than was known.</returns>
    public bool TakeTourLimit()
    {
        var tours = problem.MaxTime is { } time ? (Result.Value + time + problem.TourCost - 1) / (time + problem.TourCost) : 0;
        if (tours <= Result.Tours)
        {
            return false;
        }

        Set(Result with { Tours = (int)Math.Min(int.MaxValue, tours) });
        return true;
    }

    private void Set(BoundResult next)
    {
        var cuts = Math.Max(next.Cuts, next.Deadhead);
        next = next with { Cuts = cuts, Value = Math.Max(next.Value, cuts) };
        if (next != Result)
        {
            Result = next;
            progress?.Report(next);
        }
    }
}
