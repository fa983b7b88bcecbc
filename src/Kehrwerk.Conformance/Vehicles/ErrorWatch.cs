using System.Collections.Immutable;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Errors by the table of predefined types, FATAL errors, requests and their answers (VDA 5050 3.0.0, 6.6.5, 6.9).</summary>
internal sealed class ErrorWatch(VehicleSession session)
{
    // Braking from any speed that a vehicle on this route has, with something for the way of the message.
    private static readonly TimeSpan BrakesWithin = TimeSpan.FromSeconds(30);

    /// <summary>Level, and of which references one must be there; each inner list is one demand.</summary>
    private static readonly Dictionary<string, (ErrorLevel Level, string[] Needs)> Predefined = new(StringComparer.Ordinal)
    {
        [ErrorTypes.UnsupportedParameter] = (ErrorLevel.Critical, ["*"]),
        [ErrorTypes.NoOrderToCancel] = (ErrorLevel.Warning, ["actionId"]),
        [ErrorTypes.ValidationFailure] = (ErrorLevel.Warning, []),
        [ErrorTypes.InvalidOrderAction] = (ErrorLevel.Warning, ["orderId", "orderUpdateId"]),
        [ErrorTypes.InvalidInstantAction] = (ErrorLevel.Warning, ["actionId"]),
        [ErrorTypes.OutdatedOrderUpdate] = (ErrorLevel.Warning, ["orderId", "orderUpdateId"]),
        [ErrorTypes.SameOrderUpdateId] = (ErrorLevel.Warning, ["orderId", "orderUpdateId"]),
        [ErrorTypes.OrderUpdateFollowingCancel] = (ErrorLevel.Warning, ["orderId", "orderUpdateId"]),
        [ErrorTypes.OutsideOfCorridor] = (ErrorLevel.Critical, ["edgeId"]),
        [ErrorTypes.InsufficientMemory] = (ErrorLevel.Urgent, []),
        [ErrorTypes.DuplicateMap] = (ErrorLevel.Warning, ["mapId", "mapVersion"]),
        [ErrorTypes.BlockedZoneViolation] = (ErrorLevel.Critical, ["zoneId"]),
        [ErrorTypes.DuplicateZoneSet] = (ErrorLevel.Warning, ["zoneSetId|actionId"]),
        [ErrorTypes.ReleaseLost] = (ErrorLevel.Critical, ["zoneId"]),
        [ErrorTypes.ZoneActionConflict] = (ErrorLevel.Critical, ["zoneId"]),
        [ErrorTypes.NodeUnreachable] = (ErrorLevel.Critical, ["nodeId"]),
        [ErrorTypes.LocalizationError] = (ErrorLevel.Fatal, []),
        [ErrorTypes.NoRouteToTarget] = (ErrorLevel.Warning, ["orderId"]),
        [ErrorTypes.OtherOrderActive] = (ErrorLevel.Warning, ["orderId"]),
        [ErrorTypes.StartNodeOutOfRange] = (ErrorLevel.Warning, ["orderId"]),
        [ErrorTypes.MobileRobotNotAvailable] = (ErrorLevel.Warning, ["orderId"]),
        [ErrorTypes.UnknownMapId] = (ErrorLevel.Warning, ["orderId"]),
        [ErrorTypes.InstantActionStatesFull] = (ErrorLevel.Urgent, []),
    };

    /// <summary>Reported until an order is accepted; other refusals are looked at where they are provoked.</summary>
    private static readonly string[] UntilOrder =
    [
        ErrorTypes.NoOrderToCancel, ErrorTypes.NodeUnreachable, ErrorTypes.OtherOrderActive, ErrorTypes.OutdatedOrderUpdate, ErrorTypes.SameOrderUpdateId,
        ErrorTypes.OrderUpdateFollowingCancel,
    ];

    private readonly HashSet<string> goneRequests = new(StringComparer.Ordinal);
    private State? before;

    private readonly Dictionary<string, RequestStatus> requests = new(StringComparer.Ordinal);
    private DateTimeOffset? fatalSince;
    private DateTimeOffset? criticalSince;

