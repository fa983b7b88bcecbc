using System.Text.Json;
using Dapper;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Centre.Store;

/// <summary>The tables and how rows are written. Times are UTC ticks (100 ns since year 1).</summary>
internal static class StoreSchema
{
    private const string Tables =
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE plans (id INTEGER PRIMARY KEY, city TEXT NOT NULL, made_at INTEGER NOT NULL, plan TEXT NOT NULL);
        CREATE TABLE missions (
            id TEXT PRIMARY KEY, plan INTEGER NOT NULL REFERENCES plans, vehicle TEXT NOT NULL, city TEXT NOT NULL,
            day INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER);
        CREATE INDEX missions_running ON missions (vehicle) WHERE ended_at IS NULL;
        CREATE TABLE steps (
            mission TEXT NOT NULL REFERENCES missions, no INTEGER NOT NULL, position INTEGER NOT NULL, step TEXT NOT NULL,
            PRIMARY KEY (mission, no)) WITHOUT ROWID;
        CREATE TABLE coverage (
            mission TEXT NOT NULL REFERENCES missions, kerb INTEGER NOT NULL, kerb_key TEXT NOT NULL, vehicle TEXT NOT NULL,
            swept_at INTEGER NOT NULL, PRIMARY KEY (mission, kerb)) WITHOUT ROWID;
        CREATE INDEX coverage_of_kerb ON coverage (kerb_key, swept_at);
        CREATE TABLE vehicles (id TEXT PRIMARY KEY, memory TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE record (
            sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, vehicle TEXT NOT NULL,
            text TEXT NOT NULL, hash BLOB NOT NULL);
        """ + EventTables + ClosureTable + CaseTables + ReportTable;

    /// <summary>Since version 3: an event comes first incomplete and then complete under the same id, and both are kept.</summary>
    private const string Events =
        """
        CREATE TABLE events (
            vehicle TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, sha256 TEXT NOT NULL, content TEXT NOT NULL,
            PRIMARY KEY (vehicle, id, sha256)) WITHOUT ROWID;
        """;

    /// <summary>Since version 4. Keys of segments have no spaces.</summary>
    private const string ClosureTable =
        """
        CREATE TABLE closures (
            id INTEGER PRIMARY KEY, street TEXT NOT NULL, stretches TEXT NOT NULL, reason TEXT NOT NULL, closed_by TEXT NOT NULL,
            closed_at INTEGER NOT NULL, until INTEGER, opened INTEGER NOT NULL DEFAULT 0);
        """;

    /// <summary>Since version 2.</summary>
    private const string EventTables = Events + "INSERT INTO meta VALUES ('epoch', '0');";

    /// <summary>Since version 4. What is kept is of use to the case book: open, or closed while its condition held.</summary>
    private const string CaseTables =
        """
        CREATE TABLE cases (id INTEGER PRIMARY KEY, raised_at INTEGER NOT NULL, closed_at INTEGER, is_kept INTEGER NOT NULL, content TEXT NOT NULL);
        CREATE INDEX cases_by_time ON cases (raised_at);
        CREATE INDEX cases_kept ON cases (id) WHERE is_kept = 1;
        """;

    /// <summary>Since version 5. A number is never given twice, also where a report is deleted: the record names it.</summary>
    private const string ReportTable =
        """
        CREATE TABLE IF NOT EXISTS reports (
            id INTEGER PRIMARY KEY AUTOINCREMENT, vehicle TEXT NOT NULL, kind TEXT NOT NULL, signed_at INTEGER NOT NULL, sha256 TEXT NOT NULL, content TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS reports_of_vehicle ON reports (vehicle, kind, id);
        CREATE INDEX IF NOT EXISTS reports_by_time ON reports (signed_at);
        """;

    /// <summary>Sets the file up, or checks that it is ours and not of a newer version.</summary>
    public static void Prepare(SqliteConnection connection, string file)
    {
        // Before anything is written: a newer file must stay as it is.
        var isNew = connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew)
        {
            Check(connection, file);
        }

        // FULL: a commit is on the disk when it returns, also in the write-ahead log.
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
        if (isNew)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Tables, transaction: transaction);
            connection.Execute("INSERT INTO meta VALUES ('schema', @version)", new { version = CentreStore.SchemaVersion.ToString(System.Globalization.CultureInfo.InvariantCulture) }, transaction);
            transaction.Commit();
        }
        else if (connection.ExecuteScalar<string>("SELECT value FROM meta WHERE key = 'schema'") is ("1" or "2" or "3" or "4") and var version)
        {
            using var transaction = connection.BeginTransaction();
            var change = version switch
            {
                "1" => EventTables,
                "2" => "ALTER TABLE events RENAME TO events_2;" + Events + "INSERT INTO events SELECT * FROM events_2; DROP TABLE events_2;",
                _ => "",
            };
            var sinceThen = version == "4" ? "" : ClosureTable + CaseTables;
            connection.Execute(change + sinceThen + ReportTable + "UPDATE meta SET value = '5' WHERE key = 'schema';", transaction: transaction);
            transaction.Commit();
        }
    }

    /// <summary>A number that grows with each start, however the last one ended.</summary>
    public static uint NextEpoch(SqliteConnection connection) => connection.ExecuteScalar<uint>(
        "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'epoch' RETURNING CAST(value AS INTEGER)");

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    public static void Write(SqliteConnection connection, SqliteTransaction transaction, StoreBatch batch)
    {
        if (batch.Shift is { } shift)
        {
            var plan = connection.ExecuteScalar<long>(
                "INSERT INTO plans (city, made_at, plan) VALUES (@City, @at, @json) RETURNING id",
                new { shift.City, at = shift.At.UtcTicks, json = JsonSerializer.Serialize(shift.Plan, StoreJson.Default.Plan) },
                transaction);
            foreach (var mission in shift.Missions)
            {
                Write(connection, transaction, mission, plan);
            }
        }

        foreach (var (mission, position, step) in batch.Steps)
        {
            Write(connection, transaction, mission, position, step);
        }

        if (batch.Ended is { } ended)
        {
            connection.Execute(
                "UPDATE missions SET ended_at = @at WHERE id = @Mission", new { at = ended.At.UtcTicks, ended.Mission }, transaction);
        }

        foreach (var swept in batch.Coverage)
        {
            // At most once per mission and kerb, whatever happens above.
            connection.Execute(
                "INSERT INTO coverage VALUES (@Mission, @Kerb, @KerbKey, @Vehicle, @at) ON CONFLICT DO NOTHING",
                new { swept.Mission, swept.Kerb, swept.KerbKey, swept.Vehicle, at = swept.SweptAt.UtcTicks },
                transaction);
        }

        foreach (var kept in batch.Events)
        {
            // It is sent until its receipt arrives, so it may come twice.
            connection.Execute(
                "INSERT INTO events VALUES (@Vehicle, @EventId, @at, @Sha256, @Content) ON CONFLICT DO NOTHING",
                new { kept.Vehicle, kept.EventId, at = kept.At.UtcTicks, kept.Sha256, kept.Content },
                transaction);
        }

        if (batch.Closed is { } closure)
        {
            connection.Execute(
                "INSERT INTO closures (id, street, stretches, reason, closed_by, closed_at, until) VALUES (@Id, @Street, @stretches, @Reason, @By, @at, @until)",
                new { closure.Id, closure.Street, stretches = string.Join(' ', closure.Stretches), closure.Reason, closure.By, at = closure.At.UtcTicks, until = closure.Until?.UtcTicks },
                transaction);
        }

        if (batch.Opened is { } opened)
        {
            connection.Execute("UPDATE closures SET opened = 1 WHERE id = @opened", new { opened }, transaction);
        }

        if (batch.Report is { } signed)
        {
            connection.Execute(
                "INSERT INTO reports VALUES (@Id, @Vehicle, @kind, @at, @Sha256, @Content)",
                new { signed.Report.Id, signed.Report.Vehicle, kind = signed.Report.Kind.ToString(), at = signed.Report.SignedAt.UtcTicks, signed.Sha256, signed.Content },
                transaction);
        }

        if (batch.ReportsKeptSince is { } since)
        {
            connection.Execute("DELETE FROM reports WHERE signed_at < @at", new { at = since.UtcTicks }, transaction);
        }

        foreach (var one in batch.Cases)
        {
            connection.Execute(
                """
                INSERT INTO cases VALUES (@Id, @raisedAt, @closedAt, @isKept, @json)
                ON CONFLICT (id) DO UPDATE SET closed_at = excluded.closed_at, is_kept = excluded.is_kept, content = excluded.content
                """,
                new
                {
                    one.Id,
                    raisedAt = one.RaisedAt.UtcTicks,
                    closedAt = one.ClosedAt?.UtcTicks,
                    isKept = one.IsKept,
                    json = JsonSerializer.Serialize(one, StoreJson.Default.Case),
                },
                transaction);
        }

        if (batch.Twin is { } twin)
        {
            connection.Execute(
                "INSERT INTO vehicles VALUES (@Vehicle, @json) ON CONFLICT (id) DO UPDATE SET memory = excluded.memory",
                new { twin.Vehicle, json = JsonSerializer.Serialize(twin.Memory, StoreJson.Default.TwinMemory) },
                transaction);
        }
    }

    public static void Write(SqliteConnection connection, SqliteTransaction transaction, RecordEntry entry) =>
        connection.Execute(
            "INSERT INTO record VALUES (@Sequence, @at, @Kind, @Who, @Vehicle, @Text, @Hash)",
            new { entry.Sequence, at = entry.At.UtcTicks, entry.Kind, entry.Who, entry.Vehicle, entry.Text, entry.Hash },
            transaction);

    private static void Write(SqliteConnection connection, SqliteTransaction transaction, Mission mission, long plan)
    {
        connection.Execute(
            "INSERT INTO missions VALUES (@Id, @plan, @vehicle, @City, @Day, @at, NULL)",
            new { mission.Id, plan, vehicle = mission.Vehicle.ToString(), mission.City, mission.Day, at = mission.StartedAt.UtcTicks },
            transaction);
        foreach (var (position, step) in mission.Steps.Index())
        {
            Write(connection, transaction, mission.Id, position, step);
        }
    }

    private static void Write(SqliteConnection connection, SqliteTransaction transaction, string mission, int position, MissionStep step) =>
        connection.Execute(
            """
            INSERT INTO steps VALUES (@mission, @No, @position, @json)
            ON CONFLICT (mission, no) DO UPDATE SET position = excluded.position, step = excluded.step
            """,
            new { mission, step.No, position, json = JsonSerializer.Serialize(step, StoreJson.Default.MissionStep) },
            transaction);

    private static void Check(SqliteConnection connection, string file)
    {
        var isOurs = connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'") == 1;
        if (!isOurs || !int.TryParse(connection.ExecuteScalar<string>("SELECT value FROM meta WHERE key = 'schema'"), out var version))
        {
            throw new InputException(file, "the file is a database, but not one of Kehrwerk", "Choose another folder with --data");
        }

        if (version > CentreStore.SchemaVersion)
        {
            throw new InputException(
                file,
                $"its tables are of version {version}, this program knows up to {CentreStore.SchemaVersion}",
                "Use the Kehrwerk that wrote it or a newer one; nothing has been changed");
        }
    }
}
