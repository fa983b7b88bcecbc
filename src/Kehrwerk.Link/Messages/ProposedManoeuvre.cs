using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>How far a manoeuvre is for which a vehicle asked (safety profile, SP-MAN).</summary>
[JsonConverter(typeof(WireEnumConverter<ManoeuvreStage>))]
public enum ManoeuvreStage
{
    /// <summary>It asks, and waits.</summary>
    Proposed,

    /// <summary>The grant has come; the vehicle has not begun.</summary>
    Released,

    /// <summary>It has checked again, and drives.</summary>
    Driving,

    /// <summary>Driven to its end.</summary>
    Done,

    /// <summary>Ended before: the grant ran out or was revoked, or the vehicle was halted.</summary>
    Stopped,

    /// <summary>It checked again and does not drive it.</summary>
    Refused,
}

/// <summary>A place in metres of the map.</summary>
public sealed record ScenePoint(double X, double Y);

/// <summary>A manoeuvre that a vehicle proposes, with the data to judge it (StVG § 1e (2) nos. 3, 4).</summary>
/// <param name="RequestId">The request of the state that asks for it.</param>
/// <param name="Path">Where the middle of the vehicle goes, from where it stands.</param>
public sealed record ProposedManoeuvre(string RequestId, ManoeuvreStage Stage, ImmutableArray<ScenePoint> Path)
{
    /// <summary>Why, in a word, e.g. <c>CrossLine</c>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>In words.</summary>
    public string Text { get; init; } = "";

    [JsonConverter(typeof(NonNegativeConverter))]
    public double? LengthM { get; init; }

    /// <summary>The smallest distance to anything that it keeps.</summary>
    [JsonConverter(typeof(NonNegativeConverter))]
    public double? ClearM { get; init; }

    [JsonConverter(typeof(NonNegativeConverter))]
    public double? MaximumSpeedMps { get; init; }

    /// <summary>So long it has been seen to be free.</summary>
    [JsonConverter(typeof(NonNegativeConverter))]
    public double? SeenForS { get; init; }

    /// <summary>Why it does not drive it; with <see cref="ManoeuvreStage.Refused"/>.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What kind of object a vehicle takes something for.</summary>
[JsonConverter(typeof(WireEnumConverter<SeenKind>))]
public enum SeenKind { Unknown, Car, Truck, Bus, Tram, Motorcycle, Cyclist, Pedestrian, Child, Animal, Barrier, Debris, Leaves }

/// <summary>An object as the vehicle sees it: middle and direction in metres of the map and radians, length along that direction.</summary>
/// <param name="Blocks">It is what is in the way.</param>
public sealed record SeenObject(
    SeenKind Kind, double X, double Y, [property: JsonConverter(typeof(AngleConverter))] double HeadingRad, bool Blocks,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? LengthM = null, [property: JsonConverter(typeof(NonNegativeConverter))] double? WidthM = null,
    [property: JsonConverter(typeof(NonNegativeConverter))] double? SpeedMps = null);
