namespace Kehrwerk.Streets.Import;

/// <summary>Finds the kerb in front of a house.</summary>
internal sealed class KerbMap
{
    /// <summary>A house farther from any kerb has none, metres.</summary>
    public const double ReachM = 80;

    private readonly LineGrid grid = new();
    private readonly StreetNetwork network;
    private readonly string[] segmentKey;
    private readonly int[,] kerbOfSide;

    /// <param name="sides">Arc and side of every kerb; their index is the kerb.</param>
    public KerbMap(StreetNetwork network, IReadOnlyList<(int Arc, KerbSide Side)> sides, StreetKeys keys)
    {
        this.network = network;
        segmentKey = keys.OfSegment;
        kerbOfSide = new int[network.SegmentCount, 2];
        for (var s = 0; s < network.SegmentCount; s++)
        {
            (kerbOfSide[s, 0], kerbOfSide[s, 1]) = (-1, -1);
        }

        for (var kerb = 0; kerb < sides.Count; kerb++)
        {
            var (arc, side) = sides[kerb];
            kerbOfSide[network.ArcSegment[arc], network.ArcForward[arc] == (side == KerbSide.Right) ? 0 : 1] = kerb;
        }

        for (var s = 0; s < network.SegmentCount; s++)
        {
            if (kerbOfSide[s, 0] >= 0 || kerbOfSide[s, 1] >= 0)
            {
                grid.Add(s, network.SegmentLine(s));
            }
        }
    }

    /// <summary>The nearest kerb of that street on the house's side, else the nearest of any street, else -1.</summary>
    public int Nearest(MapPoint house, string streetKey)
    {
        var hit = (streetKey.Length > 0 ? grid.Nearest(house, ReachM, h => segmentKey[h.Owner] == streetKey) : null)
            ?? grid.Nearest(house, ReachM, _ => true);
        if (hit is not { } near)
        {
            return -1;
        }

        var side = near.IsOnRight(house) ? 0 : 1;
        return kerbOfSide[near.Owner, side] is >= 0 and var own ? own : kerbOfSide[near.Owner, 1 - side];
    }
}
