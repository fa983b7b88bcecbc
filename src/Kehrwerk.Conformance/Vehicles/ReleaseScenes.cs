using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using static Kehrwerk.Conformance.Vehicles.VehicleRules;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Zones that a vehicle must ask for, and what it makes of each answer (VDA 5050 3.0.0, 6.4.3, 6.9).</summary>
internal static class ReleaseScenes
{
    public static Scene Release { get; } = new("A RELEASE zone", [ZoneAsks, ZoneWaits, ZoneGranted, RequestIds, RequestGranted], async session =>
    {
        var book = session.Book;
        var order = session.NewOrder(2);
        var at = order.Nodes[1].NodeId;
        await ZoneScenes.Use(session, ZoneScenes.Around(session, "release", ZoneType.Release, at));
        var first = session.States.Count;
        await session.Start(order);
        var asked = await session.Until(() => !session.State.ZoneRequests.IsEmpty, session.DriveLimitS);
        var request = asked ? session.State.ZoneRequests[0] : null;
        book.Check(ZoneAsks, request is { RequestType: ZoneRequestType.Access, RequestStatus: RequestStatus.Requested, ZoneId: "release" }, $"{(asked ? $"the request is {request!.RequestType} {request.RequestStatus} for zone {request.ZoneId}" : "there was no request")}");
        VehicleSession.Need(asked, "The vehicle did not ask for a RELEASE zone");
        await session.Until(() => !session.State.Driving, session.DriveLimitS);
        Answer(session, request!.RequestId, GrantType.Queued);
        await session.Pass(10);
        book.Check(ZoneWaits, !session.States.Skip(first).Any(state => ZoneScenes.IsWithin(session, state, at)), $"the vehicle was within the zone around node {at} without a grant");
        VehicleSession.Need(!session.State.ZoneRequests.IsEmpty, "The request left the state before it was answered");
        Answer(session, session.State.ZoneRequests[0].RequestId, GrantType.Granted);
        var granted = await session.Until(() => session.State.ZoneRequests.Any(one => one.RequestStatus == RequestStatus.Granted), VehicleSession.AnswerS);
        var passed = await session.Until(() => session.Stands && session.Has(order), 2 * session.DriveLimitS);
        book.Check(ZoneGranted, granted && passed && session.State.ZoneRequests.IsEmpty, $"granted {granted}, passed {passed}, {session.State.ZoneRequests.Length} requests left");
        VehicleSession.Need(passed, "The vehicle did not pass the RELEASE zone");
        session.Place = order.Nodes[^1].NodeId;
        await ZoneScenes.UseNone(session);
    }, session => ZoneScenes.Missing(session, ZoneType.Release));

    public static Scene Rejected { get; } = new("A RELEASE zone that is refused", [ZoneRejected], async session =>
    {
        var order = session.NewOrder(2);
        var at = order.Nodes[1].NodeId;
        var first = session.States.Count;
        Answer(session, (await Asked(session, order, ZoneScenes.Around(session, "refused", ZoneType.Release, at))).RequestId, GrantType.Rejected);
        await session.Until(() => !session.State.Driving, session.DriveLimitS);
        await session.Pass(5);
        session.Book.Check(ZoneRejected, !session.States.Skip(first).Any(state => ZoneScenes.IsWithin(session, state, at)), $"the vehicle was within the zone around node {at} after REJECTED");
        await ZoneScenes.Leave(session, order);
    }, session => ZoneScenes.Missing(session, ZoneType.Release));

    public static Scene Revoked { get; } = new("A release that is revoked", [ZoneRevoked], session => Lost(session, ZoneRevoked, GrantType.Revoked), session => ZoneScenes.Missing(session, ZoneType.Release));

    public static Scene Expired { get; } = new("A release that expires", [ZoneExpired], session => Lost(session, ZoneExpired, GrantType.Granted), session => ZoneScenes.Missing(session, ZoneType.Release));

    public static Scene Both { get; } = new("Two RELEASE zones", [ZoneAll], async session =>
    {
        var order = session.NewOrder(2);
        var at = order.Nodes[1].NodeId;
        var first = session.States.Count;
        var request = await Asked(session, order, ZoneScenes.Around(session, "one", ZoneType.Release, at), ZoneScenes.Around(session, "other", ZoneType.Release, at));
        await OneByOne(session, order, request, first, ZoneAll);
    }, session => ZoneScenes.Missing(session, ZoneType.Release));

    public static Scene Replanning { get; } = new("COORDINATED_REPLANNING zones", [ZoneReplanning, ZoneReplanningAll], async session =>
    {
        var order = session.NewOrder(2);
        var at = order.Nodes[1].NodeId;
        var first = session.States.Count;
        var request = await Asked(session, order, ZoneScenes.Around(session, "one", ZoneType.CoordinatedReplanning, at), ZoneScenes.Around(session, "other", ZoneType.CoordinatedReplanning, at));
        var isWhole = request is { RequestType: ZoneRequestType.Replanning, RequestStatus: RequestStatus.Requested, Trajectory.ControlPoints.Length: >= 2 };
        var wasWithin = session.States.Skip(first).Any(state => ZoneScenes.IsWithin(session, state, at));
        session.Book.Check(ZoneReplanning, isWhole && !wasWithin, $"the request is {request.RequestType} {request.RequestStatus} with {request.Trajectory?.ControlPoints.Length ?? 0} control points, the vehicle was {(wasWithin ? "already" : "not yet")} within the zone");
        await OneByOne(session, order, request, first, ZoneReplanningAll);
    }, session => ZoneScenes.Missing(session, ZoneType.CoordinatedReplanning));

