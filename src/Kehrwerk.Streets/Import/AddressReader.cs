namespace Kehrwerk.Streets.Import;

/// <summary>Addresses from nodes, buildings and multipolygons; several numbers in one tag (<c>12;14</c>) are several addresses.</summary>
internal sealed class AddressReader(OsmData data, AreaReader areas, ImportTally tally)
{
    private const int MaxNumbersPerTag = 20;
    private const int MaxAddresses = 5_000_000;
    // The same address on an entrance and on its building is one; farther apart it is another town's.
    private const double SameDegrees = 0.001;

    private readonly List<Address> found = [];
    private readonly Dictionary<(string Street, string Number, string Postcode), List<GeoPoint>> seen = [];

    /// <summary>Every address, nodes first, then ways, then relations, each in the order of the file; not tied to a kerb yet.</summary>
    public List<Address> Read()
    {
        var streetOf = AssociatedStreets();
        foreach (var (node, tags) in data.TaggedNodes)
        {
            if (node >= 0)
            {
                Add(tags, () => data.Nodes.Position(node), streetOf.GetValueOrDefault((MemberKind.Node, data.Nodes.Id(node))));
            }
        }

        foreach (var way in data.Ways)
        {
            Add(way.Tags, () => areas.Centroid(way), streetOf.GetValueOrDefault((MemberKind.Way, way.Id)));
        }

        foreach (var relation in data.Relations)
        {
            if (relation.Tags["type"] is "multipolygon" or "building")
            {
                Add(relation.Tags, () => areas.Centroid(relation), streetOf.GetValueOrDefault((MemberKind.Relation, relation.Id)));
            }
        }

        tally.Take("addresses", found.Count);
        return found;
    }

    private Dictionary<(MemberKind, long), string> AssociatedStreets()
    {
        var streets = new Dictionary<(MemberKind, long), string>();
        foreach (var relation in data.Relations)
        {
            if (relation.Tags["type"] is "associatedStreet" or "street" && relation.Tags["name"] is { } name)
            {
                foreach (var member in relation.Members.Where(m => m.Role is "house" or "address"))
                {
                    streets.TryAdd((member.Kind, member.Id), name);
                }
            }
        }

        return streets;
    }

    private void Add(Tags tags, Func<GeoPoint?> position, string? associatedStreet)
    {
        if (tags["addr:housenumber"] is not { } numbers)
        {
            return;
        }

        if ((tags["addr:street"] ?? associatedStreet ?? tags["addr:place"]) is not { } street)
        {
            tally.LeaveOut("address without a street");
            return;
        }

        if (position() is not { } point)
        {
            tally.LeaveOut("address without a place (nodes missing)");
            return;
        }

        foreach (var number in numbers.Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MaxNumbersPerTag))
        {
            Add(new(street, number, tags["addr:postcode"] ?? "", tags["addr:city"] ?? "", point, -1));
        }
    }

    private void Add(Address address)
    {
        var key = (address.Street, address.HouseNumber, address.Postcode);
        if (!seen.TryGetValue(key, out var places))
        {
            seen.Add(key, places = []);
        }

        if (places.Exists(p => Math.Abs(p.Lat - address.Position.Lat) < SameDegrees && Math.Abs(p.Lon - address.Position.Lon) < SameDegrees * 1.5))
        {
            tally.LeaveOut("address given twice");
        }
        else if (found.Count < MaxAddresses)
        {
            places.Add(address.Position);
            found.Add(address);
        }
    }
}
