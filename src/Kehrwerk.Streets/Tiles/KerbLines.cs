namespace Kehrwerk.Streets.Tiles;

/// <summary>The lines that kerbs are drawn as: their arc's line, moved aside to the edge of the carriageway.</summary>
internal static class KerbLines
{
    // At a sharp bend the outer corner moves away no further than this many half-widths.
    private const double GreatestMitre = 2;

    /// <summary>
    /// The line of a kerb in the direction of its arc, metres. At crossings its ends are cut back by half the width,
    /// so that the kerbs of crossing streets do not run through each other.
    /// </summary>
    public static MapPoint[] Of(StreetNetwork network, Kerb kerb)
    {
        var segment = network.ArcSegment[kerb.Arc];
        var halfWidthM = network.HalfWidthM(segment);
        var line = network.ArcLine(kerb.Arc);
        var cutM = Math.Min(halfWidthM, network.ArcLengthM[kerb.Arc] / 4);
        if (IsCrossing(network, network.ArcHead[kerb.Arc]))
        {
            line = CutEnd(line, cutM);
        }

        if (IsCrossing(network, network.ArcTail[kerb.Arc]))
        {
            Array.Reverse(line);
            line = CutEnd(line, cutM);
            Array.Reverse(line);
        }

        return Aside(line, kerb.Side == KerbSide.Right ? halfWidthM : -halfWidthM);
    }

    private static bool IsCrossing(StreetNetwork network, int node)
    {
        // One-way streets that end here are not seen; it only decides how a line's end looks.
        return network.FirstOut[node + 1] - network.FirstOut[node] > 2;
    }

    private static MapPoint[] CutEnd(MapPoint[] line, double cutM)
    {
        var last = line.Length - 1;
        var pieceM = line[last - 1].DistanceTo(line[last]);
        while (last > 1 && pieceM <= cutM)
        {
            cutM -= pieceM;
            last--;
            pieceM = line[last - 1].DistanceTo(line[last]);
        }

        return pieceM > cutM ? [.. line[..last], line[last].Towards(line[last - 1], cutM / pieceM)] : line;
    }

    private static MapPoint[] Aside(MapPoint[] line, double toTheRightM)
    {
        var moved = new MapPoint[line.Length];
        for (var i = 0; i < line.Length; i++)
        {
            var before = Right(line, i - 1);
            var after = Right(line, i);
            var (x, y) = ((before ?? after ?? default).X + (after ?? before ?? default).X, (before ?? after ?? default).Y + (after ?? before ?? default).Y);
            // The sum of two unit vectors is 2 cos(half the bend) long, and the corner lies 1 / cos(half the bend) away.
            var squared = (x * x) + (y * y);
            var factor = squared > 0 ? Math.Min(2 / squared, GreatestMitre / Math.Sqrt(squared)) : 0;
            moved[i] = new(line[i].X + (x * factor * toTheRightM), line[i].Y + (y * factor * toTheRightM));
        }

        return moved;
    }

    // Unit vector to the right of the piece from point i to the next; null where there is none.
    private static MapPoint? Right(MapPoint[] line, int i)
    {
        if (i < 0 || i + 1 >= line.Length)
        {
            return null;
        }

        var lengthM = line[i].DistanceTo(line[i + 1]);
        return lengthM > 0 ? new((line[i + 1].Y - line[i].Y) / lengthM, (line[i].X - line[i + 1].X) / lengthM) : null;
    }
}
