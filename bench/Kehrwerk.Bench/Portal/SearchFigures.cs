using System.Diagnostics;
using System.Globalization;
using System.Net;
using Kehrwerk.Portal.Addresses;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Streets;
using Kehrwerk.Streets.Demo;
using Kehrwerk.Streets.Import;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Bench.Portal;

/// <summary>
/// <c>search [FILE MAPPING] [--misses]</c>: the address search on an official list, else on Musterstadt. How often the right address comes first
/// after one and two typing errors, on streets that were used for tuning and on the others; time of a search over 500,000 addresses beside a plain
/// pass over all street names, both in processor time of the process; memory. With --misses what went wrong on the tuning streets. A table in Markdown.
/// </summary>
internal static class SearchFigures
{
    private const int Wanted = 500_000;
    private const int Queries = 10_000;

    private static readonly string[] Towns = ["Nord", "Süder", "Wester", "Oster", "Mittel", "Linden", "Eichen", "Birken", "Erlen", "Buchen"];
    private static readonly string[] Endings = ["heim", "hausen", "rode", "felde", "burg", "stedt", "berge", "au", "bach", "dorf"];

    private sealed record Asked(string Text, int Street, int Address);

    public static int Run(string[] args)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:yyyy-MM-dd} · {Environment.ProcessorCount} processors, .NET {Environment.Version}, one thread, load {Load()}\n"));
        var files = args.Where(a => a != "--misses").ToArray();
        var (name, book) = files is [var file, var mapping] ? (Path.GetFileName(file), Listed(file, mapping)) : ("Musterstadt", Musterstadt());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {book.StreetCount:N0} streets, {book.Count:N0} addresses\n"));
        TopOne(book, args.Contains("--misses"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Environment.CpuUsage.TotalTime;
        var large = Multiplied(book);
        var took = Environment.CpuUsage.TotalTime - watch;
        var grownBy = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{large.Count:N0} addresses in {large.StreetCount:N0} streets; the heap has grown by {(double)grownBy / large.Count:0.0} bytes per address, index and names included ({(double)large.Bytes / large.Count:0.0} by the book's own count); built in {took.TotalSeconds:0.0} s of processor time\n"));
        Latency(large);
        OverHttp(large).GetAwaiter().GetResult();
        return 0;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    private static AddressBook Listed(string file, string mapping)
    {
        var import = AddressLists.OfFile(file, AddressMapping.Load(mapping), GeoBounds.Germany);
        return import.Book ?? throw new InputException(file, string.Join('\n', import.Report.Problems.Take(10)), "Put the list right");
    }

    private static AddressBook Musterstadt()
    {
        var osm = new MemoryStream();
        DemoCity.Write(osm, new(), OsmFileFormat.Pbf);
        osm.Position = 0;
        return AddressLists.OfCity(CityImporter.Import(osm, "Musterstadt", new()));
    }

    private static void TopOne(AddressBook book, bool tellMisses)
    {
        Console.WriteLine("| streets | typing errors | queries | right address first | right street first | right street among the first three | taken for another street's name |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (set, isHeldOut) in new[] { ("tuning", false), ("held out", true) })
        {
            for (var errors = 0; errors <= 2; errors++)
            {
                var asked = WithErrors(book, isHeldOut, errors, seed: (isHeldOut ? 7_000 : 1_000) + errors);
                var (address, street, three, other) = (0, 0, 0, 0);
                foreach (var one in asked)
                {
                    var hits = book.Search.Find(one.Text).Hits;
                    address += hits is [var first, ..] && first.Address == one.Address ? 1 : 0;
                    street += hits is [var top, ..] && top.Street == one.Street ? 1 : 0;
                    three += hits.Take(3).Any(h => h.Street == one.Street) ? 1 : 0;
                    other += hits is [{ Spelling: Spelling.AsTyped } wrong, ..] && wrong.Street != one.Street ? 1 : 0;
                    if (tellMisses && !isHeldOut && !(hits is [var best, ..] && best.Address == one.Address))
                    {
                        Console.Error.WriteLine($"{errors}: {one.Text} | {book.StreetName(one.Street)} {book.Label(one.Address)} | {string.Join(", ", hits.Take(3).Select(h => $"{book.StreetName(h.Street)} {(h.Address < 0 ? "" : book.Label(h.Address))} {h.Cost:0.00} {h.Match} {h.Spelling}"))}");
                    }
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {set} | {errors} | {asked.Count:N0} | {Share(address)} | {Share(street)} | {Share(three)} | {Share(other)} |"));

                string Share(int count) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / asked.Count:0.00} %");
            }
        }

        Console.WriteLine();
    }

    // Streets are dealt to the two sets by their names, so that no name of the one is ever seen with the other.
    private static bool IsHeldOut(string street) => street.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u) / 7 % 2 == 0;

    private static List<Asked> WithErrors(AddressBook book, bool isHeldOut, int errors, int seed)
    {
        var random = new Random(seed);
        var typos = new TypoMaker(random);
        var asked = new List<Asked>();
        while (asked.Count < Queries)
        {
            var address = random.Next(book.Count);
            var street = book.StreetOf(address);
            if (IsHeldOut(book.StreetName(street)) == isHeldOut)
            {
                asked.Add(new($"{typos.Make(book.StreetName(street), errors)} {book.Label(address)}", street, address));
            }
        }

        return asked;
    }

    /// <summary>
    /// The list again and again under other names until there are 500,000 addresses: each copy has its own town, and nine of ten of its streets
    /// the beginning of their own name with the end of another's.
    /// </summary>
    private static AddressBook Multiplied(AddressBook book)
    {
        var random = new Random(500);
        return AddressBook.Of(Entries(), "");

        IEnumerable<AddressEntry> Entries()
        {
            var given = 0;
            for (var copy = 0; given < Wanted; copy++)
            {
                var place = copy == 0 ? book.Place(0) : Towns[copy % Towns.Length] + Endings[copy / Towns.Length % Endings.Length];
                for (var s = 0; s < book.StreetCount && given < Wanted; s++)
                {
                    var name = copy == 0 || random.Next(10) == 0 ? book.StreetName(s) : Mixed(book.StreetName(s), book.StreetName(random.Next(book.StreetCount)));
                    var (first, count) = book.AddressesOf(s);
                    for (var a = first; a < first + count && given < Wanted; a++)
                    {
                        var at = book.Position(a);
                        given++;
                        yield return new(name, $"{copy}.{s}", book.Label(a), $"{45000 + (copy * 10) + (s % 10)}", place, $"Bezirk {s % 9}", new(at.Lat + (0.2 * copy), at.Lon), given);
                    }
                }
            }
        }
    }

    private static string Mixed(string a, string b) => a[..((a.Length + 1) / 2)] + b[(b.Length / 2)..];

    private static void Latency(AddressBook book)
    {
        string[] texts =
        [
            .. Texts(book, "as listed", 0), .. Texts(book, "one error", 1), .. Texts(book, "two errors", 2), .. Texts(book, "begun", -1), .. Texts(book, "with town", -2),
            .. Texts(book, "nonsense", -3), .. Texts(book, "many words", -4),
        ];
        var reference = Reference(book);
        for (var warmUp = 0; warmUp < 2; warmUp++)
        {
            foreach (var text in texts)
            {
                book.Search.Find(text[(text.IndexOf('|', StringComparison.Ordinal) + 1)..]);
            }
        }

        Console.WriteLine("| what is typed | p50 | p99 | slowest | p99 to a plain pass |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        var all = new List<double>();
        foreach (var group in texts.GroupBy(t => t[..t.IndexOf('|', StringComparison.Ordinal)]))
        {
            var times = new List<double>();
            foreach (var text in group)
            {
                var typed = text[(group.Key.Length + 1)..];
                var before = Environment.CpuUsage.TotalTime;
                book.Search.Find(typed);
                times.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }

            all.AddRange(times);
            Row(group.Key, times);
        }

        Row("all", all);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nPlain pass: the distance of one text to every street name by the plain table, {reference:0.0} ms. Load {Load()}."));

        void Row(string what, List<double> times)
        {
            times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {times[times.Count / 2]:0.000} ms | {times[times.Count * 99 / 100]:0.00} ms | {times[^1]:0.00} ms | {times[times.Count * 99 / 100] / reference:0.0000} |"));
        }
    }

    private static IEnumerable<string> Texts(AddressBook book, string what, int kind)
    {
        var random = new Random(90 + kind);
        var typos = new TypoMaker(random);
        for (var i = 0; i < 2_000; i++)
        {
            var a = random.Next(book.Count);
            var (street, label) = (book.StreetName(book.StreetOf(a)), book.Label(a));
            yield return $"{what}|" + kind switch
            {
                >= 0 => $"{typos.Make(street, kind)} {label}",
                -1 => street[..random.Next(1, street.Length + 1)],
                -4 => string.Join(' ', Enumerable.Range(0, 12).Select(_ => $"{book.StreetName(random.Next(book.StreetCount)).Split(' ', '-')[0]}{(random.Next(3) == 0 ? $" {random.Next(200)}" : "")}")),
                -2 => $"{typos.Make(street, 1)} {label}, {book.Postcode(a)} {book.Place(book.StreetOf(a))}",
                _ => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abcdefghijklmnopqrstuvwxyzäöüß 0123456789,-."[random.Next(44)])),
            };
        }
    }

    private static async Task OverHttp(AddressBook book)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.MapAddressApi(() => book);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        var texts = Texts(book, "one error", 1).Concat(Texts(book, "begun", -1)).Concat(Texts(book, "with town", -2)).Select(t => t[(t.IndexOf('|', StringComparison.Ordinal) + 1)..]).ToArray();
        var times = new List<double>();
        for (var i = 0; i < texts.Length; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(new Uri($"/api?q={Uri.EscapeDataString(texts[i])}", UriKind.Relative));
            await answer.Content.ReadAsByteArrayAsync();
            if (i >= texts.Length / 6)
            {
                times.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
            }
        }

        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nOver HTTP, one client after another, wall time: p50 {times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.0} ms, slowest {times[^1]:0.0} ms of {times.Count:N0}. Load {Load()}."));
    }

    private static double Reference(AddressBook book)
    {
        var names = Enumerable.Range(0, book.StreetCount).Select(book.StreetName).ToArray();
        var times = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var sum = names.Sum(n => TypoMaker.Distance("Rüttenscheider Str.", n));
            times.Add(sum > 0 ? (Environment.CpuUsage.TotalTime - before).TotalMilliseconds : 0);
        }

        times.Sort();
        return times[2];
    }
}
