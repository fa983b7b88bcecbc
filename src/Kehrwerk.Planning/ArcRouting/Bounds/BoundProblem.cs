using Kehrwerk.Planning.ArcRouting.Search;

namespace Kehrwerk.Planning.ArcRouting.Bounds;

/// <summary>
/// What a bound looks at of a problem: tasks that have to be served, loads that have to be left somewhere, and ways. Each solution of the
/// problem is one of this as well, at no greater cost: the best of all kinds of vehicles is taken, resources count where they are used up by
/// service, and windows, breaks, bays and batteries do not.
/// </summary>
internal sealed class BoundProblem
{
    private BoundProblem(ArcProblem problem)
    {
        IsPlain = PlainProblem.Is(problem);
        Travel = problem.Travel;
        Starts = [.. problem.Vehicles.Select(vehicle => vehicle.Start).Distinct()];
        Ends = [.. problem.Vehicles.Select(vehicle => vehicle.End).Distinct()];
        EndsAtSite = problem.EndsAtSite;

        // A stop where anything is freed frees everything: between two of them, or the start and the first, each resource holds what is served.
        int[] resources = [.. Enumerable.Range(0, problem.Resources)];
        Capacity = Array.ConvertAll(resources, r => problem.Vehicles.Max(vehicle => vehicle.Capacity[r]));
        Sites = [.. problem.Sites.Where(site => problem.Services.Select((service, s) => site.Bays[s] > 0 && (service.IsDoneLast || !service.Resets.IsEmpty)).Contains(true))];
        TourCost = problem.Vehicles.Min(vehicle => vehicle.TourCost);

        // Cost is time, and nothing is faster.
        var isTime = problem.TravelTime is null && problem.Tasks.All(task => task.Modes.All(mode => mode.Time is null));
        MaxTime = isTime && problem.Vehicles.All(vehicle => vehicle.MaxTime > 0) ? problem.Vehicles.Max(vehicle => vehicle.MaxTime) : null;

        // What may be left out, or must be, is not looked at.
        Tasks = [.. problem.Tasks
            .Select((task, t) => (Needs: task.Penalty is null, Task: new BoundTask(
                [.. task.Modes.Where(CanBeReached)],
                Array.ConvertAll(resources, r => problem.Vehicles.Min(vehicle => DemandOf(problem, vehicle, t, r))))))
            .Where(pair => pair.Needs && pair.Task.Modes.Length > 0 && pair.Task.Demand.Zip(Capacity).All(amount => amount.First <= amount.Second))
            .Select(pair => pair.Task)];
        HasOtherWays = problem.Tasks.Any(task => task.Penalty is not null && task.Modes.Any(mode => mode.Cost < Travel[mode.Entry, mode.Exit]));
    }

    /// <summary>Whether nothing is left out, so that solutions cost the same in both.</summary>
    public bool IsPlain { get; }

    public BoundTask[] Tasks { get; }

    public CostTable Travel { get; }

    /// <summary>Places where a tour may begin.</summary>
    public int[] Starts { get; }

    /// <summary>Places where a tour may end.</summary>
    public int[] Ends { get; }

    /// <summary>Of each resource that counts.</summary>
    public int[] Capacity { get; }

    /// <summary>Where loads may be left on the way.</summary>
    public ArcSite[] Sites { get; }

    /// <summary>Whether a tour comes home from a site only, without a load; else it may bring one home.</summary>
    public bool EndsAtSite { get; }

    public int TourCost { get; }

    /// <summary>What the travel, service and stops of a tour may cost together; null for no limit.</summary>
    public int? MaxTime { get; }

    /// <summary>Whether serving a task that may be left out is a shorter way than <see cref="Travel"/> knows, against what is asked of that.</summary>
    public bool HasOtherWays { get; }

    public static BoundProblem Of(ArcProblem problem) => new(problem);

    public long ToStart(int entry) => Starts.Min(start => (long)Travel[start, entry]);

    public long ToEnd(int exit) => Ends.Min(end => (long)Travel[exit, end]);

    private bool CanBeReached(TaskMode mode) => ToStart(mode.Entry) < CostTable.NoWay
        && (EndsAtSite ? Sites.Any(site => Travel[mode.Exit, site.Place] < CostTable.NoWay && ToEnd(site.Place) < CostTable.NoWay) : ToEnd(mode.Exit) < CostTable.NoWay);

    private static int DemandOf(ArcProblem problem, ArcVehicle vehicle, int task, int resource) =>
        vehicle.TaskDemand.IsEmpty ? problem.Tasks[task].Demand[resource] : vehicle.TaskDemand[(task * problem.Resources) + resource];
}

internal sealed record BoundTask(TaskMode[] Modes, int[] Demand);
