namespace Kehrwerk.Streets;

/// <summary>What a street is for, by the OSM <c>highway</c> tag, from the greatest to the smallest.</summary>
public enum StreetClass : byte
{
    Motorway, Trunk, Primary, Secondary, Tertiary, Unclassified, Residential, LivingStreet, Pedestrian, Service, Track, Cycleway, Footway,
}

/// <summary>The surface of a street, as far as sweeping minds it.</summary>
public enum Surface : byte { Unknown, Asphalt, Concrete, Paving, Sett, Unpaved }

/// <summary>Facts about a segment that are either so or not.</summary>
[Flags]
public enum SegmentTraits : byte
{
    None = 0,
    Roundabout = 1,
    Bridge = 2,
    Tunnel = 4,
    /// <summary>One carriageway of a street whose other direction is a way of its own.</summary>
    DualCarriageway = 8,
    /// <summary>Closed to the public, open to a municipal vehicle.</summary>
    Restricted = 16,
    /// <summary>Two sweepers do not fit beside each other.</summary>
    Narrow = 32,
}

/// <summary>
/// The city's streets as a directed graph in flat arrays. A <em>segment</em> is a piece of street between two nodes;
/// an <em>arc</em> is one direction in which it can be driven. Arcs are sorted by tail node, so that the arcs leaving
/// node n are <c>FirstOut[n] .. FirstOut[n + 1]</c>. Immutable and thread-safe; built by <see cref="StreetNetworkBuilder"/>.
/// </summary>
public sealed class StreetNetwork
{
    private readonly NetworkArrays a;
    private readonly Dictionary<string, int> arcByKey;
    private readonly string[] nodeKeys;
    private readonly Dictionary<string, int> nodeByKey;

    internal StreetNetwork(CityFrame frame, NetworkArrays arrays, IReadOnlyList<BannedTurn> bannedTurns)
    {
        Frame = frame;
        a = arrays;
        BannedTurns = bannedTurns;
        arcByKey = new(ArcCount, StringComparer.Ordinal);
        for (var arc = 0; arc < ArcCount; arc++)
        {
            arcByKey[ArcKey(arc)] = arc;
        }

        nodeKeys = NodeKeys(arrays.NodeOsmId);
        nodeByKey = new(NodeCount, StringComparer.Ordinal);
        for (var node = 0; node < NodeCount; node++)
        {
            nodeByKey[nodeKeys[node]] = node;
        }
    }

    public CityFrame Frame { get; }

    public int NodeCount => a.NodePoint.Length;
    public int SegmentCount => a.SegmentFrom.Length;
    public int ArcCount => a.ArcHead.Length;

    /// <summary>Sequences of arcs that may not be driven one after the other.</summary>
    public IReadOnlyList<BannedTurn> BannedTurns { get; }

    /// <summary>Place of each node, metres.</summary>
    public ReadOnlySpan<MapPoint> NodePoint => a.NodePoint;
    /// <summary>OSM id of each node; nodes that a closed barrier parts share one (see <see cref="NodeKey"/>).</summary>
    public ReadOnlySpan<long> NodeOsmId => a.NodeOsmId;
    /// <summary>Index of the first arc that leaves each node; one entry more than there are nodes.</summary>
    public ReadOnlySpan<int> FirstOut => a.FirstOut;

    public ReadOnlySpan<int> ArcTail => a.ArcTail;
    public ReadOnlySpan<int> ArcHead => a.ArcHead;
    public ReadOnlySpan<int> ArcSegment => a.ArcSegment;
    /// <summary>Whether the arc runs as its segment is drawn.</summary>
    public ReadOnlySpan<bool> ArcForward => a.ArcForward;
    /// <summary>The arc of the same segment in the other direction, or -1.</summary>
    public ReadOnlySpan<int> ArcReverse => a.ArcReverse;
    /// <summary>Length of each arc, metres.</summary>
    public ReadOnlySpan<double> ArcLengthM => a.ArcLengthM;
    /// <summary>Speed allowed or usual on each arc, metres per second, before any limit of the vehicle.</summary>
    public ReadOnlySpan<double> ArcSpeedMps => a.ArcSpeedMps;

    public ReadOnlySpan<int> SegmentFrom => a.SegmentFrom;
    public ReadOnlySpan<int> SegmentTo => a.SegmentTo;
    /// <summary>OSM id of the way that each segment is a piece of.</summary>
    public ReadOnlySpan<long> SegmentWayId => a.SegmentWayId;
    /// <summary>Number of the piece along its way, from 0.</summary>
    public ReadOnlySpan<int> SegmentPiece => a.SegmentPiece;
    public ReadOnlySpan<StreetClass> SegmentClass => a.SegmentClass;
    public ReadOnlySpan<Surface> SegmentSurface => a.SegmentSurface;
    public ReadOnlySpan<SegmentTraits> SegmentTraits => a.SegmentTraits;
    /// <summary>Width of the carriageway, metres; 0 where not known.</summary>
    public ReadOnlySpan<float> SegmentWidthM => a.SegmentWidthM;

    /// <summary>Lanes of both directions together, as tagged; 0 where not known.</summary>
    public ReadOnlySpan<byte> SegmentLanes => a.SegmentLanes;

    /// <summary>Half the width of a carriageway, metres: as tagged (1–15), else what is usual for its class.</summary>
    public double HalfWidthM(int segment) => HalfWidthM(SegmentWidthM[segment], SegmentClass[segment]);

