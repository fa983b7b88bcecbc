using Kehrwerk.Streets;

namespace Kehrwerk.Faults;

/// <summary>
/// Where each vehicle really is, from its middle, whose place is told, to its rear, in the streets and at the crossings where two do not fit beside each other.
/// Its front half is over the crossing before which it waits; that there is room there is left to the city (docs/link/traffic.md).
/// </summary>
internal sealed class StreetLedger(StreetNetwork streets, int depotArc, double lengthM)
{
    private readonly Dictionary<FaultVehicle, Trail> trails = [];
    private readonly Dictionary<int, FaultVehicle> inside = [];
    private readonly bool[] isTight = TightCrossings(streets, streets.ArcHead[depotArc]);

    /// <summary>Notes where a vehicle is.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Moved(FaultVehicle vehicle, (int Arc, double OffsetM, double OdometerM) place)
    {
        if (!trails.TryGetValue(vehicle, out var trail))
        {
            trails.Add(vehicle, trail = new());
        }

        if (trail.Last == place)
        {
            return null;
        }

        trail.Follow(streets, place, lengthM / 2);
        foreach (var at in inside.Where(i => i.Value == vehicle).Select(i => i.Key).ToList())
        {
            inside.Remove(at);
        }

        // In the depot's yard it is in no street any more.
        if (streets.ArcHead[place.Arc] == streets.ArcHead[depotArc] && IsAtEnd(streets, place))
        {
            return null;
        }

        foreach (var segment in trail.Segments)
        {
            if (IsNarrow(streets, segment) && !inside.TryAdd(segment, vehicle))
            {
                return $"it meets {inside[segment].ClientId} in {streets.SegmentName(segment)}, which is too narrow for two";
            }
        }

        foreach (var node in trail.Crossings)
        {
            if (isTight[node] && !inside.TryAdd(streets.SegmentCount + node, vehicle))
            {
                return $"it meets {inside[streets.SegmentCount + node].ClientId} at crossing {streets.NodeKey(node)}, which is too narrow for two";
            }
        }

        return null;
    }

    private static bool IsNarrow(StreetNetwork streets, int segment) => streets.SegmentTraits[segment].HasFlag(SegmentTraits.Narrow);

    private static bool IsAtEnd(StreetNetwork streets, (int Arc, double OffsetM, double OdometerM) place) => place.OffsetM >= streets.ArcLengthM[place.Arc] - 0.01;

    private static bool[] TightCrossings(StreetNetwork streets, int depotNode)
    {
        var isTight = new bool[streets.NodeCount];
        for (var node = 0; node < isTight.Length; node++)
        {
            isTight[node] = node != depotNode && Enumerable.Range(0, streets.SegmentCount)
                .Where(s => streets.SegmentFrom[s] == node || streets.SegmentTo[s] == node).All(s => IsNarrow(streets, s));
        }

        return isTight;
    }

    private sealed class Trail
    {
        private readonly List<(int Arc, double LeftAtM)> behind = [];

        public (int Arc, double OffsetM, double OdometerM) Last { get; private set; } = (-1, 0, 0);

        public IEnumerable<int> Segments { get; private set; } = [];

        public IEnumerable<int> Crossings { get; private set; } = [];

        /// <param name="rearM">How far its rear is behind the point whose place is told.</param>
        public void Follow(StreetNetwork streets, (int Arc, double OffsetM, double OdometerM) place, double rearM)
        {
            if (place.OdometerM < Last.OdometerM)
            {
                // Its program went on from what it had saved.
                behind.Clear();
            }
            else if (Last.Arc >= 0 && place.Arc != Last.Arc)
            {
                behind.Add((Last.Arc, place.OdometerM - place.OffsetM));
            }

            behind.RemoveAll(b => place.OdometerM - b.LeftAtM >= rearM);
            Last = place;
            Segments = [.. behind.Select(b => streets.ArcSegment[b.Arc]).Append(streets.ArcSegment[place.Arc]).Distinct()];
            var crossed = behind.Select(b => streets.ArcHead[b.Arc]);
            Crossings = [.. (IsAtEnd(streets, place) ? crossed.Append(streets.ArcHead[place.Arc]) : crossed).Distinct()];
        }
    }
}
