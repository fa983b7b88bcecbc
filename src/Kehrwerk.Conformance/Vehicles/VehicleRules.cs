using System.Collections.Immutable;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>What VDA 5050 3.0.0 asks of a vehicle and can be seen from outside.</summary>
internal static partial class VehicleRules
{
    /// <summary>In the order of the report.</summary>
    public static ImmutableArray<Rule> All =>
    [
        Readable, HeaderNames, HeaderVersion, HeaderCounts, HeaderTime, Quality, ConnectionRetained, ConnectionOnline, FactsheetRetained,
        FactsheetActions, FactsheetEnvelopes, FactsheetRequest,
        Heartbeat, Interval, StateAtOrder, LastNode, Traversal, NodesInOrder, NodesAndEdges, BaseFirst, BaseKept, Position, Localized, MapEnabled, OneMap,
        OneZoneSet, FatalStops, ErrorLevels, ErrorReferences, ErrorUntil, CriticalStops, ActionsEnd, ActionsKept, InstantKept, RequestIds, RequestGranted,
        RequestEnabled, RequestNew, ModeOrder, ModeLastNode, ModeRequests, Limits, Curves,
        OrderTaken, FirstNode, OrderWhole, OrderDriven, OrderSpeed, OrderEnd, DecisionPoint, UpdateTaken, UpdateHorizon, UpdateAfterEnd, UpdateSamePlace,
        UpdateElsewhere, Malformed, WrongSequence, WrongEdges, WrongBase, LateBegin, Unsupported, UnknownAction, Outdated, SameContent, SameUpdate,
        OtherOrder, OutOfRange, NoRoute, NotAvailable, UnknownMap, Memory, NotTakenOver, GoesOn, UntilAccepted,
        CancelStops, CancelLast, CancelClears, CancelKeeps, CancelFails, CancelUpdate, CancelTemporary, CancelDeviation, CancelNothing,
        CancelOther, InstantShown, InstantUnknown, InstantUntil, StateRequest, ClearInstant, LogReport, EnableMap, EnableNoMap, DeleteMap,
        PauseStops, PauseLast, PauseKeeps, PauseActions, PauseEnds, ActionShown, ActionHorizon, ActionDone, ActionOnEdge, ActionStands, ActionSequence,
        ZoneStored, ZoneEnabled, ZoneEnableUnknown, ZoneTwice, ZoneInvalid, ZoneDeleted, ZoneBlocked, ZoneUnreachable, ZoneSpeed, ZoneAsks,
        ZoneWaits, ZoneGranted, ZoneRejected, ZoneRevoked, ZoneExpired, ZoneAll, ZoneReplanning, ZoneReplanningAll, ZoneReplanningLost, ZoneDirected, ZoneBidirected, SleepSaid, SleepDeaf,
        SleepEnds, SleepClears, ShutdownIdle, WillSaid, OnlineAgain, ModeShown, ModeClears, ModeIntervened,
    ];

    private static Rule Watch(string id, string chapter, string sentence, string satz) => new(Party.Vehicle, id, chapter, Method.Watch, sentence, satz);

    private static Rule Scene(string id, string chapter, string sentence, string satz) => new(Party.Vehicle, id, chapter, Method.Scene, sentence, satz);

    private static Rule Attended(string id, string chapter, string sentence, string satz) => new(Party.Vehicle, id, chapter, Method.Attended, sentence, satz);
}
