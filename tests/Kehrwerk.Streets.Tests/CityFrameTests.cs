using Xunit;

namespace Kehrwerk.Streets.Tests;

/// <summary>The plane of a city against published points, and against itself.</summary>
public sealed class CityFrameTests
{
    // Lantmäteriet, "Kontrollpunkter för SWEREF 99 TM", 2007-11-20. SWEREF 99 is Sweden's ETRS89, and SWEREF 99 TM is UTM zone 33 by
    // its parameters; only points within the zone's own six degrees are taken.
    public static TheoryData<double, double, double, double> ControlPoints => new()
    {
        { 55, 12.75, 6097106.672, 356083.438 },
        { 55, 14.25, 6095048.642, 452024.069 },
        { 57, 12.75, 6319636.937, 363331.554 },
        { 61, 12.75, 6764877.311, 378323.440 },
    };

    [Theory]
    [MemberData(nameof(ControlPoints))]
    public void Published_control_points_come_out_to_the_millimetre_and_back(double lat, double lon, double northing, double easting)
    {
        var frame = CityFrame.Around(new(lat, lon));
        Assert.Equal("EPSG:25833", frame.Name);
        AssertAt(frame, new(lat, lon), northing, easting);
    }

    [Theory]
    [MemberData(nameof(ControlPoints))]
    public void The_zone_of_most_of_Germany_is_the_same_plane_six_degrees_to_the_west(double lat, double lon, double northing, double easting)
    {
        // A transverse Mercator plane depends only on the distance from its middle meridian: 9° in zone 32, 15° in zone 33.
        var frame = CityFrame.Around(new(lat, lon - 6));
        Assert.Equal("EPSG:25832", frame.Name);
        AssertAt(frame, new(lat, lon - 6), northing, easting);
    }

    [Theory]
    [InlineData(51.43, 6.76, "EPSG:25832", "EPSG:4258")]
    [InlineData(52.52, 13.40, "EPSG:25833", "EPSG:4258")]
    [InlineData(40.71, -74.0, "EPSG:32618", "EPSG:4326")]
    [InlineData(-33.87, 151.2, "EPSG:32756", "EPSG:4326")]
    public void The_frame_is_named_by_where_the_city_lies(double lat, double lon, string name, string geographic)
    {
        var frame = CityFrame.Around(new(lat, lon));
        Assert.Equal((name, geographic), (frame.Name, frame.GeographicName));
    }

    [Theory]
    [InlineData(51.43, 6.76)]
    [InlineData(51.43, 9)]
    [InlineData(54.8, 11.9)]
    [InlineData(47.6, 6.1)]
    public void Convergence_and_scale_are_those_of_the_plane_itself(double lat, double lon)
    {
        var frame = CityFrame.Around(new(lat, lon));
        // A piece of the meridian of 0.001°: its length on GRS 80 by the radius of curvature, its direction by the plane.
        const double halfDeg = 0.0005;
        var (a, e2) = (6378137.0, 0.006694380022900788);
        var sin = Math.Sin(lat * Math.PI / 180);
        var radiusM = a * (1 - e2) / Math.Pow(1 - (e2 * sin * sin), 1.5);
        var (south, north) = (frame.ToMap(new(lat - halfDeg, lon)), frame.ToMap(new(lat + halfDeg, lon)));
        var middle = frame.ToMap(new(lat, lon));

        Assert.Equal(south.DistanceTo(north) / (radiusM * 2 * halfDeg * Math.PI / 180), frame.ScaleAt(middle), 1e-7);
        Assert.Equal(-Math.Atan2(north.X - south.X, north.Y - south.Y), frame.ConvergenceRad(middle), 1e-6);
        Assert.Equal((lon - 9) * sin, frame.ConvergenceRad(middle) * 180 / Math.PI, 0.01);
    }

    private static void AssertAt(CityFrame frame, GeoPoint place, double northing, double easting)
    {
        var point = frame.ToMap(place);
        Assert.Equal(northing, point.Y, 0.001);
        Assert.Equal(easting, point.X, 0.001);
        var back = frame.ToGeo(new(easting, northing));
        // A hundred-millionth of a degree is about a millimetre.
        Assert.Equal(place.Lat, back.Lat, 1.5e-8);
        Assert.Equal(place.Lon, back.Lon, 2.5e-8);
    }
}
