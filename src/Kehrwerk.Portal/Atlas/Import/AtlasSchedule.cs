using Kehrwerk.Streets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Portal.Atlas.Import;

/// <summary>
/// Reads each source once a day at its time, for as long as the host runs. The list of sources is read anew every time, so that a change of it needs no restart.
/// </summary>
/// <param name="sourcesFile">The list of sources; where it is missing, nothing is read.</param>
public sealed partial class AtlasSchedule(Func<AtlasUpdate> update, string sourcesFile, TimeProvider time, ILogger<AtlasSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var from = time.GetLocalNow();
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var until = time.GetLocalNow();
            Look(from, until, stoppingToken);
            from = until;
        }
    }

    private void Look(DateTimeOffset from, DateTimeOffset until, CancellationToken stopping)
    {
        if (!File.Exists(sourcesFile))
        {
            return;
        }

        try
        {
            foreach (var source in FibreSources.Load(sourcesFile).Sources.Where(s => IsDue(s, from, until)))
            {
                stopping.ThrowIfCancellationRequested();
                Read(source);
            }
        }
        catch (InputException e)
        {
            NotRead(logger, sourcesFile, e.Message);
        }
    }

    private void Read(FibreSource source)
    {
        try
        {
            var run = update().Run(source, Path.GetDirectoryName(Path.GetFullPath(sourcesFile))!).Run;
            if (run.Outcome == "refused")
            {
                Refused(logger, source.Id, run.Report);
            }
        }
        catch (InputException e)
        {
            NotRead(logger, source.Id, e.Message);
        }
    }

    /// <summary>Whether the source's time of day lies after one moment and not after the other.</summary>
    internal static bool IsDue(FibreSource source, DateTimeOffset from, DateTimeOffset until)
    {
        var at = until.Date + source.At.ToTimeSpan();
        at = at > until.DateTime ? at.AddDays(-1) : at;
        return at > from.DateTime && at <= until.DateTime;
    }

    [LoggerMessage(LogLevel.Error, "The source {Source} of the fibre atlas was refused, yesterday's data stay: {Report}")]
    private static partial void Refused(ILogger logger, string source, string report);

    [LoggerMessage(LogLevel.Error, "{Source} of the fibre atlas could not be read: {Problem}")]
    private static partial void NotRead(ILogger logger, string source, string problem);
}
