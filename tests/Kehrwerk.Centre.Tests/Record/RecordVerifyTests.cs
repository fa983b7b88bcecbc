using CsCheck;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Kehrwerk.Centre.Tests.Store;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Kehrwerk.Centre.Tests.Record;

/// <summary>What somebody changes in the record's file is found, and told by entry.</summary>
public sealed class RecordVerifyTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 4, 5, 6, TimeSpan.Zero);

    // With what is hard to tell apart once it is decoded: the character that stands for unreadable bytes.
    private static readonly RecordDraft[] Drafts =
    [
        new(Now, "command", "p-7kq3xd", "test/T-1", "Stop"),
        new(Now.AddSeconds(1), "caseRaised", "centre", "test/T-2", "1 C \uFFFD\uFFFD Straße"),
        new(Now.AddSeconds(1), "signedIn", "p-2222aa", "", ""),
        new(Now.AddHours(1), "command", "p-7kq3xd", "test/T-1", "Release\0 of it"),
        new(Now.AddHours(2), "closures", "", "", "=12 arcs closed, \"for the market\""),
    ];

    private static readonly string[] Fields = ["sequence", "at", "kind", "who", "vehicle", "text", "hash"];

    private readonly TempFolder folder = new();

    private string File => folder.File("kehrwerk.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task One_byte_changed_anywhere_in_any_field_of_any_entry_is_found_and_the_entry_named()
    {
        await Fill();
        var reader = RecordReader.Open(File);
        Assert.Null(reader.Verify().Problem);
        using var connection = Connect();
        (from entry in Gen.Int[1, Drafts.Length] from field in Gen.Int[0, 6] from place in Gen.Int[0, 1000] from change in Gen.Byte[1, 255] select (entry, field, place, change)).Sample(
            wish =>
            {
                var name = Fields[wish.field];
                var isNumber = wish.field < 2;
                var before = isNumber ? BitConverter.GetBytes(Scalar<long>(connection, $"SELECT {name} FROM record WHERE sequence = {wish.entry}"))
                    : Scalar<byte[]>(connection, $"SELECT CAST({name} AS BLOB) FROM record WHERE sequence = {wish.entry}");
                if (before.Length == 0)
                {
                    return;
                }

                var after = before.ToArray();
                after[wish.place % after.Length] ^= wish.change;
                var row = wish.entry.ToString(System.Globalization.CultureInfo.InvariantCulture);
                if (wish.field == 0)
                {
                    var number = BitConverter.ToInt64(after);
                    if (number is >= 1 and <= 5)
                    {
                        // The database itself keeps a number from being there twice.
                        Assert.Throws<SqliteException>(() => Execute(connection, $"UPDATE record SET sequence = {number} WHERE sequence = {row}"));
                        return;
                    }

                    Execute(connection, $"UPDATE record SET sequence = {number} WHERE sequence = {row}");
                    Assert.NotNull(reader.Verify().Problem);
                    Execute(connection, $"UPDATE record SET sequence = {row} WHERE sequence = {number}");
                    return;
                }

                Execute(connection, $"UPDATE record SET {name} = {Literal(after)} WHERE sequence = {row}");
                var verdict = reader.Verify();
                Execute(connection, $"UPDATE record SET {name} = {Literal(before)} WHERE sequence = {row}");
                Assert.StartsWith($"entry {row} (", verdict.Problem, StringComparison.Ordinal);
                Assert.Equal(wish.entry - 1, verdict.Entries);

                string Literal(byte[] bytes) => isNumber ? BitConverter.ToInt64(bytes).ToString(System.Globalization.CultureInfo.InvariantCulture)
                    : name == "hash" ? $"x'{Convert.ToHexString(bytes)}'" : $"CAST(x'{Convert.ToHexString(bytes)}' AS TEXT)";
            },
            iter: 600,
            threads: 1);
        Assert.Null(reader.Verify().Problem);
    }

    [Fact]
    public async Task A_field_of_another_type_with_the_same_bytes_is_found()
    {
        await Fill();
        Execute("UPDATE record SET text = CAST(text AS BLOB) WHERE sequence = 1");
        Execute("UPDATE record SET at = 'yesterday' WHERE sequence = 3");

        var verdict = RecordReader.Open(File).Verify();

        Assert.Collection(
            verdict.Problems,
            problem => Assert.Contains("entry 1 (command, 2026-03-01 04:05:06Z) was changed: one of its fields is of another type", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("entry 3 (signedIn, ", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entries_that_changed_places_are_both_named_and_the_others_are_not()
    {
        await Fill();
        Execute("""
            CREATE TEMP TABLE two AS SELECT * FROM record WHERE sequence IN (2, 4);
            UPDATE record SET (at, kind, who, vehicle, text, hash) = (SELECT at, kind, who, vehicle, text, hash FROM two WHERE two.sequence = 6 - record.sequence) WHERE sequence IN (2, 4)
            """);

        // The one behind each has another before it now.
        Assert.Equal([2, 3, 4, 5], RecordReader.Open(File).Verify().Problems.Select(problem => problem[6] - '0'));
    }

    [Fact]
    public async Task Each_of_several_changes_is_named()
    {
        await Fill();
        Execute("UPDATE record SET who = 'p-other1' WHERE sequence IN (1, 4)");
        Execute("DELETE FROM record WHERE sequence = 2");

        Assert.Collection(
            RecordReader.Open(File).Verify().Problems,
            problem => Assert.StartsWith("entry 1 (command", problem, StringComparison.Ordinal),
            problem => Assert.Equal("entry 2 is missing, 3 follows", problem),
            problem => Assert.StartsWith("entry 4 (command", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_end_that_was_cut_off_shows_against_a_head_that_was_kept()
    {
        await Fill();
        var reader = RecordReader.Open(File);
        var kept = folder.File("head.jsonl");
        await System.IO.File.WriteAllTextAsync(kept, RecordFile.LineOf(reader.Head()!) + "\n", TestContext.Current.CancellationToken);
        Assert.Null(reader.Verify(RecordFile.ReadKnown(kept)).Problem);
        Execute("DELETE FROM record WHERE sequence > 3");

        Assert.Null(reader.Verify().Problem);
        Assert.Equal("it ends with entry 3, and entry 5 is known: the end was cut off", reader.Verify(RecordFile.ReadKnown(kept)).Problem);
    }

    [Fact]
    public async Task A_chain_that_was_computed_anew_shows_against_an_earlier_export()
    {
        await Fill();
        var reader = RecordReader.Open(File);
        var export = folder.File("record.jsonl");
        await using (var writer = new StreamWriter(export))
        {
            await RecordFile.Write(writer, RecordFormat.Jsonl, reader.Find(new()));
        }

        var forged = reader.Find(new()).ToList();
        forged[2] = RecordChain.Append(forged[1].Hash, 3, Drafts[2] with { Who = "p-other1" });
        for (var i = 3; i < forged.Count; i++)
        {
            forged[i] = RecordChain.Append(forged[i - 1].Hash, i + 1, Drafts[i]);
        }

        forged.ForEach(entry => Execute($"UPDATE record SET who = '{entry.Who}', hash = x'{Convert.ToHexString(entry.Hash)}' WHERE sequence = {entry.Sequence}"));

        Assert.Null(reader.Verify().Problem);
        Assert.Equal([3, 4, 5], reader.Verify(RecordFile.ReadKnown(export)).Problems.Select(problem => problem[6] - '0'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"sequence\":1}")]
    [InlineData("{\"sequence\":1,\"hash\":\"12\"}")]
    [InlineData("no json")]
    public void A_file_of_heads_that_holds_none_is_refused_with_its_line(string line)
    {
        var file = folder.File("heads");
        System.IO.File.WriteAllText(file, line);

        Assert.StartsWith(file, Assert.Throws<InputException>(() => RecordFile.ReadKnown(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_told_with_how_far_it_can_be_read()
    {
        await using (var store = CentreStore.Open(File))
        {
            await store.Write(new() { Record = [.. Enumerable.Range(0, 2000).Select(i => Drafts[i % 5])] });
        }

        var reader = RecordReader.Open(File);
        await using (var file = new FileStream(File, FileMode.Open))
        {
            file.Position = file.Length - (10 * 4096);
            file.Write(Enumerable.Repeat((byte)0xFF, 4096).ToArray());
        }

        var verdict = reader.Verify();
        Assert.StartsWith("the database is damaged behind entry ", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_no_database_nothing_is_made()
    {
        Assert.Contains("there is no record", Assert.Throws<InputException>(() => RecordReader.Open(File)).Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    private async Task Fill()
    {
        await using var store = CentreStore.Open(File);
        await store.Write(new() { Record = [.. Drafts] });
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static T Scalar<T>(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }
}
