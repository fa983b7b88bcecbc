using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kehrwerk.Centre.Record;
using Kehrwerk.Centre.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Upkeep;

/// <summary>Whether a vehicle may depart today.</summary>
public delegate bool IsCleared(string vehicle);

/// <summary>
/// Where people sign checks of vehicles. A report is stored together with its hash in the record, before any vehicle departs by it. Thread-safe.
/// </summary>
public sealed class UpkeepDesk : IDisposable
{
    /// <summary>Who signs where nobody looked.</summary>
    public const string Simulation = "kehrwerk run";

    private readonly CentreStore store;
    private readonly CentreOptions options;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private volatile ImmutableDictionary<(string Vehicle, CheckKind Kind), UpkeepReport> newest;

    internal UpkeepDesk(CentreStore store, CentreOptions options)
    {
        (this.store, this.options) = (store, options);
        newest = store.NewestReports().ToImmutableDictionary(report => (report.Vehicle, report.Kind));
    }

    /// <summary>The day by the clock on the wall of the Centre.</summary>
    public DateOnly Today => DayOf(options.Time.GetUtcNow());

    /// <summary>Whether vehicles need a check at all here.</summary>
    public DepartureChecks Mode => options.DepartureChecks;

    public UpkeepReport? Newest(string vehicle, CheckKind kind) => newest.GetValueOrDefault((vehicle, kind));

    /// <inheritdoc cref="UpkeepRules.IsCleared"/>
    public bool IsCleared(string vehicle) => Mode == DepartureChecks.Off || UpkeepRules.IsCleared(Newest(vehicle, CheckKind.Departure), Today);

    /// <summary>Signs a report; its id and time are given here.</summary>
    /// <returns>What is wrong with it, as a key of <c>UpkeepTexts</c>; null: it is stored and on record.</returns>
    public async Task<string?> Sign(UpkeepReport wish)
    {
        if (UpkeepRules.Fault(wish, Today) is { } fault)
        {
            return fault;
        }

        await oneAtATime.WaitAsync();
        try
        {
            var report = wish with { Id = store.HighestReport() + 1, SignedAt = options.Time.GetUtcNow() };
            var signed = Seal(report);
            var how = (report.IsSimulated ? "simulated, " : "") + (report.IsPassed ? "passed" : "defects");
            var kind = report.Kind == CheckKind.Departure ? "departureChecked" : "vehicleInspected";
            await store.Write(new()
            {
                Report = signed,
                Record = [new(report.SignedAt, kind, report.By, report.Vehicle, FormattableString.Invariant($"report {report.Id}, {report.Kind} of {report.Day:yyyy-MM-dd}: {how}, SHA-256 {signed.Sha256}"))],
            });
            if (Newest(report.Vehicle, report.Kind) is not { } before || report.Day >= before.Day)
            {
                newest = newest.SetItem((report.Vehicle, report.Kind), report);
            }

            return null;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Deletes what was kept long enough, and signs for simulated vehicles where that is how the Centre is run.</summary>
    internal async Task Keep()
    {
        var now = options.Time.GetUtcNow();
        var before = UpkeepRules.KeptSince(now);
        if (store.ReportsBefore(before) is > 0 and var count)
        {
            await store.Write(new()
            {
                ReportsKeptSince = before,
                Record = [new(now, "reportsDeleted", Fleet.TwinRules.Centre, "", FormattableString.Invariant($"{count} reports of checks that were signed before {before.UtcDateTime:u}"))],
            });
            newest = newest.RemoveRange(newest.Where(one => one.Value.SignedAt < before).Select(one => one.Key));
        }

        if (Mode == DepartureChecks.Simulated)
        {
            foreach (var vehicle in options.Vehicles.Select(vehicle => vehicle.Id.ToString()).Where(vehicle => !IsCleared(vehicle)))
            {
                await Sign(new()
                {
                    Id = 0,
                    SignedAt = default,
                    Vehicle = vehicle,
                    Kind = CheckKind.Departure,
                    Day = Today,
                    By = Simulation,
                    Items = [.. Enum.GetValues<CheckItem>().Select(item => new CheckedItem(item, true))],
                    Remark = "Simulated vehicle: nobody looked.",
                    IsPassed = true,
                    IsSimulated = true,
                });
            }
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    /// <summary>The report as it is signed, and the hash over it.</summary>
    internal static SignedReport Seal(UpkeepReport report)
    {
        var content = JsonSerializer.Serialize(report, StoreJson.Default.UpkeepReport);
        return new(report, content, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));
    }

    private DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, options.Time.LocalTimeZone).DateTime);
}

/// <summary>Keeps reports no longer than they are to be kept, minute by minute of the Centre's clock.</summary>
internal sealed partial class UpkeepKeeper(UpkeepDesk desk, CentreOptions options, ILogger<UpkeepKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before any vehicle is asked whether it may depart.
        await desk.Keep();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, options.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await desk.Keep();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                NotKept(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reports of checks could not be looked after; it is tried again in a minute.")]
    private static partial void NotKept(ILogger logger, Exception exception);
}
