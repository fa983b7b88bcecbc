using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting;

/// <summary>Who serves what in which order. Immutable.</summary>
/// <param name="Cost">Sum of all tours' costs and of the penalties for what is left out.</param>
/// <param name="Unserved">Tasks that are left out, rising.</param>
public sealed record ArcSolution(long Cost, ImmutableArray<ArcTour> Tours, ImmutableArray<int> Unserved);

/// <summary>What one vehicle does between its start and its end.</summary>
/// <param name="Vehicle">Index in <see cref="ArcProblem.Vehicles"/>.</param>
/// <param name="Services">What is done at sites, in order of time. No service is done twice at a stop.</param>
public sealed record ArcTour(int Vehicle, ImmutableArray<ArcStop> Stops, ImmutableArray<SiteService> Services);

/// <summary>One stop of a tour: a task served in a mode, or a site.</summary>
/// <param name="Index">Of the task, or of the site in <see cref="ArcProblem.Sites"/>.</param>
/// <param name="Mode">Index in <see cref="ArcTask.Modes"/>; 0 at a site.</param>
/// <param name="Start">When the service of the task begins, or the site is reached.</param>
public readonly record struct ArcStop(bool IsSite, int Index, int Mode, int Start)
{
    public static ArcStop Serve(int task, int mode, int start = 0) => new(false, task, mode, start);

    public static ArcStop Visit(int site, int start = 0) => new(true, site, 0, start);
}

/// <summary>A service at a site.</summary>
/// <param name="Stop">Index of the stop in <see cref="ArcTour.Stops"/>.</param>
/// <param name="Service">Index in <see cref="ArcProblem.Services"/>.</param>
/// <param name="Duration">Of a charge: to connect and to charge until <paramref name="UsedAfter"/>.</param>
/// <param name="UsedAfter">Of a charge: how much of the full battery is used up after it; else 0.</param>
public readonly record struct SiteService(int Stop, int Service, int Start, int Duration, int UsedAfter);
