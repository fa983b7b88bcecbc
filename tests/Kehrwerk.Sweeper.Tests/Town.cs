using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;

namespace Kehrwerk.Sweeper.Tests;

/// <summary>
/// A small town for tests. Every street can be driven both ways; <c>f</c> is the direction in which it is drawn here.
/// <code>
///        4 ───── 3.0 (300 m) ───── 3
///        │                         │
///   4.0 (200 m)               2.0 (200 m, with a bend)
///        │                         │
///   D=1 ─┴── 1.0 (300 m) ──────────2
/// </code>
/// The depot is at node 1; the depot's arc is 1.0b.
/// </summary>
internal sealed class Town
{
    public const string MapId = "test-town";

    private static readonly Lazy<City> musterstadt = new(() =>
    {
        using var file = new MemoryStream();
        DemoCity.Write(file, new(KerbKm: 10, Addresses: 100), OsmFileFormat.Xml);
        return CityImporter.Import(file, "Musterstadt", new());
    });

    private Town(StreetNetwork map) => Map = map;

    public static Town Instance { get; } = Build();

    public StreetNetwork Map { get; }

    /// <summary>The demo city, small.</summary>
    public static City Musterstadt => musterstadt.Value;

    public int DepotArc => Map.FindArc("1.0b")!.Value;

    /// <summary>Without supervision: most tests are about what an order makes of a vehicle.</summary>
    public SweeperSettings Settings => new() { DepotArc = DepotArc, DirtSpread = 0, Supervision = null };

    public string NodeBefore(string arc) => Map.NodeKey(Map.ArcTail[Map.FindArc(arc)!.Value]);

    public string NodeAfter(string arc) => Map.NodeKey(Map.ArcHead[Map.FindArc(arc)!.Value]);

    public double LengthM(string arc) => Map.ArcLengthM[Map.FindArc(arc)!.Value];

    /// <summary>An order over arcs in turn.</summary>
    /// <param name="released">How many of the arcs are the base; all if null.</param>
    /// <param name="sweep">Arcs (by index) that are swept on the right side.</param>
    /// <param name="atNode">Actions at nodes, by the node's index in the order.</param>
    public Order Order(
        string orderId,
        uint updateId,
        IReadOnlyList<string> arcs,
        int? released = null,
        uint firstSequenceId = 0,
        Func<int, bool>? sweep = null,
        IReadOnlyDictionary<int, ImmutableArray<RobotAction>>? atNode = null,
        (string Id, MapPoint Place)? start = null)
    {
        var startId = start?.Id ?? (arcs.Count > 0 ? NodeBefore(arcs[0]) : "n1");
        var startPlace = start?.Place ?? PlaceOf(startId);
        var nodes = new List<OrderNode> { Node(0, startId, startPlace) };
        var edges = new List<OrderEdge>();
        for (var i = 0; i < arcs.Count; i++)
        {
            var sequenceId = firstSequenceId + (2 * (uint)i) + 1;
            ImmutableArray<RobotAction> actions = sweep?.Invoke(i) == true
                ? [SweeperActions.SweepKerb($"{orderId}.sweep.{sequenceId}", arcs[i], SweepSide.Right)]
                : [];
            edges.Add(new(arcs[i], sequenceId, i < (released ?? arcs.Count), actions));
            nodes.Add(Node(i + 1, NodeAfter(arcs[i]), PlaceOf(NodeAfter(arcs[i]))));
        }

        return new()
        {
            HeaderId = 0,
            Timestamp = Rig.Begin,
            Vehicle = Rig.Id,
            OrderId = orderId,
            OrderUpdateId = updateId,
            Nodes = [.. nodes],
            Edges = [.. edges],
        };

        OrderNode Node(int index, string id, MapPoint place) => new(
            id,
            firstSequenceId + (2 * (uint)index),
            index <= (released ?? arcs.Count),
            atNode?.GetValueOrDefault(index, []) ?? [],
            new NodePosition(place.X, place.Y, MapId));
    }

    public MapPoint PlaceOf(string nodeId) => Map.NodePoint[Map.FindNode(nodeId)!.Value];

    private static Town Build()
    {
        var builder = new StreetNetworkBuilder(CityFrame.Around(new(51.43, 6.76)));
        MapPoint[] corners = [new(0, 0), new(300, 0), new(300, 200), new(0, 200)];
        foreach (var (i, corner) in corners.Index())
        {
            builder.AddNode(i + 1, corner);
        }

        builder.AddSegment(new(0, 1, [corners[0], corners[1]], 1, 0, Directions.Both, "Hofstraße"));
        builder.AddSegment(new(1, 2, [corners[1], new(320, 100), corners[2]], 2, 0, Directions.Both, "Bogenstraße"));
        builder.AddSegment(new(2, 3, [corners[2], corners[3]], 3, 0, Directions.Both, "Langestraße", SpeedMps: 30 / 3.6));
        builder.AddSegment(new(3, 0, [corners[3], corners[0]], 4, 0, Directions.Both, "Gasse", SpeedMps: 4));
        return new(builder.Build());
    }
}
