using Kehrwerk.Streets;

namespace Kehrwerk.Faults;

/// <summary>Where each vehicle really is, with its whole length, in the streets in which two do not fit beside each other.</summary>
internal sealed class StreetLedger(StreetNetwork streets, int depotArc, double lengthM)
{
    private readonly Dictionary<FaultVehicle, Trail> trails = [];
    private readonly Dictionary<int, FaultVehicle> inside = [];

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
        foreach (var segment in inside.Where(i => i.Value == vehicle).Select(i => i.Key).ToList())
        {
            inside.Remove(segment);
        }

        // In the depot's yard it is in no street any more.
        var isHome = streets.ArcHead[place.Arc] == streets.ArcHead[depotArc] && place.OffsetM >= streets.ArcLengthM[place.Arc] - 0.01;
        foreach (var segment in isHome ? [] : trail.Segments)
        {
            if (streets.SegmentTraits[segment].HasFlag(SegmentTraits.Narrow) && !inside.TryAdd(segment, vehicle))
            {
                return $"it meets {inside[segment].ClientId} in {streets.SegmentName(segment)}, which is too narrow for two";
            }
        }

        return null;
    }

    private sealed class Trail
    {
        private readonly List<(int Segment, double LeftAtM)> behind = [];

        public (int Arc, double OffsetM, double OdometerM) Last { get; private set; } = (-1, 0, 0);

        public IEnumerable<int> Segments { get; private set; } = [];

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
                behind.Add((streets.ArcSegment[Last.Arc], place.OdometerM - place.OffsetM));
            }

            behind.RemoveAll(b => place.OdometerM - b.LeftAtM >= rearM);
            Last = place;
            Segments = behind.Select(b => b.Segment).Append(streets.ArcSegment[place.Arc]).Distinct();
        }
    }
}
