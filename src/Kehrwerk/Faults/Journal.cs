using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Faults;

/// <summary>What happened in a world of faults, as a digest over every message and fault, and as text where somebody wants to read it.</summary>
internal sealed class Journal(TextWriter? text) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Message(DateTimeOffset at, string who, string what, LinkMessage message)
    {
        Add(at, $"{who} {what} {message.Topic}", message.Payload.Span);
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss.fff} {who} {what} {message.Topic[(message.Topic.LastIndexOf('/') + 1)..]} {Encoding.UTF8.GetString(message.Payload.Span)}"));
    }

    public void Event(DateTimeOffset at, string what)
    {
        Add(at, what, []);
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss.fff} {what}"));
    }

    /// <summary>The same for the same run, in 16 hexadecimal digits.</summary>
    public string Digest() => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));

    public void Dispose() => hash.Dispose();

    private void Add(DateTimeOffset at, string what, ReadOnlySpan<byte> payload)
    {
        hash.AppendData(BitConverter.GetBytes(at.UtcTicks));
        hash.AppendData(MemoryMarshal.AsBytes(what.AsSpan()));
        hash.AppendData(payload);
    }
}
