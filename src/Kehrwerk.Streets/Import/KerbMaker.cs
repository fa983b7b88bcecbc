using System.Collections.Immutable;

namespace Kehrwerk.Streets.Import;

/// <summary>Makes the kerbs of a city and ties every address to the one in front of it.</summary>
internal sealed class KerbMaker(ConnectedStreets streets, CleaningClasses classes, StreetClassRows rows, ImportTally tally)
{
    private readonly StreetNetwork network = streets.Network;
    private readonly StreetKeys keys = new(streets.Network);

    public (ImmutableArray<Kerb> Kerbs, ImmutableArray<Address> Addresses) Make(IReadOnlyList<Address> addresses)
    {
        rows.WarnOfUnknown(keys.OfSegment.ToHashSet(StringComparer.Ordinal), tally);
        var candidates = KerbRules.Sides(streets, tally)
            .FindAll(side => rows.Names(Key(side.Arc)) || classes.DefaultFor(Facts(side.Arc)) is not null);
        var houses = addresses.Select(a => new House(network.Frame.ToMap(a.Position), StreetName.Key(a.Street), StreetName.HouseNumber(a.HouseNumber))).ToArray();
        var ofRangedStreets = ByStreet(houses, rows.HasRanges);
        var map = new KerbMap(network, candidates, keys);
        var nearest = Array.ConvertAll(houses, h => map.Nearest(h.Point, h.Key));

        // House numbers of each kerb, of its own street only: a corner house's back garden says nothing about the side street.
        var numbers = new List<int>[candidates.Count];
        for (var i = 0; i < houses.Length; i++)
        {
            if (nearest[i] >= 0 && houses[i].Number is { } number && Key(candidates[nearest[i]].Arc) == houses[i].Key)
            {
                (numbers[nearest[i]] ??= []).Add(number);
            }
        }

        var kerbs = ImmutableArray.CreateBuilder<Kerb>();
        var kept = new int[candidates.Count];
        for (var c = 0; c < candidates.Count; c++)
        {
            var (arc, side) = candidates[c];
            var ofKerb = numbers[c] ?? NearestNumber(arc, ofRangedStreets);
            kept[c] = -1;
            if ((rows.ClassOf(Key(arc), ofKerb) ?? classes.DefaultFor(Facts(arc))) is { } cleaningClass)
            {
                kept[c] = kerbs.Count;
                kerbs.Add(new(kerbs.Count, KerbRules.Key(network, arc, side), arc, side, network.ArcLengthM[arc], network.ArcName(arc), cleaningClass));
            }
        }

        if (kerbs.Count < candidates.Count)
        {
            map = new(network, [.. kerbs.Select(k => (k.Arc, k.Side))], keys);
            return (kerbs.ToImmutable(), [.. addresses.Select((a, i) => a with { Kerb = map.Nearest(houses[i].Point, houses[i].Key) })]);
        }

        return (kerbs.ToImmutable(), [.. addresses.Select((a, i) => a with { Kerb = nearest[i] < 0 ? -1 : kept[nearest[i]] })]);
    }

    private string Key(int arc) => keys.OfSegment[network.ArcSegment[arc]];

    private StreetFacts Facts(int arc) => streets.Facts[network.ArcSegment[arc]];

    // The houses of each street that has rows by house number; other streets are not asked.
    private static Dictionary<string, List<House>> ByStreet(House[] houses, Predicate<string> wanted)
    {
        var byStreet = new Dictionary<string, List<House>>(StringComparer.Ordinal);
        foreach (var house in houses)
        {
            if (house.Number is not null && wanted(house.Key))
            {
                if (!byStreet.TryGetValue(house.Key, out var ofStreet))
                {
                    byStreet.Add(house.Key, ofStreet = []);
                }

                ofStreet.Add(house);
            }
        }

        return byStreet;
    }

    private List<int> NearestNumber(int arc, Dictionary<string, List<House>> houses)
    {
        if (!houses.TryGetValue(Key(arc), out var ofStreet))
        {
            return [];
        }

        var line = network.SegmentLine(network.ArcSegment[arc]);
        var middle = line[0].Towards(line[^1], 0.5);
        return [ofStreet.MinBy(house => house.Point.DistanceTo(middle)).Number!.Value];
    }

    private readonly record struct House(MapPoint Point, string Key, int? Number);
}
