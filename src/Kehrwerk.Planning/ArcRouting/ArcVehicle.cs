using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting;

/// <summary>
/// One kind of vehicle and where it is. Each of its tours leads from <see cref="Start"/> to <see cref="End"/>. A vehicle that is
/// already out is a kind of its own with its present place, time and load. Immutable.
/// <para>
/// What is used up of a resource may nowhere exceed <see cref="Capacity"/>. A trip leads from one stop at a site, or the start, to the next,
/// or the end. Its tasks use their demands, its way <see cref="TravelUse"/>, rounded up once for each trip. The way home counts with the last
/// trip, also where that ends at a site: what is done last does not help to get home. Then come the services at the site, and what is used
/// while they take place (<see cref="StandUse"/>), rounded down once for each stop and counted after them; at last the charge.
/// </para>
/// </summary>
public sealed record ArcVehicle
{
    /// <summary>Place where its tours start.</summary>
    public required int Start { get; init; }

    /// <summary>Place where its tours end.</summary>
    public required int End { get; init; }

    /// <summary>What it can use or hold of each resource between two services that reset it.</summary>
    public required ImmutableArray<int> Capacity { get; init; }

    /// <summary>How many tours there may be; null for any number. Of vehicles that are out, how many there are.</summary>
    public int? Count { get; init; }

    /// <summary>Cost of each tour besides service and travel.</summary>
    public int TourCost { get; init; }

    /// <summary>When its tours begin.</summary>
    public int StartTime { get; init; }

    /// <summary>The most time that a tour may take, from its start to its end; null for no limit.</summary>
    public int? MaxTime { get; init; }

    /// <summary>Whether it is out and has to come home even without a task. Needs a <see cref="Count"/>.</summary>
    public bool IsOut { get; init; }

    /// <summary>What of each capacity is used up at the start; empty for nothing.</summary>
    public ImmutableArray<int> Used { get; init; } = [];

    /// <summary>What 1,000 units of travel time use of each resource; empty for nothing.</summary>
    public ImmutableArray<int> TravelUse { get; init; } = [];

    /// <summary>What 1,000 units of time of services at a site use of each resource; waiting and charging use nothing. Empty for nothing.</summary>
    public ImmutableArray<int> StandUse { get; init; } = [];

    /// <summary>Cost of 1,000 units of time that it stands, rounded down for each tour: for services at sites, in breaks, waiting.</summary>
    public int StandCost { get; init; } = 1_000;

    /// <summary>For each task the time, and cost, by which this vehicle's service exceeds the mode's; empty for none.</summary>
    public ImmutableArray<int> TaskTime { get; init; } = [];

    /// <summary>For each task a cost of serving it with this vehicle, <see cref="CostTable.NoWay"/> where it may not; empty for none.</summary>
    public ImmutableArray<int> TaskCost { get; init; } = [];

    /// <summary>Demands by this vehicle instead of the tasks' own, row by row: of task t for resource r at t · resources + r; empty for those.</summary>
    public ImmutableArray<int> TaskDemand { get; init; } = [];

    /// <summary>How long each service takes; empty for no time. Of a charger this is the time to connect.</summary>
    public ImmutableArray<int> ServiceTime { get; init; } = [];

    public ArcBattery? Battery { get; init; }

    /// <summary>In order of time.</summary>
    public ImmutableArray<ArcBreak> Breaks { get; init; } = [];

    /// <summary>
    /// How much sharing the work among tours counts: a tour of time t costs an extra t² / <see cref="MaxTime"/> times a thousandth of this,
    /// both divisions rounded down. Without a limit of time it does nothing.
    /// </summary>
    public int Balance { get; init; }
}

/// <summary>How a vehicle charges.</summary>
/// <param name="Resource">The resource that is its energy. Its capacity is what may be used of a full battery, without the reserve.</param>
/// <param name="Full">Content of a full battery.</param>
/// <param name="TimeToPercent">Time from empty to each whole percent of a full battery: 101 rising values, the first 0.</param>
/// <param name="Power">What it draws of a site's <see cref="ArcSite.MaxPower"/>.</param>
public sealed record ArcBattery(int Resource, int Full, ImmutableArray<int> TimeToPercent, int Power)
{
    /// <summary>When it must be full again at the tour's last site, after all that is done there and not part of the tour's time; null for no such charge.</summary>
    public int? FullBy { get; init; }

    /// <summary>Time to charge, from one amount used to a lesser one; linear between whole percents, rounded up.</summary>
    public int TimeBetween(int usedBefore, int usedAfter) => (int)((TimesFull(Full - usedAfter) - TimesFull(Full - usedBefore) + Full - 1) / Full);

    // Time from empty to a level, times Full: so it is a whole number.
    private long TimesFull(int level)
    {
        var percents = Math.Clamp(100L * level, 0, 100L * Full);
        var (whole, rest) = Math.DivRem(percents, Full);
        return (TimeToPercent[(int)whole] * (long)Full) + (rest == 0 ? 0 : rest * (TimeToPercent[(int)whole + 1] - TimeToPercent[(int)whole]));
    }
}

/// <summary>
/// A break: taken where the first task or stop at a site ends at or after <paramref name="Earliest"/> that is not the tour's last, and begun
/// by <paramref name="Latest"/>. After one stop there is at most one. A tour that has no such stop does without.
/// </summary>
public readonly record struct ArcBreak(int Earliest, int Latest, int Duration);
