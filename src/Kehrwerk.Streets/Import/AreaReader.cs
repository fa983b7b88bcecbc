using System.Collections.Immutable;

namespace Kehrwerk.Streets.Import;

/// <summary>Areas and places of the map: closed ways, and multipolygons put together from many ways.</summary>
internal sealed class AreaReader(OsmData data, ImportTally tally)
{
    /// <summary>Every area in the order of the file, ways before relations.</summary>
    public List<MapArea> Areas()
    {
        var areas = new List<MapArea>();
        foreach (var way in data.Ways)
        {
            if (!way.Tags.IsEmpty && KindOf(way.Tags) is { } kind)
            {
                if (way.IsClosed && way.IsWhole)
                {
                    areas.Add(new(kind, way.Tags["name"] ?? "", [Rings.Points(data.Nodes, way.Nodes)]));
                }
                else if (kind != AreaKind.Plaza && !way.IsWhole)
                {
                    tally.LeaveOut("area that is not closed or lacks nodes");
                }
            }
        }

        foreach (var relation in data.Relations)
        {
            if (relation.Tags["type"] == "multipolygon" && KindOf(relation.Tags) is { } kind)
            {
                var parts = Multipolygon(relation);
                if (parts.Count == 0)
                {
                    tally.LeaveOut("area that is not closed or lacks nodes");
                }

                areas.AddRange(parts.Select(rings => new MapArea(kind, relation.Tags["name"] ?? "", rings)));
            }
        }

        foreach (var group in areas.GroupBy(a => a.Kind))
        {
            tally.Take($"areas: {group.Key.ToString().ToLowerInvariant()}", group.Count());
        }

        return areas;
    }

    public List<MapPlace> Places()
    {
        var places = new List<MapPlace>();
        foreach (var (node, tags) in data.TaggedNodes)
        {
            if (node >= 0 && tags["name"] is { } name && PlaceKind(tags) is { } kind)
            {
                places.Add(new(name, kind, data.Nodes.Position(node)));
            }
        }

        foreach (var way in data.Ways)
        {
            if (way.Tags["name"] is { } name && PlaceKind(way.Tags) is { } kind && Centroid(way) is { } centre)
            {
                places.Add(new(name, kind, centre));
            }
        }

        tally.Take("places", places.Count);
        return places;
    }

    /// <summary>The middle of a building; of a line its first known node. Null where no node is known.</summary>
    public GeoPoint? Centroid(OsmWay way)
    {
        if (way.IsClosed && way.IsWhole)
        {
            return Rings.Centroid(Rings.Points(data.Nodes, way.Nodes).AsSpan());
        }

        var known = Array.FindIndex(way.Nodes, n => n >= 0);
        return known < 0 ? null : data.Nodes.Position(way.Nodes[known]);
    }

    /// <summary>The middle of a multipolygon's first outer ring, or null where it cannot be put together.</summary>
    public GeoPoint? Centroid(OsmRelation relation) => Multipolygon(relation) is [var first, ..] ? Rings.Centroid(first[0].AsSpan()) : null;

    // One entry per outer ring, with the inner rings that lie in it. Empty where a ring is broken.
    private List<ImmutableArray<ImmutableArray<GeoPoint>>> Multipolygon(OsmRelation relation)
    {
        var outer = RingsOf(relation, inner: false);
        var inner = RingsOf(relation, inner: true);
        if (outer is null || inner is null)
        {
            return [];
        }

        var parts = outer.ConvertAll(ring => new List<ImmutableArray<GeoPoint>> { ring });
        foreach (var hole in inner)
        {
            parts.Find(part => Rings.Contains(part[0].AsSpan(), hole[0]))?.Add(hole);
        }

        return parts.ConvertAll(part => part.ToImmutableArray());
    }

    private List<ImmutableArray<GeoPoint>>? RingsOf(OsmRelation relation, bool inner)
    {
        var ways = new List<OsmWay>();
        foreach (var member in relation.Members)
        {
            // An empty role means outer in old data.
            if (member.Kind == MemberKind.Way && (inner ? member.Role == "inner" : member.Role is "outer" or "outline" or ""))
            {
                if (data.FindWay(member.Id) is not { } way)
                {
                    return null;
                }

                ways.Add(way);
            }
        }

        return Rings.Assemble(ways)?.ConvertAll(ring => Rings.Points(data.Nodes, ring));
    }

    /// <summary>What an area is on the map, or null.</summary>
    public static AreaKind? KindOf(Tags tags) => tags switch
    {
        _ when tags["building"] is not (null or "no") => AreaKind.Building,
        _ when IsDepot(tags) => AreaKind.Depot,
        _ when tags["natural"] == "water" || tags["waterway"] is "riverbank" or "dock" || tags["landuse"] is "basin" or "reservoir" => AreaKind.Water,
        _ when tags["leisure"] is "park" or "garden" or "golf_course" or "nature_reserve" or "pitch" or "playground" or "common"
            || tags["landuse"] is "grass" or "forest" or "meadow" or "cemetery" or "recreation_ground" or "village_green" or "allotments" or "orchard" or "vineyard" or "greenfield"
            || tags["natural"] is "wood" or "scrub" or "grassland" or "heath" => AreaKind.Green,
        _ when tags["landuse"] is "industrial" or "railway" or "port" or "harbour" => AreaKind.Industry,
        _ when tags["place"] == "square" || (tags["highway"] == "pedestrian" && tags["area"] == "yes") => AreaKind.Plaza,
        _ => null,
    };

    public static bool IsDepot(Tags tags) => tags["landuse"] == "depot" || tags["amenity"] is "vehicle_depot" or "street_cleaning_depot";

    private static string? PlaceKind(Tags tags) =>
        tags["place"] is "city" or "town" or "village" or "suburb" or "quarter" or "neighbourhood" or "hamlet" or "square" ? tags["place"]
        : tags["railway"] is "station" or "halt" ? "station"
        : null;
}
