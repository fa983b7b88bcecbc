using System.Threading.Channels;
using Kehrwerk.Link;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Sweeper;

/// <summary>
/// Stores a vehicle's condition beside the vehicle's own loop: a slow disk delays the file, never a stop. What cannot be stored stays
/// in memory and is tried again with the next one put in. Disk time is real time, however fast the vehicle's clock runs.
/// </summary>
internal sealed partial class ConditionKeeper(VehicleId vehicle, ConditionFile file, ILogger log)
{
    private const int MaxLogs = 50;

    // A disk that takes longer for a few hundred bytes counts as failed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Only the newest matters.
    private readonly Channel<SweeperCondition> newest = Channel.CreateBounded<SweeperCondition>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private SweeperCondition? stored;
    private volatile bool hasFailed;
    private long waitsSince;

    /// <summary>False while storing fails or takes too long.</summary>
    public bool Keeps
    {
        get
        {
            var since = Interlocked.Read(ref waitsSince);
            return !hasFailed && (since == 0 || TimeProvider.System.GetElapsedTime(since) < Patience);
        }
    }

    public void Put(SweeperCondition condition)
    {
        Interlocked.CompareExchange(ref waitsSince, TimeProvider.System.GetTimestamp(), 0);
        newest.Writer.TryWrite(condition);
    }

    /// <summary>Stores what is put in, until <see cref="End"/>.</summary>
    public async Task RunAsync()
    {
        await foreach (var condition in newest.Reader.ReadAllAsync())
        {
            if (condition != stored)
            {
                Store(condition);
            }

            Interlocked.Exchange(ref waitsSince, 0);
        }
    }

    /// <summary>Stores the last condition; says so in the log where that is not possible.</summary>
    /// <param name="running">The task of <see cref="RunAsync"/>.</param>
    public async Task End(SweeperCondition last, Task running)
    {
        Put(last);
        newest.Writer.Complete();
        try
        {
            await running.WaitAsync(Patience, TimeProvider.System);
            if (hasFailed)
            {
                LogLost(log, vehicle, file.Path);
            }
        }
        catch (TimeoutException)
        {
            LogLost(log, vehicle, file.Path);
        }
    }

    /// <summary>Stores a log beside the condition; of more than <see cref="MaxLogs"/> the oldest go.</summary>
    public bool TryStore(LogFile logFile)
    {
        try
        {
            var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, Path.GetFileNameWithoutExtension(file.Path) + "-logs");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, logFile.Name), logFile.Text);
            foreach (var old in Directory.GetFiles(folder, "log-*.txt").OrderDescending(StringComparer.Ordinal).Skip(MaxLogs))
            {
                File.Delete(old);
            }

            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotStored(log, vehicle, logFile.Name, fault.Message);
            return false;
        }
    }

    private void Store(SweeperCondition condition)
    {
        try
        {
            file.Save(condition);
            stored = condition;
            if (hasFailed)
            {
                hasFailed = false;
                LogStoredAgain(log, vehicle, file.Path);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!hasFailed)
            {
                LogFailed(log, vehicle, file.Path, fault.Message);
                hasFailed = true;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Vehicle} cannot store its condition in {File}: {Reason} It stands still and tries again each second; free the disk or correct the permissions")]
    private static partial void LogFailed(ILogger log, VehicleId vehicle, string file, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Vehicle} can store its condition in {File} again and goes on")]
    private static partial void LogStoredAgain(ILogger log, VehicleId vehicle, string file);

    [LoggerMessage(3, LogLevel.Error, "{Vehicle} ends, and its last condition is not in {File}: it will start from an older one")]
    private static partial void LogLost(ILogger log, VehicleId vehicle, string file);

    [LoggerMessage(4, LogLevel.Warning, "{Vehicle} was asked for a log and cannot store {File}: {Reason}")]
    private static partial void LogNotStored(ILogger log, VehicleId vehicle, string file, string reason);
}
