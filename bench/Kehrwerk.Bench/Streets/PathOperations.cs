using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Bench.Streets;

/// <summary>What <see cref="PathFigures"/> measures. Each call of a query asks the next of a fixed list of random questions.</summary>
internal sealed class PathOperations
{
    private static readonly int[] TableSizes = [1000, 3000, 4000];

    private readonly TurnGraph graph;
    private readonly StreetHierarchy hierarchy;
    private readonly HierarchyTimes times;
    private readonly PlainRouter plain;
    private readonly FastRouter fast;
    private readonly LeanDijkstra dijkstra;
    private readonly int[] fromArcs;
    private readonly int[] toArcs;
    private int at;

    public PathOperations(TurnGraph graph, int questions)
    {
        this.graph = graph;
        hierarchy = new(graph);
        times = new(hierarchy, Closures.None);
        plain = new(graph);
        fast = new(times);
        dijkstra = new(graph);
        var random = new Random(1);
        var arcCount = graph.Network.ArcCount;
        fromArcs = Draw(questions);
        toArcs = Draw(questions);
        int[] shuffled = [.. Enumerable.Range(0, arcCount)];
        random.Shuffle(shuffled);
        TableArcs = [.. TableSizes.Where(count => count <= arcCount).Select(count => shuffled[..count])];

        int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(arcCount))];
    }

    public int EdgeCount => hierarchy.EdgeCount;

    /// <summary>The places of each table: different arcs in random order.</summary>
    public int[][] TableArcs { get; }

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

    public void Table(int[] arcs) => TravelTable.Build(times, arcs, arcs);

    private int Next() => at = (at + 1) & (fromArcs.Length - 1);
}
