using System.Collections.Immutable;

namespace Kehrwerk.Conformance.Vehicles;

/// <summary>What the safety profile asks of a vehicle beside VDA 5050 (docs/link/safety-profile.md).</summary>
internal static class ProfileRules
{
    public static readonly Rule TopicVersion = new(
        Party.Vehicle, "sp.topic.version", "SP-TOPIC-3", Method.Scene,
        "A lease of another first version number is refused, and unknown fields are ignored.",
        "Ein Lease mit anderer erster Versionsnummer wird abgelehnt, unbekannte Felder werden übergangen.");

    public static readonly Rule TopicRetained = new(
        Party.Vehicle, "sp.topic.retained", "SP-TOPIC-1", Method.Attended,
        "A retained order is not taken.",
        "Ein vom Broker aufgehobener Auftrag wird nicht angenommen.");

    public static readonly Rule TopicState = new(
        Party.Vehicle, "sp.topic.state", "SP-TOPIC-4", Method.Watch,
        "A supervised vehicle sends its state at least once a second.",
        "Ein beaufsichtigtes Fahrzeug sendet seinen Zustand mindestens jede Sekunde.");

    public static readonly Rule LeaseIds = new(
        Party.Vehicle, "sp.lease.ids", "SP-LEASE-2", Method.Scene,
        "A lease whose leaseId is not higher is ignored.",
        "Ein Lease mit nicht höherer leaseId wird übergangen.");

    public static readonly Rule LeaseHeard = new(
        Party.Vehicle, "sp.lease.heard", "SP-LEASE-3", Method.Scene,
        "A lease that answers a state which was never sent is refused.",
        "Ein Lease auf einen nie gesendeten Zustand wird abgelehnt.");

    public static readonly Rule LeaseValid = new(
        Party.Vehicle, "sp.lease.valid-for", "SP-LEASE-4", Method.Scene,
        "A lease ends after validForS where that is shorter than the vehicle's timeout.",
        "Ein Lease endet nach validForS, wo das kürzer ist als die Frist des Fahrzeugs.");

    public static readonly Rule LeaseDuty = new(
        Party.Vehicle, "sp.lease.duty", "SP-LEASE-5", Method.Scene,
        "A lease without a supervisor on duty permits nothing.",
        "Ein Lease ohne diensthabende Aufsicht erlaubt nichts.");

    public static readonly Rule LeaseRefuses = new(
        Party.Vehicle, "sp.lease.no-order", "SP-LEASE-7", Method.Scene,
        "Without a valid lease an order is refused with MOBILE_ROBOT_NOT_AVAILABLE.",
        "Ohne gültigen Lease wird ein Auftrag mit MOBILE_ROBOT_NOT_AVAILABLE abgelehnt.");

    public static readonly Rule LeaseLost = new(
        Party.Vehicle, "sp.lease.lost", "SP-LEASE-8", Method.Scene,
        "When the lease ends under way the vehicle is in the MRM at most 0.5 s later.",
        "Endet der Lease unterwegs, ist das Fahrzeug höchstens 0,5 s später im MRM.");

    public static readonly Rule LeaseMap = new(
        Party.Vehicle, "sp.lease.map", "SP-LEASE-10", Method.Scene,
        "A lease for another map is refused, and leaseRefusal says so.",
        "Ein Lease für eine andere Karte wird abgelehnt, und leaseRefusal sagt es.");

    public static readonly Rule LeaseStill = new(
        Party.Vehicle, "sp.lease.only-permits", "SP-LEASE-12", Method.Watch,
        "A lease does not make a vehicle drive: without an order it stands.",
        "Ein Lease lässt kein Fahrzeug fahren: Ohne Auftrag steht es.");

    public static readonly Rule EpochOld = new(
        Party.Vehicle, "sp.epoch.old", "SP-EPOCH-2", Method.Scene,
        "A lease of an older epoch is refused.",
        "Ein Lease einer älteren Epoche wird abgelehnt.");

    public static readonly Rule EpochNew = new(
        Party.Vehicle, "sp.epoch.new", "SP-EPOCH-3", Method.Scene,
        "A higher epoch is followed at once, and the order goes on.",
        "Einer höheren Epoche wird sofort gefolgt, und der Auftrag geht weiter.");

    public static readonly Rule EpochOrder = new(
        Party.Vehicle, "sp.epoch.order", "SP-EPOCH-4", Method.Scene,
        "An order of another epoch, or of none, is refused.",
        "Ein Auftrag einer anderen Epoche oder ohne Epoche wird abgelehnt.");

    public static readonly Rule SafetyEvery = new(
        Party.Vehicle, "sp.mode.report", "SP-MODE-1", Method.Watch,
        "safety comes every 5 s.",
        "safety kommt alle 5 s.");

