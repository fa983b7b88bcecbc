using Kehrwerk.Sweeper.Sensing;

namespace Kehrwerk.Sweeper.World;

internal enum FaultKind : byte
{
    /// <summary>By a factor and an offset off the truth.</summary>
    Wrong,

    /// <summary>With noise of a standard deviation.</summary>
    Noisy,

    /// <summary>As at the moment when the fault began.</summary>
    Frozen,

    /// <summary>Late by some seconds, 1.5 at most.</summary>
    Late,

    /// <summary>Nothing any more.</summary>
    Dead,
}

/// <summary>Something that goes wrong with a device, for a time of the vehicle's clock.</summary>
internal readonly record struct Fault(Device Device, FaultKind Kind)
{
    public double FromS { get; init; }
    public double ToS { get; init; } = double.PositiveInfinity;

    /// <summary>For <see cref="FaultKind.Wrong"/>: value × scale + offset, in the unit of each value of the device.</summary>
    public double Scale { get; init; } = 1;

    public double Offset { get; init; }

    /// <summary>Standard deviation for <see cref="FaultKind.Noisy"/>, delay for <see cref="FaultKind.Late"/>, in the unit of the value and in seconds.</summary>
    public double Amount { get; init; } = 1;

    /// <summary>The device knows, and says so in <see cref="SensorFrame.FaultyDevices"/>.</summary>
    public bool IsReported { get; init; }
}