    /// <summary>Requests that the runner has granted.</summary>
    public HashSet<string> Granted { get; } = new(StringComparer.Ordinal);

    public void See(Seen seen)
    {
        if (seen.Content is Connection { ConnectionState: not ConnectionState.Online })
        {
            // A program that starts again has forgotten what it reported, and may use its ids again (6.4.3).
            before = null;
            requests.Clear();
            goneRequests.Clear();
            return;
        }

        if (seen.Content is not State state)
        {
            return;
        }

        foreach (var error in state.Errors)
        {
            if (Predefined.TryGetValue(error.ErrorType, out var asked))
            {
                session.Book.Check(VehicleRules.ErrorLevels, error.ErrorLevel == asked.Level, $"{error.ErrorType} has level {error.ErrorLevel}, the table says {asked.Level}");
                var missing = asked.Needs.FirstOrDefault(need => !Has(error.ErrorReferences, need));
                session.Book.Check(VehicleRules.ErrorReferences, missing is null, $"{error.ErrorType} has no reference {missing}");
            }
        }

        if (before is { } last && (last.OrderId, last.OrderUpdateId) == (state.OrderId, state.OrderUpdateId))
        {
            foreach (var type in UntilOrder.Where(type => Reports(last, type)))
            {
                session.Book.Check(VehicleRules.ErrorUntil, Reports(state, type), $"{type} has left the state, and order {state.OrderId}/{state.OrderUpdateId} is as before");
            }
        }

        Stops(state, ref fatalSince, VehicleRules.FatalStops, error => error.ErrorLevel == ErrorLevel.Fatal);
        // A refused message leaves the order in hand as it is (6.1.4), though its table calls it CRITICAL.
        Stops(state, ref criticalSince, VehicleRules.CriticalStops, error => error is { ErrorLevel: ErrorLevel.Critical, ErrorType: not ErrorTypes.UnsupportedParameter });
        Requests(state);
        before = state;
    }

    private static bool Reports(State state, string type) => state.Errors.Any(error => error.ErrorType == type);

    private static bool Has(ImmutableArray<Reference> references, string need) =>
        references.Any(reference => need == "*" || need.Split('|').Contains(reference.ReferenceKey));

    private void Stops(State state, ref DateTimeOffset? since, Rule rule, Func<RobotError, bool> isIt)
    {
        if (state.Errors.FirstOrDefault(isIt) is not { } error)
        {
            since = null;
            return;
        }

        since ??= state.Timestamp;
        session.Book.Check(rule, !state.Driving || state.Timestamp - since < BrakesWithin, $"{error.ErrorType} is {error.ErrorLevel}, and the vehicle drives");
    }

    private void Requests(State state)
    {
        var active = state.ZoneRequests.Select(request => (request.RequestId, request.RequestStatus))
            .Concat(state.EdgeRequests.Select(request => (request.RequestId, request.RequestStatus))).ToList();
        if (active.Count > 0)
        {
            session.Book.Check(VehicleRules.RequestIds, active.DistinctBy(request => request.RequestId).Count() == active.Count, $"two requests have one id");
        }

        foreach (var request in state.ZoneRequests)
        {
            session.Book.Check(VehicleRules.RequestEnabled, state.ZoneSets.Any(set => set.ZoneSetId == request.ZoneSetId && set.ZoneSetStatus == StoredStatus.Enabled), $"request {request.RequestId} is for zone set {request.ZoneSetId}, which is not ENABLED");
        }

        goneRequests.UnionWith(requests.Keys.Except(active.Select(request => request.RequestId)));
        foreach (var (id, status) in active)
        {
            session.Book.Check(VehicleRules.RequestNew, !goneRequests.Contains(id), $"request {id} had left the state and came again");
            if (status == RequestStatus.Granted && requests.GetValueOrDefault(id) != RequestStatus.Granted)
            {
                session.Book.Check(VehicleRules.RequestGranted, Granted.Contains(id), $"request {id} is GRANTED, and nobody granted it");
            }

            requests[id] = status;
        }
    }
}
