using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;
using Kehrwerk.Sweeper.Safety.Motion;
using Kehrwerk.Sweeper.Sensing;

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
    Monitored Monitored)
{
    /// <summary>What the sensors say beside that; null where a vehicle has none.</summary>
    public SensorSample? Sensors { get; init; }

    /// <summary>What the motion guard does, and every cause that it sees, one bit each.</summary>
    public MotionAction Action { get; init; }

    public ulong Causes { get; init; }

    /// <summary>Why the motion guard does what it does.</summary>
    public MotionCause ActionCause { get; init; }
}

/// <summary>D6 and D12; a sensor that says nothing leaves the value that it said last, not-a-number before it said any.</summary>
/// <param name="Wiper">0 off, 1 on.</param>
internal readonly record struct SensorSample(double TemperatureC, double IlluminanceLux, double Wiper, double VoltageV)
{
    public static readonly SensorSample Nothing = new(double.NaN, double.NaN, double.NaN, double.NaN);

    public SensorSample Next(SensorFrame frame) => new(
        Or(frame.TemperatureC, TemperatureC), Or(frame.IlluminanceLux, IlluminanceLux), double.IsNaN(frame.WiperShare) ? Wiper : frame.WiperShare > 0 ? 1 : 0, Or(frame.SupplyV, VoltageV));

    private static double Or(double said, double before) => double.IsNaN(said) ? before : Math.Round(said, 2);
}
