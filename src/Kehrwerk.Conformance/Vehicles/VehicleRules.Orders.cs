namespace Kehrwerk.Conformance.Vehicles;

/// <summary>How a vehicle takes, drives and refuses orders (6.1).</summary>
internal static partial class VehicleRules
{
    public static readonly Rule OrderTaken = Scene(
        "order.taken", "6.1.1",
        "A valid order that begins where the vehicle stands is taken: the state shows its ids.",
        "Ein gültiger Auftrag, der beim Fahrzeug beginnt, wird angenommen: Der Zustand zeigt seine Ids.");

    public static readonly Rule FirstNode = Scene(
        "order.first-node", "6.1.1",
        "The first node is the last node at once, and not in nodeStates.",
        "Der erste Knoten ist sofort der letzte erreichte und steht nicht in nodeStates.");

    public static readonly Rule OrderWhole = Scene(
        "order.whole", "6.1.2",
        "nodeStates and edgeStates hold the whole order, with what is released (figure 8, step 11).",
        "nodeStates und edgeStates enthalten den ganzen Auftrag mit den Freigaben (Bild 8, Schritt 11).");

    public static readonly Rule OrderDriven = Scene(
        "order.driven", "6.1.1",
        "Released nodes and edges are traversed to the last one.",
        "Freigegebene Knoten und Kanten werden bis zum letzten befahren.");

    public static readonly Rule OrderSpeed = Scene(
        "order.maximum-speed", "7.3",
        "On an edge the vehicle is not faster than its maximumSpeed.",
        "Auf einer Kante ist das Fahrzeug nicht schneller als deren maximumSpeed.");

    public static readonly Rule OrderEnd = Scene(
        "order.idle-at-end", "6.1.2.1",
        "After the last node the vehicle is idle and keeps the order's ids.",
        "Nach dem letzten Knoten ist das Fahrzeug ohne Auftrag und behält dessen Ids.");

    public static readonly Rule DecisionPoint = Scene(
        "order.decision-point", "6.1.2",
        "The vehicle stops at the last node of the base and does not enter the horizon.",
        "Das Fahrzeug hält am letzten Knoten der Basis und fährt nicht in den Horizont.");

    public static readonly Rule UpdateTaken = Scene(
        "update.taken", "6.1.2",
        "An update that begins with the last node of the base is taken.",
        "Eine Aktualisierung, die mit dem letzten Knoten der Basis beginnt, wird angenommen.");

    public static readonly Rule UpdateHorizon = Scene(
        "update.horizon", "6.1.2",
        "An update replaces the horizon: what it does not hold is gone from the state.",
        "Eine Aktualisierung ersetzt den Horizont: Was sie nicht enthält, ist aus dem Zustand verschwunden.");

    public static readonly Rule UpdateAfterEnd = Scene(
        "update.after-end", "6.1.2",
        "An update is taken also when all of the order before is done (figure 8, step 10).",
        "Eine Aktualisierung wird auch angenommen, wenn der Auftrag davor ganz erledigt ist (Bild 8, Schritt 10).");

    public static readonly Rule UpdateSamePlace = Scene(
        "update.same-place", "6.1.2",
        "A further node at the place of the decision point, sequenceId plus 2, is taken and reached (figure 7).",
        "Ein weiterer Knoten am Ort des Entscheidungspunkts, sequenceId plus 2, wird angenommen und erreicht (Bild 7).");

    public static readonly Rule UpdateElsewhere = Scene(
        "update.wrong-start", "6.1.2",
        "An update that does not begin with the last node of the base is not taken (figure 8, step 9).",
        "Eine Aktualisierung, die nicht mit dem letzten Knoten der Basis beginnt, wird nicht angenommen (Bild 8, Schritt 9).");

    public static readonly Rule Malformed = Scene(
        "reject.malformed", "6.1.4.1",
        "A malformed order is refused with VALIDATION_FAILURE.",
        "Ein fehlgeformter Auftrag wird mit VALIDATION_FAILURE abgelehnt.");

    public static readonly Rule WrongSequence = Scene(
        "reject.sequence", "6.1.1",
        "An order whose sequenceIds have a gap is refused with VALIDATION_FAILURE.",
        "Ein Auftrag mit einer Lücke in den sequenceIds wird mit VALIDATION_FAILURE abgelehnt.");

    public static readonly Rule WrongEdges = Scene(
        "reject.edges", "6.1.1",
        "An order without one edge less than nodes is refused with VALIDATION_FAILURE.",
        "Ein Auftrag, der nicht eine Kante weniger als Knoten hat, wird mit VALIDATION_FAILURE abgelehnt.");

    public static readonly Rule WrongBase = Scene(
        "reject.base-after-horizon", "6.1.1",
        "An order in which something released follows on the horizon is refused with VALIDATION_FAILURE.",
        "Ein Auftrag, in dem Freigegebenes auf den Horizont folgt, wird mit VALIDATION_FAILURE abgelehnt.");

