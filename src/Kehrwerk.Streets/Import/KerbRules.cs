namespace Kehrwerk.Streets.Import;

/// <summary>
/// Which sides of which streets are kerbs; the table is in <c>docs/reference/import-rules.md</c>. Traffic drives on the right.
/// <code>
///   two-way:     ------------>  f    right kerb of the forward arc       one-way:  ====left kerb====
///                b  <-----------     right kerb of the backward arc                ------------>  f
///                                                                                  ====right kerb===
///   dual carriageway and roundabout: right kerb only, the left side is a median or an island
/// </code>
/// </summary>
internal static class KerbRules
{
    /// <summary>Shorter pieces lie inside junctions and have no kerb of their own, metres.</summary>
    public const double MinLengthM = 3;

    /// <summary>Every kerb side of the network in the order of arcs, right before left; class not decided yet.</summary>
    public static List<(int Arc, KerbSide Side)> Sides(ConnectedStreets streets, ImportTally tally)
    {
        var network = streets.Network;
        var sides = new List<(int, KerbSide)>();
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            if (network.ArcLengthM[arc] < MinLengthM)
            {
                tally.LeaveOut($"kerb shorter than {MinLengthM} m", lengthM: network.ArcLengthM[arc]);
                continue;
            }

            sides.Add((arc, KerbSide.Right));
            var segment = network.ArcSegment[arc];
            var outerOnly = (network.SegmentTraits[segment] & (SegmentTraits.DualCarriageway | SegmentTraits.Roundabout)) != 0;
            if (!outerOnly && streets.Facts[segment].Directions != Directions.Both)
            {
                sides.Add((arc, KerbSide.Left));
            }
        }

        return sides;
    }

    /// <summary>Whether a street is swept where no one says so: its class has a default (see <see cref="CleaningClasses"/>), and it is a street of the town.</summary>
    public static bool IsSweptByDefault(StreetFacts facts) =>
        facts.Surface != Surface.Unpaved
        && (facts.IsNamed
            || facts.Traits.HasFlag(SegmentTraits.Roundabout)
            || facts.Class is StreetClass.Residential or StreetClass.LivingStreet or StreetClass.Pedestrian);

    public static string Key(StreetNetwork network, int arc, KerbSide side) => side == KerbSide.Right ? network.ArcKey(arc) : network.ArcKey(arc) + "l";
}
