namespace Kehrwerk.Planning.ArcRouting.Checking;

/// <summary>What a vehicle has used of each resource, by the rules of <see cref="ArcVehicle"/>.</summary>
internal sealed class LoadTally
{
    private readonly ArcProblem problem;
    private readonly ArcVehicle vehicle;
    private readonly long[] used;
    private long driven;

    public LoadTally(ArcProblem problem, ArcVehicle vehicle)
    {
        this.problem = problem;
        this.vehicle = vehicle;
        used = new long[problem.Resources];
        for (var r = 0; r < vehicle.Used.Length; r++)
        {
            used[r] = vehicle.Used[r];
        }
    }

    public long this[int resource] => used[resource];

    public void Drive(long time) => driven += time;

    public void Serve(int task)
    {
        for (var r = 0; r < used.Length; r++)
        {
            used[r] += vehicle.TaskDemand.IsEmpty ? problem.Tasks[task].Demand[r] : vehicle.TaskDemand[(task * used.Length) + r];
        }
    }

    /// <summary>Adds what the way of the trip that ends used, rounded up.</summary>
    /// <returns>What is used then.</returns>
    public long Close(int resource)
    {
        used[resource] += vehicle.TravelUse.IsEmpty ? 0 : ((driven * vehicle.TravelUse[resource]) + 999) / 1_000;
        return used[resource];
    }

    public void BeginTrip() => driven = 0;

    public void Reset(int resource, long after) => used[resource] = after;

    /// <summary>Adds what services of one stop used that took so long together, rounded down.</summary>
    public void Stand(long time)
    {
        for (var r = 0; r < vehicle.StandUse.Length; r++)
        {
            used[r] += time * vehicle.StandUse[r] / 1_000;
        }
    }
}
