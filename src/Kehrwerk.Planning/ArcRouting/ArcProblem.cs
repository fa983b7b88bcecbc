using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting;

/// <summary>
/// A capacitated arc routing problem apart from any map: tasks that are served in one of their modes, vehicles that make tours, sites
/// where they tip, fill or charge on the way, and what it costs to get from one to the next. Node, edge and arc tasks, one-way
/// streets and turn penalties differ only in modes and <see cref="Travel"/> (Vidal 2017, "Node, edge, arc routing and turn
/// penalties"); CARP, mixed CARP and CARP with intermediate facilities are those with few of these things. All quantities are whole
/// numbers, so that sums are exact; the unit of cost, of time and of each resource is the caller's. Immutable.
/// </summary>
public sealed record ArcProblem
{
    public required ImmutableArray<ArcTask> Tasks { get; init; }

    /// <summary>
    /// Least costs from place to place without service. None is greater than that of a way over a third place, or over a task from its
    /// entry to its exit; otherwise taking a task out of a tour could make the tour impossible.
    /// </summary>
    public required CostTable Travel { get; init; }

    /// <summary>How long the ways of <see cref="Travel"/> take; null where cost is time: of ways, and of stops at sites (<see cref="ArcSite.Cost"/>).</summary>
    public CostTable? TravelTime { get; init; }

    /// <summary>Kinds of vehicles, at least one. All count the same resources, at least one.</summary>
    public required ImmutableArray<ArcVehicle> Vehicles { get; init; }

    /// <summary>What can be done at sites; see <see cref="ArcSite.Bays"/>. At most 30.</summary>
    public ImmutableArray<ArcService> Services { get; init; } = [];

    /// <summary>Where a tour may stop on its way for services.</summary>
    public ImmutableArray<ArcSite> Sites { get; init; } = [];

    /// <summary>Number of resources that are counted.</summary>
    public int Resources => Vehicles[0].Capacity.Length;

    /// <summary>Whether the last stop of every tour is a site, since something must be done before a vehicle comes home.</summary>
    public bool EndsAtSite => Services.Any(service => service.IsDoneLast);

    /// <summary>Whether a site has what must be done before the end of a tour.</summary>
    public bool CanEndAt(ArcSite site) => Enumerable.Range(0, Services.Length).All(s => !Services[s].IsDoneLast || site.Bays[s] > 0);
}

/// <summary>Something to be served once. Of modes of equal cost, as far as the tour's travel and service go, the first is taken.</summary>
/// <param name="Modes">The one or two ways to serve it: both directions of an edge, or the only one of an arc.</param>
/// <param name="Demand">What it takes of each resource.</param>
public sealed record ArcTask(ImmutableArray<TaskMode> Modes, ImmutableArray<int> Demand)
{
    /// <summary>What leaving out a task counts that has no <see cref="Penalty"/>.</summary>
    public const int MustServe = int.MaxValue / 4;

    /// <summary>The cost of leaving it out; null where that is no choice: then it is left out only if it cannot be served, for <see cref="MustServe"/>.</summary>
    public int? Penalty { get; init; }

    /// <summary>The periods, rising and apart, one of which the whole service lies in; empty for any time.</summary>
    public ImmutableArray<ArcWindow> Windows { get; init; } = [];

    /// <summary>
    /// Null for windows that hold without exception: a vehicle waits for the next one. Else the cost of 1,000 units of time of service
    /// outside them, rounded down for each task, and nobody waits.
    /// </summary>
    public int? CostOutside { get; init; }
}

/// <summary>One way to serve a task: from where to where, and the cost of the service.</summary>
public readonly record struct TaskMode(int Entry, int Exit, int Cost)
{
    /// <summary>How long it takes; null where cost is time.</summary>
    public int? Time { get; init; }
}

/// <summary>A period, on the clock of <see cref="ArcVehicle.StartTime"/>. The end belongs to it.</summary>
public readonly record struct ArcWindow(int From, int Until);
