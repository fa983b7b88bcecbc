using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Dapper;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Closing;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Link;
using Kehrwerk.Streets;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Centre.Store;

/// <summary>
/// The Centre's database: plans, missions, coverage, what twins remember, and the record, in one SQLite file.
/// One writer commits what has come in meanwhile together; a caller's task completes after the commit. Thread-safe.
/// </summary>
public sealed partial class CentreStore : IAsyncDisposable
{
    /// <summary>Version of the tables that this program writes.</summary>
    public const int SchemaVersion = 5;

    // Full: callers wait. Nothing that is to be stored is ever dropped.
    private const int MaxWaiting = 1024;
    private const int MaxTogether = 256;

    private readonly Channel<Waiting> inbox = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly string connectionText;
    private readonly SqliteConnection writer;
    private readonly Task writing;
    private byte[] lastHash;
    private long lastSequence;

    private CentreStore(string connectionText, SqliteConnection writer)
    {
        this.connectionText = connectionText;
        this.writer = writer;
        var last = writer.QueryFirstOrDefault<RecordRow>("SELECT * FROM record ORDER BY sequence DESC LIMIT 1");
        (lastSequence, lastHash) = last is null ? (0, RecordChain.Origin) : (last.Sequence, last.Hash);
        Epoch = StoreSchema.NextEpoch(writer);
        writing = Task.Run(WriteAll);
    }

    /// <summary>Number of this start, higher than at any start before: of two Centres vehicles follow the higher one.</summary>
    public uint Epoch { get; }

