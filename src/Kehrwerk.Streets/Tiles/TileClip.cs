namespace Kehrwerk.Streets.Tiles;

/// <summary>Cuts lines and rings, given in the grid of a tile, at the tile's border with its buffer.</summary>
internal static class TileClip
{
    private const double Low = -TileFrame.Buffer;
    private const double High = TileFrame.Extent + TileFrame.Buffer;

    /// <summary>The pieces of a line within the border, each of two points or more (Liang and Barsky 1984).</summary>
    public static List<List<WorldPoint>> Line(ReadOnlySpan<WorldPoint> line)
    {
        var pieces = new List<List<WorldPoint>>();
        List<WorldPoint>? open = null;
        for (var i = 1; i < line.Length; i++)
        {
            var (from, to) = (line[i - 1], line[i]);
            var (enter, leave) = (0.0, 1.0);
            var inside = Narrow(from.X, to.X - from.X, ref enter, ref leave) && Narrow(from.Y, to.Y - from.Y, ref enter, ref leave);
            if (!inside)
            {
                open = null;
                continue;
            }

            if (open is null || enter > 0)
            {
                open = [Between(from, to, enter)];
                pieces.Add(open);
            }

            open.Add(Between(from, to, leave));
            if (leave < 1)
            {
                open = null;
            }
        }

        return pieces;
    }

    /// <summary>The part of a closed ring within the border, closed again; empty where there is none (Sutherland and Hodgman 1974).</summary>
    public static List<WorldPoint> Ring(WorldPoint[] ring)
    {
        List<WorldPoint> points = [.. ring];
        points = Cut(points, p => p.X - Low);
        points = Cut(points, p => High - p.X);
        points = Cut(points, p => p.Y - Low);
        return Cut(points, p => High - p.Y);
    }

    private static bool Narrow(double from, double delta, ref double enter, ref double leave)
    {
        if (delta == 0)
        {
            return from is >= Low and <= High;
        }

        var (first, second) = ((Low - from) / delta, (High - from) / delta);
        enter = Math.Max(enter, Math.Min(first, second));
        leave = Math.Min(leave, Math.Max(first, second));
        return enter <= leave;
    }

    private static List<WorldPoint> Cut(List<WorldPoint> ring, Func<WorldPoint, double> depth)
    {
        var kept = new List<WorldPoint>(ring.Count + 2);
        for (var i = 1; i < ring.Count; i++)
        {
            var (from, to) = (depth(ring[i - 1]), depth(ring[i]));
            if (from >= 0)
            {
                kept.Add(ring[i - 1]);
            }

            if (from >= 0 != to >= 0)
            {
                kept.Add(Between(ring[i - 1], ring[i], from / (from - to)));
            }
        }

        if (kept.Count > 0)
        {
            kept.Add(kept[0]);
        }

        return kept;
    }

    private static WorldPoint Between(WorldPoint from, WorldPoint to, double share) =>
        share switch { 0 => from, 1 => to, _ => new(from.X + ((to.X - from.X) * share), from.Y + ((to.Y - from.Y) * share)) };
}
