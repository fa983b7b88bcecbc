using System.Diagnostics;
using System.Globalization;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Kehrwerk.Streets.Routing;

namespace Kehrwerk.Bench.Streets;

/// <summary>
/// <c>paths [FILE ...]</c>: every operation of the shortest-path code on real cities, each beside a plain Dijkstra on the same
/// graph in the same process. Processor time of one thread; in each round every operation runs often enough to be measured,
/// and the median over the rounds of its time and of its ratio to the round's Dijkstra is printed as a table in Markdown.
/// </summary>
internal static class PathFigures
{
    private const int Rounds = 15;
    private const int Questions = 1 << 12;
    private static readonly TimeSpan LeastSlice = TimeSpan.FromMilliseconds(40);

    // Dijkstra and RoutingKit on the turn-expanded graph of Liechtenstein, microseconds: reference/ARC-ROUTING.md.
    private const double KitOneToOne = 338;
    private const double KitOneToAll = 719;

    public static int Run(string[] files)
    {
        Console.WriteLine($"{RunAt():yyyy-MM-dd} · {Environment.ProcessorCount} processors, .NET {Environment.Version}, one thread, median of {Rounds} rounds");
        Figures("Musterstadt", Musterstadt());
        foreach (var file in files)
        {
            Figures(Path.GetFileName(file), new(CityImporter.Import(file, new()).Streets, new()));
        }

        return 0;
    }

    private static DateTime RunAt() => DateTime.Now;

    private static TurnGraph Musterstadt()
    {
        var osm = new MemoryStream();
        DemoCity.Write(osm, new(), OsmFileFormat.Pbf);
        osm.Position = 0;
        return new(CityImporter.Import(osm, "Musterstadt", new()).Streets, new());
    }

    private static void Figures(string name, TurnGraph graph)
    {
        var operations = new PathOperations(graph, Questions);
        var oneToOne = new Figure("Dijkstra, one to one", operations.DijkstraOneToOne, null, 0);
        var oneToAll = new Figure("Dijkstra, one to all", operations.DijkstraOneToAll, null, 0);
        Figure[] figures =
        [
            oneToOne,
            oneToAll,
            new("`PlainRouter`, with path", operations.PlainWay, oneToOne, 0),
            new("order", operations.Order, oneToAll, 150_000 / KitOneToAll),
            new("order and build", operations.Build, oneToAll, 154_400 / KitOneToAll),
            new("customise", operations.Customise, oneToAll, 2_500 / KitOneToAll),
            new("update of one arc", operations.CloseOrOpen, oneToAll, 6 / KitOneToAll),
            new("query, time", operations.Time, oneToOne, 3.8 / KitOneToOne),
            new("query with path", operations.Way, oneToOne, 3.8 / KitOneToOne),
            .. operations.TableArcs.Select(arcs => new Figure(
                string.Create(CultureInfo.InvariantCulture, $"table {arcs.Length}²"),
                () => operations.Table(arcs),
                oneToAll,
                arcs.Length == 4000 ? (181_000 + 14_000) / KitOneToAll : 0)),
        ];
        foreach (var figure in figures)
        {
            figure.WarmUp();
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var figure in figures)
            {
                figure.Measure();
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            ## {name}: {graph.Network.ArcCount:N0} arcs, {graph.StateCount:N0} states, {graph.TurnTo.Length:N0} turns, {operations.EdgeCount:N0} edges in the hierarchy

            | operation | µs | quartiles | against | ratio | RoutingKit's ratio | ours / RoutingKit's |
            | --- | ---: | ---: | --- | ---: | ---: | ---: |
            """));
        foreach (var figure in figures)
        {
            Console.WriteLine(figure.Row());
        }
    }

    private sealed class Figure(string name, Action run, Figure? against, double kitRatio)
    {
        private readonly List<double> micros = [];
        private int repeats = 1;

        public void WarmUp()
        {
            // Until compiled code is at its best: two seconds or thirty runs.
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 30 || watch.ElapsedMilliseconds < 500; i++)
            {
                run();
                if (watch.ElapsedMilliseconds > 2000)
                {
                    break;
                }
            }

            while (Once(repeats) < LeastSlice)
            {
                repeats *= 2;
            }
        }

        public void Measure() => micros.Add(Once(repeats).TotalMicroseconds / repeats);

        public string Row()
        {
            var ratio = against is null ? 0 : Median([.. micros.Zip(against.micros, (a, b) => a / b)]);
            var sorted = micros.Order().ToArray();
            return string.Create(CultureInfo.InvariantCulture, $"| {name} | {Short(Median(sorted))} | {Short(sorted[sorted.Length / 4])}–{Short(sorted[3 * sorted.Length / 4])} ")
                + (against is null ? "| | | | |" : $"| {against.Name} | {Short(ratio)} " + (kitRatio == 0 ? "| | |" : $"| {Short(kitRatio)} | {Short(ratio / kitRatio)} |"));
        }

        private string Name => name;

        private TimeSpan Once(int times)
        {
            var start = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < times; i++)
            {
                run();
            }

            return Environment.CpuUsage.TotalTime - start;
        }

        private static double Median(double[] values)
        {
            Array.Sort(values);
            return values[values.Length / 2];
        }

        // Three significant digits.
        private static string Short(double value) => value >= 100
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : value.ToString("G3", CultureInfo.InvariantCulture);
    }
}