    internal static double HalfWidthM(float widthM, StreetClass street) =>
        widthM > 0
            ? Math.Clamp(widthM / 2, 1, 15)
            : street switch
            {
                StreetClass.Motorway or StreetClass.Trunk or StreetClass.Primary => 4,
                StreetClass.Secondary or StreetClass.Tertiary => 3.5,
                StreetClass.Service or StreetClass.Track or StreetClass.Cycleway or StreetClass.Footway => 2,
                _ => 3,
            };

    /// <summary>Street name of the segment; empty where it has none.</summary>
    public string SegmentName(int segment) => a.Names[a.SegmentName[segment]];

    /// <summary>The line of a segment as drawn, both end nodes included.</summary>
    public ReadOnlySpan<MapPoint> SegmentLine(int segment) =>
        a.Points.AsSpan(a.SegmentFirstPoint[segment], a.SegmentFirstPoint[segment + 1] - a.SegmentFirstPoint[segment]);

    /// <summary>The line of an arc in the direction of travel, both end nodes included.</summary>
    public MapPoint[] ArcLine(int arc)
    {
        var line = SegmentLine(ArcSegment[arc]).ToArray();
        if (!ArcForward[arc])
        {
            Array.Reverse(line);
        }

        return line;
    }

    /// <summary>Street name of an arc; empty where it has none.</summary>
    public string ArcName(int arc) => SegmentName(ArcSegment[arc]);

    /// <summary>
    /// A name of the arc that stays the same as long as the OSM way does: way id, piece, and <c>f</c> or <c>b</c>
    /// for the direction, e.g. <c>4711.3f</c>. It is the edge id on the wire.
    /// </summary>
    public string ArcKey(int arc)
    {
        var segment = ArcSegment[arc];
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{SegmentWayId[segment]}.{SegmentPiece[segment]}{(ArcForward[arc] ? 'f' : 'b')}");
    }

    /// <summary>The arc of that key (see <see cref="ArcKey"/>), or null where this network has none.</summary>
    public int? FindArc(string key) => arcByKey.TryGetValue(key, out var arc) ? arc : null;

    /// <summary>
    /// A name that no other node has: <c>n</c> and the OSM id, e.g. <c>n4711</c>. Where a closed barrier parts one OSM node into
    /// several, the second is <c>n4711.1</c>, and so on. It is the node id on the wire.
    /// </summary>
    public string NodeKey(int node) => nodeKeys[node];

    /// <summary>The node of that key (see <see cref="NodeKey"/>), or null where this network has none.</summary>
    public int? FindNode(string key) => nodeByKey.TryGetValue(key, out var node) ? node : null;

    /// <summary>Bearing in which an arc begins, radians counter-clockwise from east.</summary>
    public double StartHeadingRad(int arc)
    {
        var line = SegmentLine(ArcSegment[arc]);
        return ArcForward[arc] ? Heading(line[0], line[1]) : Heading(line[^1], line[^2]);
    }

    /// <summary>Bearing in which an arc ends, radians counter-clockwise from east.</summary>
    public double EndHeadingRad(int arc)
    {
        var line = SegmentLine(ArcSegment[arc]);
        return ArcForward[arc] ? Heading(line[^2], line[^1]) : Heading(line[1], line[0]);
    }

    /// <summary>Angle that a driver turns from one arc into the next, radians in (-π, π], left positive.</summary>
    public double TurnAngleRad(int from, int to)
    {
        var turn = StartHeadingRad(to) - EndHeadingRad(from);
        while (turn > Math.PI)
        {
            turn -= 2 * Math.PI;
        }

        while (turn <= -Math.PI)
        {
            turn += 2 * Math.PI;
        }

        return turn;
    }

    private static string[] NodeKeys(long[] osmIds)
    {
        var keys = new string[osmIds.Length];
        var timesSeen = new Dictionary<long, int>(osmIds.Length);
        for (var node = 0; node < osmIds.Length; node++)
        {
            var osmId = osmIds[node];
            var before = timesSeen.GetValueOrDefault(osmId);
            timesSeen[osmId] = before + 1;
            keys[node] = before == 0
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"n{osmId}")
                : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"n{osmId}.{before}");
        }

        return keys;
    }

    private static double Heading(MapPoint from, MapPoint to) => Math.Atan2(to.Y - from.Y, to.X - from.X);
}

/// <summary>A sequence of two or more arcs that may not be driven one after the other.</summary>
public sealed record BannedTurn(IReadOnlyList<int> Arcs);

/// <summary>The arrays of a <see cref="StreetNetwork"/>, handed over once by its builder.</summary>
internal sealed record NetworkArrays
{
    public required MapPoint[] NodePoint { get; init; }
    public required long[] NodeOsmId { get; init; }
    public required int[] FirstOut { get; init; }
    public required int[] ArcTail { get; init; }
    public required int[] ArcHead { get; init; }
    public required int[] ArcSegment { get; init; }
    public required bool[] ArcForward { get; init; }
    public required int[] ArcReverse { get; init; }
    public required double[] ArcLengthM { get; init; }
    public required double[] ArcSpeedMps { get; init; }
    public required int[] SegmentFrom { get; init; }
    public required int[] SegmentTo { get; init; }
    public required long[] SegmentWayId { get; init; }
    public required int[] SegmentPiece { get; init; }
    public required int[] SegmentName { get; init; }
    public required StreetClass[] SegmentClass { get; init; }
    public required Surface[] SegmentSurface { get; init; }
    public required SegmentTraits[] SegmentTraits { get; init; }
    public required float[] SegmentWidthM { get; init; }
    public required byte[] SegmentLanes { get; init; }
    public required int[] SegmentFirstPoint { get; init; }
    public required MapPoint[] Points { get; init; }
    public required string[] Names { get; init; }
}
