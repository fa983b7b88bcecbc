using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Store;
using Kehrwerk.Link.Messages;
using Xunit;

namespace Kehrwerk.Centre.Tests.Record;

/// <summary>Looking for something in the record, and what leaves the house of it.</summary>
public sealed class RecordReaderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 4, 5, 6, 789, TimeSpan.Zero);
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Entries_are_found_by_time_vehicle_kind_person_and_text()
    {
        await using var store = await Fill(
            new(Now, "caseRaised", "centre", "test/T-1", "in der Äußeren Straße"),
            new(Now.AddMinutes(1), "caseClosed", "p-aaaaaa", "test/T-1", "done"),
            new(Now.AddMinutes(2), "command", "p-aaaaaa", "test/T-2", "Stop"),
            new(Now.AddMinutes(3), "command", "p-bbbbbb", "", "100 % of it_"));

        Assert.Equal([1, 2, 3, 4], Found(new()));
        Assert.Equal([2, 3], Found(new() { From = Now.AddMinutes(1), To = Now.AddMinutes(3) }));
        Assert.Equal([1, 2], Found(new() { Vehicle = "test/T-1" }));
        Assert.Equal([1, 2], Found(new() { Kind = "case" }));
        Assert.Equal([3, 4], Found(new() { Kind = "command" }));
        Assert.Equal([2, 3], Found(new() { Who = "p-aaaaaa" }));
        Assert.Equal([1], Found(new() { Text = "äusseren".Replace("ss", "ß", StringComparison.Ordinal) }));
        Assert.Equal([4], Found(new() { Text = "%" }));
        Assert.Equal([4], Found(new() { Text = "IT_" }));
        Assert.Equal([3], Found(new() { Who = "p-aaaaaa", Kind = "command", Text = "stop" }));
        Assert.Empty(Found(new() { Who = "' OR 1=1 --" }));
        Assert.Equal(["caseClosed", "caseRaised", "command"], store.Records.Words().Kinds);

        IEnumerable<long> Found(RecordFilter filter) => store.Records.Find(filter).Select(entry => entry.Sequence);
    }

    [Fact]
    public async Task Pages_go_back_and_forth_without_a_gap_while_entries_come_in()
    {
        await using var store = await Fill([.. Enumerable.Range(1, 25).Select(i => new RecordDraft(Now, i % 2 == 0 ? "even" : "odd", "me", "", $"{i}"))]);
        var filter = new RecordFilter { Kind = "odd" };

        var first = Numbers(store.Records.Before(filter, long.MaxValue, 5));
        await store.Write(new() { Record = [new(Now, "odd", "me", "", "late")] });
        var second = Numbers(store.Records.Before(filter, first[^1], 5));
        var back = Numbers(store.Records.After(filter, second[0], 5));

        Assert.Equal([25, 23, 21, 19, 17], first);
        Assert.Equal([15, 13, 11, 9, 7], second);
        Assert.Equal(first, back);

        static long[] Numbers(IEnumerable<RecordEntry> entries) => [.. entries.Select(entry => entry.Sequence)];
    }

    [Fact]
    public async Task From_json_lines_the_chain_can_be_computed_anew()
    {
        await using var store = await Fill([.. Enumerable.Range(0, 2500).Select(i => new RecordDraft(Now.AddTicks(i), "test", "me", "", $"<\"Straße\" {i}>\n"))]);
        var text = new StringWriter();
        await RecordFile.Write(text, RecordFormat.Jsonl, store.Records.Find(new()));

        var lines = text.ToString().TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var before = RecordChain.Origin;
        foreach (var line in lines)
        {
            before = RecordChain.Append(before, line.GetProperty("sequence").GetInt64(), new(
                DateTimeOffset.Parse(line.GetProperty("at").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
                line.GetProperty("kind").GetString()!, line.GetProperty("who").GetString()!, line.GetProperty("vehicle").GetString()!, line.GetProperty("text").GetString()!)).Hash;
            Assert.Equal(Convert.ToHexStringLower(before), line.GetProperty("hash").GetString());
        }

        Assert.Equal(2500, lines.Count);
    }

    [Fact]
    public async Task In_csv_text_stays_in_its_cell_and_never_becomes_a_formula()
    {
        await using var store = await Fill(new(Now, "test", "me", "a/b", "=HYPERLINK(\"x\"), two\nlines"), new(Now, "test", "-5", "", "+49 203"));
        var text = new StringWriter();
        await RecordFile.Write(text, RecordFormat.Csv, store.Records.Find(new()));

        var rows = text.ToString().Split("\r\n");
        Assert.Equal("sequence,at,kind,who,vehicle,text,hash", rows[0]);
        Assert.StartsWith("1,2026-03-01T04:05:06.7890000Z,test,me,a/b,\"'=HYPERLINK(\"\"x\"\"), two\nlines\",", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("2,2026-03-01T04:05:06.7890000Z,test,-5,,'+49 203,", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_vehicle_recorded_leaves_as_tables_with_the_units_of_the_law_and_byte_for_byte()
    {
        var whole = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "link", "examples", "event.json"), TestContext.Current.CancellationToken);
        var part = whole.Replace("\"complete\": true", "\"complete\": false", StringComparison.Ordinal);
        var other = whole.Replace("S-001-20260301T040456589Z", "S-001-other", StringComparison.Ordinal).Replace("INTERVENTION", "EVASION", StringComparison.Ordinal).Replace("DISTURBANCE", "EVASION", StringComparison.Ordinal);
        var at = DateTimeOffset.Parse("2026-03-01T04:05:06.789Z", System.Globalization.CultureInfo.InvariantCulture);
        await using var store = CentreStore.Open(folder.File("kehrwerk.db"));
        await store.Write(new()
        {
            Events = [Stored("S-001-20260301T040456589Z", part), Stored("S-001-20260301T040456589Z", whole), Stored("S-001-other", other), Stored("S-001-other", other) with { Vehicle = "Kehrwerk/S-002" }],
            Record = [new(Now, "test", "me", "", "an entry")],
        });

        using var zip = new MemoryStream();
        var count = EventExport.Write(zip, store.Records, new("Kehrwerk/S-001", at, at.AddMinutes(1), [Occasion.Intervention], "KBA 4711", "p-7kq3xd"), Now);

        Assert.Equal(1, count);
        using var archive = new ZipArchive(zip);
        Assert.Equal(
            ["LIESMICH.txt", "changes.csv", "events.csv", "events/S-001-20260301T040456589Z.incomplete.json", "events/S-001-20260301T040456589Z.json", "manifest.json", "occasions.csv", "received.csv", "values.csv"],
            archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.Equal(whole, Text("events/S-001-20260301T040456589Z.json"));
        Assert.Contains("S-001-20260301T040456589Z,KEHRWERK00000S001,0.1.0,EPSG:4258,17,2026-03-01T03:45:06.789Z,19,2026-03-01T03:35:06.789Z,19,2026-03-01T04:05:06.789Z,0,,yes,rain,", Text("events.csv"), StringComparison.Ordinal);
        Assert.EndsWith(",yes\r\n", Text("events.csv"), StringComparison.Ordinal);
        // Of the incomplete and the whole one the tables show the whole, once.
        Assert.Equal(4, Text("values.csv").Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("S-001-20260301T040456589Z,2026-03-01T04:05:06.889Z,51.4312346,6.7612347,31.2,8.5,120,0,0.2,0,-1.5,0.1,1.24,402\r\n", Text("values.csv"), StringComparison.Ordinal);
        Assert.Contains("S-001-20260301T040456589Z,2026-03-01T04:05:10.789Z,Intervention,1,endMrc,by Ada\r\n", Text("occasions.csv"), StringComparison.Ordinal);
        Assert.Contains(",2026-03-01T04:05:06.789Z,D8,supervision,Mrm,LeaseLost\r\n", Text("changes.csv"), StringComparison.Ordinal);
        Assert.Contains(",2026-03-01T04:05:06.789Z,D11,HazardLights,on,\r\n", Text("changes.csv"), StringComparison.Ordinal);
        Assert.Contains(",supervision,broker,Kehrwerk/S-001,320,application/json,", Text("received.csv"), StringComparison.Ordinal);
        var manifest = JsonDocument.Parse(Text("manifest.json")).RootElement;
        Assert.Equal(("KBA 4711", 1), (manifest.GetProperty("reason").GetString(), manifest.GetProperty("recordHead").GetProperty("sequence").GetInt32()));
        Assert.All(manifest.GetProperty("files").EnumerateArray(), file => Assert.Equal(EventMessage.HashOf(Text(file.GetProperty("name").GetString()!)), file.GetProperty("sha256").GetString()));
        Assert.Equal(8, manifest.GetProperty("files").GetArrayLength());
        Assert.All(Enumerable.Range(1, 13), number => Assert.True(archive.Entries.Any(entry => Text(entry.FullName).Contains($"D{number}_", StringComparison.Ordinal) || Text(entry.FullName).Contains($",D{number},", StringComparison.Ordinal)), $"D{number} is nowhere"));

        StoredEvent Stored(string id, string content) => new("Kehrwerk/S-001", id, at, EventMessage.HashOf(content), content);

        string Text(string name)
        {
            using var reader = new StreamReader(archive.GetEntry(name)!.Open(), Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }

    [Theory]
    [InlineData("2026-03-14", "2026-03-13T23:00:00Z")]
    [InlineData("2026-03-14T18:00", "2026-03-14T17:00:00Z")]
    [InlineData("2026-07-14T18:00:30", "2026-07-14T16:00:30Z")]
    [InlineData("2026-07-14T18:00Z", "2026-07-14T18:00:00Z")]
    [InlineData("2026-07-14T18:00-04:00", "2026-07-14T22:00:00Z")]
    [InlineData("2026-03-29T02:30", null)]
    [InlineData("14.3.2026", null)]
    [InlineData("0001-01-01", null)]
    [InlineData("2026-03-14T18:00 or so", null)]
    public void Times_are_by_the_clock_on_the_wall(string text, string? expected)
    {
        var isTime = WallTime.TryRead(text, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), out var at);

        Assert.Equal(expected is not null, isTime);
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), isTime ? at : (DateTimeOffset?)null);
    }

    private async Task<CentreStore> Fill(params RecordDraft[] drafts)
    {
        var store = CentreStore.Open(folder.File("kehrwerk.db"));
        await store.Write(new() { Record = [.. drafts] });
        return store;
    }

    private static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Kehrwerk.slnx")))
        {
            root = root.Parent ?? throw new InvalidOperationException("These tests read the documents: run them inside the repository.");
        }

        return root.FullName;
    }
}
