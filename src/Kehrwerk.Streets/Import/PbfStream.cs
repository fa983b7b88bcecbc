using System.Buffers.Binary;
using System.IO.Compression;

namespace Kehrwerk.Streets.Import;

/// <summary>
/// A PBF file on its way to the parser. Its frames are checked against the bounds of the format (OSM wiki, "PBF Format":
/// blob header at most 64 KiB, blob at most 32 MiB packed and unpacked) and its blobs are unpacked here, so that a hostile or
/// cut file is refused before it takes memory, and the parser's own slower inflater is not needed.
/// </summary>
internal sealed class PbfStream(Stream packed) : ForwardStream
{
    private const int MaxHeaderBytes = 64 << 10;
    private const int MaxBlobBytes = 32 << 20;

    private byte[] blob = [];
    private byte[] frame = [];
    private int frameLength;
    private int served;

    protected override int Fill(Span<byte> buffer)
    {
        if (served == frameLength && !NextFrame())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, frameLength - served);
        frame.AsSpan(served, count).CopyTo(buffer);
        served += count;
        return count;
    }

    // Frame: 4 bytes length of the BlobHeader { 1: type, 3: datasize }, the header, then Blob { 1: raw, 2: raw size, 3: zlib data }.
    private bool NextFrame()
    {
        Span<byte> prefix = stackalloc byte[4];
        var read = packed.ReadAtLeast(prefix, 4, throwOnEndOfStream: false);
        if (read == 0)
        {
            return false;
        }

        var headerLength = read == 4 ? BinaryPrimitives.ReadInt32BigEndian(prefix) : throw Truncated();
        var header = Take(headerLength is > 0 and <= MaxHeaderBytes ? headerLength : throw Wrong("a block header of impossible length"), new byte[headerLength]);
        ReadOnlySpan<byte> type = default;
        var blobLength = -1L;
        for (var fields = new Fields(header); fields.Next();)
        {
            if (fields.Number == 1)
            {
                type = fields.Bytes;
            }
            else if (fields.Number == 3)
            {
                blobLength = fields.Value;
            }
        }

        if (blobLength is < 0 or > MaxBlobBytes || type.IsEmpty)
        {
            throw Wrong("a block of impossible length");
        }

        blob = blob.Length >= blobLength ? blob : new byte[blobLength];
        Unpack(type, Take((int)blobLength, blob));
        return true;
    }

    private ReadOnlySpan<byte> Take(int length, byte[] into)
    {
        var span = into.AsSpan(0, length);
        return packed.ReadAtLeast(span, length, throwOnEndOfStream: false) == length ? span : throw Truncated();
    }

    private void Unpack(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> raw = default, zlib = default;
        var rawSize = 0L;
        for (var fields = new Fields(content); fields.Next();)
        {
            switch (fields.Number)
            {
                case 1:
                    raw = fields.Bytes;
                    break;
                case 2:
                    rawSize = fields.Value;
                    break;
                case 3:
                    zlib = fields.Bytes;
                    break;
                case 4 or 5 or 6 or 7:
                    throw Wrong("a block packed by another method than zlib");
            }
        }

        var size = zlib.IsEmpty ? raw.Length : rawSize;
        if (size is < 0 or > MaxBlobBytes)
        {
            throw Wrong("a block that unpacks to more than 32 MiB");
        }

        var body = WriteFrameHead(type, (int)size);
        if (zlib.IsEmpty)
        {
            raw.CopyTo(body);
            return;
        }

        using var inflater = new ZLibStream(new MemoryStream(zlib.ToArray(), writable: false), CompressionMode.Decompress);
        if (inflater.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) != body.Length || inflater.ReadByte() >= 0)
        {
            throw Wrong("a block that unpacks to another size than it says");
        }
    }

    // Writes the same frame with an unpacked blob and returns the room for its bytes.
    private Span<byte> WriteFrameHead(ReadOnlySpan<byte> type, int size)
    {
        Span<byte> head = stackalloc byte[16];
        var rawHead = 1 + WriteVarint(head[1..], size);
        head[0] = 0x0A;
        Span<byte> tail = stackalloc byte[8];
        tail[0] = 0x18;
        var tailLength = 1 + WriteVarint(tail[1..], rawHead + size);
        if (type.Length > 100)
        {
            throw Wrong("a block of unknown type");
        }

        var headerLength = 2 + type.Length + tailLength;
        frameLength = 4 + headerLength + rawHead + size;
        frame = frame.Length >= frameLength ? frame : new byte[frameLength];
        served = 0;
        var at = frame.AsSpan();
        BinaryPrimitives.WriteInt32BigEndian(at, headerLength);
        at[4] = 0x0A;
        at[5] = (byte)type.Length;
        type.CopyTo(at[6..]);
        tail[..tailLength].CopyTo(at[(6 + type.Length)..]);
        head[..rawHead].CopyTo(at[(4 + headerLength)..]);
        return at.Slice(4 + headerLength + rawHead, size);
    }

    private static int WriteVarint(Span<byte> to, int value)
    {
        var count = 0;
        for (var rest = (uint)value; ; rest >>= 7)
        {
            to[count++] = (byte)(rest < 0x80 ? rest : (rest & 0x7F) | 0x80);
            if (rest < 0x80)
            {
                return count;
            }
        }
    }

    private static InvalidDataException Wrong(string what) => new($"it holds {what}");

    private static EndOfStreamException Truncated() => new("it ends in the middle of a block");

    /// <summary>The fields of one protobuf message, flat.</summary>
    private ref struct Fields(ReadOnlySpan<byte> message)
    {
        private ReadOnlySpan<byte> rest = message;

        public int Number { get; private set; }
        public long Value { get; private set; }
        public ReadOnlySpan<byte> Bytes { get; private set; }

        public bool Next()
        {
            if (rest.IsEmpty)
            {
                return false;
            }

            var key = Varint();
            Number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    Value = Varint();
                    return true;
                case 1:
                    Skip(8);
                    return true;
                case 2:
                    Bytes = Skip(Varint());
                    return true;
                case 5:
                    Skip(4);
                    return true;
                default:
                    throw Wrong("a damaged block");
            }
        }

        private ReadOnlySpan<byte> Skip(long count)
        {
            if (count < 0 || count > rest.Length)
            {
                throw Wrong("a damaged block");
            }

            var skipped = rest[..(int)count];
            rest = rest[(int)count..];
            return skipped;
        }

        private long Varint()
        {
            var value = 0L;
            for (var shift = 0; shift < 64 && !rest.IsEmpty; shift += 7)
            {
                var next = rest[0];
                rest = rest[1..];
                value |= (long)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }

            throw Wrong("a damaged block");
        }
    }
}
