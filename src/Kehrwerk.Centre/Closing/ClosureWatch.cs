using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Centre.Closing;

/// <summary>Opens closed streets when their time is over, by the Centre's clock.</summary>
internal sealed partial class ClosureWatch(ClosureDesk desk, CentreOptions options, ILogger<ClosureWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), options.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await desk.LiftEnded();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // It stays closed, which is safe, and is tried again.
                NotOpened(logger, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A street whose closure is over could not be opened")]
    private static partial void NotOpened(ILogger logger, Exception e);
}
