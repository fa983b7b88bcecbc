using System.Collections.Immutable;
using Dapper;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Centre.History;

/// <summary>
/// Where every vehicle was and how it did, once a second, for a stated time: in a SQLite file of its own, a row for each vehicle and minute. It is telemetry:
/// nothing waits for it, what cannot be stored for ten minutes is dropped, and a loss of power costs the last seconds. Thread-safe.
/// </summary>
internal sealed class HistoryStore : IDisposable
{
    /// <summary>A sample is kept so often, and at each change of state.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(950);

    /// <summary>Minutes that are held back while the disk refuses them.</summary>
    private const int MostMinutesWaiting = 10;

    // At each change of state: bounded, where something flickers.
    private const int MostInMinute = 600;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, List<Minute>> open = new(StringComparer.Ordinal);

    private HistoryStore(SqliteConnection connection) => this.connection = connection;

    /// <summary>Opens the file, or creates it.</summary>
    /// <exception cref="InputException">It is of a newer version, or no history of ours.</exception>
    public static HistoryStore Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            var version = connection.ExecuteScalar<long>("PRAGMA user_version");
            if (version > 1 || (version == 0 && connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master") > 0))
            {
                throw new InputException(file, "the file is no history of vehicles that this program knows", "Move it away: a new one is begun, and only replay of earlier times is missing");
            }

            connection.Execute(
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                CREATE TABLE IF NOT EXISTS history (minute INTEGER NOT NULL, vehicle TEXT NOT NULL, samples BLOB NOT NULL, PRIMARY KEY (minute, vehicle)) WITHOUT ROWID;
                PRAGMA user_version = 1;
                """);
            return new(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new InputException(file, $"the history of vehicles cannot be opened: {e.Message.TrimEnd('.')}", "Move it away: a new one is begun, and only replay of earlier times is missing", e);
        }
        catch (InputException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a sample until the next <see cref="Flush"/>, unless it says nothing new.</summary>
    public void Note(string vehicle, HistorySample sample)
    {
        lock (gate)
        {
            if (!open.TryGetValue(vehicle, out var minutes))
            {
                open[vehicle] = minutes = [];
            }

            var number = MinuteOf(sample.At);
            var last = minutes.Count > 0 ? minutes[^1] : null;
            if (last is { Samples: [.., var before] } && !sample.IsWorthKeepingAfter(before))
            {
                return;
            }

            if (last?.Number != number)
            {
                // The clock may have been set back, or the program ended within this minute: what is stored of it goes on.
                last = minutes.Find(minute => minute.Number == number);
                if (last is null)
                {
                    minutes.Add(last = new(number, []));
                }
            }

            if (last.Samples.Count < MostInMinute)
            {
                last.Samples.Add(sample);
                last.IsDirty = true;
            }

            if (minutes.Count > MostMinutesWaiting)
            {
                minutes.RemoveAt(0);
            }
        }
    }

    /// <summary>Stores what has come; minutes that are over are forgotten here when they are stored.</summary>
    /// <exception cref="SqliteException">The disk refuses; the next time tries again.</exception>
    public void Flush()
    {
        lock (gate)
        {
            using (var transaction = connection.BeginTransaction())
            {
                foreach (var (vehicle, minutes) in open)
                {
                    foreach (var minute in minutes.Where(minute => minute.IsDirty))
                    {
                        Join(vehicle, minute);
                        connection.Execute(
                            "INSERT INTO history VALUES (@Number, @vehicle, @bytes) ON CONFLICT (minute, vehicle) DO UPDATE SET samples = excluded.samples",
                            new { minute.Number, vehicle, bytes = HistoryBytes.Pack(minute.Number, minute.Samples) }, transaction);
                    }
                }

                transaction.Commit();
            }

            foreach (var minutes in open.Values)
            {
                minutes.ForEach(minute => minute.IsDirty = false);
                if (minutes.Count > 1)
                {
                    minutes.RemoveRange(0, minutes.Count - 1);
                }
            }
        }
    }

    /// <summary>Deletes what is older than a time.</summary>
    public void Forget(DateTimeOffset before)
    {
        lock (gate)
        {
            connection.Execute("DELETE FROM history WHERE minute < @minute", new { minute = MinuteOf(before) });
        }
    }

    /// <summary>First and last moment of which something is known; null where nothing is.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Span()
    {
        lock (gate)
        {
            TryFlush();
            var ends = connection.Query<(long Minute, byte[] Samples)>(
                "SELECT minute, samples FROM history WHERE minute IN ((SELECT min(minute) FROM history), (SELECT max(minute) FROM history))")
                .SelectMany(row => HistoryBytes.Unpack(row.Minute, row.Samples)).Select(sample => sample.At).ToList();
            return ends.Count > 0 ? (ends.Min(), ends.Max()) : null;
        }
    }

    /// <summary>The samples of a span by vehicle, in the order of time, with the last one before it within a minute, so that a picture has its beginning.</summary>
    /// <param name="vehicle">Null: of all.</param>
    public ImmutableSortedDictionary<string, ImmutableArray<HistorySample>> Between(DateTimeOffset from, DateTimeOffset to, string? vehicle = null)
    {
        List<(long Minute, string Vehicle, byte[] Samples)> rows;
        lock (gate)
        {
            TryFlush();
            rows = [.. connection.Query<(long, string, byte[])>(
                "SELECT minute, vehicle, samples FROM history WHERE minute BETWEEN @from AND @to AND (@vehicle IS NULL OR vehicle = @vehicle) ORDER BY minute",
                new { from = MinuteOf(from) - 1, to = MinuteOf(to), vehicle })];
        }

        return rows.GroupBy(row => row.Vehicle, StringComparer.Ordinal).ToImmutableSortedDictionary(
            group => group.Key,
            group =>
            {
                var all = group.SelectMany(row => HistoryBytes.Unpack(row.Minute, row.Samples)).OrderBy(sample => sample.At).Where(sample => sample.At < to).ToList();
                var begins = Math.Max(0, all.FindLastIndex(sample => sample.At <= from));
                return all.Skip(begins).ToImmutableArray();
            },
            StringComparer.Ordinal);
    }

    public void Dispose()
    {
        lock (gate)
        {
            TryFlush();
            connection.Dispose();
        }
    }

    private static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    /// <summary>What a run before this one stored of the same minute stays.</summary>
    private void Join(string vehicle, Minute minute)
    {
        if (minute.IsJoined)
        {
            return;
        }

        var stored = connection.QueryFirstOrDefault<byte[]>("SELECT samples FROM history WHERE minute = @Number AND vehicle = @vehicle", new { minute.Number, vehicle });
        if (stored is not null)
        {
            minute.Samples.InsertRange(0, HistoryBytes.Unpack(minute.Number, stored));
        }

        minute.IsJoined = true;
    }

    private void TryFlush()
    {
        try
        {
            Flush();
        }
        catch (SqliteException)
        {
            // What is stored can still be read; the recorder tells of the disk.
        }
    }

    private sealed class Minute(long number, List<HistorySample> samples)
    {
        public long Number { get; } = number;
        public List<HistorySample> Samples { get; } = samples;
        public bool IsDirty { get; set; }
        public bool IsJoined { get; set; }
    }
}
