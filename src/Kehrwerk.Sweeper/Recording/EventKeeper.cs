using System.Threading.Channels;
using Kehrwerk.Link;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Sweeper.Recording;

/// <summary>
/// Stores recorded events beside the vehicle's own loop. What cannot be stored is tried again each second, in order, and meanwhile receipts
/// of others make room; the events stay in memory and are sent all the same. Disk time is real time.
/// </summary>
internal sealed partial class EventKeeper(VehicleId vehicle, EventFiles files, ILogger log)
{
    private const int Capacity = 1_024;

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // An event is two orders and a receipt. Full only where the disk has failed for long: then new ones are not stored, and the vehicle says so.
    private readonly Channel<EventOrder> orders = Channel.CreateBounded<EventOrder>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly TaskCompletionSource ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool hasFailed;
    private volatile bool isFull;

    /// <summary>False while storing fails.</summary>
    public bool Keeps => !hasFailed && !isFull;

    public void Put(EventOrder order) => isFull = !orders.Writer.TryWrite(order);

    /// <summary>Stores what is put in, until <see cref="End"/>.</summary>
    public async Task RunAsync()
    {
        List<EventOrder> left = [];
        var more = orders.Reader.WaitToReadAsync().AsTask();
        var isOpen = true;
        while (isOpen && !ending.Task.IsCompleted)
        {
            await (left.Count == 0 ? (Task)more : Task.WhenAny(more, ending.Task, Task.Delay(TryAgainAfter, TimeProvider.System)));
            while (left.Count < Capacity && orders.Reader.TryRead(out var order))
            {
                left.Add(order);
            }

            Carry(left);
            if (more.IsCompleted)
            {
                isOpen = await more;
                more = orders.Reader.WaitToReadAsync().AsTask();
            }
        }
    }

    /// <summary>Stores what still waits, once.</summary>
    /// <param name="running">The task of <see cref="RunAsync"/>.</param>
    public async Task End(Task running)
    {
        orders.Writer.Complete();
        ending.SetResult();
        try
        {
            await running.WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            LogFailed(log, vehicle, files.Folder, "the disk does not answer");
        }
    }

    /// <summary>Carries out what can be done; where an event could not be stored, no other is tried, and nothing later of the same event.</summary>
    private void Carry(List<EventOrder> left)
    {
        HashSet<string> stuck = new(StringComparer.Ordinal);
        left.RemoveAll(order =>
        {
            var mustWait = stuck.Contains(order.EventId) || (order is EventOrder.Store && stuck.Count > 0);
            var isDone = !mustWait && TryCarry(order);
            if (!isDone)
            {
                stuck.Add(order.EventId);
            }

            return isDone;
        });
        hasFailed = stuck.Count > 0;
    }

    private bool TryCarry(EventOrder order)
    {
        try
        {
            files.Carry(order);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!hasFailed)
            {
                hasFailed = true;
                LogFailed(log, vehicle, files.Folder, fault.Message);
            }

            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Vehicle} cannot store a recorded event in {Folder}: {Reason} It tries again each second and sends events all the same; free the disk or correct the permissions")]
    private static partial void LogFailed(ILogger log, VehicleId vehicle, string folder, string reason);
}
