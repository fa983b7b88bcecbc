namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Cancelling, pausing, instant actions, actions of orders, sleep, modes (6.1.3, 6.2, 6.6.6).</summary>
internal static partial class VehicleRules
{
    public static readonly Rule CancelStops = Scene(
        "cancel.stops", "6.1.3",
        "cancelOrder brings the vehicle to a stop and ends FINISHED.",
        "cancelOrder bringt das Fahrzeug zum Stehen und endet FINISHED.");

    public static readonly Rule CancelLast = Scene(
        "cancel.finished-last", "6.1.3",
        "cancelOrder is FINISHED only when the vehicle stands and every action has ended.",
        "cancelOrder ist erst FINISHED, wenn das Fahrzeug steht und jede Aktion beendet ist.");

    public static readonly Rule CancelClears = Scene(
        "cancel.idle", "6.1.3",
        "After a cancellation the vehicle is idle: nothing lies ahead.",
        "Nach einem Abbruch ist das Fahrzeug ohne Auftrag: Nichts liegt voraus.");

    public static readonly Rule CancelKeeps = Scene(
        "cancel.ids-kept", "6.1.3",
        "orderId, orderUpdateId and the last node stay after a cancellation.",
        "orderId, orderUpdateId und der letzte Knoten bleiben nach einem Abbruch.");

    public static readonly Rule CancelFails = Scene(
        "cancel.actions-failed", "6.1.3",
        "Actions that were scheduled are FAILED after a cancellation.",
        "Geplante Aktionen sind nach einem Abbruch FAILED.");

    public static readonly Rule CancelUpdate = Scene(
        "cancel.no-update", "6.1.3.1",
        "An update to a cancelled order is refused with ORDER_UPDATE_FOLLOWING_CANCEL.",
        "Eine Aktualisierung eines abgebrochenen Auftrags wird mit ORDER_UPDATE_FOLLOWING_CANCEL abgelehnt.");

    public static readonly Rule CancelTemporary = Scene(
        "cancel.temporary-node", "6.1.3.1",
        "A new order may begin with a temporary node at the vehicle's position.",
        "Ein neuer Auftrag darf mit einem vorläufigen Knoten an der Position des Fahrzeugs beginnen.");

    public static readonly Rule CancelDeviation = Scene(
        "cancel.last-node", "6.1.3.1",
        "A new order may begin with the last node and a deviation that holds the vehicle.",
        "Ein neuer Auftrag darf mit dem letzten Knoten und einer Abweichung beginnen, die das Fahrzeug einschließt.");

    public static readonly Rule CancelNothing = Scene(
        "cancel.nothing", "6.1.3.2",
        "cancelOrder without an order is FAILED, with NO_ORDER_TO_CANCEL.",
        "cancelOrder ohne Auftrag ist FAILED, mit NO_ORDER_TO_CANCEL.");

    public static readonly Rule CancelOther = Scene(
        "cancel.other-order", "6.1.3.2",
        "cancelOrder that names another order is FAILED, and the order in hand goes on.",
        "cancelOrder mit einem anderen Auftrag ist FAILED, und der laufende geht weiter.");

    public static readonly Rule InstantShown = Scene(
        "instant.shown", "6.2.1",
        "An instant action appears in instantActionStates.",
        "Eine Sofortaktion erscheint in instantActionStates.");

    public static readonly Rule InstantUnknown = Scene(
        "instant.unknown", "6.2.1",
        "An unknown instant action is FAILED, with INVALID_INSTANT_ACTION.",
        "Eine unbekannte Sofortaktion ist FAILED, mit INVALID_INSTANT_ACTION.");

    public static readonly Rule InstantUntil = Scene(
        "instant.until-accepted", "6.6.5.4",
        "INVALID_INSTANT_ACTION is reported until an instant action is accepted.",
        "INVALID_INSTANT_ACTION wird gemeldet, bis eine Sofortaktion angenommen ist.");

    public static readonly Rule StateRequest = Scene(
        "instant.state-request", "6.2.3",
        "stateRequest brings a state and ends FINISHED.",
        "stateRequest bringt einen Zustand und endet FINISHED.");

    public static readonly Rule ClearInstant = Scene(
        "instant.clear", "6.2.3",
        "clearInstantActions removes ended instant actions from the state.",
        "clearInstantActions entfernt beendete Sofortaktionen aus dem Zustand.");

    public static readonly Rule LogReport = Scene(
        "instant.log-report", "6.2.3.2",
        "logReport ends FINISHED with the name of the log.",
        "logReport endet FINISHED mit dem Namen des Protokolls.");

    public static readonly Rule EnableMap = Scene(
        "map.enable", "6.3.4",
        "enableMap with a map that the vehicle has ends FINISHED, and the map is ENABLED.",
        "enableMap mit einer vorhandenen Karte endet FINISHED, und die Karte ist ENABLED.");

    public static readonly Rule EnableNoMap = Scene(
        "map.enable-unknown", "6.2.3.2",
        "enableMap with a map that does not exist is FAILED.",
        "enableMap mit einer Karte, die es nicht gibt, ist FAILED.");

    public static readonly Rule DeleteMap = Scene(
        "map.delete-in-use", "6.2.3.2",
        "deleteMap of the map in use is FAILED, and the map stays.",
        "deleteMap der benutzten Karte ist FAILED, und die Karte bleibt.");

