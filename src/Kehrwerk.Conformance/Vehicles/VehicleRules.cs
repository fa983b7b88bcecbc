using System.Collections.Immutable;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>What VDA 5050 3.0.0 asks of a vehicle and can be seen from outside.</summary>
internal static partial class VehicleRules
{
    /// <summary>In the order of the report.</summary>
    public static ImmutableArray<Rule> All =>
    [
        Readable, HeaderNames, HeaderVersion, HeaderCounts, HeaderTime, Quality, ConnectionRetained, ConnectionOnline, FactsheetRetained,
        FactsheetActions, FactsheetRequest,
        Heartbeat, Interval, StateAtOrder, LastNode, Traversal, NodesInOrder, NodesAndEdges, BaseFirst, Localized, MapEnabled, OneMap,
        OneZoneSet, FatalStops, ErrorLevels, ErrorReferences, ActionsEnd, ActionsKept, InstantKept, RequestIds, RequestGranted, ModeOrder,
        ModeLastNode,
        OrderTaken, FirstNode, OrderWhole, OrderDriven, OrderEnd, DecisionPoint, UpdateTaken, UpdateHorizon, UpdateAfterEnd, UpdateSamePlace,
        UpdateElsewhere, Malformed, WrongSequence, WrongEdges, WrongBase, Unsupported, UnknownAction, Outdated, SameContent, SameUpdate,
        OtherOrder, OutOfRange, NoRoute, NotAvailable, UnknownMap, Memory, NotTakenOver, GoesOn, UntilAccepted,
        CancelStops, CancelLast, CancelClears, CancelKeeps, CancelFails, CancelUpdate, CancelTemporary, CancelDeviation, CancelNothing,
        CancelOther, InstantShown, InstantUnknown, InstantUntil, StateRequest, ClearInstant, LogReport, EnableMap, EnableNoMap, DeleteMap,
        PauseStops, PauseLast, PauseKeeps, PauseEnds, ActionShown, ActionHorizon, ActionDone, ActionOnEdge, ActionStands, ActionSequence,
        ZoneStored, ZoneEnabled, ZoneEnableUnknown, ZoneTwice, ZoneInvalid, ZoneDeleted, ZoneBlocked, ZoneUnreachable, ZoneSpeed, ZoneAsks,
        ZoneWaits, ZoneGranted, SleepSaid, SleepDeaf, SleepEnds, ShutdownIdle, WillSaid, OnlineAgain, ModeShown, ModeClears,
    ];

    private static Rule Watch(string id, string chapter, string sentence, string satz) => new(Party.Vehicle, id, chapter, Method.Watch, sentence, satz);

    private static Rule Scene(string id, string chapter, string sentence, string satz) => new(Party.Vehicle, id, chapter, Method.Scene, sentence, satz);

    private static Rule Attended(string id, string chapter, string sentence, string satz) => new(Party.Vehicle, id, chapter, Method.Attended, sentence, satz);
}
