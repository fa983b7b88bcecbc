using System.Collections.Immutable;
using Dapper;
using Kehrwerk.Centre.Store;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Centre.Record;

/// <summary>
/// Reads the record and the recorded events of vehicles, beside a Centre that writes them. Thread-safe. Each look is a short one of its own: what is read slowly
/// holds nothing up.
/// </summary>
public sealed class RecordReader
{
    private const int Page = 1_000;

    /// <summary>Kinds are offered from so many of the newest entries.</summary>
    private const int RecentEntries = 20_000;

    private readonly string connectionText;

    internal RecordReader(string connectionText) => this.connectionText = connectionText;

    /// <summary>Opens the record of a database file to read it, whether a Centre uses it or not. Nothing is written.</summary>
    /// <exception cref="InputException">There is no such file, or no record in it.</exception>
    public static RecordReader Open(string file)
    {
        if (!File.Exists(file))
        {
            throw new InputException(file, "there is no such database, so there is no record", "Name the data folder of a Centre with --data");
        }

        var reader = new RecordReader(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            using var connection = reader.Connect();
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'record'") == 0)
            {
                throw new InputException(file, "the database holds no record", "Name the data folder of a Centre with --data");
            }
        }
        catch (SqliteException e)
        {
            throw new InputException(file, $"the database cannot be read: {e.Message.TrimEnd('.')}", "Restore it from a backup", e);
        }

        return reader;
    }

    /// <summary>The last entry; null where there is none.</summary>
    public RecordHead? Head()
    {
        using var connection = Connect();
        return connection.QueryFirstOrDefault<(long Sequence, byte[] Hash)?>("SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1") is { } last
            ? new(last.Sequence, Convert.ToHexStringLower(last.Hash))
            : null;
    }

