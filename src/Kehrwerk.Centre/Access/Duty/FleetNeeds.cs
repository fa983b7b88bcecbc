using System.Collections.Immutable;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Access.Duty;

/// <summary>
/// What waits for a person, by the live picture: vehicles that stand in the minimal risk condition, at fault or lost, and such as ask for leave.
/// It lasts from when it was first seen. Not thread-safe.
/// </summary>
internal sealed class FleetNeeds(LiveFleet fleet)
{
    private ImmutableDictionary<string, DateTimeOffset> since = ImmutableDictionary<string, DateTimeOffset>.Empty;

    public ImmutableDictionary<string, DateTimeOffset> WaitsSince(DateTimeOffset now) => since = fleet.Snapshot().Vehicles
        .Where(Waits)
        .ToImmutableDictionary(vehicle => vehicle.Id, vehicle => since.GetValueOrDefault(vehicle.Id, now), StringComparer.Ordinal);

    private static bool Waits(VehicleView vehicle) =>
        vehicle.MrcId is not null || vehicle.Requests.Count > 0 || Attentions.Of(vehicle) is Attention.Fault or Attention.Deactivated or Attention.Lost;
}

/// <summary>Lets time pass for the duty book, once a second.</summary>
internal sealed partial class DutyClock(DutyDesk desk, WaitsForPerson waits, AccessOptions options, ILogger<DutyClock> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), options.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await desk.Tick(waits(desk.Now));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                NotWritten(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What became of somebody on duty could not be put on record; it is tried again")]
    private static partial void NotWritten(ILogger logger, Exception exception);
}
