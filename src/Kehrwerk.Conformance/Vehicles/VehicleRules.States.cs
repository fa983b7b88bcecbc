namespace Kehrwerk.Conformance.Vehicles;

/// <summary>What states must be over time (6.6).</summary>
internal static partial class VehicleRules
{
    public static readonly Rule Heartbeat = Watch(
        "state.every-30-s", "6.6",
        "A state comes at least every 30 s.",
        "Mindestens alle 30 s kommt ein Zustand.");

    public static readonly Rule Interval = Watch(
        "state.interval", "6.6",
        "States are not closer together than the factsheet's minimumStateInterval.",
        "Zustände folgen nicht dichter, als es minimumStateInterval im Factsheet sagt.");

    public static readonly Rule StateAtOrder = Scene(
        "state.at-order", "6.6",
        "A state shows an order or an update soon after it was received.",
        "Ein Zustand zeigt einen Auftrag oder eine Aktualisierung bald nach dem Empfang.");

    public static readonly Rule LastNode = Watch(
        "state.last-node", "6.6.2",
        "lastNodeId and lastNodeSequenceId change only to a released node of the order that lay ahead.",
        "lastNodeId und lastNodeSequenceId wechseln nur auf einen freigegebenen Knoten des Auftrags, der voraus lag.");

    public static readonly Rule Traversal = Watch(
        "state.traversal", "6.6.2",
        "A node leaves nodeStates in the same state in which it becomes the last node.",
        "Ein Knoten verlässt nodeStates in demselben Zustand, in dem er letzter Knoten wird.");

    public static readonly Rule NodesInOrder = Watch(
        "state.nodes-in-order", "6.6.1",
        "Within an order nodeStates and edgeStates only lose entries, and from the front.",
        "Innerhalb eines Auftrags verlieren nodeStates und edgeStates nur Einträge, und von vorn.");

    public static readonly Rule NodesAndEdges = Watch(
        "state.nodes-and-edges", "6.6.1",
        "nodeStates and edgeStates hold all that lies ahead: to each node the edge that leads to it.",
        "nodeStates und edgeStates enthalten alles, was voraus liegt: zu jedem Knoten die Kante zu ihm.");

    public static readonly Rule BaseFirst = Watch(
        "state.base-first", "6.1.1",
        "In nodeStates and edgeStates nothing released follows on something that is not.",
        "In nodeStates und edgeStates folgt nichts Freigegebenes auf nicht Freigegebenes.");

    public static readonly Rule BaseKept = Watch(
        "state.base-kept", "6.1.2",
        "A base never changes: what is released keeps its nodeId or edgeId and stays released.",
        "Eine Basis ändert sich nie: Freigegebenes behält seine nodeId oder edgeId und bleibt freigegeben.");

    public static readonly Rule Position = Watch(
        "state.position", "6.6.1",
        "A vehicle that localizes itself sends its position in every state.",
        "Ein Fahrzeug, das sich selbst ortet, sendet seine Position in jedem Zustand.");

    public static readonly Rule Localized = Watch(
        "state.localized", "7.8",
        "A vehicle that is not localized reports LOCALIZATION_ERROR, FATAL.",
        "Ein Fahrzeug ohne Lokalisierung meldet LOCALIZATION_ERROR, FATAL.");

    public static readonly Rule MapEnabled = Watch(
        "state.map-enabled", "6.3.2",
        "The map of the position is in maps and ENABLED, where maps are reported.",
        "Die Karte der Position steht in maps und ist ENABLED, wo maps gemeldet wird.");

    public static readonly Rule OneMap = Watch(
        "state.one-map-version", "6.3.2",
        "Of each mapId only one version is ENABLED.",
        "Von jeder mapId ist nur eine Version ENABLED.");

    public static readonly Rule OneZoneSet = Watch(
        "state.one-zone-set", "6.4.2",
        "For each map only one zone set is ENABLED.",
        "Für jede Karte ist nur ein Zonensatz ENABLED.");

    public static readonly Rule FatalStops = Watch(
        "error.fatal-stops", "6.6.5.1",
        "With a FATAL error the vehicle comes to a stop and does not drive.",
        "Mit einem FATAL-Fehler hält das Fahrzeug an und fährt nicht.");

    public static readonly Rule ErrorLevels = Watch(
        "error.levels", "6.6.5.4",
        "Predefined error types have the level of their table.",
        "Vordefinierte Fehlertypen haben die Stufe ihrer Tabelle.");

