using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kehrwerk.Centre.Record;
using Kehrwerk.Streets;

namespace Kehrwerk.Verbs;

/// <summary><c>kehrwerk record</c>: proves that the Centre's record is whole, and writes it out. Reads only, beside a Centre that may run.</summary>
internal static class RecordVerb
{
    /// <summary>What <c>verify --json</c> writes.</summary>
    internal sealed record Verdict(bool IsWhole, long Entries, RecordHead? Head, IReadOnlyList<string> Problems);

    public static Command Create() => new("record", "Check and export the Centre's record.") { Verify(), Head(), Export() };

    private static Command Verify()
    {
        var data = CommonOptions.Data();
        var known = new Option<string[]>("--known")
        {
            Description = "File with heads of the record that were kept elsewhere, or an earlier export as JSON lines; may be given several times. Only against these an end that was cut off shows, and a chain that was computed anew.",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Find every changed, missing or reordered entry; ends with 3 where there is one.") { data, known, json };
        command.SetAction(parse =>
        {
            var reader = Open(parse.GetValue(data)!);
            var verdict = reader.Verify([.. (parse.GetValue(known) ?? []).SelectMany(file => RecordFile.ReadKnown(file))]);
            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new(verdict.Problem is null, verdict.Entries, verdict.Head, verdict.Problems), VerbJson.Default.Verdict));
            }
            else if (verdict.Problem is null)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The record is whole: {verdict.Entries} entries.{(verdict.Head is { } head ? $" The last has the hash {head.Hash}." : "")}"));
            }
            else
            {
                foreach (var problem in verdict.Problems)
                {
                    Terminal.Complain(problem + ".");
                }

                var more = verdict.Problems.Length >= RecordChain.MaxProblems ? " There may be more: this many are told." : "";
                Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"The record is not as it was written. It is whole up to entry {verdict.Entries}.{more} Keep the file as it is, and compare it with a backup."));
            }

            return verdict.Problem is null ? ExitCode.Good : ExitCode.RuleBroken;
        });
        return command;
    }

    private static Command Head()
    {
        var data = CommonOptions.Data();
        var command = new Command("head", "Write number and hash of the last entry as a line of JSON: kept elsewhere, it proves later that nothing before it was changed or cut off.") { data };
        command.SetAction(parse =>
        {
            if (Open(parse.GetValue(data)!).Head() is { } head)
            {
                Console.WriteLine(RecordFile.LineOf(head));
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Export()
    {
        var data = CommonOptions.Data();
        var format = new Option<string>("--format") { Description = "CSV for spreadsheets, or JSON lines, exactly as stored.", DefaultValueFactory = _ => "csv", HelpName = "csv|jsonl" };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        var from = new Option<string?>("--from") { Description = "Entries from then on: 2026-03-14 or 2026-03-14T18:00, local time, or with Z or an offset.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "Entries before then.", HelpName = "TIME" };
        var vehicle = new Option<string?>("--vehicle") { Description = "Entries about this vehicle.", HelpName = "MAKER/SERIAL" };
        var kind = new Option<string?>("--kind") { Description = "Entries of this kind, or whose kind begins with this.", HelpName = "KIND" };
        var who = new Option<string?>("--who") { Description = "What this person (by handle) or part of the Centre did.", HelpName = "WHO" };
        var text = new Option<string?>("--text") { Description = "Entries whose text has this in it, in capitals or not.", HelpName = "TEXT" };
        var output = new Option<string?>("--out") { Description = "File to write; standard output where not given.", HelpName = "FILE" };
        var command = new Command("export", "Write entries of the record, oldest first.") { data, format, from, to, vehicle, kind, who, text, output };
        command.SetAction(async (parse, _) =>
        {
            var reader = Open(parse.GetValue(data)!);
            var filter = new RecordFilter
            {
                From = Time("--from", parse.GetValue(from)),
                To = Time("--to", parse.GetValue(to)),
                Vehicle = parse.GetValue(vehicle),
                Kind = parse.GetValue(kind),
                Who = parse.GetValue(who),
                Text = parse.GetValue(text),
            };
            var form = parse.GetValue(format) == "jsonl" ? RecordFormat.Jsonl : RecordFormat.Csv;
            // What comes in meanwhile is not part of it.
            var entries = reader.Find(filter, upTo: reader.Head()?.Sequence ?? 0);
            if (parse.GetValue(output) is { } file)
            {
                using var pending = new PendingFile(file);
                pending.Keep(writer => RecordFile.Write(writer, form, entries).GetAwaiter().GetResult());
                Terminal.Note($"The record is in {file}.");
            }
            else
            {
                await RecordFile.Write(Console.Out, form, entries);
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static RecordReader Open(string data)
    {
        using var folder = DataFolder.Read(data);
        return RecordReader.Open(folder.DatabaseFile);
    }

    private static DateTimeOffset? Time(string option, string? given) =>
        given is null ? null
        : WallTime.TryRead(given, TimeZoneInfo.Local, out var at) ? at
        : throw new InputException($"{option} {given}", "this is no time", "Write a day as 2026-03-14 or a time as 2026-03-14T18:00, with Z or an offset such as +01:00 where it is not local");
}
