using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;

namespace Kehrwerk.Centre.Traffic;

/// <summary>
/// Who holds which narrow street. A banker's algorithm for sequential resource allocation (docs/link/traffic.md has method and proof): a step is
/// granted only if afterwards there is an order in which one vehicle after the other can drive its announced way to where it is in nobody's
/// way; who does not drive on by itself is left out of it, and nobody who could get out before may be shut in. Immutable.
/// </summary>
public sealed record TrafficBook
{
    private readonly NarrowStreets streets;
    private ImmutableSortedDictionary<VehicleId, Inside> inside = ImmutableSortedDictionary<VehicleId, Inside>.Empty;

    private TrafficBook(NarrowStreets streets) => this.streets = streets;

    public ImmutableSortedDictionary<VehicleId, RoadClaim> Claims { get; private init; } = ImmutableSortedDictionary<VehicleId, RoadClaim>.Empty;

    /// <summary>For the test that shows what happens without: grants whatever is free.</summary>
    internal bool IsBlind { get; init; }

    public static TrafficBook Of(NarrowStreets streets) => new(streets);

    /// <summary>Takes over what a vehicle holds, as a fact: what it has left, that it stands, what it held before a restart. Null: nothing.</summary>
    public TrafficBook Tell(VehicleId vehicle, RoadClaim? claim) => this with
    {
        Claims = claim is null ? Claims.Remove(vehicle) : Claims.SetItem(vehicle, claim),
        inside = claim is null ? inside.Remove(vehicle) : inside.SetItem(vehicle, Inside.Of(claim, streets)),
    };

    /// <summary>What twins held when they were stored last; until they are heard of again they stand.</summary>
    internal TrafficBook Restore(IEnumerable<Twin> twins, string city) =>
        twins.Where(t => t.Road?.City == city).Aggregate(this, (book, twin) => book.Tell(twin.Id, twin.Road! with { Stands = true }));

    /// <summary>
    /// A vehicle announces its way and asks for more of it. What it names as granted it must have been granted before.
    /// </summary>
    /// <param name="want">How many arcs of the way it would have granted.</param>
    public (TrafficBook Book, RoadAnswer Answer) Ask(VehicleId vehicle, RoadClaim claim, int want)
    {
        if (IsKnown(vehicle, claim) && claim.Granted < want && Holder(vehicle, claim.Way[claim.Granted]) is { } first)
        {
            // What a waiting vehicle hears every second, without looking who can get out.
            return (this, new(true, claim.Granted, new(first, claim.Way[claim.Granted])));
        }

        var free = CanGetOut();
        var book = Tell(vehicle, claim);
        if (!book.IsSafeFor(vehicle, free))
        {
            return (this, new(false, 0, book.Blocker(vehicle, free)));
        }

        RoadBlock? block = null;
        while (claim.Granted < want && block is null)
        {
            var more = claim with { Granted = claim.Granted + 1 };
            var next = book.Tell(vehicle, more);
            if (book.Holder(vehicle, claim.Way[claim.Granted]) is { } holder)
            {
                block = new(holder, claim.Way[claim.Granted]);
            }
            else if (!next.IsSafeFor(vehicle, free))
            {
                block = next.Blocker(vehicle, free) ?? new(vehicle, claim.Way[claim.Granted]);
            }
            else
            {
                (book, claim) = (next, more);
            }
        }

        return (claim.HoldsNothing(streets) ? book.Tell(vehicle, null) : book, new(true, claim.Granted, block));
    }

    /// <summary>
    /// Every vehicle in the book that can drive its way to where it can wait, if one drives after the other and those that stand go on standing.
    /// </summary>
    public IReadOnlySet<VehicleId> CanGetOut()
    {
        var left = inside.ToList();
        var held = new Dictionary<int, int>();
        foreach (var (_, v) in left)
        {
            foreach (var place in v.Held)
            {
                held[place] = held.GetValueOrDefault(place) + 1;
            }
        }

        var outside = new HashSet<VehicleId>();
        for (var before = -1; before != outside.Count;)
        {
            before = outside.Count;
            for (var i = left.Count - 1; i >= 0; i--)
            {
                var (vehicle, v) = left[i];
                if (v.CanDrive && v.Needed.All(place => held.GetValueOrDefault(place) == (v.Held.Contains(place) ? 1 : 0)))
                {
                    outside.Add(vehicle);
                    left.RemoveAt(i);
                    foreach (var place in v.Held)
                    {
                        held[place]--;
                    }
                }
            }
        }

        return outside;
    }

    /// <summary>It announces nothing new: what the book has, or, where that has nothing, nothing held.</summary>
    private bool IsKnown(VehicleId vehicle, RoadClaim claim) => Claims.TryGetValue(vehicle, out var known)
        ? claim.Way.SequenceEqual(known.Way) && claim.Residue.SequenceEqual(known.Residue) && claim with { Way = known.Way, Residue = known.Residue } == known
        : claim.HoldsNothing(streets);

    private bool IsSafeFor(VehicleId vehicle, IReadOnlySet<VehicleId> freeBefore)
    {
        if (IsBlind)
        {
            return true;
        }

        var free = CanGetOut();
        return free.Contains(vehicle) && freeBefore.IsSubsetOf(free);
    }

    private VehicleId? Holder(VehicleId asking, int arc)
    {
        var places = new HashSet<int>();
        streets.AddPlaces(arc, places);
        if (places.Count > 0)
        {
            foreach (var (vehicle, v) in inside)
            {
                if (vehicle != asking && v.Held.Overlaps(places))
                {
                    return vehicle;
                }
            }
        }

        return null;
    }

    /// <summary>Why this state is not safe: the first vehicle on the way out, else one that would be shut in.</summary>
    private RoadBlock? Blocker(VehicleId vehicle, IReadOnlySet<VehicleId> freeBefore)
    {
        var claim = Claims[vehicle];
        foreach (var arc in claim.NeededArcs(streets))
        {
            if (Holder(vehicle, arc) is { } holder)
            {
                return new(holder, arc);
            }
        }

        var shutIn = freeBefore.Except(CanGetOut()).Where(v => v != vehicle).Order().Select(v => (VehicleId?)v).FirstOrDefault();
        return shutIn is { } other ? new(other, claim.Way[Math.Min(claim.Granted, claim.Way.Length - 1)]) : null;
    }

    /// <summary>A claim in places, made out once.</summary>
    /// <param name="CanDrive">It drives by itself, and it has announced where. One that was found in a street has not, until it asks.</param>
    private sealed record Inside(bool CanDrive, HashSet<int> Held, HashSet<int> Needed)
    {
        public static Inside Of(RoadClaim claim, NarrowStreets streets)
        {
            var held = claim.Held(streets);
            return new(!claim.Stands && (held.Count == 0 || !claim.Way.IsEmpty), held, claim.Needed(streets));
        }
    }
}
