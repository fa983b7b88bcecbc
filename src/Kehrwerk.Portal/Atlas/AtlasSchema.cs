using Dapper;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Portal.Atlas;

/// <summary>The tables of an atlas.</summary>
internal static class AtlasSchema
{
    public const int Version = 1;

    // What a statement says, apart from who says it of which address.
    public const string Said = "provider, stage, technology, services, funding, cost, expected, overdue_after, reason";

    private const string Tables = $"""
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE source (id TEXT PRIMARY KEY, name TEXT NOT NULL, publisher TEXT NOT NULL, licence TEXT NOT NULL, as_of TEXT NOT NULL, published_at TEXT NOT NULL, rows INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE statement (
            address TEXT NOT NULL, source TEXT NOT NULL, project TEXT NOT NULL,
            provider TEXT NOT NULL, stage INTEGER NOT NULL, technology INTEGER NOT NULL, services INTEGER NOT NULL, funding INTEGER NOT NULL,
            cost TEXT, expected TEXT, overdue_after TEXT, reason TEXT NOT NULL, as_of TEXT NOT NULL,
            PRIMARY KEY (address, source, project)) WITHOUT ROWID;
        CREATE TABLE project (
            source TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, provider TEXT NOT NULL, funding INTEGER NOT NULL, stage INTEGER NOT NULL,
            programme TEXT NOT NULL, contact TEXT NOT NULL, expected TEXT, reason TEXT NOT NULL, area TEXT, as_of TEXT NOT NULL,
            PRIMARY KEY (id, source)) WITHOUT ROWID;
        CREATE TABLE change (
            no INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, source TEXT NOT NULL, address TEXT NOT NULL, project TEXT NOT NULL,
            field TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT NOT NULL);
        CREATE INDEX change_address ON change (address, no);
        CREATE INDEX change_project ON change (project, no) WHERE address = '';
        CREATE TABLE update_run (
            no INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, at TEXT NOT NULL, outcome TEXT NOT NULL,
            rows INTEGER NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL, gone INTEGER NOT NULL, unmatched INTEGER NOT NULL, report TEXT NOT NULL);
        INSERT INTO meta VALUES ('atlas', '1');
        """;

    /// <exception cref="InputException">It is of a newer version, or no atlas.</exception>
    public static void Prepare(SqliteConnection connection, string file)
    {
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        using var transaction = connection.BeginTransaction(deferred: false);
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master", transaction: transaction) == 0)
        {
            connection.Execute(Tables, transaction: transaction);
        }
        else if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'", transaction: transaction) == 0
            || !int.TryParse(connection.ExecuteScalar<string?>("SELECT value FROM meta WHERE key = 'atlas'", transaction: transaction), out var version))
        {
            throw new InputException(file, "the file is a database, but no fibre atlas", "Choose another folder with --data");
        }
        else if (version > Version)
        {
            throw new InputException(file, $"its tables are of version {version}, this program knows up to {Version}", "Use the Kehrwerk that wrote it or a newer one; nothing has been changed");
        }

        transaction.Commit();
    }
}
