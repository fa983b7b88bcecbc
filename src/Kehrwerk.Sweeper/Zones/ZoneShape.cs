using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Zones;

/// <summary>The outline of the vehicle on the map: a rectangle around its reference point, metres and radians.</summary>
internal readonly record struct Footprint(MapPoint Centre, double HeadingRad, double HalfLengthM, double HalfWidthM)
{
    public MapPoint[] Corners()
    {
        var (c, s) = (Math.Cos(HeadingRad), Math.Sin(HeadingRad));
        return [At(1, 1, this), At(-1, 1, this), At(-1, -1, this), At(1, -1, this)];

        MapPoint At(int ahead, int left, in Footprint f)
        {
            var (x, y) = (ahead * f.HalfLengthM, left * f.HalfWidthM);
            return new(f.Centre.X + (x * c) - (y * s), f.Centre.Y + (x * s) + (y * c));
        }
    }

    public bool Contains(MapPoint point)
    {
        var (dx, dy) = (point.X - Centre.X, point.Y - Centre.Y);
        var (c, s) = (Math.Cos(HeadingRad), Math.Sin(HeadingRad));
        return Math.Abs((dx * c) + (dy * s)) <= HalfLengthM && Math.Abs((dy * c) - (dx * s)) <= HalfWidthM;
    }
}

/// <summary>A zone with its polygon ready for questions. Immutable.</summary>
internal sealed class ZoneShape
{
    /// <summary>The farthest vertex from the origin of the map, metres along either axis: no projected coordinate of the Earth is larger.</summary>
    public const double MaxCoordinateM = 1e7;

    private readonly MapPoint[] corners;
    private readonly MapPoint low;
    private readonly MapPoint high;

    public ZoneShape(Zone zone, string zoneSetId)
    {
        (Zone, ZoneSetId) = (zone, zoneSetId);
        corners = [.. zone.Vertices.Select(vertex => new MapPoint(vertex.X, vertex.Y))];
        low = new(corners.Min(corner => corner.X), corners.Min(corner => corner.Y));
        high = new(corners.Max(corner => corner.X), corners.Max(corner => corner.Y));
    }

    public Zone Zone { get; }
    public string ZoneSetId { get; }

    /// <summary>Whether anything within <paramref name="byM"/> of a box can touch the zone; false is certain.</summary>
    public bool MayTouch(MapPoint boxLow, MapPoint boxHigh, double byM) =>
        boxLow.X - byM <= high.X && boxHigh.X + byM >= low.X && boxLow.Y - byM <= high.Y && boxHigh.Y + byM >= low.Y;

    public bool Contains(MapPoint point)
    {
        var isInside = false;
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            var (a, b) = (corners[i], corners[j]);
            if ((a.Y > point.Y) != (b.Y > point.Y) && point.X < ((b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y)) + a.X)
            {
                isInside = !isInside;
            }
        }

        return isInside;
    }

    /// <summary>Whether any part of the vehicle is within the zone.</summary>
    public bool Touches(in Footprint vehicle)
    {
        var outline = vehicle.Corners();
        foreach (var corner in outline)
        {
            if (Contains(corner))
            {
                return true;
            }
        }

        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            if (vehicle.Contains(corners[i]))
            {
                return true;
            }

            for (int k = 0, l = 3; k < 4; l = k++)
            {
                if (Cross(corners[j], corners[i], outline[l], outline[k]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Says what is wrong with a polygon: fewer than three vertices, one beyond any map, or lines that cross (7.6); null if it is good.</summary>
    public static string? Fault(Zone zone)
    {
        var points = zone.Vertices.Select(vertex => new MapPoint(vertex.X, vertex.Y)).ToArray();
        var n = points.Length;
        if (n < 3)
        {
            return "it has fewer than three vertices";
        }

        if (!points.All(point => Math.Abs(point.X) <= MaxCoordinateM && Math.Abs(point.Y) <= MaxCoordinateM))
        {
            return "a vertex is farther than 10,000 km from the origin of the map";
        }

        for (var i = 0; i < n; i++)
        {
            for (var k = i + 2; k < n; k++)
            {
                // The first and the last line meet in a vertex, as neighbours do.
                if ((i > 0 || k < n - 1) && Cross(points[i], points[(i + 1) % n], points[k], points[(k + 1) % n]))
                {
                    return "its lines cross each other";
                }
            }
        }

        return null;
    }

    private static bool Cross(MapPoint a, MapPoint b, MapPoint c, MapPoint d) =>
        Side(a, b, c) * Side(a, b, d) < 0 && Side(c, d, a) * Side(c, d, b) < 0;

    private static int Side(MapPoint a, MapPoint b, MapPoint p)
    {
        var turn = ((b.X - a.X) * (p.Y - a.Y)) - ((b.Y - a.Y) * (p.X - a.X));
        return turn > 0 ? 1 : turn < 0 ? -1 : 0;
    }
}
