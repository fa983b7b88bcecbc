using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Vda21;

/// <summary>Orders and actions of 3.0.0 as a vehicle of 2.1 or 2.0 takes them. Pure; docs/link/vda5050-2.1.md has the table.</summary>
internal static class OrderTranslation
{
    /// <summary>
    /// Why the order cannot be said in the older standard, as the error with which a vehicle of 3.0.0 would refuse it; null if it can.
    /// What is only stricter there (no corridor, a circle within the ellipse) is said.
    /// </summary>
    /// <param name="chargesToLevel">The vehicle declares <c>untilPercent</c> for its <c>startCharging</c>.</param>
    public static RobotError? Fault(Order order, bool chargesToLevel)
    {
        if (order.Nodes.Length != order.Edges.Length + 1)
        {
            return Refused(order, ErrorTypes.ValidationFailure, "edges", $"{order.Nodes.Length} nodes do not go with {order.Edges.Length} edges");
        }

        for (var i = 0; i < order.Edges.Length; i++)
        {
            if (order.Edges[i].Trajectory is { } curve && curve.ControlPoints.Length <= (curve.Degree ?? 1))
            {
                return Refused(order, ErrorTypes.UnsupportedParameter, $"order.edges[{i}].trajectory", "it has too few control points for its degree");
            }
        }

        foreach (var action in order.Nodes.SelectMany(node => node.Actions).Concat(order.Edges.SelectMany(edge => edge.Actions)))
        {
            if (Fault(action, chargesToLevel) is { } why)
            {
                return Refused(order, ErrorTypes.InvalidOrderAction, action.ActionId, why, "actionId");
            }
        }

        return null;
    }

    public static Order21 Of(Order order, string version) => new()
    {
        HeaderId = order.HeaderId,
        Timestamp = order.Timestamp,
        Version = version,
        Vehicle = order.Vehicle,
        OrderId = order.OrderId,
        OrderUpdateId = order.OrderUpdateId,
        Nodes = [.. order.Nodes.Select(node => Of(node, version))],
        Edges = [.. order.Edges.Select((edge, i) => Of(edge, order.Nodes[i], order.Nodes[i + 1], version))],
    };

    public static Action21 Of(RobotAction action) => new(TypeOf(action.ActionType), action.ActionId, action.BlockingType, action.ActionDescriptor)
    {
        ActionParameters = action.ActionParameters,
    };

    /// <summary>The action's name in the older standard. Names that neither standard has are the vehicle's own and stay.</summary>
    public static string TypeOf(string actionType) => actionType == SweeperActions.InitializePosition ? InitPosition : actionType;

    /// <summary>The other way round.</summary>
    public static string NewTypeOf(string actionType) => actionType == InitPosition ? SweeperActions.InitializePosition : actionType;

    private const string InitPosition = "initPosition";

    private static string? Fault(RobotAction action, bool chargesToLevel) =>
        action.BlockingType == BlockingType.Single ? $"VDA 5050 2 has no blocking type SINGLE ({action.ActionType})"
        : action.ActionType == SweeperActions.StartCharging && action[SweeperActions.UntilPercentParameter] is not null && !chargesToLevel
            ? "startCharging of VDA 5050 2 ends when charging has begun, and the vehicle does not declare the parameter untilPercent"
        : null;

    private static RobotError Refused(Order order, string type, string about, string why, string key = "field") =>
        new(type, type == ErrorTypes.UnsupportedParameter ? ErrorLevel.Critical : ErrorLevel.Warning, $"Not sent to a vehicle of VDA 5050 2: {why}")
        {
            ErrorReferences =
            [
                new("orderId", order.OrderId),
                new("orderUpdateId", order.OrderUpdateId.ToString(CultureInfo.InvariantCulture)),
                new(key, about),
            ],
        };

    private static OrderNode21 Of(OrderNode node, string version) => new(
        node.NodeId, node.SequenceId, node.Released, [.. node.Actions.Select(Of)], node.NodePosition is { } place ? Of(place, version) : null, node.NodeDescriptor);

    private static NodePosition21 Of(NodePosition place, string version)
    {
        // The largest circle within the ellipse: never wider than what was allowed.
        var radiusM = place.AllowedDeviationXY is { } ellipse ? Math.Min(ellipse.A, ellipse.B) : (double?)null;
        return new(place.X, place.Y, place.MapId, place.Theta, place.AllowedDeviationTheta)
        {
            AllowedDeviationXY = radiusM,
            AllowedDeviationOf20 = Message21.Is20(version) ? radiusM : null,
        };
    }

    private static OrderEdge21 Of(OrderEdge edge, OrderNode start, OrderNode end, string version) => new(
        edge.EdgeId,
        edge.SequenceId,
        edge.Released,
        start.NodeId,
        end.NodeId,
        [.. edge.Actions.Select(Of)],
        edge.MaximumSpeed,
        edge.Length,
        edge.Trajectory is { } curve ? Whole(curve) : null,
        CorridorOf(edge.Corridor, version),
        edge.EdgeDescriptor,
        edge.Orientation,
        edge.OrientationType,
        edge.Direction,
        edge.ReachOrientationBeforeEntering is { } before ? !before : null,
        edge.MaxRotationSpeed,
        edge.MaximumMobileRobotHeight,
        edge.MinimumLoadHandlingDeviceHeight);

    /// <summary>None where leave is needed first, which cannot be asked for, and none in 2.0: the vehicle then keeps to its line.</summary>
    private static Corridor21? CorridorOf(Corridor? corridor, string version) =>
        corridor is null or { ReleaseRequired: true } || Message21.Is20(version)
            ? null
            : new(corridor.LeftWidth, corridor.RightWidth, corridor.CorridorReferencePoint switch
            {
                CorridorReferencePoint.KinematicCenter => "KINEMATICCENTER",
                CorridorReferencePoint.Contour => "CONTOUR",
                _ => null,
            });

    /// <summary>With degree and knots, which 3.0.0 lets out where they are 1 and uniform (7.3 <c>trajectory</c>).</summary>
    private static Trajectory Whole(Trajectory curve)
    {
        var degree = (int)(curve.Degree ?? 1);
        return curve with { Degree = (uint)degree, KnotVector = curve.KnotVector.IsEmpty ? UniformKnots(curve.ControlPoints.Length, degree) : curve.KnotVector };
    }

    private static ImmutableArray<double> UniformKnots(int points, int degree)
    {
        var spans = points - degree;
        return [.. Enumerable.Range(0, points + degree + 1).Select(i => Math.Clamp(i - degree, 0, spans) / (double)spans)];
    }
}
