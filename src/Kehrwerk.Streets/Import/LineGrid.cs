namespace Kehrwerk.Streets.Import;

/// <summary>Where a point is nearest to a line.</summary>
/// <param name="Owner">Whose line it is.</param>
/// <param name="From">Start of the piece of line that was hit, as it was added.</param>
internal readonly record struct LineHit(int Owner, double DistanceM, MapPoint From, MapPoint To)
{
    /// <summary>Whether a point lies on the right of the piece, seen along it.</summary>
    public bool IsOnRight(MapPoint point) => ((To.X - From.X) * (point.Y - From.Y)) - ((To.Y - From.Y) * (point.X - From.X)) < 0;

    public double HeadingRad => Math.Atan2(To.Y - From.Y, To.X - From.X);
}

/// <summary>Lines in a grid of square cells, to find what is near a point. Pieces longer than a cell are cut, so that each lies in few cells.</summary>
internal sealed class LineGrid
{
    private const double CellM = 80;
    private readonly Dictionary<(int X, int Y), List<int>> cells = [];
    private readonly List<(MapPoint From, MapPoint To, int Owner)> pieces = [];

    public void Add(int owner, ReadOnlySpan<MapPoint> line)
    {
        for (var i = 1; i < line.Length; i++)
        {
            var parts = Math.Max(1, (int)Math.Ceiling(line[i - 1].DistanceTo(line[i]) / CellM));
            for (var part = 0; part < parts; part++)
            {
                Add(owner, line[i - 1].Towards(line[i], (double)part / parts), line[i - 1].Towards(line[i], (part + 1.0) / parts));
            }
        }
    }

    /// <summary>The nearest line within <paramref name="radiusM"/> whose owner is wanted; of equals the lowest owner.</summary>
    public LineHit? Nearest(MapPoint point, double radiusM, Func<LineHit, bool> wanted)
    {
        LineHit? best = null;
        for (var x = Cell(point.X - radiusM); x <= Cell(point.X + radiusM); x++)
        {
            for (var y = Cell(point.Y - radiusM); y <= Cell(point.Y + radiusM); y++)
            {
                if (!cells.TryGetValue((x, y), out var here))
                {
                    continue;
                }

                foreach (var index in here)
                {
                    var (from, to, owner) = pieces[index];
                    var distanceM = DistanceM(point, from, to);
                    if (distanceM <= radiusM
                        && (best is not { } b || distanceM < b.DistanceM || (distanceM == b.DistanceM && owner < b.Owner))
                        && new LineHit(owner, distanceM, from, to) is var hit && wanted(hit))
                    {
                        best = hit;
                    }
                }
            }
        }

        return best;
    }

    private void Add(int owner, MapPoint from, MapPoint to)
    {
        pieces.Add((from, to, owner));
        for (var x = Cell(Math.Min(from.X, to.X)); x <= Cell(Math.Max(from.X, to.X)); x++)
        {
            for (var y = Cell(Math.Min(from.Y, to.Y)); y <= Cell(Math.Max(from.Y, to.Y)); y++)
            {
                if (!cells.TryGetValue((x, y), out var here))
                {
                    cells.Add((x, y), here = []);
                }

                here.Add(pieces.Count - 1);
            }
        }
    }

    private static int Cell(double metres) => (int)Math.Floor(metres / CellM);

    private static double DistanceM(MapPoint point, MapPoint from, MapPoint to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squared = (dx * dx) + (dy * dy);
        var share = squared == 0 ? 0 : Math.Clamp((((point.X - from.X) * dx) + ((point.Y - from.Y) * dy)) / squared, 0, 1);
        return point.DistanceTo(from.Towards(to, share));
    }
}
