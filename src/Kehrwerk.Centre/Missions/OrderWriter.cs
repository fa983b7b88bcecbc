using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Missions;

/// <summary>
/// Writes the VDA 5050 order for an order in flight: from its stitching node on and as far as it is told, the base released, the horizon not.
/// Nodes have even sequence ids, edges odd ones; arc i of the path is edge 2i+1.
/// </summary>
public static class OrderWriter
{
    // A lane to the left and a little to the right of the line. The vehicle asks each time, and a person who sees the place decides.
    private static readonly Corridor Passing = new(LeftWidth: 3, RightWidth: 1, CorridorReferencePoint.Contour, ReleaseRequired: true);

    public static Order Write(OrderInFlight order, Mission mission, VehicleId vehicle, uint headerId, DateTimeOffset now, CityContext city)
    {
        var nodes = ImmutableArray.CreateBuilder<OrderNode>();
        var edges = ImmutableArray.CreateBuilder<OrderEdge>();
        nodes.Add(Node(order, order.StitchAt, mission, city));
        for (var i = order.StitchAt; i < Math.Min(order.Path.Length, order.Told); i++)
        {
            edges.Add(Edge(order, i, mission, city));
            nodes.Add(Node(order, i + 1, mission, city));
        }

        return new()
        {
            HeaderId = headerId,
            Timestamp = now,
            Vehicle = vehicle,
            OrderId = order.OrderId,
            OrderUpdateId = order.UpdateId,
            Nodes = nodes.ToImmutable(),
            Edges = edges.ToImmutable(),
        };
    }

    /// <summary>Unique per step and attempt, e.g. <c>m17.k4711.3f.1</c>; <paramref name="count"/> tells attempts apart.</summary>
    internal static string ActionId(Mission mission, MissionStep step, long count, CityContext city) => step.Work switch
    {
        StepWork.Sweep sweep => string.Create(CultureInfo.InvariantCulture, $"{mission.Id}.{(sweep.IsAgain ? 'a' : 'k')}{city.City.Kerbs[sweep.Kerb].Key}.{count}"),
        StepWork.Service service => string.Create(CultureInfo.InvariantCulture, $"{mission.Id}.{service.Kind}.{count}"),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Work, "This work is no action."),
    };

    private static OrderNode Node(OrderInFlight order, int index, Mission mission, CityContext city)
    {
        var streets = city.Streets;
        ImmutableArray<RobotAction> actions = index == order.Path.Length && order.Service is { } service ? [Serve(service, mission)] : [];
        var isReleased = index <= order.Base;
        if (index == 0 && !order.Start.AtEnd)
        {
            return new(OrderNode.Here, 0, true, actions, new(order.StartPoint.X, order.StartPoint.Y, city.City.Fingerprint));
        }

        var node = index == 0 ? streets.ArcHead[order.Start.Arc] : streets.ArcHead[order.Path[index - 1].Arc];
        var point = streets.NodePoint[node];
        return new(streets.NodeKey(node), (uint)(2 * index), isReleased, actions, new(point.X, point.Y, city.City.Fingerprint));
    }

    private static OrderEdge Edge(OrderInFlight order, int index, Mission mission, CityContext city)
    {
        var arc = order.Path[index];
        ImmutableArray<RobotAction> actions = arc.ActionId is { } actionId && mission.Step(arc.Step).Work is StepWork.Sweep sweep
            ? [SweepAction(actionId, city.City.Kerbs[sweep.Kerb])]
            : [];
        return new(
            city.Streets.ArcKey(arc.Arc), (uint)((2 * index) + 1), index < order.Base, actions,
            Corridor: order.HasCorridors ? Passing : null);
    }

    private static RobotAction SweepAction(string actionId, Kerb kerb) =>
        SweeperActions.SweepKerb(actionId, kerb.Key, kerb.Side == KerbSide.Left ? SweepSide.Left : SweepSide.Right);

    private static RobotAction Serve(ServiceAction action, Mission mission)
    {
        var work = (StepWork.Service)mission.Step(action.Step).Work;
        var served = work.Kind switch
        {
            DepotService.Tip => SweeperActions.TipHopper(action.ActionId),
            DepotService.Wash => SweeperActions.WashHopperOut(action.ActionId),
            DepotService.FillWater => SweeperActions.FillWaterTank(action.ActionId),
            DepotService.Charge => SweeperActions.ChargeUntil(action.ActionId, work.UntilPercent),
            _ => throw new ArgumentOutOfRangeException(nameof(action), work.Kind, "Not a service of the depot."),
        };
        return action.Bay > 0 ? SweeperActions.AtBay(served, action.Bay) : served;
    }
}
