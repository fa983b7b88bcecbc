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
    }, session => session.Declares(SweeperActions.StartHibernation) && session.Declares(SweeperActions.StopHibernation) ? null : "startHibernation and stopHibernation are not both declared");

    public static Scene Shutdown { get; } = new("Shutdown under way", [ShutdownIdle], async session =>
    {
        var order = await CancelScenes.DriveOff(session);
        var shut = await session.Done(SweeperActions.Shutdown);
        session.Book.Check(ShutdownIdle, shut is { ActionStatus: ActionStatus.Failed }, $"shutdown while driving is {GreetingScenes.Of(shut)}");
        await session.Finish(order);
    }, session => session.Declares(SweeperActions.Shutdown) ? null : "shutdown is not declared");
}
