namespace Kehrwerk.Link.Broker;

/// <summary>How much one client may send. All its connections together count, and every MQTT packet is a message.</summary>
/// <param name="MessagesPerS">In the long run.</param>
/// <param name="MessagesAtOnce">After a pause, e.g. what waited while the line was broken.</param>
/// <param name="BytesPerS">In the long run.</param>
/// <param name="BytesAtOnce">After a pause; at least the largest packet.</param>
public sealed record ClientLimits(double MessagesPerS = 200, double MessagesAtOnce = 2_000, double BytesPerS = 1 << 20, double BytesAtOnce = 8 << 20)
{
    /// <summary>For clients whose clock runs faster.</summary>
    public ClientLimits Times(double speed) => new(MessagesPerS * speed, MessagesAtOnce * speed, BytesPerS * speed, BytesAtOnce * speed);
}

/// <summary>Measures what one client sends against its limits: two token buckets. Thread-safe.</summary>
internal sealed class RateMeter(ClientLimits limits, TimeProvider time)
{
    private readonly Lock gate = new();
    private double messages = limits.MessagesAtOnce;
    private double bytes = limits.BytesAtOnce;
    private long filledAt = time.GetTimestamp();

    /// <summary>Takes a packet of this length, bytes; false where it is more than is left, and nothing is taken then.</summary>
    public bool TryTake(int length)
    {
        lock (gate)
        {
            Fill();
            if (messages < 1 || bytes < length)
            {
                return false;
            }

            messages--;
            bytes -= length;
            return true;
        }
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        var elapsedS = time.GetElapsedTime(filledAt, now).TotalSeconds;
        filledAt = now;
        messages = Math.Min(limits.MessagesAtOnce, messages + (elapsedS * limits.MessagesPerS));
        bytes = Math.Min(limits.BytesAtOnce, bytes + (elapsedS * limits.BytesPerS));
    }
}
