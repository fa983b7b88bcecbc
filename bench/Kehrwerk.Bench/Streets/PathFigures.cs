using System.Diagnostics;
using System.Globalization;
using Kehrwerk.Streets;
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
    private static readonly TimeSpan LeastSlice = TimeSpan.FromMilliseconds(40);

    // Dijkstra and RoutingKit on the turn-expanded graph of Liechtenstein, microseconds: reference/ARC-ROUTING.md.
    private const double KitOneToOne = 338;
    private const double KitOneToAll = 719;

    public static int Run(string[] files)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:yyyy-MM-dd} · {Environment.ProcessorCount} processors, .NET {Environment.Version}, one thread, median of {Rounds} rounds"));
        Figures("Musterstadt", Musterstadt(new()), new());
        Figures("Musterstadt with ten times the kerbs", Musterstadt(new(KerbKm: 600)), new());
        foreach (var file in files)
        {
            var streets = CityImporter.Import(file, new()).Streets;
            Figures(Path.GetFileName(file), streets, new());
            Figures(Path.GetFileName(file) + ", turning back allowed everywhere", streets, new(UTurnRule: UTurnRule.Everywhere));
        }

        return 0;
    }

    private static StreetNetwork Musterstadt(DemoCityOptions options)
    {
        var osm = new MemoryStream();
        DemoCity.Write(osm, options, OsmFileFormat.Pbf);
        osm.Position = 0;
        return CityImporter.Import(osm, "Musterstadt", new()).Streets;
    }

    private static void Figures(string name, StreetNetwork streets, TravelCosts costs)
    {
        var operations = new PathOperations(new(streets, costs));
        var oneToOne = new Figure("Dijkstra, one to one", operations.DijkstraOneToOne, null, 0);
        var oneToAll = new Figure("Dijkstra, one to all", operations.DijkstraOneToAll, null, 0);
        List<Figure> figures =
        [
            oneToOne,
            oneToAll,
            new("`PlainRouter`, with path", operations.PlainWay, oneToOne, 0),
            new("order", operations.Order, oneToAll, 150_000 / KitOneToAll),
            new("order and build", operations.Build, oneToAll, 154_400 / KitOneToAll),
            new("customise", operations.Customise, oneToAll, 2_500 / KitOneToAll),
            new("close one arc, or open it again", operations.CloseOrOpen, oneToAll, 6 / KitOneToAll),
            new("query, time", operations.Time, oneToOne, 3.8 / KitOneToOne),
            new("query with path", operations.Way, oneToOne, 3.8 / KitOneToOne),
        ];
        if (operations.HasPlaces)
        {
            figures.Add(new("8 × 3,000 times", operations.FewRows, oneToAll, 0));
            figures.Add(new("close one arc and 3,000² times anew", operations.CloseAndTable, oneToAll, 0));
            figures.Add(new("4,000² times", operations.Table, oneToAll, (14_000 + 181_000) / KitOneToAll));
        }

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

            ## {name}

            {operations.Size}

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
