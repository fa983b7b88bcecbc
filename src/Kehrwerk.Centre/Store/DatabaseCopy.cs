using System.Text.Json;
using Dapper;
using Kehrwerk.Centre.Record;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Centre.Store;

/// <summary>Copies databases while they are written, and lets a Centre go on from a copy.</summary>
public static class DatabaseCopy
{
    /// <summary>
    /// How far everything that is numbered for vehicles leaps when a Centre goes on from a backup: what was sent since then bore higher numbers, and vehicles know them. So no
    /// number is used twice, and the vehicles' newest lease is older than the first one after the restore.
    /// </summary>
    public const int Leap = 1_000_000;

    /// <summary>Writes the state of one moment into a new file, by SQLite's online backup: whoever writes goes on.</summary>
    /// <exception cref="SqliteException">The file is no database, or is damaged.</exception>
    public static void Make(string source, string target)
    {
        using var from = Open(source, SqliteOpenMode.ReadOnly);
        using var to = Open(target, SqliteOpenMode.ReadWriteCreate);
        from.BackupDatabase(to);
        // One file, without a log beside it.
        to.Execute("PRAGMA journal_mode = DELETE");
    }

    /// <summary>What SQLite finds wrong with a file; null if nothing.</summary>
    public static string? Damage(string file)
    {
        try
        {
            using var connection = Open(file, SqliteOpenMode.ReadOnly);
            var found = connection.QueryFirst<string>("PRAGMA integrity_check(1)");
            return found == "ok" ? null : found;
        }
        catch (SqliteException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>Prepares the Centre's database from a backup to be gone on with: numbers leap, and the record says so.</summary>
    /// <param name="text">What the record says of it.</param>
    public static async Task GoOn(string file, string text, DateTimeOffset now)
    {
        await using var store = CentreStore.Open(file);
        using (var connection = Open(file, SqliteOpenMode.ReadWrite))
        {
            connection.Execute("UPDATE meta SET value = CAST(value AS INTEGER) + @Leap WHERE key = 'epoch'", new { Leap });
        }

        await store.Write(new() { Record = [new(now, "restored", "kehrwerk restore", "", ForeignText.Of(text))] });
        foreach (var (vehicle, memory) in store.Memories())
        {
            await store.Write(new()
            {
                // The vehicle may have a later part of the order than is known here, or have done it: what it has is cancelled as not ours, and what no report showed as done is open.
                Twin = (vehicle, memory with { Order = null, NextNumber = memory.NextNumber + Leap, OrderHeader = memory.OrderHeader + Leap, CommandHeader = memory.CommandHeader + Leap }),
                Steps = memory.Order is not null && memory.Mission is { } id && store.LoadMission(id)?.Reopened() is { } mission
                    ? [.. mission.Steps.Select((step, position) => new StoredStep(id, position, step))]
                    : [],
            });
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }
}
