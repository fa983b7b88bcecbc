using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kehrwerk.Centre.Traffic;

/// <summary>What one vehicle holds of the narrow streets, and its announced way on. Stored with its twin. Immutable.</summary>
public sealed record RoadClaim
{
    /// <summary>Fingerprint of the city whose arcs it names.</summary>
    public required string City { get; init; }

    /// <summary>The order whose drive <see cref="Way"/> is.</summary>
    public required string OrderId { get; init; }

    /// <summary>The way's first arc is that of the order's path with this index: the first that the vehicle has not left.</summary>
    public int From { get; init; }

    /// <summary>Arcs from there on, at least to where the vehicle can wait in nobody's way.</summary>
    public ImmutableArray<int> Way { get; init; } = [];

    /// <summary>So many arcs of the way are granted.</summary>
    public int Granted { get; init; }

    /// <summary>Arcs of orders before this one that the vehicle may still be on, or may still drive if a late message reaches it.</summary>
    public ImmutableArray<int> Residue { get; init; } = [];

    /// <summary>Metres that the vehicle must be beyond a node to have left what lies before it.</summary>
    public required double LengthM { get; init; }

    /// <summary>The vehicle does not drive on by itself: broken, stopped, silent, in a person's hand.</summary>
    public bool Stands { get; init; }

    [JsonIgnore]
    internal IEnumerable<int> HeldArcs => Residue.Concat(Way.Take(Granted));

    internal bool HoldsNothing(NarrowStreets streets) => HeldArcs.All(streets.IsFree);

    /// <summary>What it holds (see <see cref="NarrowStreets.AddPlaces"/>).</summary>
    internal HashSet<int> Held(NarrowStreets streets) => Places(HeldArcs, streets);

    /// <summary>
    /// What the vehicle must still get before it can wait in nobody's way; nothing where it can get there by what is granted.
    /// </summary>
    internal HashSet<int> Needed(NarrowStreets streets) => Places(NeededArcs(streets), streets);

    internal IEnumerable<int> NeededArcs(NarrowStreets streets)
    {
        for (var i = Granted - 1; i >= 0; i--)
        {
            if (streets.CanWaitAt(Way[i], LengthM))
            {
                return [];
            }

            if (!streets.IsFree(Way[i]))
            {
                break;
            }
        }

        return HoldsNothing(streets) ? [] : Way.Skip(Granted).Take(ArcsToWait(streets));
    }

    private int ArcsToWait(NarrowStreets streets)
    {
        var count = 0;
        while (Granted + count < Way.Length && !streets.CanWaitAt(Way[Granted + count], LengthM))
        {
            count++;
        }

        return count + 1;
    }

    private static HashSet<int> Places(IEnumerable<int> arcs, NarrowStreets streets)
    {
        var places = new HashSet<int>();
        foreach (var arc in arcs)
        {
            streets.AddPlaces(arc, places);
        }

        return places;
    }
}

/// <summary>The book's answer to a vehicle that asked for its way.</summary>
/// <param name="IsAccepted">The way is the announced one now; else the one before stays.</param>
/// <param name="Granted">So many arcs of the way are granted.</param>
/// <param name="WaitsFor">Who is in the way of more; null where all that was wanted is granted.</param>
public sealed record RoadAnswer(bool IsAccepted, int Granted, RoadBlock? WaitsFor);

/// <summary>Another vehicle is in the way.</summary>
/// <param name="Arc">Where.</param>
public sealed record RoadBlock(Link.VehicleId Vehicle, int Arc);
