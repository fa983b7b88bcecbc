using BenchmarkDotNet.Attributes;
using Kehrwerk.Streets.Import;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Bench.Streets;

/// <summary>
/// The hierarchy against plain Dijkstra on Heidelberg (23,000 arcs, 40,000 turns). Each query benchmark asks the same
/// 256 questions in turn; both table benchmarks ask for the same 1,000 by 1,000 times.
/// </summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private const int Questions = 256;
    private const int TableArcs = 1000;

    private readonly int[] fromArcs = new int[TableArcs];
    private readonly int[] toArcs = new int[TableArcs];
    private TurnGraph graph = null!;
    private StreetHierarchy hierarchy = null!;
    private HierarchyTimes times = null!;
    private PlainRouter plain = null!;
    private FastRouter fast = null!;
    private int at;

    [GlobalSetup]
    public void Setup()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
        {
            folder = folder.Parent;
        }

        var path = Path.Combine(folder?.FullName ?? ".", "..", "shared", "data", "osm", "heidelberg.osm.pbf");
        graph = new(CityImporter.Import(path, new()).Streets, new());
        hierarchy = new(graph);
        times = new(hierarchy, Closures.None);
        plain = new(graph);
        fast = new(times);
        var random = new Random(1);
        for (var i = 0; i < TableArcs; i++)
        {
            (fromArcs[i], toArcs[i]) = (random.Next(graph.Network.ArcCount), random.Next(graph.Network.ArcCount));
        }
    }

    [Benchmark]
    public Route? PlainWay() => plain.Find(fromArcs[Next()], toArcs[at]);

    [Benchmark]
    public Route? FastWay() => fast.Find(fromArcs[Next()], toArcs[at]);

    [Benchmark]
    public int FastTime() => fast.TimeMs(fromArcs[Next()], toArcs[at]);

    [Benchmark]
    public TravelTable PlainTable() => TravelTable.BuildPlainly(graph, Closures.None, fromArcs, toArcs, 1, default);

    [Benchmark]
    public TravelTable FastTable() => TravelTable.Build(times, fromArcs, toArcs);

    [Benchmark]
    public StreetHierarchy BuildHierarchy() => new(graph);

    [Benchmark]
    public HierarchyTimes Customise() => new(hierarchy, Closures.None);

    [Benchmark]
    public HierarchyTimes CloseOneArc() => times.With(Closures.None.Close(fromArcs[Next()]));

    private int Next() => at = (at + 1) % Questions;
}
