using System.Collections.Immutable;

namespace Kehrwerk.Conformance.Masters;

/// <summary>What VDA 5050 3.0.0 and the safety profile ask of a master control and can be seen by a vehicle.</summary>
internal static class MasterRules
{
    public static readonly Rule Readable = new(
        Party.MasterControl, "master.message.readable", "7", Method.Watch,
        "Every message has the fields, JSON types and keywords of its table.",
        "Jede Nachricht hat die Felder, JSON-Typen und Schlüsselwörter ihrer Tabelle.");

    public static readonly Rule HeaderNames = new(
        Party.MasterControl, "master.header.names", "7.2", Method.Watch,
        "manufacturer and serialNumber are those of the topic.",
        "manufacturer und serialNumber sind die des Topics.");

    public static readonly Rule HeaderVersion = new(
        Party.MasterControl, "master.header.version", "7.2", Method.Watch,
        "version is 3.x.x.",
        "version ist 3.x.x.");

    public static readonly Rule HeaderCounts = new(
        Party.MasterControl, "master.header.counts", "7.2", Method.Watch,
        "headerId counts up by one with each message, separately for each topic.",
        "headerId zählt mit jeder Nachricht um eins hoch, für jedes Topic für sich.");

    public static readonly Rule HeaderTime = new(
        Party.MasterControl, "master.header.timestamp", "7.2", Method.Watch,
        "timestamp is ISO 8601 in UTC with milliseconds.",
        "timestamp ist ISO 8601 in UTC mit Millisekunden.");

    public static readonly Rule Quality = new(
        Party.MasterControl, "master.topic.qos", "4.1", Method.Watch,
        "QoS 0 on all topics of the standard.",
        "QoS 0 auf allen Topics der Norm.");

    public static readonly Rule OrderEdges = new(
        Party.MasterControl, "master.order.edges", "6.1.1", Method.Watch,
        "An order has at least one node and one edge less than nodes.",
        "Ein Auftrag hat mindestens einen Knoten und eine Kante weniger als Knoten.");

    public static readonly Rule OrderSequence = new(
        Party.MasterControl, "master.order.sequence", "6.1.1", Method.Watch,
        "sequenceIds rise by one from node to edge to node.",
        "sequenceIds steigen um eins von Knoten zu Kante zu Knoten.");

    public static readonly Rule OrderFirst = new(
        Party.MasterControl, "master.order.first-released", "6.1.1", Method.Watch,
        "The first node is released.",
        "Der erste Knoten ist freigegeben.");

    public static readonly Rule OrderBase = new(
        Party.MasterControl, "master.order.base-first", "6.1.1", Method.Watch,
        "Nothing released follows on the horizon, and a released edge has both nodes released.",
        "Nichts Freigegebenes folgt auf den Horizont, und eine freigegebene Kante hat beide Knoten freigegeben.");

    public static readonly Rule OrderBegin = new(
        Party.MasterControl, "master.order.begins-at-0", "6.1.1", Method.Watch,
        "A new order begins with orderUpdateId 0 and sequenceId 0.",
        "Ein neuer Auftrag beginnt mit orderUpdateId 0 und sequenceId 0.");

    public static readonly Rule OrderReachable = new(
        Party.MasterControl, "master.order.start", "6.1.1", Method.Watch,
        "The first node of a new order is where the vehicle is: within its deviation, or near.",
        "Der erste Knoten eines neuen Auftrags ist beim Fahrzeug: innerhalb seiner Abweichung oder nahe.");

    public static readonly Rule OrderIdle = new(
        Party.MasterControl, "master.order.when-idle", "6.6.8", Method.Watch,
        "A new order is sent only to an idle vehicle.",
        "Ein neuer Auftrag geht nur an ein Fahrzeug ohne Auftrag.");

    public static readonly Rule OrderMap = new(
        Party.MasterControl, "master.order.map", "6.3.4", Method.Watch,
        "Nodes name a map that the vehicle has enabled.",
        "Knoten nennen eine Karte, die das Fahrzeug aktiviert hat.");

