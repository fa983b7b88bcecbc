using System.Collections.Immutable;
using System.Text;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Zone sets, and the zones that can be seen from outside (VDA 5050 3.0.0, 6.4). Zones lie around a node of the way, so that the way must cross them.</summary>
internal static class ZoneScenes
{
    // Half the side of a zone, metres: wider than a vehicle's lane, shorter than an edge.
    private const double HalfM = 8;
    private const double LimitMps = 1.5;
    private const double SpeedSlackMps = 0.2;

    public static Scene Sets { get; } = new("Zone sets", [ZoneStored, ZoneEnabled, ZoneEnableUnknown, ZoneTwice, ZoneInvalid, ZoneDeleted], async session =>
    {
        var book = session.Book;
        var type = session.Factsheet!.TypeSpecification.SupportedZones[0];
        var id = NewSet(session);
        Send(session, id, []);
        var stored = await session.Until(() => Status(session, id) is not null, VehicleSession.AnswerS);
        book.Check(ZoneStored, stored && session.States.First(state => state.ZoneSets.Any(set => set.ZoneSetId == id)).ZoneSets.First(set => set.ZoneSetId == id).ZoneSetStatus == StoredStatus.Disabled, $"a new zone set is {Status(session, id)?.ToString() ?? "not stored"}");
        VehicleSession.Need(stored, "The vehicle stores no zone set");
        Send(session, id, []);
        book.Check(ZoneTwice, await session.Until(() => session.HasError(ErrorTypes.DuplicateZoneSet), VehicleSession.AnswerS), $"a zone set was sent twice; errors are {GreetingScenes.Errors(session)}");

        var invalid = NewSet(session);
        var errors = session.State.Errors.Length;
        var corner = new Vertex(0, 0);
        var bytes = LinkJson.Serialize(ZoneSetOf(session, invalid, [Zone(session, "flat", type) with { Vertices = [corner, corner, corner] }]) with { HeaderId = session.NextHeader(LinkTopic.ZoneSet) });
        session.Publish(LinkTopic.ZoneSet, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("{\"x\":0,\"y\":0},{\"x\":0,\"y\":0},{\"x\":0,\"y\":0}", "{\"x\":0,\"y\":0},{\"x\":9,\"y\":0}", StringComparison.Ordinal)));
        await session.Until(() => session.State.Errors.Length > errors, VehicleSession.AnswerS);
        book.Check(ZoneInvalid, Status(session, invalid) is null && session.State.Errors.Length > errors, $"a zone with two vertices: the set is {Status(session, invalid)?.ToString() ?? "not stored"}, errors are {GreetingScenes.Errors(session)}");

        var unknown = await Enable(session, "conform-no-such-set");
        book.Check(ZoneEnableUnknown, unknown is { ActionStatus: ActionStatus.Failed }, $"enableZoneSet of a set that does not exist is {GreetingScenes.Of(unknown)}");
        var enabled = await Enable(session, id);
        book.Check(ZoneEnabled, enabled is { ActionStatus: ActionStatus.Finished } && await session.Until(() => Status(session, id) == StoredStatus.Enabled, VehicleSession.AnswerS), $"enableZoneSet is {GreetingScenes.Of(enabled)}, the set is {Status(session, id)}");
        if (!session.Declares(SweeperActions.DeleteZoneSet))
        {
            book.NotSupported(ZoneDeleted, "deleteZoneSet is not declared");
            return;
        }

        await Use(session, dropsOthers: false);
        var deleted = await session.Done(SweeperActions.DeleteZoneSet, parameters: new ActionParameter(SweeperActions.ZoneSetIdParameter, id));
        book.Check(ZoneDeleted, deleted is { ActionStatus: ActionStatus.Finished } && await session.Until(() => Status(session, id) is null, VehicleSession.AnswerS), $"deleteZoneSet is {GreetingScenes.Of(deleted)}, the set is {Status(session, id)?.ToString() ?? "gone"}");
    }, session => Missing(session, null));

    public static Scene Blocked { get; } = new("A BLOCKED zone", [ZoneBlocked, ZoneUnreachable], session => NotEntered(session, ZoneBlocked, (order, at) =>
    [
        Around(session, "blocked", ZoneType.Blocked, at),
        // BLOCKED stands above what lies over it (table 8).
        .. session.Supports(ZoneType.SpeedLimit) ? [Around(session, "slow", ZoneType.SpeedLimit, at)] : ImmutableArray<Zone>.Empty,
    ]), session => Missing(session, ZoneType.Blocked));

    public static Scene Directed { get; } = new("A DIRECTED zone", [ZoneDirected], session => NotEntered(session, ZoneDirected, (order, at) =>
        [Around(session, "one-way", ZoneType.Directed, at) with { Direction = Turned(session, order, Math.PI), Limitation = DirectionLimitation.Restricted }]),
        session => Missing(session, ZoneType.Directed));

    public static Scene Bidirected { get; } = new("A BIDIRECTED zone", [ZoneBidirected], session => NotEntered(session, ZoneBidirected, (order, at) =>
        [Around(session, "two-way", ZoneType.Bidirected, at) with { Direction = Turned(session, order, Math.PI / 2), Limitation = DirectionLimitation.Restricted }]),
        session => Missing(session, ZoneType.Bidirected));

    public static Scene Speed { get; } = new("A SPEED_LIMIT zone", [ZoneSpeed], async session =>
    {
        var order = session.NewOrder(2);
        var at = order.Nodes[1].NodeId;
        // The lower of two limits counts (table 8).
        await Use(session, Around(session, "less-slow", ZoneType.SpeedLimit, at) with { MaximumSpeed = 2 * LimitMps }, Around(session, "slow", ZoneType.SpeedLimit, at));
        var first = session.States.Count;
        await session.Start(order);
        await session.Finish(order);
        await UseNone(session);
        var within = session.States.Skip(first).Where(state => IsWithin(session, state, at) && state.Velocity is not null).ToList();
        VehicleSession.Need(within.Count > 0, "The vehicle reports no velocity, or no position within the zone");
        var fastest = within.Max(state => Math.Sqrt(Math.Pow(state.Velocity!.Vx ?? 0, 2) + Math.Pow(state.Velocity.Vy ?? 0, 2)));
        session.Book.Check(ZoneSpeed, fastest <= LimitMps + SpeedSlackMps, $"{fastest:F1} m/s within a zone of {LimitMps:F1} m/s");
    }, session => Missing(session, ZoneType.SpeedLimit));

    /// <summary>Sends zones around the first node of a way that the vehicle must not drive there, and looks that it stays out.</summary>
    private static async Task NotEntered(VehicleSession session, Rule rule, Func<Order, string, ImmutableArray<Zone>> zones)
    {
        var order = session.NewOrder(2);
        var at = order.Nodes[1].NodeId;
        await Use(session, zones(order, at));
        var first = session.States.Count;
        await session.Start(order);
        await session.Until(() => session.HasError(ErrorTypes.NodeUnreachable) && !session.State.Driving, session.DriveLimitS);
        await session.Pass(5);
        session.Book.Check(rule, !session.States.Skip(first).Any(state => IsWithin(session, state, at)), $"the vehicle was within the zone around node {at}");
        if (rule == ZoneBlocked)
        {
            session.Book.Check(ZoneUnreachable, session.HasError(ErrorTypes.NodeUnreachable) && session.State is { Driving: false, NodeStates.IsEmpty: false }, $"driving {session.State.Driving}, errors are {GreetingScenes.Errors(session)}");
        }

        await Leave(session, order);
    }

    /// <summary>Takes the zones away, gives the order up and drives to the end of the edge.</summary>
    public static async Task Leave(VehicleSession session, Order order)
    {
        await UseNone(session);
        await session.Done(SweeperActions.CancelOrder, 120);
        VehicleSession.Need(await session.Until(() => session.Stands, VehicleSession.AnswerS), "The vehicle is not idle after a cancellation");
        await CancelScenes.GoOn(session, order, temporaryFirst: true);
    }

    /// <summary>The direction from the first node of an order to the second, turned, in -π to π.</summary>
    private static double Turned(VehicleSession session, Order order, double byRad)
    {
        var (from, to) = (session.Route.Node(order.Nodes[0].NodeId), session.Route.Node(order.Nodes[1].NodeId));
        return Math.IEEERemainder(Math.Atan2(to.Y - from.Y, to.X - from.X) + byRad, 2 * Math.PI);
    }

    public static string? Missing(VehicleSession session, ZoneType? type) =>
        session.Factsheet?.TypeSpecification.SupportedZones.IsEmpty != false ? "The factsheet declares no supportedZones"
        : type is { } asked && !session.Supports(asked) ? $"{asked} is not in supportedZones"
        : null;

    private static Zone Zone(VehicleSession session, string id, ZoneType type) => new(id, type, [])
    {
        Limitation = type is ZoneType.Directed or ZoneType.Bidirected ? DirectionLimitation.Soft : null,
        MaximumSpeed = type == ZoneType.SpeedLimit ? LimitMps : null,
        Direction = type is ZoneType.Directed or ZoneType.Bidirected ? 0 : null,
    };

    public static Zone Around(VehicleSession session, string id, ZoneType type, string nodeId)
    {
        var node = session.Route.Node(nodeId);
        // Counter-clockwise (7.6).
        return Zone(session, id, type) with
        {
            Vertices = [new(node.X - HalfM, node.Y - HalfM), new(node.X + HalfM, node.Y - HalfM), new(node.X + HalfM, node.Y + HalfM), new(node.X - HalfM, node.Y + HalfM)],
        };
    }

    public static bool IsWithin(VehicleSession session, State state, string nodeId)
    {
        var node = session.Route.Node(nodeId);
        return state.MobileRobotPosition is { } at && Math.Abs(at.X - node.X) < HalfM && Math.Abs(at.Y - node.Y) < HalfM;
    }

    private static string NewSet(VehicleSession session) => session.NewActionId() + "-zones";

    private static ZoneSet ZoneSetOf(VehicleSession session, string id, ImmutableArray<Zone> zones) =>
        new() { HeaderId = 0, Timestamp = session.Now, Vehicle = session.Vehicle, Content = new(session.Route.MapId, id, zones) };

    private static void Send(VehicleSession session, string id, ImmutableArray<Zone> zones) => session.Publish(LinkTopic.ZoneSet, ZoneSetOf(session, id, zones));

    private static StoredStatus? Status(VehicleSession session, string id) => session.State.ZoneSets.FirstOrDefault(set => set.ZoneSetId == id)?.ZoneSetStatus;

    private static Task<ActionState?> Enable(VehicleSession session, string id) =>
        session.Done(SweeperActions.EnableZoneSet, parameters: new ActionParameter(SweeperActions.ZoneSetIdParameter, id));

    /// <summary>Sends a set, uses it, and drops those that were used before.</summary>
    public static Task Use(VehicleSession session, params ImmutableArray<Zone> zones) => Use(session, dropsOthers: true, zones);

    private static async Task Use(VehicleSession session, bool dropsOthers, params ImmutableArray<Zone> zones)
    {
        var before = session.State.ZoneSets;
        var id = NewSet(session);
        Send(session, id, zones);
        VehicleSession.Need(await session.Until(() => Status(session, id) is not null, VehicleSession.AnswerS), "The vehicle stores no zone set");
        VehicleSession.Need(await Enable(session, id) is { ActionStatus: ActionStatus.Finished }, "The vehicle enables no zone set");
        foreach (var old in before.Where(set => dropsOthers && session.Declares(SweeperActions.DeleteZoneSet) && set.ZoneSetId.StartsWith("conform-", StringComparison.Ordinal)))
        {
            session.Do(SweeperActions.DeleteZoneSet, new ActionParameter(SweeperActions.ZoneSetIdParameter, old.ZoneSetId));
        }
    }

    /// <summary>A zone set without zones.</summary>
    public static Task UseNone(VehicleSession session) => Use(session, dropsOthers: true);
}
