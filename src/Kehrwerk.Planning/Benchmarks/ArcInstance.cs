using System.Collections.Immutable;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>
/// An arc routing instance as a benchmark file states it, with the file's own node numbers. <see cref="ArcInstanceReader"/> makes it,
/// <see cref="ToProblem"/> gives what the solver works on, and <see cref="InstanceChecker"/> judges solutions by it alone. Immutable.
/// </summary>
public sealed partial record ArcInstance
{
    /// <summary>The file as the person knows it, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>The file's name without its ending. The name inside is no guide: published files carry that of another.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Source);

    public required int NodeCount { get; init; }

    /// <summary>
    /// The size of the fleet as stated. Neither the solver nor the checker holds anyone to it: the values published for these sets
    /// are for a free number of tours.
    /// </summary>
    public required int Vehicles { get; init; }

    public required int Capacity { get; init; }

    public required int Depot { get; init; }

    /// <summary>Cost of leaving a load, once per trip.</summary>
    public int DumpingCost { get; init; }

    /// <summary>The most that a tour may cost; null where the file states none.</summary>
    public int? MaxTrip { get; init; }

    /// <summary>Nodes at which a load may be left during a tour; empty where a tour is one trip.</summary>
    public ImmutableArray<int> DumpingSites { get; init; } = [];

    /// <summary>All links in the order of the file. Two may join the same nodes.</summary>
    public required ImmutableArray<ArcLink> Links { get; init; }

    /// <summary>The links to be served, in the order of the file. Solution files count them from 1, tasks of the problem from 0.</summary>
    public required ImmutableArray<RequiredLink> Required { get; init; }

    /// <summary>The limit that a tour is held to: <see cref="MaxTrip"/> where there are dumping sites.</summary>
    /// <remarks>
    /// The limit is part of the problem with intermediate facilities (Willemse and Joubert 2016). Plain mixed CARP as published knows
    /// none, though the Lpr files state one.
    /// </remarks>
    public int? TourLimit => DumpingSites.IsEmpty ? null : MaxTrip;
}

/// <summary>A street between two nodes.</summary>
/// <param name="IsOneWay">Whether it may be travelled, and served, only from the first node to the second.</param>
/// <param name="TraversalCost">Of travelling it without service.</param>
/// <param name="Line">In the file, from 1.</param>
public sealed record ArcLink(int From, int To, bool IsOneWay, int TraversalCost, int Line);

/// <summary>A link that is to be served once.</summary>
/// <param name="ServiceCost">Of passing it while serving it; includes the way along it.</param>
public sealed record RequiredLink(ArcLink Link, int ServiceCost, int Demand);