    public static readonly Rule OrderMode = new(
        Party.MasterControl, "master.order.mode", "6.6.6", Method.Watch,
        "No order in MANUAL, SERVICE, TEACH_IN or STARTUP.",
        "Kein Auftrag in MANUAL, SERVICE, TEACH_IN oder STARTUP.");

    public static readonly Rule OrderOffline = new(
        Party.MasterControl, "master.order.offline", "6.5", Method.Watch,
        "No order to a vehicle whose connection is OFFLINE, CONNECTION_BROKEN or HIBERNATING.",
        "Kein Auftrag an ein Fahrzeug, dessen Verbindung OFFLINE, CONNECTION_BROKEN oder HIBERNATING ist.");

    public static readonly Rule OrderRefused = new(
        Party.MasterControl, "master.order.refused", "6.1.4", Method.Watch,
        "An order that was refused is not sent again as it was.",
        "Ein abgelehnter Auftrag wird nicht unverändert noch einmal gesendet.");

    public static readonly Rule UpdateRises = new(
        Party.MasterControl, "master.update.rises", "6.1.2", Method.Watch,
        "Each update has a higher orderUpdateId than the one before.",
        "Jede Aktualisierung hat eine höhere orderUpdateId als die davor.");

    public static readonly Rule UpdateSame = new(
        Party.MasterControl, "master.update.same-content", "6.1.4.5", Method.Watch,
        "The same orderUpdateId is sent only with the same content.",
        "Dieselbe orderUpdateId wird nur mit demselben Inhalt gesendet.");

    public static readonly Rule UpdateStitch = new(
        Party.MasterControl, "master.update.stitch", "6.1.2", Method.Watch,
        "An update begins with the last node of the base, same nodeId and sequenceId.",
        "Eine Aktualisierung beginnt mit dem letzten Knoten der Basis, gleiche nodeId und sequenceId.");

    public static readonly Rule UpdateKeeps = new(
        Party.MasterControl, "master.update.base-kept", "6.1.2", Method.Watch,
        "The last node of the base is sent again as it was, with its actions.",
        "Der letzte Knoten der Basis wird unverändert noch einmal gesendet, mit seinen Aktionen.");

    public static readonly Rule UpdateCancelled = new(
        Party.MasterControl, "master.update.not-after-cancel", "6.1.3.1", Method.Watch,
        "No update to an order that was cancelled.",
        "Keine Aktualisierung eines abgebrochenen Auftrags.");

    public static readonly Rule UpdateExtends = new(
        Party.MasterControl, "master.update.extends", "6.1.2", Method.Scene,
        "The base is extended in time: the vehicle gets on beyond its first decision point.",
        "Die Basis wird rechtzeitig verlängert: Das Fahrzeug kommt über den ersten Entscheidungspunkt hinaus.");

    public static readonly Rule ActionDeclared = new(
        Party.MasterControl, "master.action.declared", "6.2.3", Method.Watch,
        "Actions are of a type, scope and blocking type that the factsheet declares.",
        "Aktionen haben eine Art, einen Ort und einen Blockiertyp, die das Factsheet angibt.");

    public static readonly Rule ActionParameters = new(
        Party.MasterControl, "master.action.parameters", "7.10", Method.Watch,
        "Actions have the parameters that the factsheet asks for.",
        "Aktionen haben die Parameter, die das Factsheet verlangt.");

    public static readonly Rule ActionIds = new(
        Party.MasterControl, "master.action.ids", "7.3", Method.Watch,
        "An actionId names one action: with another content it does not come again.",
        "Eine actionId benennt eine Aktion: Mit anderem Inhalt kommt sie nicht wieder.");

    public static readonly Rule InstantNone = new(
        Party.MasterControl, "master.instant.none", "6.2.1", Method.Watch,
        "The blockingType of instant actions is NONE.",
        "Der blockingType von Sofortaktionen ist NONE.");

    public static readonly Rule InstantMode = new(
        Party.MasterControl, "master.instant.mode", "6.6.6", Method.Watch,
        "In MANUAL, SERVICE and TEACH_IN no instant action is sent, but what stops the vehicle.",
        "In MANUAL, SERVICE und TEACH_IN wird keine Sofortaktion gesendet, außer was das Fahrzeug anhält.");

