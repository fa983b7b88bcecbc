using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>
/// The supervision lease: the Centre hears the vehicle, and says whether a person watches over it. Answers a report of the vehicle,
/// so that its age can be told by the vehicle's clock alone (safety profile, SP-LEASE).
/// </summary>
public sealed record Supervision : ProfileMessage
{
    /// <summary>Number of the Centre's run; of two Centres the one with the higher number counts.</summary>
    public required uint Epoch { get; init; }

    /// <summary>Rises with each lease of an epoch.</summary>
    public required uint LeaseId { get; init; }

    /// <summary>How long the lease holds from when the vehicle sent <see cref="Heard"/>, seconds; the vehicle's own limit counts where it is shorter.</summary>
    [JsonConverter(typeof(NonNegativeConverter))]
    public required double ValidForS { get; init; }

    /// <summary>False: nobody watches; the lease permits nothing.</summary>
    public required bool SupervisorOnDuty { get; init; }

    /// <summary>The newest report that the Centre has.</summary>
    public required HeardReport Heard { get; init; }

    /// <summary>The map by which the Centre orders.</summary>
    public required MapDeclaration Map { get; init; }

    internal override string? Fault() => TextBound.Fault("map.mapId", Map.MapId) ?? TextBound.Fault("map.frame", Map.Frame) ?? base.Fault();
}

/// <summary>Names a state of the vehicle by its header.</summary>
public sealed record HeardReport(uint HeaderId, DateTimeOffset Timestamp);
