using System.Globalization;
using Dapper;
using Kehrwerk.Portal.Atlas.Import;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Portal.Atlas;

/// <summary>
/// Takes what a source says over into the atlas, in one transaction: all of it, or nothing and the reason. What differs from the last publication becomes
/// a list of changes; the first publication of a source is none.
/// </summary>
internal sealed class AtlasPublication(AtlasStore store, FibreSource source, DateTimeOffset now)
{
    // A source of a few rows may lose one of them.
    private const int FewRows = 10;

    private readonly DateOnly day = DateOnly.FromDateTime(now.DateTime);

    /// <summary>Publishes the statements of the source.</summary>
    public UpdateRun Publish(IReadOnlyList<FibreStatement> statements, int unmatched)
    {
        using var connection = store.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var isFirst = IsFirst(connection);
        var before = connection.ExecuteScalar<int>("SELECT count(*) FROM statement WHERE source = @Id", new { source.Id });
        Load(connection, statements);
        var gone = connection.ExecuteScalar<int>($"SELECT count(*) FROM statement s WHERE source = @Id AND NOT EXISTS ({Incoming})", new { source.Id });
        if (Shrinks(before, gone) is { } refusal)
        {
            transaction.Rollback();
            return Refuse(statements.Count, gone, unmatched, refusal);
        }

        var (added, changed) = isFirst ? (statements.Count, 0) : Compare(connection);
        connection.Execute(
            $"""
            DELETE FROM statement AS s WHERE source = @Id AND NOT EXISTS ({Incoming});
            INSERT OR REPLACE INTO statement (address, source, project, {AtlasSchema.Said}, as_of)
            SELECT i.address, @Id, i.project, {Of("i")}, i.as_of FROM incoming i LEFT JOIN statement s ON s.address = i.address AND s.source = @Id AND s.project = i.project
            WHERE s.address IS NULL OR s.as_of <> i.as_of OR {Differs};
            DROP TABLE temp.incoming;
            """,
            new { source.Id });
        var newest = statements.Count > 0 ? statements.Max(s => s.AsOf) : day;
        return Finish(connection, transaction, newest, statements.Count, added, changed, gone, unmatched);
    }

    /// <summary>Publishes the projects of the source.</summary>
    public UpdateRun Publish(IReadOnlyCollection<FibreProject> projects)
    {
        using var connection = store.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var isFirst = IsFirst(connection);
        var before = connection.Query<ProjectRow>($"{ProjectRow.Select} WHERE source = @Id", new { source.Id }).Select(r => r.ToProject()).ToDictionary(p => p.Id);
        var after = projects.ToDictionary(p => p.Id);
        var gone = before.Keys.Count(id => !after.ContainsKey(id));
        if (Shrinks(before.Count, gone) is { } refusal)
        {
            transaction.Rollback();
            return Refuse(projects.Count, gone, 0, refusal);
        }

        var (added, changed) = (0, 0);
        foreach (var project in projects)
        {
            if (!before.TryGetValue(project.Id, out var old))
            {
                added++;
                Note(connection, isFirst, "", project.Id, "new", "", Name(project.Stage), project.Reason);
            }
            else if (old with { AsOf = project.AsOf } != project)
            {
                changed++;
                Note(connection, old.Stage == project.Stage, "", project.Id, "stage", Name(old.Stage), Name(project.Stage), project.Reason);
                Note(connection, old.Expected == project.Expected, "", project.Id, "expected", $"{old.Expected}", $"{project.Expected}", project.Reason);
                Note(connection, old.Provider == project.Provider, "", project.Id, "provider", old.Provider, project.Provider, project.Reason);
            }
        }

        foreach (var old in before.Values.Where(p => !after.ContainsKey(p.Id)))
        {
            Note(connection, false, "", old.Id, "gone", Name(old.Stage), "", "");
        }

        connection.Execute("DELETE FROM project WHERE source = @Id", new { source.Id });
        connection.Execute(
            "INSERT INTO project VALUES (@source, @Id, @Name, @Provider, @funding, @stage, @Programme, @Contact, @expected, @Reason, @Area, @asOf)",
            projects.Select(p => new
            {
                source = source.Id,
                p.Id,
                p.Name,
                p.Provider,
                funding = (int)p.Funding,
                stage = (int)p.Stage,
                p.Programme,
                p.Contact,
                expected = p.Expected?.ToString(),
                p.Reason,
                p.Area,
                asOf = AtlasStore.Text(p.AsOf),
            }));
        return Finish(connection, transaction, projects.Count > 0 ? projects.Max(p => p.AsOf) : day, projects.Count, added, changed, gone, 0);
    }

    /// <summary>Puts on the list that the source was not taken over, and why; yesterday's data stay.</summary>
    public UpdateRun Refuse(int rows, int gone, int unmatched, string report)
    {
        using var connection = store.Connect();
        return Record(connection, "refused", rows, 0, 0, gone, unmatched, report);
    }

    private const string Incoming = "SELECT 1 FROM temp.incoming i WHERE i.address = s.address AND i.project = s.project";

    private static readonly string Differs = string.Join(" OR ", AtlasSchema.Said.Split(", ").Select(column => $"s.{column} IS NOT i.{column}"));

    private static string Of(string table) => string.Join(", ", AtlasSchema.Said.Split(", ").Select(column => $"{table}.{column}"));

    private bool IsFirst(SqliteConnection connection) => connection.ExecuteScalar<long>("SELECT count(*) FROM source WHERE id = @Id", new { source.Id }) == 0;

    private string? Shrinks(int before, int gone) =>
        before > FewRows && gone > before * source.MaxShrink
            ? string.Create(CultureInfo.InvariantCulture, $"{gone} of {before} rows are gone, more than a share of {source.MaxShrink:0.##}. If that is right, raise maxShrink of the source for one update.")
            : null;

