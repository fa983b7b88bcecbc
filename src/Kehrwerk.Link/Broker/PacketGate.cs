namespace Kehrwerk.Link.Broker;

/// <summary>
/// Looks at the bytes of one connection as they come in and finds where MQTT packets begin (MQTT 5.0, 2.1), so that a packet that is
/// too large or one too many is refused before any of its body is read into memory.
/// </summary>
/// <param name="maxPacketBytes">Largest packet with its header.</param>
/// <param name="meter">Null where the rate is not limited.</param>
internal sealed class PacketGate(int maxPacketBytes, RateMeter? meter)
{
    private const int MostLengthBytes = 4;

    private int headerBytes;
    private int length;
    private int bodyLeft;

    /// <summary>Passes what was read; null, or why the connection is to end.</summary>
    public RefusalKind? Pass(ReadOnlySpan<byte> read)
    {
        while (!read.IsEmpty)
        {
            if (bodyLeft > 0)
            {
                var skipped = Math.Min(bodyLeft, read.Length);
                bodyLeft -= skipped;
                read = read[skipped..];
                continue;
            }

            var isLast = TakeHeader(read[0]);
            read = read[1..];
            if (isLast && Begin() is { } refused)
            {
                return refused;
            }
        }

        return null;
    }

    /// <summary>Takes one byte of a packet's fixed header; true when it was the last.</summary>
    private bool TakeHeader(byte next)
    {
        headerBytes++;
        if (headerBytes == 1)
        {
            length = 0;
            return false;
        }

        length |= (next & 0x7F) << (7 * (headerBytes - 2));
        // A fifth byte of length is against the protocol; the broker ends such a connection by itself.
        return next < 0x80 || headerBytes > MostLengthBytes;
    }

    private RefusalKind? Begin()
    {
        var whole = headerBytes + length;
        (bodyLeft, headerBytes) = (length, 0);
        return whole > maxPacketBytes ? RefusalKind.TooLarge
            : meter?.TryTake(whole) == false ? RefusalKind.TooFast
            : null;
    }
}
