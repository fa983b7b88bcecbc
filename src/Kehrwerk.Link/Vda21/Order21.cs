using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Vda21;

/// <summary>To the vehicle (VDA 5050 2.1.0, 6.6.6).</summary>
internal sealed record Order21 : Message21
{
    public required string OrderId { get; init; }

    public required uint OrderUpdateId { get; init; }

    public required ImmutableArray<OrderNode21> Nodes { get; init; }

    public required ImmutableArray<OrderEdge21> Edges { get; init; }
}

internal sealed record OrderNode21(
    string NodeId,
    uint SequenceId,
    bool Released,
    ImmutableArray<Action21> Actions,
    NodePosition21? NodePosition = null,
    string? NodeDescription = null);

internal sealed record NodePosition21(double X, double Y, string MapId, double? Theta = null, double? AllowedDeviationTheta = null)
{
    /// <summary>Radius in metres, by its name in 2.1 and in the text of 2.0.</summary>
    [JsonPropertyName("allowedDeviationXY")]
    public double? AllowedDeviationXY { get; init; }

    /// <summary>The same by its name in the schema of 2.0.</summary>
    [JsonPropertyName("allowedDeviationXy")]
    public double? AllowedDeviationOf20 { get; init; }
}

internal sealed record OrderEdge21(
    string EdgeId,
    uint SequenceId,
    bool Released,
    string StartNodeId,
    string EndNodeId,
    ImmutableArray<Action21> Actions,
    double? MaxSpeed = null,
    double? Length = null,
    Trajectory? Trajectory = null,
    Corridor21? Corridor = null,
    string? EdgeDescription = null,
    double? Orientation = null,
    string? OrientationType = null,
    string? Direction = null,
    bool? RotationAllowed = null,
    double? MaxRotationSpeed = null,
    double? MaxHeight = null,
    double? MinHeight = null);

/// <param name="CorridorRefPoint">KINEMATICCENTER or CONTOUR.</param>
internal sealed record Corridor21(double LeftWidth, double RightWidth, string? CorridorRefPoint = null);

/// <param name="BlockingType">Never SINGLE, which came with 3.0.</param>
/// <param name="ActionName">Only in instant actions of 2.0, whose schema calls the type so.</param>
internal sealed record Action21(
    string ActionType, string ActionId, BlockingType BlockingType, string? ActionDescription = null, string? ActionName = null)
{
    public ImmutableArray<ActionParameter> ActionParameters { get; init; } = [];
}

/// <summary>To the vehicle (VDA 5050 2.1.0, 6.9).</summary>
internal sealed record InstantActions21 : Message21
{
    public required ImmutableArray<Action21> Actions { get; init; }

    /// <summary>The same for vehicles of 2.0: libraries know the array by its name in 1.1.</summary>
    public ImmutableArray<Action21> InstantActions { get; init; } = [];
}