    private static void Load(SqliteConnection connection, IReadOnlyList<FibreStatement> statements)
    {
        connection.Execute(
            $"""
            DROP TABLE IF EXISTS temp.incoming;
            CREATE TEMP TABLE incoming (address TEXT NOT NULL, project TEXT NOT NULL, provider TEXT, stage INTEGER, technology INTEGER, services INTEGER, funding INTEGER, cost TEXT,
                expected TEXT, overdue_after TEXT, reason TEXT, as_of TEXT, PRIMARY KEY (address, project)) WITHOUT ROWID
            """);
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO incoming VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        var values = Enumerable.Range(0, 12).Select(i => insert.Parameters.Add(new SqliteParameter($"${i}", null))).ToArray();
        // In the order of the keys a table without row ids grows at its end.
        foreach (var s in statements.OrderBy(s => s.Address, StringComparer.Ordinal))
        {
            object?[] row =
            [
                s.Address, s.Project, s.Provider, (int)s.Stage, (int)s.Technology, (int)s.Services, (int)s.Funding, s.CostEur?.ToString(CultureInfo.InvariantCulture),
                s.Expected?.ToString(), s.Expected is { } expected ? AtlasStore.Text(expected.LastDay) : null, s.Reason, AtlasStore.Text(s.AsOf),
            ];
            for (var i = 0; i < row.Length; i++)
            {
                values[i].Value = row[i] ?? DBNull.Value;
            }

            insert.ExecuteNonQuery();
        }
    }

    private sealed record Difference(
        string Address, string Project, string? Provider1, string? Provider2, long? Stage1, long? Stage2, string? Expected1, string? Expected2, string? Cost1, string? Cost2, string? Reason);

    // Notes what differs, a change for each field that a reader asks for.
    private (int Added, int Changed) Compare(SqliteConnection connection)
    {
        const string columns = """
            s.provider AS Provider1, i.provider AS Provider2, s.stage AS Stage1, i.stage AS Stage2, s.expected AS Expected1, i.expected AS Expected2, s.cost AS Cost1, i.cost AS Cost2, i.reason AS Reason
            """;
        var differences = connection.Query<Difference>(
            $"""
            SELECT i.address AS Address, i.project AS Project, {columns} FROM temp.incoming i
            LEFT JOIN statement s ON s.address = i.address AND s.source = @Id AND s.project = i.project WHERE s.address IS NULL OR {Differs}
            UNION ALL
            SELECT s.address, s.project, s.provider, NULL, s.stage, NULL, s.expected, NULL, s.cost, NULL, NULL FROM statement s WHERE s.source = @Id AND NOT EXISTS ({Incoming})
            """,
            new { source.Id }).ToList();
        var (added, changed) = (0, 0);
        foreach (var d in differences)
        {
            var reason = d.Reason ?? "";
            if (d.Stage1 is null)
            {
                added++;
                Note(connection, false, d.Address, d.Project, "new", "", Name((FibreStage)d.Stage2!), reason);
            }
            else if (d.Stage2 is null)
            {
                Note(connection, false, d.Address, d.Project, "gone", Name((FibreStage)d.Stage1), "", "");
            }
            else
            {
                changed++;
                Note(connection, d.Stage1 == d.Stage2, d.Address, d.Project, "stage", Name((FibreStage)d.Stage1), Name((FibreStage)d.Stage2), reason);
                Note(connection, d.Expected1 == d.Expected2, d.Address, d.Project, "expected", d.Expected1 ?? "", d.Expected2 ?? "", reason);
                Note(connection, d.Provider1 == d.Provider2, d.Address, d.Project, "provider", d.Provider1 ?? "", d.Provider2 ?? "", reason);
                Note(connection, d.Cost1 == d.Cost2, d.Address, d.Project, "cost", d.Cost1 ?? "", d.Cost2 ?? "", reason);
            }
        }

        return (added, changed);
    }

    private void Note(SqliteConnection connection, bool isSame, string address, string project, string field, string before, string after, string reason)
    {
        if (!isSame)
        {
            connection.Execute(
                "INSERT INTO change (day, source, address, project, field, before, after, reason) VALUES (@day, @Id, @address, @project, @field, @before, @after, @reason)",
                new { day = AtlasStore.Text(day), source.Id, address, project, field, before, after, reason });
        }
    }

    private UpdateRun Finish(SqliteConnection connection, SqliteTransaction transaction, DateOnly newest, int rows, int added, int changed, int gone, int unmatched)
    {
        connection.Execute(
            "INSERT OR REPLACE INTO source VALUES (@Id, @Name, @Publisher, @Licence, @asOf, @at, @rows)",
            new { source.Id, source.Name, source.Publisher, source.Licence, asOf = AtlasStore.Text(newest), at = now.ToString("O", CultureInfo.InvariantCulture), rows });
        var run = Record(connection, added + changed + gone > 0 ? "published" : "unchanged", rows, added, changed, gone, unmatched, "");
        transaction.Commit();
        return run;
    }

    private UpdateRun Record(SqliteConnection connection, string outcome, int rows, int added, int changed, int gone, int unmatched, string report)
    {
        connection.Execute(
            "INSERT INTO update_run (source, at, outcome, rows, added, changed, gone, unmatched, report) VALUES (@Id, @at, @outcome, @rows, @added, @changed, @gone, @unmatched, @report)",
            new { source.Id, at = now.ToString("O", CultureInfo.InvariantCulture), outcome, rows, added, changed, gone, unmatched, report });
        return new(source.Id, now, outcome, rows, added, changed, gone, unmatched, report);
    }

    private static string Name(FibreStage stage) => stage.ToString();
}