    public static readonly Rule LateBegin = Scene(
        "reject.new-update-id", "6.1.2",
        "A new order whose orderUpdateId is not 0 is not taken (figure 8, step 4).",
        "Ein neuer Auftrag, dessen orderUpdateId nicht 0 ist, wird nicht angenommen (Bild 8, Schritt 4).");

    public static readonly Rule Unsupported = Scene(
        "reject.unsupported", "6.1.4.2",
        "An order with an optional field that the vehicle does not declare is refused with UNSUPPORTED_PARAMETER.",
        "Ein Auftrag mit einem optionalen Feld, das das Fahrzeug nicht angibt, wird mit UNSUPPORTED_PARAMETER abgelehnt.");

    public static readonly Rule UnknownAction = Scene(
        "reject.action", "6.1.4.3",
        "An order with an action that the vehicle cannot do is refused with INVALID_ORDER_ACTION.",
        "Ein Auftrag mit einer Aktion, die das Fahrzeug nicht kann, wird mit INVALID_ORDER_ACTION abgelehnt.");

    public static readonly Rule Outdated = Scene(
        "reject.outdated", "6.1.4.4",
        "A lower orderUpdateId is refused with OUTDATED_ORDER_UPDATE.",
        "Eine niedrigere orderUpdateId wird mit OUTDATED_ORDER_UPDATE abgelehnt.");

    public static readonly Rule SameContent = Scene(
        "reject.same-content", "6.1.4.5",
        "The same update with the same content is ignored without an error.",
        "Dieselbe Aktualisierung mit demselben Inhalt wird ohne Fehler übergangen.");

    public static readonly Rule SameUpdate = Scene(
        "reject.same-update", "6.1.4.5",
        "The same orderUpdateId with other content is refused with SAME_ORDER_UPDATE_ID.",
        "Dieselbe orderUpdateId mit anderem Inhalt wird mit SAME_ORDER_UPDATE_ID abgelehnt.");

    public static readonly Rule OtherOrder = Scene(
        "reject.other-order", "6.1.4.6",
        "Another order while one is active is refused with OTHER_ORDER_ACTIVE.",
        "Ein anderer Auftrag, während einer läuft, wird mit OTHER_ORDER_ACTIVE abgelehnt.");

    public static readonly Rule OutOfRange = Scene(
        "reject.start", "6.1.4.7",
        "An order that begins elsewhere is refused with START_NODE_OUT_OF_RANGE.",
        "Ein Auftrag, der woanders beginnt, wird mit START_NODE_OUT_OF_RANGE abgelehnt.");

    public static readonly Rule NoRoute = Scene(
        "reject.no-route", "6.1.4.8",
        "A line-guided vehicle refuses an edge that it does not know with NO_ROUTE_TO_TARGET.",
        "Ein liniengeführtes Fahrzeug lehnt eine unbekannte Kante mit NO_ROUTE_TO_TARGET ab.");

    public static readonly Rule NotAvailable = Attended(
        "reject.mode", "6.1.4.9",
        "An order in a mode that does not allow it is refused with MOBILE_ROBOT_NOT_AVAILABLE, until the mode allows orders.",
        "Ein Auftrag in einer Betriebsart ohne Aufträge wird mit MOBILE_ROBOT_NOT_AVAILABLE abgelehnt, bis die Betriebsart Aufträge erlaubt.");

    public static readonly Rule UnknownMap = Scene(
        "reject.map", "6.1.4.10",
        "An order with nodes of an unknown map is refused with UNKNOWN_MAP_ID.",
        "Ein Auftrag mit Knoten einer unbekannten Karte wird mit UNKNOWN_MAP_ID abgelehnt.");

    public static readonly Rule Memory = Scene(
        "reject.memory", "7.1.2",
        "An order longer than the factsheet allows is refused with INSUFFICIENT_MEMORY.",
        "Ein Auftrag, der länger ist als im Factsheet erlaubt, wird mit INSUFFICIENT_MEMORY abgelehnt.");

    public static readonly Rule NotTakenOver = Scene(
        "reject.not-taken-over", "6.1.4",
        "A refused order changes nothing: the ids and what lies ahead stay.",
        "Ein abgelehnter Auftrag ändert nichts: Ids und Vorausliegendes bleiben.");

    public static readonly Rule GoesOn = Scene(
        "reject.goes-on", "6.1.4.4",
        "The order in hand is driven on while others are refused.",
        "Der laufende Auftrag wird weitergefahren, während andere abgelehnt werden.");

    public static readonly Rule UntilAccepted = Scene(
        "reject.until-accepted", "6.1.4",
        "A refusal is reported until a new order is accepted, and no longer.",
        "Eine Ablehnung wird gemeldet, bis ein neuer Auftrag angenommen ist, und nicht länger.");
}
