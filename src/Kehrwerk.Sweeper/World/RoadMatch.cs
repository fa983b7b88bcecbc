using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.World;

/// <summary>On which arc a vehicle truly is, and where its kerbs are. Not thread-safe.</summary>
internal sealed class RoadMatch(LaneMap map)
{
    private const double LostM = 20;
    private const double MouthM = 16;

    private double x, y;
    private int sinceSearch = int.MaxValue - 1;

    /// <summary>−1 away from all streets.</summary>
    public int Arc { get; private set; } = -1;

    public void Move(double atX, double atY, double headingRad)
    {
        (x, y) = (atX, atY);
        sinceSearch++;
        var (best, least) = (-1, LostM);
        if (Arc >= 0)
        {
            Try(Arc, headingRad, 0.3, ref best, ref least);
            TryAround(map.Network.ArcHead[Arc], headingRad, ref best, ref least);
            TryAround(map.Network.ArcTail[Arc], headingRad, ref best, ref least);
        }

        if (best < 0 && sinceSearch >= 20)
        {
            sinceSearch = 0;
            for (var arc = 0; arc < map.Network.ArcCount; arc++)
            {
                Try(arc, headingRad, 0, ref best, ref least);
            }
        }

        Arc = best;
    }

    /// <summary>The kerb beside a point on the vehicle's right or left side.</summary>
    public KerbAt Kerb(double atX, double atY, double headingRad, bool isRight)
    {
        if (Arc < 0)
        {
            return new(atX, atY, -1, KerbSide.Right, 0, double.NaN);
        }

        var (along, aside, _, heading) = map.Project(Arc, atX, atY);
        var isWith = Math.Cos(headingRad - heading) >= 0;
        var side = isRight == isWith ? KerbSide.Right : KerbSide.Left;
        var half = map.Road[Arc].HalfWidthM;
        return new(atX, atY, Arc, side, along, IsOpen(along, side) ? double.NaN : side == KerbSide.Right ? half + aside : half - aside);
    }

    /// <summary>How far a point is beyond the edge of the streets here, metres; 0 on them.</summary>
    public double BeyondM(double atX, double atY)
    {
        if (Arc < 0)
        {
            return LostM;
        }

        var network = map.Network;
        var place = new MapPoint(atX, atY);
        var beyond = Math.Max(0, map.Project(Arc, atX, atY).DistanceM - map.Road[Arc].HalfWidthM);
        foreach (var (node, trim) in (ReadOnlySpan<(int, double)>)[(network.ArcHead[Arc], map.TrimM(Arc, true)), (network.ArcTail[Arc], map.TrimM(Arc, false))])
        {
            // Corners are round where streets meet.
            beyond = beyond > 0 && network.NodePoint[node].DistanceTo(place) < trim + map.Road[Arc].HalfWidthM + 1 ? 0 : beyond;
        }

        return beyond;
    }

    /// <summary>The mouth of a street on that side.</summary>
    private bool IsOpen(double alongM, KerbSide side)
    {
        var network = map.Network;
        var toEnd = network.ArcLengthM[Arc] - alongM;
        return (alongM < MouthM && HasMouth(network.ArcTail[Arc], network.StartHeadingRad(Arc), alongM, side))
            || (toEnd < MouthM && HasMouth(network.ArcHead[Arc], network.EndHeadingRad(Arc), toEnd, side));
    }

    private bool HasMouth(int node, double headingRad, double distanceM, KerbSide side)
    {
        var network = map.Network;
        for (var arm = network.FirstOut[node]; arm < network.FirstOut[node + 1]; arm++)
        {
            var turn = Math.IEEERemainder(network.StartHeadingRad(arm) - headingRad, 2 * Math.PI);
            // A rounded corner of a metre on either side of its carriageway.
            if ((side == KerbSide.Right ? -turn : turn) is > 0.5 and < 2.6 && distanceM < map.Road[arm].HalfWidthM + 1)
            {
                return true;
            }
        }

        return false;
    }

    private void TryAround(int node, double headingRad, ref int best, ref double least)
    {
        var network = map.Network;
        for (var arc = network.FirstOut[node]; arc < network.FirstOut[node + 1]; arc++)
        {
            Try(arc, headingRad, 0, ref best, ref least);
            if (network.ArcReverse[arc] >= 0)
            {
                Try(network.ArcReverse[arc], headingRad, 0, ref best, ref least);
            }
        }
    }

    private void Try(int arc, double headingRad, double bonusM, ref int best, ref double least)
    {
        // Too far off to bother.
        var place = new MapPoint(x, y);
        var network = map.Network;
        if (network.NodePoint[network.ArcTail[arc]].DistanceTo(place) > network.ArcLengthM[arc] + LostM)
        {
            return;
        }

        var (_, _, distance, heading) = map.Project(arc, x, y);
        var cost = distance + (3 * (1 - Math.Cos(headingRad - heading))) - bonusM;
        if (distance < LostM && (cost < least || best < 0))
        {
            (best, least) = (arc, cost);
        }
    }
}
