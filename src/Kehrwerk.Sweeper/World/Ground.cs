using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.World;

/// <summary>The ground: dirt along the kerbs, where it has been swept, and what hides the sky above it. Not thread-safe.</summary>
internal sealed class Ground
{
    private const byte NotSwept = 255;
    private const double CellM = 8;

    private readonly LaneMap map;
    private readonly int seed;
    private readonly int[] firstBin;
    private readonly byte[][] gapCm;
    private readonly List<Cover> covers = [];

    private record struct Cover(MapPoint A, MapPoint B, double HalfM, bool IsTunnel);

    public Ground(LaneMap map, WorldSettings settings)
    {
        (this.map, seed) = (map, settings.Seed);
        var network = map.Network;
        firstBin = new int[network.SegmentCount + 1];
        for (var segment = 0; segment < network.SegmentCount; segment++)
        {
            firstBin[segment + 1] = firstBin[segment] + (int)MapPoint.LengthM(network.SegmentLine(segment)) + 2;
            var traits = network.SegmentTraits[segment];
            for (var i = 1; (traits & (SegmentTraits.Bridge | SegmentTraits.Tunnel)) != 0 && i < network.SegmentLine(segment).Length; i++)
            {
                covers.Add(new(network.SegmentLine(segment)[i - 1], network.SegmentLine(segment)[i], network.HalfWidthM(segment) + 1.5, traits.HasFlag(SegmentTraits.Tunnel)));
            }
        }

        gapCm = [new byte[firstBin[^1]], new byte[firstBin[^1]]];
        gapCm[0].AsSpan().Fill(NotSwept);
        gapCm[1].AsSpan().Fill(NotSwept);
    }

    /// <summary>Dirt at a kerb against the mean, about 0.2–1.8; next to nothing where it has been swept.</summary>
    public double Dirt(int arc, KerbSide side, double alongM)
    {
        var (right, bin) = Bin(arc, side, alongM);
        if (gapCm[right][bin] != NotSwept)
        {
            return 0.05;
        }

        // SplitMix64's finalizer over seed and cell: the same dirt in every run.
        var z = ((ulong)(uint)seed << 40) ^ ((ulong)(uint)right << 39) ^ (ulong)(bin / CellM);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return 0.2 + (1.6 * ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53)));
    }

    /// <summary>Notes that a metre of kerb has been swept, with the broom so far from it, metres.</summary>
    /// <returns>Whether it had not been before.</returns>
    public bool Sweep(int arc, KerbSide side, double alongM, double gapM)
    {
        var (right, bin) = Bin(arc, side, alongM);
        var isNew = gapCm[right][bin] == NotSwept;
        gapCm[right][bin] = (byte)Math.Clamp(Math.Min((int)(gapM * 100), gapCm[right][bin]), 0, NotSwept - 1);
        return isNew;
    }

    /// <summary>How far from the kerb the broom went there, metres; not-a-number where it has not been swept.</summary>
    public double SweptGapM(int arc, KerbSide side, double alongM)
    {
        var (right, bin) = Bin(arc, side, alongM);
        return gapCm[right][bin] == NotSwept ? double.NaN : gapCm[right][bin] / 100.0;
    }

    /// <summary>Metres of a kerb that have been swept.</summary>
    public int SweptM(int arc, KerbSide side)
    {
        var swept = 0;
        for (var metre = 0; metre < map.Network.ArcLengthM[arc]; metre++)
        {
            swept += double.IsNaN(SweptGapM(arc, side, metre)) ? 0 : 1;
        }

        return swept;
    }

    /// <summary>No sky above: in a tunnel, or below a bridge of another street.</summary>
    public bool IsCovered(double x, double y, int arc)
    {
        var traits = arc >= 0 ? map.Network.SegmentTraits[map.Network.ArcSegment[arc]] : SegmentTraits.None;
        foreach (var cover in covers)
        {
            var (low, high) = (Math.Min(cover.A.X, cover.B.X) - cover.HalfM, Math.Max(cover.A.X, cover.B.X) + cover.HalfM);
            if (x < low || x > high || !(cover.IsTunnel ? traits.HasFlag(SegmentTraits.Tunnel) : !traits.HasFlag(SegmentTraits.Bridge)))
            {
                continue;
            }

            var (dx, dy) = (cover.B.X - cover.A.X, cover.B.Y - cover.A.Y);
            var squared = (dx * dx) + (dy * dy);
            var share = squared > 0 ? Math.Clamp((((x - cover.A.X) * dx) + ((y - cover.A.Y) * dy)) / squared, 0, 1) : 0;
            var (px, py) = (x - cover.A.X - (share * dx), y - cover.A.Y - (share * dy));
            if ((px * px) + (py * py) < cover.HalfM * cover.HalfM)
            {
                return true;
            }
        }

        return false;
    }

    // Kerbs are known by segment and the side in its own direction, so that both arcs of a street speak of the same.
    private (int Right, int Bin) Bin(int arc, KerbSide side, double alongM)
    {
        var (network, segment) = (map.Network, map.Network.ArcSegment[arc]);
        var forward = network.ArcForward[arc];
        var metre = (int)Math.Clamp(forward ? alongM : network.ArcLengthM[arc] - alongM, 0, firstBin[segment + 1] - firstBin[segment] - 1);
        return (side == KerbSide.Right == forward ? 0 : 1, firstBin[segment] + metre);
    }
}
