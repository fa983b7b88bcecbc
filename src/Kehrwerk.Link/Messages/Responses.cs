using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

[JsonConverter(typeof(WireEnumConverter<GrantType>))]
public enum GrantType
{
    Granted,

    /// <summary>Heard, but not yet decided.</summary>
    Queued,

    Revoked,
    Rejected,
}

/// <summary>The centre's answers to requests in a vehicle's state (VDA 5050 3.0.0, 6.9 and 7.5).</summary>
public sealed record Responses : VdaMessage
{
    [JsonPropertyName("responses")]
    public required ImmutableArray<Response> Items { get; init; }
}

/// <param name="LeaseExpiry">When the grant ends by itself; only with <see cref="GrantType.Granted"/>.</param>
public sealed record Response(string RequestId, GrantType GrantType, DateTimeOffset? LeaseExpiry = null);
