using System.Globalization;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Bench.Streets;

/// <summary>What <see cref="PathFigures"/> measures. Each call of a query asks the next of a fixed list of random questions.</summary>
internal sealed class PathOperations
{
    private const int Questions = 1 << 12;
    private const int Places = 4000;

    private readonly TurnGraph graph;
    private readonly StreetHierarchy hierarchy;
    private readonly HierarchyTimes times;
    private readonly PlainRouter plain;
    private readonly FastRouter fast;
    private readonly LeanDijkstra dijkstra;
    private readonly int[] fromArcs = new int[Questions];
    private readonly int[] toArcs = new int[Questions];

    // Different arcs in random order.
    private readonly int[] places;
    private int at;

    public PathOperations(TurnGraph graph)
    {
        this.graph = graph;
        hierarchy = new(graph);
        times = new(hierarchy, Closures.None);
        plain = new(graph);
        fast = new(times);
        dijkstra = new(graph);
        var random = new Random(1);
        for (var i = 0; i < Questions; i++)
        {
            (fromArcs[i], toArcs[i]) = (random.Next(graph.Network.ArcCount), random.Next(graph.Network.ArcCount));
        }

        int[] arcs = [.. Enumerable.Range(0, graph.Network.ArcCount)];
        random.Shuffle(arcs);
        places = arcs[..Math.Min(arcs.Length, Places)];
    }

    public string Size => string.Create(
        CultureInfo.InvariantCulture,
        $"{graph.Network.ArcCount:N0} arcs, {graph.StateCount:N0} states, {graph.TurnTo.Length:N0} turns, {hierarchy.EdgeCount:N0} edges in the hierarchy.");

    public bool HasPlaces => places.Length == Places;

    public void DijkstraOneToOne() => dijkstra.TimeMs(fromArcs[Next()], toArcs[at]);

    public void DijkstraOneToAll() => dijkstra.TimeMs(fromArcs[Next()], -1);

    public void PlainWay() => plain.Find(fromArcs[Next()], toArcs[at]);

    public void Order() => NestedDissection.Order(graph);

    public void Build() => _ = new StreetHierarchy(graph);

    public void Customise() => times.SetAllArcMs(graph.ArcMs);

    public void CloseOrOpen()
    {
        var arc = fromArcs[at];
        if (times.IsClosed(arc))
        {
            times.Open(arc);
            Next();
        }
        else
        {
            times.Close(arc);
        }
    }

    public void Time() => fast.TimeMs(fromArcs[Next()], toArcs[at]);

    public void Way() => fast.Find(fromArcs[Next()], toArcs[at]);

    public void FewRows() => TravelTable.Build(times, places[..8], places[..3000]);

    public void CloseAndTable()
    {
        CloseOrOpen();
        TravelTable.Build(times, places[..3000], places[..3000]);
    }

    public void Table() => TravelTable.Build(times, places, places);

    private int Next() => at = (at + 1) & (Questions - 1);
}
