namespace Kehrwerk.Streets.Demo;

/// <summary>Plane geometry of the town plan: polygons are rings without a repeated last point.</summary>
internal static class Shapes
{
    /// <summary>Where segments a–b and c–d meet, as fractions of both; null where they do not or are parallel.</summary>
    public static (double OnFirst, double OnSecond)? Crossing(PlanPoint a, PlanPoint b, PlanPoint c, PlanPoint d)
    {
        var r = b - a;
        var s = d - c;
        var cross = r.Cross(s);
        if (Math.Abs(cross) < 1e-9)
            return null;
        var t = (c - a).Cross(s) / cross;
        var u = (c - a).Cross(r) / cross;
        return t is >= 0 and <= 1 && u is >= 0 and <= 1 ? (t, u) : null;
    }

    public static double DistanceToSegmentM(PlanPoint p, PlanPoint a, PlanPoint b)
    {
        var along = b - a;
        var lengthSquared = along.Dot(along);
        var t = lengthSquared > 0 ? Math.Clamp((p - a).Dot(along) / lengthSquared, 0, 1) : 0;
        return p.DistanceTo(a + along * t);
    }

    /// <summary>Signed area in m², positive for a ring that runs anticlockwise.</summary>
    public static double AreaM2(IReadOnlyList<PlanPoint> ring)
    {
        double sum = 0;
        for (var i = 0; i < ring.Count; i++)
            sum += ring[i].Cross(ring[(i + 1) % ring.Count]);
        return sum / 2;
    }

    public static PlanPoint Centroid(IReadOnlyList<PlanPoint> ring)
    {
        double x = 0, y = 0, twiceArea = 0;
        var origin = ring[0];
        for (var i = 0; i < ring.Count; i++)
        {
            var (a, b) = (ring[i] - origin, ring[(i + 1) % ring.Count] - origin);
            var cross = a.Cross(b);
            (x, y, twiceArea) = (x + (a.X + b.X) * cross, y + (a.Y + b.Y) * cross, twiceArea + cross);
        }
        return Math.Abs(twiceArea) < 1e-6 ? origin : origin + new PlanPoint(x, y) * (1 / (3 * twiceArea));
    }

    public static double PerimeterM(IReadOnlyList<PlanPoint> ring)
    {
        double sum = 0;
        for (var i = 0; i < ring.Count; i++)
            sum += ring[i].DistanceTo(ring[(i + 1) % ring.Count]);
        return sum;
    }

    public static bool Contains(IReadOnlyList<PlanPoint> ring, PlanPoint p)
    {
        var inside = false;
        for (int i = 0, j = ring.Count - 1; i < ring.Count; j = i++)
        {
            var (a, b) = (ring[i], ring[j]);
            if (a.Y > p.Y != b.Y > p.Y && p.X < (b.X - a.X) * (p.Y - a.Y) / (b.Y - a.Y) + a.X)
                inside = !inside;
        }
        return inside;
    }

    /// <summary>Rounds the corners of a closed ring by cutting them (Chaikin 1974).</summary>
    public static List<PlanPoint> Rounded(IReadOnlyList<PlanPoint> ring, int rounds)
    {
        var points = ring.ToList();
        for (var round = 0; round < rounds; round++)
        {
            List<PlanPoint> next = new(points.Count * 2);
            for (var i = 0; i < points.Count; i++)
            {
                var (a, b) = (points[i], points[(i + 1) % points.Count]);
                next.Add(a * 0.75 + b * 0.25);
                next.Add(a * 0.25 + b * 0.75);
            }
            points = next;
        }
        return points;
    }

    /// <summary>Points of a curve from 0 to 1, about <paramref name="stepM"/> apart, both ends included.</summary>
    public static List<PlanPoint> Sampled(Func<double, PlanPoint> curve, double stepM)
    {
        double lengthM = 0;
        for (var i = 0; i < 64; i++)
            lengthM += curve(i / 64.0).DistanceTo(curve((i + 1) / 64.0));
        var steps = Math.Max(1, (int)Math.Round(lengthM / stepM));
        return [.. Enumerable.Range(0, steps + 1).Select(i => curve((double)i / steps))];
    }

    /// <summary>The box of least area around a ring: its centre, its long direction and half of its long and short extent.</summary>
    public static (PlanPoint Centre, PlanPoint Along, double HalfLengthM, double HalfWidthM) Box(IReadOnlyList<PlanPoint> ring)
    {
        (PlanPoint, PlanPoint, double, double) best = default;
        var bestArea = double.MaxValue;
        for (var i = 0; i < ring.Count; i++)
        {
            var side = ring[(i + 1) % ring.Count] - ring[i];
            if (side.LengthM < 4)
                continue;
            var u = side.Unit;
            double minU = double.MaxValue, maxU = double.MinValue, minV = double.MaxValue, maxV = double.MinValue;
            foreach (var p in ring)
            {
                var (pu, pv) = (p.Dot(u), p.Dot(u.Left));
                (minU, maxU) = (Math.Min(minU, pu), Math.Max(maxU, pu));
                (minV, maxV) = (Math.Min(minV, pv), Math.Max(maxV, pv));
            }
            var area = (maxU - minU) * (maxV - minV);
            if (area >= bestArea)
                continue;
            bestArea = area;
            var centre = u * ((minU + maxU) / 2) + u.Left * ((minV + maxV) / 2);
            best = maxU - minU >= maxV - minV
                ? (centre, u, (maxU - minU) / 2, (maxV - minV) / 2)
                : (centre, u.Left, (maxV - minV) / 2, (maxU - minU) / 2);
        }
        return best;
    }
}
