using System.Globalization;

namespace Kehrwerk.Centre.Record;

/// <summary>Which entries of the record somebody looks for. What is null does not matter.</summary>
public sealed record RecordFilter
{
    /// <summary>Longer words than this are nothing to look for.</summary>
    public const int MaxLength = 200;

    /// <summary>From then on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before then.</summary>
    public DateTimeOffset? To { get; init; }

    public string? Vehicle { get; init; }

    /// <summary>The kind, or how it begins: <c>case</c> finds <c>caseRaised</c> and <c>caseClosed</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The handle of a person, or the part of the Centre that acted.</summary>
    public string? Who { get; init; }

    /// <summary>A part of the text, in capitals or not.</summary>
    public string? Text { get; init; }

    /// <summary>As it is put on record.</summary>
    public override string ToString()
    {
        string?[] parts =
        [
            From is { } from ? string.Create(CultureInfo.InvariantCulture, $"from {from.UtcDateTime:u}") : null,
            To is { } to ? string.Create(CultureInfo.InvariantCulture, $"to {to.UtcDateTime:u}") : null,
            Vehicle is null ? null : $"vehicle {Vehicle}",
            Kind is null ? null : $"kind {Kind}",
            Who is null ? null : $"who {Who}",
            Text is null ? null : $"text '{Text}'",
        ];
        return parts.Any(part => part is not null) ? string.Join(", ", parts.OfType<string>()) : "everything";
    }
}
