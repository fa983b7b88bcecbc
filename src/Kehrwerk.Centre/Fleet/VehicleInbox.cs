using System.Threading.Channels;
using Kehrwerk.Link;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Something that waits for a twin: a message of its vehicle, or a second that has passed.</summary>
/// <param name="Translate">As of <see cref="LinkMessage"/>.</param>
internal readonly record struct InboxItem(LinkTopic Topic, byte[]? Payload, Func<IReadOnlyList<Translated>>? Translate = null)
{
    public static InboxItem Tick { get; } = new(LinkTopic.State, null);

    public bool IsTick => Payload is null;

    /// <summary>What it says in 3.0.0.</summary>
    public IReadOnlyList<Translated> Messages() => Translate?.Invoke() ?? [new(Topic, Payload, null)];

    public bool IsState => Payload is not null && Topic == LinkTopic.State;
}

/// <summary>
/// What waits for one twin, in order. Bounded: when full, the oldest state goes, since each state carries the results of all
/// actions of its order; a tick that still waits stands for later ones too. Thread-safe.
/// </summary>
internal sealed class VehicleInbox
{
    public const int Capacity = 64;

    private readonly Lock gate = new();
    private readonly LinkedList<InboxItem> items = new();
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool tickWaits;

    /// <summary>States that had to go, so far.</summary>
    public long Dropped { get; private set; }

    public void Add(InboxItem item)
    {
        lock (gate)
        {
            if (item.IsTick && tickWaits)
            {
                return;
            }

            if (items.Count >= Capacity)
            {
                DropOldestState();
            }

            tickWaits |= item.IsTick;
            items.AddLast(item);
        }

        signal.Writer.TryWrite(true);
    }

    public async ValueTask<InboxItem> Take(CancellationToken cancellation)
    {
        while (true)
        {
            lock (gate)
            {
                if (items.First is { } first)
                {
                    items.RemoveFirst();
                    tickWaits &= !first.Value.IsTick;
                    return first.Value;
                }
            }

            await signal.Reader.ReadAsync(cancellation);
        }
    }

    // Connections and factsheets are few and kept by the broker: if nothing else waits, the oldest of them goes.
    private void DropOldestState()
    {
        var node = items.First;
        while (node is not null && !node.Value.IsState)
        {
            node = node.Next;
        }

        items.Remove(node ?? items.First!);
        tickWaits = items.Any(i => i.IsTick);
        Dropped++;
    }
}
