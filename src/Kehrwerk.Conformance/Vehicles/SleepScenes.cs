using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Hibernation and shutdown (VDA 5050 3.0.0, 6.2.3).</summary>
internal static class SleepScenes
{
    public static Scene Hibernation { get; } = new("Hibernation", [SleepSaid, SleepDeaf, SleepEnds], async session =>
    {
        var book = session.Book;
        session.MayBeSilent = true;
        var id = session.Do(SweeperActions.StartHibernation);
        var said = await session.Until(() => session.Connection is { ConnectionState: ConnectionState.Hibernating }, 60);
        book.Check(SleepSaid, said && session.Instant(id) is { ActionStatus: ActionStatus.Finished }, $"startHibernation is {GreetingScenes.Of(session.Instant(id))}, connection says {session.Connection?.ConnectionState}");
        if (!said)
        {
            session.MayBeSilent = false;
            throw new SceneEnd("The vehicle does not hibernate");
        }

        var (states, factsheets) = (session.States.Count, session.Factsheets);
        var order = session.NewOrder(1);
        session.SendWrong(order with { Nodes = order.Nodes[..1], Edges = [] });
        session.Do(SweeperActions.FactsheetRequest);
        await session.Pass(5);
        var answered = session.States.Count > states && session.State.OrderId == order.OrderId;
        book.Check(SleepDeaf, !answered && session.Factsheets == factsheets, $"asleep, the vehicle answered with {session.States.Count - states} states and {session.Factsheets - factsheets} factsheets");
        session.Do(SweeperActions.StopHibernation);
        var woke = await session.Until(() => session.Connection is { ConnectionState: ConnectionState.Online }, 60);
        states = session.States.Count;
        var spoke = await session.Until(() => session.States.Count > states, 30);
        session.MayBeSilent = false;
        book.Check(SleepEnds, woke && spoke, $"after stopHibernation connection says {session.Connection?.ConnectionState}, {session.States.Count - states} states came");
    }, Missing);

    public static Scene UnderWay { get; } = new("Hibernation under way", [SleepClears], async session =>
    {
        var order = await CancelScenes.DriveOff(session);
        var before = session.State;
        var said = session.Connections.Count;
        session.MayBeSilent = true;
        session.Do(SweeperActions.StartHibernation);
        var sleeps = await session.Until(() => session.Connections.Skip(said).Any(one => one.ConnectionState == ConnectionState.Hibernating), 120);
        var moves = session.State.Driving;
        var states = session.States.Count;
        session.Do(SweeperActions.StopHibernation);
        var woke = await session.Until(() => session.States.Count > states, 60);
        session.MayBeSilent = false;
        VehicleSession.Need(sleeps && woke, "The vehicle does not hibernate under way, or does not wake");
        session.Book.Check(
            SleepClears,
            !moves && session.Stands && session.Has(order) && session.State.LastNodeId.Length > 0 && session.State.LastNodeSequenceId >= before.LastNodeSequenceId,
            $"driving {moves} on falling asleep; after it order {session.State.OrderId}/{session.State.OrderUpdateId}, {session.State.NodeStates.Length} nodes ahead, last node '{session.State.LastNodeId}'");
        VehicleSession.Need(await session.Until(() => session.Stands, VehicleSession.AnswerS), "The vehicle is not idle after a hibernation");
        await CancelScenes.GoOn(session, order, temporaryFirst: true);
    }, Missing);

    public static Scene Shutdown { get; } = new("Shutdown under way", [ShutdownIdle], async session =>
    {
        var order = await CancelScenes.DriveOff(session);
        var shut = await session.Done(SweeperActions.Shutdown);
        session.Book.Check(ShutdownIdle, shut is { ActionStatus: ActionStatus.Failed }, $"shutdown while driving is {GreetingScenes.Of(shut)}");
        await session.Finish(order);
    }, session => session.Declares(SweeperActions.Shutdown) ? null : "shutdown is not declared");

    private static string? Missing(VehicleSession session) =>
        session.Declares(SweeperActions.StartHibernation) && session.Declares(SweeperActions.StopHibernation) ? null : "startHibernation and stopHibernation are not both declared";
}
