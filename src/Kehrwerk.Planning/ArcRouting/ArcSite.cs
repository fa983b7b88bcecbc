using System.Collections.Immutable;

namespace Kehrwerk.Planning.ArcRouting;

/// <summary>Something that is done at sites: tip, wash, fill water, charge.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Resets">The resources that are wholly free again after it, or of a charge as far as it goes.</param>
public sealed record ArcService(string Name, ImmutableArray<int> Resets)
{
    /// <summary>Whether it is done at the last stop of every tour, whether or not it was before. Not for a charge.</summary>
    public bool IsDoneLast { get; init; }

    /// <summary>Index of a service that comes before this one where a stop has both; null for any order.</summary>
    public int? After { get; init; }

    /// <summary>Whether it charges the battery, as far as the way ahead needs it, after all else that is done at the stop. At most one is a charge.</summary>
    public bool IsCharge { get; init; }
}

/// <summary>Where services are done.</summary>
/// <param name="Cost">Of each stop, besides the way and the time of the services. It takes as long where cost is time, before the first service.</param>
/// <param name="Bays">How many vehicles can have each service at once; 0 where it is not offered, <see cref="Unlimited"/> for any number.</param>
public sealed record ArcSite(int Place, int Cost, ImmutableArray<int> Bays)
{
    public const int Unlimited = int.MaxValue;

    /// <summary>What all that charge at once may draw together.</summary>
    public int MaxPower { get; init; } = int.MaxValue;

    /// <summary>Bays that are in use already.</summary>
    public ImmutableArray<BayInUse> InUse { get; init; } = [];
}

/// <summary>A bay that serves somebody whose tour is not planned any more.</summary>
/// <param name="Service">Index in <see cref="ArcProblem.Services"/>.</param>
/// <param name="Until">When it becomes free.</param>
/// <param name="Power">Of a charger what it draws until then.</param>
/// <param name="From">From when on. Before that a charger serves others, any other bay stands ready for it.</param>
public readonly record struct BayInUse(int Service, int Until, int Power = 0, int From = int.MinValue);
