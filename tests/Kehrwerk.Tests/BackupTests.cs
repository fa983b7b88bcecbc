using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Kehrwerk.Backup;
using Kehrwerk.Centre.Store;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;
using Xunit;
using static Kehrwerk.Tests.RunTests;

namespace Kehrwerk.Tests;

/// <summary><c>kehrwerk backup</c> and <c>restore</c>.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 4, 5, 6, TimeSpan.Zero);

    [Fact]
    public async Task A_running_centre_is_backed_up_and_from_the_backup_the_shift_goes_on_though_the_vehicles_are_ahead_of_it()
    {
        string[] shift = ["--vehicles", "2", "--hours", "0.5", "--iterations", "100", "--seed", "1"];
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        var backup = Path.Combine(folder.Path, "backup.zip");
        var restored = Path.Combine(folder.Path, "restored");
        using (var running = Program.Start([.. RunVerb(folder.Path, speed: 40), .. shift]))
        {
            await Says(running, "A shift has started");
            await Swept(running, folder.Path, 3);
            var made = await Program.Run("backup", "--data", folder.Path, "--to", backup);
            Assert.True(made.ExitCode == 0, made.Errors);
            await Swept(running, folder.Path, Count(folder.Path) + 2);
            running.Kill();
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var put = await Program.Run("restore", backup, "--data", restored);
        Assert.True(put.ExitCode == 0, put.Errors);
        var (known, epoch) = (Count(restored), Number(restored, "SELECT value FROM meta WHERE key = 'epoch'"));
        output.WriteLine($"{Count(folder.Path)} kerbs were swept, the backup knows of {known}");
        Assert.InRange(known, 3, Count(folder.Path) - 1);
        Assert.True(epoch > Number(folder.Path, "SELECT value FROM meta WHERE key = 'epoch'") + 1000);
        // The vehicles did not stand still when the disk of the Centre was lost.
        Directory.Delete(Path.Combine(restored, "vehicles"), recursive: true);
        Directory.Move(Path.Combine(folder.Path, "vehicles"), Path.Combine(restored, "vehicles"));

        var last = await Program.Run([.. RunVerb(restored, speed: 100), .. shift]);

        Assert.True(last.ExitCode == 0, last.Errors);
        Assert.Contains("goes on", last.Errors, StringComparison.Ordinal);
        var result = JsonDocument.Parse(last.Output).RootElement;
        var swept = SweptIn(last.Output);
        Assert.Equal(swept.Distinct().Count(), swept.Count);
        Assert.Equal(result.GetProperty("kerbsPlanned").GetInt32(), swept.Count + result.GetProperty("missed").GetArrayLength());
        Assert.True(swept.Count > known);
        await using var store = CentreStore.Open(Path.Combine(restored, "kehrwerk.db"));
        Assert.Null(store.VerifyRecord().Problem);
        Assert.Contains(store.Record(), entry => entry.Kind == "restored" && entry.Text.StartsWith("from the backup of ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_lies_in_the_folder_is_moved_aside_only_when_that_is_said_and_nobody_else_can_read_a_backup()
    {
        using var folder = new TemporaryFolder();
        var (data, backup, other) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "b.zip"), Path.Combine(folder.Path, "other"));
        await Fill(data);
        using (var source = DataFolder.Read(data))
        {
            BackupFile.Write(source, backup, Now);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        }

        Assert.Equal(["b.zip", "data"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
        await Fill(other);
        Directory.CreateDirectory(Path.Combine(other, "keys"));
        await File.WriteAllTextAsync(Path.Combine(other, "keys", "key"), "cookie", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(other, "city", "map.osm"), "of before", TestContext.Current.CancellationToken);

        Assert.Contains("holds data already", (await Assert.ThrowsAsync<InputException>(() => Restore.Run(backup, other, false, Now))).Message, StringComparison.Ordinal);
        using (DataFolder.Open(other))
        {
            Assert.Contains("another Kehrwerk uses", (await Assert.ThrowsAsync<InputException>(() => Restore.Run(backup, other, true, Now))).Message, StringComparison.Ordinal);
        }

        Assert.Equal("of before", await File.ReadAllTextAsync(Path.Combine(other, "city", "map.osm"), TestContext.Current.CancellationToken));
        var (_, aside) = await Restore.Run(backup, other, true, Now);
        Assert.Equal("a map", await File.ReadAllTextAsync(Path.Combine(other, "city", "map.osm"), TestContext.Current.CancellationToken));
        Assert.Equal("of before", await File.ReadAllTextAsync(Path.Combine(aside!, "city", "map.osm"), TestContext.Current.CancellationToken));
        Assert.Equal("cookie", await File.ReadAllTextAsync(Path.Combine(other, "keys", "key"), TestContext.Current.CancellationToken));
        Assert.Equal(["restored", "entry"], BackupFile.RecordIn(other)!.Before(new(), long.MaxValue, 2).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task A_restore_that_was_cut_off_is_noticed_and_can_be_run_again()
    {
        using var folder = new TemporaryFolder();
        var (data, backup, target) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "b.zip"), Path.Combine(folder.Path, "target"));
        await Fill(data);
        using (var source = DataFolder.Read(data))
        {
            BackupFile.Write(source, backup, Now);
        }

        Directory.CreateDirectory(Path.Combine(target, "city"));
        await File.WriteAllTextAsync(DataFolder.RestoreMark(target), "", TestContext.Current.CancellationToken);
        Assert.Contains("only in half", Assert.Throws<InputException>(() => DataFolder.Open(target)).Message, StringComparison.Ordinal);

        await Restore.Run(backup, target, false, Now);
        DataFolder.Open(target).Dispose();
        Assert.Equal("a map", await File.ReadAllTextAsync(Path.Combine(target, "city", "map.osm"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_byte_that_changed_in_a_backup_is_found_or_changes_nothing_of_its_content()
    {
        using var folder = new TemporaryFolder();
        var (data, backup) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "b.zip"));
        await Fill(data);
        using (var source = DataFolder.Read(data))
        {
            BackupFile.Write(source, backup, Now);
        }

        var good = await File.ReadAllBytesAsync(backup, TestContext.Current.CancellationToken);
        var content = Content(good);
        var random = new Random(4);
        var found = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = good.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                Assert.Equal(content, Content(bytes));
            }
            catch (InputException e)
            {
                Assert.StartsWith("b.zip: this is no whole backup", e.Message, StringComparison.Ordinal);
                found++;
            }
        }

        Assert.InRange(found, 200, 300);

        static string Content(byte[] bytes)
        {
            var text = new StringBuilder();
            BackupFile.Check("b.zip", new MemoryStream(bytes), (file, stream) =>
            {
                using var read = new MemoryStream();
                stream.CopyTo(read);
                text.Append(file).Append(Convert.ToHexString(read.ToArray()));
            });
            return text.ToString();
        }
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("city/../../outside")]
    [InlineData("C:\\outside")]
    public void A_backup_that_leads_out_of_its_folder_is_refused(string name)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry(name).Open().Dispose();
            using var manifest = zip.CreateEntry(BackupFile.ManifestName).Open();
            JsonSerializer.Serialize(manifest, new BackupManifest(1, Now, null, [new(name, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]), BackupJson.Default.BackupManifest);
        }

        Assert.Contains("files that cannot be", Assert.Throws<InputException>(() => BackupFile.Check("b.zip", made)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_damaged_already_is_not_backed_up_as_if_it_were_good()
    {
        using var folder = new TemporaryFolder();
        await Fill(folder.Path);
        Execute(folder.Path, "UPDATE record SET who = 'somebody else'");
        using var source = DataFolder.Read(folder.Path);

        Assert.Contains("the record is not whole: entry 1", Assert.Throws<InputException>(() => BackupFile.Write(source, Path.Combine(folder.Path, "b.zip"), Now)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(source.DatabaseFile, "no database any more, but long enough to be read as one".PadRight(200), TestContext.Current.CancellationToken);
        Assert.Contains("cannot be copied", Assert.Throws<InputException>(() => BackupFile.Write(source, Path.Combine(folder.Path, "b.zip"), Now)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder.Path), entry => entry.Contains("b.zip", StringComparison.Ordinal));
    }

    private static async Task Fill(string data)
    {
        DataFolder.Open(data).Dispose();
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(data, "city")).FullName, "map.osm"), "a map");
        await using var store = CentreStore.Open(Path.Combine(data, "kehrwerk.db"));
        await store.Write(new() { Record = [new(Now, "entry", "me", "", "something")] });
    }

    private static async Task Swept(System.Diagnostics.Process running, string data, long atLeast)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (Count(data) < atLeast)
        {
            Assert.False(running.HasExited, "The shift was over before enough was swept.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    private static long Count(string data) => Number(data, "SELECT count(*) FROM coverage");

    private static long Number(string data, string sql)
    {
        using var connection = Connect(data, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Execute(string data, string sql)
    {
        using var connection = Connect(data, SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Connect(string data, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(data, "kehrwerk.db")};Pooling=False;Mode={mode}");
        connection.Open();
        return connection;
    }
}
