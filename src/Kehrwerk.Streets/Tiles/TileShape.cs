using NetTopologySuite.Simplify;

namespace Kehrwerk.Streets.Tiles;

/// <summary>What a shape is; the numbers are those of the tile format.</summary>
internal enum ShapeKind { Point = 1, Line = 2, Area = 3 }

/// <summary>
/// One thing on the map: a point, a line, or the rings of an area (outer ring first; each ends where it begins).
/// </summary>
/// <param name="MinZoom">The smallest zoom at which it is shown.</param>
internal sealed record TileShape(ShapeKind Kind, WorldPoint[][] Parts, int MinZoom)
{
    /// <summary>The parts of the shape that lie in the tile, in its grid; none where it lies outside or is too small to be seen.</summary>
    public List<GridPoint[]> In(TileFrame tile)
    {
        var parts = new List<GridPoint[]>();
        foreach (var part in Parts)
        {
            var points = Array.ConvertAll(part, tile.Place);
            switch (Kind)
            {
                case ShapeKind.Point:
                    // A point on the common border of two tiles belongs to one of them only.
                    if (points[0] is { X: >= 0 and < TileFrame.Extent, Y: >= 0 and < TileFrame.Extent })
                    {
                        parts.Add([GridPoint.Round(points[0])]);
                    }

                    break;
                case ShapeKind.Line:
                    foreach (var piece in TileClip.Line(points))
                    {
                        if (OnGrid(piece, tile) is { Length: >= 2 } line)
                        {
                            parts.Add(line);
                        }
                    }

                    break;
                default:
                    var isOuter = ReferenceEquals(part, Parts[0]);
                    var ring = OnGrid(TileClip.Ring(points), tile);
                    var area = GridPoint.DoubledArea(ring);
                    if (Math.Abs(area) < tile.LeastDoubledArea)
                    {
                        if (isOuter)
                        {
                            return [];
                        }

                        break;
                    }

                    // The format wants outer rings clockwise on the screen and holes the other way round.
                    if (area > 0 != isOuter)
                    {
                        Array.Reverse(ring);
                    }

                    parts.Add(ring[..^1]);
                    break;
            }
        }

        return parts;
    }

    private static GridPoint[] OnGrid(List<WorldPoint> points, TileFrame tile)
    {
        if (tile.Tolerance > 0 && points.Count > 2)
        {
            var line = points.ConvertAll(p => new NetTopologySuite.Geometries.Coordinate(p.X, p.Y)).ToArray();
            points = [.. DouglasPeuckerLineSimplifier.Simplify(line, tile.Tolerance).Select(c => new WorldPoint(c.X, c.Y))];
        }

        var grid = new List<GridPoint>(points.Count);
        foreach (var point in points)
        {
            var rounded = GridPoint.Round(point);
            if (grid.Count == 0 || grid[^1] != rounded)
            {
                grid.Add(rounded);
            }
        }

        return [.. grid];
    }
}

/// <summary>A place in the grid of a tile, from its north-western corner.</summary>
internal readonly record struct GridPoint(int X, int Y)
{
    public static GridPoint Round(WorldPoint point) => new((int)Math.Round(point.X), (int)Math.Round(point.Y));

    /// <summary>Twice the area of a closed ring, positive where it runs clockwise on the screen.</summary>
    public static long DoubledArea(ReadOnlySpan<GridPoint> ring)
    {
        var doubled = 0L;
        for (var i = 1; i < ring.Length; i++)
        {
            doubled += ((long)ring[i - 1].X * ring[i].Y) - ((long)ring[i].X * ring[i - 1].Y);
        }

        return doubled;
    }
}

/// <summary>Where a tile lies and how finely it is drawn.</summary>
internal readonly record struct TileFrame(int Zoom, int X, int Y)
{
    /// <summary>Grid steps along each side of a tile; a map draws a tile about 512 pixels wide.</summary>
    public const int Extent = 4096;

    /// <summary>Grid steps beyond each side up to which shapes go on, so that lines meet without a seam.</summary>
    public const int Buffer = 64;

    /// <summary>Grid steps by which a line may be off, half a pixel; none at the greatest zoom, which is enlarged further.</summary>
    public double Tolerance => Zoom < CityTiles.MaxZoom ? 4 : 0;

    /// <summary>Areas below two pixels by two are left out.</summary>
    public long LeastDoubledArea => Zoom < CityTiles.MaxZoom ? 2 * 16 * 16 : 1;

    public WorldPoint Place(WorldPoint world)
    {
        var tiles = 1 << Zoom;
        return new(((world.X * tiles) - X) * Extent, ((world.Y * tiles) - Y) * Extent);
    }

    /// <summary>The part of the world that the tile shows, its buffer included.</summary>
    public NetTopologySuite.Geometries.Envelope Bounds
    {
        get
        {
            var tiles = (double)(1 << Zoom);
            var buffer = (double)Buffer / Extent;
            return new((X - buffer) / tiles, (X + 1 + buffer) / tiles, (Y - buffer) / tiles, (Y + 1 + buffer) / tiles);
        }
    }
}