    /// <summary>Opens the file, or creates it.</summary>
    /// <exception cref="InputException">It is of a newer version, or no database of ours.</exception>
    public static CentreStore Open(string file)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString();
        var connection = new SqliteConnection(text);
        try
        {
            connection.Open();
            StoreSchema.Prepare(connection, file);
            return new(text, connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new InputException(file, $"the database cannot be opened: {e.Message.TrimEnd('.')}", "Restore it from a backup, or choose another folder with --data", e);
        }
        catch (InputException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Stores a batch whole. When the task completes, it outlives the process.</summary>
    /// <exception cref="SqliteException">The disk refuses; nothing of the batch is stored.</exception>
    /// <exception cref="ChannelClosedException">The store is closed.</exception>
    public async Task Write(StoreBatch batch)
    {
        var waiting = new Waiting(batch, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await inbox.Writer.WriteAsync(waiting);
        await waiting.Done.Task;
    }

    /// <summary>The twin of a vehicle as it was stored last; a new one where nothing is stored.</summary>
    public Twin LoadTwin(FleetVehicle vehicle)
    {
        using var connection = Reader();
        var json = connection.QueryFirstOrDefault<string>("SELECT memory FROM vehicles WHERE id = @id", new { id = vehicle.Id.ToString() });
        var memory = json is null ? new() : JsonSerializer.Deserialize(json, StoreJson.Default.TwinMemory)!;
        return memory.Recall(vehicle, memory.Mission is null ? null : LoadMission(connection, memory.Mission));
    }

    /// <summary>
    /// A mission of the newest plan that was stored for a vehicle and never reached its twin; null if there is none. Those of older plans
    /// are overtaken: nobody expects them to begin now.
    /// </summary>
    public Mission? FindUnassigned(VehicleId vehicle, string? current)
    {
        using var connection = Reader();
        var id = connection.QueryFirstOrDefault<string>(
            """
            SELECT id FROM missions
            WHERE vehicle = @vehicle AND ended_at IS NULL AND id <> @current AND plan = (SELECT max(id) FROM plans)
            """,
            new { vehicle = vehicle.ToString(), current = current ?? "" });
        return id is null ? null : LoadMission(connection, id);
    }

    public Mission? LoadMission(string id)
    {
        using var connection = Reader();
        return LoadMission(connection, id);
    }

    /// <summary>The missions of the newest plan, in the order of their ids.</summary>
    public ImmutableArray<Mission> NewestShift()
    {
        using var connection = Reader();
        var ids = connection.Query<string>("SELECT id FROM missions WHERE plan = (SELECT max(id) FROM plans) ORDER BY id").ToList();
        return [.. ids.Select(id => LoadMission(connection, id)!)];
    }

    /// <summary>Bays that vehicles held when they were stored last.</summary>
    public ImmutableArray<(VehicleId Vehicle, DepotService Kind, int Number)> GrantedBays() =>
    [
        .. Memories().Where(row => row.Memory.Bay is { IsGranted: true }).Select(row => (VehicleId.Parse(row.Vehicle), row.Memory.Bay!.Kind, row.Memory.Bay.Number)),
    ];

    /// <summary>What is remembered of each twin.</summary>
    public ImmutableArray<(string Vehicle, TwinMemory Memory)> Memories()
    {
        using var connection = Reader();
        return
        [
            .. connection.Query<(string Id, string Memory)>("SELECT id, memory FROM vehicles ORDER BY id")
                .Select(row => (row.Id, JsonSerializer.Deserialize(row.Memory, StoreJson.Default.TwinMemory)!)),
        ];
    }

    /// <summary>Every kerb that was swept, oldest first.</summary>
    public ImmutableArray<StoredCoverage> Coverage()
    {
        using var connection = Reader();
        return
        [
            .. connection.Query<CoverageRow>("SELECT mission, kerb, kerb_key AS KerbKey, vehicle, swept_at AS SweptAt FROM coverage ORDER BY swept_at, mission, kerb")
                .Select(r => new StoredCoverage(r.Mission, (int)r.Kerb, r.KerbKey, r.Vehicle, StoreSchema.Time(r.SweptAt))),
        ];
    }

    /// <summary>Every event that vehicles recorded, oldest first; of one that came incomplete and then whole, both.</summary>
    public ImmutableArray<StoredEvent> Events()
    {
        using var connection = Reader();
        return
        [
            .. connection.Query<(string Vehicle, string Id, long At, string Sha256, string Content)>("SELECT * FROM events ORDER BY at, vehicle, id, length(content)")
                .Select(r => new StoredEvent(r.Vehicle, r.Id, StoreSchema.Time(r.At), r.Sha256, r.Content)),
        ];
    }

    /// <summary>Streets that are closed, oldest first.</summary>
    public ImmutableArray<StreetClosure> StreetClosures()
    {
        using var connection = Reader();
        return
        [
            .. connection.Query<(long Id, string Street, string Stretches, string Reason, string By, long At, long? Until)>(
                    "SELECT id, street, stretches, reason, closed_by, closed_at, until FROM closures WHERE opened = 0 ORDER BY id")
                .Select(r => new StreetClosure(
                    r.Id, r.Street, [.. r.Stretches.Split(' ')], r.Reason, r.By, StoreSchema.Time(r.At), r.Until is { } until ? StoreSchema.Time(until) : null)),
        ];
    }

    /// <summary>The highest id that a closure ever had.</summary>
    public long HighestClosure()
    {
        using var connection = Reader();
        return connection.ExecuteScalar<long>("SELECT coalesce(max(id), 0) FROM closures");
    }

    /// <summary>What the case book begins with after a start: what it has to know of, and the next number.</summary>
    public (ImmutableArray<Case> Kept, long NextId) KeptCases()
    {
        using var connection = Reader();
        var kept = connection.Query<string>("SELECT content FROM cases WHERE is_kept = 1 ORDER BY id").Select(ReadCase).ToImmutableArray();
        return (kept, connection.ExecuteScalar<long>("SELECT coalesce(max(id), 0) + 1 FROM cases"));
    }

    /// <summary>Cases that were raised in a span, and those from before that were open in it; oldest first.</summary>
    public ImmutableArray<Case> CasesBetween(DateTimeOffset from, DateTimeOffset to)
    {
        using var connection = Reader();
        return
        [
            .. connection.Query<string>(
                "SELECT content FROM cases WHERE raised_at < @to AND (raised_at >= @from OR closed_at IS NULL OR closed_at >= @from) ORDER BY id",
                new { from = from.UtcTicks, to = to.UtcTicks }).Select(ReadCase),
        ];
    }

    /// <summary>The cases that were closed last, the newest first.</summary>
    public ImmutableArray<Case> ClosedCases(int most)
    {
        using var connection = Reader();
        return [.. connection.Query<string>("SELECT content FROM cases WHERE closed_at IS NOT NULL ORDER BY id DESC LIMIT @most", new { most }).Select(ReadCase)];
    }

    public Case? FindCase(long id)
    {
        using var connection = Reader();
        return connection.QueryFirstOrDefault<string>("SELECT content FROM cases WHERE id = @id", new { id }) is { } json ? ReadCase(json) : null;
    }

    /// <summary>A number for a new mission; never given twice, also where the shift is not stored in the end.</summary>
    public long HighestMission()
    {
        using var connection = Reader();
        return connection.ExecuteScalar<long>("SELECT coalesce(max(cast(substr(id, 2) AS INTEGER)), 0) FROM missions");
    }

    /// <summary>The record and the events of vehicles, to look for something in them.</summary>
    public RecordReader Records => new(connectionText);

    /// <summary>The record from an entry on, read as it is consumed.</summary>
    public IEnumerable<RecordEntry> Record(long fromSequence = 1) => Records.Find(new(), fromSequence - 1);

    /// <summary>
    /// Entries of some kinds in a span, oldest first. Where the span begins is searched for by halves: entries are in the order of time, but for a clock that was set back.
    /// </summary>
    internal ImmutableArray<RecordEntry> RecordBetween(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string> kinds, int most)
    {
        using var connection = Reader();
        var (low, high) = (1L, connection.ExecuteScalar<long>("SELECT coalesce(max(sequence), 0) + 1 FROM record"));
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = connection.ExecuteScalar<long>("SELECT at FROM record WHERE sequence = @middle", new { middle }) < from.UtcTicks ? (middle + 1, high) : (low, middle);
        }

        return
        [
            .. connection.Query<RecordRow>(
                    "SELECT * FROM record WHERE sequence >= @low AND at >= @from AND at < @to AND kind IN @kinds ORDER BY sequence LIMIT @most",
                    new { low, from = from.UtcTicks, to = to.UtcTicks, kinds, most })
                .Select(row => new RecordEntry(row.Sequence, StoreSchema.Time(row.At), row.Kind, row.Who, row.Vehicle, row.Text, row.Hash)),
        ];
    }

    /// <summary>Kerbs of the missions that ran in a span on a city, and when those were swept that were, up to its end.</summary>
    internal (ImmutableArray<int> Planned, ImmutableArray<(int Kerb, DateTimeOffset At)> Swept) KerbsBetween(DateTimeOffset from, DateTimeOffset to, string city)
    {
        using var connection = Reader();
        var ids = connection.Query<string>(
            "SELECT id FROM missions WHERE city = @city AND started_at < @to AND (ended_at IS NULL OR ended_at >= @from)", new { city, from = from.UtcTicks, to = to.UtcTicks }).ToList();
        var planned = ids.Select(id => LoadMission(connection, id)!).SelectMany(mission => mission.Steps).Where(step => step.IsPlannedSweep).Select(step => ((StepWork.Sweep)step.Work).Kerb);
        var swept = connection.Query<(long Kerb, long At)>("SELECT kerb, swept_at FROM coverage WHERE mission IN @ids AND swept_at < @to ORDER BY swept_at", new { ids, to = to.UtcTicks });
        return ([.. planned.Distinct().Order()], [.. swept.Select(row => ((int)row.Kerb, StoreSchema.Time(row.At)))]);
    }

    /// <summary>Whether the record is whole.</summary>
    public RecordVerdict VerifyRecord() => Records.Verify();

    public async ValueTask DisposeAsync()
    {
        inbox.Writer.TryComplete();
        await writing;
        await writer.DisposeAsync();
    }

    private static Case ReadCase(string json) => JsonSerializer.Deserialize(json, StoreJson.Default.Case)!;

    private static Mission? LoadMission(SqliteConnection connection, string id)
    {
        if (connection.QueryFirstOrDefault<MissionRow>(
            "SELECT id, vehicle, city, day, started_at AS StartedAt, ended_at AS EndedAt FROM missions WHERE id = @id", new { id }) is not { } row)
        {
            return null;
        }

        var steps = connection.Query<string>("SELECT step FROM steps WHERE mission = @id ORDER BY position", new { id });
        return new()
        {
            Id = row.Id,
            Vehicle = VehicleId.Parse(row.Vehicle),
            City = row.City,
            Day = (int)row.Day,
            StartedAt = StoreSchema.Time(row.StartedAt),
            EndedAt = row.EndedAt is { } ended ? StoreSchema.Time(ended) : null,
            Steps = [.. steps.Select(json => JsonSerializer.Deserialize(json, StoreJson.Default.MissionStep)!)],
        };
    }

    private SqliteConnection Reader()
    {
        var connection = new SqliteConnection(connectionText);
        connection.Open();
        return connection;
    }

    private async Task WriteAll()
    {
        var together = new List<Waiting>();
        while (await inbox.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < MaxTogether && inbox.Reader.TryRead(out var next))
            {
                together.Add(next);
            }

            if (!TryCommit(together) && together.Count > 1)
            {
                // One that cannot be stored must not keep the others out.
                together.ForEach(alone => TryCommit([alone]));
            }
        }
    }

    /// <summary>Commits and completes the tasks; of one batch alone also with its fault, whatever that is: the writer goes on.</summary>
    private bool TryCommit(List<Waiting> together)
    {
        try
        {
            Commit(together);
        }
        catch (Exception fault)
        {
            if (together is [var alone])
            {
                alone.Done.SetException(fault);
            }

            return false;
        }

        together.ForEach(waiting => waiting.Done.SetResult());
        return true;
    }

    private void Commit(List<Waiting> together)
    {
        var (sequence, hash) = (lastSequence, lastHash);
        using var transaction = writer.BeginTransaction();
        foreach (var waiting in together)
        {
            StoreSchema.Write(writer, transaction, waiting.Batch);
            foreach (var draft in waiting.Batch.Record)
            {
                var entry = RecordChain.Append(hash, ++sequence, draft);
                hash = entry.Hash;
                StoreSchema.Write(writer, transaction, entry);
            }
        }

        transaction.Commit();
        (lastSequence, lastHash) = (sequence, hash);
    }

    private sealed record Waiting(StoreBatch Batch, TaskCompletionSource Done);

    private sealed record RecordRow(long Sequence, long At, string Kind, string Who, string Vehicle, string Text, byte[] Hash);

    private sealed record MissionRow(string Id, string Vehicle, string City, long Day, long StartedAt, long? EndedAt);

    private sealed record CoverageRow(string Mission, long Kerb, string KerbKey, string Vehicle, long SweptAt);
}
