using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;

namespace Kehrwerk.Streets;

/// <summary>A place on earth in degrees: ETRS89 in Europe, WGS 84 elsewhere (docs/link/geodesy.md says by how much they differ).</summary>
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

    /// <summary>Name of the reference system of latitude and longitude that belongs to it.</summary>
    public string GeographicName => Name.StartsWith("EPSG:258", StringComparison.Ordinal) ? "EPSG:4258" : "EPSG:4326";

    /// <summary>The frame for a city that lies around <paramref name="centre"/>.</summary>
    public static CityFrame Around(GeoPoint centre) =>
        new(Math.Clamp((int)Math.Floor((centre.Lon + 180) / 6) + 1, 1, 60), centre.Lat >= 0);

    public MapPoint ToMap(GeoPoint point)
    {
        var (x, y) = toMap.Transform(point.Lon, point.Lat);
        return new(x, y);
    }

    /// <summary>
    /// Meridian convergence: how far grid north lies clockwise of true north, radians; a direction by the compass is one by the grid
    /// plus this. Up to 2.5° at the border of a zone in Germany.
    /// </summary>
    public double ConvergenceRad(MapPoint point)
    {
        // Along the meridian through the point: far enough for the digits, near enough for the curve.
        const double halfDeg = 0.0005;
        var place = ToGeo(point);
        var (south, north) = (ToMap(new(place.Lat - halfDeg, place.Lon)), ToMap(new(place.Lat + halfDeg, place.Lon)));
        return -Math.Atan2(north.X - south.X, north.Y - south.Y);
    }

    /// <summary>Metres in this plane for a metre on the ellipsoid: 0.9996 in the middle of a zone, up to 1.0002 at its borders in Germany.</summary>
    public double ScaleAt(MapPoint point)
    {
        // GRS 80; to the fourth order of the distance from the middle meridian (Snyder, Map Projections, 1987, eq. 8-11).
        const double a = 6378137;
        const double e2 = 0.006694380022900788;
        const double k0 = 0.9996;
        var place = ToGeo(point);
        var sin2 = Math.Pow(Math.Sin(place.Lat * Math.PI / 180), 2);
        var radius2 = a * a * (1 - e2) / Math.Pow(1 - (e2 * sin2), 2);
        var q2 = Math.Pow((point.X - 500_000) / k0, 2) / radius2;
        return k0 * (1 + (q2 / 2) + (q2 * q2 / 24));
    }

    public GeoPoint ToGeo(MapPoint point)
    {
        var (lon, lat) = toGeo.Transform(point.X, point.Y);
        return new(lat, lon);
    }
}
