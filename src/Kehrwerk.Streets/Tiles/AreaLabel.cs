using NetTopologySuite.Geometries;

namespace Kehrwerk.Streets.Tiles;

/// <summary>The one place at which an area's name is written; the tiles that its shape is cut into would each repeat it.</summary>
internal sealed record AreaLabel(string Name, AreaKind Kind, MapPoint At, double AreaM2)
{
    // A park in several pieces is named once, two parks of one name at the ends of the town each.
    private const double OncePerM = 1000;

    // Odd, so that one of the lines runs through the middle.
    private const int ScanLines = 15;

    /// <summary>The names of all areas but buildings, the largest area first.</summary>
    /// <param name="extentM">The part of the plane that is shown; of a river that runs on beyond it only the part within counts.</param>
    public static List<AreaLabel> Of(IEnumerable<MapArea> areas, CityFrame frame, Envelope extentM)
    {
        var labels = new List<AreaLabel>();
        var all = areas.Where(a => a.Name.Length > 0 && a.Kind != AreaKind.Building).Select(a => Of(a, frame, extentM)).OfType<AreaLabel>();
        foreach (var label in all.OrderByDescending(l => l.AreaM2))
        {
            if (!labels.Exists(l => l.Name == label.Name && l.Kind == label.Kind && l.At.DistanceTo(label.At) < OncePerM))
            {
                labels.Add(label);
            }
        }

        return labels;
    }

    /// <summary>
    /// In the middle of the longest of some level lines through the area, where a name has most room; lines near the middle are
    /// preferred. Null where the area lies outside what is shown.
    /// </summary>
    private static AreaLabel? Of(MapArea area, CityFrame frame, Envelope extentM)
    {
        var rings = area.Rings.Select(ring => ring.Select(frame.ToMap).ToArray()).ToArray();
        var outer = rings[0];
        var bottom = Math.Max(outer.Min(p => p.Y), extentM.MinY);
        var top = Math.Min(outer.Max(p => p.Y), extentM.MaxY);
        var best = (Score: 0.0, At: default(MapPoint));
        for (var i = 0; i < ScanLines; i++)
        {
            var share = (i + 0.5) / ScanLines;
            var y = bottom + (share * (top - bottom));
            var crossings = Crossings(rings, y);
            for (var c = 0; c + 1 < crossings.Count; c += 2)
            {
                var (left, right) = (Math.Max(crossings[c], extentM.MinX), Math.Min(crossings[c + 1], extentM.MaxX));
                var score = (right - left) * (1 - Math.Abs(share - 0.5));
                if (top > bottom && score > best.Score)
                {
                    best = (score, new((left + right) / 2, y));
                }
            }
        }

        return best.Score > 0 ? new(area.Name, area.Kind, best.At, AreaM2Of(outer)) : null;
    }

    /// <summary>Where a level line enters and leaves the area, from west to east; holes count as outside.</summary>
    private static List<double> Crossings(MapPoint[][] rings, double y)
    {
        var crossings = new List<double>();
        foreach (var ring in rings)
        {
            for (var i = 1; i < ring.Length; i++)
            {
                var (from, to) = (ring[i - 1], ring[i]);
                if (from.Y > y != to.Y > y)
                {
                    crossings.Add(from.X + ((y - from.Y) / (to.Y - from.Y) * (to.X - from.X)));
                }
            }
        }

        crossings.Sort();
        return crossings;
    }

    private static double AreaM2Of(MapPoint[] ring)
    {
        var doubledM2 = 0.0;
        for (var i = 1; i < ring.Length; i++)
        {
            // Relative to the first corner, so that the great numbers of the plane do not cost digits.
            doubledM2 += ((ring[i - 1].X - ring[0].X) * (ring[i].Y - ring[0].Y)) - ((ring[i].X - ring[0].X) * (ring[i - 1].Y - ring[0].Y));
        }

        return Math.Abs(doubledM2) / 2;
    }
}
