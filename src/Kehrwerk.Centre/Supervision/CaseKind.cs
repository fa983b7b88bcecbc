using System.Text.Json.Serialization;

namespace Kehrwerk.Centre.Cases;

/// <summary>
/// The kinds of cases; <see cref="CaseRules"/> says of each what it is. A kind that suppresses others stands before them, so that
/// causes are raised first.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaseKind>))]
public enum CaseKind
{
    WireDown,
    LinkLost,
    EmergencyStop,
    Deactivated,
    MinimalRisk,
    CommandUnheard,
    Request,
    VehicleFault,
    OrderUnanswered,
    OrderRefused,
    SafetySilent,
    LinkSilent,
    ByHand,
    ClockOff,
    VehicleErrors,
    ShutIn,
    RoadWait,
    ZonesLate,
    WeatherLimit,
    DepotQueue,
    BayWait,
    CheckMissing,
    BatteryLow,
    Paused,
    Reported,
    KerbsMissed,
}
