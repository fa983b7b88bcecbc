using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Traffic;

/// <summary>
/// What of a city only one vehicle may have at a time: each narrow segment, and each crossing at which only narrow segments meet, since who stands
/// there cannot be passed. To drive an arc takes its segment and the crossing at its end. Everywhere else vehicles pass each other. Immutable.
/// </summary>
public sealed class NarrowStreets
{
    private readonly StreetNetwork streets;
    private readonly int depotNode;
    private readonly bool[] isTight;

    public NarrowStreets(StreetNetwork streets, int depotArc)
    {
        this.streets = streets;
        depotNode = streets.ArcHead[depotArc];
        isTight = new bool[streets.NodeCount];
        Array.Fill(isTight, true);

        // Any number stands in the depot's yard.
        isTight[depotNode] = false;
        for (var segment = 0; segment < streets.SegmentCount; segment++)
        {
            if (!IsNarrow(segment))
            {
                isTight[streets.SegmentFrom[segment]] = isTight[streets.SegmentTo[segment]] = false;
            }
        }
    }

    /// <summary>To drive this arc takes nothing.</summary>
    public bool IsFree(int arc) => !IsNarrow(streets.ArcSegment[arc]) && !isTight[streets.ArcHead[arc]];

    /// <summary>Adds what it takes to drive an arc: numbers of segments, then of crossings behind them.</summary>
    public void AddPlaces(int arc, ISet<int> places)
    {
        if (IsNarrow(streets.ArcSegment[arc]))
        {
            places.Add(streets.ArcSegment[arc]);
        }

        if (isTight[streets.ArcHead[arc]])
        {
            places.Add(streets.SegmentCount + streets.ArcHead[arc]);
        }
    }

    /// <summary>Whether a vehicle that stands at the end of the arc is in nobody's way: in the depot's yard, or with its whole length where others can pass.</summary>
    public bool CanWaitAt(int arc, double lengthM) => EndsAtDepot(arc) || (IsFree(arc) && streets.ArcLengthM[arc] >= lengthM);

    public bool EndsAtDepot(int arc) => streets.ArcHead[arc] == depotNode;

    private bool IsNarrow(int segment) => streets.SegmentTraits[segment].HasFlag(SegmentTraits.Narrow);
}
