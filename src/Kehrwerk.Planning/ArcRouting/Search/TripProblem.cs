namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>
/// Of a problem with sites the trips alone, as a plain problem: each trip leads from one site that has every service past tasks and back there, as
/// many of them as it takes, and nothing counts but loads and ways. That is searched several times faster than the whole, and what has good trips
/// mostly has good tours. Immutable.
/// </summary>
internal sealed class TripProblem
{
    // Fewer are searched well as they are.
    private const int FewestTasks = 250;

    private readonly int[] tasks;

    private TripProblem(ArcProblem problem, int[] tasks)
    {
        Problem = problem;
        this.tasks = tasks;
    }

    public ArcProblem Problem { get; }

    /// <param name="tasks">Those to be served.</param>
    /// <returns>Null where trips alone tell too little.</returns>
    public static TripProblem? Of(ArcProblem problem, int[] tasks)
    {
        if (tasks.Length < FewestTasks
            || problem.Sites.FirstOrDefault(site => site.Bays.All(bays => bays > 0)) is not { } site
            || problem.Tasks.Any(task => !task.Windows.IsEmpty && task.CostOutside is null)
            || problem.Vehicles.Any(vehicle => vehicle.IsOut))
        {
            return null;
        }

        return new(
            new()
            {
                Tasks = [.. tasks.Select(task => new ArcTask([.. problem.Tasks[task].Modes.Select(mode => mode with { Time = null })], [.. Enumerable.Range(0, problem.Resources).Select(r => MostDemand(problem, task, r))]))],
                Travel = problem.Travel,
                Vehicles = [new()
                {
                    Start = site.Place,
                    End = site.Place,
                    Capacity = [.. Enumerable.Range(0, problem.Resources).Select(r => problem.Vehicles.Min(vehicle => vehicle.Capacity[r]))],
                }],
            },
            tasks);
    }

    /// <summary>The trips of a solution, with the tasks of the whole problem.</summary>
    public int[][] TripsOf(ArcSolution solution) => [.. solution.Tours.Select(tour => tour.Stops.Select(stop => tasks[stop.Index]).ToArray())];

    private static int MostDemand(ArcProblem problem, int task, int resource) => problem.Vehicles.Max(vehicle =>
        vehicle.TaskDemand.IsEmpty ? problem.Tasks[task].Demand[resource] : vehicle.TaskDemand[(task * problem.Resources) + resource]);
}