    public static readonly Rule MrcIds = new(
        Party.Vehicle, "sp.mode.mrc-id", "SP-MODE-2", Method.Watch,
        "Each passage into MRM or MRC has an mrcId that was never used before.",
        "Jeder Übergang in MRM oder MRC hat eine noch nie benutzte mrcId.");

    public static readonly Rule MrcStays = new(
        Party.Vehicle, "sp.mode.stays", "SP-MODE-3", Method.Scene,
        "The vehicle stays in the MRC when leases come again.",
        "Das Fahrzeug bleibt im MRC, wenn wieder Leases kommen.");

    public static readonly Rule MrcStands = new(
        Party.Vehicle, "sp.mode.stands", "SP-MODE-4", Method.Scene,
        "In the MRM the vehicle comes to a standstill.",
        "Im MRM kommt das Fahrzeug zum Stehen.");

    public static readonly Rule MrcKeeps = new(
        Party.Vehicle, "sp.mode.keeps-order", "SP-MODE-5", Method.Scene,
        "In MRM and MRC the order is kept and work rests.",
        "In MRM und MRC bleibt der Auftrag erhalten, und die Arbeit ruht.");

    public static readonly Rule MrcShown = new(
        Party.Vehicle, "sp.mode.shown", "SP-MODE (table)", Method.Watch,
        "In MRM and MRC the state shows minimalRisk (FATAL, mrcId) and activeEmergencyStop REMOTE.",
        "In MRM und MRC zeigt der Zustand minimalRisk (FATAL, mrcId) und activeEmergencyStop REMOTE.");

    public static readonly Rule Once = new(
        Party.Vehicle, "sp.command.once", "SP-CMD-1", Method.Scene,
        "An action is carried out once for its actionId.",
        "Eine Aktion wird je actionId einmal ausgeführt.");

    public static readonly Rule StopAlways = new(
        Party.Vehicle, "sp.command.stop", "SP-CMD-2", Method.Scene,
        "startPause is obeyed without a stamp.",
        "startPause wird ohne Stempel befolgt.");

    public static readonly Rule Unstamped = new(
        Party.Vehicle, "sp.command.unstamped", "SP-CMD-3", Method.Scene,
        "Another action without a stamp is refused (unstamped).",
        "Eine andere Aktion ohne Stempel wird abgelehnt (unstamped).");

    public static readonly Rule OtherEpoch = new(
        Party.Vehicle, "sp.command.epoch", "SP-CMD-3", Method.Scene,
        "An action of another epoch is refused (epoch).",
        "Eine Aktion einer anderen Epoche wird abgelehnt (epoch).");

    public static readonly Rule Expired = new(
        Party.Vehicle, "sp.command.expired", "SP-CMD-3", Method.Scene,
        "An action that is too old is refused (expired).",
        "Eine zu alte Aktion wird abgelehnt (expired).");

    public static readonly Rule RefusalSaid = new(
        Party.Vehicle, "sp.command.error", "SP-CMD-4", Method.Scene,
        "A refusal is said also as an error INVALID_INSTANT_ACTION.",
        "Eine Ablehnung wird auch als Fehler INVALID_INSTANT_ACTION gemeldet.");

    public static readonly Rule Deactivated = new(
        Party.Vehicle, "sp.deactivate.mrm", "SP-DEACT-1", Method.Scene,
        "deactivate brings the vehicle into MRM at once, cause DEACTIVATED.",
        "deactivate bringt das Fahrzeug sofort in den MRM, Ursache DEACTIVATED.");

    public static readonly Rule DeactivatedAgain = new(
        Party.Vehicle, "sp.deactivate.own-id", "SP-DEACT-1", Method.Scene,
        "deactivate in an MRC of another cause gives it an mrcId of its own.",
        "deactivate in einem MRC anderer Ursache gibt eine eigene mrcId.");

    public static readonly Rule AwakeInMrc = new(
        Party.Vehicle, "sp.deactivate.awake", "SP-DEACT-2", Method.Scene,
        "In the MRC startHibernation is refused.",
        "Im MRC wird startHibernation abgelehnt.");

    public static readonly Rule EndNothing = new(
        Party.Vehicle, "sp.end.no-mrc", "SP-MRC-2", Method.Scene,
        "endMrc without an MRC is refused (noMrc).",
        "endMrc ohne MRC wird abgelehnt (noMrc).");

    public static readonly Rule EndOther = new(
        Party.Vehicle, "sp.end.other", "SP-MRC-2", Method.Scene,
        "endMrc for another mrcId is refused (otherMrc).",
        "endMrc für eine andere mrcId wird abgelehnt (otherMrc).");

