using System.Collections.Immutable;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.World;

/// <summary>The walls of buildings, in square cells. They hide whatever is behind them, and the sky. Immutable.</summary>
internal sealed class Walls
{
    private const double CellM = 40;

    private readonly double[] ax, ay, bx, by;
    private readonly Dictionary<(int X, int Y), int[]> cells = [];

    public Walls(ImmutableArray<ImmutableArray<MapPoint>> rings)
    {
        var edges = new List<(MapPoint A, MapPoint B)>();
        foreach (var ring in rings)
        {
            for (var i = 1; i < ring.Length; i++)
            {
                edges.Add((ring[i - 1], ring[i]));
            }
        }

        (ax, ay) = ([.. edges.Select(edge => edge.A.X)], [.. edges.Select(edge => edge.A.Y)]);
        (bx, by) = ([.. edges.Select(edge => edge.B.X)], [.. edges.Select(edge => edge.B.Y)]);
        foreach (var cell in edges.Index().SelectMany(edge => Cells(edge.Item.A, edge.Item.B).Select(cell => (cell, edge.Index))).GroupBy(pair => pair.cell, pair => pair.Index))
        {
            cells[cell.Key] = [.. cell];
        }
    }

    /// <summary>
    /// How far one sees from a point in each direction, metres: <paramref name="depthM"/> holds as many rays as it is long, the first to the
    /// east, on counter-clockwise. Rays that meet no wall are left as they are.
    /// </summary>
    public void Look(double x, double y, double rangeM, Span<float> depthM)
    {
        for (var cx = Cell(x - rangeM); cx <= Cell(x + rangeM); cx++)
        {
            for (var cy = Cell(y - rangeM); cy <= Cell(y + rangeM); cy++)
            {
                if (!cells.TryGetValue((cx, cy), out var here))
                {
                    continue;
                }

                foreach (var edge in here)
                {
                    Look(ax[edge] - x, ay[edge] - y, bx[edge] - x, by[edge] - y, depthM);
                }
            }
        }
    }

    private static void Look(double ax, double ay, double bx, double by, Span<float> depthM)
    {
        var rays = depthM.Length;
        var (from, turn) = (Math.Atan2(ay, ax), Math.Atan2((ax * by) - (ay * bx), (ax * bx) + (ay * by)));
        if (turn < 0)
        {
            (from, turn) = (from + turn, -turn);
        }

        // The ray at angle t meets the line at distance cross / (direction × line).
        var cross = (ax * by) - (ay * bx);
        var (dx, dy) = (bx - ax, by - ay);
        var first = (int)Math.Ceiling(from * rays / (2 * Math.PI));
        var last = (int)Math.Floor((from + turn) * rays / (2 * Math.PI));
        for (var k = first; k <= last; k++)
        {
            var (sin, cos) = Math.SinCos(k * 2 * Math.PI / rays);
            var across = (cos * dy) - (sin * dx);
            if (Math.Abs(across) > 1e-9)
            {
                ref var depth = ref depthM[((k % rays) + rays) % rays];
                depth = Math.Min(depth, (float)Math.Abs(cross / across));
            }
        }
    }

    private static IEnumerable<(int X, int Y)> Cells(MapPoint a, MapPoint b)
    {
        for (var x = Cell(Math.Min(a.X, b.X)); x <= Cell(Math.Max(a.X, b.X)); x++)
        {
            for (var y = Cell(Math.Min(a.Y, b.Y)); y <= Cell(Math.Max(a.Y, b.Y)); y++)
            {
                yield return (x, y);
            }
        }
    }

    private static int Cell(double metres) => (int)Math.Floor(metres / CellM);
}
