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

    private readonly Dictionary<string, RequestStatus> requests = new(StringComparer.Ordinal);
    private DateTimeOffset? fatalSince;

    /// <summary>Requests that the runner has granted.</summary>
    public HashSet<string> Granted { get; } = new(StringComparer.Ordinal);

    public void See(Seen seen)
    {
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

        Fatal(state);
        Requests(state);
    }

    private static bool Has(ImmutableArray<Reference> references, string need) =>
        references.Any(reference => need == "*" || need.Split('|').Contains(reference.ReferenceKey));

    private void Fatal(State state)
    {
        if (state.Errors.All(error => error.ErrorLevel != ErrorLevel.Fatal))
        {
            fatalSince = null;
            return;
        }

        fatalSince ??= state.Timestamp;
        session.Book.Check(VehicleRules.FatalStops, !state.Driving || state.Timestamp - fatalSince < BrakesWithin,
            $"{state.Errors.First(error => error.ErrorLevel == ErrorLevel.Fatal).ErrorType} is FATAL, and the vehicle drives");
    }

    private void Requests(State state)
    {
        var active = state.ZoneRequests.Select(request => (request.RequestId, request.RequestStatus))
            .Concat(state.EdgeRequests.Select(request => (request.RequestId, request.RequestStatus))).ToList();
        if (active.Count > 0)
        {
            session.Book.Check(VehicleRules.RequestIds, active.DistinctBy(request => request.RequestId).Count() == active.Count, $"two requests have one id");
        }

        foreach (var (id, status) in active)
        {
            if (status == RequestStatus.Granted && requests.GetValueOrDefault(id) != RequestStatus.Granted)
            {
                session.Book.Check(VehicleRules.RequestGranted, Granted.Contains(id), $"request {id} is GRANTED, and nobody granted it");
            }

            requests[id] = status;
        }
    }
}
