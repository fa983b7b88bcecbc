using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Roads;

/// <summary>
/// The cross-section of an arc, from the map: the line of the arc is the middle of its carriageway. Offsets across are metres to the left of
/// that line, seen in the direction of the arc.
/// </summary>
/// <param name="HalfWidthM">From the line to either kerb.</param>
/// <param name="Lanes">Lanes in the direction of the arc, at least 1.</param>
/// <param name="IsTwoWay">Traffic comes the other way on the left half; on a narrow street there is one lane for both.</param>
/// <param name="IsShared">Two-way, but two cars do not fit beside each other.</param>
internal readonly record struct Carriageway(double HalfWidthM, int Lanes, bool IsTwoWay, bool IsShared)
{
    /// <summary>Two cars pass each other from this width on, metres (EAE/RASt: 4.10 m at walking pace, with mirrors).</summary>
    public const double TwoCarsM = 4.1;

    private const double WidestLaneM = 3.75;

    public static Carriageway Of(StreetNetwork network, int arc)
    {
        var segment = network.ArcSegment[arc];
        var halfM = network.HalfWidthM(segment);
        var isTwoWay = network.ArcReverse[arc] >= 0;
        var ownM = isTwoWay ? halfM : 2 * halfM;
        var tagged = network.SegmentLanes[segment];
        var lanes = tagged > 0 ? Math.Max(1, isTwoWay ? tagged / 2 : tagged) : Math.Max(1, (int)(ownM / WidestLaneM));
        return new(halfM, Math.Min(lanes, Math.Max(1, (int)(ownM / 2.5))), isTwoWay, isTwoWay && 2 * halfM < TwoCarsM);
    }

    /// <summary>Width of one lane, metres.</summary>
    public double LaneWidthM => IsShared ? 2 * HalfWidthM : (IsTwoWay ? HalfWidthM : 2 * HalfWidthM) / Lanes;

    /// <summary>Middle of a lane, metres to the left of the line; lane 0 is the one on the right.</summary>
    public double LaneCentreM(int lane) => IsShared ? 0 : -HalfWidthM + ((lane + 0.5) * LaneWidthM);

    /// <summary>The line beyond which traffic comes the other way, metres to the left of the arc's line.</summary>
    public double OncomingFromM => IsTwoWay && !IsShared ? 0 : HalfWidthM;
}
