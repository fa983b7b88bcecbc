using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>
/// Reads benchmark files of arc routing: the classic CARP format (<c>NOMBRE : …</c>; sets gdb, val, egl, bmcv, Hefei, Beijing) and the
/// format of mixed CARP with or without intermediate facilities (<c>NAME : …</c>; Willemse). A file shows by its lines which it is.
/// Blanks, blank lines, line ends and the order of the lines are free; what the lines say must be whole and consistent.
/// </summary>
public static partial class ArcInstanceReader
{
    private const long MaxFileBytes = 32 << 20;
    private const int MaxNumber = 1_000_000_000;

    // Every sum of costs or demands over the links stays below, so that no least cost reaches CostTable.NoWay.
    private const long MaxSum = CostTable.NoWay - 1;

    /// <summary>Whether a file begins as an instance does; says nothing of the rest.</summary>
    public static bool Recognises(TextReader text)
    {
        while (text.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                return HeaderLine.Match(line.Trim()) is { Success: true } header && header.Groups["word"].Value.ToUpperInvariant() is "NOMBRE" or "NAME";
            }
        }

        return false;
    }

    /// <exception cref="InputException">The file cannot be read, or is no sound instance; the message names the line and what to do.</exception>
    public static ArcInstance Read(string path)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            if (bytes > MaxFileBytes)
            {
                throw new InputException(path, $"{bytes:N0} bytes are too many for a benchmark instance", $"Give a file of at most {MaxFileBytes >> 20} MiB");
            }

            using var text = new StreamReader(path);
            return Read(text, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"the file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }

    /// <param name="source">The file as the person knows it.</param>
    public static ArcInstance Read(TextReader text, string source)
    {
        var file = new Lines(source);
        for (var line = 1; text.ReadLine() is { } content; line++)
        {
            // Some files have a rule of dashes below their headers.
            if (content.Trim() is { } trimmed && !trimmed.All(c => c == '-'))
            {
                file.Take(line, trimmed);
            }
        }

        return file.ToInstance();
    }

    // ( 1, 2)  coste 13 demanda 1    or    (1,9)   serv_cost 3    trav_cost 3    demand 9
    [GeneratedRegex(@"^\(\s*(?<from>-?\d+)\s*,\s*(?<to>-?\d+)\s*\)(?:\s*(?<word>[A-Za-z_]+)\s+(?<value>-?\d+))*$", RegexOptions.CultureInvariant)]
    private static partial Regex LinkLine { get; }

    [GeneratedRegex(@"^(?<word>[A-Za-z_]+(?: [A-Za-z_]+)?)\s*:(?<value>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderLine { get; }

    /// <summary>What has been read so far.</summary>
    private sealed class Lines(string source)
    {
        // The words of the classic format and of a third spelling (egl as Willemse has it), and the mixed format's word for the same.
        private static readonly Dictionary<string, string> Classic = new(StringComparer.OrdinalIgnoreCase)
        {
            ["NOMBRE"] = "NAME",
            ["COMENTARIO"] = "COMMENT",
            ["VERTICES"] = "NODES",
            ["ARISTAS_REQ"] = "REQ_EDGES",
            ["ARISTAS_NOREQ"] = "NOREQ_EDGES",
            ["VEHICULOS"] = "VEHICLES",
            ["CAPACIDAD"] = "CAPACITY",
            ["TIPO_COSTES_ARISTAS"] = "COST_TYPE",
            ["TIPO_COSTES"] = "COST_TYPE",
            ["COSTE_TOTAL_REQ"] = "TOTAL_COST",
            ["LISTA_ARISTAS_REQ"] = "LIST_REQ_EDGES",
            ["LISTA_ARISTAS_NOREQ"] = "LIST_NOREQ_EDGES",
            ["DEPOSITO"] = "DEPOT",
            ["EDGES_REQ"] = "REQ_EDGES",
            ["EDGES_NOREQ"] = "NOREQ_EDGES",
            ["EDGE_REQ_LIST"] = "LIST_REQ_EDGES",
            ["EDGE_NOREQ_LIST"] = "LIST_NOREQ_EDGES",
        };

        // In the order in which files have them. COSTE_TOTAL_REQ is read over: in the val files it is not the sum of their costs.
        private static readonly string[] Headers =
            ["NAME", "COMMENT", "UPPER_BOUND", "NODES", "VEHICLES", "CAPACITY", "COST_TYPE", "TOTAL_COST", "DUMPING_COST", "MAX_TRIP", "DEPOT", "DUMPING_SITES"];

        private static readonly string[] Lists = ["REQ_EDGES", "NOREQ_EDGES", "REQ_ARCS", "NOREQ_ARCS"];

        private readonly Dictionary<string, (int Line, string Value)> headers = [];
        private readonly Dictionary<string, int> found = [];
        private readonly HashSet<int> nodes = [];
        private readonly ImmutableArray<ArcLink>.Builder links = ImmutableArray.CreateBuilder<ArcLink>();
        private readonly ImmutableArray<RequiredLink>.Builder required = ImmutableArray.CreateBuilder<RequiredLink>();
        private string? list;
        private long travelSum;
        private long serviceSum;
        private long demandSum;

        public void Take(int line, string content)
        {
            if (content.StartsWith('('))
            {
                TakeLink(line, content);
                return;
            }

            var match = HeaderLine.Match(content);
            var word = match.Groups["word"].Value.Replace(' ', '_');
            var key = Classic.GetValueOrDefault(word, word.ToUpperInvariant());
            if (!match.Success || !(Headers.Contains(key) || Lists.Contains(key) || ListOf(key) is not null))
            {
                throw Fault(
                    line,
                    headers.Count == 0 ? "this is not an arc routing instance" : $"'{Shown(content)}' is neither a header nor a link of this format",
                    headers.Count == 0 ? "Give a file that begins with NOMBRE : … (classic CARP) or NAME : … (mixed CARP)" : "Correct or remove the line");
            }

            if (!headers.TryAdd(key, (line, match.Groups["value"].Value.Trim())))
            {
                throw Fault(line, $"{word} stands in line {headers[key].Line} already", "Keep one of them");
            }

            list = ListOf(key);
        }

        public ArcInstance ToInstance()
        {
            if (headers.Count == 0)
            {
                throw new InputException(source, "the file is empty", "Give a benchmark instance");
            }

            if (headers.TryGetValue("COST_TYPE", out var type) && !type.Value.Equals("EXPLICITOS", StringComparison.OrdinalIgnoreCase))
            {
                throw Fault(type.Line, $"'{Shown(type.Value)}' is a kind of costs that is not known here", "Give an instance with EXPLICITOS, a cost at each link");
            }

            var capacity = Number("CAPACITY", least: 1);
            foreach (var name in Lists)
            {
                CheckCount(name);
            }

            CheckNodes();
            if (required.FirstOrDefault(r => r.Demand > capacity) is { } heavy)
            {
                throw Fault(heavy.Link.Line, $"the demand {heavy.Demand} is more than a vehicle holds ({capacity})", "Lower it, or raise the capacity");
            }

            return required.Count == 0
                ? throw new InputException(source, "no link is to be served", "List at least one required edge or arc")
                : new()
                {
                    Source = source,
                    NodeCount = nodes.Count,
                    Vehicles = Number("VEHICLES", least: 1),
                    Capacity = capacity,
                    Depot = NodeOf("DEPOT", Header("DEPOT").Value),
                    DumpingCost = headers.ContainsKey("DUMPING_COST") ? Number("DUMPING_COST", least: 0) : 0,
                    MaxTrip = headers.ContainsKey("MAX_TRIP") ? Number("MAX_TRIP", least: 1) : null,
                    DumpingSites = Sites(),
                    Links = links.ToImmutable(),
                    Required = required.ToImmutable(),
                };
        }

        // The name of the list that a header opens.
        private static string? ListOf(string key) => key.StartsWith("LIST_", StringComparison.Ordinal) && Lists.Contains(key[5..]) ? key[5..] : null;

        private void TakeLink(int line, string content)
        {
            if (list is null)
            {
                throw Fault(line, "a link stands outside every list", "Put it below LISTA_ARISTAS_REQ, LIST_REQ_ARCS or the like");
            }

            var match = LinkLine.Match(content);
            var words = match.Groups["word"].Captures.Select(w => w.Value.ToLowerInvariant()).ToArray();
            var isRequired = !list.StartsWith("NO", StringComparison.Ordinal);
            if (!match.Success || !(isRequired ? words is ["coste" or "cost", "demanda" or "demand"] or ["serv_cost", "trav_cost" or "trave_cost", "demand"] : words is ["coste" or "cost"]))
            {
                var expected = isRequired ? "(1, 2) coste 3 demanda 4, or (1,2) serv_cost 3 trav_cost 2 demand 4" : "(1, 2) coste 3, or (1,2) cost 3";
                throw Fault(line, $"'{Shown(content)}' is not a link as this list has it", $"Write it as {expected}");
            }

            var values = match.Groups["value"].Captures.Zip(words, (v, word) => Number(line, word, v.Value, 0)).ToArray();
            var link = new ArcLink(
                NodeNumber(line, match.Groups["from"].Value),
                NodeNumber(line, match.Groups["to"].Value),
                list.EndsWith("ARCS", StringComparison.Ordinal),
                words is ["serv_cost", ..] ? values[1] : values[0],
                line);
            links.Add(link);
            nodes.Add(link.From);
            nodes.Add(link.To);
            found[list] = found.GetValueOrDefault(list) + 1;
            travelSum += link.TraversalCost;
            if (isRequired)
            {
                required.Add(new(link, values[0], values[^1]));
                serviceSum += values[0];
                demandSum += values[^1];
            }

            if (Math.Max(travelSum, Math.Max(serviceSum, demandSum)) > MaxSum)
            {
                throw Fault(line, $"up to here the costs or demands sum to more than {MaxSum:N0}", "Use a coarser unit");
            }
        }

        private void CheckCount(string name)
        {
            var listed = found.GetValueOrDefault(name);
            var stated = headers.ContainsKey(name) ? Number(name, least: 0) : 0;
            if (listed != stated)
            {
                throw Fault(
                    headers.TryGetValue(name, out var header) ? header.Line : headers["LIST_" + name].Line,
                    $"{Word(name)} states {stated:N0} links, {listed:N0} are listed",
                    "Correct the number, or complete the list");
            }
        }

        private void CheckNodes()
        {
            var stated = Number("NODES", least: 1);
            if (stated != nodes.Count)
            {
                throw Fault(headers["NODES"].Line, $"{Word("NODES")} states {stated:N0} nodes, the links join {nodes.Count:N0}", "Correct the number, or the links");
            }
        }

        private ImmutableArray<int> Sites()
        {
            if (!headers.TryGetValue("DUMPING_SITES", out var header))
            {
                return [];
            }

            var sites = header.Value.Split(',').Select(site => NodeOf("DUMPING_SITES", site.Trim())).ToImmutableArray();
            return sites.Distinct().Count() == sites.Length
                ? sites
                : throw Fault(header.Line, "a dumping site is listed twice", "List each node once");
        }

        private int NodeOf(string key, string text)
        {
            var line = headers[key].Line;
            var node = NodeNumber(line, text);
            return nodes.Contains(node) ? node : throw Fault(line, $"{Word(key)} is node {node}, which no link touches", "Give a node of the network");
        }

        private int NodeNumber(int line, string text) => Number(line, "the node", text, -MaxNumber);

        private int Number(string key, int least) => Number(Header(key).Line, Word(key), Header(key).Value, least);

        private int Number(int line, string what, string text, int least) =>
            !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? throw Fault(line, $"{what} '{Shown(text)}' is not a whole number", "Write digits only")
                : value < least || value > MaxNumber
                    ? throw Fault(line, $"{what} is {value}, it must lie between {least} and {MaxNumber}", "Correct the number")
                    : (int)value;

        private (int Line, string Value) Header(string key) => headers.TryGetValue(key, out var header)
            ? header
            : throw new InputException(source, $"the line {Word(key)} is missing", "Add it; where lines are missing at the end, the file may be cut off");

        // The word for a key in the language of this file.
        private string Word(string key) =>
            headers.ContainsKey("REQ_ARCS") ? key : Classic.FirstOrDefault(word => word.Value == key, new(key, key)).Key;

        private static string Shown(string text) =>
            new([.. (text.Length > 60 ? text[..60] + "…" : text).Select(c => char.IsControl(c) ? '?' : c)]);

        private InputException Fault(int line, string problem, string remedy) => new($"{source}, line {line}", problem, remedy);
    }
}