    /// <summary>Entries that the filter lets through, oldest first, read as they are consumed.</summary>
    /// <param name="after">Only those behind this number.</param>
    /// <param name="upTo">None behind this number.</param>
    public IEnumerable<RecordEntry> Find(RecordFilter filter, long after = 0, long upTo = long.MaxValue)
    {
        while (true)
        {
            var page = Look(filter, "sequence > @after AND sequence <= @upTo", "ORDER BY sequence", Page, new { after, upTo });
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Length < Page)
            {
                yield break;
            }

            after = page[^1].Sequence;
        }
    }

    /// <summary>A page of entries that the filter lets through, the newest first.</summary>
    /// <param name="before">Those before this number.</param>
    public ImmutableArray<RecordEntry> Before(RecordFilter filter, long before, int most) =>
        Look(filter, "sequence < @before", "ORDER BY sequence DESC", most, new { before });

    /// <summary>The page of entries next to the number on its newer side, the newest first.</summary>
    public ImmutableArray<RecordEntry> After(RecordFilter filter, long after, int most) =>
        [.. Look(filter, "sequence > @after", "ORDER BY sequence", most, new { after }).Reverse()];

    /// <summary>Kinds of entries and who acted, as far as there were any of late.</summary>
    public (ImmutableArray<string> Kinds, ImmutableArray<string> Who) Words()
    {
        using var connection = Connect();
        var recent = connection.Query<(string Kind, string Who)>("SELECT DISTINCT kind, who FROM (SELECT kind, who FROM record ORDER BY sequence DESC LIMIT @RecentEntries)", new { RecentEntries }).ToList();
        return ([.. recent.Select(one => one.Kind).Distinct().Order(StringComparer.Ordinal)], [.. recent.Select(one => one.Who).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>Whether the record is whole, byte by byte.</summary>
    /// <inheritdoc cref="RecordChain.Verify(IEnumerable{StoredEntry}, IReadOnlyCollection{RecordHead})"/>
    public RecordVerdict Verify(IReadOnlyCollection<RecordHead>? known = null)
    {
        string? damage = null;
        var verdict = RecordChain.Verify(Readable(Stored(), e => damage = e), known ?? []);
        return damage is null ? verdict : verdict with { Problems = [$"the database is damaged behind {(verdict.Head is { } head ? $"entry {head.Sequence}" : "its beginning")}: {damage}", .. verdict.Problems] };
    }

    /// <summary>Vehicles of which there are recorded events.</summary>
    public ImmutableArray<string> VehiclesWithEvents()
    {
        using var connection = Connect();
        return [.. connection.Query<string>("SELECT DISTINCT vehicle FROM events ORDER BY vehicle")];
    }

    /// <summary>A vehicle's recorded events of a span, oldest first; of one that came incomplete and then whole, both. Read as they are consumed.</summary>
    public IEnumerable<StoredEvent> Events(string vehicle, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using var connection = Connect();
        foreach (var row in connection.Query<(string Vehicle, string Id, long At, string Sha256, string Content)>(
            "SELECT * FROM events WHERE vehicle = @vehicle AND at >= @from AND at < @to ORDER BY at, id, length(content)",
            new { vehicle, from = from?.UtcTicks ?? 0, to = to?.UtcTicks ?? long.MaxValue },
            buffered: false))
        {
            yield return new(row.Vehicle, row.Id, StoreSchema.Time(row.At), row.Sha256, row.Content);
        }
    }

    private ImmutableArray<RecordEntry> Look(RecordFilter filter, string where, string order, int most, object values)
    {
        using var connection = Connect();
        connection.CreateFunction("has", (string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase), isDeterministic: true);
        var sql =
            $"""
            SELECT sequence, at, kind, who, vehicle, text, hash FROM record WHERE {where}
            {(filter.From is null ? "" : "AND at >= @from")} {(filter.To is null ? "" : "AND at < @to")}
            {(filter.Vehicle is null ? "" : "AND vehicle = @Vehicle")} {(filter.Who is null ? "" : "AND who = @Who")}
            {(filter.Kind is null ? "" : "AND substr(kind, 1, length(@Kind)) = @Kind")} {(filter.Text is null ? "" : "AND has(text, @Text)")}
            {order} LIMIT @most
            """;
        var parameters = new DynamicParameters(values);
        parameters.AddDynamicParams(new { from = filter.From?.UtcTicks, to = filter.To?.UtcTicks, filter.Vehicle, filter.Who, filter.Kind, filter.Text, most });
        return
        [
            .. connection.Query<(long Sequence, long At, string Kind, string Who, string Vehicle, string Text, byte[] Hash)>(sql, parameters)
                .Select(row => new RecordEntry(row.Sequence, StoreSchema.Time(Math.Clamp(row.At, 0, DateTime.MaxValue.Ticks)), row.Kind, row.Who, row.Vehicle, row.Text, row.Hash)),
        ];
    }

    /// <summary>What can be read; where the file itself is damaged it ends there.</summary>
    private static IEnumerable<StoredEntry> Readable(IEnumerable<StoredEntry> entries, Action<string> onDamage)
    {
        using var each = entries.GetEnumerator();
        while (true)
        {
            try
            {
                if (!each.MoveNext())
                {
                    yield break;
                }
            }
            catch (SqliteException e)
            {
                onDamage(e.Message.TrimEnd('.'));
                yield break;
            }

            yield return each.Current;
        }
    }

    private IEnumerable<StoredEntry> Stored()
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT sequence, typeof(at) || typeof(kind) || typeof(who) || typeof(vehicle) || typeof(text) || typeof(hash), CAST(at AS INTEGER),
                CAST(kind AS BLOB), CAST(who AS BLOB), CAST(vehicle AS BLOB), CAST(text AS BLOB), CAST(hash AS BLOB)
            FROM record ORDER BY sequence
            """;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var fault = rows.GetString(1) == "integertexttexttexttextblob" ? null : "one of its fields is of another type";
            yield return new(rows.GetInt64(0), rows.IsDBNull(2) ? 0 : rows.GetInt64(2), Bytes(3), Bytes(4), Bytes(5), Bytes(6), Bytes(7), fault);
        }

        byte[] Bytes(int column) => rows.IsDBNull(column) ? [] : rows.GetFieldValue<byte[]>(column);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionText);
        connection.Open();
        return connection;
    }
}
