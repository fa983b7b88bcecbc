using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;

namespace Kehrwerk.Streets;

/// <summary>A place on earth in degrees (WGS 84, taken as equal to ETRS89: they differ by less than a metre).</summary>
public readonly record struct GeoPoint(double Lat, double Lon);

/// <summary>A place in a city's plane: metres east and north in its <see cref="CityFrame"/>.</summary>
public readonly record struct MapPoint(double X, double Y)
{
    public double DistanceTo(MapPoint other) => Math.Sqrt(((X - other.X) * (X - other.X)) + ((Y - other.Y) * (Y - other.Y)));

    /// <summary>The point at <paramref name="share"/> (0–1) of the way to <paramref name="other"/>.</summary>
    public MapPoint Towards(MapPoint other, double share) => new(X + ((other.X - X) * share), Y + ((other.Y - Y) * share));

    /// <summary>Length of a line through these points, metres.</summary>
    public static double LengthM(ReadOnlySpan<MapPoint> line)
    {
        var lengthM = 0.0;
        for (var i = 1; i < line.Length; i++)
        {
            lengthM += line[i - 1].DistanceTo(line[i]);
        }

        return lengthM;
    }
}

/// <summary>
/// The metric plane of a city: the UTM zone of its centre, so EPSG:25832 in most of Germany.
/// Lengths in it are true to 0.04 %. One frame is used for map, plan and link alike. Not thread-safe to create, safe to use.
/// </summary>
public sealed class CityFrame
{
    private readonly MathTransform toMap;
    private readonly MathTransform toGeo;

    private CityFrame(int zone, bool north)
    {
        Zone = zone;
        // ETRS89 has zones for Europe only; elsewhere it is WGS 84.
        Name = north ? zone is >= 28 and <= 38 ? $"EPSG:258{zone:00}" : $"EPSG:326{zone:00}" : $"EPSG:327{zone:00}";
        var utm = ProjectedCoordinateSystem.WGS84_UTM(zone, north);
        var factory = new CoordinateTransformationFactory();
        toMap = factory.CreateFromCoordinateSystems(GeographicCoordinateSystem.WGS84, utm).MathTransform;
        toGeo = factory.CreateFromCoordinateSystems(utm, GeographicCoordinateSystem.WGS84).MathTransform;
    }

    /// <summary>Number of the UTM zone, 1–60.</summary>
    public int Zone { get; }

    /// <summary>Name of the reference system as it is declared on the wire, e.g. <c>EPSG:25832</c> (ETRS89 / UTM zone 32N).</summary>
    public string Name { get; }

    /// <summary>The frame for a city that lies around <paramref name="centre"/>.</summary>
    public static CityFrame Around(GeoPoint centre) =>
        new(Math.Clamp((int)Math.Floor((centre.Lon + 180) / 6) + 1, 1, 60), centre.Lat >= 0);

    public MapPoint ToMap(GeoPoint point)
    {
        var (x, y) = toMap.Transform(point.Lon, point.Lat);
        return new(x, y);
    }

    public GeoPoint ToGeo(MapPoint point)
    {
        var (lon, lat) = toGeo.Transform(point.X, point.Y);
        return new(lat, lon);
    }
}
