namespace Kehrwerk.Streets;

/// <summary>A place on an arc.</summary>
/// <param name="OffsetM">Metres from the arc's start, 0 to its length.</param>
/// <param name="DistanceM">Metres between the place and the point that was asked for.</param>
public readonly record struct ArcPlace(int Arc, double OffsetM, double DistanceM);

/// <summary>
/// Finds the arc nearest to a point: a uniform grid over the straight pieces of all segments, searched in growing rings.
/// Immutable and thread-safe.
/// </summary>
public sealed class ArcLocator
{
    // With a known heading an arc that runs against it counts as this much further away: enough to pick the right carriageway
    // of a dual one, too little to jump to another street when somebody drives the wrong way.
    private const double AgainstHeadingM = 25;
    private const double LeastCellM = 50;
    // Coordinates beyond this are no place on earth; it also keeps cell numbers within int.
    private const double GreatestCoordinateM = 1e8;

    private readonly StreetNetwork network;
    // The arc along and the arc against the line of each segment, -1 where it cannot be driven.
    private readonly int[] forwardArc;
    private readonly int[] backwardArc;
    private readonly int[] pieceSegment;
    private readonly int[] pieceIndex;
    private readonly double[] pieceOffsetM;
    private readonly double left;
    private readonly double bottom;
    private readonly double cellM;
    private readonly int columns;
    private readonly int rows;
    private readonly int[] firstInCell;
    private readonly int[] cellPieces;

    public ArcLocator(StreetNetwork network)
    {
        this.network = network;
        forwardArc = new int[network.SegmentCount];
        backwardArc = new int[network.SegmentCount];
        Array.Fill(forwardArc, -1);
        Array.Fill(backwardArc, -1);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            (network.ArcForward[arc] ? forwardArc : backwardArc)[network.ArcSegment[arc]] = arc;
        }

