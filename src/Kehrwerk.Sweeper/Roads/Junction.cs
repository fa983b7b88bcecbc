using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Roads;

/// <summary>Who goes first where an arc enters a node.</summary>
internal enum Precedence : byte
{
    /// <summary>No other street comes in.</summary>
    None,

    /// <summary>StVO § 8 (1): who comes from the right goes first.</summary>
    RightBeforeLeft,

    /// <summary>The arc is on the greater street.</summary>
    Priority,

    /// <summary>The arc comes from the smaller street, or over a lowered kerb (StVO § 10).</summary>
    GiveWay,
}

/// <summary>Right of way at nodes, from the classes of the streets: the map holds no signs (default, stated in docs).</summary>
internal static class Junction
{
    public static Precedence At(StreetNetwork network, int arc)
    {
        var node = network.ArcHead[arc];
        var own = Rank(network.SegmentClass[network.ArcSegment[arc]]);
        var (others, greatest) = (0, int.MinValue);
        for (var next = network.FirstOut[node]; next < network.FirstOut[node + 1]; next++)
        {
            if (next != network.ArcReverse[arc])
            {
                others++;
                greatest = Math.Max(greatest, Rank(network.SegmentClass[network.ArcSegment[next]]));
            }
        }

        return others < 2 ? Precedence.None
            : IsRoundabout(network, arc) ? Precedence.Priority
            : EntersRoundabout(network, node) || greatest > own ? Precedence.GiveWay
            : own >= Rank(StreetClass.Tertiary) ? Precedence.Priority
            : Precedence.RightBeforeLeft;
    }

    // Streets without a number or a junction of their own are equal among each other; what leads off them over a kerb is not.
    private static int Rank(StreetClass street) => street switch
    {
        StreetClass.Motorway or StreetClass.Trunk => 6,
        StreetClass.Primary => 5,
        StreetClass.Secondary => 4,
        StreetClass.Tertiary => 3,
        StreetClass.Unclassified or StreetClass.Residential => 2,
        StreetClass.LivingStreet or StreetClass.Pedestrian => 1,
        _ => 0,
    };

    private static bool IsRoundabout(StreetNetwork network, int arc) =>
        network.SegmentTraits[network.ArcSegment[arc]].HasFlag(SegmentTraits.Roundabout);

    private static bool EntersRoundabout(StreetNetwork network, int node)
    {
        for (var arc = network.FirstOut[node]; arc < network.FirstOut[node + 1]; arc++)
        {
            if (IsRoundabout(network, arc))
            {
                return true;
            }
        }

        return false;
    }
}
