using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
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

/// <summary>An entry as its bytes lie in the database. Only these are compared: decoded, different bytes can read the same.</summary>
/// <param name="Ticks">UTC, 100 ns since year 1.</param>
/// <param name="Fault">What is wrong with it before its hash is looked at; null: nothing.</param>
public sealed record StoredEntry(long Sequence, long Ticks, byte[] Kind, byte[] Who, byte[] Vehicle, byte[] Text, byte[] Hash, string? Fault = null)
{
    public static StoredEntry Of(RecordEntry entry) => new(
        entry.Sequence, entry.At.UtcTicks, Encoding.UTF8.GetBytes(entry.Kind), Encoding.UTF8.GetBytes(entry.Who), Encoding.UTF8.GetBytes(entry.Vehicle), Encoding.UTF8.GetBytes(entry.Text), entry.Hash);

    /// <summary>How a person finds it.</summary>
    public string Name
    {
        get
        {
            var at = Ticks >= 0 && Ticks <= DateTime.MaxValue.Ticks ? new DateTime(Ticks, DateTimeKind.Utc).ToString("u", CultureInfo.InvariantCulture) : "a time that there is not";
            return string.Create(CultureInfo.InvariantCulture, $"entry {Sequence} ({ForeignText.Of(Encoding.UTF8.GetString(Kind), 60)}, {at})");
        }
    }
}

/// <summary>Names all of the record up to an entry: who keeps it elsewhere can tell later whether that is still the same.</summary>
/// <param name="Hash">64 lower-case hexadecimal digits.</param>
public sealed record RecordHead(long Sequence, string Hash);

/// <summary>What <see cref="RecordChain.Verify"/> found.</summary>
/// <param name="Entries">Entries up to the first that does not fit.</param>
/// <param name="Head">The last entry; null where there is none.</param>
/// <param name="Problems">What is wrong, in the order of the entries and no more than <see cref="RecordChain.MaxProblems"/>; empty if the record is whole.</param>
public sealed record RecordVerdict(long Entries, RecordHead? Head, ImmutableArray<string> Problems)
{
    /// <summary>The first problem; null if the record is whole.</summary>
    public string? Problem => Problems.FirstOrDefault();
}

/// <summary>The record's hash chain: each entry holds the hash of all before it, so that none can be changed unseen.</summary>
public static class RecordChain
{
    public const int MaxProblems = 20;

    /// <summary>What stands before the first entry.</summary>
    public static byte[] Origin => new byte[SHA256.HashSizeInBytes];

    public static RecordEntry Append(byte[] hashBefore, long sequence, RecordDraft draft)
    {
        var entry = new RecordEntry(sequence, draft.At.ToUniversalTime(), draft.Kind, draft.Who, draft.Vehicle, draft.Text, []);
        return entry with { Hash = HashOf(hashBefore, StoredEntry.Of(entry)) };
    }

    /// <summary>SHA-256 over the hash before, then number and time (UTC ticks) in 8 bytes each, then each text as its length in UTF-8 bytes (4 bytes) and the bytes; big endian.</summary>
    public static byte[] HashOf(byte[] hashBefore, StoredEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(hashBefore);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, entry.Sequence);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, entry.Ticks);
        hash.AppendData(number);
        foreach (var bytes in (ReadOnlySpan<byte[]>)[entry.Kind, entry.Who, entry.Vehicle, entry.Text])
        {
            BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
            hash.AppendData(number[..4]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    public static RecordVerdict Verify(IEnumerable<RecordEntry> entries) => Verify(entries.Select(StoredEntry.Of), []);

    /// <summary>
    /// Reads the record from its beginning to its end. Behind an entry that does not fit, the next is held against the hash that stands there: so what is
    /// wrong is told entry by entry. An end that was cut off shows only against a <paramref name="known"/> head, and so does a chain that was computed anew.
    /// </summary>
    /// <param name="known">Heads that somebody kept elsewhere.</param>
    public static RecordVerdict Verify(IEnumerable<StoredEntry> entries, IReadOnlyCollection<RecordHead> known)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var kept = known.ToLookup(head => head.Sequence, head => head.Hash);
        var before = Origin;
        var (last, whole) = (0L, 0L);
        RecordHead? head = null;
        foreach (var entry in entries)
        {
            var problem = entry.Sequence != last + 1 ? Gap(last, entry)
                : entry.Fault is { } fault ? $"{entry.Name} was changed: {fault}"
                : !entry.Hash.AsSpan().SequenceEqual(HashOf(before, entry)) ? $"{entry.Name} was changed: its hash does not fit"
                : null;
            (before, last) = (entry.Hash, entry.Sequence);
            head = new(entry.Sequence, Convert.ToHexStringLower(entry.Hash));
            Add(problem);
            Add(kept[last].Any(hash => hash != head.Hash) ? $"{entry.Name} is not the one that was kept as known: the record was written anew" : null);
            whole += problems.Count == 0 ? 1 : 0;
        }

        if (known.MaxBy(one => one.Sequence) is { } most && most.Sequence > last)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"it ends with entry {last}, and entry {most.Sequence} is known: the end was cut off"));
        }

        return new(whole, head, problems.ToImmutable());

        void Add(string? problem)
        {
            if (problem is not null && problems.Count < MaxProblems)
            {
                problems.Add(problem);
            }
        }
    }

    private static string Gap(long last, StoredEntry entry) => entry.Sequence <= last
        ? string.Create(CultureInfo.InvariantCulture, $"an entry has the number {entry.Sequence}, which cannot be: they begin with 1")
        : entry.Sequence == last + 2 ? string.Create(CultureInfo.InvariantCulture, $"entry {last + 1} is missing, {entry.Sequence} follows")
        : string.Create(CultureInfo.InvariantCulture, $"entries {last + 1} to {entry.Sequence - 1} are missing, {entry.Sequence} follows");
}
