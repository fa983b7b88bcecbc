namespace Kehrwerk.Streets.Import;

/// <summary>Whether two sweepers fit beside each other on a street: the table of <c>docs/reference/import-rules.md</c>. In doubt they do not.</summary>
internal static class Passing
{
    // RAS-Q: room to move for a vehicle at up to 30 km/h. Once on each side and once between the two.
    private const double RoomM = 0.25;

    private const double ParkedM = 2;
    private const double ParkedAcrossM = 5;

    /// <param name="vehicleM">Width of the widest sweeper, metres.</param>
    public static bool IsNarrow(Tags tags, StreetClass streetClass, Directions directions, double vehicleM)
    {
        if ((WayMeasures.Metres(tags["width"]) ?? WayMeasures.Metres(tags["est_width"])) is >= 1 and <= 60 and var widthM)
        {
            return widthM - ParkingM(tags, streetClass) < (2 * vehicleM) + (3 * RoomM);
        }

        return WayMeasures.Lanes(tags) is { } lanes ? lanes < 2
            : streetClass >= StreetClass.Residential || directions != Directions.Both;
    }

    /// <summary>What parked cars take of the carriageway, metres. Where nothing is said they stand on one side of the streets where people live.</summary>
    private static double ParkingM(Tags tags, StreetClass streetClass)
    {
        var takenM = 0.0;
        var isSaid = false;
        foreach (var side in (ReadOnlySpan<string>)["left", "right"])
        {
            var place = tags[$"parking:{side}"] ?? tags["parking:both"];
            var lane = tags[$"parking:lane:{side}"] ?? tags["parking:lane:both"];
            var orientation = tags[$"parking:{side}:orientation"] ?? tags["parking:both:orientation"] ?? lane;
            isSaid |= place is not null || lane is not null;
            var vehicleM = orientation is "diagonal" or "perpendicular" ? ParkedAcrossM : ParkedM;
            takenM += (place ?? lane) switch
            {
                "lane" or "yes" or "shoulder" or "parallel" or "diagonal" or "perpendicular" or "marked" => vehicleM,
                "half_on_kerb" => vehicleM / 2,
                _ => 0,
            };
        }

        return isSaid || streetClass is not (StreetClass.Unclassified or StreetClass.Residential or StreetClass.LivingStreet) ? takenM : ParkedM;
    }
}