    public static readonly Rule OptionalFields = new(
        Party.MasterControl, "master.optional", "7.1.1", Method.Watch,
        "Only optional fields that the factsheet declares are sent.",
        "Es werden nur optionale Felder gesendet, die das Factsheet angibt.");

    public static readonly Rule ZoneIds = new(
        Party.MasterControl, "master.zone.content", "6.4.2", Method.Watch,
        "The content of a zone set id never changes.",
        "Der Inhalt zu einer Zonensatz-Id ändert sich nie.");

    public static readonly Rule ZoneTypes = new(
        Party.MasterControl, "master.zone.types", "6.4", Method.Watch,
        "Zones are of types that the factsheet declares, with three vertices at least.",
        "Zonen haben Arten, die das Factsheet angibt, und mindestens drei Ecken.");

    public static readonly Rule ResponseKnown = new(
        Party.MasterControl, "master.response.known", "6.9", Method.Watch,
        "Answers name a request of the vehicle's state.",
        "Antworten nennen eine Anfrage aus dem Zustand des Fahrzeugs.");

    public static readonly Rule ResponseLease = new(
        Party.MasterControl, "master.response.lease", "7.5", Method.Watch,
        "leaseExpiry is sent only with GRANTED.",
        "leaseExpiry wird nur mit GRANTED gesendet.");

    public static readonly Rule Limits = new(
        Party.MasterControl, "master.limits", "7.10", Method.Watch,
        "Orders, instant actions, zone sets and ids keep to the lengths of the factsheet.",
        "Aufträge, Sofortaktionen, Zonensätze und Ids halten die Längen des Factsheets ein.");

    public static readonly Rule InstantIntervened = new(
        Party.MasterControl, "master.instant.intervened", "6.6.6", Method.Watch,
        "In INTERVENED no instant action is sent but cancelOrder, and what stops the vehicle.",
        "In INTERVENED kommt keine Sofortaktion außer cancelOrder und dem, was das Fahrzeug anhält.");

    public static readonly Rule ZonePolygon = new(
        Party.MasterControl, "master.zone.polygon", "7.6", Method.Watch,
        "The vertices of a zone go round it counter-clockwise, and its lines do not cross.",
        "Die Ecken einer Zone gehen gegen den Uhrzeigersinn herum, und ihre Linien kreuzen sich nicht.");

    public static readonly Rule ZoneEnabled = new(
        Party.MasterControl, "master.zone.enabled", "6.4.2", Method.Scene,
        "A zone set that is to hold is enabled by enableZoneSet once the vehicle has stored it.",
        "Ein Zonensatz, der gelten soll, wird mit enableZoneSet eingeschaltet, sobald das Fahrzeug ihn gespeichert hat.");

    public static readonly Rule ResponseBase = new(
        Party.MasterControl, "master.response.base", "6.6.10", Method.Watch,
        "A corridor is granted only for an edge of the base.",
        "Ein Korridor wird nur für eine Kante der Basis freigegeben.");

    public static readonly Rule LeaseGiven = new(
        Party.MasterControl, "sp.master.lease.answers", "SP-LEASE-1", Method.Watch,
        "A state is answered with a lease when the last one is 1 s old.",
        "Ein Zustand wird mit einem Lease beantwortet, wenn der letzte 1 s alt ist.");

    public static readonly Rule LeaseRate = new(
        Party.MasterControl, "sp.master.lease.rate", "SP-LEASE-1", Method.Watch,
        "Not more than two leases a second.",
        "Nicht mehr als zwei Leases je Sekunde.");

    public static readonly Rule LeaseRises = new(
        Party.MasterControl, "sp.master.lease.ids", "SP-LEASE-2", Method.Watch,
        "leaseId rises with each lease of an epoch.",
        "leaseId steigt mit jedem Lease einer Epoche.");

    public static readonly Rule LeaseHeard = new(
        Party.MasterControl, "sp.master.lease.heard", "SP-LEASE-3", Method.Watch,
        "heard names a state that the vehicle sent within the last seconds.",
        "heard nennt einen Zustand, den das Fahrzeug in den letzten Sekunden gesendet hat.");

