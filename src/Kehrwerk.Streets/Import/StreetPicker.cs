namespace Kehrwerk.Streets.Import;

/// <summary>Picks the ways that are streets for a sweeper and counts the others by reason.</summary>
internal sealed class StreetPicker(OsmData data, VehicleLimits vehicle, IReadOnlyList<MapArea> areas, ImportTally tally)
{
    private readonly MapArea[] depots = [.. areas.Where(a => a.Kind == AreaKind.Depot)];

    public List<(OsmWay Way, StreetFacts Facts)> Pick()
    {
        var streets = new List<(OsmWay, StreetFacts)>();
        foreach (var way in data.Ways)
        {
            var (facts, reason) = WayRules.Judge(way.Tags, vehicle);
            if (reason is not null && WayRules.IsYardReason(reason) && LiesInDepot(way))
            {
                facts = WayRules.JudgeYard(way.Tags, vehicle);
            }

            if (facts is not null)
            {
                streets.Add((way, facts));
                tally.Take("ways taken as streets", lengthM: data.LengthM(way));
            }
            else if (reason is not null)
            {
                tally.LeaveOut(reason, lengthM: data.LengthM(way));
            }
        }

        return streets;
    }

    /// <summary>The middle of the streets: the median of their nodes, so that a stray node moves nothing.</summary>
    public static GeoPoint Centre(OsmData data, IReadOnlyList<(OsmWay Way, StreetFacts Facts)> streets)
    {
        var places = streets.SelectMany(s => s.Way.Nodes).Where(n => n >= 0).Select(data.Nodes.Position).ToArray();
        return places.Length == 0 ? default : new(Median(Array.ConvertAll(places, p => p.Lat)), Median(Array.ConvertAll(places, p => p.Lon)));
    }

    private bool LiesInDepot(OsmWay way) =>
        Array.Exists(depots, depot => Array.Exists(way.Nodes, n => n >= 0 && Rings.Contains(depot.Rings[0].AsSpan(), data.Nodes.Position(n))));

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
