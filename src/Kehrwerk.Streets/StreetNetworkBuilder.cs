namespace Kehrwerk.Streets;

/// <summary>In which directions a segment can be driven.</summary>
[Flags]
public enum Directions : byte { None = 0, Forward = 1, Backward = 2, Both = 3 }

/// <summary>One piece of street as it is handed to the builder.</summary>
/// <param name="Line">From node to node with every bend between, metres; at least two points.</param>
public sealed record SegmentInput(
    int From,
    int To,
    MapPoint[] Line,
    long WayId,
    int Piece,
    Directions Directions,
    string Name = "",
    StreetClass Class = StreetClass.Residential,
    double SpeedMps = 13.9,
    float WidthM = 0,
    Surface Surface = Surface.Unknown,
    SegmentTraits Traits = SegmentTraits.None,
    byte Lanes = 0);

/// <summary>
/// Puts a <see cref="StreetNetwork"/> together: nodes and segments first, then turn restrictions in terms of segments.
/// Used by the importer and, with a few lines, by tests.
/// </summary>
public sealed class StreetNetworkBuilder(CityFrame frame)
{
    private readonly List<MapPoint> nodePoint = [];
    private readonly List<long> nodeOsmId = [];
    private readonly List<SegmentInput> segments = [];
    private readonly List<(RestrictionStep[] Steps, bool Only)> restrictions = [];

    public int NodeCount => nodePoint.Count;
    public int SegmentCount => segments.Count;

    /// <summary>Adds a node; returns its index.</summary>
    public int AddNode(long osmId, MapPoint point)
    {
        nodePoint.Add(point);
        nodeOsmId.Add(osmId);
        return nodePoint.Count - 1;
    }

    /// <summary>Adds a segment; returns its index.</summary>
    public int AddSegment(SegmentInput segment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segment.Line.Length, 2, nameof(segment));
        segments.Add(segment);
        return segments.Count - 1;
    }

    /// <summary>
    /// Adds a restriction over a chain of driven segments. <paramref name="only"/> false: the chain as a whole is forbidden.
    /// True: whoever drives its first arc must follow the chain to its end.
    /// A step whose direction cannot be driven makes the restriction void.
    /// </summary>
    public void AddRestriction(IReadOnlyList<RestrictionStep> steps, bool only)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps.Count, 2, nameof(steps));
        restrictions.Add(([.. steps], only));
    }

    public StreetNetwork Build()
    {
        var arcs = new List<(int Tail, int Head, int Segment, bool Forward)>();
        for (var s = 0; s < segments.Count; s++)
        {
            var segment = segments[s];
            if (segment.Directions.HasFlag(Directions.Forward))
            {
                arcs.Add((segment.From, segment.To, s, true));
            }

            if (segment.Directions.HasFlag(Directions.Backward))
            {
                arcs.Add((segment.To, segment.From, s, false));
            }
        }

        arcs.Sort((x, y) => (x.Tail, x.Segment, !x.Forward).CompareTo((y.Tail, y.Segment, !y.Forward)));
        var forwardArc = new int[segments.Count];
        var backwardArc = new int[segments.Count];
        Array.Fill(forwardArc, -1);
        Array.Fill(backwardArc, -1);
        var firstOut = new int[nodePoint.Count + 1];
        for (var arc = 0; arc < arcs.Count; arc++)
        {
            (arcs[arc].Forward ? forwardArc : backwardArc)[arcs[arc].Segment] = arc;
            firstOut[arcs[arc].Tail + 1]++;
        }

        for (var n = 0; n < nodePoint.Count; n++)
        {
            firstOut[n + 1] += firstOut[n];
        }

        var segmentLengthM = segments.ConvertAll(s => MapPoint.LengthM(s.Line));
        var names = new List<string> { "" };
        var nameIndex = new Dictionary<string, int>(StringComparer.Ordinal) { [""] = 0 };
        var firstPoint = new int[segments.Count + 1];
        for (var s = 0; s < segments.Count; s++)
        {
            firstPoint[s + 1] = firstPoint[s] + segments[s].Line.Length;
            if (nameIndex.TryAdd(segments[s].Name, names.Count))
            {
                names.Add(segments[s].Name);
            }
        }

        var arrays = new NetworkArrays
        {
            NodePoint = [.. nodePoint],
            NodeOsmId = [.. nodeOsmId],
            FirstOut = firstOut,
            ArcTail = [.. arcs.Select(x => x.Tail)],
            ArcHead = [.. arcs.Select(x => x.Head)],
            ArcSegment = [.. arcs.Select(x => x.Segment)],
            ArcForward = [.. arcs.Select(x => x.Forward)],
            ArcReverse = [.. arcs.Select(x => x.Forward ? backwardArc[x.Segment] : forwardArc[x.Segment])],
            ArcLengthM = [.. arcs.Select(x => segmentLengthM[x.Segment])],
            ArcSpeedMps = [.. arcs.Select(x => segments[x.Segment].SpeedMps)],
            SegmentFrom = [.. segments.Select(s => s.From)],
            SegmentTo = [.. segments.Select(s => s.To)],
            SegmentWayId = [.. segments.Select(s => s.WayId)],
            SegmentPiece = [.. segments.Select(s => s.Piece)],
            SegmentName = [.. segments.Select(s => nameIndex[s.Name])],
            SegmentClass = [.. segments.Select(s => s.Class)],
            SegmentSurface = [.. segments.Select(s => s.Surface)],
            SegmentTraits = [.. segments.Select(s => s.Traits)],
            SegmentWidthM = [.. segments.Select(s => s.WidthM)],
            SegmentLanes = [.. segments.Select(s => s.Lanes)],
            SegmentFirstPoint = firstPoint,
            Points = [.. segments.SelectMany(s => s.Line)],
            Names = [.. names],
        };
        return new(frame, arrays, BannedSequences(arrays, forwardArc, backwardArc));
    }

    // "Only" is the ban of every other way on, at each step of the chain.
    private List<BannedTurn> BannedSequences(NetworkArrays arrays, int[] forwardArc, int[] backwardArc)
    {
        var banned = new List<BannedTurn>();
        foreach (var (steps, only) in restrictions)
        {
            var chain = Array.ConvertAll(steps, step => (step.Forward ? forwardArc : backwardArc)[step.Segment]);
            if (chain.Contains(-1))
            {
                continue;
            }

            if (!only)
            {
                banned.Add(new(chain));
                continue;
            }

            for (var i = 1; i < chain.Length; i++)
            {
                var node = arrays.ArcHead[chain[i - 1]];
                for (var other = arrays.FirstOut[node]; other < arrays.FirstOut[node + 1]; other++)
                {
                    if (other != chain[i])
                    {
                        banned.Add(new([.. chain[..i], other]));
                    }
                }
            }
        }

        return banned;
    }
}

/// <summary>One step of a turn restriction: a segment and the direction in which it is driven.</summary>
public readonly record struct RestrictionStep(int Segment, bool Forward);
