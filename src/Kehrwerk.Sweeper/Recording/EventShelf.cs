using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Sweeper.Recording;

/// <summary>What the shell has to do with an event's file.</summary>
public abstract record EventOrder(string EventId)
{
    /// <summary>Store it, in the place of what was stored of it before.</summary>
    public sealed record Store(RecordedEvent Event) : EventOrder(Event.EventId);

    /// <summary>The Centre has it: it may go when room is needed.</summary>
    public sealed record Acknowledged(string Id) : EventOrder(Id);
}

/// <summary>
/// Events that the Centre has not acknowledged, oldest first: each is sent until its receipt comes, one at a time, and only while a
/// lease shows that the link stands (safety profile, SP-REC). Not thread-safe.
/// </summary>
internal sealed class EventShelf(IEnumerable<RecordedEvent> waiting)
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(10);

    private readonly List<RecordedEvent> events = [.. waiting];
    private readonly List<EventOrder> orders = [];
    private DateTimeOffset notBefore;

    public uint Waiting => (uint)events.Count;

    /// <summary>Has the beginning of a recording stored, in case that its end never comes.</summary>
    public void Begin(RecordedEvent recording) => orders.Add(new EventOrder.Store(recording));

    /// <summary>A recording is complete: it is stored and waits to be sent.</summary>
    public void Put(RecordedEvent recording)
    {
        orders.Add(new EventOrder.Store(recording));
        events.Add(recording);
    }

    /// <summary>The event to be sent now, or null.</summary>
    public RecordedEvent? Due(DateTimeOffset now)
    {
        // After a jump of the clock nothing waits longer than usual.
        if (events.Count == 0 || (now < notBefore && notBefore - now <= RepeatAfter))
        {
            return null;
        }

        notBefore = now + RepeatAfter;
        return events[0];
    }

    public void Take(EventReceipt receipt)
    {
        var index = events.FindIndex(waiting => waiting.EventId == receipt.EventId);
        if (index < 0)
        {
            return;
        }

        var sent = events[index];
        events.RemoveAt(index);
        if (receipt.Kept)
        {
            orders.Add(new EventOrder.Acknowledged(sent.EventId));
            notBefore = default;
        }
        else
        {
            // It may have been hurt on the way: the others first, then again, at the usual pace.
            events.Add(sent);
        }
    }

    /// <summary>Hands over what is to be done on the disk, in order.</summary>
    public IReadOnlyList<EventOrder> TakeOrders()
    {
        if (orders.Count == 0)
        {
            return [];
        }

        EventOrder[] taken = [.. orders];
        orders.Clear();
        return taken;
    }

    public static EventMessage ToMessage(RecordedEvent recorded, VehicleId vehicle, DateTimeOffset now) => new()
    {
        HeaderId = 0,
        Timestamp = now,
        Vehicle = vehicle,
        EventId = recorded.EventId,
        Sha256 = EventMessage.HashOf(recorded.Content),
        Content = recorded.Content,
    };
}
