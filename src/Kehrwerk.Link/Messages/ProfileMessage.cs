using System.Text.Json.Serialization;

namespace Kehrwerk.Link.Messages;

/// <summary>A message of the safety profile (docs/link/safety-profile.md): the header of VDA 5050 and the profile's version.</summary>
public abstract record ProfileMessage : VdaMessage
{
    /// <summary>The version that is written; any 1.x.x is read.</summary>
    public const string CurrentProfile = "1.0.0";

    [JsonPropertyOrder(-1)]
    [JsonRequired]
    public string ProfileVersion { get; init; } = CurrentProfile;

    internal override string? Fault() =>
        !ProfileVersion.StartsWith("1.", StringComparison.Ordinal) ? $"profileVersion: '{Wire.Excerpt.Of(ProfileVersion)}' is not 1.x.x" : base.Fault();
}

/// <summary>Which map and which plane coordinates are meant with.</summary>
/// <param name="MapId">As in every position of VDA 5050.</param>
/// <param name="Frame">Reference system of x and y, e.g. <c>EPSG:25832</c>.</param>
public sealed record MapDeclaration(string MapId, string Frame);