    public static Scene ReplanningLost { get; } = new("A way that is revoked", [ZoneReplanningLost], session => Lost(session, ZoneReplanningLost, GrantType.Revoked), session => ZoneScenes.Missing(session, ZoneType.CoordinatedReplanning));

    /// <summary>Grants the requests for two zones at a place one after the other: with the first alone the vehicle must stay out.</summary>
    private static async Task OneByOne(VehicleSession session, Order order, ZoneRequest request, int first, Rule rule)
    {
        var at = order.Nodes[1].NodeId;
        await session.Until(() => !session.State.Driving, session.DriveLimitS);
        Answer(session, request.RequestId, GrantType.Granted);
        await session.Until(() => session.State.ZoneRequests.Any(one => one.RequestStatus == RequestStatus.Granted), VehicleSession.AnswerS);
        await session.Pass(5);
        var second = session.State.ZoneRequests.FirstOrDefault(one => one.ZoneId != request.ZoneId);
        session.Book.Check(rule, second is not null && !session.States.Skip(first).Any(state => ZoneScenes.IsWithin(session, state, at)), $"after the grant of zone {request.ZoneId} alone: the other was {(second is null ? "not asked for" : "asked for")}, the last node is {session.State.LastNodeId}");
        VehicleSession.Need(second is not null, "The vehicle did not ask for both zones");
        Answer(session, second!.RequestId, GrantType.Granted);
        await session.Finish(order);
        await ZoneScenes.UseNone(session);
    }

    /// <summary>Starts an order through zones and waits for the first request.</summary>
    private static async Task<ZoneRequest> Asked(VehicleSession session, Order order, params ImmutableArray<Zone> zones)
    {
        await ZoneScenes.Use(session, zones);
        await session.Start(order);
        VehicleSession.Need(await session.Until(() => !session.State.ZoneRequests.IsEmpty, session.DriveLimitS), "The vehicle did not ask for the zone");
        return session.State.ZoneRequests[0];
    }

    /// <summary>
    /// Takes the release away while the vehicle is within the zone: by a word, or by a lease of one second. Of a way through a
    /// COORDINATED_REPLANNING zone the vehicle then says so with any error that names the zone, and asks anew.
    /// </summary>
    private static async Task Lost(VehicleSession session, Rule rule, GrantType by)
    {
        var isWay = rule == ZoneReplanningLost;
        var order = session.NewOrder(2);
        var at = order.Nodes[1].NodeId;
        var request = await Asked(session, order, ZoneScenes.Around(session, "lost", isWay ? ZoneType.CoordinatedReplanning : ZoneType.Release, at));
        // From a standstill it enters slowly.
        await session.Until(() => !session.State.Driving, session.DriveLimitS);
        Answer(session, request.RequestId, GrantType.Granted);
        VehicleSession.Need(await session.Until(() => ZoneScenes.IsWithin(session, session.State, at), session.DriveLimitS), "No state came from within the zone");
        Answer(session, request.RequestId, by, leaseS: 1);
        var lost = await session.Until(() => Warns() && !session.State.Driving && (!isWay || AsksAnew()), 2 * VehicleSession.AnswerS);
        VehicleSession.Need(lost || ZoneScenes.IsWithin(session, session.State, at), "The vehicle left the zone before its release ended");
        var isGranted = session.State.ZoneRequests.Any(one => one.RequestId == request.RequestId && one.RequestStatus == RequestStatus.Granted);
        session.Book.Check(rule, lost && !isGranted, $"driving {session.State.Driving}, errors are {GreetingScenes.Errors(session)}, the request is {(isGranted ? "still" : "no longer")} GRANTED");
        await ZoneScenes.Leave(session, order);

        bool Warns() => isWay ? session.State.Errors.Any(error => error.ErrorReferences.Contains(new("zoneId", "lost"))) : session.HasError(ErrorTypes.ReleaseLost);
        bool AsksAnew() => session.State.ZoneRequests.Any(one => one.RequestId != request.RequestId && one is { ZoneId: "lost", RequestStatus: RequestStatus.Requested });
    }

    private static void Answer(VehicleSession session, string requestId, GrantType grant, double leaseS = 300)
    {
        if (grant == GrantType.Granted)
        {
            session.Errors.Granted.Add(requestId);
        }

        session.Publish(LinkTopic.Responses, new Responses
        {
            HeaderId = 0,
            Timestamp = session.Now,
            Vehicle = session.Vehicle,
            Items = [new(requestId, grant, grant == GrantType.Granted ? session.Now.AddSeconds(leaseS) : null)],
        });
    }
}
