using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting;

/// <summary>
/// A capacitated arc routing problem apart from any map: tasks that are served in one of their modes, and what it costs to get
/// from one to the next. A tour starts and ends at the depot. Where there are tip sites, a tour is a shift of several trips,
/// each of which ends at a tip site that empties all resources, the last one too; else a tour is a single trip.
/// Node, edge and arc tasks, one-way streets and turn penalties differ only in modes and <see cref="Travel"/>
/// (Vidal 2017, "Node, edge, arc routing and turn penalties"). Costs and demands are whole numbers, so that sums are exact. Immutable.
/// </summary>
public sealed record ArcProblem
{
    public required ImmutableArray<ArcTask> Tasks { get; init; }

    public required CostTable Travel { get; init; }

    /// <summary>Place where every tour starts and ends.</summary>
    public required int Depot { get; init; }

    /// <summary>What a vehicle can hold of each resource on one trip.</summary>
    public required ImmutableArray<int> Capacity { get; init; }

    /// <summary>Sites at which a load may be left during a tour; empty where each tour is one trip.</summary>
    public ImmutableArray<TipSite> TipSites { get; init; } = [];

    /// <summary>Cost of each tour besides service, travel and tipping.</summary>
    public int TourCost { get; init; }

    /// <summary>The most that a tour may cost, for instance the length of a shift; null for no limit.</summary>
    public int? MaxTourCost { get; init; }

    /// <summary>The number of tours that are allowed; null for any.</summary>
    public int? MaxTours { get; init; }
}

/// <summary>Something to be served once.</summary>
/// <param name="Modes">The one or two ways to serve it: both directions of an edge, or the only one of an arc.</param>
/// <param name="Demand">What it takes of each resource of <see cref="ArcProblem.Capacity"/>.</param>
public sealed record ArcTask(ImmutableArray<TaskMode> Modes, ImmutableArray<int> Demand);

/// <summary>One way to serve a task: from where to where, and the cost of the service.</summary>
public readonly record struct TaskMode(int Entry, int Exit, int Cost);

/// <summary>Where a load is left, and what that costs besides the way.</summary>
public readonly record struct TipSite(int Place, int Cost);

/// <summary>Who serves what in which order. Immutable.</summary>
/// <param name="Cost">Sum over all tours of service, travel, tipping and tour cost.</param>
public sealed record ArcSolution(long Cost, ImmutableArray<ArcTour> Tours);

/// <summary>What one vehicle does between leaving the depot and coming back to it.</summary>
public sealed record ArcTour(ImmutableArray<ArcStop> Stops);

/// <summary>One stop of a tour: a task served in a mode, or a visit to a tip site.</summary>
/// <param name="Index">Of the task, or of the site in <see cref="ArcProblem.TipSites"/>.</param>
/// <param name="Mode">Index in <see cref="ArcTask.Modes"/>; 0 for a tip.</param>
public readonly record struct ArcStop(bool IsTip, int Index, int Mode)
{
    public static ArcStop Serve(int task, int mode) => new(false, task, mode);

    public static ArcStop Tip(int site) => new(true, site, 0);
}
