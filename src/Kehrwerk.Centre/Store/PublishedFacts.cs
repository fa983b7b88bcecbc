using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Link;
using Microsoft.Data.Sqlite;

namespace Kehrwerk.Centre.Store;

/// <summary>A kerb that was not swept when it was its turn, or of which a part was missed.</summary>
/// <param name="Reason">As <see cref="SkipReasons"/> and <see cref="MissedReasons"/> name it.</param>
/// <param name="MissedM">Metres that were missed; null: the whole kerb.</param>
public sealed record UnsweptKerb(int Kerb, string Reason, DateTimeOffset At, double? MissedM);

/// <summary>What the Centre's database tells the public about the sweeping, and nothing else of it. Read beside a Centre that may be writing.</summary>
/// <param name="Swept">The last sweep of each kerb, by its key.</param>
/// <param name="UnderWay">Kerbs that running missions have still to sweep.</param>
/// <param name="Unswept">In the order in which it happened.</param>
/// <param name="ClosedStretches">Keys of segments that are closed now.</param>
public sealed record PublishedFacts(
    ImmutableArray<(string KerbKey, VehicleId Vehicle, DateTimeOffset At)> Swept,
    ImmutableArray<(int Kerb, VehicleId Vehicle)> UnderWay,
    ImmutableArray<UnsweptKerb> Unswept,
    ImmutableArray<string> ClosedStretches)
{
    // A mission that was left running longer ago will not go on by itself.
    private static readonly TimeSpan LongestShift = TimeSpan.FromHours(24);
    private static readonly TimeSpan Told = TimeSpan.FromDays(14);

    /// <summary>Reads a database; null where there is none, or one that this program does not know.</summary>
    /// <param name="city">Fingerprint of the city whose kerbs are meant.</param>
    public static PublishedFacts? Read(string file, string city, DateTimeOffset now)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        // One transaction, so that all of it is of one moment.
        using var transaction = connection.BeginTransaction(deferred: true);
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE name IN ('coverage', 'steps', 'missions', 'closures')", transaction: transaction) != 4)
        {
            return null;
        }

        var swept = connection.Query<(string Key, string Vehicle, long At)>("SELECT kerb_key, vehicle, max(swept_at) FROM coverage GROUP BY kerb_key", transaction: transaction)
            .Select(r => (r.Key, VehicleId.Parse(r.Vehicle), StoreSchema.Time(r.At)));
        // Most steps are done and have nothing to tell: what they hold need not be read.
        var steps = connection.Query<(string Vehicle, long IsRunning, string Step)>(
            """
            SELECT m.vehicle, m.ended_at IS NULL AND m.started_at >= @today, s.step FROM missions m JOIN steps s ON s.mission = m.id
            WHERE m.city = @city AND m.started_at >= @told
              AND ((m.ended_at IS NULL AND m.started_at >= @today) OR s.step LIKE '%"skipped"%' OR s.step LIKE '%"missed"%')
            ORDER BY m.started_at, s.position
            """,
            new { city, today = (now - LongestShift).UtcTicks, told = (now - Told).UtcTicks },
            transaction).Select(r => (r.Vehicle, IsRunning: r.IsRunning != 0, Step: JsonSerializer.Deserialize(r.Step, StoreJson.Default.MissionStep)!)).ToList();
        var stretches = connection.Query<string>("SELECT stretches FROM closures WHERE opened = 0 AND (until IS NULL OR until > @now)", new { now = now.UtcTicks }, transaction);
        return new(
            [.. swept],
            [.. steps.Where(s => s.IsRunning && s.Step is { IsPlannedSweep: true, IsClosed: false }).Select(s => (((StepWork.Sweep)s.Step.Work).Kerb, VehicleId.Parse(s.Vehicle)))],
            [.. steps.Select(s => UnsweptOf(s.Step)).OfType<UnsweptKerb>().OrderBy(u => u.At)],
            [.. stretches.SelectMany(s => s.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct()]);
    }

    private static UnsweptKerb? UnsweptOf(MissionStep step) => (step.Work, step.Status) switch
    {
        (StepWork.Sweep sweep, StepStatus.Skipped skipped) => new(sweep.Kerb, skipped.Reason, skipped.At, null),
        (StepWork.Sweep sweep, StepStatus.Done done) when step.Missed is { IsDefaultOrEmpty: false } missed =>
            new(sweep.Kerb, missed.GroupBy(m => m.Reason).MaxBy(g => g.Sum(m => m.LengthM))!.Key, done.At, missed.Sum(m => m.LengthM)),
        _ => null,
    };
}
