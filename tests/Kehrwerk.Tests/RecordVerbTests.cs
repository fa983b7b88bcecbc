using System.Text.Json;
using Kehrwerk.Centre.Store;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Kehrwerk.Tests;

/// <summary><c>kehrwerk record</c> on a data folder.</summary>
public sealed class RecordVerbTests
{
    [Fact]
    public async Task The_record_is_proven_whole_written_out_and_what_was_changed_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "kehrwerk.db");
        var now = new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
        await using (var store = CentreStore.Open(file))
        {
            await store.Write(new() { Record = [.. Enumerable.Range(0, 4).Select(i => new Kehrwerk.Centre.Record.RecordDraft(now.AddHours(i), "test", "me", "a/b", $"entry {i}"))] });
        }

        var export = Path.Combine(folder.Path, "record.jsonl");
        var written = await Program.Run("record", "export", "--data", folder.Path, "--format", "jsonl", "--from", "2026-03-01T05:00Z", "--to", "2026-03-01T07:00Z", "--out", export);
        Assert.Equal((0, 2), (written.ExitCode, (await File.ReadAllLinesAsync(export, TestContext.Current.CancellationToken)).Length));
        var whole = await Program.Run("record", "verify", "--data", folder.Path, "--known", export, "--json");
        Assert.Equal(0, whole.ExitCode);
        Assert.Equal(4, JsonDocument.Parse(whole.Output).RootElement.GetProperty("entries").GetInt32());

        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE record SET text = 'entry x' WHERE sequence = 2; DELETE FROM record WHERE sequence = 4";
            command.ExecuteNonQuery();
        }

        var changed = await Program.Run("record", "verify", "--data", folder.Path);
        Assert.Equal(3, changed.ExitCode);
        Assert.Contains("entry 2 (test, 2026-03-01 05:00:00Z) was changed: its hash does not fit", changed.Errors, StringComparison.Ordinal);
        var wrong = await Program.Run("record", "export", "--data", folder.Path, "--from", "yesterday");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--from yesterday: this is no time", wrong.Errors, StringComparison.Ordinal);
    }
}