    public static readonly Rule ErrorReferences = Watch(
        "error.references", "6.6.5.4",
        "Predefined error types name what their table asks for (orderId, actionId, zoneId …).",
        "Vordefinierte Fehlertypen nennen, was ihre Tabelle verlangt (orderId, actionId, zoneId …).");

    public static readonly Rule ErrorUntil = Watch(
        "error.until-accepted", "6.6.5.4",
        "NO_ORDER_TO_CANCEL, NODE_UNREACHABLE and refusals of updates and of other orders stay until an order or update is accepted.",
        "NO_ORDER_TO_CANCEL, NODE_UNREACHABLE und Ablehnungen von Aktualisierungen und anderen Aufträgen bleiben, bis ein Auftrag oder eine Aktualisierung angenommen ist.");

    public static readonly Rule CriticalStops = Watch(
        "error.critical-stops", "6.6.5.1",
        "With a CRITICAL error that is no refusal of a message the vehicle comes to a stop and does not drive.",
        "Mit einem Fehler CRITICAL, der keine Ablehnung einer Nachricht ist, kommt das Fahrzeug zum Stehen und fährt nicht.");

    public static readonly Rule ActionsEnd = Watch(
        "action.ended-stays", "6.6.9",
        "An action that is FINISHED or FAILED stays so, and none goes back to WAITING (table 12, figure 21).",
        "Eine Aktion mit FINISHED oder FAILED bleibt so, und keine geht zurück auf WAITING (Tabelle 12, Bild 21).");

    public static readonly Rule ActionsKept = Watch(
        "action.kept", "6.6.9.1",
        "Actions of the base stay in actionStates until the next order.",
        "Aktionen der Basis bleiben bis zum nächsten Auftrag in actionStates.");

    public static readonly Rule InstantKept = Watch(
        "instant.kept", "7.8",
        "Instant actions stay in instantActionStates until clearInstantActions.",
        "Sofortaktionen bleiben bis clearInstantActions in instantActionStates.");

    public static readonly Rule RequestIds = Watch(
        "request.unique", "6.9",
        "Active requests have ids of their own.",
        "Aktive Anfragen haben je eine eigene Id.");

    public static readonly Rule RequestGranted = Watch(
        "request.granted-by-answer", "6.9",
        "A request becomes GRANTED only by an answer that grants it.",
        "Eine Anfrage wird nur durch eine gewährende Antwort GRANTED.");

    public static readonly Rule RequestEnabled = Watch(
        "request.enabled-set", "6.4.3",
        "Zone requests are made only for zone sets that are ENABLED.",
        "Anfragen zu Zonen gibt es nur für Zonensätze, die ENABLED sind.");

    public static readonly Rule RequestNew = Watch(
        "request.new-attempt", "6.4.3",
        "Each attempt has an id of its own: a request that has left the state does not come again.",
        "Jeder Versuch hat eine eigene Id: Eine Anfrage, die den Zustand verlassen hat, kommt nicht wieder.");

    public static readonly Rule ModeOrder = Watch(
        "mode.no-order", "6.6.7",
        "In MANUAL, SERVICE, TEACH_IN and STARTUP there is no order: nothing lies ahead and every action has ended.",
        "In MANUAL, SERVICE, TEACH_IN und STARTUP gibt es keinen Auftrag: nichts liegt voraus, jede Aktion ist beendet.");

    public static readonly Rule ModeLastNode = Watch(
        "mode.last-node", "6.6.6",
        "In SERVICE, TEACH_IN and STARTUP lastNodeId is empty.",
        "In SERVICE, TEACH_IN und STARTUP ist lastNodeId leer.");

    public static readonly Rule ModeRequests = Watch(
        "mode.no-requests", "6.6.6",
        "In INTERVENED, MANUAL, SERVICE, TEACH_IN and STARTUP there are no requests (table 10).",
        "In INTERVENED, MANUAL, SERVICE, TEACH_IN und STARTUP gibt es keine Anfragen (Tabelle 10).");

    public static readonly Rule Limits = Watch(
        "state.limits", "7.10",
        "The arrays of the state are not longer than the factsheet says.",
        "Die Listen des Zustands sind nicht länger, als das Factsheet sagt.");

    public static readonly Rule Curves = Watch(
        "state.nurbs", "7.8",
        "A trajectory has more control points than its degree, and knots that fit.",
        "Eine Bahn hat mehr Kontrollpunkte als ihren Grad, und passende Knoten.");
}
