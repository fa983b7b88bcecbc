namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Header, form and topics of what a vehicle sends (VDA 5050 3.0.0, chapters 4, 6.5, 6.10, 7).</summary>
internal static partial class VehicleRules
{
    public static readonly Rule Readable = Watch(
        "message.readable", "7",
        "Every message has the fields, JSON types and keywords of its table.",
        "Jede Nachricht hat die Felder, JSON-Typen und Schlüsselwörter ihrer Tabelle.");

    public static readonly Rule HeaderNames = Watch(
        "header.names", "7.2",
        "manufacturer and serialNumber are those of the topic.",
        "manufacturer und serialNumber sind die des Topics.");

    public static readonly Rule HeaderVersion = Watch(
        "header.version", "7.2",
        "version is 3.x.x.",
        "version ist 3.x.x.");

    public static readonly Rule HeaderCounts = Watch(
        "header.counts", "7.2",
        "headerId counts up by one with each message, separately for each topic.",
        "headerId zählt mit jeder Nachricht um eins hoch, für jedes Topic für sich.");

    public static readonly Rule HeaderTime = Watch(
        "header.timestamp", "7.2",
        "timestamp is ISO 8601 in UTC with milliseconds.",
        "timestamp ist ISO 8601 in UTC mit Millisekunden.");

    public static readonly Rule Quality = Watch(
        "topic.qos", "4.1",
        "QoS 1 on connection, QoS 0 on all other topics of the standard.",
        "QoS 1 auf connection, QoS 0 auf allen anderen Topics der Norm.");

    public static readonly Rule ConnectionRetained = Scene(
        "connection.retained", "6.5",
        "The broker keeps the newest connection message for those who come later.",
        "Der Broker hält die neueste Nachricht auf connection für später Hinzukommende.");

    public static readonly Rule ConnectionOnline = Scene(
        "connection.online", "6.5",
        "A vehicle that sends states has said ONLINE.",
        "Ein Fahrzeug, das Zustände sendet, hat ONLINE gesagt.");

    public static readonly Rule FactsheetRetained = Scene(
        "factsheet.retained", "6.10",
        "The broker keeps the factsheet for those who come later.",
        "Der Broker hält das Factsheet für später Hinzukommende.");

    public static readonly Rule FactsheetActions = Scene(
        "factsheet.actions", "6.2.3",
        "cancelOrder, startPause and stopPause are supported, and declared.",
        "cancelOrder, startPause und stopPause werden unterstützt und angegeben.");

    public static readonly Rule FactsheetEnvelopes = Scene(
        "factsheet.envelopes", "7.10",
        "Envelopes of the factsheet are polygons whose lines do not cross.",
        "Hüllkurven des Factsheets sind Polygone, deren Linien sich nicht kreuzen.");

    public static readonly Rule FactsheetRequest = Scene(
        "factsheet.request", "6.10",
        "factsheetRequest brings a factsheet and ends FINISHED.",
        "factsheetRequest bringt ein Factsheet und endet FINISHED.");
}
