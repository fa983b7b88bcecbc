using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Sweeper.Recording;

/// <summary>What system monitoring finds wrong (D5), each with its code in the event.</summary>
[Flags]
internal enum Monitored
{
    None = 0,
    BatteryLow = 1,
    BatteryEmpty = 2,
    HopperFull = 4,
    WaterEmpty = 8,
    ConditionNotSaved = 16,
    EventsNotStored = 32,
}

/// <summary>One moment of what the recorder keeps.</summary>
/// <param name="LateralMps2">Positive to the left.</param>
/// <param name="Cause">Why the vehicle is at minimal risk.</param>
/// <param name="Lights">What is said to the outside, a bit for each <see cref="Announcement"/>.</param>
internal readonly record struct EventSample(
    DateTimeOffset At,
    MapPoint Place,
    double SpeedMps,
    double AccelerationMps2,
    double LateralMps2,
    double LatencyS,
    int ReceivedBytes,
    SafetyMode Mode,
    MrcCause? Cause,
    int Lights,
    Monitored Monitored);
