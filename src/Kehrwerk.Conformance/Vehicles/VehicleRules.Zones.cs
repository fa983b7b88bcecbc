namespace Kehrwerk.Conformance.Vehicles;

/// <summary>Zone sets, and zones that hold or must be asked for (6.4, 6.9, 7.6).</summary>
internal static partial class VehicleRules
{
    public static readonly Rule ZoneStored = Scene(
        "zone.disabled-first", "6.4.2",
        "A new zone set is stored DISABLED.",
        "Ein neuer Zonensatz wird DISABLED gespeichert.");

    public static readonly Rule ZoneEnabled = Scene(
        "zone.enable", "6.4.2",
        "enableZoneSet makes it ENABLED and ends FINISHED.",
        "enableZoneSet macht ihn ENABLED und endet FINISHED.");

    public static readonly Rule ZoneEnableUnknown = Scene(
        "zone.enable-unknown", "6.2.3.2",
        "enableZoneSet with a set that does not exist is FAILED.",
        "enableZoneSet mit einem Satz, den es nicht gibt, ist FAILED.");

    public static readonly Rule ZoneTwice = Scene(
        "zone.duplicate", "6.4.2",
        "A zone set of a known id is refused with DUPLICATE_ZONE_SET.",
        "Ein Zonensatz mit bekannter Id wird mit DUPLICATE_ZONE_SET abgelehnt.");

    public static readonly Rule ZoneInvalid = Scene(
        "zone.invalid", "7.6",
        "A zone with less than three vertices is refused.",
        "Eine Zone mit weniger als drei Ecken wird abgelehnt.");

    public static readonly Rule ZoneDeleted = Scene(
        "zone.delete", "6.2.3.2",
        "deleteZoneSet removes a set that is not in use from the state.",
        "deleteZoneSet entfernt einen nicht benutzten Satz aus dem Zustand.");

    public static readonly Rule ZoneBlocked = Scene(
        "zone.blocked", "6.4.1.1",
        "A BLOCKED zone is not entered.",
        "Eine BLOCKED-Zone wird nicht befahren.");

    public static readonly Rule ZoneUnreachable = Scene(
        "zone.unreachable", "6.4.5",
        "A node that cannot be reached is reported with NODE_UNREACHABLE, and the vehicle waits.",
        "Ein unerreichbarer Knoten wird mit NODE_UNREACHABLE gemeldet, und das Fahrzeug wartet.");

    public static readonly Rule ZoneSpeed = Scene(
        "zone.speed", "6.4.1.1",
        "In a SPEED_LIMIT zone the vehicle is not faster than its limit.",
        "In einer SPEED_LIMIT-Zone ist das Fahrzeug nicht schneller als deren Grenze.");

    public static readonly Rule ZoneAsks = Scene(
        "zone.release-asked", "6.4.3",
        "A RELEASE zone is asked for before it is entered (ACCESS, REQUESTED).",
        "Für eine RELEASE-Zone wird vor der Einfahrt gefragt (ACCESS, REQUESTED).");

    public static readonly Rule ZoneWaits = Scene(
        "zone.release-waits", "6.9",
        "Without an answer, and after QUEUED, a RELEASE zone is not entered.",
        "Ohne Antwort und nach QUEUED wird eine RELEASE-Zone nicht befahren.");

    public static readonly Rule ZoneGranted = Scene(
        "zone.release-granted", "6.4.3",
        "After GRANTED the request is GRANTED and the zone is passed; then the request is gone.",
        "Nach GRANTED ist die Anfrage GRANTED und die Zone wird durchfahren; danach ist die Anfrage weg.");

    public static readonly Rule ZoneRejected = Scene(
        "zone.release-rejected", "6.9",
        "After REJECTED a RELEASE zone is not entered.",
        "Nach REJECTED wird eine RELEASE-Zone nicht befahren.");

    public static readonly Rule ZoneRevoked = Scene(
        "zone.release-revoked", "6.4.1.1",
        "When its release is revoked within a RELEASE zone the vehicle stops and reports RELEASE_LOST, CRITICAL (STOP).",
        "Wird die Freigabe in einer RELEASE-Zone entzogen, hält das Fahrzeug und meldet RELEASE_LOST, CRITICAL (STOP).");

    public static readonly Rule ZoneExpired = Scene(
        "zone.release-expired", "6.4.3",
        "When its lease expires within a RELEASE zone the vehicle does the same, and the request is no longer GRANTED.",
        "Läuft die Frist in einer RELEASE-Zone ab, tut das Fahrzeug dasselbe, und die Anfrage ist nicht mehr GRANTED.");

    public static readonly Rule ZoneAll = Scene(
        "zone.release-all", "6.4.3",
        "Where two RELEASE zones overlap the vehicle waits for the grant of both.",
        "Wo sich zwei RELEASE-Zonen überlappen, wartet das Fahrzeug auf die Freigabe beider.");

    public static readonly Rule ZoneReplanning = Scene(
        "zone.replanning-asked", "6.4.3",
        "A COORDINATED_REPLANNING zone is asked for before it is entered, as REPLANNING with the way through it.",
        "Für eine COORDINATED_REPLANNING-Zone wird vor der Einfahrt gefragt, als REPLANNING mit dem Weg hindurch.");

    public static readonly Rule ZoneReplanningAll = Scene(
        "zone.replanning-all", "6.4.3",
        "Where two COORDINATED_REPLANNING zones overlap the vehicle waits for the grant of both.",
        "Wo sich zwei COORDINATED_REPLANNING-Zonen überlappen, wartet das Fahrzeug auf die Freigabe beider.");

    public static readonly Rule ZoneReplanningLost = Scene(
        "zone.replanning-lost", "6.4.3",
        "When its way is revoked within a COORDINATED_REPLANNING zone the vehicle stops, warns and asks anew.",
        "Wird sein Weg in einer COORDINATED_REPLANNING-Zone entzogen, hält das Fahrzeug, warnt und fragt neu.");

    public static readonly Rule ZoneDirected = Scene(
        "zone.directed", "6.4.1.2",
        "A DIRECTED zone that is RESTRICTED is not traversed against its direction.",
        "Eine DIRECTED-Zone mit RESTRICTED wird nicht gegen ihre Richtung befahren.");

    public static readonly Rule ZoneBidirected = Scene(
        "zone.bidirected", "6.4.1.2",
        "A BIDIRECTED zone that is RESTRICTED is not traversed across its directions.",
        "Eine BIDIRECTED-Zone mit RESTRICTED wird nicht quer zu ihren Richtungen befahren.");
}