    public static readonly Rule EndIncomplete = new(
        Party.Vehicle, "sp.end.incomplete", "SP-MRC-2", Method.Scene,
        "endMrc without an investigation is refused (incomplete).",
        "endMrc ohne Untersuchung wird abgelehnt (incomplete).");

    public static readonly Rule EndUnsupervised = new(
        Party.Vehicle, "sp.end.unsupervised", "SP-MRC-2", Method.Scene,
        "endMrc without a valid lease is refused (unsupervised).",
        "endMrc ohne gültigen Lease wird abgelehnt (unsupervised).");

    public static readonly Rule EndContinues = new(
        Party.Vehicle, "sp.end.continue", "SP-MRC-3", Method.Scene,
        "After endMrc with continue the order goes on.",
        "Nach endMrc mit continue geht der Auftrag weiter.");

    public static readonly Rule EndCancels = new(
        Party.Vehicle, "sp.end.cancel", "SP-MRC-3", Method.Scene,
        "After endMrc with cancel the order is given up.",
        "Nach endMrc mit cancel ist der Auftrag aufgegeben.");

    public static readonly Rule EndOnly = new(
        Party.Vehicle, "sp.end.only", "SP-MRC-4", Method.Scene,
        "stopPause and activate do not end the MRC.",
        "stopPause und activate beenden den MRC nicht.");

    public static readonly Rule SettingOff = new(
        Party.Vehicle, "sp.out.setting-off", "SP-OUT-1", Method.Watch,
        "SETTING_OFF is announced for at least 1 s before the vehicle moves.",
        "SETTING_OFF wird mindestens 1 s vor dem Losfahren angekündigt.");

    public static readonly Rule Hazard = new(
        Party.Vehicle, "sp.out.hazard", "SP-OUT-3", Method.Watch,
        "Hazard lights are announced in MRM and MRC.",
        "Warnblinker werden in MRM und MRC angezeigt.");

    public static readonly Rule ShownFits = new(
        Party.Vehicle, "sp.out.shown", "SP-OUT-5", Method.Watch,
        "What is shown and heard fits the announcements: flashing in MRM and MRC, a display in both languages.",
        "Was gezeigt und gehört wird, passt zu den Ankündigungen: blinkend in MRM und MRC, Anzeige in beiden Sprachen.");

    public static readonly Rule EventSent = new(
        Party.Vehicle, "sp.event.sent", "SP-REC-1", Method.Scene,
        "A stop is recorded: from 10 s before to 10 s after, ten values a second.",
        "Ein Halt wird aufgezeichnet: von 10 s davor bis 10 s danach, zehn Werte je Sekunde.");

    public static readonly Rule EventSensors = new(
        Party.Vehicle, "sp.event.not-measured", "SP-REC-3", Method.Watch,
        "Data without values are named in notMeasured.",
        "Daten ohne Werte stehen in notMeasured.");

    public static readonly Rule EventWhole = new(
        Party.Vehicle, "sp.event.hash", "SP-REC-4", Method.Watch,
        "An event carries its content with the hash that fits.",
        "Ein Ereignis trägt seinen Inhalt mit passendem Hash.");

    public static readonly Rule EventRepeated = new(
        Party.Vehicle, "sp.event.repeated", "SP-REC-5", Method.Scene,
        "An event is sent again until its receipt, at most every 10 s.",
        "Ein Ereignis wird bis zur Quittung wiederholt, höchstens alle 10 s.");

    public static readonly Rule EventEnds = new(
        Party.Vehicle, "sp.event.receipt", "SP-REC-5", Method.Scene,
        "After its receipt an event is not sent again.",
        "Nach seiner Quittung wird ein Ereignis nicht mehr gesendet.");

    /// <summary>In the order of the report.</summary>
    public static ImmutableArray<Rule> All =>
    [
        TopicVersion, TopicRetained, TopicState, LeaseIds, LeaseHeard, LeaseValid, LeaseDuty, LeaseRefuses, LeaseLost, LeaseMap, LeaseStill,
        EpochOld, EpochNew, EpochOrder, SafetyEvery, MrcIds, MrcStays, MrcStands, MrcKeeps, MrcShown, Once, StopAlways, Unstamped,
        OtherEpoch, Expired, RefusalSaid, Deactivated, DeactivatedAgain, AwakeInMrc, EndNothing, EndOther, EndIncomplete, EndUnsupervised,
        EndContinues, EndCancels, EndOnly, SettingOff, Hazard, ShownFits, EventSent, EventSensors, EventWhole, EventRepeated, EventEnds,
    ];
}
