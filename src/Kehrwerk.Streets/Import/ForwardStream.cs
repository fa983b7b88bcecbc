namespace Kehrwerk.Streets.Import;

/// <summary>A stream that is read once from front to back; what <see cref="Stream"/> asks for besides is answered here.</summary>
internal abstract class ForwardStream : Stream
{
    private long position;

    public sealed override bool CanRead => true;
    public sealed override bool CanSeek => false;
    public sealed override bool CanWrite => false;
    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public sealed override int Read(Span<byte> buffer)
    {
        var count = buffer.IsEmpty ? 0 : Fill(buffer);
        position += count;
        return count;
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Writes the next bytes to the front of <paramref name="buffer"/>; 0 at the end.</summary>
    protected abstract int Fill(Span<byte> buffer);
}

/// <summary>A stream whose first bytes were already read to look at them.</summary>
internal sealed class PeekedStream(byte[] head, Stream rest) : ForwardStream
{
    private int served;

    protected override int Fill(Span<byte> buffer)
    {
        if (served == head.Length)
        {
            return rest.Read(buffer);
        }

        var count = Math.Min(buffer.Length, head.Length - served);
        head.AsSpan(served, count).CopyTo(buffer);
        served += count;
        return count;
    }
}

/// <summary>
/// XML on its way to the parser: text without any <c>&gt;</c> for longer than <see cref="MaxRunBytes"/> is no OSM file but
/// would be gathered in memory as one attribute.
/// </summary>
internal sealed class BoundedXmlStream(Stream xml) : ForwardStream
{
    public const int MaxRunBytes = 1 << 20;
    private int run;

    protected override int Fill(Span<byte> buffer)
    {
        var count = xml.Read(buffer);
        var last = buffer[..count].LastIndexOf((byte)'>');
        run = last < 0 ? run + count : count - last;
        return run <= MaxRunBytes ? count : throw new InvalidDataException("one XML tag is longer than a megabyte");
    }
}

/// <summary>The members of a bzip2 file one after the other: parallel packers write many, and the library reads one.</summary>
internal sealed class BZip2Members(Stream packed) : ForwardStream
{
    private ICSharpCode.SharpZipLib.BZip2.BZip2InputStream? member = Open(packed);

    protected override int Fill(Span<byte> buffer)
    {
        var chunk = new byte[Math.Min(buffer.Length, 1 << 16)];
        while (member is not null)
        {
            var count = member.Read(chunk, 0, chunk.Length);
            if (count > 0)
            {
                chunk.AsSpan(0, count).CopyTo(buffer);
                return count;
            }

            member = packed.Position < packed.Length ? Open(packed) : null;
        }

        return 0;
    }

    private static ICSharpCode.SharpZipLib.BZip2.BZip2InputStream Open(Stream packed) => new(packed) { IsStreamOwner = false };
}
