using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting.Search;

/// <summary>A kind of vehicle as the search sees it: what may be left out of an <see cref="ArcVehicle"/> is filled in.</summary>
internal sealed class SearchVehicle
{
    private readonly bool[] offers;

    public SearchVehicle(ArcVehicle vehicle, int startStop, int endStop, ArcProblem problem, int[] usualDemands)
    {
        var tasks = problem.Tasks.Length;
        var resources = problem.Resources;
        Vehicle = vehicle;
        offers = [.. problem.Sites.SelectMany(site => problem.Services.Select((service, s) => Offers(site, service, s)))];
        StartStop = startStop;
        EndStop = endStop;
        MaxTime = vehicle.MaxTime ?? int.MaxValue;
        MaxTours = vehicle.Count ?? int.MaxValue;
        Capacity = [.. vehicle.Capacity];
        Used = OrZeros(vehicle.Used, resources);
        TravelUse = OrZeros(vehicle.TravelUse, resources);
        StandUse = OrZeros(vehicle.StandUse, resources);
        TaskTime = OrZeros(vehicle.TaskTime, tasks);
        TaskCost = OrZeros(vehicle.TaskCost, tasks);
        ServiceTime = OrZeros(vehicle.ServiceTime, problem.Services.Length);
        LeastResetTime = [.. Enumerable.Range(0, resources).Select(r => Enumerable.Range(0, problem.Services.Length)
            .Where(s => problem.Services[s].Resets.Contains(r)).Select(s => ServiceTime[s]).DefaultIfEmpty(0).Min())];
        Demands = usualDemands;
        if (!vehicle.TaskDemand.IsEmpty)
        {
            Demands = new int[usualDemands.Length];
            vehicle.TaskDemand.CopyTo(Demands);
        }
    }

    public ArcVehicle Vehicle { get; }
    public int StartStop { get; }
    public int EndStop { get; }
    public int MaxTime { get; }
    public int MaxTours { get; }
    public int[] Capacity { get; }
    public int[] Used { get; }
    public int[] TravelUse { get; }
    public int[] StandUse { get; }
    public int[] TaskTime { get; }
    public int[] TaskCost { get; }
    public int[] ServiceTime { get; }

    /// <summary>Time of the shortest service that frees each resource; 0 where none does.</summary>
    public int[] LeastResetTime { get; }

    /// <summary>Demands by stop, row by row.</summary>
    public int[] Demands { get; }

    /// <summary>Whether nothing is used up before the first task, so that no stop before it can be good for anything.</summary>
    public bool StartsFresh => !Vehicle.IsOut && !Used.AsSpan().ContainsAnyExcept(0) && !TravelUse.AsSpan().ContainsAnyExcept(0);

    /// <summary>Whether it can have a service at a site, both by number.</summary>
    public bool CanHave(int site, int service) => offers[(site * ServiceTime.Length) + service];

    public bool MayServe(int task) => TaskCost[task] < CostTable.NoWay;

    /// <summary>What a task costs on top of its mode's cost.</summary>
    public int ExtraCost(int task) => TaskTime[task] + TaskCost[task];

    /// <summary>Cost of standing so long.</summary>
    public int StandCost(long time) => (int)(time * Vehicle.StandCost / 1_000);

    /// <summary>What sharing the work costs for a tour of that time.</summary>
    public int BalanceCost(long time) => Vehicle.Balance == 0 ? 0 : (int)(time * time / MaxTime * Vehicle.Balance / 1_000);

    private bool Offers(ArcSite site, ArcService service, int index) =>
        site.Bays[index] > 0 && (!service.IsCharge || (Vehicle.Battery is { } battery && battery.Power <= site.MaxPower));

    private static int[] OrZeros(ImmutableArray<int> values, int length) => values.IsEmpty ? new int[length] : [.. values];
}
