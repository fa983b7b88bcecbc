using System.Globalization;

namespace Kehrwerk.Streets.Import;

/// <summary>Finds the depot: where a person says, else the file's <c>landuse=depot</c> area, else the middle of the streets.</summary>
internal sealed class DepotFinder(OsmData data, StreetNetwork network, IReadOnlyList<MapArea> areas, ImportTally tally)
{
    private const string DefaultName = "Betriebshof";
    private const int DefaultChargers = 4;
    private const double ChargerKw = 22;
    private const double MaxOptionDistanceM = 1000;

    public Depot Find(GeoPoint? position)
    {
        var area = areas.FirstOrDefault(a => a.Kind == AreaKind.Depot);
        if (position is { } wanted)
        {
            // NaN fails the comparison too.
            if (!(Math.Abs(wanted.Lat) <= 85 && Math.Abs(wanted.Lon) <= 180))
            {
                throw new InputException("--depot", $"{Format(wanted)} is no place on earth", "Give latitude and longitude in degrees, such as 51.4344, 6.7623");
            }

            var (arc, distanceM) = NearestEnd(network.Frame.ToMap(wanted), _ => true);
            if (distanceM > MaxOptionDistanceM)
            {
                throw new InputException("--depot", $"{Format(wanted)} is {distanceM:F0} m from the nearest street of the map", "Give a place inside the city as latitude, longitude");
            }

            return area is not null && Rings.Contains(area.Rings[0].AsSpan(), wanted) ? Equipped(arc, area) : Plain(arc);
        }

        if (area is not null)
        {
            return Equipped(ArcInside(area), area);
        }

        tally.Warn("The file has no depot (an area with landuse=depot). The depot is put in the middle of the streets; set its place with --depot LAT,LON.");
        return Plain(NearestEnd(Middle(), _ => true).Arc);
    }

    private static Depot Plain(int arc) => new(DefaultName, arc, DefaultChargers, 1, 1, 1, DefaultChargers * ChargerKw);

    private Depot Equipped(int arc, MapArea area)
    {
        var (chargers, tips, washes, water) = (0, 0, 0, 0);
        foreach (var (place, tags) in TaggedPlaces())
        {
            if (tags["amenity"] is null && tags["man_made"] is null || !Rings.Contains(area.Rings[0].AsSpan(), place))
            {
                continue;
            }

            var places = int.TryParse(tags["capacity"], NumberStyles.None, CultureInfo.InvariantCulture, out var capacity) ? Math.Clamp(capacity, 1, 200) : 1;
            switch (tags["amenity"])
            {
                case "charging_station":
                    chargers += places;
                    break;
                case "waste_transfer_station":
                    tips += places;
                    break;
                case "vehicle_wash" or "car_wash":
                    washes += places;
                    break;
                case "water_point":
                    water += places;
                    break;
                case null when tags["man_made"] == "water_tap":
                    water += places;
                    break;
            }
        }

        chargers = chargers > 0 ? chargers : DefaultChargers;
        return new(area.Name.Length > 0 ? area.Name : DefaultName, arc, chargers, Math.Max(1, tips), Math.Max(1, washes), Math.Max(1, water), chargers * ChargerKw);
    }

    private IEnumerable<(GeoPoint, Tags)> TaggedPlaces()
    {
        foreach (var (node, tags) in data.TaggedNodes)
        {
            if (node >= 0)
            {
                yield return (data.Nodes.Position(node), tags);
            }
        }

        foreach (var way in data.Ways)
        {
            if (way.Tags.Has("amenity") && way.IsClosed && way.IsWhole)
            {
                yield return (Rings.Centroid(Rings.Points(data.Nodes, way.Nodes).AsSpan()), way.Tags);
            }
        }
    }

    // The street end nearest to the area's middle: on a service road inside it, else on any street inside, else anywhere.
    private int ArcInside(MapArea area)
    {
        var middle = network.Frame.ToMap(Rings.Centroid(area.Rings[0].AsSpan()));
        var inside = new bool[network.NodeCount];
        for (var node = 0; node < inside.Length; node++)
        {
            inside[node] = Rings.Contains(area.Rings[0].AsSpan(), network.Frame.ToGeo(network.NodePoint[node]));
        }

        var (service, _) = NearestEnd(middle, arc => inside[network.ArcHead[arc]] && network.SegmentClass[network.ArcSegment[arc]] == StreetClass.Service);
        if (service >= 0)
        {
            return service;
        }

        var (any, _) = NearestEnd(middle, arc => inside[network.ArcHead[arc]]);
        return any >= 0 ? any : NearestEnd(middle, _ => true).Arc;
    }

    private (int Arc, double DistanceM) NearestEnd(MapPoint point, Func<int, bool> wanted)
    {
        var (best, bestM) = (-1, double.PositiveInfinity);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            if (wanted(arc) && network.NodePoint[network.ArcHead[arc]].DistanceTo(point) is var distanceM && distanceM < bestM)
            {
                (best, bestM) = (arc, distanceM);
            }
        }

        return (best, bestM);
    }

    private MapPoint Middle()
    {
        var (x, y, lengthM) = (0.0, 0.0, 0.0);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var middle = network.NodePoint[network.ArcTail[arc]].Towards(network.NodePoint[network.ArcHead[arc]], 0.5);
            x += middle.X * network.ArcLengthM[arc];
            y += middle.Y * network.ArcLengthM[arc];
            lengthM += network.ArcLengthM[arc];
        }

        return lengthM > 0 ? new(x / lengthM, y / lengthM) : network.NodePoint[0];
    }

    private static string Format(GeoPoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.Lat:0.#####}, {point.Lon:0.#####}");
}