        var segments = new List<int>();
        var indices = new List<int>();
        var offsetsM = new List<double>();
        var (minX, minY) = (double.PositiveInfinity, double.PositiveInfinity);
        var (maxX, maxY) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var segment = 0; segment < network.SegmentCount; segment++)
        {
            var line = network.SegmentLine(segment);
            var offsetM = 0.0;
            for (var i = 0; i < line.Length; i++)
            {
                (minX, maxX) = (Math.Min(minX, line[i].X), Math.Max(maxX, line[i].X));
                (minY, maxY) = (Math.Min(minY, line[i].Y), Math.Max(maxY, line[i].Y));
                if (i + 1 < line.Length)
                {
                    segments.Add(segment);
                    indices.Add(i);
                    offsetsM.Add(offsetM);
                    offsetM += line[i].DistanceTo(line[i + 1]);
                }
            }
        }

        pieceSegment = [.. segments];
        pieceIndex = [.. indices];
        pieceOffsetM = [.. offsetsM];
        if (pieceSegment.Length == 0)
        {
            firstInCell = [0];
            cellPieces = [];
            return;
        }

        (left, bottom) = (minX, minY);
        // About as many cells as pieces at most, so that a network with one far-off street does not cost more than its size.
        cellM = Math.Max(LeastCellM, Math.Sqrt((maxX - minX + 1) * (maxY - minY + 1) / pieceSegment.Length));
        cellM = Math.Max(cellM, Math.Max(maxX - minX, maxY - minY) / pieceSegment.Length);
        columns = (int)((maxX - minX) / cellM) + 1;
        rows = (int)((maxY - minY) / cellM) + 1;

        firstInCell = new int[(columns * rows) + 1];
        ForEachCell((cell, _) => firstInCell[cell + 1]++);
        for (var cell = 0; cell < columns * rows; cell++)
        {
            firstInCell[cell + 1] += firstInCell[cell];
        }

        cellPieces = new int[firstInCell[^1]];
        var next = firstInCell.AsSpan(0, columns * rows).ToArray();
        ForEachCell((cell, piece) => cellPieces[next[cell]++] = piece);
    }

    /// <summary>
    /// The nearest place on an arc, or null where none lies within <paramref name="maxDistanceM"/>.
    /// Where both directions of a street are as near, the one that has the point on its right is taken (traffic keeps right).
    /// </summary>
    /// <param name="headingRad">
    /// Heading at the point, radians counter-clockwise from east: arcs that run within 90° of it are preferred.
    /// </param>
    public ArcPlace? Nearest(MapPoint point, double maxDistanceM, double? headingRad = null)
    {
        if (pieceSegment.Length == 0 || !(Math.Abs(point.X) <= GreatestCoordinateM && Math.Abs(point.Y) <= GreatestCoordinateM))
        {
            return null;
        }

        var column = (int)Math.Floor((point.X - left) / cellM);
        var row = (int)Math.Floor((point.Y - bottom) / cellM);
        var firstRing = Math.Max(Math.Max(-column, column - columns + 1), Math.Max(-row, row - rows + 1));
        var lastRing = Math.Max(Math.Max(column, columns - 1 - column), Math.Max(row, rows - 1 - row));
        var best = new Candidate(default, double.PositiveInfinity, false);
        for (var ring = Math.Max(0, firstRing); ring <= lastRing; ring++)
        {
            // Everything in this ring is at least so far away.
            var nearestM = (ring - 1) * cellM;
            if (nearestM > maxDistanceM || nearestM > best.RankM)
            {
                break;
            }

            for (var y = Math.Max(0, row - ring); y <= Math.Min(rows - 1, row + ring); y++)
            {
                var step = y == row - ring || y == row + ring || ring == 0 ? 1 : 2 * ring;
                var firstX = step == 1 ? Math.Max(0, column - ring) : column - ring;
                for (var x = firstX; x <= Math.Min(columns - 1, column + ring); x += step)
                {
                    if (x >= 0)
                    {
                        Search((y * columns) + x, point, maxDistanceM, headingRad, ref best);
                    }
                }
            }
        }

        return double.IsPositiveInfinity(best.RankM) ? null : best.Place;
    }

    private void Search(int cell, MapPoint point, double maxDistanceM, double? headingRad, ref Candidate best)
    {
        for (var i = firstInCell[cell]; i < firstInCell[cell + 1]; i++)
        {
            var piece = cellPieces[i];
            var segment = pieceSegment[piece];
            var line = network.SegmentLine(segment);
            var (from, to) = (line[pieceIndex[piece]], line[pieceIndex[piece] + 1]);
            var (dx, dy) = (to.X - from.X, to.Y - from.Y);
            var squaredM = (dx * dx) + (dy * dy);
            var share = squaredM > 0 ? Math.Clamp((((point.X - from.X) * dx) + ((point.Y - from.Y) * dy)) / squaredM, 0, 1) : 0;
            var distanceM = point.DistanceTo(from.Towards(to, share));
            if (distanceM > maxDistanceM)
            {
                continue;
            }

            var offsetM = pieceOffsetM[piece] + (share * Math.Sqrt(squaredM));
            var pointIsLeft = (dx * (point.Y - from.Y)) - (dy * (point.X - from.X)) > 0;
            var along = headingRad is { } h ? (Math.Cos(h) * dx) + (Math.Sin(h) * dy) : 0;
            for (var direction = 0; direction < 2; direction++)
            {
                var forward = direction == 0;
                var arc = (forward ? forwardArc : backwardArc)[segment];
                if (arc < 0)
                {
                    continue;
                }

                var fits = headingRad is null || (forward ? along > 0 : along < 0);
                var lengthM = network.ArcLengthM[arc];
                var place = new ArcPlace(arc, Math.Clamp(forward ? offsetM : lengthM - offsetM, 0, lengthM), distanceM);
                var candidate = new Candidate(place, distanceM + (fits ? 0 : AgainstHeadingM), pointIsLeft != forward);
                if (candidate.IsBetterThan(best))
                {
                    best = candidate;
                }
            }
        }
    }

    // Row by row, the cells that the part of the piece within the row spans.
    private void ForEachCell(Action<int, int> visit)
    {
        for (var piece = 0; piece < pieceSegment.Length; piece++)
        {
            var line = network.SegmentLine(pieceSegment[piece]);
            var (low, high) = (line[pieceIndex[piece]], line[pieceIndex[piece] + 1]);
            if (low.Y > high.Y)
            {
                (low, high) = (high, low);
            }

            var (firstRow, lastRow) = (Row(low.Y), Row(high.Y));
            for (var row = firstRow; row <= lastRow; row++)
            {
                var entryX = row == firstRow ? low.X : CrossingX(low, high, bottom + (row * cellM));
                var exitX = row == lastRow ? high.X : CrossingX(low, high, bottom + ((row + 1) * cellM));
                for (var column = Column(Math.Min(entryX, exitX)); column <= Column(Math.Max(entryX, exitX)); column++)
                {
                    visit((row * columns) + column, piece);
                }
            }
        }
    }

    private static double CrossingX(MapPoint low, MapPoint high, double y) =>
        low.Towards(high, Math.Clamp((y - low.Y) / (high.Y - low.Y), 0, 1)).X;

    private int Column(double x) => Math.Clamp((int)((x - left) / cellM), 0, columns - 1);

    private int Row(double y) => Math.Clamp((int)((y - bottom) / cellM), 0, rows - 1);

    private readonly record struct Candidate(ArcPlace Place, double RankM, bool PointIsRight)
    {
        // Distances that differ by rounding only count as equal, so that the choice is by the stated rule.
        private const double SameM = 1e-9;

        public bool IsBetterThan(Candidate other)
        {
            var gainM = other.RankM - RankM;
            if (Math.Abs(gainM) > SameM || double.IsInfinity(gainM))
            {
                return gainM > 0;
            }

            return PointIsRight != other.PointIsRight ? PointIsRight : Place.Arc < other.Place.Arc;
        }
    }
}
