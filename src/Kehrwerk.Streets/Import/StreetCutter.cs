namespace Kehrwerk.Streets.Import;

/// <summary>A piece of street between two junctions, before it is known whether it stays.</summary>
internal sealed record DraftSegment(SegmentInput Input, StreetFacts Facts);

/// <summary>Streets cut into segments, in the order of the file; nodes are numbered for this draft only.</summary>
internal sealed class DraftNetwork(CityFrame frame)
{
    public CityFrame Frame { get; } = frame;
    public List<(long OsmId, MapPoint Point)> Nodes { get; } = [];
    public List<DraftSegment> Segments { get; } = [];

    /// <summary>The segments of each way in its order.</summary>
    public Dictionary<long, List<int>> SegmentsOfWay { get; } = [];

    public double LengthM(int segment) => MapPoint.LengthM(Segments[segment].Input.Line);
}

/// <summary>
/// Cuts ways where they share a node, and at barriers that stop a sweeper: there both sides get an end of their own.
/// <code>
///     a -- b -- c -- d          way 1: a b c d, way 2: e c, barrier at b
///               |               segments: a-b | b'-c, c-d, e-c
///               e
/// </code>
/// </summary>
internal sealed class StreetCutter
{
    // Nodes farther from the city's centre than this are mistakes of the file: the plane of one UTM zone would bend there.
    private const double MaxDegreesFromCentre = 1.5;

    private readonly OsmData data;
    private readonly ImportTally tally;
    private readonly DraftNetwork draft;
    private readonly GeoPoint centre;
    private readonly byte[] arms;
    private readonly HashSet<int> closedBarriers = [];
    private readonly Dictionary<int, int> draftNode = [];

    private StreetCutter(OsmData data, GeoPoint centre, ImportTally tally)
    {
        (this.data, this.centre, this.tally) = (data, centre, tally);
        draft = new(CityFrame.Around(centre));
        arms = new byte[data.Nodes.Count];
    }

    public static DraftNetwork Cut(OsmData data, IReadOnlyList<(OsmWay Way, StreetFacts Facts)> streets, GeoPoint centre, ImportTally tally)
    {
        var cutter = new StreetCutter(data, centre, tally);
        foreach (var (way, _) in streets)
        {
            cutter.CountArms(way);
        }

        foreach (var (node, tags) in data.TaggedNodes)
        {
            if (node >= 0 && cutter.arms[node] > 0 && WayRules.IsClosedBarrier(tags))
            {
                if (cutter.arms[node] == 2)
                {
                    cutter.closedBarriers.Add(node);
                    tally.LeaveOut("passage closed by a barrier");
                }
                else if (cutter.arms[node] > 2)
                {
                    tally.LeaveOut("barrier drawn on a junction, ignored");
                }
            }
        }

        foreach (var (way, facts) in streets)
        {
            cutter.CutWay(way, facts);
        }

        return cutter.draft;
    }

    // How many pieces of street meet in each node, up to 3: one at the end of a way, two along it.
    private void CountArms(OsmWay way)
    {
        foreach (var run in Runs(way))
        {
            for (var i = 0; i < run.Count; i++)
            {
                arms[run[i]] = (byte)Math.Min(3, arms[run[i]] + (i == 0 || i == run.Count - 1 ? 1 : 2));
            }
        }
    }

    private void CutWay(OsmWay way, StreetFacts facts)
    {
        var piece = 0;
        foreach (var run in Runs(way))
        {
            var start = 0;
            for (var i = 1; i < run.Count; i++)
            {
                if (i == run.Count - 1 || arms[run[i]] > 2 || closedBarriers.Contains(run[i]))
                {
                    AddSegment(way.Id, piece++, run[start..(i + 1)], facts);
                    start = i;
                }
            }
        }

        if (!way.IsWhole)
        {
            tally.LeaveOut("street cut at the edge of the extract (nodes missing)");
        }
    }

    private void AddSegment(long wayId, int piece, List<int> nodes, StreetFacts facts)
    {
        var line = new List<MapPoint>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var point = draft.Frame.ToMap(data.Nodes.Position(nodes[i]));
            if (i == 0 || i == nodes.Count - 1 || point != line[^1])
            {
                line.Add(point);
            }
        }

        var segment = new SegmentInput(
            NodeAt(nodes[0], line[0]), NodeAt(nodes[^1], line[^1]), [.. line], wayId, piece,
            facts.Directions, facts.Name, facts.Class, facts.SpeedMps, facts.WidthM, facts.Surface, facts.Traits, facts.Lanes);
        if (!draft.SegmentsOfWay.TryGetValue(wayId, out var ofWay))
        {
            draft.SegmentsOfWay.Add(wayId, ofWay = []);
        }

        ofWay.Add(draft.Segments.Count);
        draft.Segments.Add(new(segment, facts));
    }

    private int NodeAt(int node, MapPoint point)
    {
        if (closedBarriers.Contains(node) || !draftNode.TryGetValue(node, out var at))
        {
            at = draft.Nodes.Count;
            draft.Nodes.Add((data.Nodes.Id(node), point));
            draftNode[node] = at;
        }

        return at;
    }

    // The stretches of a way whose nodes are all known and near the city.
    private IEnumerable<List<int>> Runs(OsmWay way)
    {
        var run = new List<int>();
        foreach (var node in way.Nodes)
        {
            if (node >= 0 && IsNear(data.Nodes.Position(node)))
            {
                if (run.Count == 0 || run[^1] != node)
                {
                    run.Add(node);
                }
            }
            else
            {
                if (run.Count > 1)
                {
                    yield return run;
                }

                run = [];
            }
        }

        if (run.Count > 1)
        {
            yield return run;
        }
    }

    private bool IsNear(GeoPoint point) =>
        Math.Abs(point.Lat - centre.Lat) <= MaxDegreesFromCentre && Math.Abs(point.Lon - centre.Lon) <= MaxDegreesFromCentre;
}
