using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link.Messages;
using Kehrwerk.Web;

namespace Kehrwerk.Centre.Record;

/// <summary>One table of <see cref="EventExport"/>: what of D1 to D13 it shows and how. Numbers have a decimal point, times are UTC (ISO 8601), what was not measured is empty.</summary>
internal sealed record EventTable(string File, string Header, Action<TextWriter, StoredEvent, VehicleEvent> Write)
{
    public static readonly ImmutableArray<EventTable> All =
    [
        new("events.csv", Csv.Row(
            "event", "D1_vin", "D5_software_version", "D2_reference_system", "D3_drives", "D3_last_drive", "D3_activations", "D3_last_activation", "D3_deactivations", "D3_last_deactivation",
            "D4_releases", "D4_last_release", "complete", "not_measured", "sha256", "hash_fits"), Event),
        new("occasions.csv", Csv.Row("event", "time", "occasion", "stvg_1g_2_no", "code", "text"), Occasions),
        new("values.csv", Csv.Row(
            "event", "time", "D2_latitude_deg", "D2_longitude_deg", "D2_height_m", "D6_temperature_degC", "D6_illuminance_lux", "D6_wiper", "D7_latency_s", "D7_bandwidth_bytes_per_s",
            "D9_longitudinal_m_per_s2", "D9_lateral_m_per_s2", "D10_speed_m_per_s", "D12_supply_V"), Values),
        new("changes.csv", Csv.Row("event", "time", "data", "name", "state", "triggered_by"), Changes),
        new("received.csv", Csv.Row("event", "time", "D13_topic", "D13_source", "D13_target", "D13_size_bytes", "D13_format", "sha256", "D13_as_sent"), Received),
    ];

    /// <summary>For whoever opens the file, in both languages.</summary>
    public const string Explanation =
        """
        Daten nach StVG § 1g Abs. 1 zu den Anlässen nach § 1g Abs. 2, Einheiten nach AFGBV Anlage 2. Zehn Werte je Sekunde, von 10 s vor dem ersten bis 10 s nach dem letzten Anlass.
        Data of StVG § 1g (1) on the occasions of § 1g (2), units of AFGBV Anlage 2. Ten values a second, from 10 s before the first to 10 s after the last occasion.

        events.csv     D1 Fahrzeug-Identifizierungsnummer, D2 Bezugssystem, D3 Anzahl und letzte Zeit von Fahrt, Aktivierung, Deaktivierung, D4 Freigaben von Fahrmanövern, D5 Softwarestand
                       D1 vehicle identification number, D2 reference system, D3 count and last time of drive, activation, deactivation, D4 manoeuvre releases, D5 software version
        occasions.csv  Anlässe: 1 Eingriff der Technischen Aufsicht, 2 Konflikt, 3 ungeplanter Spurwechsel oder Ausweichen, 4 Störung im Betriebsablauf
                       occasions: 1 intervention of the Technische Aufsicht, 2 conflict, 3 unplanned change of lane or evasion, 4 disturbance of operation
        values.csv     D2 Position (Grad, m), D6 Umwelt (°C, lux, Wischer 0/1), D7 Vernetzung (s, Byte/s), D9 Beschleunigung (m/s²), D10 Geschwindigkeit (m/s), D12 Versorgungsspannung (V)
                       D2 position (degrees, m), D6 environment (°C, lux, wiper 0/1), D7 connectivity (s, bytes/s), D9 acceleration (m/s²), D10 speed (m/s), D12 supply voltage (V)
        changes.csv    D5 Systemüberwachung, D8 Sicherheitssysteme mit Zustand und Auslöser, D11 Beleuchtung: der Stand zu Beginn, dann jede Änderung
                       D5 system monitoring, D8 safety systems with state and trigger, D11 lights: the state at the beginning, then each change
        received.csv   D13 von außen empfangene Befehle und Informationen
                       D13 commands and information received from outside
        events/*.json  jedes Ereignis Byte für Byte, wie das Fahrzeug es gespeichert hat; sha256 in events.csv
                       each event byte for byte as the vehicle stored it; sha256 in events.csv
        manifest.json  wer wann wozu exportiert hat, SHA-256 jeder Datei, Stand des Protokolls
                       who exported when and why, SHA-256 of each file, how far the record went

        Leer: nicht gemessen. UTF-8, Komma als Trennzeichen, Dezimalpunkt. Empty: not measured. UTF-8, separated by commas, decimal point.

        """;

    private static void Event(TextWriter writer, StoredEvent stored, VehicleEvent content) => writer.Write(Csv.Row(
        content.EventId, content.Vin, content.SoftwareVersion, content.ReferenceSystem,
        Number(content.Drives.Number), Time(content.Drives.Last), Number(content.Activations.Number), Time(content.Activations.Last),
        Number(content.Deactivations.Number), Time(content.Deactivations.Last), Number(content.Releases.Number), Time(content.Releases.Last),
        content.Complete ? "yes" : "no", string.Join("; ", content.NotMeasured), stored.Sha256, EventMessage.HashOf(stored.Content) == stored.Sha256 ? "yes" : "no"));

    private static void Occasions(TextWriter writer, StoredEvent stored, VehicleEvent content)
    {
        foreach (var one in content.Occasions)
        {
            writer.Write(Csv.Row(content.EventId, Time(one.At), one.Occasion.ToString(), Number((int)one.Occasion + 1), one.Code, one.Text));
        }
    }

    private static void Values(TextWriter writer, StoredEvent stored, VehicleEvent content)
    {
        var series = content.Series;
        for (var i = 0; i < series.TimeS.Length; i++)
        {
            writer.Write(Csv.Row(
                content.EventId, TimeAt(content, series.TimeS[i]), At(series.Latitude, i, "0.0000000"), At(series.Longitude, i, "0.0000000"), At(series.HeightM, i, "0.0##"),
                At(series.TemperatureC, i), At(series.IlluminanceLux, i), At(series.Wiper, i), At(series.LatencyS, i), At(series.ReceivedBytesPerS, i),
                At(series.AccelerationMps2, i), At(series.LateralMps2, i), At(series.SpeedMps, i), At(series.VoltageV, i)));
        }
    }

    private static void Changes(TextWriter writer, StoredEvent stored, VehicleEvent content)
    {
        foreach (var change in content.Changes)
        {
            var data = change.Kind switch { EventChangeKind.Monitoring => "D5", EventChangeKind.SafetySystem => "D8", _ => "D11" };
            writer.Write(Csv.Row(content.EventId, TimeAt(content, change.TimeS), data, change.Name, change.State, change.Trigger ?? ""));
        }
    }

    private static void Received(TextWriter writer, StoredEvent stored, VehicleEvent content)
    {
        foreach (var one in content.Received)
        {
            writer.Write(Csv.Row(content.EventId, TimeAt(content, one.TimeS), one.Topic, one.Source, stored.Vehicle, Number(one.Bytes), one.Format, one.Sha256, one.Text ?? ""));
        }
    }

    private static string At(ImmutableArray<double> values, int i, string format = "0.######") => i < values.Length ? values[i].ToString(format, CultureInfo.InvariantCulture) : "";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Seconds count from the first occasion.</summary>
    private static string TimeAt(VehicleEvent content, double timeS) =>
        double.IsFinite(timeS) && Math.Abs(timeS) < 1e6 ? Time(content.Occasions[0].At.AddSeconds(timeS)) : "";
}
