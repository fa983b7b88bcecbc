using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>What needs somebody at the vehicle: operating modes, and a connection that breaks (VDA 5050 3.0.0, 6.5, 6.6.6).</summary>
internal static class AttendedScenes
{
    // A broker notices a broken line after one and a half keep-alives, usually 90 s.
    private const double BrokerNoticesS = 200;

    public static Scene Mode { get; } = new("Operating modes", [ModeShown, ModeClears, NotAvailable, ModeOrder, ModeLastNode, ModeRequests], async session =>
    {
        var book = session.Book;
        var order = await CancelScenes.DriveOff(session, WithAction(session));
        if (!await session.Attendant.Switch(OperatingMode.Manual))
        {
            await session.Finish(order);
            throw new SceneEnd("Nobody is at the vehicle to switch its operating mode (--attended)");
        }

        var shown = await session.Until(() => session.State.OperatingMode == OperatingMode.Manual, 60);
        book.Check(ModeShown, shown, $"the mode was switched to MANUAL, the state says {session.State.OperatingMode}");
        if (!shown)
        {
            await session.Attendant.Switch(OperatingMode.Automatic);
            throw new SceneEnd("The vehicle does not report MANUAL");
        }

        await session.Until(() => session.State.ActionStates.All(action => action.IsEnded), VehicleSession.AnswerS);
        book.Check(ModeClears, session.Has(order) && session.State.ActionStates.All(action => action.ActionStatus is ActionStatus.Failed or ActionStatus.Finished), $"in MANUAL: order {session.State.OrderId}, actions {string.Join(", ", session.State.ActionStates.Select(action => action.ActionStatus))}");
        var refused = session.OrderAlong(session.NewOrderId(), session.Route.Way(order.Nodes[0].NodeId, 1));
        var said = await RejectScenes.Refused(session, NotAvailable, ErrorTypes.MobileRobotNotAvailable, () => session.SendWrong(refused));
        await session.Pass(3);
        var stayed = session.HasError(ErrorTypes.MobileRobotNotAvailable);
        await session.Attendant.Switch(OperatingMode.Service);
        await session.Until(() => session.State.OperatingMode == OperatingMode.Service, 60);
        await session.Pass(2);
        await session.Attendant.Switch(OperatingMode.Automatic);
        VehicleSession.Need(await session.Until(() => session.IsAutomatic, 60), "The vehicle is not AUTOMATIC again");
        if (said)
        {
            book.Check(NotAvailable, stayed && await session.Until(() => !session.HasError(ErrorTypes.MobileRobotNotAvailable), VehicleSession.AnswerS), $"MOBILE_ROBOT_NOT_AVAILABLE {(stayed ? "stayed in AUTOMATIC" : "left in MANUAL")}");
        }

        await CancelScenes.GoOn(session, order, temporaryFirst: true);
    });

    public static Scene Intervened { get; } = new("INTERVENED", [ModeIntervened, ModeRequests], async session =>
    {
        var order = await CancelScenes.DriveOff(session);
        if (!await session.Attendant.Switch(OperatingMode.Intervened) || !await session.Until(() => session.State.OperatingMode == OperatingMode.Intervened, 60))
        {
            await session.Attendant.Switch(OperatingMode.Automatic);
            await session.Finish(order);
            throw new SceneEnd("Nobody is at the vehicle to switch its operating mode (--attended), or it has no INTERVENED");
        }

        await session.Pass(5);
        var isKept = session.Has(order) && !session.State.NodeStates.IsEmpty;
        await session.Attendant.Switch(OperatingMode.Automatic);
        VehicleSession.Need(await session.Until(() => session.IsAutomatic, 60), "The vehicle is not AUTOMATIC again");
        var goesOn = await session.Until(() => session.State.Driving || session.IsIdle, session.DriveLimitS);
        session.Book.Check(ModeIntervened, isKept && goesOn && session.Has(order), $"the order was {(isKept ? "kept" : "not kept")} in INTERVENED, and {(goesOn ? "went on" : "did not go on")} in AUTOMATIC");
        await session.Finish(order);
    });

    public static Scene Cut { get; } = new("A connection that breaks", [WillSaid, OnlineAgain, ProfileRules.TopicRetained], async session =>
    {
        var book = session.Book;
        session.MayBeSilent = true;
        if (!await session.Attendant.Cut())
        {
            session.MayBeSilent = false;
            throw new SceneEnd("Nobody is at the vehicle to cut its connection (--attended)");
        }

        var said = await session.Until(() => session.Connection is { ConnectionState: ConnectionState.ConnectionBroken }, BrokerNoticesS);
        book.Check(WillSaid, said && await session.IsKept(LinkTopic.Connection), $"the connection was cut, connection says {session.Connection?.ConnectionState}");
        var order = session.NewOrder(1);
        order = order with { Nodes = order.Nodes[..1], Edges = [], HeaderId = session.NextHeader(LinkTopic.Order) };
        if (session.IsSupervised)
        {
            session.Publish(LinkTopic.Order, LinkJson.Serialize(order), retain: true);
            // So that it does not arrive as a live message after all.
            await session.Pass(2);
        }

        var states = session.States.Count;
        await session.Attendant.Mend();
        var back = await session.Until(() => session.Connection is { ConnectionState: ConnectionState.Online }, BrokerNoticesS);
        var spoke = await session.Until(() => session.States.Count > states, 30);
        session.MayBeSilent = false;
        book.Check(OnlineAgain, back && spoke, $"the vehicle can connect again, connection says {session.Connection?.ConnectionState}, {session.States.Count - states} states came");
        if (session.IsSupervised)
        {
            await session.Pass(5);
            session.Publish(LinkTopic.Order, [], retain: true);
            book.Check(ProfileRules.TopicRetained, session.State.OrderId != order.OrderId, $"an order that the broker had kept was taken");
        }
    });

    /// <summary>An order whose last node has an action to be given up, where the route has one.</summary>
    private static Func<Order, Order>? WithAction(VehicleSession session) => session.Route.EdgeActions.IsEmpty ? null : order =>
    {
        for (var i = 1; i < order.Edges.Length; i++)
        {
            if (session.Route.EdgeActions.FirstOrDefault(action => action.At == order.Edges[i].EdgeId) is { } action)
            {
                return order with { Edges = order.Edges.SetItem(i, order.Edges[i] with { Actions = [action.ToAction(session.NewActionId())] }) };
            }
        }

        return order;
    };
}