    public static readonly Rule LeaseMap = new(
        Party.MasterControl, "sp.master.lease.map", "SP-LEASE-10", Method.Watch,
        "The lease names the map of the orders.",
        "Der Lease nennt die Karte der Aufträge.");

    public static readonly Rule EpochFirst = new(
        Party.MasterControl, "sp.master.epoch.raised", "SP-EPOCH-1", Method.Watch,
        "The epoch of the leases is above 0 and never goes down.",
        "Die Epoche der Leases liegt über 0 und sinkt nie.");

    public static readonly Rule EpochOrder = new(
        Party.MasterControl, "sp.master.epoch.order", "SP-EPOCH-4", Method.Watch,
        "Orders carry the epoch of the leases.",
        "Aufträge tragen die Epoche der Leases.");

    public static readonly Rule EpochCommand = new(
        Party.MasterControl, "sp.master.epoch.command", "SP-EPOCH-6", Method.Watch,
        "Before the vehicle shows the epoch only commands that hold or ask are sent.",
        "Bevor das Fahrzeug die Epoche zeigt, kommen nur Befehle, die halten oder fragen.");

    public static readonly Rule Stamped = new(
        Party.MasterControl, "sp.master.command.stamp", "SP-CMD-3", Method.Watch,
        "Commands bear a whole stamp of the current epoch.",
        "Befehle tragen einen vollständigen Stempel der aktuellen Epoche.");

    public static readonly Rule Repeated = new(
        Party.MasterControl, "sp.master.command.repeated", "SP-CMD-5", Method.Scene,
        "A command that no state shows is sent again under the same actionId.",
        "Ein Befehl, den kein Zustand zeigt, wird unter derselben actionId wiederholt.");

    public static readonly Rule NoEnd = new(
        Party.MasterControl, "sp.master.no-end", "SP-CMD-7", Method.Watch,
        "No endMrc comes without a person: none in this check.",
        "Kein endMrc kommt ohne einen Menschen: keines in dieser Prüfung.");

    public static readonly Rule Receipt = new(
        Party.MasterControl, "sp.master.event.receipt", "SP-REC-6", Method.Scene,
        "A recorded event that is whole gets a receipt with kept true.",
        "Ein unversehrtes Ereignis bekommt eine Quittung mit kept true.");

    public static readonly Rule ReceiptTwice = new(
        Party.MasterControl, "sp.master.event.twice", "SP-REC-6", Method.Scene,
        "An event that comes twice gets its receipt again.",
        "Ein Ereignis, das zweimal kommt, wird wieder quittiert.");

    public static readonly Rule ReceiptBad = new(
        Party.MasterControl, "sp.master.event.broken", "SP-REC-4", Method.Scene,
        "An event that does not fit its hash gets a receipt with kept false.",
        "Ein Ereignis, das nicht zu seinem Hash passt, bekommt eine Quittung mit kept false.");

    /// <summary>In the order of the report.</summary>
    public static ImmutableArray<Rule> All =>
    [
        Readable, HeaderNames, HeaderVersion, HeaderCounts, HeaderTime, Quality, OrderEdges, OrderSequence, OrderFirst, OrderBase,
        OrderBegin, OrderReachable, OrderIdle, OrderMap, OrderMode, OrderOffline, OrderRefused, UpdateRises, UpdateSame, UpdateStitch,
        UpdateKeeps, UpdateCancelled, UpdateExtends, ActionDeclared, ActionParameters, ActionIds, InstantNone, InstantMode, InstantIntervened, OptionalFields,
        Limits, ZoneIds, ZoneTypes, ZonePolygon, ZoneEnabled, ResponseKnown, ResponseLease, ResponseBase, LeaseGiven, LeaseRate, LeaseRises, LeaseHeard, LeaseMap, EpochFirst, EpochOrder,
        EpochCommand, Stamped, Repeated, NoEnd, Receipt, ReceiptTwice, ReceiptBad,
    ];
}
