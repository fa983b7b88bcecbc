using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Messages;

/// <summary>
/// The header that every message starts with (VDA 5050 3.0.0, 7.2). Messages are immutable; their arrays compare by reference,
/// so compare messages by their ids or by their bytes.
/// </summary>
public abstract record VdaMessage
{
    public const string ProtocolVersion = "3.0.0";

    /// <summary>Counts the messages of one sender on one topic.</summary>
    [JsonPropertyOrder(-5)]
    public required uint HeaderId { get; init; }

    /// <summary>When it was sent; on the wire UTC with milliseconds.</summary>
    [JsonPropertyOrder(-4)]
    public required DateTimeOffset Timestamp { get; init; }

    [JsonPropertyOrder(-3)]
    [JsonRequired]
    public string Version { get; init; } = ProtocolVersion;

    [JsonPropertyOrder(-2)]
    [JsonRequired]
    [JsonInclude]
    internal string Manufacturer { get; init; } = "";

    [JsonPropertyOrder(-1)]
    [JsonRequired]
    [JsonInclude]
    internal string SerialNumber { get; init; } = "";

    /// <summary>The vehicle that sends the message or is addressed by it; sets <c>manufacturer</c> and <c>serialNumber</c>. Must be set.</summary>
    [JsonIgnore]
    public VehicleId Vehicle
    {
        get => new(Manufacturer, SerialNumber);
        init => (Manufacturer, SerialNumber) = (value.Manufacturer, value.Serial);
    }

    /// <summary>Says what is wrong beyond the shape, as <c>field: reason</c>; null if nothing is.</summary>
    internal virtual string? Fault() =>
        VehicleId.Fault(Manufacturer) is { } maker ? $"manufacturer: {maker}"
        : VehicleId.Fault(SerialNumber) is { } serial ? $"serialNumber: {serial}"
        : VersionFault();

    private protected virtual string? VersionFault() =>
        Version.StartsWith("3.", StringComparison.Ordinal) ? null : $"version: '{Wire.Excerpt.Of(Version)}' is not 3.x.x";
}