    public static readonly Rule PauseStops = Scene(
        "pause.stops", "6.2.3",
        "startPause stops the vehicle; the state says paused.",
        "startPause hält das Fahrzeug an; der Zustand sagt paused.");

    public static readonly Rule PauseLast = Scene(
        "pause.finished-last", "6.2.3.2",
        "startPause is FINISHED only when the vehicle does not move.",
        "startPause ist erst FINISHED, wenn das Fahrzeug nicht fährt.");

    public static readonly Rule PauseKeeps = Scene(
        "pause.keeps-order", "6.2.3",
        "A pause changes nothing of the order.",
        "Eine Pause ändert nichts am Auftrag.");

    public static readonly Rule PauseActions = Scene(
        "pause.actions", "6.2.3",
        "Actions that can be paused rest in a pause and go on after it.",
        "Aktionen, die pausieren können, ruhen in einer Pause und gehen danach weiter.");

    public static readonly Rule PauseEnds = Scene(
        "pause.ends", "6.2.3",
        "After stopPause the state is not paused and the order goes on.",
        "Nach stopPause ist der Zustand nicht mehr paused, und der Auftrag geht weiter.");

    public static readonly Rule ActionShown = Scene(
        "action.shown", "6.6.9",
        "Actions of an order appear in actionStates, WAITING until their node or edge.",
        "Aktionen eines Auftrags erscheinen in actionStates, WAITING bis zu ihrem Knoten oder ihrer Kante.");

    public static readonly Rule ActionHorizon = Scene(
        "action.horizon", "6.6.9.1",
        "Actions of the horizon are reported as WAITING, and leave the state with the horizon.",
        "Aktionen des Horizonts werden als WAITING gemeldet und verschwinden mit dem Horizont.");

    public static readonly Rule ActionDone = Scene(
        "action.done", "6.6.2",
        "Actions of a node are triggered when it is reached, and end.",
        "Aktionen eines Knotens werden bei dessen Erreichen ausgelöst und enden.");

    public static readonly Rule ActionOnEdge = Scene(
        "action.on-edge", "6.2",
        "Actions of an edge run only while the vehicle is on the edge.",
        "Aktionen einer Kante laufen nur, während das Fahrzeug auf der Kante ist.");

    public static readonly Rule ActionStands = Scene(
        "action.stands", "6.2.2",
        "While a SOFT or HARD action runs the vehicle does not drive (table 3).",
        "Während eine Aktion mit SOFT oder HARD läuft, fährt das Fahrzeug nicht (Tabelle 3).");

    public static readonly Rule ActionSequence = Scene(
        "action.sequence", "6.2.2",
        "HARD actions of a node run one after the other in their order (figure 11).",
        "HARD-Aktionen eines Knotens laufen nacheinander in ihrer Reihenfolge (Bild 11).");

    public static readonly Rule SleepSaid = Scene(
        "sleep.hibernating", "6.2.3",
        "startHibernation ends FINISHED, and the connection says HIBERNATING.",
        "startHibernation endet FINISHED, und die Verbindung sagt HIBERNATING.");

    public static readonly Rule SleepDeaf = Scene(
        "sleep.deaf", "6.2.3",
        "A hibernating vehicle does not answer to orders and other instant actions.",
        "Ein schlafendes Fahrzeug antwortet nicht auf Aufträge und andere Sofortaktionen.");

    public static readonly Rule SleepEnds = Scene(
        "sleep.ends", "6.2.3",
        "stopHibernation brings ONLINE and a state.",
        "stopHibernation bringt ONLINE und einen Zustand.");

    public static readonly Rule SleepClears = Scene(
        "sleep.gives-up-order", "6.6.7",
        "startHibernation under way stops the vehicle and clears the order; its ids and the last node stay.",
        "startHibernation unterwegs hält das Fahrzeug an und gibt den Auftrag auf; dessen Ids und der letzte Knoten bleiben.");

    public static readonly Rule ShutdownIdle = Scene(
        "shutdown.idle-only", "6.2.3",
        "shutdown while an order is active is FAILED.",
        "shutdown während eines Auftrags ist FAILED.");

    public static readonly Rule WillSaid = Attended(
        "connection.last-will", "6.5",
        "When the connection breaks the broker publishes CONNECTION_BROKEN, retained.",
        "Wenn die Verbindung abreißt, veröffentlicht der Broker CONNECTION_BROKEN, retained.");

    public static readonly Rule OnlineAgain = Attended(
        "connection.again", "6.5",
        "A vehicle that comes back says ONLINE and sends a state.",
        "Ein Fahrzeug, das zurückkommt, sagt ONLINE und sendet einen Zustand.");

    public static readonly Rule ModeShown = Attended(
        "mode.shown", "6.6.6",
        "The mode that a person chooses at the vehicle is reported.",
        "Die Betriebsart, die jemand am Fahrzeug wählt, wird gemeldet.");

    public static readonly Rule ModeClears = Attended(
        "mode.actions-failed", "6.6.7",
        "On entering MANUAL what was scheduled is FAILED, and the order's ids stay.",
        "Beim Eintritt in MANUAL ist Geplantes FAILED, und die Ids des Auftrags bleiben.");

    public static readonly Rule ModeIntervened = Attended(
        "mode.intervened", "6.6.6",
        "In INTERVENED the order is kept, and it goes on when the mode allows it again.",
        "In INTERVENED bleibt der Auftrag erhalten, und er geht weiter, wenn die Betriebsart es wieder erlaubt.");
}
