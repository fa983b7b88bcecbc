using System.Globalization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Orders;

/// <summary>Why an order is refused: error type, words for a person, and what it is about, beside the order's ids.</summary>
internal sealed record OrderFault(string Type, string Text, params Reference[] About)
{
    /// <summary>The error with the level and the references that the standard gives its type (VDA 5050 3.0.0, 6.1.4 and 6.6.5.4).</summary>
    public RobotError ToError(Order order) => new(Type, LevelOf(Type), Text)
    {
        ErrorReferences = [.. IdsOf(order.OrderId, order.OrderUpdateId), .. About],
    };

    public static IEnumerable<Reference> IdsOf(string orderId, uint orderUpdateId) =>
        [new("orderId", orderId), new("orderUpdateId", orderUpdateId.ToString(CultureInfo.InvariantCulture))];

    private static ErrorLevel LevelOf(string type) => type switch
    {
        ErrorTypes.UnsupportedParameter => ErrorLevel.Critical,
        ErrorTypes.InsufficientMemory => ErrorLevel.Urgent,
        _ => ErrorLevel.Warning,
    };
}

/// <summary>
/// Finds optional fields of an order that this vehicle cannot follow: it must not ignore them (VDA 5050 3.0.0, 7.1.1 and 6.1.4.2).
/// What it can follow is declared in its factsheet.
/// </summary>
internal static class UnsupportedFields
{
    public static OrderFault? In(Order order)
    {
        foreach (var node in order.Nodes)
        {
            if (OfNode(node) is { } field)
            {
                return Fault($"order.nodes.nodePosition.{field}", "The vehicle follows its lines and cannot turn on the spot", new("nodeId", node.NodeId));
            }
        }

        foreach (var edge in order.Edges)
        {
            if (OfEdge(edge) is var (field, text))
            {
                return Fault($"order.edges.{field}", text, new("edgeId", edge.EdgeId));
            }
        }

        return null;
    }

    private static string? OfNode(OrderNode node) => node.NodePosition switch
    {
        { Theta: not null } => "theta",
        { AllowedDeviationTheta: not null } => "allowedDeviationTheta",
        _ => null,
    };

    private static (string Field, string Text)? OfEdge(OrderEdge edge) => edge switch
    {
        { Trajectory: not null } => ("trajectory", "The vehicle follows the lines of its own map"),
        { Orientation: not (null or 0) } => ("orientation", "The vehicle drives forwards only"),
        { OrientationType: not (null or "TANGENTIAL") } => ("orientationType", "The vehicle cannot drive sideways"),
        { Direction: not null } => ("direction", "The vehicle follows no physical line"),
        { ReachOrientationBeforeEntering: true } => ("reachOrientationBeforeEntering", "The vehicle cannot turn on the spot"),
        { MaxRotationSpeed: not null } => ("maximumRotationSpeed", "The vehicle's speed in bends follows from its model"),
        { MinimumLoadHandlingDeviceHeight: not null } => ("minimumLoadHandlingDeviceHeight", "The vehicle has no load handling device"),
        { Corridor.ReleaseLossBehavior: ReleaseLossBehavior.Return } => ("corridor.releaseLossBehavior", "The vehicle cannot drive back: only STOP"),
        _ => null,
    };

    private static OrderFault Fault(string parameter, string text, Reference about) =>
        new(ErrorTypes.UnsupportedParameter, $"{parameter} is not supported. {text}", new("parameter", parameter), about);
}

/// <summary>The place of a node, and whether the vehicle is near enough to it.</summary>
internal static class NodeReach
{
    /// <summary>The farthest from a node at which the vehicle counts as standing on it, metres: what its lines and its localization resolve in a street.</summary>
    public const double ToleranceM = 5;

    /// <summary>Whether a point lies within the ellipse that is allowed around a node (6.6.2.1). Without one none does.</summary>
    public static bool IsWithin(NodePosition? node, MapPoint point)
    {
        if (node?.AllowedDeviationXY is not { A: > 0, B: > 0 } ellipse)
        {
            return false;
        }

        var (dx, dy) = (point.X - node.X, point.Y - node.Y);
        var along = ((dx * Math.Cos(ellipse.Theta)) + (dy * Math.Sin(ellipse.Theta))) / ellipse.A;
        var across = ((dy * Math.Cos(ellipse.Theta)) - (dx * Math.Sin(ellipse.Theta))) / ellipse.B;
        return (along * along) + (across * across) <= 1;
    }
}
