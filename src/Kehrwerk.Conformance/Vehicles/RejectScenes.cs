using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Orders that must be refused by a vehicle that stands idle (VDA 5050 3.0.0, 6.1.1, 6.1.4, 7.1).</summary>
internal static class RejectScenes
{
    private const uint MostNodes = 2000;

    public static Scene Form { get; } = new("Orders of wrong form", [Malformed, WrongSequence, WrongEdges, WrongBase, LateBegin, Memory, NotTakenOver, UntilAccepted], async session =>
    {
        var fit = session.NewOrder(2);
        var malformed = Encoding.UTF8.GetString(LinkJson.Serialize(fit with { OrderId = session.NewOrderId(), HeaderId = session.NextHeader(LinkTopic.Order) }));
        await Refused(session, Malformed, ErrorTypes.ValidationFailure, () => session.Publish(
            LinkTopic.Order, Encoding.UTF8.GetBytes(malformed.Replace("\"orderUpdateId\":0", "\"orderUpdateId\":\"first\"", StringComparison.Ordinal))));
        await Clear(session);
        await Case(session, WrongSequence, ErrorTypes.ValidationFailure, Edge(fit, 1, edge => edge with { SequenceId = 5 }));
        await Case(session, WrongEdges, ErrorTypes.ValidationFailure, fit with { Edges = fit.Edges[..1] });
        await Case(session, WrongBase, ErrorTypes.ValidationFailure, Edge(fit, 0, edge => edge with { Released = false }) with { Nodes = fit.Nodes.SetItem(1, fit.Nodes[1] with { Released = false }) });
        var late = fit with { OrderId = session.NewOrderId(), OrderUpdateId = 3, Nodes = fit.Nodes[..1], Edges = [] };
        session.SendWrong(late);
        await session.Pass(3);
        session.Book.Check(LateBegin, session.State.OrderId != late.OrderId, $"order {late.OrderId} began with orderUpdateId 3 and was taken");
        await Clear(session);
        if (session.Factsheet?.ProtocolLimits.MaximumArrayLengths.OrderNodes is > 0 and <= MostNodes and var most)
        {
            await Case(session, Memory, ErrorTypes.InsufficientMemory, session.NewOrder((int)most));
        }
        else
        {
            session.Book.NotSupported(Memory, $"The factsheet states no limit of order.nodes up to {MostNodes}");
        }
    });

    public static Scene Content { get; } = new("Orders of wrong content", [Unsupported, UnknownAction, OutOfRange, NoRoute, UnknownMap, NotTakenOver, UntilAccepted], async session =>
    {
        var fit = session.NewOrder(2);
        if (UndeclaredField(session, fit) is { } undeclared)
        {
            await Case(session, Unsupported, ErrorTypes.UnsupportedParameter, undeclared);
        }
        else
        {
            session.Book.NotSupported(Unsupported, "The factsheet declares every optional field");
        }

        await Case(session, UnknownAction, ErrorTypes.InvalidOrderAction, fit with
        {
            Nodes = fit.Nodes.SetItem(1, fit.Nodes[1] with { Actions = [new("conformNoSuchAction", session.NewActionId(), BlockingType.Hard)] }),
        });
        await Case(session, OutOfRange, ErrorTypes.StartNodeOutOfRange, session.OrderAlong(fit.OrderId, session.Route.Way(Far(session), 1)));
        if (session.Factsheet?.TypeSpecification.NavigationTypes.Any(type => type.EndsWith("LINE_GUIDED", StringComparison.Ordinal)) == true)
        {
            await Case(session, NoRoute, ErrorTypes.NoRouteToTarget, Edge(fit, 1, edge => edge with { EdgeId = "conform-no-such-edge" }));
        }
        else
        {
            session.Book.NotSupported(NoRoute, "The vehicle does not declare to be line-guided");
        }

        if (session.DeclaresField("order.nodes.nodePosition"))
        {
            await Case(session, UnknownMap, ErrorTypes.UnknownMapId, fit with
            {
                Nodes = [.. fit.Nodes.Select(node => node with { NodePosition = node.NodePosition! with { MapId = "conform-no-map" } })],
            });
        }
        else
        {
            session.Book.NotSupported(UnknownMap, "The vehicle does not declare node positions, which name the map");
        }
    });

