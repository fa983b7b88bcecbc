using Kehrwerk.Centre.Fleet;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.History;

/// <summary>Writes down what the live picture shows of each vehicle, and deletes what is older than it is kept.</summary>
internal sealed partial class HistoryRecorder(LiveFleet live, HistoryStore store, CentreOptions options, ILogger<HistoryRecorder> log) : BackgroundService
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(5);

    // An hour of flushes.
    private const int FlushesPerSweep = 720;

    private bool isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var flushing = FlushAll(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // It ends where this does not keep up: then it begins anew with the picture as it is.
                await foreach (var change in live.Watch(stoppingToken))
                {
                    if (change is VehicleChanged { Vehicle: var vehicle })
                    {
                        store.Note(vehicle.Id, HistorySample.Of(vehicle, options.Time.GetUtcNow()));
                    }
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
        }

        await flushing;
    }

    private async Task FlushAll(CancellationToken stopping)
    {
        // Disks work in real time, however fast the Centre's clock runs.
        using var timer = new PeriodicTimer(FlushEvery, TimeProvider.System);
        try
        {
            for (var i = 0; await timer.WaitForNextTickAsync(stopping); i++)
            {
                try
                {
                    store.Flush();
                    isFailing = false;
                    if (i % FlushesPerSweep == 0)
                    {
                        store.Forget(options.Time.GetUtcNow() - options.HistoryKept);
                    }
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    if (!isFailing)
                    {
                        NotStored(log, e);
                    }

                    isFailing = true;
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The store writes the rest when it is closed.
        }
    }

    [LoggerMessage(LogLevel.Error, "The history of vehicles cannot be stored; replay will lack this time. It is tried again every few seconds")]
    private static partial void NotStored(ILogger logger, Exception e);
}
