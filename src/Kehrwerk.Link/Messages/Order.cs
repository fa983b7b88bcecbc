using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>
/// What a vehicle is to do (VDA 5050 3.0.0, 6.1 and 7.3): nodes and edges in turn, numbered in one sequence (nodes even, edges odd).
/// The released part is the base, which the vehicle drives; the rest is the horizon, which may still change.
/// </summary>
public sealed record Order : VdaMessage
{
    public required string OrderId { get; init; }

    /// <summary>0 for a new order, higher with each extension.</summary>
    public required uint OrderUpdateId { get; init; }

    public string? OrderDescription { get; init; }

    /// <summary>Not of the standard: the epoch of the Centre that sends it (safety profile, SP-EPOCH).</summary>
    public uint? SupervisionEpoch { get; init; }

    public required ImmutableArray<OrderNode> Nodes { get; init; }

    public required ImmutableArray<OrderEdge> Edges { get; init; }

    internal override string? Fault()
    {
        var fault = TextBound.Fault("orderId", OrderId);
        for (var i = 0; i < Nodes.Length && fault is null; i++)
        {
            fault = TextBound.Fault($"nodes[{i}].nodeId", Nodes[i].NodeId)
                ?? TextBound.Fault($"nodes[{i}].nodePosition.mapId", Nodes[i].NodePosition?.MapId)
                ?? TextBound.Fault($"nodes[{i}].actions", Nodes[i].Actions);
        }

        for (var i = 0; i < Edges.Length && fault is null; i++)
        {
            fault = TextBound.Fault($"edges[{i}].edgeId", Edges[i].EdgeId) ?? TextBound.Fault($"edges[{i}].actions", Edges[i].Actions);
        }

        return fault ?? base.Fault();
    }
}

/// <param name="NodeId">Names the place. A place can occur in an order more than once; <paramref name="SequenceId"/> tells them apart.</param>
/// <param name="Released">True: part of the base; false: part of the horizon.</param>
public sealed record OrderNode(
    string NodeId,
    uint SequenceId,
    bool Released,
    ImmutableArray<RobotAction> Actions,
    NodePosition? NodePosition = null,
    string? NodeDescriptor = null)
{
    /// <summary>Id of the free node at which our orders begin where the vehicle stands within an edge; it has a position.</summary>
    public const string Here = "here";
}

/// <summary>A place on a map: metres in the world coordinate system of the project.</summary>
/// <param name="Theta">Heading in radians, -π to π, if the vehicle must have one.</param>
/// <param name="AllowedDeviationTheta">Radians, 0 to π.</param>
public sealed record NodePosition(
    double X,
    double Y,
    string MapId,
    [property: JsonConverter(typeof(AngleConverter))] double? Theta = null,
    [property: JsonPropertyName("allowedDeviationXY")] AllowedDeviation? AllowedDeviationXY = null,
    [property: JsonConverter(typeof(HalfTurnConverter))] double? AllowedDeviationTheta = null);

/// <summary>An ellipse around a node within which it counts as reached: half axes in metres, turned by radians, -π/2 to π/2.</summary>
public sealed record AllowedDeviation(
    [property: JsonConverter(typeof(NonNegativeConverter))] double A,
    [property: JsonConverter(typeof(NonNegativeConverter))] double B,
    [property: JsonConverter(typeof(QuarterTurnConverter))] double Theta);

/// <param name="MaximumSpeed">m/s.</param>
/// <param name="Length">Metres from start node to end node.</param>
/// <param name="Orientation">Radians, -π to π; against the edge, or against the map if <paramref name="OrientationType"/> is GLOBAL.</param>
/// <param name="MaxRotationSpeed">rad/s.</param>
/// <param name="MaximumMobileRobotHeight">Metres.</param>
/// <param name="MinimumLoadHandlingDeviceHeight">Metres.</param>
public sealed record OrderEdge(
    string EdgeId,
    uint SequenceId,
    bool Released,
    ImmutableArray<RobotAction> Actions,
    double? MaximumSpeed = null,
    double? Length = null,
    Trajectory? Trajectory = null,
    Corridor? Corridor = null,
    string? EdgeDescriptor = null,
    [property: JsonConverter(typeof(AngleConverter))] double? Orientation = null,
    string? OrientationType = null,
    string? Direction = null,
    bool? ReachOrientationBeforeEntering = null,
    double? MaxRotationSpeed = null,
    double? MaximumMobileRobotHeight = null,
    double? MinimumLoadHandlingDeviceHeight = null)
{
    public double? MaxRotationSpeed { get; init; } = MaxRotationSpeed;

    /// <summary>Its name in the text (7.3); the schema calls it <c>maxRotationSpeed</c>. Either is read, both are written.</summary>
    [JsonInclude]
    internal double? MaximumRotationSpeed
    {
        get => MaxRotationSpeed;
        init => MaxRotationSpeed ??= value;
    }
}

/// <summary>A NURBS curve in metres. Without degree it has degree 1: a polyline.</summary>
public sealed record Trajectory(ImmutableArray<ControlPoint> ControlPoints, uint? Degree = null)
{
    /// <summary>Knots, 0 to 1 each; one more than control points and degree together.</summary>
    [JsonConverter(typeof(KnotVectorConverter))]
    public ImmutableArray<double> KnotVector { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <param name="Weight">Above 0; 1 if missing.</param>
public sealed record ControlPoint(double X, double Y, [property: JsonConverter(typeof(WeightConverter))] double? Weight = null);

[JsonConverter(typeof(WireEnumConverter<CorridorReferencePoint>))]
public enum CorridorReferencePoint
{
    KinematicCenter,
    Contour,
}

[JsonConverter(typeof(WireEnumConverter<ReleaseLossBehavior>))]
public enum ReleaseLossBehavior
{
    Stop,
    Return,
}

/// <summary>How far, in metres, the vehicle may leave the trajectory to pass an obstacle (VDA 5050 3.0.0, 6.1.5).</summary>
public sealed record Corridor(
    [property: JsonConverter(typeof(NonNegativeConverter))] double LeftWidth,
    [property: JsonConverter(typeof(NonNegativeConverter))] double RightWidth,
    CorridorReferencePoint? CorridorReferencePoint = null,
    bool? ReleaseRequired = null,
    ReleaseLossBehavior? ReleaseLossBehavior = null);