    /// <summary>Sends an order that must be refused, and looks whether it is, as the standard says, and that nothing else changes.</summary>
    public static Task Refused(VehicleSession session, Rule rule, string errorType, Order order) => Refused(session, rule, errorType, () => session.SendWrong(order));

    public static async Task<bool> Refused(VehicleSession session, Rule rule, string errorType, Action send)
    {
        var (orderId, updateId) = (session.State.OrderId, session.State.OrderUpdateId);
        send();
        var said = await session.Until(() => session.HasError(errorType), VehicleSession.AnswerS);
        session.Book.Check(rule, said, $"{errorType} was not reported, errors are {GreetingScenes.Errors(session)}");
        var isKept = session.State.OrderId == orderId && session.State.OrderUpdateId == updateId;
        session.Book.Check(NotTakenOver, isKept, $"a refused order changed {orderId}/{updateId} to {session.State.OrderId}/{session.State.OrderUpdateId}");
        VehicleSession.Need(isKept || said, "The vehicle took an order that must be refused");
        return said;
    }

    private static async Task Case(VehicleSession session, Rule rule, string errorType, Order wrong)
    {
        var said = await Refused(session, rule, errorType, () => session.SendWrong(wrong with { OrderId = session.NewOrderId() }));
        if (said)
        {
            await session.Pass(2);
            session.Book.Check(UntilAccepted, session.HasError(errorType), $"{errorType} left before a new order was accepted");
        }

        await Clear(session);
        if (said)
        {
            session.Book.Check(UntilAccepted, await session.Until(() => !session.HasError(errorType), VehicleSession.AnswerS), $"{errorType} stayed after a new order was accepted");
        }
    }

    /// <summary>An order of the node on which the vehicle stands: valid (6.1.1), and it moves nothing.</summary>
    private static async Task Clear(VehicleSession session)
    {
        var stay = session.NewOrder(1);
        stay = stay with { Nodes = stay.Nodes[..1], Edges = [] };
        session.Send(stay);
        var taken = await session.Taken(stay);
        session.Book.Check(OrderTaken, taken, $"an order of one node where the vehicle stands was not taken, errors are {GreetingScenes.Errors(session)}");
        VehicleSession.Need(taken && await session.Until(() => session.Stands, VehicleSession.AnswerS), "The vehicle did not take an order of one node");
    }

    private static Order Edge(Order order, int index, Func<OrderEdge, OrderEdge> change) => order with { Edges = order.Edges.SetItem(index, change(order.Edges[index])) };

    private static string Far(VehicleSession session)
    {
        var here = session.Route.Node(session.Place!);
        return session.Route.Nodes.MaxBy(node => Math.Pow(node.X - here.X, 2) + Math.Pow(node.Y - here.Y, 2))!.NodeId;
    }

    /// <summary>The order with an optional field that the factsheet does not declare (7.1.1).</summary>
    private static Order? UndeclaredField(VehicleSession session, Order order)
    {
        (string Name, Func<OrderEdge, OrderEdge> Set)[] fields =
        [
            ("order.edges.trajectory", edge => edge with { Trajectory = new([new(0, 0), new(1, 1)]) }),
            ("order.edges.direction", edge => edge with { Direction = "straight" }),
            ("order.edges.minimumLoadHandlingDeviceHeight", edge => edge with { MinimumLoadHandlingDeviceHeight = 0.1 }),
            ("order.edges.maximumRotationSpeed", edge => edge with { MaxRotationSpeed = 0.5 }),
        ];
        var undeclared = fields.FirstOrDefault(field => !session.DeclaresField(field.Name));
        return undeclared.Set is null ? null : Edge(order, 0, undeclared.Set);
    }
}
