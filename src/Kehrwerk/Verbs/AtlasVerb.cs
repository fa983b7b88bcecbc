using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Portal.Addresses.Import;
using Kehrwerk.Portal.Atlas.Import;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary>What <c>atlas update --json</c> writes of a source.</summary>
internal sealed record AtlasFigures(string Source, string Outcome, int Rows, int Added, int Changed, int Gone, int Unmatched, string[] Problems, string[] UnmatchedRows);

/// <summary><c>kehrwerk atlas update</c>: reads the sources of the fibre atlas now.</summary>
internal static class AtlasVerb
{
    private const int ShownUnmatched = 10;

    public static Command Create() => new("atlas", "Work on the fibre atlas of a data folder.") { Update() };

    private static Command Update()
    {
        var data = CommonOptions.Data();
        var only = new Option<string?>("--source") { Description = "Read this source alone.", HelpName = "ID" };
        var json = CommonOptions.Json();
        var command = new Command("update", "Read the sources that atlas/sources.json of the data folder lists, and publish each whole or refuse it whole.") { data, only, json };
        command.SetAction(parse =>
        {
            using var folder = DataFolder.Open(parse.GetValue(data)!);
            var city = Terminal.WithProgress("Importing", report => folder.LoadCity(report.ForImport()));
            var book = AddressLists.OfCity(city);
            var atlas = PublicPortal.Atlas(folder, city, book);
            var sources = FibreSources.Load(folder.AtlasSources).Sources;
            var chosen = parse.GetValue(only) is { } id ? [.. sources.Where(s => s.Id == id)] : sources;
            if (chosen.Length == 0)
            {
                throw new InputException(folder.AtlasSources, parse.GetValue(only) is { } unknown ? $"no source is called '{unknown}'" : "it lists no source", "See docs/reference/fibre-atlas.md");
            }

            var update = PublicPortal.Update(atlas, book, new(book), city);
            var results = chosen.Select(source => update.Run(source, folder.AtlasFolder)).ToArray();
            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(results.Select(Figures).ToArray(), VerbJson.Default.AtlasFiguresArray));
            }
            else
            {
                Array.ForEach(results, Print);
            }

            return results.Any(r => r.Run.Outcome == "refused") ? ExitCode.RuleBroken : ExitCode.Good;
        });
        return command;
    }

    private static AtlasFigures Figures(UpdateResult result) => new(
        result.Run.Source, result.Run.Outcome, result.Run.Rows, result.Run.Added, result.Run.Changed, result.Run.Gone, result.Run.Unmatched,
        [.. Reasons(result)], [.. result.Unmatched.Select(Line)]);

    private static void Print(UpdateResult result)
    {
        var run = result.Run;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{run.Source}: {run.Outcome}, {run.Rows:N0} rows, {run.Added:N0} new, {run.Changed:N0} changed, {run.Gone:N0} gone, {run.Unmatched:N0} without a known address"));
        foreach (var reason in Reasons(result))
        {
            Console.WriteLine("! " + reason);
        }

        foreach (var row in result.Unmatched.Take(ShownUnmatched))
        {
            Console.WriteLine("  " + Line(row));
        }
    }

    // A refusal that is no row's fault has a report alone.
    private static IEnumerable<string> Reasons(UpdateResult result) =>
        result.Problems.Length > 0 ? result.Problems.Select(p => p.ToString()) : result.Run.Report.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Line(UnmatchedRow row) => string.Create(CultureInfo.InvariantCulture, $"line {row.Line}: {row.Address}");
}
