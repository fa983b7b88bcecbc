using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Kehrwerk.Link.Messages;

/// <summary>
/// A recorded event on its way to the Centre, repeated until its receipt. The content is carried as text, so that its hash is over
/// the very bytes that were stored (safety profile, SP-REC).
/// </summary>
public sealed record EventMessage : ProfileMessage
{
    public required string EventId { get; init; }

    /// <summary>SHA-256 over the UTF-8 bytes of <see cref="Content"/>, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>JSON by event.schema.</summary>
    public required string Content { get; init; }

    internal override string? Fault() => EventIds.Fault(EventId) is { } id ? $"eventId: {id}" : EventIds.HashFault(Sha256) is { } hash ? $"sha256: {hash}" : base.Fault();

    /// <summary>Whether the content is what was stored.</summary>
    public bool IsWhole() => Sha256 == HashOf(Content);

    public static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}

/// <summary>The Centre has stored events, or cannot use them.</summary>
public sealed record EventReceipts : ProfileMessage
{
    public required ImmutableArray<EventReceipt> Receipts { get; init; }

    internal override string? Fault()
    {
        for (var i = 0; i < Receipts.Length; i++)
        {
            if (EventIds.Fault(Receipts[i].EventId) is { } fault)
            {
                return $"receipts[{i}].eventId: {fault}";
            }
        }

        return base.Fault();
    }
}

/// <param name="Kept">True: stored; the vehicle need not send it again. False: it does not fit its hash or cannot be read.</param>
/// <param name="Reason">Why it was not kept, for a person.</param>
public sealed record EventReceipt(string EventId, bool Kept, string? Reason = null);

/// <summary>What ids and hashes of events look like. An id names a file on the vehicle.</summary>
internal static class EventIds
{
    private const int MaxLength = 128;

    public static string? Fault(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            ? null
            : $"'{Wire.Excerpt.Of(id)}' must have 1 to {MaxLength} characters of A-Z a-z 0-9 _ . -";

    public static string? HashFault(string hash) => hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower) ? null : "must be 64 digits of 0-9 a-f";
}
