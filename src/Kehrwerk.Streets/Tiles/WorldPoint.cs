namespace Kehrwerk.Streets.Tiles;

/// <summary>A place on the square world map of web Mercator: 0 to 1 from west to east and from north to south.</summary>
internal readonly record struct WorldPoint(double X, double Y)
{
    // The map is a square, so it ends where its height equals its width.
    private const double GreatestLat = 85.0511287798066;

    public static WorldPoint Of(GeoPoint point)
    {
        var lat = Math.Clamp(point.Lat, -GreatestLat, GreatestLat) * Math.PI / 180;
        return new((point.Lon + 180) / 360, 0.5 - (Math.Asinh(Math.Tan(lat)) / (2 * Math.PI)));
    }

    public static WorldPoint[] Of(CityFrame frame, ReadOnlySpan<MapPoint> line)
    {
        var world = new WorldPoint[line.Length];
        for (var i = 0; i < line.Length; i++)
        {
            world[i] = Of(frame.ToGeo(line[i]));
        }

        return world;
    }
}
