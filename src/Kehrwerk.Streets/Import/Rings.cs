using System.Collections.Immutable;

namespace Kehrwerk.Streets.Import;

/// <summary>Closed rings of node indices, and the plane geometry on them (in degrees: good enough for inside and centroid within a city).</summary>
internal static class Rings
{
    /// <summary>Joins ways end to end into closed rings. Null where a node is missing or an end stays open.</summary>
    public static List<int[]>? Assemble(IReadOnlyList<OsmWay> ways)
    {
        var rings = new List<int[]>();
        var byEnd = new Dictionary<int, List<int>>();
        for (var i = 0; i < ways.Count; i++)
        {
            if (!ways[i].IsWhole || ways[i].Nodes.Length < 2)
            {
                return null;
            }

            if (ways[i].Nodes[0] == ways[i].Nodes[^1])
            {
                if (ways[i].Nodes.Length < 4)
                {
                    return null;
                }

                rings.Add(ways[i].Nodes);
                continue;
            }

            foreach (var end in new[] { ways[i].Nodes[0], ways[i].Nodes[^1] })
            {
                if (!byEnd.TryGetValue(end, out var here))
                {
                    byEnd.Add(end, here = []);
                }

                here.Add(i);
            }
        }

        var used = new bool[ways.Count];
        for (var i = 0; i < ways.Count; i++)
        {
            if (used[i] || ways[i].Nodes[0] == ways[i].Nodes[^1])
            {
                continue;
            }

            var ring = new List<int>(ways[i].Nodes);
            used[i] = true;
            while (ring[^1] != ring[0])
            {
                var next = byEnd[ring[^1]].FindIndex(w => !used[w]) is >= 0 and var at ? byEnd[ring[^1]][at] : -1;
                if (next < 0)
                {
                    return null;
                }

                used[next] = true;
                var nodes = ways[next].Nodes;
                ring.AddRange(nodes[0] == ring[^1] ? nodes.Skip(1) : nodes.Reverse().Skip(1));
            }

            if (ring.Count < 4)
            {
                return null;
            }

            rings.Add([.. ring]);
        }

        return rings;
    }

    /// <summary>Whether a point lies inside a closed ring (even–odd rule).</summary>
    public static bool Contains(ReadOnlySpan<GeoPoint> ring, GeoPoint point)
    {
        var inside = false;
        for (var i = 1; i < ring.Length; i++)
        {
            var (a, b) = (ring[i - 1], ring[i]);
            if (a.Lat > point.Lat != b.Lat > point.Lat && point.Lon < a.Lon + ((point.Lat - a.Lat) / (b.Lat - a.Lat) * (b.Lon - a.Lon)))
            {
                inside = !inside;
            }
        }

        return inside;
    }

    /// <summary>Centroid of the ring's area; the mean of its corners where it has none.</summary>
    public static GeoPoint Centroid(ReadOnlySpan<GeoPoint> ring)
    {
        var (origin, twiceArea, lat, lon) = (ring[0], 0.0, 0.0, 0.0);
        var (meanLat, meanLon) = (0.0, 0.0);
        for (var i = 1; i < ring.Length; i++)
        {
            var (ax, ay, bx, by) = (ring[i - 1].Lon - origin.Lon, ring[i - 1].Lat - origin.Lat, ring[i].Lon - origin.Lon, ring[i].Lat - origin.Lat);
            var cross = (ax * by) - (bx * ay);
            twiceArea += cross;
            lon += (ax + bx) * cross;
            lat += (ay + by) * cross;
            (meanLat, meanLon) = (meanLat + by, meanLon + bx);
        }

        return Math.Abs(twiceArea) > 1e-12
            ? new(origin.Lat + (lat / (3 * twiceArea)), origin.Lon + (lon / (3 * twiceArea)))
            : new(origin.Lat + (meanLat / (ring.Length - 1)), origin.Lon + (meanLon / (ring.Length - 1)));
    }

    public static ImmutableArray<GeoPoint> Points(OsmNodes nodes, int[] ring) => [.. ring.Select(nodes.Position)];
}
