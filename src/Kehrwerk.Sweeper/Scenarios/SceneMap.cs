using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>
/// The streets of a scene: <c>main</c> runs from (0, 0) to the east for 300 m (in the bend it turns north half way), <c>side</c> crosses it in the
/// middle from the south. The vehicle stands at the west end, where a street of 60 m leads up to it; the depot is at the end of what follows on
/// <c>main</c>. Immutable.
/// </summary>
internal sealed class SceneMap
{
    public const double LengthM = 300;
    private const double BeforeM = 60;
    private const double HalfM = LengthM / 2;

    // A broad bridge of railways and roads, as there is one before every main station.
    private const double BridgeM = 30;

    private readonly MapPoint[] main;
    private readonly MapPoint[] side = [new(HalfM, -HalfM), new(HalfM, HalfM)];

    private SceneMap(MapPoint[] main, StreetNetwork streets, IReadOnlyList<int> way, int startArc, int depotArc) =>
        (this.main, Streets, Way, StartArc, DepotArc) = (main, streets, way, startArc, depotArc);

    public StreetNetwork Streets { get; }

    /// <summary>The arcs that the vehicle is to drive.</summary>
    public IReadOnlyList<int> Way { get; }

    /// <summary>The arc at whose end it stands.</summary>
    public int StartArc { get; }

    public int DepotArc { get; }

    /// <param name="turn">At the crossing: −1 right, 0 straight on, 1 left.</param>
    public static SceneMap Of(SceneKind kind, double widthM, double speedKmh, bool isOneWay, bool isMainRoad, int turn)
    {
        var frame = CityFrame.Around(new(51.43, 6.76));
        var builder = new StreetNetworkBuilder(frame);
        var (nodes, wayId) = (new Dictionary<MapPoint, int>(), 0L);
        MapPoint[] main = kind == SceneKind.Bend ? [new(0, 0), new(HalfM, 0), new(HalfM, HalfM)] : [new(0, 0), new(LengthM, 0)];
        var end = main[^1];
        var after = kind == SceneKind.Bend ? new MapPoint(HalfM, HalfM + BeforeM) : new(LengthM + BeforeM, 0);
        Add(Main(), [new(-BeforeM, 0), new(0, 0)]);
        switch (kind)
        {
            case SceneKind.Crossing:
                var middle = new MapPoint(HalfM, 0);
                Add(Main(), [main[0], middle]);
                Add(Main(), [middle, end]);
                Add(StreetClass.Residential, [new(HalfM, -HalfM), middle]);
                Add(StreetClass.Residential, [middle, new(HalfM, HalfM)]);
                break;
            case SceneKind.Underpass:
                Add(Main(), main);
                Add(StreetClass.Primary, [new(HalfM, -HalfM), new(HalfM, HalfM)], SegmentTraits.Bridge, BridgeM);
                break;
            default:
                Add(Main(), main);
                break;
        }

        if (kind != SceneKind.DeadEnd)
        {
            Add(Main(), [end, after]);
        }

        var streets = builder.Build();
        var startArc = ArcInto(streets, new(-BeforeM, 0), new(0, 0));
        var way = Follow(streets, startArc, kind == SceneKind.DeadEnd, turn);
        return new(main, streets, way, startArc, kind == SceneKind.DeadEnd ? way[^1] : ArcInto(streets, end, after));

        StreetClass Main() => isMainRoad ? StreetClass.Primary : StreetClass.Residential;

        void Add(StreetClass street, MapPoint[] line, SegmentTraits traits = SegmentTraits.None, double? bridgeM = null) => builder.AddSegment(new(
            Node(line[0]), Node(line[^1]), line, ++wayId, 0, isOneWay && street == Main() && kind != SceneKind.DeadEnd ? Directions.Forward : Directions.Both,
            wayId < 100 && line[0].Y == 0 ? "Hauptweg" : "Querweg", street, speedKmh / 3.6, (float)(bridgeM ?? widthM), Traits: traits));

        int Node(MapPoint at)
        {
            if (!nodes.TryGetValue(at, out var node))
            {
                nodes.Add(at, node = builder.AddNode(nodes.Count + 1, at));
            }

            return node;
        }
    }

    /// <summary>A place of a scenario on the plane: metres along a street, metres to the left of its middle.</summary>
    public MapPoint At(string street, double atM, double asideM)
    {
        var line = street == "side" ? side : main;
        var i = 1;
        while (i < line.Length - 1 && atM > line[i - 1].DistanceTo(line[i]))
        {
            atM -= line[i - 1].DistanceTo(line[i]);
            i++;
        }

        var (a, b) = (line[i - 1], line[i]);
        var lengthM = a.DistanceTo(b);
        var (ux, uy) = ((b.X - a.X) / lengthM, (b.Y - a.Y) / lengthM);
        return new(a.X + (ux * atM) - (uy * asideM), a.Y + (uy * atM) + (ux * asideM));
    }

    /// <summary>The direction of a street at a place, radians counter-clockwise from east.</summary>
    public double HeadingRad(string street, double atM)
    {
        var (a, b) = (At(street, atM - 0.1, 0), At(street, atM + 0.1, 0));
        return Math.Atan2(b.Y - a.Y, b.X - a.X);
    }

    /// <summary>From the start on along <c>main</c>, at the crossing as asked; in the dead end to its end and back.</summary>
    private static List<int> Follow(StreetNetwork streets, int startArc, bool isDeadEnd, int turn)
    {
        var way = new List<int>();
        var node = streets.ArcHead[startArc];
        var arc = startArc;
        while (true)
        {
            var (next, best) = (-1, double.PositiveInfinity);
            for (var candidate = streets.FirstOut[node]; candidate < streets.FirstOut[node + 1]; candidate++)
            {
                if (candidate == streets.ArcReverse[arc])
                {
                    continue;
                }

                var isCrossing = streets.FirstOut[node + 1] - streets.FirstOut[node] > 2;
                var off = Math.Abs(Math.IEEERemainder(streets.TurnAngleRad(arc, candidate) - (isCrossing ? turn * Math.PI / 2 : 0), 2 * Math.PI));
                (next, best) = off < best ? (candidate, off) : (next, best);
            }

            if (next < 0)
            {
                break;
            }

            way.Add(next);
            arc = next;
            node = streets.ArcHead[arc];
        }

        if (isDeadEnd)
        {
            way.Add(streets.ArcReverse[arc]);
        }
        else if (streets.NodePoint[node].X > LengthM || streets.NodePoint[node].Y > HalfM)
        {
            // The depot's street is not part of the task.
            way.RemoveAt(way.Count - 1);
        }

        return way;
    }

    private static int ArcInto(StreetNetwork streets, MapPoint from, MapPoint to)
    {
        for (var arc = 0; arc < streets.ArcCount; arc++)
        {
            if (streets.NodePoint[streets.ArcTail[arc]] == from && streets.NodePoint[streets.ArcHead[arc]] == to)
            {
                return arc;
            }
        }

        throw new InvalidOperationException($"The scene has no street from {from} to {to}.");
    }
}
