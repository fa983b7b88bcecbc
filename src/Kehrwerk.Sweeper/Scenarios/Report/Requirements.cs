namespace Kehrwerk.Sweeper.Scenarios.Report;

/// <summary>The requirements of the law that scenarios are evidence to, by the ids that the project uses (StVG §§ 1d–1l, AFGBV with Anlagen 1 and 2).</summary>
internal static class Requirements
{
    public static IReadOnlyDictionary<string, Words> All { get; } = new Dictionary<string, Words>
    {
        ["V1"] = new("Fährt nur im Betriebsbereich, hält Verkehrsregeln ein, vermeidet Schaden (§ 1e (2) 1–2)", "Drives in its operating area only, keeps traffic law, avoids harm (§ 1e (2) 1–2)"),
        ["V2"] = new("Risikominimaler Zustand, wo Weiterfahrt gegen Regeln verstieße; schlägt Manöver vor (§ 1e (2) 3–4)", "Minimal risk condition where going on would break the law; proposes manoeuvres (§ 1e (2) 3–4)"),
        ["V3"] = new("Prüft freigegebene Manöver und lehnt gefährliche ab (§ 1e (2) 5)", "Checks released manoeuvres and refuses dangerous ones (§ 1e (2) 5)"),
        ["V4"] = new("Meldet Beeinträchtigungen sofort (§ 1e (2) 6)", "Reports impairments at once (§ 1e (2) 6)"),
        ["V5"] = new("Risikominimaler Zustand an Systemgrenzen, bei Störungen, am Rand des Betriebsbereichs (§ 1e (2) 7)", "Minimal risk condition at system limits, faults, the border of its area (§ 1e (2) 7)"),
        ["V6"] = new("Jederzeit deaktivierbar (§ 1e (2) 8)", "Can be deactivated at any time (§ 1e (2) 8)"),
        ["V7"] = new("Kündigt Freigaben und Deaktivierung rechtzeitig an, zeigt seinen Zustand (§ 1e (2) 9)", "Announces releases and deactivation in time, shows its state (§ 1e (2) 9)"),
        ["V8"] = new("Risikominimaler Zustand bei Verlust der Funkverbindung oder unbefugtem Zugriff (§ 1e (2) 10)", "Minimal risk condition on loss of the link or unauthorised access (§ 1e (2) 10)"),
        ["V9"] = new("Weiterfahrt danach nur auf Veranlassung der Technischen Aufsicht (Anl. 1 Nr. 2)", "Goes on afterwards only at the supervisor's instigation (Anl. 1 no. 2)"),
        ["V10"] = new("Notbetrieb im Schritttempo mit Warnblinken (Anl. 1 Nr. 3)", "Emergency driving at walking pace with hazard lights (Anl. 1 no. 3)"),
        ["V11"] = new("Handbetrieb von außen (Anl. 1 Nr. 4)", "Manual mode from outside (Anl. 1 no. 4)"),
        ["V12"] = new("Überwacht sich selbst; keine Reaktivierung bei Beeinträchtigung (Anl. 1 Nr. 5)", "Monitors itself; no reactivation while impaired (Anl. 1 no. 5)"),
        ["V13"] = new("Ereignisspeicher (Anl. 1 Nr. 13)", "Event store (Anl. 1 no. 13)"),
        ["V14"] = new("Verschlüsselte Verbindungen (Anl. 1 Nr. 16)", "Encrypted links (Anl. 1 no. 16)"),
        ["V15"] = new("Keine Kollision mit querenden Fußgängern bis 7 km/h und Radfahrern bis 25 km/h; Einscherer (Anl. 1 Nr. 10–12)", "No collision with crossing pedestrians up to 7 km/h and cyclists up to 25 km/h; cut-ins (Anl. 1 no. 10–12)"),
        ["T2"] = new("Gibt Manöver frei, wo die Daten reichen (§ 1f (2) 1)", "Releases manoeuvres where the data suffice (§ 1f (2) 1)"),
        ["T3"] = new("Deaktiviert unverzüglich (§ 1f (2) 2)", "Deactivates without delay (§ 1f (2) 2)"),
        ["T5"] = new("Nimmt bei risikominimalem Zustand Kontakt auf, sichert den Verkehr (§ 1f (2) 4)", "Makes contact on the minimal risk condition, secures traffic (§ 1f (2) 4)"),
        ["T6"] = new("Untersucht vor dem Ende des risikominimalen Zustands (AFGBV § 14 (3))", "Investigates before the minimal risk condition ends (AFGBV § 14 (3))"),
        ["D1"] = new("Ereignisdaten (StVG § 1g, AFGBV Anlage 2)", "Event data (StVG § 1g, AFGBV Anlage 2)"),
    };
}
