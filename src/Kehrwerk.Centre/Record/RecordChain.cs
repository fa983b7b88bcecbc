using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kehrwerk.Centre.Record;

/// <summary>One entry of the record.</summary>
/// <param name="Sequence">1 for the first, then without a gap.</param>
/// <param name="Who">The person, or the part of the Centre that acted.</param>
/// <param name="Vehicle">The vehicle it is about, or empty.</param>
/// <param name="Hash">SHA-256 over the hash before and this entry's content (<see cref="RecordChain.HashOf"/>).</param>
public sealed record RecordEntry(long Sequence, DateTimeOffset At, string Kind, string Who, string Vehicle, string Text, byte[] Hash);

/// <summary>What is to be put on record; number and hash are given when it is stored.</summary>
public sealed record RecordDraft(DateTimeOffset At, string Kind, string Who, string Vehicle, string Text);

/// <summary>What <see cref="RecordChain.Verify"/> found.</summary>
/// <param name="Entries">Entries that are whole.</param>
/// <param name="Problem">What is wrong with the one behind them; null if the record is whole.</param>
public sealed record RecordVerdict(long Entries, string? Problem);

/// <summary>The record's hash chain: each entry holds the hash of all before it, so that none can be changed unseen.</summary>
public static class RecordChain
{
    /// <summary>What stands before the first entry.</summary>
    public static byte[] Origin => new byte[SHA256.HashSizeInBytes];

    public static RecordEntry Append(byte[] hashBefore, long sequence, RecordDraft draft)
    {
        var entry = new RecordEntry(sequence, draft.At.ToUniversalTime(), draft.Kind, draft.Who, draft.Vehicle, draft.Text, []);
        return entry with { Hash = HashOf(hashBefore, entry) };
    }

    /// <summary>SHA-256 over the hash before, then number and time (UTC ticks) in 8 bytes each, then each text as its length in UTF-8 bytes (4 bytes) and the bytes; big endian.</summary>
    public static byte[] HashOf(byte[] hashBefore, RecordEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(hashBefore);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, entry.Sequence);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, entry.At.UtcTicks);
        hash.AppendData(number);
        foreach (var text in (ReadOnlySpan<string>)[entry.Kind, entry.Who, entry.Vehicle, entry.Text])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
            hash.AppendData(number[..4]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Reads the record from its beginning up to the first entry that does not fit.</summary>
    public static RecordVerdict Verify(IEnumerable<RecordEntry> entries)
    {
        var before = Origin;
        var count = 0L;
        foreach (var entry in entries)
        {
            if (entry.Sequence != count + 1)
            {
                return new(count, $"entry {count + 1} is missing, {entry.Sequence} follows");
            }

            if (!entry.Hash.AsSpan().SequenceEqual(HashOf(before, entry)))
            {
                return new(count, $"entry {entry.Sequence} ({entry.Kind}, {entry.At:u}) was changed: its hash does not fit");
            }

            before = entry.Hash;
            count++;
        }

        return new(count, null);
    }
}
